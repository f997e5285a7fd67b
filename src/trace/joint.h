/*
 * joint: pictures of one page judged as one, and pages of one bait judged as
 * one. Their sums are added before anything is bounded.
 *
 * Pages stay pieces of their own: each is also judged alone, so that pages
 * pieced together from several copies name each its own. Then there is no
 * finding of them together: it would say of one copy what shows another.
 */
#ifndef STING_TRACE_JOINT_H
#define STING_TRACE_JOINT_H

#include "trace/trace.h"

/* Fill run->joint and score each; all of it is counted in run->tried.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status joints_make(struct trace_run *run);

/* All verdicts are settled: pictures that name different copies are no question
 * of one. What they reach together is not told; it stays counted.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status joints_part(struct trace_run *run);

/* Put those that are told before those that are not. */
void joints_told_first(struct trace_run *run);

/* Findings or joints were moved: have the parts point at their readings.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status joints_point(struct trace_run *run);

#endif
