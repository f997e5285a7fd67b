/* Lines that somebody without a key slips in where a writer died, was kept from
 * its work, or is closed: the next one signs none of them as its own, and a
 * recording that is deleted under them is missed. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger/ledger_state.h"
#include "ledger/reader.h"
#include "ledger/unsigned_lines.h"
#include "tests/check.h"
#include "tests/unit/ledger/intruder.h"
#include "tests/unit/ledger/judge.h"

#define assert_ok(call) assert_int_equal((call), STING_OK)
#define NOTES "evidence/checkpoints/2011-11-01.notes"
#define ASIDE "evidence/aside"
#define FIRST "evidence/segments/garage/2011-11-01/00000000.m4s.age"
#define FORGED 2000 /* notes of nobody in a file */
#define MOST_VERIFIED 32000

static struct garden garden;

/* ---- how many signatures are looked at (linked with --wrap) ---- */

static int verified;
enum sting_status __real_note_verify(const struct note *note,
                                     const char *origin,
                                     const struct public_key *key);
enum sting_status __wrap_note_verify(const struct note *note,
                                     const char *origin,
                                     const struct public_key *key);

enum sting_status __wrap_note_verify(const struct note *note,
                                     const char *origin,
                                     const struct public_key *key)
{
    verified++;
    return __real_note_verify(note, origin, key);
}

/* ---- what somebody does ---- */

static void erase_slip(void)
{
    const struct line_field erase[] = {
        {"what", "recordings"}, {"camera", "garage"}, {"date", "2011-11-01"},
        {"count", "99"},        {"bytes", "9999999"}, {"by", "nobody"}};
    intruder_appends(garden.dir, "erase", erase, 6);
}

static void session_slip(const char *n, const char *names)
{
    const struct line_field session[] = {
        {"n", n}, {"boot", "1"}, {"version", "1"}, {"unsigned", names}};
    intruder_appends(garden.dir, "session", session, 4);
}

static void mark_slip(void)
{
    session_slip("7", "99999");
}

static void stop_slip(void)
{
    const struct line_field stop[] = {{"n", "1"}, {"why", "done"}};
    intruder_appends(garden.dir, "stop", stop, 2);
}

static void lines_cut(size_t left)
{
    struct page page STING_AUTO(page_release) = {.lines = 0};
    page_read(&garden, &page);
    assert_true(page.lines >= left);
    page.lines = left;
    page_write(&garden, &page);
}

static size_t lines_count(void)
{
    struct page page STING_AUTO(page_release) = {.lines = 0};
    page_read(&garden, &page);
    return page.lines;
}

static void notes_read(struct buffer *out)
{
    assert_ok(file_read(garden.dir, NOTES, 1 << 20, out, NULL));
}

static void notes_write(const struct buffer *text)
{
    assert_ok(file_write(garden.dir, NOTES, buffer_bytes(text), 0600, NULL));
}

/* Checkpoints of more lines than the one and no more than the other are taken
 * away. */
static void notes_cut(uint64_t most, uint64_t to)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer left STING_AUTO(buffer_release) = {0};
    static struct note note;
    notes_read(&text);
    for (size_t at = 0; at < text.size; at += note.bytes) {
        struct bytes rest = {text.data + at, text.size - at};
        assert_ok(note_parse(rest, &note));
        rest.size = note.bytes;
        if (note.size <= most || note.size > to) {
            assert_ok(buffer_append(&left, rest));
        }
    }
    notes_write(&left);
}

/* ---- what becomes of it ---- */

static void start_and_end(void)
{
    struct ledger *ledger = garden_open(&garden);
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
}

static enum sting_status start_fails(void)
{
    struct ledger *ledger STING_AUTO(ledger_free) = NULL;
    const struct ledger_context context = {
        .random = &random_kernel,
        .boot = "0a1b2c3d-0000-4000-8000-000000000000",
        .version = "0.1.0"};
    garden_wait(&garden, 1000);
    return ledger_open(garden.dir, &context, garden.now, &ledger, NULL);
}

