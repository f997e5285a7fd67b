#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger/anchor_file.h"
#include "ledger/archive.h"
#include "ledger/consistency.h"
#include "ledger/cosignature.h"
#include "ledger/verify.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"
#include "tests/unit/ledger/intruder.h"

#define MOST 70

static const struct secret witness_key = {{7, 7, 7}};

static struct vkey witness_vkey(const char *name)
{
    struct vkey vkey = {.kind = VKEY_WITNESS,
                        .key = signature_public(&witness_key)};
    snprintf(vkey.name, sizeof vkey.name, "%s", name);
    return vkey;
}

static struct digest leaf(uint64_t i)
{
    return tree_leaf((struct bytes){(const uint8_t *)&i, sizeof i});
}

static struct tree grown(uint64_t size)
{
    struct tree tree = {0};
    for (uint64_t i = 0; i < size; i++) {
        tree_add(&tree, leaf(i));
    }
    return tree;
}

static struct consistency proof_of(uint64_t old, uint64_t size)
{
    struct tree tree = grown(old);
    struct consistency_making making;
    struct consistency proof;
    consistency_begin(&tree, size, &making);
    for (uint64_t i = old; i < size; i++) {
        consistency_add(&making, leaf(i));
    }
    consistency_end(&making, &proof);
    return proof;
}

static void every_growth_up_to_seventy_lines_is_consistent(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= MOST; size++) {
        struct tree whole = grown(size);
        for (uint64_t old = 0; old <= size; old++) {
            struct tree before = grown(old);
            struct consistency proof = proof_of(old, size);
            assert_int_equal(consistency_check(&proof, old, tree_root(&before),
                                               size, tree_root(&whole)),
                             STING_OK);
        }
    }
}

