/*
 * handover: how it is known that a copy went to its holder.
 *
 *   none      nothing is known beyond its issue
 *   claimed   somebody of ours says that they handed it over
 *   receipt   the holder's receipt is sealed in the ledger
 *   verified  a photograph of the printed copy, taken when it was handed
 *             over, names this very copy; where a trace had named that copy
 *             before, this is told with it, for the picture may be of what was
 *             found and not of what was handed over
 * Each is a `handover` line; the strongest counts. A photograph that named
 * another copy is a line too (refused). It speaks for whom that other copy was
 * issued to, and is told of both.
 */
#ifndef STING_OPERATION_HANDOVER_H
#define STING_OPERATION_HANDOVER_H

#include "base/fault.h"
#include "base/json.h"
#include "operation/holder_list.h"
#include "operation/operation.h"
#include "operation/writer.h"

enum handover_state {
    HANDOVER_NONE,
    HANDOVER_CLAIMED,
    HANDOVER_RECEIPT,
    HANDOVER_VERIFIED,
    HANDOVER_REFUSED, /* of lines only */
};

/* "none", "claimed" and so on, as in the JSON. */
const char *handover_text(enum handover_state state);

struct handover {
    uint32_t copy;
    enum handover_state state; /* the strongest told of it */
    int64_t at_utc_us;         /* when that was told first */
    int64_t traced_utc_us;     /* verified: a trace had named this copy before,
                                  first then; 0: none had */
    uint32_t refused;          /* photographs that named another copy */
    uint32_t shown;            /* given for another copy, and named this one */
    struct digest blob; /* of that line, of verified ones the newest, which
                           measured last; zero: none */
    int64_t blob_utc_us;
};

/* A photograph given as of the hand-over of one copy that shows another. */
struct handover_swap {
    uint32_t shows;
    uint32_t given_for; /* 0: its holder has none of that document */
    bool is_beside;     /* both are in it */
    int64_t at_utc_us;
};

#define HANDOVER_TEXT_SIZE 160

/* "none"; "verified, in the ledger since 2026-11-23 21:04 UTC", and if so
 * ", but only after a trace had named this copy, on 2026-11-20". */
const char *handover_words(const struct handover *handover,
                           char text[HANDOVER_TEXT_SIZE]);

#define HANDOVER_SWAP_SIZE (HOLDER_SIZE + 200)

/* "a photograph given as of the hand-over of copy 3 (Anna) shows copy 7 (in the
 * ledger since ...)"; holder of the former, NULL: not told. */
const char *handover_swap_words(const struct handover_swap *swap,
                                const char *holder,
                                char text[HANDOVER_SWAP_SIZE]);

struct handover_list {
    size_t count;
    struct handover *handover; /* owned; by copy, ascending */
    size_t swaps;
    struct handover_swap *swap; /* owned; as they were told */
};

/* The keys `handover`, `handover_at`, `handover_after_trace`,
 * `handovers_refused` and `handovers_shown` of a copy; 0: of none. */
void handover_add(struct json *json, const struct handover_list *list,
                  uint32_t copy);
/* The same keys, null: there is no copy of which to tell. */
void handover_add_null(struct json *json);
/* The last of them alone. */
void handover_swaps_add(struct json *json, const struct handover_list *list,
                        uint32_t copy);

void handover_list_release(struct handover_list *list);

/* All that the ledger tells. Fails: E_IO, E_ABSENT without a ledger,
 * E_NOMEM. */
STING_MUST_USE enum sting_status handover_load(
    const struct operation *operation, struct handover_list *out,
    struct fault *fault);

/* Take in a line; others than of hand-overs say nothing. Fails: E_NOMEM. */
struct line; /* ledger/line.h */
STING_MUST_USE enum sting_status handover_list_take(struct handover_list *list,
                                                    const struct line *line);

/* What is known of a copy; state none when nothing is. */
struct handover handover_find(const struct handover_list *list, uint32_t copy);

/* When the photograph of this SHA-256 was refused first, whoever it was offered
 * for; 0: never. Fails: E_IO, E_ABSENT without a ledger. */
STING_MUST_USE enum sting_status handover_refused(
    const struct operation *operation, struct digest picture, int64_t *at_us,
    struct fault *fault);

/* Append what was sealed with it. Fails: E_ABSENT when nothing was, as
 * opening a sealed file. */
STING_MUST_USE enum sting_status handover_read(
    const struct operation *operation, const struct operation_keys *keys,
    const struct handover *handover, struct buffer *out, struct fault *fault);

/* What is to be written down. */
struct handover_note {
    const char *bait;
    uint32_t copy; /* 0, refused: the holder has none of this document */
    enum handover_state state;
    size_t shown;                 /* refused: so many copies ... */
    const uint32_t *shows;        /* ... are in it */
    const char *by;               /* who says so; may be NULL */
    const struct digest *picture; /* what shows it; NULL: no picture does */
    int64_t traced_utc_us;        /* a trace named the copy before; 0: none */
    struct bytes plain;           /* sealed with it; empty: none */
};
STING_MUST_USE enum sting_status handover_write(
    struct writer *writer, const struct handover_note *note,
    struct fault *fault);

#endif
