/*
 * alike: several registered pages look like the one in the picture, and each
 * was read against its own record and scored; which of them is told?
 *
 * Every one of them was counted in `tried` before, so that choosing costs
 * nothing that is not paid. What names a copy, alone or together with other
 * pictures, is told; else what is a lead; else the page that agrees best with
 * the picture, as if it were the only one.
 */
#ifndef STING_TRACE_ALIKE_H
#define STING_TRACE_ALIKE_H

#include "trace/trace.h"

/* All verdicts are settled: put what is told first in each picture, and drop
 * joint findings that rest on nothing that is told. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status alike_choose(struct trace_run *run);

#endif
