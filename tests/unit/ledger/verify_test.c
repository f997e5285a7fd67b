#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/verify.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"

static struct verify_report verify(struct garden *garden, bool inside)
{
    struct verify_report report;
    struct fault fault = {.why = ""};
    const struct verify_options options = {
        .identity = inside ? &garden->identity[0] : NULL};
    if (verify_operation(garden->dir, &options, &report, &fault)) {
        fail_msg("%s", fault.why);
    }
    return report;
}

static void assert_words(struct garden *garden, const char *has,
                         const char *lacks)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct verify_report report STING_AUTO(verify_report_release) =
        verify(garden, false);
    assert_int_equal(verify_report_text(&report, &out), STING_OK);
    if (!strstr(buffer_text(&out), has) || strstr(buffer_text(&out), lacks)) {
        fail_msg("it says:\n%sand not \"%s\", or \"%s\"", buffer_text(&out),
                 has, lacks);
    }
}

static void assert_verdict(struct garden *garden, enum verify_verdict expected)
{
    struct verify_report report STING_AUTO(verify_report_release) =
        verify(garden, false);
    if (report.verdict != expected) {
        fail_msg("%s at %" PRIu64 " %s: %s, expected %s",
                 verify_verdict_text(report.verdict), report.at, report.file,
                 report.reason, verify_verdict_text(expected));
    }
}

/* A closed operation: an hour in the life of a garage, small. */
static void make_closed(struct garden *garden, uint64_t fragments, size_t size)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct ledger_blob blob;
    char ct[DIGEST_TEXT_SIZE];
    char pt[DIGEST_TEXT_SIZE];
    garden_make(garden, NULL);
    struct ledger *ledger = garden_open(garden);
    assert_true(!recording_new(ledger, "garage", &recording, NULL));
    assert_true(!garden_init(garden, recording));
    assert_true(!garden_record(garden, recording, 0, fragments, size));
    assert_true(!ledger_blob(ledger, bytes_of_text("it drips"), &blob, NULL));
    const struct line_field field[] = {{"type", "seen"},
                                       {"blob", digest_text(blob.ct, ct)},
                                       {"pt", digest_text(blob.pt, pt)}};
    assert_true(
        !ledger_append(ledger, garden->now, "note", field, 3, NULL, NULL));
    assert_true(!ledger_checkpoint(ledger, garden->now, NULL));
    assert_true(!recording_close(recording, garden->now, NULL));
    assert_true(!ledger_close(&ledger, garden->now, "done", NULL));
}

static void a_closed_operation_is_intact(void **state)
{
    (void)state;
    struct garden garden;
    make_closed(&garden, 20, 3000);
    for (int inside = 0; inside < 2; inside++) {
        struct verify_report report STING_AUTO(verify_report_release) =
            verify(&garden, inside);
        assert_string_equal(report.reason, "");
        assert_int_equal(report.verdict, VERIFY_INTACT);
        assert_int_equal(report.tail_entries, 0);
        assert_int_equal(report.segments, 4); /* with the init */
        assert_int_equal(report.blobs, 2);
        assert_int_equal(report.opened, inside ? 6 : 0);
        assert_int_equal(report.unclaimed, 0);
        assert_int_equal(report.gaps, 0);
    }
    garden_remove(&garden);
}

static void a_stop_and_a_restart_are_no_tampering(void **state)
{
    (void)state;
    struct garden garden;
    make_closed(&garden, 10, 500);
    for (uint64_t i = 1; i < 4; i++) {
        struct recording *recording STING_AUTO(recording_free) = NULL;
        struct ledger *ledger = garden_open(&garden);
        garden_wait(&garden, 3600000000);
        assert_true(!recording_new(ledger, "garage", &recording, NULL));
        assert_true(!garden_init(&garden, recording));
        assert_true(!garden_record(&garden, recording, 100 * i, 10, 500));
        assert_true(!recording_close(recording, garden.now, NULL));
        assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    }
    assert_verdict(&garden, VERIFY_INTACT);
    garden_remove(&garden);
}

