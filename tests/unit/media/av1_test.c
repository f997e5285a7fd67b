#include "media/av1.h"

#include "tests/check.h"
#include <stdio.h>

/* Joins payloads as they come and gives what they completed as hex. */
static const char *joined(const struct bytes *payload, size_t count)
{
    static char text[200];
    struct av1_join join STING_AUTO(av1_join_release) = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    for (size_t i = 0; i < count; i++) {
        (void)!av1_join_add(&join, payload[i], &out);
    }
    text[0] = '\0';
    for (size_t i = 0; i < out.size && i < 60; i++) {
        snprintf(text + 2 * i, 3, "%02x", out.data[i]);
    }
    return text;
}

#define PAYLOAD(...)                                                           \
    {                                                                          \
        (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}) \
    }

static void a_unit_gets_a_size_and_a_delimiter_goes(void **state)
{
    (void)state;
    /* W=2: a delimiter of one byte behind its length, then a frame */
    const struct bytes one[] = {PAYLOAD(0x20, 1, 0x10, 0x30, 7, 8, 9)};
    assert_string_equal(joined(one, 1), "3203070809");
    /* W=0: each behind its length; the first tells its size already */
    const struct bytes two[] = {PAYLOAD(0x00, 3, 0x0a, 1, 5, 2, 0x30, 4)};
    assert_string_equal(joined(two, 1), "0a0105320104");
}

static void a_unit_in_three_packets_is_joined(void **state)
{
    (void)state;
    const struct bytes part[] = {PAYLOAD(0x50, 0x34, 0x08, 1),
                                 PAYLOAD(0xd0, 2, 3), PAYLOAD(0x90, 4)};
    /* with an extension byte, which stays before the size */
    assert_string_equal(joined(part, 3), "36080401020304");
}

static void what_lacks_its_begin_or_end_is_dropped(void **state)
{
    (void)state;
    const struct bytes no_begin[] = {PAYLOAD(0x90, 1, 2),
                                     PAYLOAD(0x10, 0x30, 3)};
    assert_string_equal(joined(no_begin, 2), "320103");
    const struct bytes no_end[] = {PAYLOAD(0x50, 0x30, 1),
                                   PAYLOAD(0x10, 0x30, 3)};
    assert_string_equal(joined(no_end, 2), "320103");
}

static void nonsense_is_format(void **state)
{
    (void)state;
    const struct bytes wrong[] = {
        {NULL, 0},                    /* no aggregation header */
        PAYLOAD(0x10, 0x80, 1),       /* the forbidden bit */
        PAYLOAD(0x00, 9, 0x30),       /* longer than the packet */
        PAYLOAD(0x00, 0xff, 0xff),    /* a length without end */
        PAYLOAD(0x10, 0x32, 5, 1),    /* a size beyond the unit */
        PAYLOAD(0x20, 1, 0x30, 0x34), /* an extension cut off */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct av1_join join STING_AUTO(av1_join_release) = {0};
        struct buffer out STING_AUTO(buffer_release) = {0};
        assert_int_equal(av1_join_add(&join, wrong[i], &out), STING_E_FORMAT);
        assert_int_equal(out.size, 0);
    }
}

static void headers_are_the_sequence_headers(void **state)
{
    (void)state;
    const struct bytes unit = PAYLOAD(0x0a, 2, 5, 6, 0x32, 1, 9, 0x0a, 1, 7);
    struct buffer out STING_AUTO(buffer_release) = {0};
    assert_int_equal(av1_headers(unit, &out), STING_OK);
    const uint8_t expected[] = {0x0a, 2, 5, 6, 0x0a, 1, 7};
    assert_int_equal(out.size, sizeof expected);
    assert_memory_equal(out.data, expected, sizeof expected);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_unit_gets_a_size_and_a_delimiter_goes),
        cmocka_unit_test(a_unit_in_three_packets_is_joined),
        cmocka_unit_test(what_lacks_its_begin_or_end_is_dropped),
        cmocka_unit_test(nonsense_is_format),
        cmocka_unit_test(headers_are_the_sequence_headers),
    };
    return cmocka_run_group_tests_name("av1", test, NULL, NULL);
}
