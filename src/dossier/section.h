/*
 * section: the parts of a dossier, in their order. Only dossier/ includes it.
 */
#ifndef STING_DOSSIER_SECTION_H
#define STING_DOSSIER_SECTION_H

#include "dossier/dossier.h"
#include "print/document.h"

/* A document that is being put together. */
struct page {
    const struct dossier *dossier;
    struct document *document;
    struct figure_photo *photo; /* owned; for all pictures, in order */
    size_t photos;
};

void section_front(struct page *page);
void section_subjects(struct page *page);
void section_incidents(struct page *page);
void section_matrix(struct page *page);
void section_copies(struct page *page);
void section_traces(struct page *page);
void section_counted(struct page *page);
void section_watched(struct page *page);
void section_record(struct page *page);
void section_defence(struct page *page);
void section_custody(struct page *page);

/* A picture, whole column or half of it, or why there is none. */
void section_picture(struct page *page, const struct dossier_picture *picture,
                     const char *caption, bool is_small);

/* A table of two columns, what and value; then its rows. */
void section_facts(struct page *page);
void section_fact(struct page *page, const char *what, const char *value);

/* "23 November 2026, 21:04:41 UTC" as text; "unknown" for 0. */
#define SECTION_TIME_SIZE 48
char *section_time(int64_t utc_us, char text[SECTION_TIME_SIZE]);
/* "10" with a raised whole power. */
#define SECTION_POWER_SIZE 48
char *section_power(double exponent, char text[SECTION_POWER_SIZE]);

/* Was a copy named in this finding? */
bool section_is_attributed(const struct dossier_trace *trace);
/* Lines of this kind; 0 when there are none. */
uint64_t section_lines(const struct dossier *dossier, const char *kind);

#endif