static void an_open_session_has_a_tail(void **state)
{
    (void)state;
    struct garden garden;
    make_closed(&garden, 10, 500);
    struct ledger *ledger STING_AUTO(ledger_free) = garden_open(&garden);
    garden_wait(&garden, 7500000);
    const struct line_field field[] = {{"camera", "garage"}, {"state", "lost"}};
    assert_true(
        !ledger_append(ledger, garden.now, "camera", field, 2, NULL, NULL));
    struct verify_report report STING_AUTO(verify_report_release) =
        verify(&garden, false);
    assert_int_equal(report.verdict, VERIFY_INTACT);
    assert_int_equal(report.tail_entries, 3);
    assert_true(report.tail_s > 7.4 && report.tail_s < 7.6);
    assert_true(report.signed_until_us > 0);
    struct buffer words STING_AUTO(buffer_release) = {0};
    assert_true(!verify_report_text(&report, &words));
    *strchr((char *)words.data, '\n') = '\0'; /* its first line */
    assert_non_null(strstr(buffer_text(&words), "INTACT up to entry "));
    assert_non_null(
        strstr(buffer_text(&words), "NOT SIGNED: 3 entries after it (7.5 s)"));
    garden_remove(&garden);
}

static void a_crash_leaves_gaps_and_nothing_worse(void **state)
{
    (void)state;
    struct garden garden;
    struct recording *recording = NULL;
    make_closed(&garden, 10, 500);
    struct ledger *ledger = garden_open(&garden);
    assert_true(!recording_new(ledger, "garage", &recording, NULL));
    assert_true(!garden_init(&garden, recording));
    assert_true(!garden_record(&garden, recording, 500, 12, 500));
    recording_free(&recording);
    ledger_free(&ledger);
    assert_verdict(&garden, VERIFY_INTACT); /* with a tail */
    assert_words(&garden, " files without an entry\n", "everything is signed");
    assert_words(&garden, "files are here without an entry in the record: ",
                 "everything is signed");
    ledger = garden_open(&garden);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_words(&garden, "  everything that is here is signed\n",
                 "NOT SIGNED");
    struct verify_report report STING_AUTO(verify_report_release) =
        verify(&garden, true);
    assert_string_equal(report.reason, "");
    assert_int_equal(report.verdict, VERIFY_GAPS);
    assert_int_equal(report.gaps, 1);
    assert_string_equal(report.gap[0].cause, "crash");
    assert_int_equal(report.unclaimed, 0);
    garden_remove(&garden);
}

/* ---- every byte ---- */

/* The entry that a file belongs to, by its name; -1 for ledger and notes. */
static int64_t entry_of(struct garden *garden, const char *path)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer file STING_AUTO(buffer_release) = {0};
    char hex[DIGEST_TEXT_SIZE];
    assert_true(
        !file_read(garden->dir, "evidence/ledger", 1000000, &text, NULL));
    assert_true(!file_read(garden->dir, path, 1000000, &file, NULL));
    digest_text(digest_of(buffer_bytes(&file)), hex);
    const char *found = strstr(buffer_text(&text), hex);
    int64_t entry = 0;
    if (!found) {
        return -1;
    }
    for (const char *c = buffer_text(&text); c < found; c++) {
        entry += *c == '\n';
    }
    return entry;
}

static void flip(struct garden *garden, const char *path, off_t at, int bit)
{
    uint8_t byte = 0;
    int file STING_AUTO(fd_close) = openat(garden->dir, path, O_RDWR);
    assert_true(pread(file, &byte, 1, at) == 1);
    byte ^= (uint8_t)(1 << bit);
    assert_true(pwrite(file, &byte, 1, at) == 1);
}

/* Was the flipped byte found where it lies? `entry` names the file; -1: none
 * does, and in the ledger it is the line itself. */
static bool is_found_at(const struct verify_report *report, const char *path,
                        int64_t entry, uint64_t line)
{
    bool is_file = !strcmp(report->file, path);
    bool is_entry = entry < 0 || report->at == (uint64_t)entry;
    bool right_place = entry < 0 && !strcmp(path, "evidence/ledger")
                           ? report->at == line
                           : is_file && is_entry;
    bool is_known = report->verdict == VERIFY_TAMPERED && report->has_at;
    return right_place && (is_known || report->verdict == VERIFY_UNVERIFIABLE);
}

/* Flip one bit of every byte of a file, and see that it is found. Where:
 * for a file, in the entry that names it; in the ledger, in that very line;
 * in the notes, in that file. */
