#include <string.h>

#include "mark/unit.h"
#include "tests/check.h"

static struct mark_unit sample[3] = {
    {.x0_pt = 72,
     .y0_pt = 90.5F,
     .x1_pt = 101,
     .y1_pt = 99,
     .ux = 1,
     .uy = 0,
     .shift_pt = 0.2F,
     .word = 3,
     .line = 1,
     .axis = MARK_ALONG},
    {.x0_pt = 72,
     .y0_pt = 90.5F,
     .x1_pt = 101,
     .y1_pt = 99,
     .ux = 0,
     .uy = -1,
     .shift_pt = 0.08F,
     .word = 3,
     .line = 1,
     .axis = MARK_ACROSS},
    {.x0_pt = 216,
     .y0_pt = 432,
     .x1_pt = 237.6F,
     .y1_pt = 453.6F,
     .ux = 0,
     .uy = 1,
     .shift_pt = 0.12F,
     .word = 9,
     .line = UINT16_MAX,
     .axis = MARK_CELL_Y,
     .faint = MARK_FAINTS - 1},
};

static void write_sample(struct buffer *out)
{
    struct mark_page page = {612, 792, MARK_PAGE_OK, 3, sample};
    assert_int_equal(mark_page_write(&page, out), STING_OK);
}

static void a_page_comes_back_as_it_was(void **state)
{
    (void)state;
    struct buffer record STING_AUTO(buffer_release) = {0};
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    write_sample(&record);
    assert_int_equal(buffer_text_append(&record, "next"), STING_OK);
    struct bytes from = buffer_bytes(&record);
    assert_int_equal(mark_page_read(&from, &page), STING_OK);
    assert_int_equal(page.units, 3);
    assert_memory_equal(page.unit, sample, sizeof sample);
    assert_true(bytes_equal(from, bytes_of_text("next")));
}

static void a_cut_record_is_malformed(void **state)
{
    (void)state;
    struct buffer record STING_AUTO(buffer_release) = {0};
    write_sample(&record);
    for (size_t size = 0; size < record.size; size++) {
        struct mark_page page STING_AUTO(mark_page_release) = {0};
        struct bytes from = {record.data, size};
        assert_int_equal(mark_page_read(&from, &page), STING_E_FORMAT);
        assert_null(page.unit);
    }
}

static void numbers_that_no_page_has_are_malformed(void **state)
{
    (void)state;
    static const size_t float_at[] = {0, 4, 13, 17, 21, 25, 29, 33, 37};
    for (size_t i = 0; i < sizeof float_at / sizeof *float_at; i++) {
        struct buffer record STING_AUTO(buffer_release) = {0};
        struct mark_page page STING_AUTO(mark_page_release) = {0};
        write_sample(&record);
        memcpy(record.data + float_at[i], "\x00\x00\xc0\x7f", 4); /* NaN */
        struct bytes from = buffer_bytes(&record);
        assert_int_equal(mark_page_read(&from, &page), STING_E_FORMAT);
    }
}

static void words_are_never_faint(void **state)
{
    (void)state;
    struct buffer record STING_AUTO(buffer_release) = {0};
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    write_sample(&record);
    record.data[13 + 32] |= 1 << 2;
    struct bytes from = buffer_bytes(&record);
    assert_int_equal(mark_page_read(&from, &page), STING_E_FORMAT);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_page_comes_back_as_it_was),
        cmocka_unit_test(a_cut_record_is_malformed),
        cmocka_unit_test(numbers_that_no_page_has_are_malformed),
        cmocka_unit_test(words_are_never_faint),
    };
    return cmocka_run_group_tests_name("unit", test, NULL, NULL);
}
