#include "ledger/torn.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/reader.h"
#include "ledger/verify.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"

#define LEDGER "evidence/ledger"

static void a_hole_is_a_sector_of_zeros(void **state)
{
    (void)state;
    uint8_t end[1200];
    memset(end, 'x', sizeof end);
    struct bytes all = {end, sizeof end};
    assert_false(torn_has_hole(all, 100));
    memset(end + 412, 0, 512); /* 512 to 1024 of the file */
    assert_true(torn_has_hole(all, 100));
    assert_false(torn_has_hole(all, 101));
    memset(end, 'x', sizeof end);
    memset(end + 924, 0, sizeof end - 924); /* from 1024 to the end */
    assert_true(torn_has_hole(all, 100));
    end[1199] = 'x';
    assert_false(torn_has_hole(all, 100));
    assert_false(torn_has_hole((struct bytes){0}, 0));
}

/* A session that a loss of power ends: four lines, a checkpoint over three. */
static void make_open(struct garden *garden, char notes[80])
{
    const struct line_field field[] = {{"camera", "garage"}, {"state", "on"}};
    garden_make(garden, NULL);
    struct ledger *ledger = garden_open(garden);
    assert_true(
        !ledger_append(ledger, garden->now, "camera", field, 2, NULL, NULL));
    assert_true(!ledger_checkpoint(ledger, garden->now, NULL));
    assert_true(
        !ledger_append(ledger, garden->now, "camera", field, 2, NULL, NULL));
    ledger_free(&ledger);
    char date[32];
    line_time_text(garden->now.utc_us, date);
    snprintf(notes, 80, "evidence/checkpoints/%.10s.notes", date);
}

static void append(struct garden *garden, const char *path, const char *text,
                   size_t zeros)
{
    static const uint8_t zero[2048] = {0};
    int file STING_AUTO(fd_close) =
        openat(garden->dir, path, O_WRONLY | O_APPEND | O_CLOEXEC);
    assert_true(file >= 0);
    assert_true(!file_write_fd(file, bytes_of_text(text)));
    assert_true(!file_write_fd(file, (struct bytes){zero, zeros}));
}

static void assert_torn(struct garden *garden, enum verify_verdict expected,
                        bool has_torn)
{
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    const struct verify_options options = {.identity = NULL};
    assert_true(!verify_operation(garden->dir, &options, &report, NULL));
    if (report.verdict != expected || (report.torn_bytes > 0) != has_torn) {
        fail_msg("%s at %" PRIu64 " %s: %s, %" PRIu64 " bytes torn",
                 verify_verdict_text(report.verdict), report.at, report.file,
                 report.reason, report.torn_bytes);
    }
}

/* What the verdict is before the next start, and after it. */
static void assert_recovers(struct garden *garden)
{
    assert_torn(garden, VERIFY_INTACT, true);
    garden_wait(garden, 5000000);
    struct ledger *ledger = garden_open(garden);
    assert_true(!ledger_close(&ledger, garden->now, "done", NULL));
    assert_torn(garden, VERIFY_GAPS, false);
}

static void a_checkpoint_that_never_reached_the_disk_is_no_tampering(void **s)
{
    (void)s;
    struct garden garden;
    char notes[80];
    make_open(&garden, notes);
    append(&garden, notes, "", 400); /* its length did */
    assert_recovers(&garden);
    garden_remove(&garden);
    make_open(&garden, notes);
    append(&garden, notes, "sting/0000000", 0);
    assert_recovers(&garden);
    garden_remove(&garden);
}

static void a_line_whose_sector_was_lost_is_no_tampering(void **state)
{
    (void)state;
    struct garden garden;
    char notes[80];
    make_open(&garden, notes);
    append(&garden, LEDGER, "4 2011-11-01T2", 1024);
    append(&garden, LEDGER, "dcba\n", 0);
    assert_recovers(&garden);
    garden_remove(&garden);
}

/* Commands read before one writes and mends it. */
static void readers_see_no_line_whose_sector_was_lost(void **state)
{
    (void)state;
    struct garden garden;
    struct line line;
    char notes[80];
    uint64_t lines = 0;
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    make_open(&garden, notes);
    append(&garden, LEDGER, "4 2011-11-01T2", 1024);
    append(&garden, LEDGER, "dcba\n", 0);
    assert_true(!ledger_reader_open_signed(garden.dir, &reader, NULL));
    enum sting_status status = STING_OK;
    while (!(status = ledger_reader_next(reader, &line))) {
        assert_int_equal(line.seq, lines++);
    }
    assert_int_equal(status, STING_E_ABSENT);
    assert_true(lines >= 4);
    garden_wait(&garden, 5000000);
    struct ledger *ledger = garden_open(&garden);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    uint64_t before = lines;
    while (!(status = ledger_reader_next(reader, &line))) {
        assert_int_equal(line.seq, lines++); /* goes on where it was */
    }
    assert_int_equal(status, STING_E_ABSENT);
    assert_true(lines > before);
    garden_remove(&garden);
}

static void a_line_that_was_signed_is_never_taken_for_torn(void **state)
{
    (void)state;
    struct garden garden;
    char notes[80];
    make_open(&garden, notes);
    struct ledger *ledger = garden_open(&garden);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    struct buffer text STING_AUTO(buffer_release) = {0};
    assert_true(!file_read(garden.dir, LEDGER, 1 << 20, &text, NULL));
    size_t from = (text.size - 2) / 512 * 512; /* a sector, without its LF */
    memset(text.data + from, 0, text.size - from - 1);
    assert_true(
        !file_write(garden.dir, LEDGER, buffer_bytes(&text), 0600, NULL));
    assert_torn(&garden, VERIFY_TAMPERED, false);
    garden_remove(&garden);
}

static void a_hole_with_a_checkpoint_behind_it_is_tampering(void **state)
{
    (void)state;
    struct garden garden;
    struct buffer notes STING_AUTO(buffer_release) = {0};
    char path[80];
    make_open(&garden, path);
    assert_true(!file_read(garden.dir, path, 1 << 20, &notes, NULL));
    size_t size = notes.size;
    const uint8_t *first =
        memmem(notes.data, size, "\n\nsting/", strlen("\n\nsting/"));
    assert_non_null(first);
    append(&garden, path, "", 1024);
    assert_torn(&garden, VERIFY_INTACT, true);
    append(&garden, path, "\n\n", 0);
    append(&garden, path, (const char *)first + 2, 0);
    assert_torn(&garden, VERIFY_TAMPERED, false);
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hole_is_a_sector_of_zeros),
        cmocka_unit_test(
            a_checkpoint_that_never_reached_the_disk_is_no_tampering),
        cmocka_unit_test(a_line_whose_sector_was_lost_is_no_tampering),
        cmocka_unit_test(readers_see_no_line_whose_sector_was_lost),
        cmocka_unit_test(a_line_that_was_signed_is_never_taken_for_torn),
        cmocka_unit_test(a_hole_with_a_checkpoint_behind_it_is_tampering),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
