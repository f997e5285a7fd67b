#include <string.h>

#include "operation/bait_index.h"
#include "tests/check.h"

static void index_make(struct bait_index *out)
{
    static const uint8_t record[] = {0, 0, 0x80, 0x3f, 0, 0, 0x80, 0x3f, 0, 0};
    *out = (struct bait_index){.pages = 2};
    out->original.byte[0] = 7;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            buffer_append(&out->records, (struct bytes){record, sizeof record}),
            STING_OK);
    }
}

static void an_index_reads_back_as_it_was_written(void **state)
{
    struct bait_index index STING_AUTO(bait_index_release) = {0};
    struct bait_index again STING_AUTO(bait_index_release) = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    (void)state;
    index_make(&index);
    assert_int_equal(bait_index_write(&index, &text), STING_OK);
    assert_int_equal(bait_index_read(buffer_bytes(&text), &again), STING_OK);
    assert_int_equal(again.pages, 2);
    assert_true(digest_equal(again.original, index.original));
    assert_int_equal(again.records.size, index.records.size);
    assert_memory_equal(again.records.data, index.records.data,
                        index.records.size);
}

static void a_head_that_is_cut_is_refused(void **state)
{
    struct bait_index index STING_AUTO(bait_index_release) = {0};
    struct bait_index again = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    (void)state;
    index_make(&index);
    assert_int_equal(bait_index_write(&index, &text), STING_OK);
    size_t head = text.size - index.records.size;
    for (size_t size = 0; size < head; size++) {
        assert_int_equal(
            bait_index_read((struct bytes){text.data, size}, &again),
            STING_E_FORMAT);
    }
}

static void more_than_its_pages_can_take_is_refused(void **state)
{
    struct bait_index index STING_AUTO(bait_index_release) = {0};
    struct bait_index again = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    (void)state;
    index_make(&index);
    assert_int_equal(buffer_reserve(&index.records, 20000), STING_OK);
    memset(index.records.data, 0, 20000);
    index.records.size = 20000;
    assert_int_equal(bait_index_write(&index, &text), STING_OK);
    assert_int_equal(bait_index_read(buffer_bytes(&text), &again),
                     STING_E_FORMAT);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(an_index_reads_back_as_it_was_written),
        cmocka_unit_test(a_head_that_is_cut_is_refused),
        cmocka_unit_test(more_than_its_pages_can_take_is_refused),
    };
    return cmocka_run_group_tests_name("bait index", test, NULL, NULL);
}
