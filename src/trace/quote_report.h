/*
 * quote_report: what a text quotes of planted facts, as a document for police,
 * court and defence, in the order of report.h.
 */
#ifndef STING_TRACE_QUOTE_REPORT_H
#define STING_TRACE_QUOTE_REPORT_H

#include "print/document.h"
#include "trace/quote.h"

/* `text` is what was asked about; `made_us` the time that it bears. Fails:
 * E_NOMEM. */
STING_MUST_USE enum sting_status quote_report_make(const struct quote *quote,
                                                   struct bytes text,
                                                   int64_t made_us,
                                                   struct document **out);

#endif