/* The proofs that the tests of certificate transparency publish. */
static void published_proofs_of_rfc_6962_hold(void **state)
{
    (void)state;
    static const char *const input[] = {"",
                                        "00",
                                        "10",
                                        "2021",
                                        "3031",
                                        "40414243",
                                        "5051525354555657",
                                        "606162636465666768696a6b6c6d6e6f"};
    static const char *const from_6_to_8[] = {
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"};
    struct tree six = {0};
    struct tree eight = {0};
    struct digest later[2];
    struct consistency proof;
    char text[DIGEST_TEXT_SIZE];
    for (size_t i = 0; i < 8; i++) {
        uint8_t bytes[16];
        size_t size = strlen(input[i]) / 2;
        assert_true(!hex_read(bytes_of_text(input[i]), bytes, size));
        struct digest one = tree_leaf((struct bytes){bytes, size});
        tree_add(&eight, one);
        if (i < 6) {
            tree_add(&six, one);
        } else {
            later[i - 6] = one;
        }
    }
    struct consistency_making making;
    consistency_begin(&six, 8, &making);
    consistency_add(&making, later[0]);
    consistency_add(&making, later[1]);
    consistency_end(&making, &proof);
    assert_int_equal(proof.nodes, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(digest_text(proof.node[i], text), from_6_to_8[i]);
    }
    assert_string_equal(
        digest_text(tree_root(&eight), text),
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

static void a_changed_short_or_long_proof_is_refused(void **state)
{
    (void)state;
    for (uint64_t size = 2; size <= 20; size++) {
        for (uint64_t old = 1; old < size; old++) {
            struct digest before;
            struct digest after;
            struct tree tree = grown(old);
            before = tree_root(&tree);
            tree = grown(size);
            after = tree_root(&tree);
            struct consistency proof = proof_of(old, size);
            for (unsigned i = 0; i < proof.nodes; i++) {
                proof.node[i].byte[9] ^= 1;
                assert_int_not_equal(
                    consistency_check(&proof, old, before, size, after),
                    STING_OK);
                proof.node[i].byte[9] ^= 1;
            }
            proof.nodes--;
            assert_int_not_equal(
                consistency_check(&proof, old, before, size, after), STING_OK);
            proof.nodes += 2;
            proof.node[proof.nodes - 1] = after;
            assert_int_not_equal(
                consistency_check(&proof, old, before, size, after), STING_OK);
        }
    }
}

static void another_root_or_size_is_refused(void **state)
{
    (void)state;
    struct tree old = grown(11);
    struct tree other = grown(12);
    struct tree whole = grown(37);
    struct consistency proof = proof_of(11, 37);
    struct consistency none = {0};
    struct digest a = tree_root(&old);
    struct digest b = tree_root(&whole);
    assert_int_equal(consistency_check(&proof, 11, tree_root(&other), 37, b),
                     STING_E_FORGED);
    assert_int_equal(consistency_check(&proof, 11, a, 37, tree_root(&other)),
                     STING_E_FORGED);
    assert_int_not_equal(consistency_check(&proof, 12, a, 37, b), STING_OK);
    assert_int_equal(consistency_check(&none, 11, a, 37, b), STING_E_FORMAT);
    assert_int_equal(consistency_check(&none, 37, a, 37, b), STING_E_FORGED);
    assert_int_equal(consistency_check(&proof, 38, a, 37, b), STING_E_FORMAT);
    assert_int_equal(consistency_check(&proof, 0, a, 37, b), STING_E_FORMAT);
}

static void the_published_key_of_signed_notes_is_read(void **state)
{
    (void)state;
    static const char text[] =
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    struct vkey vkey;
    char again[VKEY_TEXT_SIZE];
    assert_int_equal(vkey_parse(text, &vkey), STING_OK);
    assert_int_equal(vkey.kind, VKEY_LOG);
    assert_string_equal(vkey_text(&vkey, again), text);
}

static void a_key_with_another_id_or_kind_is_refused(void **state)
{
    (void)state;
    struct vkey vkey;
    static const char *const bad[] = {
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3+",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_not_equal(vkey_parse(bad[i], &vkey), STING_OK);
    }
}

/* A note of `size` lines, cosigned by that name at that time. */
static struct buffer cosigned(const char *origin, uint64_t size,
                              const struct vkey *witness, uint64_t time_s)
{
    struct buffer out = {0};
    struct tree tree = grown(size);
    struct buffer line STING_AUTO(buffer_release) = {0};
    assert_true(!note_write(&out, origin, size, tree_root(&tree)));
    struct bytes said = {out.data, out.size - 1};
    assert_true(!cosignature_write(witness, &witness_key, said, time_s, &line));
    assert_true(!buffer_append(&out, buffer_bytes(&line)));
    assert_true(!note_close(&out));
    return out;
}

static void a_cosignature_counts_for_its_witness_text_and_time_alone(void **s)
{
    (void)s;
    struct vkey witness = witness_vkey("witness/w1");
    struct vkey other = witness_vkey("witness/w2");
    struct note note;
    uint64_t time_s = 0;
    struct buffer text STING_AUTO(buffer_release) =
        cosigned("sting/garden", 9, &witness, 1320177600);
    assert_true(!note_parse(buffer_bytes(&text), &note));
    assert_int_equal(cosignature_verify(&note, &witness, &time_s, NULL),
                     STING_OK);
    assert_int_equal(time_s, 1320177600);
    assert_int_equal(cosignature_verify(&note, &other, &time_s, NULL),
                     STING_E_ABSENT);
    for (size_t i = 0; i < note.signature[0].body_size; i++) {
        note.signature[0].body[i] ^= 4;
        assert_int_equal(cosignature_verify(&note, &witness, &time_s, NULL),
                         STING_E_FORGED);
        note.signature[0].body[i] ^= 4;
    }
    text.data[13] = '8'; /* another size: the text is not what was signed */
    assert_true(!note_parse(buffer_bytes(&text), &note));
    assert_int_equal(cosignature_verify(&note, &witness, &time_s, NULL),
                     STING_E_FORGED);
}

/* ---- verify, V10 ---- */

static struct verify_report verify_with(struct garden *garden,
                                        struct bytes anchor,
                                        const struct vkey *witness,
                                        int64_t now_us)
{
    struct verify_report report;
    struct fault fault = {.why = ""};
    const struct verify_options options = {
        .known = {.now_us = now_us,
                  .witness = witness,
                  .witnesses = witness != NULL,
                  .anchor = &anchor,
                  .anchors = anchor.size > 0}};
    if (verify_operation(garden->dir, &options, &report, &fault)) {
        fail_msg("%s", fault.why);
    }
    return report;
}

/* The newest checkpoint of the garden, with a cosignature. */
static struct buffer garden_cosigned(struct garden *garden,
                                     const struct vkey *witness,
                                     uint64_t time_s, bool as_other)
{
    struct note note;
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer out = {0};
    assert_true(!anchor_newest_note(garden->dir, &text, &note, NULL));
    if (as_other) {
        text.data[8] ^= 1; /* in the origin */
    }
    text.size--;
    assert_true(!buffer_append(&out, buffer_bytes(&text)));
    assert_true(
        !cosignature_write(witness, &witness_key, note.text, time_s, &out));
    assert_true(!note_close(&out));
    return out;
}

static void garden_closed(struct garden *garden)
{
    garden_make(garden, NULL);
    struct ledger *ledger = garden_open(garden);
    assert_true(!ledger_close(&ledger, garden->now, "done", NULL));
}

static void only_a_known_witness_of_this_ledger_and_time_counts(void **state)
{
    (void)state;
    struct garden garden;
    garden_closed(&garden);
    struct vkey witness = witness_vkey("witness/w1");
    struct vkey other = witness_vkey("witness/w2");
    uint64_t then_s = (uint64_t)garden.now.utc_us / 1000000;
    int64_t today_us = garden.now.utc_us + INT64_C(86400000000);
    const struct {
        const struct vkey *known;
        uint64_t time_s;
        bool as_other;
        bool counts;
        enum verify_verdict verdict;
        const char *state;
    } row[] = {
        {&witness, then_s, false, true, VERIFY_INTACT, "good"},
        {&other, then_s, false, false, VERIFY_INTACT, "unknown-key"},
        {&witness, then_s + 172800, false, false, VERIFY_INTACT, "future"},
        {&witness, then_s, true, false, VERIFY_UNVERIFIABLE, NULL},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct buffer anchor STING_AUTO(buffer_release) =
            garden_cosigned(&garden, &witness, row[i].time_s, row[i].as_other);
        struct verify_report report STING_AUTO(verify_report_release) =
            verify_with(&garden, buffer_bytes(&anchor), row[i].known, today_us);
        assert_int_equal(report.verdict, row[i].verdict);
        assert_int_equal(report.anchored_until_us > 0, row[i].counts);
        if (row[i].state) {
            assert_string_equal(report.anchor[report.anchors - 1].state,
                                row[i].state);
        }
    }
    garden_remove(&garden);
}

static void an_anchor_beyond_the_end_is_cut_and_another_root_tampered(void **s)
{
    (void)s;
    struct garden garden;
    garden_closed(&garden);
    struct note note;
    struct buffer newest STING_AUTO(buffer_release) = {0};
    assert_true(!anchor_newest_note(garden.dir, &newest, &note, NULL));
    char origin[NOTE_MOST_NAME + 1];
    snprintf(origin, sizeof origin, "%.*s", (int)note.origin.size,
             note.origin.data);
    for (int beyond = 0; beyond < 2; beyond++) {
        struct buffer text STING_AUTO(buffer_release) = {0};
        assert_true(
            !note_write(&text, origin, note.size + (uint64_t)beyond, leaf(1)));
        struct verify_report report STING_AUTO(verify_report_release) =
            verify_with(&garden, (struct bytes){text.data, text.size - 1}, NULL,
                        garden.now.utc_us);
        assert_int_equal(report.verdict, beyond ? VERIFY_CUT : VERIFY_TAMPERED);
        assert_int_equal(report.anchored_until_us, 0);
    }
    garden_remove(&garden);
}

/* Also the very first checkpoint, over the genesis line alone. */
static void an_anchor_over_every_checkpoint_fits(void **state)
{
    (void)state;
    struct garden garden;
    garden_make(&garden, NULL);
    for (int i = 0; i < 3; i++) {
        struct note note;
        struct buffer newest STING_AUTO(buffer_release) = {0};
        assert_true(!anchor_newest_note(garden.dir, &newest, &note, NULL));
        assert_true(i > 0 || note.size == 1);
        struct ledger *ledger = garden_open(&garden);
        assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
        struct verify_report report STING_AUTO(verify_report_release) =
            verify_with(&garden, buffer_bytes(&newest), NULL,
                        garden.now.utc_us);
        assert_string_equal(report.reason, "");
        assert_int_equal(report.verdict, VERIFY_INTACT);
    }
    garden_remove(&garden);
}

/* A station at work, and a witness who answers it. */
struct work {
    struct garden *garden;
    struct ledger *ledger;
    const struct vkey *witness;
    bool is_done;
    const char *at; /* as the line tells the time; NULL: it does not */
};

static void anchor_comes(void *context, const struct verify_report *so_far)
{
    struct work *work = context;
    char key[VKEY_TEXT_SIZE];
    char text[3][DIGEST_TEXT_SIZE];
    struct note note;
    struct digest ct;
    (void)so_far;
    if (work->is_done) {
        return;
    }
    work->is_done = true;
    struct buffer whole STING_AUTO(buffer_release) =
        garden_cosigned(work->garden, work->witness,
                        (uint64_t)work->garden->now.utc_us / 1000000, false);
    assert_true(!note_parse(buffer_bytes(&whole), &note));
    assert_true(!anchor_file_put(work->garden->dir,
                                 ANCHOR_FOLDER "/00000001.note",
                                 buffer_bytes(&whole), &ct, NULL));
    snprintf(text[0], sizeof text[0], "%llu", (unsigned long long)note.size);
    const struct line_field field[] = {
        {"size", text[0]},
        {"root", digest_text(note.root, text[1])},
        {"witness", work->witness->name},
        {"sig", "x"},
        {"at", work->at},
        {"key", vkey_text(work->witness, key)},
        {"file", ANCHOR_FOLDER "/00000001.note"},
        {"ct", digest_text(ct, text[2])}};
    if (!work->ledger) {
        intruder_appends(work->garden->dir, "cosig", field,
                         sizeof field / sizeof *field);
        return;
    }
    assert_true(!ledger_append(work->ledger, work->garden->now, "cosig", field,
                               sizeof field / sizeof *field, NULL, NULL));
}

static void an_anchor_that_comes_meanwhile_is_no_tampering(void **state)
{
    (void)state;
    struct garden garden;
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    struct fault fault = {.why = ""};
    const struct vkey witness = witness_vkey("witness/w1");
    garden_make(&garden, NULL);
    struct ledger *ledger STING_AUTO(ledger_free) = garden_open(&garden);
    const struct line_field lost[] = {{"camera", "garage"}, {"state", "lost"}};
    for (int i = 0; i < 40; i++) {
        assert_true(
            !ledger_append(ledger, garden.now, "camera", lost, 2, NULL, NULL));
    }
    assert_true(!ledger_checkpoint(ledger, garden.now, NULL));
    struct work work = {&garden, ledger, &witness, false, NULL};
    const struct verify_options options = {
        .known = {.now_us = garden.now.utc_us},
        .progress = anchor_comes,
        .context = &work};
    assert_true(!verify_operation(garden.dir, &options, &report, &fault));
    assert_true(work.is_done);
    assert_string_equal(report.reason, "");
    assert_int_equal(report.verdict, VERIFY_INTACT);
    garden_remove(&garden);
}

/* Whom to believe is said by lines; anybody can append one, and a note with
 * his own signature, to a copy. */
static void a_witness_counts_once_the_line_that_names_him_is_signed(void **s)
{
    (void)s;
    for (int is_signed = 0; is_signed < 2; is_signed++) {
        struct garden garden;
        const struct vkey witness = witness_vkey("witness/w1");
        garden_closed(&garden);
        struct ledger *ledger = garden_open(&garden);
        assert_true(!ledger_checkpoint(ledger, garden.now, NULL));
        struct work work = {&garden, is_signed ? ledger : NULL, &witness, false,
                            NULL};
        anchor_comes(&work, NULL);
        if (is_signed) {
            assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
        }
        ledger_free(&ledger);
        struct verify_report report STING_AUTO(verify_report_release) =
            verify_with(&garden, (struct bytes){0}, NULL, garden.now.utc_us);
        assert_string_equal(report.reason, "");
        assert_int_equal(report.anchored_until_us > 0, is_signed);
        garden_remove(&garden);
    }
}

/* Reports show the line; what the witness said is in the file. */
static void a_line_that_dates_a_cosignature_back_is_tampering(void **state)
{
    (void)state;
    for (int is_false = 0; is_false < 2; is_false++) {
        struct garden garden;
        char at[LINE_TIME_SIZE];
        const struct vkey witness = witness_vkey("witness/w1");
        garden_closed(&garden);
        int64_t then_us = garden.now.utc_us / 1000000 * 1000000;
        struct ledger *ledger = garden_open(&garden);
        assert_true(!ledger_checkpoint(ledger, garden.now, NULL));
        struct work work = {
            &garden, ledger, &witness, false,
            line_time_text(then_us - is_false * INT64_C(86400000000), at)};
        anchor_comes(&work, NULL);
        assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
        struct verify_report report STING_AUTO(verify_report_release) =
            verify_with(&garden, (struct bytes){0}, NULL, garden.now.utc_us);
        assert_int_equal(report.verdict,
                         is_false ? VERIFY_TAMPERED : VERIFY_INTACT);
        assert_string_equal(
            report.reason,
            is_false ? "the line tells another time than its anchor" : "");
        garden_remove(&garden);
    }
}

static void a_missing_anchor_is_never_better_than_intact(void **state)
{
    (void)state;
    struct garden garden;
    garden_closed(&garden);
    struct verify_report report STING_AUTO(verify_report_release) =
        verify_with(&garden, (struct bytes){0}, NULL, garden.now.utc_us);
    struct buffer words STING_AUTO(buffer_release) = {0};
    assert_int_equal(report.verdict, VERIFY_INTACT);
    assert_int_equal(report.anchored_until_us, 0);
    assert_true(!verify_report_text(&report, &words));
    assert_non_null(strstr(buffer_text(&words), "no outsider vouches"));
    garden_remove(&garden);
}

/* Which of them counted would be chance. */
static void more_records_than_are_judged_are_told(void **state)
{
    (void)state;
    char path[ARCHIVE_PATH_SIZE];
    struct garden garden;
    garden_two_streams(&garden);
    assert_true(!folder_make(garden.dir, ARCHIVE_FOLDER));
    for (unsigned i = 0; i <= ARCHIVE_MOST_FOUND; i++) {
        archive_record_path(i, 1, path);
        int file STING_AUTO(fd_close) =
            openat(garden.dir, path, O_WRONLY | O_CREAT, 0600);
        assert_true(file >= 0);
        if (i + 1 < ARCHIVE_MOST_FOUND) {
            continue;
        }
        struct verify_report report STING_AUTO(verify_report_release) =
            verify_with(&garden, (struct bytes){0}, NULL, garden.now.utc_us);
        bool is_all = i < ARCHIVE_MOST_FOUND;
        assert_int_equal(report.verdict,
                         is_all ? VERIFY_INTACT : VERIFY_UNVERIFIABLE);
        assert_true(is_all || strstr(report.reason, "more than 10000 records"));
    }
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(every_growth_up_to_seventy_lines_is_consistent),
        cmocka_unit_test(published_proofs_of_rfc_6962_hold),
        cmocka_unit_test(a_changed_short_or_long_proof_is_refused),
        cmocka_unit_test(another_root_or_size_is_refused),
        cmocka_unit_test(the_published_key_of_signed_notes_is_read),
        cmocka_unit_test(a_key_with_another_id_or_kind_is_refused),
        cmocka_unit_test(
            a_cosignature_counts_for_its_witness_text_and_time_alone),
        cmocka_unit_test(only_a_known_witness_of_this_ledger_and_time_counts),
        cmocka_unit_test(
            an_anchor_beyond_the_end_is_cut_and_another_root_tampered),
        cmocka_unit_test(an_anchor_over_every_checkpoint_fits),
        cmocka_unit_test(an_anchor_that_comes_meanwhile_is_no_tampering),
        cmocka_unit_test(
            a_witness_counts_once_the_line_that_names_him_is_signed),
        cmocka_unit_test(a_line_that_dates_a_cosignature_back_is_tampering),
        cmocka_unit_test(a_missing_anchor_is_never_better_than_intact),
        cmocka_unit_test(more_records_than_are_judged_are_told),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
