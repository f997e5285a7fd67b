#include "ledger/proof_tree.h"

#include <string.h>

#include "ledger/tree.h"

void proof_tree_release(struct proof_tree *tree)
{
    for (unsigned i = 0; i < PROOF_MOST_DEPTH; i++) {
        buffer_release(&tree->level[i]);
    }
    tree->leaves = 0;
}

static struct digest node_at(const struct proof_tree *tree, unsigned level,
                             uint64_t index)
{
    struct digest node;
    memcpy(node.byte, tree->level[level].data + index * DIGEST_SIZE,
           DIGEST_SIZE);
    return node;
}

enum sting_status proof_tree_add(struct proof_tree *tree, struct digest leaf)
{
    if (tree->leaves >= PROOF_MOST_LEAVES) {
        return STING_E_LIMIT;
    }
    uint64_t index = tree->leaves;
    enum sting_status status =
        buffer_append(&tree->level[0], (struct bytes){leaf.byte, DIGEST_SIZE});
    for (unsigned level = 0; !status && (index & 1); level++, index >>= 1) {
        struct digest node = tree_node(node_at(tree, level, index - 1),
                                       node_at(tree, level, index));
        status = buffer_append(&tree->level[level + 1],
                               (struct bytes){node.byte, DIGEST_SIZE});
    }
    tree->leaves += status ? 0 : 1;
    return status;
}

/* The largest power of two below n, as its exponent. */
static unsigned split_level(uint64_t n)
{
    unsigned level = 0;
    while (((uint64_t)2 << level) < n) {
        level++;
    }
    return level;
}

/* The root over `count` leaves from `start` on: complete subtrees, the
 * largest first; where `start` is a multiple of the first one's size. */
static struct digest range_root(const struct proof_tree *tree, uint64_t start,
                                uint64_t count)
{
    struct digest peak[PROOF_MOST_DEPTH];
    unsigned peaks = 0;
    while (count > 0) {
        unsigned level = 0;
        while (((uint64_t)2 << level) <= count) {
            level++;
        }
        peak[peaks++] = node_at(tree, level, start >> level);
        start += (uint64_t)1 << level;
        count -= (uint64_t)1 << level;
    }
    struct digest root = peak[--peaks];
    while (peaks > 0) {
        root = tree_node(peak[--peaks], root);
    }
    return root;
}

enum sting_status proof_tree_path(const struct proof_tree *tree,
                                  uint64_t leaves, uint64_t index,
                                  struct proof *out)
{
    struct digest down[PROOF_MOST_DEPTH];
    uint64_t start = 0, count = leaves;
    if (index >= leaves || leaves > tree->leaves) {
        return STING_E_ARG;
    }
    *out = (struct proof){.index = index, .leaves = leaves};
    while (count > 1) {
        uint64_t k = (uint64_t)1 << split_level(count);
        bool left = index - start < k;
        down[out->depth++] = left ? range_root(tree, start + k, count - k)
                                  : range_root(tree, start, k);
        start += left ? 0 : k;
        count = left ? k : count - k;
    }
    for (unsigned i = 0; i < out->depth; i++) {
        out->node[i] = down[out->depth - 1 - i];
    }
    return STING_OK;
}

/* The path of the last old leaf shows it too: what lies at its left below the
 * largest complete subtree that ends with it is one node of the proof, or none
 * when that subtree is the whole old tree. */
enum sting_status proof_tree_growth(const struct proof_tree *tree,
                                    uint64_t leaves, uint64_t old,
                                    struct consistency *out)
{
    struct proof path;
    unsigned level = 0;
    if (old == 0 || old >= leaves) {
        return STING_E_ARG;
    }
    enum sting_status status = proof_tree_path(tree, leaves, old - 1, &path);
    if (status) {
        return status;
    }
    while ((old - 1) >> level & 1) {
        level++;
    }
    *out = (struct consistency){0};
    if ((old - 1) >> level) {
        out->node[out->nodes++] = node_at(tree, level, (old - 1) >> level);
    }
    for (unsigned d = level; d < path.depth; d++) {
        out->node[out->nodes++] = path.node[d];
    }
    return STING_OK;
}

enum sting_status proof_tree_root(const struct proof_tree *tree,
                                  uint64_t leaves, struct digest *out)
{
    if (leaves == 0 || leaves > tree->leaves) {
        return STING_E_ARG;
    }
    *out = range_root(tree, 0, leaves);
    return STING_OK;
}
