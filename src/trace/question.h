/*
 * question: what a run asks, so that asking again is counted.
 *
 * The question about a picture that shows a page of ours is that page, not
 * the picture's file: a crop, a frame or the same picture saved again asks
 * it again. Pages judged together ask about their document. Text that quotes
 * planted facts asks about those of their document, whatever else it says.
 * Photographs of a hand-over ask who got copies of the document, so that many
 * hand-overs do not weaken the trace of a page. A
 * run asks each question once, with however many pictures; more runs pay
 * k (k + 1).
 */
#ifndef STING_TRACE_QUESTION_H
#define STING_TRACE_QUESTION_H

#include "operation/writer.h"
#include "trace/trace.h"

/* In the place of a page. */
#define QUESTION_FACTS UINT32_MAX
#define QUESTION_HANDOVER (UINT32_MAX - 1)

/* SHA-256("question" || sha256(original) || page), the page in 4 bytes, least
 * first, counted from 1; 0 is the whole document, QUESTION_FACTS what was
 * declared of it, QUESTION_HANDOVER who got its copies. */
struct digest question_of_page(struct digest original, uint32_t page);

/* All pictures are in: find out how often each question was asked before, and
 * charge for it; before trace_run_judge. Earlier runs on the same file count
 * too. Fails: E_IO, E_ABSENT without a ledger, E_NOMEM. */
STING_MUST_USE enum sting_status question_count(
    const struct operation *operation, struct trace_run *run,
    struct fault *fault);

/* The ledger is held now: was any question asked meanwhile by another run, as
 * which it would be charged? Fails: E_BUSY when it was; as question_count. */
STING_MUST_USE enum sting_status question_check(
    const struct operation *operation, const struct trace_run *run,
    struct fault *fault);

/* One line for each question of a judged run, with the findings of several
 * pictures together. Fails: as the writer. */
STING_MUST_USE enum sting_status question_write(struct writer *writer,
                                                const struct trace_run *run,
                                                struct fault *fault);

#endif
