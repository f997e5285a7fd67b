#include "operation/handover.h"
#include "tests/operation_fixture.h"

static void note(const struct operation *operation, uint32_t copy,
                 enum handover_state state, const char *plain)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct fault fault = {"", ""};
    const struct handover_note note = {.bait = "water-tank",
                                       .copy = copy,
                                       .state = state,
                                       .by = "Stores",
                                       .plain = bytes_of_text(plain)};
    assert_true(!writer_open(operation, clock_now, &writer, &fault));
    assert_true(!handover_write(writer, &note, &fault));
    assert_true(!writer_close(&writer, &fault));
}

static void the_strongest_that_was_told_of_a_copy_counts(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct handover_list list STING_AUTO(handover_list_release) = {0};
    struct fault fault = {"", ""};
    note(operation, 9, HANDOVER_RECEIPT, "signed");
    note(operation, 2, HANDOVER_VERIFIED, "seen");
    note(operation, 2, HANDOVER_CLAIMED, "");
    note(operation, 9, HANDOVER_REFUSED, "another");
    note(operation, 5, HANDOVER_REFUSED, "another");
    assert_true(!handover_load(operation, &list, &fault));
    assert_int_equal(list.count, 3);
    assert_int_equal(handover_find(&list, 2).state, HANDOVER_VERIFIED);
    assert_int_equal(handover_find(&list, 2).refused, 0);
    assert_int_equal(handover_find(&list, 9).state, HANDOVER_RECEIPT);
    assert_int_equal(handover_find(&list, 9).refused, 1);
    assert_int_equal(handover_find(&list, 5).state, HANDOVER_NONE);
    assert_int_equal(handover_find(&list, 5).refused, 1);
    assert_int_equal(handover_find(&list, 4).state, HANDOVER_NONE);
    assert_string_equal(handover_text(HANDOVER_VERIFIED), "verified");
}

static struct digest picture_of(const char *bytes)
{
    return digest_of(bytes_of_text(bytes));
}

static void offer(const struct operation *operation, enum handover_state state,
                  const char *bytes)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct fault fault = {"", ""};
    struct digest picture = picture_of(bytes);
    const struct handover_note note = {
        .bait = "water-tank", .copy = 2, .state = state, .picture = &picture};
    assert_true(!writer_open(operation, clock_now, &writer, &fault));
    assert_true(!handover_write(writer, &note, &fault));
    assert_true(!writer_close(&writer, &fault));
}

static void refuse(const struct operation *operation, uint32_t copy,
                   const uint32_t *shows, size_t shown)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct fault fault = {"", ""};
    const struct handover_note note = {.bait = "water-tank",
                                       .copy = copy,
                                       .state = HANDOVER_REFUSED,
                                       .shows = shows,
                                       .shown = shown};
    assert_true(!writer_open(operation, clock_now, &writer, &fault));
    assert_true(!handover_write(writer, &note, &fault));
    assert_true(!writer_close(&writer, &fault));
}

static void a_picture_that_was_refused_is_known_by_its_bytes(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct fault fault = {"", ""};
    int64_t at_us = 0;
    note(operation, 2, HANDOVER_REFUSED, "of before: no picture is named");
    offer(operation, HANDOVER_VERIFIED, "right");
    offer(operation, HANDOVER_REFUSED, "wrong");
    assert_true(
        !handover_refused(operation, picture_of("right"), &at_us, &fault));
    assert_int_equal(at_us, 0);
    assert_true(
        !handover_refused(operation, picture_of("wrong"), &at_us, &fault));
    assert_true(at_us > 0);
}

