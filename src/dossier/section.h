/*
 * section: the parts of the page, in their order. Only dossier/ includes it.
 */
#ifndef STING_DOSSIER_SECTION_H
#define STING_DOSSIER_SECTION_H

#include "dossier/dossier.h"
#include "dossier/html.h"

extern const char dossier_style[]; /* CSS, for screen and paper */

void section_front(struct html *html, const struct dossier *dossier);
void section_incidents(struct html *html, const struct dossier *dossier);
void section_matrix(struct html *html, const struct dossier *dossier);
void section_copies(struct html *html, const struct dossier *dossier);
void section_traces(struct html *html, const struct dossier *dossier);
void section_record(struct html *html, const struct dossier *dossier);
void section_custody(struct html *html, const struct dossier *dossier);

/* "23 November 2026, 21:04:41 UTC" as text; "unknown" for 0. */
#define SECTION_TIME_SIZE 48
char *section_time(int64_t utc_us, char text[SECTION_TIME_SIZE]);
/* "21:04:41" */
char *section_clock(int64_t utc_us, char text[SECTION_TIME_SIZE]);

/* Was a copy named in this finding? */
bool section_is_attributed(const struct dossier_trace *trace);

#endif
