/* Who looks, and what is held for whoever begins to. */
#include <string.h>

#include "tests/check.h"

#include "station/viewing.h"

static void add(struct viewing_camera *camera, bool key, size_t size)
{
    static uint8_t data[64 * 1024];
    const struct viewing_piece piece = {.starts_with_key = key};
    viewing_add(camera, &piece, (struct bytes){data, size});
}

static void pieces_are_held_from_the_last_keyframe_on(void **state)
{
    struct viewing *viewing = viewing_new();
    struct viewing_camera *camera = &viewing->camera[3];
    (void)state;
    add(camera, false, 10);
    assert_int_equal(camera->pieces, 0);
    add(camera, true, 10);
    add(camera, false, 20);
    assert_int_equal(camera->pieces, 2);
    assert_int_equal(camera->data.size, 30);
    add(camera, true, 5);
    assert_int_equal(camera->pieces, 1);
    assert_int_equal(camera->piece[0].bytes, 5);
    viewing_init(camera, bytes_of_text("another stream"));
    assert_int_equal(camera->pieces, 0);
    viewing_free(&viewing);
}

static void a_run_that_grows_too_long_is_let_go_of(void **state)
{
    struct viewing *viewing = viewing_new();
    struct viewing_camera *camera = &viewing->camera[0];
    (void)state;
    add(camera, true, 10);
    for (int i = 0; i < VIEWING_MOST_PIECES; i++) {
        add(camera, false, 10);
    }
    assert_int_equal(camera->pieces, 0);
    add(camera, true, 10);
    for (size_t i = 0; i < VIEWING_MOST_BYTES / ((size_t)64 * 1024); i++) {
        add(camera, false, (size_t)64 * 1024);
        assert_true(camera->data.size <= VIEWING_MOST_BYTES);
    }
    assert_int_equal(camera->pieces, 0);
    viewing_free(&viewing);
}

/* More pieces than a browser may have waiting, yet it is given one. */
static void who_begins_to_look_is_given_one_piece(void **state)
{
    struct viewing *viewing = viewing_new();
    struct viewing_camera *camera = &viewing->camera[0];
    struct viewing_piece whole;
    (void)state;
    assert_false(viewing_whole(camera, &whole));
    for (int64_t i = 0; i < VIEWING_MOST_PIECES; i++) {
        const struct viewing_piece piece = {.starts_with_key = i == 0,
                                            .end_us = 100 * i + 100,
                                            .utc_us = 7000 + 100 * i,
                                            .duration_us = 100};
        viewing_add(camera, &piece, bytes_of_text("moof"));
    }
    assert_true(viewing_whole(camera, &whole));
    assert_true(whole.starts_with_key);
    assert_int_equal(whole.bytes, (size_t)4 * VIEWING_MOST_PIECES);
    assert_int_equal(whole.duration_us, 100 * VIEWING_MOST_PIECES);
    assert_int_equal(whole.end_us, 100 * VIEWING_MOST_PIECES);
    assert_int_equal(whole.utc_us, 7000 + 100 * (VIEWING_MOST_PIECES - 1));
    viewing_free(&viewing);
}

static void cameras_are_those_of_all_who_look(void **state)
{
    struct viewing *viewing = viewing_new();
    (void)state;
    for (int64_t i = 1; i <= VIEWING_MOST; i++) {
        const struct viewing_stream stream = {
            .id = i, .cameras = UINT64_C(1) << (i % 3)};
        assert_int_equal(viewing_open(viewing, &stream), STING_OK);
    }
    const struct viewing_stream more = {.id = 99, .cameras = 8};
    assert_int_equal(viewing_open(viewing, &more), STING_E_LIMIT);
    assert_int_equal(viewing_cameras(viewing), 7);
    for (int64_t i = 1; i <= VIEWING_MOST; i++) {
        viewing_close(viewing, i);
    }
    assert_int_equal(viewing_cameras(viewing), 0);
    viewing_free(&viewing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_held_from_the_last_keyframe_on),
        cmocka_unit_test(a_run_that_grows_too_long_is_let_go_of),
        cmocka_unit_test(who_begins_to_look_is_given_one_piece),
        cmocka_unit_test(cameras_are_those_of_all_who_look),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
