/* What outsiders said of an exhibit, by folders made up in memory: whose word
 * counts, and for what. Time stamps: tests/unit/crypt and tests/stories. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exhibit/check_outsiders.h"
#include "ledger/cosignature.h"
#include "ledger/line.h"
#include "tests/check.h"

#define ORIGIN "sting/00112233445566778899aabbccddeeff"
#define NOW_US INT64_C(1320177600000000)
#define SEEN_S UINT64_C(1320170000)
#define FILMS_END 20 /* line of the last piece */
#define NOTE_PATH CHECK_ANCHORS "00000001.note"

static const struct secret witness_key = {{7}}, log_key = {{9}};
static const struct digest root = {{0xaa, 0xbb}};
static struct vkey witness;

/* By path, as a folder is listed. */
struct folder {
    struct check_entry entry[8];
    struct buffer text[8];
    size_t entries;
};

static void folder_release(struct folder *folder)
{
    for (size_t i = 0; i < folder->entries; i++) {
        buffer_release(&folder->text[i]);
    }
}

static struct buffer *put(struct folder *folder, const char *path)
{
    struct check_entry *entry = &folder->entry[folder->entries];
    *entry = (struct check_entry){.is_file = true};
    snprintf(entry->path, sizeof entry->path, "%s", path);
    return &folder->text[folder->entries++];
}

static void note_put(struct buffer *out, const char *origin, uint64_t lines,
                     bool is_cosigned)
{
    assert_int_equal(note_write(out, origin, lines, root), STING_OK);
    struct buffer said STING_AUTO(buffer_release) = {0};
    assert_int_equal(buffer_append(&said, buffer_bytes(out)), STING_OK);
    said.size--; /* the empty line is not said */
    assert_int_equal(note_sign(out, 0, ORIGIN, &log_key), STING_OK);
    if (is_cosigned) {
        assert_int_equal(cosignature_write(&witness, &witness_key,
                                           buffer_bytes(&said), SEEN_S, out),
                         STING_OK);
    }
    assert_int_equal(note_close(out), STING_OK);
}

#define SEEN_AT "2011-11-01T17:53:20.000000Z" /* SEEN_S */

/* The line that names the witness, as the operation wrote it. */
static void cosig_put_at(struct buffer *out, const char *at)
{
    char key[VKEY_TEXT_SIZE];
    const struct line_head head = {3, {NOW_US, 5}, "01234567"};
    const struct line_field field[] = {{"size", "1"},
                                       {"root", "x"},
                                       {"witness", "garden"},
                                       {"sig", "x"},
                                       {"at", at},
                                       {"key", vkey_text(&witness, key)},
                                       {"file", "evidence/anchors/"
                                                "00000001.note"}};
    const uint8_t random[LINE_RANDOM_SIZE] = {1};
    assert_int_equal(
        line_begin(out, &head, "cosig", field, sizeof field / sizeof *field),
        STING_OK);
    assert_int_equal(line_end(out, random, root, DIGEST_SIZE), STING_OK);
}

static void cosig_put(struct buffer *out)
{
    cosig_put_at(out, SEEN_AT);
}

static struct check_report judge(struct folder *folder,
                                 const struct verify_known *known)
{
    struct check_report report = {.last_piece = FILMS_END, .lines = 40};
    memcpy(report.origin, ORIGIN, sizeof ORIGIN);
    for (size_t i = 0; i < folder->entries; i++) {
        folder->entry[i].content = buffer_bytes(&folder->text[i]);
        folder->entry[i].bytes = folder->text[i].size;
        folder->entry[i].sha256 = digest_of(folder->entry[i].content);
    }
    assert_int_equal(
        exhibit_check_outsiders(folder->entry, folder->entries, known, &report),
        STING_OK);
    return report;
}

/* A folder whose witness saw `seen` lines, and whose lists hold a checkpoint
 * over `told` lines in `where`. */
static struct check_report judge_one(const char *where, uint64_t told,
                                     uint64_t seen, bool names_witness)
{
    const struct verify_known known = {.now_us = NOW_US};
    struct folder folder STING_AUTO(folder_release) = {.entries = 0};
    note_put(put(&folder, NOTE_PATH), ORIGIN, seen, true);
    note_put(put(&folder, where), ORIGIN, told, false);
    struct buffer *lines = put(&folder, "data/ledger/lines.txt");
    if (names_witness) {
        cosig_put(lines);
    }
    return judge(&folder, &known);
}

