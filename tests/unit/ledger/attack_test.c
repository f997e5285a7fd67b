/* Attacks and failures, each with the verdict that it must get; the numbers
 * are those of the list in tests/unit/ledger/README.md. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger/ledger_state.h"
#include "ledger/proof.h"
#include "ledger/reader.h"
#include "tests/check.h"
#include "tests/unit/ledger/forge.h"
#include "tests/unit/ledger/intruder.h"
#include "tests/unit/ledger/judge.h"

#define LEDGER "evidence/ledger"
#define NOTES "evidence/checkpoints/2011-11-01.notes"
#define FIRST "evidence/segments/garage/2011-11-01/00000000.m4s.age"

static struct forge forge; /* too large for the stack */
static struct garden garden;

static void expect(enum verify_verdict expected, const char *words)
{
    assert_reason(&garden, expected, words);
    garden_remove(&garden);
}

/* ---- 4: deleted ---- */

static void a4_a_deleted_file_line_or_both_is_found(void **state)
{
    (void)state;
    forge_recorded(&garden, &forge);
    assert_true(!unlinkat(garden.dir, FIRST, 0));
    expect(VERIFY_TAMPERED, "missing");

    garden_closed(&garden, 20, 300); /* the line, by one without keys */
    struct page page STING_AUTO(page_release) = {.lines = 0};
    page_read(&garden, &page);
    memmove(page.line + 4, page.line + 5, (page.lines - 5) * sizeof *page.line);
    page.lines--;
    page_write(&garden, &page);
    assert_true(!unlinkat(garden.dir, FIRST, 0));
    expect(VERIFY_TAMPERED, "");

    forge_recorded(
        &garden, &forge); /* both, by one who has the keys: the hole is told */
    forge_remove(&forge, forge_find(&forge, "seg", 0));
    size_t second = forge_find(&forge, "seg", 0);
    char moved[LINE_MOST_BYTES + 1];
    memcpy(moved, forge.line[second], sizeof moved);
    assert_true(!unlinkat(garden.dir, FIRST, 0));
    forge_remove(&forge, second);
    forge_write(&garden, &forge);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.verdict, VERIFY_INTACT);
    assert_int_equal(report.unclaimed, 1); /* its file lies there */
    garden_remove(&garden);
}

/* ---- by one without keys ---- */

static void a4_a_line_left_out_doubled_or_moved_is_found(void **state)
{
    (void)state;
    garden_closed(&garden, 10, 100);
    struct page page STING_AUTO(page_release) = {.lines = 0};
    page_read(&garden, &page);
    const struct page kept = page;
    for (size_t i = 0; i + 1 < kept.lines; i++) {
        page.lines = kept.lines - 1; /* left out */
        memmove(page.line + i, kept.line + i + 1,
                (kept.lines - i - 1) * sizeof *page.line);
        page_write(&garden, &page);
        assert_verdict(&garden, VERIFY_TAMPERED);
        memcpy(page.line, kept.line, sizeof page.line);
        page.lines = kept.lines + 1; /* doubled */
        memmove(page.line + i + 1, kept.line + i,
                (kept.lines - i) * sizeof *page.line);
        page_write(&garden, &page);
        assert_verdict(&garden, VERIFY_TAMPERED);
        memcpy(page.line, kept.line, sizeof page.line);
        page.lines = kept.lines; /* changed places */
        page.line[i] = kept.line[i + 1];
        page.line[i + 1] = kept.line[i];
        page_write(&garden, &page);
        assert_verdict(&garden, VERIFY_TAMPERED);
        memcpy(page.line, kept.line, sizeof page.line);
    }
    garden_remove(&garden);
}

static void a9_checkpoints_without_one_signature_are_never_intact(void **state)
{
    (void)state;
    struct buffer notes STING_AUTO(buffer_release) = {0};
    const char *path = "evidence/checkpoints/2011-11-01.notes";
    garden_closed(&garden, 10, 100);
    assert_true(!file_read(garden.dir, path, 100000, &notes, NULL));
    size_t found = 0;
    for (size_t at = 0; at + 3 < notes.size; at++) {
        if (memcmp(notes.data + at, "\xe2\x80\x94", 3) != 0) {
            continue;
        }
        struct buffer cut STING_AUTO(buffer_release) = {0};
        const uint8_t *lf = memchr(notes.data + at, '\n', notes.size - at);
        size_t next = (size_t)(lf - notes.data) + 1;
        assert_true(!buffer_append(&cut, (struct bytes){notes.data, at}));
        assert_true(!buffer_append(
            &cut, (struct bytes){notes.data + next, notes.size - next}));
        assert_true(
            !file_write(garden.dir, path, buffer_bytes(&cut), 0600, NULL));
        assert_verdict(&garden, VERIFY_UNVERIFIABLE);
        found++;
    }
    assert_int_equal(found, 6); /* three checkpoints, two keys */
    assert_true(!unlinkat(garden.dir, path, 0));
    assert_verdict(&garden, VERIFY_UNVERIFIABLE);
    garden_remove(&garden);
}

