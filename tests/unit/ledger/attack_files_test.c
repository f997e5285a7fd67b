/* Attacks with files and with the tree, each with the verdict that it must
 * get; the numbers are those of the list in README.md. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/ledger_state.h"
#include "ledger/proof.h"
#include "tests/check.h"
#include "tests/unit/ledger/forge.h"
#include "tests/unit/ledger/judge.h"

#define LEDGER "evidence/ledger"
#define NOTES "evidence/checkpoints/2011-11-01.notes"
#define FOLDER "evidence/segments/garage/2011-11-01/"
#define FIRST FOLDER "00000000.m4s.age"

static struct forge forge; /* too large for the stack */
static struct garden garden;

static void expect(enum verify_verdict expected, const char *words)
{
    assert_reason(&garden, expected, words);
    garden_remove(&garden);
}

/* ---- 18: file tricks ---- */

static void replace_by(const char *path, int (*make)(const char *path))
{
    garden_closed(&garden, 20, 300);
    assert_true(!renameat(garden.dir, path, garden.dir, "elsewhere"));
    assert_true(make(path) == 0);
}

static int make_symlink(const char *path)
{
    return symlinkat("../../../../elsewhere", garden.dir, path);
}

static int make_fifo(const char *path)
{
    return mkfifoat(garden.dir, path, 0600);
}

static int make_folder(const char *path)
{
    return mkdirat(garden.dir, path, 0700);
}

/* As large as the true one, and empty. */
static int make_sparse(const char *path)
{
    struct stat info;
    int file STING_AUTO(fd_close) =
        openat(garden.dir, path, O_WRONLY | O_CREAT, 0600);
    return fstatat(garden.dir, "elsewhere", &info, 0) ||
           ftruncate(file, info.st_size);
}

/* Another recording, under this name too. */
static int make_hard_link(const char *path)
{
    return linkat(garden.dir, FOLDER "00000001.m4s.age", garden.dir, path, 0);
}

static void a18_what_is_no_file_of_its_own_is_refused(void **state)
{
    (void)state;
    static int (*const make[])(const char *) = {
        make_symlink, make_fifo, make_folder, make_sparse, make_hard_link};
    for (size_t i = 0; i < sizeof make / sizeof *make; i++) {
        replace_by(FIRST, make[i]);
        expect(VERIFY_TAMPERED, "");
    }
}

static void a18_ledger_and_checkpoints_are_files_of_their_own(void **state)
{
    (void)state;
    static const char *const path[] = {LEDGER, NOTES};
    for (size_t i = 0; i < 2; i++) {
        for (int fifo = 0; fifo < 2; fifo++) {
            garden_closed(&garden, 4, 100);
            assert_true(!renameat(garden.dir, path[i], garden.dir, "where"));
            assert_true(!(fifo ? mkfifoat(garden.dir, path[i], 0600)
                               : symlinkat(i ? "../../where" : "../where",
                                           garden.dir, path[i])));
            struct verify_report report STING_AUTO(verify_report_release) = {0};
            struct fault fault = {.why = ""};
            const struct verify_options options = {.identity = NULL};
            enum sting_status status =
                verify_operation(garden.dir, &options, &report, &fault);
            assert_true(status || report.verdict == VERIFY_TAMPERED ||
                        report.verdict == VERIFY_UNVERIFIABLE);
            garden_remove(&garden);
        }
    }
}

static void a18_a_name_that_leads_elsewhere_is_refused(void **state)
{
    (void)state;
    static const char *const name[] = {"..", "../garage", "a/b", ".x", ""};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        char text[64];
        forge_recorded(&garden, &forge);
        size_t at = forge_find(&forge, "seg", 0);
        snprintf(text, sizeof text, " camera=%s ", name[i]);
        forge_change(&forge, at, " camera=garage ", text);
        forge_write(&garden, &forge);
        expect(VERIFY_TAMPERED, "");
    }
}

/* ---- 19: the tree ---- */