static void assert_deletion_is_found(void)
{
    assert_int_equal(unlinkat(garden.dir, FIRST, 0), 0);
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

/* ---- a hand-over that was kept from its checkpoint ---- */

static void hand_over_keep(void)
{
    struct ledger *ledger STING_AUTO(ledger_free) = NULL;
    garden_closed(&garden, 20, 400);
    ledger = garden_open(&garden);
    assert_ok(ledger_checkpoint(ledger, garden.now, NULL));
    assert_int_equal(renameat(garden.dir, NOTES, garden.dir, ASIDE), 0);
    assert_int_equal(mkdirat(garden.dir, NOTES, 0700), 0);
    assert_true(ledger_next_epoch(ledger, garden.now, NULL));
    assert_int_equal(unlinkat(garden.dir, NOTES, AT_REMOVEDIR), 0);
    assert_int_equal(renameat(garden.dir, ASIDE, garden.dir, NOTES), 0);
}

/* The `epoch` line again, with another before it. */
static void before_epoch(void (*slip)(void))
{
    struct page page STING_AUTO(page_release) = {.lines = 0};
    struct line line;
    char n[32], first[32], next[80];
    page_read(&garden, &page);
    assert_ok(line_parse(page.line[page.lines - 1], &line));
    assert_string_equal(line.kind->name, "epoch");
    const struct line_field epoch[] = {
        {"n", line_text(&line, "n", n, sizeof n)},
        {"first", line_text(&line, "first", first, sizeof first)},
        {"next", line_text(&line, "next", next, sizeof next)}};
    lines_cut(page.lines - 1);
    slip();
    intruder_appends(garden.dir, "epoch", epoch, 3);
}

/* A start that comes as far as its `session` line. */
static void start_is_stopped(void)
{
    const char *segments = "evidence/segments";
    assert_int_equal(renameat(garden.dir, segments, garden.dir, ASIDE), 0);
    assert_ok(
        file_write(garden.dir, segments, bytes_of_text("leaf"), 0600, NULL));
    assert_true(start_fails());
    assert_int_equal(unlinkat(garden.dir, segments, 0), 0);
    assert_int_equal(renameat(garden.dir, ASIDE, garden.dir, segments), 0);
}

static void what_stands_before_a_hand_over_is_named_before_it_is_signed(
    void **state)
{
    (void)state;
    void (*const slip[])(void) = {erase_slip, mark_slip};
    for (size_t i = 0; i < 2; i++) {
        hand_over_keep();
        before_epoch(slip[i]);
        start_is_stopped();
        start_and_end();
        assert_verdict(&garden, VERIFY_GAPS);
        assert_deletion_is_found();
    }
}

static void a_record_cut_back_to_a_hand_over_excuses_nothing(void **state)
{
    (void)state;
    hand_over_keep();
    before_epoch(erase_slip);
    size_t lines = lines_count();
    start_and_end();
    lines_cut(lines < lines_count() ? lines : lines_count());
    notes_cut(lines, UINT64_MAX);
    assert_deletion_is_found();
}

/* ---- lines that a checkpoint speaks of, replaced while no writer is there */

/* A writer dies behind a line that instructs, which a checkpoint of its own
 * signs; lines before that. */
static size_t die_armed(void)
{
    const struct line_field arm[] = {{"state", "armed"}, {"by", "Anna"}};
    struct ledger *ledger STING_AUTO(ledger_free) = NULL;
    garden_closed(&garden, 20, 400);
    ledger = garden_open(&garden);
    assert_ok(ledger_checkpoint(ledger, garden.now, NULL));
    size_t left = lines_count();
    assert_ok(ledger_append(ledger, garden.now, "arm", arm, 2, NULL, NULL));
    return left;
}

static void who_comes_tells_that_signed_lines_were_replaced(void **state)
{
    (void)state;
    size_t left = die_armed();
    size_t all = lines_count();
    lines_cut(left);
    erase_slip();
    start_and_end();
    notes_cut(left, all); /* the one that knew better */
    assert_reason(&garden, VERIFY_TAMPERED, "lines that it had signed");
    notes_cut(left, UINT64_MAX); /* and who said so */
    start_and_end();
    assert_deletion_is_found();
}

static void a_checkpoint_that_was_kept_from_a_writer_is_found(void **state)
{
    (void)state;
    struct buffer all STING_AUTO(buffer_release) = {0};
    struct buffer few STING_AUTO(buffer_release) = {0};
    struct buffer now STING_AUTO(buffer_release) = {0};
    size_t left = die_armed();
    notes_read(&all);
    notes_cut(left, UINT64_MAX);
    notes_read(&few);
    start_and_end();
    assert_verdict(&garden, VERIFY_GAPS);
    notes_read(&now);
    assert_ok(buffer_append(
        &all, (struct bytes){now.data + few.size, now.size - few.size}));
    notes_write(&all);
    assert_reason(&garden, VERIFY_TAMPERED, "was kept from the recorder");
    garden_remove(&garden);
}

static void who_says_so_without_a_key_accuses_nobody(void **state)
{
    (void)state;
    const struct line_field gap[] = {{"cause", "altered"}, {"why", "replaced"}};
    garden_closed(&garden, 20, 400);
    intruder_appends(garden.dir, "gap", gap, 2);
    assert_verdict(&garden, VERIFY_INTACT);
    start_and_end();
    assert_verdict(&garden, VERIFY_GAPS);
    garden_remove(&garden);
}

/* ---- others ---- */

static void a_reader_that_is_there_goes_by_no_line_found_unsigned(void **state)
{
    (void)state;
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    const struct line_field arm[] = {{"state", "disarmed"}, {"by", "nobody"}};
    struct line line;
    garden_make(&garden, "/dev/shm");
    start_and_end();
    assert_ok(ledger_reader_open_signed(garden.dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
    }
    intruder_appends(garden.dir, "arm", arm, 2);
    start_and_end();
    int more = 0;
    while (!ledger_reader_next(reader, &line)) {
        assert_string_not_equal(line.kind->name, "arm");
        more++;
    }
    assert_true(more > 0);
    garden_remove(&garden);
}

static void key_put(const char *name, const struct secret *key)
{
    char hex[2 * SECRET_SIZE + 1], line[sizeof hex + 1];
    hex_write(secret_bytes(key), hex);
    (void)snprintf(line, sizeof line, "%s\n", hex);
    assert_ok(file_write(garden.dir, name, bytes_of_text(line), 0600, NULL));
}

/* As if a hand-over had ended but for the last step; its checkpoint is missing,
 * which no crash takes away. */
static void the_key_of_a_stranger_takes_no_epoch_over(void **state)
{
    (void)state;
    char hex[2 * PUBLIC_KEY_SIZE + 1];
    const struct secret none = {{1}}, own = {{2}};
    struct public_key public = signature_public(&own);
    garden_closed(&garden, 20, 400);
    hex_write((struct bytes){public.byte, PUBLIC_KEY_SIZE}, hex);
    const struct line_field epoch[] = {
        {"n", "1"}, {"first", "9"}, {"next", hex}};
    intruder_appends(garden.dir, "epoch", epoch, 3);
    key_put("keys/epoch", &none);
    key_put("keys/epoch.next", &own);
    assert_int_equal(start_fails(), STING_E_FORGED);
    garden_remove(&garden);
}

static void nothing_behind_the_end_of_a_closed_one_is_signed(void **state)
{
    (void)state;
    const struct line_field close[] = {{"why", "over"}, {"by", "Anna"}};
    garden_closed(&garden, 20, 400);
    struct ledger *ledger = garden_open(&garden);
    assert_ok(ledger_append(ledger, garden.now, "close", close, 2, NULL, NULL));
    assert_ok(ledger_close(&ledger, garden.now, "closed", NULL));
    mark_slip();
    assert_int_equal(start_fails(), STING_E_UNSUPPORTED);
    assert_int_equal(start_fails(), STING_E_UNSUPPORTED);
    assert_deletion_is_found();
}

static void part_remove(struct garden *where, const char *path)
{
    if (strstr(path, ".part")) {
        assert_int_equal(unlinkat(where->dir, path, 0), 0);
    }
}

static void a_session_of_nobody_hides_no_crash(void **state)
{
    (void)state;
    static const char *const n[] = {"x", "0", "9223372036854775807"};
    for (size_t i = 0; i < sizeof n / sizeof *n; i++) {
        garden_make(&garden, "/dev/shm");
        struct ledger *ledger = garden_open(&garden);
        struct recording *recording = garden_camera(&garden, ledger);
        assert_ok(garden_record(&garden, recording, 0, 20, 400));
        recording_free(&recording);
        ledger_free(&ledger);
        garden_wait(&garden, INT64_C(3600000000));
        garden_walk(&garden, "evidence/segments", part_remove);
        stop_slip();
        session_slip(n[i], "1");
        stop_slip();
        start_and_end();
        assert_words(&garden, "gap, crash, camera garage", NULL);
        garden_remove(&garden);
    }
}

/* A file of notes with a true one's words and another number of lines. */
static void notes_plant(const char *date)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer all STING_AUTO(buffer_release) = {0};
    static struct note note;
    char path[64], name[LEDGER_ORIGIN_SIZE];
    notes_read(&text);
    assert_ok(note_parse(buffer_bytes(&text), &note));
    (void)snprintf(name, sizeof name, "%.*s", (int)note.origin.size,
                   (const char *)note.origin.data);
    const char *rest = strchr(buffer_text(&text), '\n');
    rest = strchr(rest + 1, '\n');
    int size = (int)((const char *)text.data + note.bytes - rest);
    for (int i = 0; i < FORGED; i++) {
        assert_ok(
            buffer_printf(&all, "%s\n%d%.*s", name, 9999999 - i, size, rest));
    }
    (void)snprintf(path, sizeof path, "evidence/checkpoints/%s.notes", date);
    assert_ok(file_write(garden.dir, path, buffer_bytes(&all), 0600, NULL));
}

static void planted_files_of_notes_have_few_signatures_looked_at(void **state)
{
    (void)state;
    struct unsigned_lines lines STING_AUTO(unsigned_lines_release) = {0};
    garden_make(&garden, "/dev/shm");
    start_and_end();
    for (int i = 0; i < 40; i++) {
        char date[16];
        (void)snprintf(date, sizeof date, "20%02d-11-02", 12 + i);
        notes_plant(date);
    }
    verified = 0;
    assert_ok(unsigned_lines_read(garden.dir, &lines, NULL));
    assert_true(verified > FORGED && verified < MOST_VERIFIED);
    assert_int_equal(lines.signed_to, lines_count()); /* and ours is found */
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(
            what_stands_before_a_hand_over_is_named_before_it_is_signed),
        cmocka_unit_test(a_record_cut_back_to_a_hand_over_excuses_nothing),
        cmocka_unit_test(who_comes_tells_that_signed_lines_were_replaced),
        cmocka_unit_test(a_checkpoint_that_was_kept_from_a_writer_is_found),
        cmocka_unit_test(who_says_so_without_a_key_accuses_nobody),
        cmocka_unit_test(a_reader_that_is_there_goes_by_no_line_found_unsigned),
        cmocka_unit_test(the_key_of_a_stranger_takes_no_epoch_over),
        cmocka_unit_test(nothing_behind_the_end_of_a_closed_one_is_signed),
        cmocka_unit_test(a_session_of_nobody_hides_no_crash),
        cmocka_unit_test(planted_files_of_notes_have_few_signatures_looked_at),
    };
    return cmocka_run_group_tests_name("slipped", test, NULL, NULL);
}
