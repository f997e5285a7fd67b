#include "ledger/consistency.h"

#include <assert.h>

struct making {
    const struct tree *old;
    const struct digest *later; /* leaf old->leaves and on */
    struct consistency *out;
};

static void push(struct consistency *out, struct digest node)
{
    assert(out->nodes < CONSISTENCY_MOST);
    out->node[out->nodes++] = node;
}

/* The root over leaves from..to of the whole tree, all of them new. */
static struct digest later_root(const struct making *making, uint64_t from,
                                uint64_t to)
{
    struct tree tree = {0};
    for (uint64_t i = from; i < to; i++) {
        tree_add(&tree, making->later[i - making->old->leaves]);
    }
    return tree_root(&tree);
}

/* SUBPROOF of RFC 9162 over `size` leaves from `start`, of which `old` were
 * there before. Old subtrees that it needs are the peaks of the old tree,
 * one each time that it turns right. */
static void subproof(const struct making *making, uint64_t start, uint64_t old,
                     uint64_t size, unsigned peak)
{
    if (old == size) {
        if (old < making->old->leaves) { /* else it is the whole old tree */
            push(making->out, making->old->peak[peak]);
        }
        return;
    }
    uint64_t half = 1;
    while (2 * half < size) {
        half *= 2;
    }
    if (old <= half) {
        subproof(making, start, old, half, peak);
        push(making->out, later_root(making, start + half, start + size));
    } else {
        subproof(making, start + half, old - half, size - half, peak + 1);
        push(making->out, making->old->peak[peak]);
    }
}

void consistency_make(const struct tree *old, const struct digest later[],
                      uint64_t count, struct consistency *out)
{
    const struct making making = {old, later, out};
    out->nodes = 0;
    if (old->leaves > 0 && count > 0) {
        subproof(&making, 0, old->leaves, old->leaves + count, 0);
    }
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
