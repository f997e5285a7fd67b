#include "ledger/proof.h"

#include "ledger/tree.h"

/* The largest power of two below n. */
static uint64_t split(uint64_t n)
{
    uint64_t k = 1;
    while (k < n - k) {
        k *= 2;
    }
    return k;
}

static struct digest root_of(const struct digest *leaf, uint64_t leaves)
{
    struct tree tree = {0};
    for (uint64_t i = 0; i < leaves; i++) {
        tree_add(&tree, leaf[i]);
    }
    return tree_root(&tree);
}

enum sting_status proof_make(const struct digest *leaf, uint64_t leaves,
                             uint64_t index, struct proof *out)
{
    if (index >= leaves || leaves > PROOF_MOST_LEAVES) {
        return STING_E_ARG;
    }
    struct digest down[PROOF_MOST_DEPTH]; /* siblings from the root on */
    *out = (struct proof){.index = index, .leaves = leaves};
    while (leaves > 1) {
        uint64_t k = split(leaves);
        bool left = index < k;
        down[out->depth++] =
            left ? root_of(leaf + k, leaves - k) : root_of(leaf, k);
        leaf += left ? 0 : k;
        index -= left ? 0 : k;
        leaves = left ? k : leaves - k;
    }
    for (unsigned i = 0; i < out->depth; i++) {
        out->node[i] = down[out->depth - 1 - i];
    }
    return STING_OK;
}

/* On which side of each sibling the path runs, from the root down. */
static enum sting_status sides(const struct proof *proof,
                               bool is_left[PROOF_MOST_DEPTH])
{
    uint64_t n = proof->leaves, index = proof->index;
    unsigned depth = 0;
    if (index >= n || n > PROOF_MOST_LEAVES) {
        return STING_E_FORMAT;
    }
    for (; n > 1; depth++) {
        uint64_t k = split(n);
        is_left[depth] = index < k;
        n = is_left[depth] ? k : n - k;
        index -= is_left[depth] ? 0 : k;
    }
    return depth == proof->depth ? STING_OK : STING_E_FORMAT;
}

enum sting_status proof_fold(const struct proof *proof, struct digest leaf,
                             struct digest *root, struct digest *ending)
{
    bool is_left[PROOF_MOST_DEPTH];
    enum sting_status status = sides(proof, is_left);
    *root = *ending = leaf;
    for (unsigned i = 0; !status && i < proof->depth; i++) {
        bool left = is_left[proof->depth - 1 - i];
        *root = left ? tree_node(*root, proof->node[i])
                     : tree_node(proof->node[i], *root);
        *ending = left ? *ending : tree_node(proof->node[i], *ending);
    }
    return status;
}

enum sting_status proof_check(const struct proof *proof, struct digest leaf,
                              struct digest root)
{
    struct digest folded, ending;
    enum sting_status status = proof_fold(proof, leaf, &folded, &ending);
    if (status) {
        return status;
    }
    return digest_equal(folded, root) ? STING_OK : STING_E_FORGED;
}
