/* Marks of `session` lines that name what nobody signed, where somebody without
 * a key wrote marks of his own: only a writer's count. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/reader.h"
#include "ledger/unsigned_lines.h"
#include "tests/check.h"
#include "tests/unit/ledger/intruder.h"
#include "tests/unit/ledger/judge.h"

#define MOST_LINES 4000
#define HISTORIES 80

static struct garden garden;

static void start_and_end(void)
{
    struct ledger *ledger = garden_open(&garden);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
}

static void mark_append(const char *names)
{
    const struct line_field mark[] = {
        {"n", "7"}, {"boot", "1"}, {"version", "1"}, {"unsigned", names}};
    intruder_appends(garden.dir, "session", mark, 4);
}

/* What anybody with a copy can append, many at once: marks that each name the
 * line before, chained, and signed by nobody. */
static void marks_append(int count)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct buffer all STING_AUTO(buffer_release) = {0};
    struct line last = {.seq = 0};
    struct digest prev = {{0}};
    const uint8_t random[LINE_RANDOM_SIZE] = {7};
    const struct line_field mark[] = {
        {"n", "7"}, {"boot", "1"}, {"version", "1"}, {"unsigned", "1"}};
    const struct line_field tap[] = {{"camera", "tap"}, {"state", "on"}};
    assert_true(!ledger_reader_open(garden.dir, &reader, NULL));
    while (!ledger_reader_next(reader, &last)) {
        prev = digest_of(ledger_reader_text(reader));
    }
    struct line_head head = {.seq = last.seq, .at = last.at};
    memcpy(head.boot, last.boot, sizeof head.boot);
    for (int i = 0; i < 2 * count; i++) {
        struct buffer text STING_AUTO(buffer_release) = {0};
        head.seq++;
        assert_true(!(i % 2 ? line_begin(&text, &head, "session", mark, 4)
                            : line_begin(&text, &head, "camera", tap, 2)));
        assert_true(!line_end(&text, random, prev, last.prev_size));
        prev = digest_of(buffer_bytes(&text));
        assert_true(!buffer_append(&all, buffer_bytes(&text)));
    }
    int file STING_AUTO(fd_close) =
        openat(garden.dir, "evidence/ledger", O_WRONLY | O_APPEND | O_CLOEXEC);
    assert_true(!file_write_fd(file, buffer_bytes(&all)));
}

static void marks_of_an_intruder_make_no_record_unreadable(void **state)
{
    (void)state;
    struct unsigned_lines lines = {.signed_to = 0};
    garden_make(&garden, "/dev/shm");
    start_and_end();
    marks_append(UNSIGNED_LINES_MOST + 1);
    start_and_end();
    assert_true(!unsigned_lines_read(garden.dir, &lines, NULL));
    assert_int_equal(lines.ranges, 1);
    unsigned_lines_release(&lines);
    assert_verdict(&garden, VERIFY_GAPS);
    garden_remove(&garden);
}

static void a_mark_of_an_intruder_signs_no_line_found_unsigned_before(
    void **state)
{
    (void)state;
    const struct line_field erase[] = {
        {"what", "recordings"}, {"camera", "garage"}, {"date", "2011-11-01"},
        {"count", "9"},         {"bytes", "999999"},  {"by", "nobody"}};
    garden_make(&garden, "/dev/shm");
    garden_closed(&garden, 20, 400);
    intruder_appends(garden.dir, "erase", erase, 6);
    start_and_end();
    mark_append("99999");
    start_and_end();
    assert_true(!unlinkat(
        garden.dir, "evidence/segments/garage/2011-11-01/00000000.m4s.age", 0));
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

/* ---- any history ---- */

static bool is_nobodys[MOST_LINES]; /* by what was done, not by marks */

static uint64_t lines_count(void)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    uint64_t count = 0;
    assert_true(!ledger_reader_open(garden.dir, &reader, NULL));
    while (!ledger_reader_skip(reader)) {
        count++;
    }
    return count;
}

static uint64_t signed_to(void)
{
    struct unsigned_lines lines = {.signed_to = 0};
    assert_true(!unsigned_lines_read(garden.dir, &lines, NULL));
    uint64_t to = lines.signed_to;
    unsigned_lines_release(&lines);
    return to;
}

/* A writer comes, and ends or dies; what it finds behind the last checkpoint
 * was signed by nobody. */
static void writer_comes(bool dies)
{
    uint64_t lines = lines_count();
    assert_true(lines < MOST_LINES);
    for (uint64_t seq = signed_to(); seq < lines; seq++) {
        is_nobodys[seq] = true;
    }
    struct ledger *ledger = garden_open(&garden);
    const struct line_field tap[] = {{"camera", "tap"}, {"state", "on"}};
    assert_true(
        !ledger_append(ledger, garden.now, "camera", tap, 2, NULL, NULL));
    if (dies) {
        ledger_free(&ledger);
    } else {
        assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    }
}

static void something_happens(uint32_t chance)
{
    char names[16];
    switch (chance % 5) {
    case 0:
    case 1:
        (void)snprintf(names, sizeof names, "%u", 1 + (chance >> 3) % 60);
        mark_append(names);
        break;
    case 2:
        writer_comes(true);
        break;
    default:
        writer_comes(false);
    }
}

static void whatever_happens_lines_that_nobody_signed_stay_so(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= HISTORIES; seed++) {
        struct unsigned_lines lines = {.signed_to = 0};
        uint32_t chance = seed;
        memset(is_nobodys, 0, sizeof is_nobodys);
        garden_make(&garden, "/dev/shm");
        start_and_end();
        for (int i = 0; i < 16; i++) {
            chance = chance * 1664525 + 1013904223;
            something_happens(chance >> 8);
        }
        writer_comes(false);
        assert_true(!unsigned_lines_read(garden.dir, &lines, NULL));
        for (uint64_t seq = 0; seq < lines.signed_to; seq++) {
            assert_int_equal(unsigned_lines_has(&lines, seq), is_nobodys[seq]);
        }
        unsigned_lines_release(&lines);
        garden_remove(&garden);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(marks_of_an_intruder_make_no_record_unreadable),
        cmocka_unit_test(
            a_mark_of_an_intruder_signs_no_line_found_unsigned_before),
        cmocka_unit_test(whatever_happens_lines_that_nobody_signed_stay_so),
    };
    return cmocka_run_group_tests_name("marks", test, NULL, NULL);
}
