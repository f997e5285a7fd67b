/*
 * eye: can a person tell a copy from its original, both side by side?
 *
 * A session is one page of HTML that fetches nothing: pairs of pictures, of
 * an original page and of a copy's, which are to be told apart (two-
 * alternative forced choice: half right is guessing). What is left and what
 * right follows from the mark key and the session's number, so the page holds
 * no solution. It records the answers in a small file.
 *
 * Format of that file: docs/formats/json.md.
 */
#ifndef STING_DRILL_EYE_H
#define STING_DRILL_EYE_H

#include "bait/press.h"
#include "base/buffer.h"
#include "crypt/secret.h"

enum { EYE_MOST_PAIRS = 200, EYE_SESSION_SIZE = 16 };

struct eye_order {
    const struct operation *operation;
    const struct operation_keys *keys; /* identity and mark */
    const char *bait;                  /* NULL: the first */
    uint32_t pairs;                    /* 1 to EYE_MOST_PAIRS */
    double dpi;                        /* of the pictures, 50 to 400 */
    uint8_t session[EYE_SESSION_SIZE]; /* drawn at random */
};

/* Append the page. Fails: E_ABSENT when no page of the bait has marks, and
 * as press_init. */
STING_MUST_USE enum sting_status eye_page(const struct eye_order *order,
                                          struct buffer *out,
                                          struct fault *fault);

/* In pair `pair`, is the copy to the right? */
bool eye_is_right(const struct secret *mark,
                  const uint8_t session[EYE_SESSION_SIZE], uint32_t pair);

/* Score an answers file. Fails: E_FORMAT when it is none. */
struct eye_score {
    uint32_t hits, trials;
    uint64_t session; /* its first 8 bytes */
};
STING_MUST_USE enum sting_status eye_answers(const struct secret *mark,
                                             struct bytes file,
                                             struct eye_score *out,
                                             struct fault *fault);

#endif
