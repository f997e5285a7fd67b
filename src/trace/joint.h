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

/* Traced alone, would it be a lead to a copy, or more? */
bool joint_leads(const struct trace_run *run,
                 const struct trace_finding *finding);

/* The names of each finding are found: what stands at a spot at which another
 * page names a copy is part of no joint, for it is not of its document. Nor is
 * what names none where another page leads to one. */
void joints_share(struct trace_run *run);

/* Is this finding of the picture one of those judged as one here? */
bool joint_takes(const struct trace_joint *joint,
                 const struct trace_picture *picture, size_t finding);

/* Two pages read at one spot of a picture. */
bool joint_is_alike(const struct trace_finding *a,
                    const struct trace_finding *b);

/* Does another page of the same document look like it too? Then nobody knows
 * which of the two it is, and it is no piece of a whole. */
bool joint_is_doubtful(const struct trace_picture *picture, size_t finding);

/* Fill run->joint and score each that is new; all of it is counted in
 * run->tried. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status joints_make(struct trace_run *run);

/* The names of each new joint are found: what alone speaks against the copy
 * that it names, leads to another, or may be of another page, is left out, and
 * the joint withdrawn; *again: make anew what is left. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status joints_leave_out(struct trace_run *run,
                                                  bool *again);

/* In how many ways as much as was left out of a document could have been: each
 * way counts as a look. */
double joint_ways(const struct trace_run *run, size_t shelf, bool is_unmoved);

#define JOINT_MOST_WAYS 100 /* beyond, what is left is not judged as one */

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
