/*
 * pack: one attribution of a run as a pack for a third party.
 */
#ifndef STING_TRACE_PACK_H
#define STING_TRACE_PACK_H

#include "trace/trace.h"

/* Append the signed pack of an attributed finding. The run must be in the
 * ledger. Fails: E_ARG when it is not attributed, E_ABSENT when its batch is
 * not committed, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status trace_pack_write(
    const struct trace_run *run, const struct trace_picture *picture,
    size_t finding, struct buffer *out, struct fault *fault);

/* The same of several pictures that were judged as one; E_ARG too for more
 * than RECHECK_MOST_PARTS pages. */
STING_MUST_USE enum sting_status trace_pack_joint(const struct trace_run *run,
                                                  size_t joint,
                                                  struct buffer *out,
                                                  struct fault *fault);

#endif
