/*
 * history: what the ledger says of earlier runs, and how it learns of this
 * one. Every run on a picture is written down before its answer is shown, so
 * that asking again until the answer pleases is counted and paid for.
 */
#ifndef STING_TRACE_HISTORY_H
#define STING_TRACE_HISTORY_H

#include "operation/writer.h"
#include "trace/trace.h"

struct history_question {
    struct digest digest;
    uint32_t before;   /* how often it was asked, by the ledger */
    int64_t traced_us; /* when first, not of a hand-over; 0: never */
};

/* Fill in the `before` of all. Fails: E_IO, E_ABSENT without a ledger. */
STING_MUST_USE enum sting_status history_count(
    const struct operation *operation, struct history_question *question,
    size_t count, struct fault *fault);

/* When a trace named this copy first, of a picture or of quoted text; not those
 * that confirmed a hand-over. *at_us 0: none did. keys: identity. Fails: as
 * opening what was sealed, for then nobody knows. */
STING_MUST_USE enum sting_status history_named(
    const struct operation *operation, const struct operation_keys *keys,
    uint32_t copy, int64_t *at_us, struct fault *fault);

/* Say that another run asked meanwhile. Gives E_BUSY. */
enum sting_status history_overtaken(struct fault *fault);

/* What a run said to one question. */
struct history_answer {
    struct digest question;
    uint32_t k; /* it was asked for the k-th time */
    uint32_t pictures, attributed, lead, none;
    double tried;
    bool is_handover; /* it asked who got copies */
};

/* Write its line, with what was found as JSON, sealed. Fails: as the writer. */
STING_MUST_USE enum sting_status history_answer_write(
    struct writer *writer, const struct history_answer *answer,
    struct bytes found, struct fault *fault);

/* How many pictures from number `first` on are of one file. */
size_t history_sheets(const struct trace_run *run, size_t first);

/* Write the line of one file of a judged run: its `pictures` pictures from
 * number `first` on, their findings sealed. Fails: as the writer. */
STING_MUST_USE enum sting_status history_write(struct writer *writer,
                                               const struct trace_run *run,
                                               size_t first, size_t pictures,
                                               struct fault *fault);

#endif
