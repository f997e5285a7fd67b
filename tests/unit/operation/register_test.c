#include <stdlib.h>
#include <string.h>

#include "operation/register.h"
#include "tests/check.h"

#define HEX_0                                                                  \
    "00000000000000000000000000000000"                                         \
    "00000000000000000000000000000000"
#define HEX_5                                                                  \
    "55555555555555555555555555555555"                                         \
    "55555555555555555555555555555555"
#define SALT_22                                                                \
    "c8e393035e1cc16c101f388a2661be3ca7df52f70122c7bd7d319e2cd34e4119"
#define HEAD_1                                                                 \
    "sting-register-1\nbait water-tank\noriginal " HEX_5 "\nroot " HEX_0       \
    "\nissued 2026-11-23T09:05:00.000Z\npages 1\ncopies 2\nbias " HEX_0 "\n"

static enum sting_status read_text(struct bytes from,
                                   struct register_batch *out)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    *out = (struct register_batch){0};
    assert_true(!buffer_append(&text, from));
    return register_read(&text, 21, out);
}

static void a_register_of_version_1_is_read(void **state)
{
    (void)state;
    struct register_batch batch STING_AUTO(register_batch_release);
    assert_true(!read_text(
        bytes_of_text(HEAD_1 "copy 21\nsalt " HEX_5 "\nholder Workshop 3\n"
                             "copy 22\nsalt " HEX_0 "\nholder Front desk\n"),
        &batch));
    struct register_copy copy = register_copy_at(&batch, 0);
    assert_int_equal(copy.number, 21);
    assert_int_equal(copy.salt.byte[31], 0x55);
    assert_string_equal(copy.holder, "Workshop 3");
    assert_string_equal(register_copy_at(&batch, 1).holder, "Front desk");
}

static struct register_batch batch_of_three(void)
{
    struct register_batch batch = {.bait = "water-tank",
                                   .issued_utc_us = 1320177881000000,
                                   .folder = "/srv/copies of ours",
                                   .packers = "libdeflate 1.14 (3b0ae6b5)",
                                   .first = 21,
                                   .copies = 3,
                                   .pages = 1};
    batch.bias = calloc(1, sizeof *batch.bias);
    memset(batch.seed.byte, 0x5a, SECRET_SIZE);
    static const char *const name[] = {"Anna", "B\xc3\xa4rbel", "C, \"d\""};
    for (int i = 0; i < 3; i++) {
        assert_true(!holder_list_add(&batch.holder, bytes_of_text(name[i])));
    }
    return batch;
}

static void batch_text(const struct register_batch *batch, struct buffer *out)
{
    assert_true(!register_head_write(batch, out));
    assert_true(!buffer_append(out, holder_list_text(&batch->holder)));
}

/* What packed a batch was not noted from the first. */
static void a_register_without_packers_is_read(void **state)
{
    (void)state;
    struct register_batch batch STING_AUTO(register_batch_release) =
        batch_of_three();
    struct register_batch back STING_AUTO(register_batch_release);
    struct buffer text STING_AUTO(buffer_release) = {0};
    batch.packers[0] = '\0';
    batch_text(&batch, &text);
    assert_null(memmem(text.data, text.size, "packers", 7));
    assert_true(!read_text(buffer_bytes(&text), &back));
    assert_string_equal(back.packers, "");
    assert_int_equal(back.copies, 3);
}

static void packers_of_control_characters_are_refused(void **state)
{
    (void)state;
    struct register_batch batch STING_AUTO(register_batch_release) =
        batch_of_three();
    struct register_batch back STING_AUTO(register_batch_release);
    struct buffer text STING_AUTO(buffer_release) = {0};
    memcpy(batch.packers, "zlib \x1b[2J", 10);
    batch_text(&batch, &text);
    assert_int_equal(read_text(buffer_bytes(&text), &back), STING_E_FORMAT);
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    struct register_batch batch STING_AUTO(register_batch_release) =
        batch_of_three();
    struct register_batch back STING_AUTO(register_batch_release);
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer again STING_AUTO(buffer_release) = {0};
    batch_text(&batch, &text);
    assert_true(!read_text(buffer_bytes(&text), &back));
    assert_string_equal(back.folder, batch.folder);
    assert_string_equal(back.packers, batch.packers);
    assert_string_equal(register_copy_at(&back, 1).holder, "B\xc3\xa4rbel");
    batch_text(&back, &again);
    assert_true(bytes_equal(buffer_bytes(&text), buffer_bytes(&again)));
}

