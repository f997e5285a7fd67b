/*
 * tree: one hash that stands for every line of the ledger, kept as the few
 * subtree roots that any number of further lines needs.
 *
 * Source: RFC 9162, section 2.1. H is SHA-256.
 * Limits: 2^63 leaves. Plain data: copy it to remember a state.
 */
#ifndef STING_LEDGER_TREE_H
#define STING_LEDGER_TREE_H

#include "base/base.h"
#include "crypt/digest.h"

#define TREE_MOST_PEAKS 64

struct tree {
    uint64_t leaves;
    /* Roots of complete subtrees, largest first; one for each bit that is
     * set in `leaves`. */
    struct digest peak[TREE_MOST_PEAKS];
};

/* H(0x00 || record) and H(0x01 || left || right). */
struct digest tree_leaf(struct bytes record);
struct digest tree_node(struct digest left, struct digest right);

/* Add a leaf; begin with a zeroed tree. */
void tree_add(struct tree *tree, struct digest leaf);

/* Root over all leaves; of an empty tree, H(""). */
struct digest tree_root(const struct tree *tree);

#endif
