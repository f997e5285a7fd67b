#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "tests/check.h"

static void lines_are_taken_from_the_front_and_the_last_may_lack_its_end(
    void **state)
{
    (void)state;
    struct bytes text = bytes_of_text("tank\n\npump");
    struct bytes line;
    assert_true(text_line_take(&text, &line));
    assert_true(bytes_equal(line, bytes_of_text("tank")));
    assert_true(text_line_take(&text, &line));
    assert_int_equal(line.size, 0);
    assert_false(text_line_take(&text, &line));
    assert_true(bytes_equal(text, bytes_of_text("pump")));
    assert_true(text_line_or_rest_take(&text, &line));
    assert_true(bytes_equal(line, bytes_of_text("pump")));
    assert_false(text_line_or_rest_take(&text, &line));
    text = bytes_of_text("\n");
    assert_true(text_line_or_rest_take(&text, &line));
    assert_int_equal(line.size, 0);
    assert_false(text_line_or_rest_take(&text, &line));
    text = (struct bytes){NULL, 0};
    assert_false(text_line_take(&text, &line));
    assert_false(text_line_or_rest_take(&text, &line));
}

/* Vectors of RFC 4648, section 10. */
static void base64_matches_published_vectors(void **state)
{
    (void)state;
    static const char *const plain[] = {"",     "f",     "fo",    "foo",
                                        "foob", "fooba", "foobar"};
    static const char *const coded[] = {
        "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
    for (size_t i = 0; i < 7; i++) {
        struct buffer out STING_AUTO(buffer_release) = {0};
        struct buffer back STING_AUTO(buffer_release) = {0};
        assert_true(!base64_append(&out, bytes_of_text(plain[i]), true));
        assert_string_equal(buffer_text(&out), coded[i]);
        assert_true(!base64_read(&back, buffer_bytes(&out), true));
        assert_string_equal(buffer_text(&back), plain[i]);
    }
}

static void base64_that_is_not_canonical_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "Zg=", "Zg", "Zh==", "Z g=", "Zg==Zg==", "====", "Z===", "Zm9v\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct buffer out STING_AUTO(buffer_release) = {0};
        assert_int_equal(base64_read(&out, bytes_of_text(bad[i]), true),
                         STING_E_FORMAT);
        assert_int_equal(out.size, 0);
    }
}

static void hex_is_read_back_and_upper_case_is_refused(void **state)
{
    (void)state;
    uint8_t byte[256];
    uint8_t back[256];
    char text[513];
    for (size_t i = 0; i < 256; i++) {
        byte[i] = (uint8_t)i;
    }
    hex_write((struct bytes){byte, 256}, text);
    assert_true(!hex_read(bytes_of_text(text), back, 256));
    assert_memory_equal(byte, back, 256);
    assert_int_equal(hex_read(bytes_of_text("AB"), back, 1), STING_E_FORMAT);
    assert_int_equal(hex_read(bytes_of_text("abc"), back, 1), STING_E_FORMAT);
}

static void digits_stop_at_the_first_other_character(void **state)
{
    (void)state;
    uint32_t number = 7;
    const char *text = "x1";
    assert_false(digits_read(&text, 9, &number));
    assert_string_equal(text, "x1");
    assert_int_equal(number, 7);
    text = "0042-9";
    assert_true(digits_read(&text, 9, &number));
    assert_int_equal(number, 42);
    assert_string_equal(text, "-9");
    text = "9999999999";
    assert_true(digits_read(&text, 9, &number));
    assert_int_equal(number, 999999999);
    assert_string_equal(text, "9");
}

/* Every code point in its only spelling, and every other spelling of up to
 * three bytes refused. */
