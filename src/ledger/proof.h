/*
 * proof: that one record is in a tree, and one line under a checkpoint, for
 * somebody who is not shown the others.
 *
 * Source: RFC 9162, sections 2.1.3.1 and 2.1.3.2.
 * Limits: trees of PROOF_MOST_LEAVES. Checking takes hostile input and
 * allocates nothing.
 */
#ifndef STING_LEDGER_PROOF_H
#define STING_LEDGER_PROOF_H

#include "base/buffer.h"
#include "base/fault.h"
#include "crypt/digest.h"
#include "ledger/line.h"

#define PROOF_MOST_DEPTH 40
#define PROOF_MOST_LEAVES ((uint64_t)1 << 36)

struct proof {
    uint64_t index;  /* from 0 */
    uint64_t leaves; /* of the tree */
    unsigned depth;
    struct digest node[PROOF_MOST_DEPTH]; /* siblings from the leaf upwards */
};

/* The path of leaf `index` among `leaves`. Fails: E_ARG. */
STING_MUST_USE enum sting_status proof_make(const struct digest *leaf,
                                            uint64_t leaves, uint64_t index,
                                            struct proof *out);

/* Does the path lead from `leaf` to `root`? Fails: E_FORMAT when it has the
 * wrong length for its place, E_FORGED. */
STING_MUST_USE enum sting_status proof_check(const struct proof *proof,
                                             struct digest leaf,
                                             struct digest root);

/* The root to which the path leads, and that of the tree which ends with the
 * leaf: the same path with its left siblings alone. So one path shows where a
 * checkpoint's last line lies in a later, longer ledger, and that the shorter
 * one is its beginning. Fails: E_FORMAT. */
STING_MUST_USE enum sting_status proof_fold(const struct proof *proof,
                                            struct digest leaf,
                                            struct digest *root,
                                            struct digest *ending);

/* A ledger's first line, another one, and a checkpoint over both. */
struct ledger_proof {
    struct buffer genesis; /* with their LF; owned, all three */
    struct buffer line;
    struct buffer note;
    struct proof path; /* of the line, in the tree of the note */
};
void ledger_proof_release(struct ledger_proof *proof);

/* Find the line that `is_it` picks, and the first checkpoint over it that is
 * over `least` lines too. Fails: E_ABSENT when there is none, or
 * no checkpoint over it yet, E_FORMAT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status ledger_proof_make(
    int operation, bool (*is_it)(void *context, const struct line *line),
    void *context, uint64_t least, struct ledger_proof *out,
    struct fault *fault);

/* Every checkpoint of an operation in the order written, until one that does
 * not parse or `take` gives anything but OK. `text` is the whole note.
 * Fails: E_FORMAT, E_IO, E_LIMIT, E_NOMEM, as `take` does. */
struct note; /* ledger/note.h */
STING_MUST_USE enum sting_status ledger_notes_walk(
    int operation,
    enum sting_status (*take)(void *context, const struct note *note,
                              struct bytes text),
    void *context, struct fault *fault);

#endif
