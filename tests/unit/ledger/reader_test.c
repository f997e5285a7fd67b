/* Lines of a ledger, forward and back: the same ones, wherever they lie. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/line.h"
#include "ledger/reader.h"
#include "tests/check.h"

#define MOST_LINES 4000

/* What is to be read: where each line ends. */
static struct buffer text;
static size_t end[MOST_LINES];
static int lines;
static char folder[] = "/tmp/sting-reader-XXXXXX";
static int dir = -1;

static int begin(void **state)
{
    (void)state;
    if (!mkdtemp(folder)) {
        return -1;
    }
    dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return dir < 0 ? -1 : mkdirat(dir, "evidence", 0700);
}

static int finish(void **state)
{
    (void)state;
    buffer_release(&text);
    unlinkat(dir, "evidence/ledger", 0);
    unlinkat(dir, "evidence", AT_REMOVEDIR);
    fd_close(&dir);
    return rmdir(folder);
}

static void line_add(size_t bytes)
{
    assert_true(!buffer_reserve(&text, bytes));
    memset(text.data + text.size, "abcdefghijklm"[lines % 13], bytes - 1);
    text.size += bytes;
    text.data[text.size - 1] = '\n';
    end[lines++] = text.size;
}

/* Lines of so many bytes; a seed of 0: all of `most`. `tail` bytes follow that
 * no LF ends. */
static void ledger_write(int count, size_t most, unsigned seed, size_t tail)
{
    lines = 0;
    text.size = 0;
    for (int i = 0; i < count; i++) {
        seed = seed ? seed * 1664525 + 1013904223 : 0;
        line_add(seed ? 1 + (seed >> 8) % most : most);
    }
    assert_true(!buffer_reserve(&text, tail));
    memset(text.data + text.size, 'z', tail);
    text.size += tail;
    assert_true(
        !file_write(dir, "evidence/ledger", buffer_bytes(&text), 0600, NULL));
}

static size_t bytes_of(int line)
{
    return end[line] - (line > 0 ? end[line - 1] : 0);
}

static void check_line(const struct ledger_reader *reader,
                       enum sting_status status, int line)
{
    bool fits = bytes_of(line) <= LINE_MOST_BYTES;
    struct bytes expected = {text.data + end[line] - bytes_of(line),
                             bytes_of(line)};
    assert_int_equal(status, fits ? STING_OK : STING_E_LIMIT);
    assert_true(!fits || bytes_equal(ledger_reader_text(reader), expected));
}

/* Forward past `count` lines, and back to the beginning. */
static void there_and_back(int count)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    assert_true(!ledger_reader_open(dir, &reader, NULL));
    for (int i = 0; i < count; i++) {
        enum sting_status status = ledger_reader_skip(reader);
        assert_true(!status || status == STING_E_LIMIT);
    }
    if (count == lines) {
        assert_int_equal(ledger_reader_skip(reader), STING_E_ABSENT);
    }
    for (int i = count; i-- > 0;) {
        check_line(reader, ledger_reader_back(reader), i);
        assert_true(bytes_of(i) > LINE_MOST_BYTES ||
                    ledger_reader_offset(reader) == end[i] - bytes_of(i));
    }
    assert_int_equal(ledger_reader_back(reader), STING_E_ABSENT);
    assert_int_equal(ledger_reader_back(reader), STING_E_ABSENT);
}

static void lines_come_back_as_they_were_read(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed < 40; seed++) {
        ledger_write(300 + (int)seed * 20, seed % 3 ? 900 : 4096, seed, 0);
        there_and_back(lines);
        there_and_back(lines / 2);
        there_and_back(0);
    }
}

static void lines_that_end_where_a_read_does_come_back(void **state)
{
    (void)state;
    static const size_t bytes[] = {1, 2, 256, 1024, 4095, 4096};
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        ledger_write(1030, bytes[i], 0, 0);
        there_and_back(lines);
    }
}

static void lines_that_are_too_long_are_passed_both_ways(void **state)
{
    (void)state;
    static const size_t bytes[] = {4097,   5000,   262143, 262144,
                                   262145, 262150, 700000};
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        ledger_write(5, 700, 3, 0);
        line_add(bytes[i]);
        line_add(1);
        line_add(bytes[i]);
        line_add(300);
        assert_true(!file_write(dir, "evidence/ledger", buffer_bytes(&text),
                                0600, NULL));
        there_and_back(lines);
        there_and_back(lines - 1);
    }
}

static void what_no_lf_ends_is_no_line_on_the_way_back(void **state)
{
    (void)state;
    static const size_t tail[] = {1, 4096, 5000, 262144, 600000};
    for (size_t i = 0; i < sizeof tail / sizeof *tail; i++) {
        ledger_write(900, 700, 5, tail[i]);
        there_and_back(lines);
        there_and_back(lines - 3);
    }
}

static void a_file_cut_meanwhile_is_told(void **state)
{
    (void)state;
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    ledger_write(3000, 900, 7, 0);
    assert_true(!ledger_reader_open(dir, &reader, NULL));
    for (int i = 0; i < lines; i++) {
        assert_true(!ledger_reader_skip(reader));
    }
    int file STING_AUTO(fd_close) =
        openat(dir, "evidence/ledger", O_WRONLY | O_CLOEXEC);
    assert_int_equal(ftruncate(file, 100), 0);
    assert_int_equal(ledger_reader_back(reader), STING_E_IO);
}

#define HEAD "7 2011-11-01T20:04:41.250000Z 1a2b3c4d+123456.789012 "
#define TAIL                                                                   \
    " r=00112233445566778899aabbccddeeff "                                     \
    "prev="                                                                    \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"

/* Malformed, too long, of a later version: who only follows what is told sees
 * the two between, and the end behind. */
static void only_lines_that_are_known_are_given(void **state)
{
    (void)state;
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct buffer mixed STING_AUTO(buffer_release) = {0};
    struct line line;
    ledger_write(1, LINE_MOST_BYTES + 1, 0, 0);
    for (int i = 0; i < 2; i++) {
        assert_true(!buffer_append(&mixed, buffer_bytes(&text)));
        assert_true(!buffer_text_append(&mixed, "nothing of ours\n"));
        assert_true(!buffer_text_append(&mixed, HEAD "stop n=3" TAIL));
        assert_true(!buffer_text_append(&mixed, HEAD "levitate n=3" TAIL));
    }
    assert_true(
        !file_write(dir, "evidence/ledger", buffer_bytes(&mixed), 0600, NULL));
    assert_true(!ledger_reader_open(dir, &reader, NULL));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ledger_reader_next_known(reader, &line), STING_OK);
        assert_string_equal(line.kind->name, "stop");
    }
    assert_int_equal(ledger_reader_next_known(reader, &line), STING_E_ABSENT);
    assert_int_equal(ledger_reader_next_known(reader, &line), STING_E_ABSENT);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(lines_come_back_as_they_were_read),
        cmocka_unit_test(lines_that_end_where_a_read_does_come_back),
        cmocka_unit_test(lines_that_are_too_long_are_passed_both_ways),
        cmocka_unit_test(what_no_lf_ends_is_no_line_on_the_way_back),
        cmocka_unit_test(a_file_cut_meanwhile_is_told),
        cmocka_unit_test(only_lines_that_are_known_are_given),
    };
    return cmocka_run_group_tests_name("reader", test, begin, finish);
}
