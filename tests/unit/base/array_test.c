#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "tests/check.h"

struct pot {
    uint64_t number;
    char name[13];
};

struct shelf {
    struct pot *pot; /* owned */
    size_t pots;
};

static void shelf_release(struct shelf *shelf)
{
    free(shelf->pot);
}

static void add(struct shelf *shelf, uint64_t number)
{
    static const struct pot none;
    struct pot *pot = array_add(&shelf->pot, &shelf->pots, sizeof *pot);
    assert_non_null(pot);
    assert_memory_equal(pot, &none, sizeof none);
    memset(pot, 0xff, sizeof *pot);
    pot->number = number;
}

static void elements_stay_as_they_were_added(void **state)
{
    (void)state;
    struct shelf shelf STING_AUTO(shelf_release) = {NULL, 0};
    for (uint64_t i = 0; i < 1000; i++) {
        add(&shelf, i);
        assert_int_equal(shelf.pots, i + 1);
        assert_ptr_equal(&shelf.pot[i].number, &shelf.pot[shelf.pots - 1]);
    }
    for (uint64_t i = 0; i < 1000; i++) {
        assert_int_equal(shelf.pot[i].number, i);
    }
}

/* AddressSanitizer and valgrind see what this writes. */
static void what_was_taken_away_gives_its_place(void **state)
{
    (void)state;
    struct shelf shelf STING_AUTO(shelf_release) = {NULL, 0};
    for (size_t most = 0; most < 40; most++) {
        for (size_t least = 0; least <= most; least++) {
            while (shelf.pots < most) {
                add(&shelf, shelf.pots);
            }
            shelf.pots = least;
            add(&shelf, least);
            for (size_t i = 0; i < shelf.pots; i++) {
                assert_int_equal(shelf.pot[i].number, i);
            }
        }
    }
}

static void of_the_newest_the_first_goes_and_order_stays(void **state)
{
    (void)state;
    for (size_t most = 1; most < 20; most++) {
        struct shelf shelf STING_AUTO(shelf_release) = {NULL, 0};
        for (uint64_t i = 0; i < 50; i++) {
            struct pot *pot =
                array_add_newest(&shelf.pot, &shelf.pots, most, sizeof *pot);
            assert_non_null(pot);
            assert_int_equal(pot->number, 0);
            pot->number = i;
            assert_int_equal(shelf.pots, i < most ? i + 1 : most);
            for (size_t p = 0; p < shelf.pots; p++) {
                assert_int_equal(shelf.pot[p].number, i + 1 - shelf.pots + p);
            }
        }
    }
}

static void without_memory_nothing_changes(void **state)
{
    (void)state;
    struct shelf shelf STING_AUTO(shelf_release) = {NULL, 0};
    add(&shelf, 7);
    struct pot *before = shelf.pot;
    assert_null(array_add(&shelf.pot, &shelf.pots, SIZE_MAX / 2));
    assert_null(array_add(&shelf.pot, &shelf.pots, SIZE_MAX));
    assert_ptr_equal(shelf.pot, before);
    assert_int_equal(shelf.pots, 1);
    assert_int_equal(shelf.pot[0].number, 7);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(elements_stay_as_they_were_added),
        cmocka_unit_test(what_was_taken_away_gives_its_place),
        cmocka_unit_test(of_the_newest_the_first_goes_and_order_stays),
        cmocka_unit_test(without_memory_nothing_changes),
    };
    return cmocka_run_group_tests_name("array", test, NULL, NULL);
}
