/*
 * report_figure: what a report shows of one finding: the picture with its
 * units, and its score among all others. Only report*.c include this.
 */
#ifndef STING_TRACE_REPORT_FIGURE_H
#define STING_TRACE_REPORT_FIGURE_H

#include "print/figure.h"
#include "trace/trace.h"

struct report_figure {
    struct figure_photo photo;
    struct figure_plot plot;
    struct buffer jpeg; /* owned, all below; photo and plot borrow them */
    struct figure_stroke *stroke;
    double *copies, *random;
    char name[64];     /* of the mark that stands for the copy named */
    char few_name[80]; /* of the copies that are drawn */
    double most_other; /* of all copies but the one named; -INFINITY: none */
    double most_random;
};
void report_figure_free(struct report_figure **figure);

/* Fails: as trace_picture_jpeg, E_NOMEM. */
STING_MUST_USE enum sting_status report_figure_new(
    const struct trace_run *run, const struct trace_picture *picture,
    const struct trace_finding *finding, struct report_figure **out,
    struct fault *fault);

#endif
