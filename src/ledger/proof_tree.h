/*
 * proof_tree: a tree kept whole, for the paths of many of its leaves.
 *
 * Source: RFC 9162, sections 2.1.3 and 2.1.4. Limits: PROOF_MOST_LEAVES; 64
 * bytes of memory a leaf. Threads: one at a time.
 */
#ifndef STING_LEDGER_PROOF_TREE_H
#define STING_LEDGER_PROOF_TREE_H

#include "ledger/consistency.h"
#include "ledger/proof.h"

struct proof_tree { /* zero-initialise */
    uint64_t leaves;
    struct buffer level[PROOF_MOST_DEPTH]; /* owned: digests of all complete
                                              subtrees of 2^level leaves */
};
void proof_tree_release(struct proof_tree *tree);

/* Add a leaf at the end. Fails: E_NOMEM, E_LIMIT. */
STING_MUST_USE enum sting_status proof_tree_add(struct proof_tree *tree,
                                                struct digest leaf);

/* The path of leaf `index` in the tree of the first `leaves`, as proof_make
 * gives it. Fails: E_ARG. */
STING_MUST_USE enum sting_status proof_tree_path(const struct proof_tree *tree,
                                                 uint64_t leaves,
                                                 uint64_t index,
                                                 struct proof *out);

/* That the first `old` leaves are the beginning of the first `leaves`, as
 * consistency.h has it. Fails: E_ARG unless 0 < old < leaves. */
STING_MUST_USE enum sting_status proof_tree_growth(
    const struct proof_tree *tree, uint64_t leaves, uint64_t old,
    struct consistency *out);

/* The root of the first `leaves`, 1 to all of them. Fails: E_ARG. */
STING_MUST_USE enum sting_status proof_tree_root(const struct proof_tree *tree,
                                                 uint64_t leaves,
                                                 struct digest *out);

#endif
