/*
 * telling: a finding in words that a police officer reads.
 */
#ifndef STING_TRACE_TELLING_H
#define STING_TRACE_TELLING_H

#include "trace/trace.h"

/* Of our page that names no copy: would a true copy have been named, and does
 * nothing speak for any more than chance does? Else it is too little to name or
 * to exclude one. */
bool trace_finding_excludes(const struct trace_run *run,
                            const struct trace_finding *finding);

/* The verdict first, then what it rests on; of one picture, or of several
 * judged as one. Appended to *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status trace_finding_text(
    const struct trace_run *run, const struct trace_picture *picture,
    size_t finding, struct buffer *out);
STING_MUST_USE enum sting_status trace_joint_text(const struct trace_run *run,
                                                  size_t joint,
                                                  struct buffer *out);

/* Why a picture's finding is left out of what others say together; NULL: it is
 * not, or another page is told there. */
const char *trace_share_text(const struct trace_finding *finding);

/* How many of the pictures judged as one add nothing to it, and which; else
 * nothing. Appended to *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status trace_silent_text(const struct trace_run *run,
                                                   size_t joint,
                                                   struct buffer *out);

/* Of one that is not told (from `joints` on), for its pictures name different
 * copies, or some are left out: that it is none; else nothing. Fails: E_NOMEM.
 */
STING_MUST_USE enum sting_status trace_apart_text(const struct trace_run *run,
                                                  size_t joint,
                                                  struct buffer *out);

#endif
