/*
 * report: a judged run as a document for police, court and defence.
 *
 * Says first what was found, then what was asked, how strong it is and why,
 * what was counted, and what it cannot show.
 *
 * Source: ISO 21043-4 and -5; ENFSI guideline for evaluative reporting (2015).
 */
#ifndef STING_TRACE_REPORT_H
#define STING_TRACE_REPORT_H

#include "print/document.h"
#include "trace/trace.h"

#define REPORT_MOST_DETAILS 12   /* findings shown with their pictures */
#define REPORT_MOST_COPIES 20000 /* whose scores are plotted */
#define REPORT_RANDOM_CODES 10000

struct report {
    struct document *document; /* owned, all */
    struct report_figure *figure[REPORT_MOST_DETAILS];
    size_t figures;
};
void report_release(struct report *report);

/* Put it together; `made_us` is the time that it bears. Examines the files
 * of the run again for their pictures. Fails: as trace_picture_jpeg, E_NOMEM.
 */
STING_MUST_USE enum sting_status report_make(const struct trace_run *run,
                                             int64_t made_us,
                                             struct report *out,
                                             struct fault *fault);

#endif
