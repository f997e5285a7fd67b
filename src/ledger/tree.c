#include "ledger/tree.h"

/* The tags keep a node from posing as a record (RFC 9162, 2.1.1). */
static const uint8_t leaf_tag = 0x00;
static const uint8_t node_tag = 0x01;

struct digest tree_leaf(struct bytes record)
{
    const struct bytes part[] = {{&leaf_tag, 1}, record};
    return digest_sha256(part, 2);
}

struct digest tree_node(struct digest left, struct digest right)
{
    const struct bytes part[] = {
        {&node_tag, 1}, {left.byte, DIGEST_SIZE}, {right.byte, DIGEST_SIZE}};
    return digest_sha256(part, 3);
}

static unsigned peaks_of(uint64_t leaves)
{
    unsigned peaks = 0;
    for (; leaves > 0; leaves &= leaves - 1) {
        peaks++;
    }
    return peaks;
}

/* As adding one to a binary number: each carry joins two equal subtrees. */
void tree_add(struct tree *tree, struct digest leaf)
{
    unsigned peaks = peaks_of(tree->leaves);
    for (uint64_t carry = tree->leaves; carry & 1; carry >>= 1) {
        leaf = tree_node(tree->peak[--peaks], leaf);
    }
    tree->peak[peaks] = leaf;
    tree->leaves++;
}

struct digest tree_root(const struct tree *tree)
{
    unsigned peaks = peaks_of(tree->leaves);
    if (peaks == 0) {
        return digest_sha256(NULL, 0);
    }
    struct digest root = tree->peak[--peaks];
    while (peaks > 0) {
        root = tree_node(tree->peak[--peaks], root);
    }
    return root;
}
