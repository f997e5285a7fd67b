/*
 * pack: one attribution of a run as a pack for a third party.
 */
#ifndef STING_TRACE_PACK_H
#define STING_TRACE_PACK_H

#include "trace/trace.h"

/* One copy of those that a finding names, each from 0. */
struct trace_pack_of {
    size_t finding; /* of the picture; of the run's joint ones */
    size_t name;
};

/* Append the signed pack of a copy that a finding names. The run must be in the
 * ledger. Fails: E_ARG when it names none such, E_ABSENT when its batch is
 * not committed, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status trace_pack_write(
    const struct trace_run *run, const struct trace_picture *picture,
    const struct trace_pack_of *of, struct buffer *out, struct fault *fault);

/* The same of several pictures that were judged as one; E_ARG too for more
 * than RECHECK_MOST_PARTS pages. */
STING_MUST_USE enum sting_status trace_pack_joint(
    const struct trace_run *run, const struct trace_pack_of *of,
    struct buffer *out, struct fault *fault);

/* The files of the pictures that were judged as one, as one digest. */
struct digest trace_pack_files(const struct trace_run *run,
                               const struct trace_joint *joint);

#endif
