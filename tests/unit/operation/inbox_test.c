/* Photographs that wait to be traced, sealed. */
#include "operation/inbox.h"

#include <stdio.h>

#include "base/file.h"
#include "tests/operation_fixture.h"

static struct inbox_photo photo_make(uint32_t number, const char *name,
                                     const char *bytes)
{
    struct inbox_photo photo = {.number = number, .at_us = 1320177840000000};
    (void)snprintf(photo.name, sizeof photo.name, "%s", name);
    (void)snprintf(photo.by, sizeof photo.by, "anna");
    assert_true(!buffer_append(&photo.bytes, bytes_of_text(bytes)));
    return photo;
}

static void put(const struct operation *operation, uint32_t number,
                const char *name, const char *bytes)
{
    struct fault fault = {"", ""};
    struct inbox_photo photo STING_AUTO(inbox_photo_release) =
        photo_make(number, name, bytes);
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    assert_true(!inbox_seal(operation, &photo, &sealed, &fault));
    assert_true(!inbox_write(operation_dir(operation), number,
                             buffer_bytes(&sealed), &fault));
}

static void a_photograph_waits_sealed_until_an_identity_opens_it(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct inbox_photo got STING_AUTO(inbox_photo_release) = {0};
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    put(operation, 7, "shed \xc3\xa9.jpg", "a\nphotograph of the tank\n");
    assert_true(!file_read(operation_dir(operation), "queue/photo-00000007.age",
                           4096, &file, &fault));
    assert_null(memmem(file.data, file.size, "tank", 4));
    assert_null(memmem(file.data, file.size, "shed", 4));
    assert_int_equal(inbox_get(operation, &keys, 7, &got, &fault),
                     STING_E_ABSENT);
    fixture_unlock(operation, &keys);
    assert_true(!inbox_get(operation, &keys, 7, &got, &fault));
    assert_string_equal(got.name, "shed \xc3\xa9.jpg");
    assert_string_equal(got.by, "anna");
    assert_int_equal(got.at_us, 1320177840000000);
    assert_true(bytes_equal(buffer_bytes(&got.bytes),
                            bytes_of_text("a\nphotograph of the tank\n")));
    assert_true(!inbox_done(operation, 7, got.at_us, &fault));
    assert_int_equal(inbox_get(operation, &keys, 7, &got, &fault),
                     STING_E_ABSENT);
    /* What somebody gave as evidence is kept, the very file. */
    struct buffer kept STING_AUTO(buffer_release) = {0};
    assert_true(!file_read(operation_dir(operation),
                           "queue/traced-1320177840000000-7.age", 4096, &kept,
                           &fault));
    assert_true(bytes_equal(buffer_bytes(&kept), buffer_bytes(&file)));
    assert_int_equal(inbox_done(operation, 7, got.at_us, &fault), STING_E_IO);
}

static void what_waits_is_listed_in_order_and_nothing_else(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    uint32_t number[INBOX_MOST] = {0};
    size_t count = 9;
    struct fault fault = {"", ""};
    assert_true(!inbox_list(operation, number, &count, &fault));
    assert_int_equal(count, 0);
    put(operation, 12, "b", "b");
    put(operation, 3, "a", "a");
    static const char *const other[] = {
        "queue/00000004.age", "queue/photo-5.age", "queue/photo-00000006.age.t",
        "queue/photo-00000000.age", "queue/photo-0000000x.age"};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        assert_true(!file_write(operation_dir(operation), other[i],
                                bytes_of_text("x"), 0600, &fault));
    }
    assert_true(!inbox_list(operation, number, &count, &fault));
    assert_int_equal(count, 2);
    assert_int_equal(number[0], 3);
    assert_int_equal(number[1], 12);
}

static void names_of_several_lines_and_large_files_are_refused(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct fault fault = {"", ""};
    static const char *const name[] = {"", "a\nb", "a\x7f"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        struct inbox_photo photo STING_AUTO(inbox_photo_release) =
            photo_make(1, name[i], "x");
        struct buffer sealed STING_AUTO(buffer_release) = {0};
        assert_int_equal(inbox_seal(operation, &photo, &sealed, &fault),
                         STING_E_ARG);
    }
    struct inbox_photo large STING_AUTO(inbox_photo_release) =
        photo_make(1, "a", "x");
    assert_true(!buffer_reserve(&large.bytes, INBOX_MOST_BYTES + 1));
    large.bytes.size = INBOX_MOST_BYTES + 1;
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    assert_int_equal(inbox_seal(operation, &large, &sealed, &fault),
                     STING_E_LIMIT);
}

static void what_is_no_photograph_is_not_read(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct fault fault = {"", ""};
    static const char *const plain[] = {"", "sting-photo-1\n",
                                        "sting-photo-1\n2011-11-01\nanna\n",
                                        "sting-photo-1\nnever\nanna\na.jpg\n",
                                        "sting-photo-2\n2011-11-01\na\nb\n"};
    fixture_unlock(operation, &keys);
    put(operation, 1, "a", "a"); /* which makes the folder */
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        struct inbox_photo got STING_AUTO(inbox_photo_release) = {0};
        struct buffer sealed STING_AUTO(buffer_release) = {0};
        assert_true(!operation_seal(operation, bytes_of_text(plain[i]), &sealed,
                                    &fault));
        assert_true(!file_write(operation_dir(operation),
                                "queue/photo-00000002.age",
                                buffer_bytes(&sealed), 0600, &fault));
        assert_int_equal(inbox_get(operation, &keys, 2, &got, &fault),
                         STING_E_FORMAT);
        assert_int_equal(got.bytes.size, 0);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_photograph_waits_sealed_until_an_identity_opens_it),
        cmocka_unit_test(what_waits_is_listed_in_order_and_nothing_else),
        cmocka_unit_test(names_of_several_lines_and_large_files_are_refused),
        cmocka_unit_test(what_is_no_photograph_is_not_read),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
