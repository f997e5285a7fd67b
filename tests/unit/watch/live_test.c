/* Pieces for who looks now: from the last keyframe on, and no sooner. */
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"

#include "watch/live.h"

#define FRAME_US INT64_C(40000)
#define SHIFT_US INT64_C(5000000)

struct seen {
    int pieces;
    int frames;
    int keys;
    bool first_was_key;
    int64_t begin_us, end_us;
};

static enum sting_status see(void *context, const struct fragment *fragment)
{
    struct seen *seen = context;
    if (seen->pieces++ == 0) {
        seen->first_was_key = fragment->key;
        seen->begin_us = fragment->pts_us;
    }
    seen->frames += fragment->frames;
    seen->keys += fragment->key;
    seen->end_us = fragment->pts_us + fragment->duration_us;
    return STING_OK;
}

static const struct stream stream = {.codec = STREAM_H264,
                                     .width_px = 64,
                                     .height_px = 48,
                                     .ticks_per_s = 1000000,
                                     .frame_ticks = FRAME_US};

/* Picture n, a keyframe each 25. */
static void picture(struct live *live, int n)
{
    uint8_t unit[40] = {0, 0, 0, 1, 0x41};
    struct packet packet = {.key = false};
    bool key = n % 25 == 0;
    unit[4] = key ? 0x65 : 0x41;
    memset(unit + 5, 0x33, sizeof unit - 5);
    assert_int_equal(packet_new((struct bytes){unit, sizeof unit},
                                (int64_t)n * FRAME_US, key, &packet),
                     STING_OK);
    assert_int_equal(live_add(live, &packet, (int64_t)n * FRAME_US), STING_OK);
    packet_release(&packet);
}

static struct live *somewhere(struct seen *seen)
{
    struct live *live = NULL;
    assert_int_equal(live_new(&stream, SHIFT_US, see, seen, &live), STING_OK);
    return live;
}

static void nothing_is_packed_while_nobody_looks(void **state)
{
    struct seen seen = {0};
    struct live *live = somewhere(&seen);
    (void)state;
    for (int n = 0; n < 60; n++) {
        picture(live, n);
    }
    assert_int_equal(seen.pieces, 0);
    live_free(&live);
}

static void who_begins_sees_all_since_the_last_keyframe_at_once(void **state)
{
    struct seen seen = {0};
    struct live *live = somewhere(&seen);
    (void)state;
    for (int n = 0; n < 60; n++) {
        picture(live, n);
    }
    assert_int_equal(live_want(live, true), STING_OK);
    assert_true(seen.first_was_key);
    assert_int_equal(seen.frames, 10); /* 50 to 59 */
    assert_int_equal(seen.begin_us, 50 * FRAME_US + SHIFT_US);
    assert_int_equal(seen.end_us, 60 * FRAME_US + SHIFT_US);
    live_free(&live);
}

static void a_piece_is_short_and_none_is_lost(void **state)
{
    struct seen seen = {0};
    struct live *live = somewhere(&seen);
    (void)state;
    assert_int_equal(live_want(live, true), STING_OK);
    picture(live, 3); /* before a keyframe nothing can be shown */
    assert_int_equal(seen.pieces, 0);
    for (int n = 25; n < 125; n++) {
        picture(live, n);
    }
    assert_true(seen.frames >= 98);
    assert_true(seen.pieces >= 45);
    assert_int_equal(seen.keys, 4);
    int before = seen.pieces;
    assert_int_equal(live_want(live, false), STING_OK);
    picture(live, 125);
    assert_int_equal(seen.pieces, before);
    live_free(&live);
}

static void a_run_without_keyframes_is_not_held_for_ever(void **state)
{
    struct seen seen = {0};
    struct live *live = somewhere(&seen);
    (void)state;
    picture(live, 0);
    for (int n = 1; n < LIVE_MOST + 50; n++) {
        picture(live, n % 25 == 0 ? n + 1 : n);
    }
    assert_int_equal(live_want(live, true), STING_OK);
    assert_int_equal(seen.pieces, 0);
    picture(live, 1000);
    assert_true(seen.first_was_key);
    live_free(&live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_packed_while_nobody_looks),
        cmocka_unit_test(who_begins_sees_all_since_the_last_keyframe_at_once),
        cmocka_unit_test(a_piece_is_short_and_none_is_lost),
        cmocka_unit_test(a_run_without_keyframes_is_not_held_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