/* The salt that docs/formats/folder.md gives as an example. */
static void a_salt_is_chacha20_of_the_seed_and_the_number(void **state)
{
    (void)state;
    struct register_batch batch STING_AUTO(register_batch_release) =
        batch_of_three();
    struct register_copy copy = register_copy_at(&batch, 1);
    char hex[DIGEST_TEXT_SIZE];
    struct digest salt;
    memcpy(salt.byte, copy.salt.byte, DIGEST_SIZE);
    assert_string_equal(digest_text(salt, hex), SALT_22);
}

/* Of a blind operation: names and salts only with what was sealed apart. */
static void a_blind_register_has_no_names_until_they_are_opened(void **state)
{
    (void)state;
    struct register_batch batch STING_AUTO(register_batch_release) =
        batch_of_three();
    struct register_batch back STING_AUTO(register_batch_release) = {.first =
                                                                         0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer names STING_AUTO(buffer_release) = {0};
    struct buffer fewer STING_AUTO(buffer_release) = {0};
    const struct secret none = {{0}};
    assert_true(!register_blind_head_write(&batch, 6, &text));
    assert_true(!buffer_text_append(&text, "sealed"));
    assert_null(strstr(buffer_text(&text), "Anna"));
    assert_null(strstr(buffer_text(&text), "seed"));
    assert_true(!read_text(buffer_bytes(&text), &back));
    assert_int_equal(back.copies, 3);
    assert_true(secret_equal(&back.seed, &none));
    for (uint32_t i = 0; i < 3; i++) {
        assert_null(register_name(register_copy_at(&back, i).holder));
    }
    assert_string_equal(buffer_text(&back.names), "sealed");

    assert_true(!register_names_write(&batch, &names));
    assert_true(
        !buffer_append(&fewer, (struct bytes){names.data, names.size - 1}));
    assert_int_equal(register_names_read(&fewer, &back), STING_E_FORMAT);
    assert_int_equal(names.size, 4096);
    names.data[4095] = 'x';
    assert_int_equal(register_names_read(&names, &back), STING_E_FORMAT);
    names.data[4095] = 0;
    fewer.size = names.size;
    while (names.data[fewer.size - 2] == 0) {
        fewer.size--; /* as it was before it was filled up */
    }
    assert_true(!register_names_read(&fewer, &back));
    assert_string_equal(register_copy_at(&back, 2).holder, "C, \"d\"");
    assert_true(!register_names_read(&names, &back));
    assert_string_equal(register_copy_at(&back, 2).holder, "C, \"d\"");
    assert_true(secret_equal(&back.seed, &batch.seed));
}

static void a_register_that_is_cut_or_longer_is_refused(void **state)
{
    (void)state;
    struct register_batch batch STING_AUTO(register_batch_release) =
        batch_of_three();
    struct register_batch back;
    struct buffer text STING_AUTO(buffer_release) = {0};
    batch_text(&batch, &text);
    for (size_t size = 0; size < text.size; size++) {
        assert_int_equal(read_text((struct bytes){text.data, size}, &back),
                         STING_E_FORMAT);
    }
    assert_true(!buffer_append(&text, bytes_of_text("x")));
    assert_int_equal(read_text(buffer_bytes(&text), &back), STING_E_FORMAT);
    assert_int_equal(read_text(bytes_of_text(HEAD_1), &back), STING_E_FORMAT);
    assert_int_equal(
        read_text(bytes_of_text(HEAD_1 "copy 21\nsalt " HEX_5 "\nholder \x01\n"
                                       "copy 22\nsalt " HEX_0 "\nholder B\n"),
                  &back),
        STING_E_FORMAT);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_register_of_version_1_is_read),
        cmocka_unit_test(a_register_without_packers_is_read),
        cmocka_unit_test(packers_of_control_characters_are_refused),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(a_salt_is_chacha20_of_the_seed_and_the_number),
        cmocka_unit_test(a_blind_register_has_no_names_until_they_are_opened),
        cmocka_unit_test(a_register_that_is_cut_or_longer_is_refused),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
