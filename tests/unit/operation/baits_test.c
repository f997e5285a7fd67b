/* A bait's reference, as it is sealed. */
#include <string.h>

#include "operation/baits.h"
#include "tests/check.h"

static struct mark_page page = {.width_pt = 612, .height_pt = 792};

static struct bait bait_of(const char *file, int pages)
{
    struct bait bait = {.name = "tank", .pages = pages, .page = &page};
    bait.modified_us = INT64_C(1700000000000000);
    memcpy(bait.file, file, strlen(file) + 1);
    return bait;
}

static enum sting_status write_and_read(const struct bait *bait,
                                        struct bait *back)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    assert_int_equal(bait_reference_write(bait, &text), STING_OK);
    return bait_reference_read(buffer_bytes(&text), back);
}

static void a_reference_reads_back_as_it_was_written(void **state)
{
    const struct bait bait = bait_of("Garden tank (2).pdf", 1);
    struct bait back STING_AUTO(bait_release) = {0};
    (void)state;
    assert_int_equal(write_and_read(&bait, &back), STING_OK);
    assert_string_equal(back.name, bait.name);
    assert_string_equal(back.file, bait.file);
    assert_int_equal(back.modified_us, bait.modified_us);
    assert_int_equal(back.pages, 1);
    assert_true(back.page[0].width_pt == page.width_pt);
}

static void a_date_has_one_spelling(void **state)
{
    static const char date[] = "\nmodified 2023-11-14T22:13:20.000Z";
    static const char *const other[] = {
        "2023-11-14T22:13:20Z", "2023-11-14 22:13:20.000Z",
        "2023-11-14T22:13:20.000+00:00", "2023-11-14T23:13:20.000+01:00"};
    const struct bait bait = bait_of("tank.pdf", 1);
    struct buffer text STING_AUTO(buffer_release) = {0};
    (void)state;
    assert_int_equal(bait_reference_write(&bait, &text), STING_OK);
    const uint8_t *at = memmem(text.data, text.size, date, strlen(date));
    assert_non_null(at);
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        struct bait back STING_AUTO(bait_release) = {0};
        struct buffer changed STING_AUTO(buffer_release) = {0};
        size_t head = (size_t)(at - text.data);
        size_t tail = head + strlen(date);
        const struct bytes before = {text.data, head};
        const struct bytes after = {text.data + tail, text.size - tail};
        assert_int_equal(buffer_append(&changed, before), STING_OK);
        assert_int_equal(buffer_printf(&changed, "\nmodified %s", other[i]),
                         STING_OK);
        assert_int_equal(buffer_append(&changed, after), STING_OK);
        assert_int_equal(bait_reference_read(buffer_bytes(&changed), &back),
                         STING_E_FORMAT);
    }
}

/* Copies are written under that name: it may not lead out of their folder. */
static void a_file_in_another_folder_is_refused(void **state)
{
    static const char *const file[] = {
        "../tank.pdf",     ".",        "..", "/tank.pdf", "a/b.pdf",
        "tank\x1b[2J.pdf", "\xff.pdf", ""};
    (void)state;
    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        const struct bait bait = bait_of(file[i], 1);
        struct bait back STING_AUTO(bait_release) = {0};
        assert_int_equal(write_and_read(&bait, &back), STING_E_FORMAT);
    }
}

static void a_reference_of_no_page_is_refused(void **state)
{
    const struct bait bait = bait_of("tank.pdf", 0);
    struct bait back STING_AUTO(bait_release) = {0};
    (void)state;
    assert_int_equal(write_and_read(&bait, &back), STING_E_FORMAT);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_reference_reads_back_as_it_was_written),
        cmocka_unit_test(a_date_has_one_spelling),
        cmocka_unit_test(a_file_in_another_folder_is_refused),
        cmocka_unit_test(a_reference_of_no_page_is_refused),
    };
    return cmocka_run_group_tests_name("baits", test, NULL, NULL);
}