static void a_witness_of_a_checkpoint_that_any_list_holds_counts(void **state)
{
    (void)state;
    static const char *const list[] = {"data/ledger/checkpoint.txt",
                                       "data/ledger/epochs.txt", CHECK_EARLIER};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        struct check_report got = judge_one(list[i], 30, 30, true);
        assert_int_equal(got.outside.anchors, 1);
        assert_true(got.outside.anchor[0].counts);
        assert_int_equal(got.films_until_us, (int64_t)SEEN_S * 1000000);
        assert_int_equal(got.outside.anchored_entries, 30);
    }
}

static void one_of_a_checkpoint_that_no_list_holds_vouches_for_nothing(
    void **state)
{
    (void)state;
    struct check_report got =
        judge_one("data/ledger/checkpoint.txt", 31, 30, true);
    assert_string_equal(got.outside.anchor[0].state, "not-shown");
    assert_false(got.outside.anchor[0].counts);
    assert_int_equal(got.films_until_us, 0);
    got = judge_one("data/ledger/extra.txt", 30, 30, true);
    assert_string_equal(got.outside.anchor[0].state, "not-shown");
}

static void three_lines_in_the_middle_of_a_line_are_no_checkpoint(void **state)
{
    (void)state;
    const struct verify_known known = {.now_us = NOW_US};
    struct folder folder STING_AUTO(folder_release) = {.entries = 0};
    note_put(put(&folder, NOTE_PATH), ORIGIN, 30, true);
    note_put(put(&folder, "data/ledger/checkpoint.txt"), "x" ORIGIN, 30, false);
    cosig_put(put(&folder, "data/ledger/lines.txt"));
    struct check_report got = judge(&folder, &known);
    assert_string_equal(got.outside.anchor[0].state, "not-shown");
}

static void films_are_vouched_for_only_by_who_saw_their_last_line(void **state)
{
    (void)state;
    static const char list[] = "data/ledger/epochs.txt";
    /* A checkpoint over n lines holds the lines 0 to n - 1. */
    struct check_report got = judge_one(list, FILMS_END, FILMS_END, true);
    assert_true(got.outside.anchor[0].counts);
    assert_int_equal(got.films_until_us, 0);
    got = judge_one(list, FILMS_END + 1, FILMS_END + 1, true);
    assert_true(got.films_until_us > 0);
}

static void a_witness_whom_no_line_names_is_told_and_not_counted(void **state)
{
    (void)state;
    struct check_report got =
        judge_one("data/ledger/checkpoint.txt", 30, 30, false);
    assert_int_equal(got.outside.anchors, 1);
    assert_false(got.outside.anchor[0].counts);
    assert_string_equal(got.outside.anchor[0].state, "unknown-key");
    assert_int_equal(got.films_until_us, 0);
}

static void keys_that_the_reader_gives_replace_those_of_the_record(void **state)
{
    (void)state;
    const struct secret other_key = {{8}};
    struct vkey other = {"else", VKEY_WITNESS, signature_public(&other_key)};
    for (int is_other = 0; is_other < 2; is_other++) {
        const struct verify_known known = {.now_us = NOW_US,
                                           .witness =
                                               is_other ? &other : &witness,
                                           .witnesses = 1};
        struct folder folder STING_AUTO(folder_release) = {.entries = 0};
        note_put(put(&folder, NOTE_PATH), ORIGIN, 30, true);
        note_put(put(&folder, "data/ledger/checkpoint.txt"), ORIGIN, 30, false);
        cosig_put(put(&folder, "data/ledger/lines.txt"));
        struct check_report got = judge(&folder, &known);
        assert_true(got.outside.anchored_by_given);
        assert_int_equal(got.outside.anchor[0].counts, !is_other);
    }
}

static void what_is_no_note_of_this_origin_is_passed_over(void **state)
{
    (void)state;
    const struct verify_known known = {.now_us = NOW_US};
    struct folder folder STING_AUTO(folder_release) = {.entries = 0};
    note_put(put(&folder, CHECK_ANCHORS "00000001.note"), "sting/other", 30,
             true);
    assert_int_equal(
        buffer_text_append(put(&folder, CHECK_ANCHORS "00000002.note"), "no\n"),
        STING_OK);
    note_put(put(&folder, CHECK_ANCHORS "00000003.txt"), ORIGIN, 30, true);
    note_put(put(&folder, "data/ledger/checkpoint.txt"), ORIGIN, 30, false);
    cosig_put(put(&folder, "data/ledger/lines.txt"));
    struct check_report got = judge(&folder, &known);
    assert_int_equal(got.outside.anchors, 0);
    assert_int_equal(got.films_until_us, 0);
}

