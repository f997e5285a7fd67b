/* What the core says that pages look like. */
#include "watch/shelf.h"

#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "wire/print.h"

static const uint8_t grey[PRINT_MOST_PX * PRINT_MOST_PX] = {[7] = 200};

static const struct page_print *take(struct shelf *shelf, int64_t zones,
                                     int64_t page, int64_t width,
                                     int64_t height, size_t size)
{
    const struct wire_head head = {.kind = WIRE_CAMERA_PRINT,
                                   .number = {zones, page, width, height}};
    return shelf_take(shelf, &head, (struct bytes){grey, size});
}

static void what_makes_no_sense_is_left_out(void **state)
{
    (void)state;
    struct shelf shelf = {.prints = 0};
    static const int64_t wrong[][5] = {
        {0, 1, 4, 5, 20},
        {INT64_C(1) << 32, 1, 4, 5, 20},
        {-1, 1, 4, 5, 20},
        {1, 0, 4, 5, 20},
        {1, PRINT_MOST_PAGE + 1, 4, 5, 20},
        {1, 1, 0, 5, 0},
        {1, 1, -4, -5, 20},
        {1, 1, PRINT_MOST_PX + 1, 1, PRINT_MOST_PX + 1},
        {1, 1, INT64_MAX, 2, 20},
        {1, 1, 4, 5, 19},
        {1, 1, 4, 5, 21}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const int64_t *w = wrong[i];
        assert_null(take(&shelf, w[0], w[1], w[2], w[3], (size_t)w[4]));
    }
    assert_int_equal(shelf.prints, 0);
}

static void pages_stay_where_they_are_while_more_come(void **state)
{
    (void)state;
    struct shelf shelf = {.prints = 0};
    const struct page_print *first = take(&shelf, 5, 3, 4, 5, 20);
    assert_non_null(first);
    for (int i = 1; i < PAGE_PRINTS_MOST; i++) {
        assert_non_null(take(&shelf, 1, i + 3, PRINT_MOST_PX, 2,
                             (size_t)2 * PRINT_MOST_PX));
    }
    assert_null(take(&shelf, 1, 1, 4, 5, 20));
    assert_ptr_equal(shelf.print[0], first);
    assert_int_equal(first->zones, 5);
    assert_int_equal(first->page, 3);
    assert_int_equal(plane_row(&first->grey, 1)[3], 200);
    shelf_release(&shelf);
    assert_int_equal(shelf.prints, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_makes_no_sense_is_left_out),
        cmocka_unit_test(pages_stay_where_they_are_while_more_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