static void a19_a_node_is_never_taken_for_a_line(void **state)
{
    (void)state;
    struct digest leaf[2];
    struct tree tree = {0};
    struct proof proof = {.index = 0, .leaves = 1, .depth = 0};
    uint8_t inner[1 + 2 * DIGEST_SIZE] = {1};
    for (size_t i = 0; i < 2; i++) {
        leaf[i] = tree_leaf((struct bytes){(const uint8_t *)&i, 1});
        memcpy(inner + 1 + i * DIGEST_SIZE, leaf[i].byte, DIGEST_SIZE);
        tree_add(&tree, leaf[i]);
    }
    /* The bytes of a node, given out as a line: another hash. */
    for (size_t skip = 0; skip < 2; skip++) {
        struct digest fake =
            tree_leaf((struct bytes){inner + skip, sizeof inner - skip});
        assert_int_equal(proof_check(&proof, fake, tree_root(&tree)),
                         STING_E_FORGED);
    }
    assert_false(
        digest_equal(tree_node(leaf[0], leaf[1]), tree_node(leaf[1], leaf[0])));
}

static void assert_no_path(struct proof proof, struct digest leaf,
                           struct digest root)
{
    enum sting_status status = proof_check(&proof, leaf, root);
    assert_true(status == STING_E_FORMAT || status == STING_E_FORGED);
}

static void a19_a_path_for_another_index_or_depth_fails(void **state)
{
    (void)state;
    static const unsigned depth[] = {0, PROOF_MOST_DEPTH, 63, 4000000000U};
    struct digest leaf[40];
    struct tree tree = {0};
    for (uint8_t i = 0; i < 40; i++) {
        leaf[i] = tree_leaf((struct bytes){&i, 1});
        tree_add(&tree, leaf[i]);
    }
    for (uint64_t at = 0; at < 40; at++) {
        struct proof good;
        struct digest root = tree_root(&tree);
        assert_true(!proof_make(leaf, 40, at, &good));
        assert_true(!proof_check(&good, leaf[at], root));
        for (uint64_t other = 0; other < 100; other++) {
            struct proof proof = good;
            proof.index = other;
            if (other != at) {
                assert_no_path(proof, leaf[at], root);
            }
            proof = good; /* a tree too small to hold it */
            proof.leaves = other < at ? other : at;
            assert_no_path(proof, leaf[at], root);
        }
        for (size_t i = 0; i < sizeof depth / sizeof *depth; i++) {
            struct proof proof = good;
            proof.depth = depth[i];
            assert_no_path(proof, leaf[at], root);
        }
        good.leaves = UINT64_MAX;
        good.index = UINT64_MAX - 1;
        assert_no_path(good, leaf[at], root);
    }
}

/* A tree of another size can have the same shape around a leaf: that the
 * size is the signed one is what the checkpoint says. */
static void a19_a_checkpoint_of_another_size_is_not_signed(void **state)
{
    (void)state;
    struct buffer notes STING_AUTO(buffer_release) = {0};
    struct public_key key;
    struct note note;
    char text[LEDGER_ORIGIN_SIZE];
    garden_closed(&garden, 4, 100);
    assert_true(!file_read(garden.dir, NOTES, 100000, &notes, NULL));
    assert_true(!note_parse(buffer_bytes(&notes), &note));
    key = signature_public(&garden.log_key);
    snprintf(text, sizeof text, "%.*s", (int)note.origin.size,
             (const char *)note.origin.data);
    assert_int_equal(note_verify(&note, text, &key), STING_OK);
    uint8_t *size = notes.data + note.origin.size + 1;
    assert_int_equal(*size, '1');
    *size = '2';
    assert_true(!note_parse(buffer_bytes(&notes), &note));
    assert_int_equal(note_verify(&note, text, &key), STING_E_FORGED);
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a18_what_is_no_file_of_its_own_is_refused),
        cmocka_unit_test(a18_ledger_and_checkpoints_are_files_of_their_own),
        cmocka_unit_test(a18_a_name_that_leads_elsewhere_is_refused),
        cmocka_unit_test(a19_a_node_is_never_taken_for_a_line),
        cmocka_unit_test(a19_a_path_for_another_index_or_depth_fails),
        cmocka_unit_test(a19_a_checkpoint_of_another_size_is_not_signed),
    };
    return cmocka_run_group_tests_name("attacks by files", test, NULL, NULL);
}