static void flip_every_byte(struct garden *garden, const char *path)
{
    struct buffer before STING_AUTO(buffer_release) = {0};
    int64_t entry = entry_of(garden, path);
    uint64_t line = 0;
    assert_true(!file_read(garden->dir, path, 1000000, &before, NULL));
    for (size_t at = 0; at < before.size; at++) {
        flip(garden, path, (off_t)at, (int)(at % 8));
        struct verify_report report STING_AUTO(verify_report_release) =
            verify(garden, false);
        if (!is_found_at(&report, path, entry, line)) {
            fail_msg("%s byte %zu (line %" PRIu64 "): %s at %" PRIu64 " %s: %s",
                     path, at, line, verify_verdict_text(report.verdict),
                     report.at, report.file, report.reason);
        }
        flip(garden, path, (off_t)at, (int)(at % 8));
        line += before.data[at] == '\n';
    }
}

static void walk_files(struct garden *garden, const char *folder,
                       void (*visit)(struct garden *, const char *))
{
    char path[600];
    int dir = openat(garden->dir, folder, O_RDONLY | O_DIRECTORY);
    DIR *listing = fdopendir(dir);
    assert_non_null(listing);
    for (const struct dirent *one = readdir(listing); one;
         one = readdir(listing)) {
        if (one->d_name[0] == '.') {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", folder, one->d_name);
        if (one->d_type == DT_DIR) {
            walk_files(garden, path, visit);
        } else {
            visit(garden, path);
        }
    }
    closedir(listing);
}

static void every_changed_byte_is_found_and_located(void **state)
{
    (void)state;
    struct garden garden;
    make_closed(&garden, 10, 100);
    walk_files(&garden, "evidence", flip_every_byte);
    assert_verdict(&garden, VERIFY_INTACT);
    garden_remove(&garden);
}

static void remove_and_verify(struct garden *garden, const char *path)
{
    struct buffer before STING_AUTO(buffer_release) = {0};
    assert_true(!file_read(garden->dir, path, 1000000, &before, NULL));
    assert_true(!unlinkat(garden->dir, path, 0));
    struct verify_report report STING_AUTO(verify_report_release) =
        verify(garden, false);
    assert_true(report.verdict == VERIFY_TAMPERED ||
                report.verdict == VERIFY_UNVERIFIABLE);
    assert_true(report.reason[0] != '\0');
    assert_true(
        !file_write(garden->dir, path, buffer_bytes(&before), 0600, NULL));
}

static void every_missing_file_is_missed(void **state)
{
    (void)state;
    struct garden garden;
    make_closed(&garden, 10, 100);
    walk_files(&garden, "evidence", remove_and_verify);
    assert_verdict(&garden, VERIFY_INTACT);
    garden_remove(&garden);
}

/* ---- what an attacker would do ---- */

/* Change the ledger as text: its lines, each with its LF. */
struct page {
    struct buffer text;
    struct bytes line[200];
    size_t lines;
};

static void page_release(struct page *page)
{
    buffer_release(&page->text);
}

static void page_read(struct garden *garden, struct page *page)
{
    *page = (struct page){.lines = 0};
    assert_true(
        !file_read(garden->dir, "evidence/ledger", 1000000, &page->text, NULL));
    const uint8_t *at = page->text.data;
    const uint8_t *end = at + page->text.size;
    while (at < end) {
        const uint8_t *lf = memchr(at, '\n', (size_t)(end - at));
        assert_non_null(lf);
        page->line[page->lines++] = (struct bytes){at, (size_t)(lf - at) + 1};
        at = lf + 1;
    }
}

static void page_write(struct garden *garden, const struct page *page)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    for (size_t i = 0; i < page->lines; i++) {
        assert_true(!buffer_append(&out, page->line[i]));
    }
    assert_true(!file_write(garden->dir, "evidence/ledger", buffer_bytes(&out),
                            0600, NULL));
}

static void a_ledger_cut_at_any_line_is_never_intact(void **state)
{
    (void)state;
    struct garden garden;
    struct page page STING_AUTO(page_release);
    make_closed(&garden, 10, 100);
    page_read(&garden, &page);
    const size_t all = page.lines;
    for (page.lines = 0; page.lines < all; page.lines++) {
        page_write(&garden, &page);
        struct verify_report report STING_AUTO(verify_report_release) =
            verify(&garden, false);
        assert_int_equal(report.verdict,
                         page.lines ? VERIFY_CUT : VERIFY_UNVERIFIABLE);
        assert_words(&garden, "", "everything");
    }
    garden_remove(&garden);
}