static void utf8_has_one_spelling_a_character(void **state)
{
    (void)state;
    uint32_t point = 0;
    uint32_t count = 0;
    for (uint32_t bytes = 0; bytes < 1 << 24; bytes++) {
        const char text[4] = {(char)(bytes >> 16), (char)(bytes >> 8),
                              (char)bytes, 0};
        size_t length = utf8_read(text, &point);
        bool is_whole = length == 3 || (length == 2 && !text[2]) ||
                        (length == 1 && !text[1] && !text[2]);
        count += is_whole;
    }
    /* All of the basic plane but the surrogates. */
    assert_int_equal(count, 0x10000 - 0x800);
    assert_int_equal(utf8_read("\xf4\x8f\xbf\xbf", &point), 4);
    assert_int_equal(point, 0x10ffff);
    assert_int_equal(utf8_read("\xf4\x90\x80\x80", &point), 0);
    assert_int_equal(utf8_read("\xf0\x8f\xbf\xbf", &point), 0);
    assert_int_equal(utf8_read("\xe2\x82", &point), 0);
    assert_int_equal(utf8_read("\xed\xa0\x80", &point), 0);
    assert_int_equal(utf8_read("\xe2\x82\xac", &point), 3);
    assert_int_equal(point, 0x20ac);
}

static void moments_are_read_back_as_written(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t utc_us;
    } row[] = {
        {"1970-01-01T00:00:00.000Z", 0},
        {"2011-11-01T20:04:41.250Z", 1320177881250000},
        {"2012-02-29", 1330473600000000},
        {"2012-02-29T02:00:00+02:00", 1330473600000000},
        {"2012-02-28T22:30:00-01:30", 1330473600000000},
        {"2016-12-31T23:59:60Z", 1483228800000000},
        {"9999-12-31T23:59:59.999Z", 253402300799999000},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        int64_t utc_us = -1;
        assert_true(!clock_parse(row[i].text, &utc_us));
        assert_int_equal(utc_us, row[i].utc_us);
    }
    char text[CLOCK_TEXT_SIZE];
    assert_string_equal(clock_text(row[1].utc_us, text), row[1].text);
}

static void what_is_no_moment_is_not_read(void **state)
{
    static const char *const text[] = {
        "yesterday",
        "2012-02-29T02:00",
        "2012-2-29",
        " 2012-02-29",
        "+012-02-29",
        "2012-02-29T02:00:0Z",
        "2012-02-29T02:00:61Z",
        "2012-02-29T24:00:00Z",
        "2012-02-29T02: 0:00Z",
        "2012-02-29T02:00:00",
        "2012-02-29T02:00:00Z ",
        "2011-02-29",
        "2012-02-30T02:00:00Z",
        "2012-04-31",
        "2012-00-10",
        "2012-13-01",
        "2012-01-00",
        "0999-12-31",
        "9999-12-31T23:59:59-00:01",
    };
    (void)state;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        int64_t kept = 7;
        assert_int_equal(clock_parse(text[i], &kept), STING_E_FORMAT);
        assert_int_equal(kept, 7);
    }
}

static void json_keeps_order_and_writes_absent_as_null(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct json *line STING_AUTO(json_free) = json_new_object();
    struct json *list STING_AUTO(json_free) = json_new_array();
    json_add_integer(list, NULL, 3);
    json_add_text(line, "z", "quote \" and \xff");
    json_add_text(line, "a", NULL);
    json_add_number(line, "n", 0.0 / 0.0);
    json_add_time(line, "at", 0);
    json_add_child(line, "list", &list);
    assert_null(list);
    assert_true(!json_line(line, &out));
    assert_string_equal(
        buffer_text(&out),
        "{\"z\":\"quote \\\" and ?\",\"a\":null,\"n\":null,\"at\":null,"
        "\"list\":[3]}\n");
}