static void a_picture_of_another_copy_is_told_of_both(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct handover_list list STING_AUTO(handover_list_release) = {0};
    struct fault fault = {"", ""};
    char words[HANDOVER_SWAP_SIZE];
    refuse(operation, 4, (const uint32_t[]){11}, 1);
    refuse(operation, 2, (const uint32_t[]){2, 11, 3}, 3);
    refuse(operation, 0, (const uint32_t[]){9}, 1);
    assert_true(!handover_load(operation, &list, &fault));
    assert_int_equal(handover_find(&list, 4).refused, 1);
    assert_int_equal(handover_find(&list, 2).refused, 1);
    assert_int_equal(handover_find(&list, 2).shown, 0);
    assert_int_equal(handover_find(&list, 11).shown, 2);
    assert_int_equal(handover_find(&list, 11).refused, 0);
    assert_int_equal(list.swaps, 4);
    assert_int_equal(list.swap[3].given_for, 0);
    assert_int_equal(handover_find(&list, 0).refused, 0);
    assert_int_equal(handover_find(&list, 9).shown, 1);
    assert_int_equal(list.swap[0].shows, 11);
    assert_int_equal(list.swap[0].given_for, 4);
    assert_false(list.swap[0].is_beside);
    assert_int_equal(list.swap[2].shows, 3);
    assert_int_equal(list.swap[2].given_for, 2);
    assert_true(list.swap[2].is_beside);
    assert_non_null(strstr(handover_swap_words(&list.swap[0], "Anna", words),
                           "of copy 4 (Anna) shows copy 11 (in the"));
    assert_non_null(strstr(handover_swap_words(&list.swap[2], NULL, words),
                           "of copy 2 shows it beside copy 3 (in the"));
}

static void verify(const struct operation *operation, int64_t traced_us)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct fault fault = {"", ""};
    const struct handover_note note = {.bait = "water-tank",
                                       .copy = 3,
                                       .state = HANDOVER_VERIFIED,
                                       .traced_utc_us = traced_us};
    assert_true(!writer_open(operation, clock_now, &writer, &fault));
    assert_true(!handover_write(writer, &note, &fault));
    assert_true(!writer_close(&writer, &fault));
}

static void one_verified_only_after_a_trace_is_told_as_that(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct handover_list list STING_AUTO(handover_list_release) = {0};
    struct fault fault = {"", ""};
    char words[HANDOVER_TEXT_SIZE];
    const int64_t traced_us = INT64_C(1763640000000000);
    verify(operation, traced_us);
    assert_true(!handover_load(operation, &list, &fault));
    const struct handover is = handover_find(&list, 3);
    assert_int_equal(is.state, HANDOVER_VERIFIED);
    assert_true(is.traced_utc_us == traced_us);
    assert_non_null(strstr(handover_words(&is, words),
                           ", but only after a trace had named this copy, on "
                           "2025-11-20 12:00 UTC"));
}

static void the_newest_measures_and_the_first_dates(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct handover_list once STING_AUTO(handover_list_release) = {0};
    struct handover_list list STING_AUTO(handover_list_release) = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    note(operation, 2, HANDOVER_VERIFIED, "in a garage");
    assert_true(!handover_load(operation, &once, &fault));
    note(operation, 2, HANDOVER_VERIFIED, "on a desk");
    note(operation, 2, HANDOVER_RECEIPT, "signed");
    assert_true(!handover_load(operation, &list, &fault));
    const struct handover first = handover_find(&once, 2);
    const struct handover is = handover_find(&list, 2);
    assert_true(is.at_utc_us == first.at_utc_us);
    assert_true(is.blob_utc_us > first.blob_utc_us);
    fixture_unlock(operation, &keys);
    assert_true(!handover_read(operation, &keys, &is, &text, &fault));
    assert_string_equal(buffer_text(&text), "on a desk");
}

static void what_was_sealed_with_it_is_read_with_the_identity(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct handover_list list STING_AUTO(handover_list_release) = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    note(operation, 2, HANDOVER_RECEIPT, "signed on paper");
    note(operation, 3, HANDOVER_CLAIMED, "");
    assert_true(!handover_load(operation, &list, &fault));
    struct handover paper = handover_find(&list, 2);
    struct handover word = handover_find(&list, 3);
    assert_int_equal(handover_read(operation, &keys, &paper, &text, &fault),
                     STING_E_ABSENT); /* the keys are still locked */
    fixture_unlock(operation, &keys);
    assert_true(!handover_read(operation, &keys, &paper, &text, &fault));
    assert_string_equal(buffer_text(&text), "signed on paper");
    assert_int_equal(handover_read(operation, &keys, &word, &text, &fault),
                     STING_E_ABSENT);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(the_strongest_that_was_told_of_a_copy_counts),
        cmocka_unit_test(a_picture_of_another_copy_is_told_of_both),
        cmocka_unit_test(one_verified_only_after_a_trace_is_told_as_that),
        cmocka_unit_test(the_newest_measures_and_the_first_dates),
        cmocka_unit_test(a_picture_that_was_refused_is_known_by_its_bytes),
        cmocka_unit_test(what_was_sealed_with_it_is_read_with_the_identity),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
