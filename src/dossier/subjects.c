/* Whom the operation was about, and what became of them: as people wrote it
 * down, nothing that a program concluded. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dossier/section.h"

static bool is_subject(const struct dossier_remark *remark)
{
    return !strcmp(remark->kind, "subject");
}

/* Is it the first entry about this subject? */
static bool is_first(const struct dossier *dossier, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (is_subject(&dossier->remark[i]) &&
            !strcmp(dossier->remark[i].by, dossier->remark[index].by)) {
            return false;
        }
    }
    return true;
}

/* All entries about one, the first to the last. */
static void subject_rows(struct page *page, size_t first)
{
    const struct dossier *dossier = page->dossier;
    const char *name = dossier->remark[first].by;
    char time[SECTION_TIME_SIZE];
    for (size_t i = first; i < dossier->remarks; i++) {
        const struct dossier_remark *one = &dossier->remark[i];
        if (!is_subject(one) || strcmp(one->by, name) != 0) {
            continue;
        }
        document_row(page->document,
                     (const char *const[]){i == first ? name : "",
                                           section_time(one->at_us, time),
                                           one->text});
    }
}

void section_subjects(struct page *page)
{
    static const char *const head[] = {"Subject", "Written", "What became"};
    const struct dossier *dossier = page->dossier;
    size_t subjects = 0;
    document_heading(page->document, "Subjects, and what became of them");
    for (size_t i = 0; i < dossier->remarks; i++) {
        if (!is_subject(&dossier->remark[i]) || !is_first(dossier, i)) {
            continue;
        }
        if (subjects++ == 0) {
            document_table(page->document, 3, head,
                           (const double[]){1.2, 1.3, 2.6});
        }
        subject_rows(page, i);
    }
    document_text(
        page->document, DOCUMENT_SMALL, "%s",
        subjects ? "As written down by those who led the operation. A name "
                   "here is not a finding."
                 : "Nobody was written down as a subject.");
}