static void a_written_file_is_read_back_and_bounds_hold(void **state)
{
    (void)state;
    char folder[] = "/tmp/sting-base-XXXXXX";
    assert_non_null(mkdtemp(folder));
    int dir STING_AUTO(fd_close) = open(folder, O_RDONLY | O_DIRECTORY);
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault;

    assert_true(!folder_make(dir, "a/b"));
    assert_true(!file_write(dir, "a/b/c", bytes_of_text("hello"), 0600, NULL));
    assert_true(!file_read(dir, "a/b/c", 5, &out, NULL));
    assert_string_equal(buffer_text(&out), "hello");
    assert_int_equal(file_read(dir, "a/b/c", 4, &out, &fault), STING_E_LIMIT);
    assert_int_equal(file_read(dir, "a/x", 4, &out, &fault), STING_E_ABSENT);
    assert_int_equal(file_read(dir, "a/b", 4, &out, &fault),
                     STING_E_UNSUPPORTED);
    assert_true(faccessat(dir, "a/b/c.tmp", F_OK, 0) != 0);
    unlinkat(dir, "a/b/c", 0);
    unlinkat(dir, "a/b", AT_REMOVEDIR);
    unlinkat(dir, "a", AT_REMOVEDIR);
    rmdir(folder);
}

static void what_is_no_folder_has_no_listing_and_is_closed(void **state)
{
    (void)state;
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0);
    errno = 0;
    assert_null(dir_of(file));
    assert_int_equal(errno, ENOTDIR);
    assert_int_equal(fcntl(file, F_GETFD), -1); /* it was taken over */
    assert_null(dir_of(-1));
    DIR *dir STING_AUTO(dir_close) =
        dir_of(open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    assert_non_null(dir);
    assert_non_null(readdir(dir));
}

static void a_fingerprint_fits_as_people_write_it(void **state)
{
    (void)state;
    static const char key[] = "6ddc6a94896ed3178b8c724165cfc221"
                              "0123456789abcdef0123456789abcdef";
    static const char *const right[] = {
        "6ddc6a94896ed3178b8c724165cfc221",
        "6ddc 6a94 896e d317 8b8c 7241 65cf c221",
        "6D:DC:6A:94:89:6E:D3:17:8B:8C:72:41:65:CF:C2:21",
        "6ddc6a94-896ed317-8b8c7241-65cfc221 0123",
        "6ddc6a94896ed3178b8c724165cfc2210123456789abcdef0123456789abcdef"};
    static const char *const wrong[] = {
        "",
        "6ddc6a94896ed3178b8c724165cfc22",
        "7ddc6a94896ed3178b8c724165cfc221",
        "6ddc6a94896ed3178b8c724165cfc2211",
        "6ddc6a94896ed3178b8c724165cfc221x",
        "6ddc6a94896ed3178b8c724165cfc221,0123",
        "6ddc6a94896ed3178b8c724165cfc2210123456789abcdef0123456789abcdef0"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        assert_true(fingerprint_fits(right[i], key));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(fingerprint_fits(wrong[i], key));
    }
}

/* The bytes of a code point below U+10000 as UTF-8, and a NUL. */
static void spell(uint32_t point, char out[4])
{
    size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : 3;
    static const uint8_t first[] = {0, 0, 0xc0, 0xe0};
    for (size_t i = size; i-- > 1; point >>= 6) {
        out[i] = (char)(0x80 | (point & 0x3f));
    }
    out[0] = (char)(size == 1 ? point : first[size] | point);
    out[size] = '\0';
}

static bool is_hidden(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point <= 0x9f) ||
           point == 0x061c || point == 0x200e || point == 0x200f ||
           (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069);
}

/* Every code point of the basic plane. */
static void no_control_and_no_mark_of_direction_is_shown(void **state)
{
    (void)state;
    for (uint32_t point = 1; point < 0x10000; point++) {
        char one[4], text[16], want[16];
        if (point >= 0xd800 && point < 0xe000) {
            continue;
        }
        spell(point, one);
        snprintf(text, sizeof text, "a%sz", one);
        snprintf(want, sizeof want, "a%sz", is_hidden(point) ? "?" : one);
        text_clean(text);
        assert_string_equal(text, want);
    }
}

