/*
 * moments: of a finding that names a copy, what page watch told of the
 * sheet where that copy was laid: operation/page_seen.h. Only trace/ includes
 * this.
 */
#ifndef STING_TRACE_MOMENTS_H
#define STING_TRACE_MOMENTS_H

#include "base/buffer.h"
#include "base/json.h"
#include "trace/trace.h"

/* Of a run that is judged: read the ledger once for all copies that are named.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status moments_read(struct trace_run *run);

/* Add "moments", empty where no copy is named or nothing was seen, and
 * "moments_more", how many are left out. */
void moments_add(struct json *line, const struct trace_run *run,
                 const struct trace_finding *finding);

/* A line of words for each; none where nothing was seen. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status moments_append(
    const struct trace_run *run, const struct trace_finding *finding,
    struct buffer *out);

#endif
