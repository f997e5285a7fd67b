/* Pages that are light on dark. */
#include <string.h>

#include "image/negative.h"
#include "tests/check.h"

#define WIDE 160
#define HIGH 96
#define GROUND 210
#define INK 60

/* Lines of strokes; the lamp falls off to the right, to two thirds. */
static void page_draw(struct plane *out, int ground, int ink)
{
    assert_int_equal(plane_init(out, WIDE, HIGH), STING_OK);
    for (int y = 0; y < HIGH; y++) {
        for (int x = 0; x < WIDE; x++) {
            bool is_ink = y % 12 < 6 && x % 5 == 0;
            int lamp = 3 * WIDE - x;
            plane_row(out, y)[x] =
                (uint8_t)((is_ink ? ink : ground) * lamp / (3 * WIDE));
        }
    }
}

static void light_on_dark_is_told_from_dark_on_light(void **state)
{
    (void)state;
    struct plane paper STING_AUTO(plane_release) = {0};
    struct plane screen STING_AUTO(plane_release) = {0};
    struct plane blank STING_AUTO(plane_release) = {0};
    page_draw(&paper, GROUND, INK);
    page_draw(&screen, INK, GROUND);
    page_draw(&blank, INK, INK);
    assert_false(negative_is(&paper));
    assert_true(negative_is(&screen));
    assert_false(negative_is(&blank));
}

static void what_is_turned_is_dark_on_light_and_uses_all_greys(void **state)
{
    (void)state;
    struct plane screen STING_AUTO(plane_release) = {0};
    struct plane turned STING_AUTO(plane_release) = {0};
    page_draw(&screen, INK, GROUND);
    assert_int_equal(negative_turn(&screen, &turned), STING_OK);
    assert_false(negative_is(&turned));
    assert_int_equal(plane_row(&turned, 0)[0], 0);          /* the lightest */
    assert_int_equal(plane_row(&turned, 8)[WIDE - 1], 255); /* the darkest */
}

static void one_grey_alone_is_paper(void **state)
{
    (void)state;
    for (int grey = 0; grey < 256; grey += 51) {
        struct plane plane STING_AUTO(plane_release) = {0};
        struct plane turned STING_AUTO(plane_release) = {0};
        assert_int_equal(plane_init(&plane, 3, 3), STING_OK);
        memset(plane.data, grey, 9);
        assert_int_equal(negative_turn(&plane, &turned), STING_OK);
        assert_int_equal(turned.data[4], 255);
        assert_false(negative_is(&plane));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(light_on_dark_is_told_from_dark_on_light),
        cmocka_unit_test(what_is_turned_is_dark_on_light_and_uses_all_greys),
        cmocka_unit_test(one_grey_alone_is_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
