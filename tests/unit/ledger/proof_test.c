/* Paths in trees of every small size. */
#include <stdlib.h>
#include <string.h>

#include "ledger/proof.h"
#include "ledger/proof_tree.h"
#include "ledger/tree.h"
#include "tests/check.h"

#define MOST 70

static struct digest leaf[MOST];

static struct digest root_of(uint64_t leaves)
{
    struct tree tree = {0};
    for (uint64_t i = 0; i < leaves; i++) {
        leaf[i] = tree_leaf((struct bytes){(const uint8_t *)&i, 1});
        tree_add(&tree, leaf[i]);
    }
    return tree_root(&tree);
}

static void every_leaf_of_every_small_tree_leads_to_its_root(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= MOST; n++) {
        struct digest root = root_of(n);
        for (uint64_t i = 0; i < n; i++) {
            struct proof proof;
            assert_int_equal(proof_make(leaf, n, i, &proof), STING_OK);
            assert_int_equal(proof_check(&proof, leaf[i], root), STING_OK);
            assert_int_equal(proof_check(&proof, leaf[(i + 1) % MOST], root),
                             STING_E_FORGED);
        }
    }
}

static void a_path_of_another_place_is_refused(void **state)
{
    (void)state;
    for (uint64_t n = 2; n <= MOST; n++) {
        struct digest root = root_of(n);
        struct proof proof;
        assert_int_equal(proof_make(leaf, n, n / 2, &proof), STING_OK);
        for (uint64_t other = 0; other < n; other++) {
            proof.index = other;
            assert_true(other == n / 2 ||
                        proof_check(&proof, leaf[n / 2], root) < 0);
        }
    }
}

static void each_changed_bit_of_a_path_is_seen(void **state)
{
    (void)state;
    struct digest root = root_of(13);
    struct proof proof;
    assert_int_equal(proof_make(leaf, 13, 5, &proof), STING_OK);
    for (unsigned d = 0; d < proof.depth; d++) {
        for (int bit = 0; bit < 256; bit++) {
            proof.node[d].byte[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_int_equal(proof_check(&proof, leaf[5], root),
                             STING_E_FORGED);
            proof.node[d].byte[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    }
    assert_int_equal(proof_check(&proof, leaf[5], root), STING_OK);
}

static void a_path_too_short_or_long_is_malformed(void **state)
{
    (void)state;
    struct digest root = root_of(13);
    struct proof proof;
    assert_int_equal(proof_make(leaf, 13, 5, &proof), STING_OK);
    proof.depth--;
    assert_int_equal(proof_check(&proof, leaf[5], root), STING_E_FORMAT);
    proof.depth += 2;
    assert_int_equal(proof_check(&proof, leaf[5], root), STING_E_FORMAT);
    proof.index = 13;
    assert_int_equal(proof_check(&proof, leaf[5], root), STING_E_FORMAT);
    assert_int_equal(proof_make(leaf, 13, 13, &proof), STING_E_ARG);
}

static void a_tree_kept_whole_gives_the_same_paths_roots_and_growth(
    void **state)
{
    (void)state;
    struct proof_tree tree = {0};
    struct digest root[MOST + 1];
    for (uint64_t n = 1; n <= MOST; n++) {
        root[n] = root_of(n);
        assert_int_equal(proof_tree_add(&tree, leaf[n - 1]), STING_OK);
    }
    for (uint64_t n = 1; n <= MOST; n++) {
        struct digest got;
        assert_int_equal(proof_tree_root(&tree, n, &got), STING_OK);
        assert_true(digest_equal(got, root[n]));
        for (uint64_t i = 0; i < n; i++) {
            struct proof made, path;
            assert_int_equal(proof_make(leaf, n, i, &made), STING_OK);
            assert_int_equal(proof_tree_path(&tree, n, i, &path), STING_OK);
            assert_int_equal(made.depth, path.depth);
            assert_memory_equal(made.node, path.node,
                                made.depth * sizeof *made.node);
        }
    }
    for (uint64_t n = 1; n <= MOST; n++) {
        for (uint64_t old = 1; old < n; old++) {
            struct consistency proof;
            assert_int_equal(proof_tree_growth(&tree, n, old, &proof),
                             STING_OK);
            assert_int_equal(
                consistency_check(&proof, old, root[old], n, root[n]),
                STING_OK);
        }
        struct consistency none;
        assert_int_equal(proof_tree_growth(&tree, n, 0, &none), STING_E_ARG);
        assert_int_equal(proof_tree_growth(&tree, n, n, &none), STING_E_ARG);
    }
    struct proof path;
    assert_int_equal(proof_tree_path(&tree, MOST + 1, 0, &path), STING_E_ARG);
    assert_int_equal(proof_tree_path(&tree, 3, 3, &path), STING_E_ARG);
    proof_tree_release(&tree);
}

static void one_path_gives_the_roots_of_both_trees(void **state)
{
    (void)state;
    struct digest root[MOST + 1];
    for (uint64_t n = 1; n <= MOST; n++) {
        root[n] = root_of(n);
    }
    for (uint64_t n = 1; n <= MOST; n++) {
        for (uint64_t i = 0; i < n; i++) {
            struct proof path;
            struct digest whole, ending;
            assert_int_equal(proof_make(leaf, n, i, &path), STING_OK);
            assert_int_equal(proof_fold(&path, leaf[i], &whole, &ending),
                             STING_OK);
            assert_true(digest_equal(whole, root[n]));
            assert_true(digest_equal(ending, root[i + 1]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(every_leaf_of_every_small_tree_leads_to_its_root),
        cmocka_unit_test(a_path_of_another_place_is_refused),
        cmocka_unit_test(each_changed_bit_of_a_path_is_seen),
        cmocka_unit_test(a_path_too_short_or_long_is_malformed),
        cmocka_unit_test(
            a_tree_kept_whole_gives_the_same_paths_roots_and_growth),
        cmocka_unit_test(one_path_gives_the_roots_of_both_trees),
    };
    return cmocka_run_group_tests_name("proof", test, NULL, NULL);
}