static void what_is_no_utf8_is_shown_as_one_sign_a_byte(void **state)
{
    (void)state;
    for (int byte = 0x80; byte < 0x100; byte++) {
        char text[] = {'a', (char)byte, 'z', 0};
        text_clean(text);
        assert_string_equal(text, "a?z");
    }
    char cut[] = "tank \xd0";
    text_clean(cut);
    assert_string_equal(cut, "tank ?");
}

static void a_fault_never_hides_anything(void **state)
{
    struct fault fault;
    (void)state;
    assert_int_equal(fault_set(&fault, STING_E_IO, "do\x1b[2J", "no %s",
                               "\xe2\x80\xaegpj.knat\xc2\x9b"),
                     STING_E_IO);
    assert_string_equal(fault.why, "no ?gpj.knat?");
    assert_string_equal(fault.todo, "do?[2J");
}

/* As escapes: whoever reads the line gets the text as it was. */
static void json_of_a_hidden_character_is_an_escape(void **state)
{
    (void)state;
    for (uint32_t point = 0x7f; point < 0x10000; point++) {
        char one[4], text[16], want[32];
        struct json *json STING_AUTO(json_free) = NULL;
        struct json *back STING_AUTO(json_free) = NULL;
        struct buffer line STING_AUTO(buffer_release) = {0};
        if (!is_hidden(point) && point % 97 != 0) {
            continue;
        }
        if (point >= 0xd800 && point < 0xe000) {
            continue;
        }
        spell(point, one);
        snprintf(text, sizeof text, "a%s\"%s", one, one);
        json = json_new_object();
        json_add_text(json, "t", text);
        assert_true(!json_line(json, &line));
        if (is_hidden(point)) {
            snprintf(want, sizeof want, "{\"t\":\"a\\u%04x\\\"\\u%04x\"}\n",
                     (unsigned)point, (unsigned)point);
            assert_string_equal(buffer_text(&line), want);
        }
        assert_true(!json_read(buffer_bytes(&line), &back));
        assert_string_equal(json_text(back, "t"), text);
    }
}

static void what_came_before_has_its_time_by_both_clocks(void **state)
{
    (void)state;
    const struct moment now = {5000000, 900000};
    struct moment then = clock_when(now, 700000);
    assert_int_equal(then.boot_us, 700000);
    assert_int_equal(then.utc_us, 4800000);
    assert_int_equal(clock_when(now, 0).utc_us, now.utc_us);
    assert_int_equal(clock_when(now, 900001).boot_us, now.boot_us);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_fingerprint_fits_as_people_write_it),
        cmocka_unit_test(
            lines_are_taken_from_the_front_and_the_last_may_lack_its_end),
        cmocka_unit_test(base64_matches_published_vectors),
        cmocka_unit_test(base64_that_is_not_canonical_is_refused),
        cmocka_unit_test(hex_is_read_back_and_upper_case_is_refused),
        cmocka_unit_test(digits_stop_at_the_first_other_character),
        cmocka_unit_test(utf8_has_one_spelling_a_character),
        cmocka_unit_test(moments_are_read_back_as_written),
        cmocka_unit_test(what_is_no_moment_is_not_read),
        cmocka_unit_test(json_keeps_order_and_writes_absent_as_null),
        cmocka_unit_test(no_control_and_no_mark_of_direction_is_shown),
        cmocka_unit_test(what_is_no_utf8_is_shown_as_one_sign_a_byte),
        cmocka_unit_test(what_came_before_has_its_time_by_both_clocks),
        cmocka_unit_test(a_fault_never_hides_anything),
        cmocka_unit_test(json_of_a_hidden_character_is_an_escape),
        cmocka_unit_test(a_written_file_is_read_back_and_bounds_hold),
        cmocka_unit_test(what_is_no_folder_has_no_listing_and_is_closed),
    };
    return cmocka_run_group_tests_name("base", test, NULL, NULL);
}
