/*
 * report_strength: the pages that a report tells of, in their order, and how
 * strong each is. Only report*.c include this.
 */
#ifndef STING_TRACE_REPORT_STRENGTH_H
#define STING_TRACE_REPORT_STRENGTH_H

#include "print/document.h"
#include "trace/trace.h"

/* A page that was found, and the picture that it is in. */
struct report_page {
    const struct trace_picture *picture;
    const struct trace_finding *finding;
};

/* What names a copy first, then leads, then the rest; else as in the run. */
struct report_pages {
    struct report_page *page; /* owned */
    size_t count;
};
void report_pages_release(struct report_pages *pages);

/* Fails: E_NOMEM. */
STING_MUST_USE enum sting_status report_pages_fill(const struct trace_run *run,
                                                   struct report_pages *out);

/* Section 5: of each copy that is named, by one picture or by several. */
void report_strengths(const struct trace_run *run,
                      const struct report_pages *pages, struct document *d);

#endif