/* ---- 6: cut ---- */

static void cut_ledger(off_t size)
{
    int file STING_AUTO(fd_close) = openat(garden.dir, LEDGER, O_WRONLY);
    assert_true(ftruncate(file, size) == 0);
}

static void judge_cut(size_t at, bool at_line)
{
    cut_ledger((off_t)at);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    enum verify_verdict expected = report.entries == 0 ? VERIFY_UNVERIFIABLE
                                   : at_line           ? VERIFY_CUT
                                                       : VERIFY_TAMPERED;
    if (report.verdict != expected) {
        fail_msg("cut at %zu: %s: %s", at, verify_verdict_text(report.verdict),
                 report.reason);
    }
}

static void a6_a_ledger_cut_anywhere_is_never_intact_beyond_its_end(void **s)
{
    (void)s;
    struct buffer text STING_AUTO(buffer_release) = {0};
    forge_make(&garden, &forge, 3);
    assert_true(!file_read(garden.dir, LEDGER, 1000000, &text, NULL));
    for (size_t at = text.size; at-- > 0;) {
        bool at_line = at == 0 || text.data[at - 1] == '\n';
        if (at_line || at % 97 == 0) { /* and some places within lines */
            judge_cut(at, at_line);
        }
    }
    garden_remove(&garden);
}

/* With its checkpoints, at the end of an epoch: nothing is left that would
 * show it but an outsider, and the report says so. */
static void a3_a_changed_size_of_the_last_checkpoint_is_tampered(void **s)
{
    (void)s;
    static const char notes[] = "evidence/checkpoints/2011-11-01.notes";
    struct buffer text STING_AUTO(buffer_release) = {0};
    char size[24];
    forge_make(&garden, &forge, 3);
    assert_true(!file_read(garden.dir, notes, 1000000, &text, NULL));
    snprintf(size, sizeof size, "\n%zu\n", forge.lines);
    uint8_t *at = memmem(text.data, text.size, size, strlen(size));
    assert_non_null(at);
    at[1] = '9'; /* of more lines than there are */
    assert_true(
        !file_write(garden.dir, notes, buffer_bytes(&text), 0600, NULL));
    expect(VERIFY_TAMPERED, "changed after it was signed");
}
static void a6_a_cut_at_an_epochs_end_needs_an_outsider_to_be_seen(void **s)
{
    (void)s;
    forge_make(&garden, &forge, 3);
    size_t at = forge_find(&forge, "epoch", 0);
    while (forge.lines > at + 1) {
        forge_remove(&forge, forge.lines - 1);
    }
    forge_write(&garden, &forge);
    assert_words(&garden, "no outsider vouches", NULL);
    expect(VERIFY_INTACT, "");
}

/* ---- 7: cut, and gone on with stolen keys ---- */

static void a7_a_closed_epoch_cannot_be_gone_on_from_with_stolen_keys(void **s)
{
    (void)s;
    const struct line_field field[] = {{"camera", "tap"}, {"state", "off"}};
    char boot[LINE_BOOT_SIZE];
    forge_make(&garden, &forge, 4);
    size_t at = forge_find(&forge, "epoch", 0) - 1; /* within epoch 0 */
    struct moment when = forge_moment(&forge, at, boot);
    while (forge.lines > at) {
        forge_remove(&forge, forge.lines - 1);
    }
    forge_insert(&forge, at, boot, when, "camera", field, 2);
    /* What a thief has: the log key and the key of the epoch now open. */
    forge.other_note = 1;
    forge.other_key = &forge.epoch_key[4];
    forge.other_epoch = 0;
    forge_write(&garden, &forge);
    expect(VERIFY_TAMPERED, "another key than the epoch key");
}