static void a_reply_that_is_none_is_told_as_malformed(void **state)
{
    (void)state;
    const struct verify_known known = {.now_us = NOW_US};
    struct folder folder STING_AUTO(folder_release) = {.entries = 0};
    note_put(put(&folder, NOTE_PATH), ORIGIN, 30, false);
    assert_int_equal(buffer_text_append(
                         put(&folder, CHECK_ANCHORS "00000001.tsr"), "0\x03no"),
                     STING_OK);
    note_put(put(&folder, "data/ledger/checkpoint.txt"), ORIGIN, 30, false);
    (void)put(&folder, "data/ledger/lines.txt");
    struct check_report got = judge(&folder, &known);
    assert_int_equal(got.outside.anchors, 1);
    assert_string_equal(got.outside.anchor[0].kind, "tsa");
    assert_string_equal(got.outside.anchor[0].state, "malformed");
    assert_int_equal(got.films_until_us, 0);
}

static void a_flipped_bit_of_a_cosignature_is_forged(void **state)
{
    (void)state;
    const struct verify_known known = {.now_us = NOW_US};
    struct folder folder STING_AUTO(folder_release) = {.entries = 0};
    struct buffer *note = put(&folder, NOTE_PATH);
    note_put(note, ORIGIN, 30, true);
    note->data[note->size - 20] ^= 1; /* of the last line's base64 */
    note_put(put(&folder, "data/ledger/checkpoint.txt"), ORIGIN, 30, false);
    cosig_put(put(&folder, "data/ledger/lines.txt"));
    struct check_report got = judge(&folder, &known);
    for (size_t i = 0; i < got.outside.anchors; i++) {
        assert_false(got.outside.anchor[i].counts);
    }
    assert_int_equal(got.films_until_us, 0);
}

/* The report shows what the entry tells. */
static void a_witness_whose_entry_tells_another_time_does_not_count(void **s)
{
    (void)s;
    const struct verify_known known = {.now_us = NOW_US};
    static const char *const at[] = {SEEN_AT, "2011-11-01T17:53:19.000000Z",
                                     "2010-11-01T17:53:20.000000Z", "soon"};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        struct folder folder STING_AUTO(folder_release) = {.entries = 0};
        note_put(put(&folder, NOTE_PATH), ORIGIN, 30, true);
        note_put(put(&folder, "data/ledger/checkpoint.txt"), ORIGIN, 30, false);
        cosig_put_at(put(&folder, "data/ledger/lines.txt"), at[i]);
        struct check_report got = judge(&folder, &known);
        assert_int_equal(got.outside.anchors, 1);
        assert_int_equal(got.outside.anchor[0].counts, i == 0);
        assert_string_equal(got.outside.anchor[0].state,
                            i == 0 ? "good" : "other-time");
        assert_int_equal(got.films_until_us > 0, i == 0);
    }
}

static int witness_make(void **state)
{
    (void)state;
    witness =
        (struct vkey){"garden", VKEY_WITNESS, signature_public(&witness_key)};
    return 0;
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_witness_of_a_checkpoint_that_any_list_holds_counts),
        cmocka_unit_test(
            one_of_a_checkpoint_that_no_list_holds_vouches_for_nothing),
        cmocka_unit_test(three_lines_in_the_middle_of_a_line_are_no_checkpoint),
        cmocka_unit_test(films_are_vouched_for_only_by_who_saw_their_last_line),
        cmocka_unit_test(a_witness_whom_no_line_names_is_told_and_not_counted),
        cmocka_unit_test(
            keys_that_the_reader_gives_replace_those_of_the_record),
        cmocka_unit_test(what_is_no_note_of_this_origin_is_passed_over),
        cmocka_unit_test(a_reply_that_is_none_is_told_as_malformed),
        cmocka_unit_test(a_flipped_bit_of_a_cosignature_is_forged),
        cmocka_unit_test(
            a_witness_whose_entry_tells_another_time_does_not_count),
    };
    return cmocka_run_group_tests_name("outsiders of an exhibit", test,
                                       witness_make, NULL);
}
