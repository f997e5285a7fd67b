#include "ledger/consistency.h"

#include <assert.h>

static void push(struct consistency_making *making, struct digest node,
                 uint64_t end)
{
    unsigned at = making->proof.nodes++;
    assert(at < CONSISTENCY_MOST);
    making->proof.node[at] = node;
    making->end[at] = end;
}

/* SUBPROOF of RFC 9162 over `size` leaves from `start`, of which `old` were
 * there before. Old subtrees that it needs are the peaks of the old tree,
 * one each time that it turns right; new ones come in the order of their
 * leaves. */
static void subproof(struct consistency_making *making, const struct tree *tree,
                     uint64_t start, uint64_t old, uint64_t size, unsigned peak)
{
    if (old == size) {
        if (old < tree->leaves) { /* else it is the whole old tree */
            push(making, tree->peak[peak], 0);
        }
        return;
    }
    uint64_t half = 1;
    while (2 * half < size) {
        half *= 2;
    }
    if (old <= half) {
        subproof(making, tree, start, old, half, peak);
        push(making, (struct digest){{0}}, start + size);
    } else {
        subproof(making, tree, start + half, old - half, size - half, peak + 1);
        push(making, tree->peak[peak], 0);
    }
}

static void skip_known(struct consistency_making *making)
{
    while (making->at < making->proof.nodes && making->end[making->at] == 0) {
        making->at++;
    }
}

void consistency_begin(const struct tree *old, uint64_t size,
                       struct consistency_making *out)
{
    *out = (struct consistency_making){.leaves = old->leaves};
    if (old->leaves > 0 && size > old->leaves) {
        subproof(out, old, 0, old->leaves, size, 0);
    }
    skip_known(out);
}

void consistency_add(struct consistency_making *making, struct digest leaf)
{
    making->leaves++;
    if (making->at == making->proof.nodes) {
        return;
    }
    tree_add(&making->tree, leaf);
    if (making->leaves == making->end[making->at]) {
        making->proof.node[making->at++] = tree_root(&making->tree);
        making->tree.leaves = 0;
        skip_known(making);
    }
}

void consistency_end(const struct consistency_making *making,
                     struct consistency *out)
{
    assert(making->at == making->proof.nodes); /* all leaves were added */
    *out = making->proof;
}

static bool is_power_of_two(uint64_t n)
{
    return n > 0 && (n & (n - 1)) == 0;
}

/* The two roots that the nodes lead to. */
struct climb {
    uint64_t first, second; /* fn and sn of the RFC */
    struct digest old_root, root;
};

static bool climb_step(struct climb *climb, struct digest node)
{
    if (climb->second == 0) {
        return false;
    }
    if ((climb->first & 1) || climb->first == climb->second) {
        climb->old_root = tree_node(node, climb->old_root);
        climb->root = tree_node(node, climb->root);
        while (!(climb->first & 1) && climb->first != 0) {
            climb->first >>= 1;
            climb->second >>= 1;
        }
    } else {
        climb->root = tree_node(climb->root, node);
    }
    climb->first >>= 1;
    climb->second >>= 1;
    return true;
}

enum sting_status consistency_check(const struct consistency *proof,
                                    uint64_t old_size, struct digest old_root,
                                    uint64_t size, struct digest root)
{
    bool same = old_size == size;
    if (old_size > size || proof->nodes > CONSISTENCY_MOST ||
        ((old_size == 0 || same) != (proof->nodes == 0))) {
        return STING_E_FORMAT;
    }
    if (same) {
        return digest_equal(old_root, root) ? STING_OK : STING_E_FORGED;
    }
    if (old_size == 0) {
        return STING_OK;
    }
    struct climb climb = {old_size - 1, size - 1, old_root, old_root};
    unsigned at = 0;
    while (climb.first & 1) {
        climb.first >>= 1;
        climb.second >>= 1;
    }
    if (!is_power_of_two(old_size)) {
        climb.old_root = climb.root = proof->node[at++];
    }
    for (; at < proof->nodes; at++) {
        if (!climb_step(&climb, proof->node[at])) {
            return STING_E_FORMAT;
        }
    }
    if (climb.second != 0) {
        return STING_E_FORMAT;
    }
    return digest_equal(climb.old_root, old_root) &&
                   digest_equal(climb.root, root)
               ? STING_OK
               : STING_E_FORGED;
}
