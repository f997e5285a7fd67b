/*
 * consistency: that a ledger only grew from one size to another, for a
 * witness who knows the old root and is shown no line.
 *
 * Source: RFC 9162, sections 2.1.4.1 and 2.1.4.2; an old size of 0 has an
 * empty proof (C2SP tlog-witness.md).
 * Limits: CONSISTENCY_MOST nodes. Checking takes hostile input and allocates
 * nothing.
 */
#ifndef STING_LEDGER_CONSISTENCY_H
#define STING_LEDGER_CONSISTENCY_H

#include "base/base.h"
#include "base/buffer.h"
#include "crypt/digest.h"
#include "ledger/tree.h"

#define CONSISTENCY_MOST 63

struct consistency {
    unsigned nodes;
    struct digest node[CONSISTENCY_MOST];
};

/* A proof under way: begin with the tree as it was, add the leaves that came
 * since in their order, end. Keeps no leaf. */
struct consistency_making {
    struct consistency proof;
    uint64_t end[CONSISTENCY_MOST]; /* of the new leaves under a node; 0: an
                                       old subtree, known from the beginning */
    unsigned at;                    /* the node under way */
    uint64_t leaves;                /* old and new, so far */
    struct tree tree;               /* of that node */
};
void consistency_begin(const struct tree *old, uint64_t size,
                       struct consistency_making *out);
void consistency_add(struct consistency_making *making, struct digest leaf);
void consistency_end(const struct consistency_making *making,
                     struct consistency *out);

/* Fails: E_FORMAT when sizes and nodes cannot belong together, E_FORGED. */
STING_MUST_USE enum sting_status consistency_check(
    const struct consistency *proof, uint64_t old_size, struct digest old_root,
    uint64_t size, struct digest root);

/* How far a ledger was hashed: begin with zeros. */
struct growth {
    uint64_t offset; /* in evidence/ledger, of the next line */
    struct tree tree;
};

/* Hash on to `size` lines; the leaves passed are added to *making unless it is
 * NULL. Fails: E_ABSENT when there are not so many, E_ARG when it is beyond
 * `size` already, E_FORMAT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status growth_to(int operation, uint64_t size,
                                           struct growth *growth,
                                           struct consistency_making *making);

#endif