static void a_line_left_out_doubled_or_moved_is_found(void **state)
{
    (void)state;
    struct garden garden;
    make_closed(&garden, 10, 100);
    struct page page STING_AUTO(page_release);
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

static void checkpoints_without_a_signature_are_never_intact(void **state)
{
    (void)state;
    struct garden garden;
    struct buffer notes STING_AUTO(buffer_release) = {0};
    const char *path = "evidence/checkpoints/2011-11-01.notes";
    make_closed(&garden, 10, 100);
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

/* Whoever takes the machine later has log and epoch key of that moment. */
static void a_closed_epoch_cannot_be_written_again(void **state)
{
    (void)state;
    struct garden garden;
    struct page page STING_AUTO(page_release);
    make_closed(&garden, 10, 100);
    page_read(&garden, &page);
    page.lines = 4; /* forget the rest, and its checkpoints */
    page_write(&garden, &page);
    assert_true(
        !unlinkat(garden.dir, "evidence/checkpoints/2011-11-01.notes", 0));
    struct ledger *ledger = NULL;
    struct fault fault;
    const struct ledger_context context = {.random = &random_kernel};
    assert_int_equal(
        ledger_open(garden.dir, &context, garden.now, &ledger, &fault),
        STING_E_FORGED); /* keys/epoch has moved on */
    assert_verdict(&garden, VERIFY_UNVERIFIABLE);
    garden_remove(&garden);
}

static void a_link_in_place_of_a_file_is_refused(void **state)
{
    (void)state;
    struct garden garden;
    const char *path = "evidence/segments/garage/2011-11-01/00000000.m4s.age";
    make_closed(&garden, 10, 100);
    assert_true(!renameat(garden.dir, path, garden.dir, "elsewhere"));
    assert_true(!symlinkat("../../../../elsewhere", garden.dir, path));
    assert_verdict(&garden, VERIFY_TAMPERED);
    unlinkat(garden.dir, path, 0);
    assert_true(!mkfifoat(garden.dir, path, 0600));
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

static void what_is_no_operation_is_unverifiable(void **state)
{
    (void)state;
    struct garden garden;
    garden_make(&garden, NULL);
    assert_verdict(&garden, VERIFY_INTACT);
    assert_true(!unlinkat(garden.dir, "evidence/ledger", 0));
    assert_verdict(&garden, VERIFY_UNVERIFIABLE);
    assert_words(&garden, "there is no ledger here", "signed");
    assert_words(&garden, "UNVERIFIABLE", "vouches");
    assert_true(!file_write(garden.dir, "evidence/ledger", (struct bytes){0},
                            0600, NULL));
    assert_verdict(&garden, VERIFY_UNVERIFIABLE);
    garden_remove(&garden);
}

static void recordings_that_were_erased_are_accounted_for(void **state)
{
    (void)state;
    struct garden garden;
    make_closed(&garden, 10, 100);
    assert_true(!unlinkat(
        garden.dir, "evidence/segments/garage/2011-11-01/00000000.m4s.age", 0));
    assert_verdict(&garden, VERIFY_TAMPERED);
    struct ledger *ledger = garden_open(&garden);
    const struct line_field field[] = {{"what", "day"},
                                       {"camera", "garage"},
                                       {"date", "2011-11-01"},
                                       {"count", "1"},
                                       {"why", "retention"}};
    assert_true(
        !ledger_append(ledger, garden.now, "erase", field, 5, NULL, NULL));
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    struct verify_report report STING_AUTO(verify_report_release) =
        verify(&garden, false);
    assert_int_equal(report.verdict, VERIFY_INTACT);
    assert_int_equal(report.erased, 1);
    garden_remove(&garden);
}

static void write_bait(struct garden *garden, const char *original)
{
    struct fault fault;
    assert_true(!folder_make(garden->dir, "bait/tank"));
    assert_true(!file_write(garden->dir, "bait/tank/original.pdf.age",
                            bytes_of_text(original), 0600, &fault));
    assert_true(!file_write(garden->dir, "bait/tank/reference.age",
                            bytes_of_text("where words are"), 0600, &fault));
}

static void append_bait(struct garden *garden, const char *original)
{
    char sealed[DIGEST_TEXT_SIZE];
    char reference[DIGEST_TEXT_SIZE];
    struct ledger *ledger = garden_open(garden);
    digest_text(digest_of(bytes_of_text(original)), sealed);
    digest_text(digest_of(bytes_of_text("where words are")), reference);
    const struct line_field field[] = {
        {"bait", "tank"}, {"state", "added"}, {"original", sealed},
        {"pages", "6"},   {"sealed", sealed}, {"reference", reference}};
    assert_true(
        !ledger_append(ledger, garden->now, "bait", field, 6, NULL, NULL));
    assert_true(!ledger_close(&ledger, garden->now, "done", NULL));
}

static void bait_is_checked_where_its_folder_is(void **state)
{
    (void)state;
    struct garden garden;
    garden_make(&garden, NULL);
    append_bait(&garden, "cut off before its files were there");
    append_bait(&garden, "added again");
    assert_verdict(&garden, VERIFY_INTACT); /* the evidence alone */
    write_bait(&garden, "added again");
    assert_verdict(&garden, VERIFY_INTACT);
    write_bait(&garden, "another document");
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

static void a_hole_between_recordings_is_a_gap(void **state)
{
    (void)state;
    struct garden garden;
    struct recording *recording STING_AUTO(recording_free) = NULL;
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    assert_true(!recording_new(ledger, "garage", &recording, NULL));
    assert_true(!garden_init(&garden, recording));
    assert_true(!garden_record(&garden, recording, 0, 4, 100));
    garden_wait(&garden, 3000000);
    assert_true(!garden_record(&garden, recording, 7, 4, 100));
    assert_true(!recording_close(recording, garden.now, NULL));
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    struct verify_report report STING_AUTO(verify_report_release) =
        verify(&garden, false);
    assert_int_equal(report.verdict, VERIFY_GAPS);
    assert_int_equal(report.gaps, 1);
    assert_string_equal(report.gap[0].cause, "unexplained");
    assert_int_equal(report.gap[0].to_us - report.gap[0].from_us, 3000000);
    garden_remove(&garden);
}

static void the_report_is_one_json_line(void **state)
{
    (void)state;
    struct garden garden;
    struct buffer json STING_AUTO(buffer_release) = {0};
    make_closed(&garden, 10, 100);
    struct verify_report report STING_AUTO(verify_report_release) =
        verify(&garden, false);
    assert_true(!verify_report_json(&report, &json));
    assert_true(strncmp(buffer_text(&json),
                        "{\"verdict\":\"INTACT\",\"at\":null", 29) == 0);
    assert_non_null(strstr(buffer_text(&json), "\"gaps\":[],"));
    assert_non_null(strstr(buffer_text(&json), "\"anchored_until\":null"));
    assert_ptr_equal(strchr(buffer_text(&json), '\n'),
                     buffer_text(&json) + json.size - 1);
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_closed_operation_is_intact),
        cmocka_unit_test(a_stop_and_a_restart_are_no_tampering),
        cmocka_unit_test(an_open_session_has_a_tail),
        cmocka_unit_test(a_crash_leaves_gaps_and_nothing_worse),
        cmocka_unit_test(every_changed_byte_is_found_and_located),
        cmocka_unit_test(every_missing_file_is_missed),
        cmocka_unit_test(a_ledger_cut_at_any_line_is_never_intact),
        cmocka_unit_test(a_line_left_out_doubled_or_moved_is_found),
        cmocka_unit_test(checkpoints_without_a_signature_are_never_intact),
        cmocka_unit_test(a_closed_epoch_cannot_be_written_again),
        cmocka_unit_test(a_link_in_place_of_a_file_is_refused),
        cmocka_unit_test(what_is_no_operation_is_unverifiable),
        cmocka_unit_test(recordings_that_were_erased_are_accounted_for),
        cmocka_unit_test(bait_is_checked_where_its_folder_is),
        cmocka_unit_test(a_hole_between_recordings_is_a_gap),
        cmocka_unit_test(the_report_is_one_json_line),
    };
    return cmocka_run_group_tests_name("verify", test, NULL, NULL);
}