static void a7_the_key_on_the_disk_is_not_that_of_an_older_record(void **s)
{
    (void)s;
    struct ledger *ledger = NULL;
    struct fault fault = {.why = ""};
    const struct ledger_context context = {.random = &random_kernel};
    forge_make(&garden, &forge, 3);
    size_t at = forge_find(&forge, "epoch", 0);
    while (forge.lines > at) {
        forge_remove(&forge, forge.lines - 1);
    }
    forge_write(&garden, &forge);
    assert_int_equal(
        ledger_open(garden.dir, &context, garden.now, &ledger, &fault),
        STING_E_FORGED);
    garden_remove(&garden);
}

/* ---- 9: without signatures or closes ---- */

static void remove_closes(void)
{
    for (size_t i = forge.lines; i-- > 0;) {
        if (strstr(forge.line[i], " epoch n=")) {
            forge_remove(&forge, i);
        }
    }
}

static void a9_without_any_close_or_signature_it_is_never_intact(void **state)
{
    (void)state;
    for (int own_name = 0; own_name < 2; own_name++) {
        forge_make(&garden, &forge, 3); /* by who has the newest key only */
        remove_closes();
        forge.other_note = 1;
        forge.other_key = &forge.epoch_key[3];
        forge.other_epoch = own_name ? 3 : 0;
        forge_write(&garden, &forge);
        expect(VERIFY_TAMPERED, "another key than the epoch key");
    }
    forge_make(&garden, &forge, 3);
    remove_closes();
    forge.lacks_epoch_sig = true;
    forge_write(&garden, &forge);
    assert_verdict(&garden, VERIFY_UNVERIFIABLE);
    assert_true(!unlinkat(garden.dir, NOTES, 0));
    expect(VERIFY_UNVERIFIABLE, "checkpoint");
}

/* ---- 12: dated back as a whole ---- */

static void a12_a_whole_record_dated_back_is_not_bounded_in_time(void **state)
{
    (void)state;
    garden_closed(&garden, 10, 100); /* its clock says 2011 */
    assert_words(&garden, "no outsider vouches for a time yet", NULL);
    expect(VERIFY_INTACT, "");
}

/* ---- 24: a key is lost ---- */

static void a24_with_one_identity_lost_the_other_opens_all(void **state)
{
    (void)state;
    garden_closed(&garden, 10, 100);
    for (size_t i = 0; i < 2; i++) {
        struct secret kept = garden.identity[i];
        garden.identity[0] = kept;
        struct verify_report report STING_AUTO(verify_report_release) =
            judge(&garden, true);
        assert_int_equal(report.verdict, VERIFY_INTACT);
        assert_true(report.opened > 0);
    }
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false); /* with both lost, what is sealed is checked */
    assert_int_equal(report.verdict, VERIFY_INTACT);
    garden_remove(&garden);
}

/* ---- 28: erased, and proven ---- */

/* A copy of the evidence, without a key: a line that nobody signed. */
static void a28_an_erase_line_that_nobody_signed_excuses_nothing(void **state)
{
    (void)state;
    garden_closed(&garden, 30, 100);
    assert_true(!unlinkat(garden.dir, FIRST, 0));
    const struct line_field field[] = {{"what", "recordings"},
                                       {"camera", "garage"},
                                       {"date", "2011-11-01"},
                                       {"count", "1"},
                                       {"why", "retention"}};
    intruder_appends(garden.dir, "erase", field, 5);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.verdict, VERIFY_TAMPERED);
    assert_string_equal(report.file, FIRST);
    assert_int_equal(report.erased, 0);
    assert_true(report.tail_entries > 0);
    garden_remove(&garden);
}

static bool is_first_seg(void *context, const struct line *line)
{
    int64_t n = -1;
    (void)context;
    return !strcmp(line->kind->name, "seg") && !line_integer(line, "n", &n) &&
           n == 0;
}

static void a28_an_erased_recording_is_still_proven_and_so_its_neighbours(
    void **state)
{
    (void)state;
    garden_closed(&garden, 30, 100);
    assert_true(!unlinkat(garden.dir, FIRST, 0));
    struct ledger *ledger = garden_open(&garden);
    garden_say_erased(&garden, ledger, "day", "why", "retention");
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, true);
    assert_int_equal(report.verdict, VERIFY_INTACT);
    assert_int_equal(report.erased, 1);
    struct ledger_proof proof STING_AUTO(ledger_proof_release) = {0};
    struct note note;
    assert_true(
        !ledger_proof_make(garden.dir, is_first_seg, NULL, 0, &proof, NULL));
    assert_true(!note_parse(buffer_bytes(&proof.note), &note));
    assert_true(!proof_check(&proof.path, tree_leaf(buffer_bytes(&proof.line)),
                             note.root));
    assert_non_null(strstr(buffer_text(&proof.line), " ct="));
    garden_remove(&garden);
}

/* ---- 34: floods ---- */

static long peak_kb(void)
{
    struct rusage used;
    return getrusage(RUSAGE_SELF, &used) ? -1 : used.ru_maxrss;
}

/* A line of a quarter of a gigabyte, read in a process of its own that may
 * grow by a quarter of that. */
static void a34_a_line_without_end_is_refused_in_little_memory(void **state)
{
    (void)state;
    int ended = 0;
    garden_closed(&garden, 4, 100);
    int file = openat(garden.dir, LEDGER, O_WRONLY | O_APPEND);
    struct stat info;
    assert_true(fstat(file, &info) == 0);
    assert_true(ftruncate(file, info.st_size + (256 << 20)) == 0);
    assert_true(write(file, "\n", 1) == 1);
    fd_close(&file);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        const struct verify_options options = {.identity = NULL};
        struct verify_report report;
        long before = peak_kb();
        bool failed = verify_operation(garden.dir, &options, &report, NULL);
        bool is_small = peak_kb() - before < 64L * 1024;
        _exit(failed || report.verdict != VERIFY_UNVERIFIABLE || !is_small);
    }
    assert_int_equal(waitpid(pid, &ended, 0), pid);
    assert_true(WIFEXITED(ended));
    assert_int_equal(WEXITSTATUS(ended), 0);
    garden_remove(&garden);
}

/* ---- 35: versions mixed ---- */

static void a35_lines_of_a_later_version_end_what_can_be_verified(void **state)
{
    (void)state;
    forge_make(&garden, &forge, 3);
    size_t at = forge_find(&forge, "epoch", 0) + 2;
    forge_change(&forge, at, " camera camera=", " lidar camera=");
    forge_write(&garden, &forge);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.verdict, VERIFY_UNVERIFIABLE);
    assert_int_equal(report.at, at); /* from there, and not skipped */
    garden_remove(&garden);
}

/* ---- 37: the case key replaced ---- */

static void a37_a_forged_whole_case_has_another_fingerprint(void **state)
{
    (void)state;
    garden_closed(&garden, 4, 100);
    struct verify_report true_one STING_AUTO(verify_report_release) =
        judge(&garden, false);
    garden_remove(&garden);
    garden_closed(&garden, 4, 100); /* all keys are the forger's */
    struct verify_report forged STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(forged.verdict, VERIFY_INTACT);
    assert_string_not_equal(true_one.case_key, forged.case_key);
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a3_a_changed_size_of_the_last_checkpoint_is_tampered),
        cmocka_unit_test(a4_a_deleted_file_line_or_both_is_found),
        cmocka_unit_test(a4_a_line_left_out_doubled_or_moved_is_found),
        cmocka_unit_test(a9_checkpoints_without_one_signature_are_never_intact),
        cmocka_unit_test(
            a6_a_ledger_cut_anywhere_is_never_intact_beyond_its_end),
        cmocka_unit_test(
            a6_a_cut_at_an_epochs_end_needs_an_outsider_to_be_seen),
        cmocka_unit_test(
            a7_a_closed_epoch_cannot_be_gone_on_from_with_stolen_keys),
        cmocka_unit_test(a7_the_key_on_the_disk_is_not_that_of_an_older_record),
        cmocka_unit_test(a9_without_any_close_or_signature_it_is_never_intact),
        cmocka_unit_test(a12_a_whole_record_dated_back_is_not_bounded_in_time),
        cmocka_unit_test(a24_with_one_identity_lost_the_other_opens_all),
        cmocka_unit_test(a28_an_erase_line_that_nobody_signed_excuses_nothing),
        cmocka_unit_test(
            a28_an_erased_recording_is_still_proven_and_so_its_neighbours),
        cmocka_unit_test(a34_a_line_without_end_is_refused_in_little_memory),
        cmocka_unit_test(a35_lines_of_a_later_version_end_what_can_be_verified),
        cmocka_unit_test(a37_a_forged_whole_case_has_another_fingerprint),
    };
    return cmocka_run_group_tests_name("attacks", test, NULL, NULL);
}
