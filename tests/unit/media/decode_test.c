/* One film through two decoders: who looks seldom sees the same pictures and
 * holds nothing in between; what follows a keyframe goes on from it. */
#include "media/decode.h"

#include <malloc.h>
#include <string.h>

#include "media/encode.h"
#include "tests/check.h"

#define WIDTH 640
#define HEIGHT 352
#define FRAMES 40
#define GOP 10

struct film {
    struct stream stream;
    struct packet packet[FRAMES];
    int packets;
};

/* What came out: of each picture its time, and a number made of its bytes. */
struct seen {
    int pictures;
    int64_t pts_us[2 * FRAMES];
    uint64_t of[2 * FRAMES];
};

static enum sting_status packet_keep(void *context,
                                     const struct encode_packet *encoded)
{
    struct film *film = context;
    if (film->packets == 0) {
        assert_int_equal(
            stream_of_h264(WIDTH, HEIGHT, encoded->data, &film->stream), 0);
    }
    return packet_new(encoded->data, encoded->pts_us, encoded->key,
                      &film->packet[film->packets++]);
}

/* Grain that is another in each picture. */
static void frame_draw(struct video_frame *frame, int number)
{
    uint32_t chance = (uint32_t)number * 77 + 1;
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            chance = chance * 1664525u + 1013904223u;
            plane_row(&frame->y, y)[x] =
                (uint8_t)(60 + x / 8 + (int)(chance >> 28));
        }
    }
}

static int film_make(void **state)
{
    static struct film film;
    const struct encode_settings settings = {WIDTH, HEIGHT, 25, GOP, 28, false};
    struct encoder *encoder STING_AUTO(encoder_free) = NULL;
    struct video_frame frame STING_AUTO(video_frame_release) = {0};
    assert_int_equal(video_frame_init(&frame, WIDTH, HEIGHT, true), 0);
    assert_int_equal(encoder_new(&settings, packet_keep, &film, &encoder, NULL),
                     0);
    for (int i = 0; i < FRAMES; i++) {
        frame_draw(&frame, i);
        frame.pts_us = (int64_t)i * 40000;
        assert_int_equal(encoder_frame(encoder, &frame), 0);
    }
    assert_int_equal(encoder_finish(encoder), 0);
    assert_int_equal(film.packets, FRAMES);
    *state = &film;
    return 0;
}

static int film_release(void **state)
{
    struct film *film = *state;
    for (int i = 0; i < film->packets; i++) {
        packet_release(&film->packet[i]);
    }
    stream_release(&film->stream);
    return 0;
}

static enum sting_status picture_take(void *context,
                                      const struct video_frame *frame)
{
    struct seen *seen = context;
    uint64_t of = 14695981039346656037u; /* FNV-1a */
    for (int y = 0; y < frame->y.height_px; y++) {
        for (int x = 0; x < frame->y.width_px; x++) {
            of = (of ^ plane_row(&frame->y, y)[x]) * 1099511628211u;
        }
    }
    seen->pts_us[seen->pictures] = frame->pts_us;
    seen->of[seen->pictures++] = of;
    return STING_OK;
}

static struct decoder *decoder_of(const struct film *film, struct seen *seen)
{
    struct decoder *decoder = NULL;
    struct fault fault = {"", ""};
    assert_int_equal(
        decoder_new(&film->stream, picture_take, seen, &decoder, &fault), 0);
    return decoder;
}

/* Keyframes, then every frame of the third group, then keyframes again. */
static void film_see(const struct film *film, struct decoder *decoder)
{
    decoder_set(decoder, DECODE_KEYFRAMES);
    for (int i = 0; i < FRAMES; i++) {
        if (i % GOP == 0) {
            decoder_set(decoder, i == 2 * GOP ? DECODE_ALL : DECODE_KEYFRAMES);
        }
        assert_int_equal(decoder_add(decoder, &film->packet[i]), 0);
    }
    assert_int_equal(decoder_finish(decoder), 0);
}

/* One that never rests, since it is given every frame, and one that does. */
static void who_rests_in_between_sees_the_same_pictures(void **state)
{
    const struct film *film = *state;
    struct seen all = {0}, some = {0};
    struct decoder *awake STING_AUTO(decoder_free) = decoder_of(film, &all);
    decoder_seldom(awake);
    for (int i = 0; i < FRAMES; i++) {
        assert_int_equal(decoder_add(awake, &film->packet[i]), 0);
    }
    assert_int_equal(decoder_finish(awake), 0);
    assert_int_equal(all.pictures, FRAMES);
    struct decoder *rests STING_AUTO(decoder_free) = decoder_of(film, &some);
    decoder_seldom(rests);
    film_see(film, rests);
    assert_int_equal(some.pictures, GOP + 3);
    for (int i = 0; i < some.pictures; i++) {
        int64_t number = some.pts_us[i] / 40000;
        assert_int_equal(all.pts_us[number], some.pts_us[i]);
        assert_true(all.of[number] == some.of[i]);
    }
}

/* Blocks that are in use, large ones too; 0 where that is not counted. */
static size_t used_bytes(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static void between_keyframes_nothing_is_held(void **state)
{
    const struct film *film = *state;
    struct seen seen = {0};
    struct decoder *decoder STING_AUTO(decoder_free) = decoder_of(film, &seen);
    decoder_set(decoder, DECODE_KEYFRAMES);
    assert_int_equal(decoder_add(decoder, &film->packet[0]), 0);
    size_t often = used_bytes();
    decoder_seldom(decoder);
    assert_int_equal(decoder_add(decoder, &film->packet[GOP]), 0);
    assert_int_equal(seen.pictures, 2);
    size_t seldom = used_bytes();
    assert_true(often == 0 || often > seldom + WIDTH * HEIGHT * 3 / 2);
}

static void who_rests_may_be_ended_or_set_otherwise(void **state)
{
    const struct film *film = *state;
    struct seen seen = {0};
    struct decoder *decoder STING_AUTO(decoder_free) = decoder_of(film, &seen);
    decoder_set(decoder, DECODE_KEYFRAMES);
    decoder_seldom(decoder);
    assert_int_equal(decoder_add(decoder, &film->packet[0]), 0);
    assert_int_equal(decoder_finish(decoder), 0);
    decoder_set(decoder, DECODE_ALL);
    assert_int_equal(decoder_add(decoder, &film->packet[1]), 0);
    assert_int_equal(seen.pictures, 1); /* it begins at a keyframe */
    assert_int_equal(decoder_add(decoder, &film->packet[GOP]), 0);
    assert_int_equal(decoder_add(decoder, &film->packet[GOP + 1]), 0);
    assert_int_equal(decoder_finish(decoder), 0);
    assert_int_equal(seen.pictures, 3);
    assert_int_equal(seen.pts_us[2], (GOP + 1) * 40000);
}

/* A keyframe that was given alone, and then again as the first of all frames:
 * what follows is as if it had been decoded twice, and it is given once. */
static void what_follows_a_keyframe_goes_on_from_it(void **state)
{
    const struct film *film = *state;
    struct seen all = {0}, some = {0};
    const struct packet *key = &film->packet[(ptrdiff_t)2 * GOP];
    struct decoder *anew STING_AUTO(decoder_free) = decoder_of(film, &all);
    struct decoder *on STING_AUTO(decoder_free) = decoder_of(film, &some);
    decoder_set(on, DECODE_KEYFRAMES);
    assert_int_equal(decoder_add(on, &film->packet[GOP]), 0);
    assert_int_equal(decoder_add(on, key), 0);
    decoder_set(on, DECODE_ALL);
    assert_int_equal(decoder_add(on, key + 1), 0);
    assert_int_equal(some.pictures, 2); /* it begins at a keyframe */
    for (int i = 0; i < GOP; i++) {
        assert_int_equal(decoder_add(on, key + i), 0);
        assert_int_equal(decoder_add(anew, key + i), 0);
        assert_int_equal(some.pictures, i + 2);
        assert_int_equal(all.pictures, i + 1);
        assert_int_equal(some.pts_us[i + 1], all.pts_us[i]);
        assert_true(some.of[i + 1] == all.of[i]);
    }
}

static void another_keyframe_is_not_taken_for_it(void **state)
{
    const struct film *film = *state;
    struct seen seen = {0};
    struct packet alike = {0};
    struct decoder *decoder STING_AUTO(decoder_free) = decoder_of(film, &seen);
    assert_int_equal(
        packet_new(film->packet[GOP].data, film->packet[0].pts, true, &alike),
        0);
    decoder_set(decoder, DECODE_KEYFRAMES);
    assert_int_equal(decoder_add(decoder, &film->packet[0]), 0);
    decoder_set(decoder, DECODE_ALL);
    assert_int_equal(decoder_add(decoder, &alike), 0);
    assert_int_equal(seen.pictures, 2);
    assert_true(seen.of[0] != seen.of[1]);
    packet_release(&alike);
}

/* What was decoded before a keyframe makes no difference to it. */
static void a_keyframe_is_decoded_by_a_decoder_as_new(void **state)
{
    const struct film *film = *state;
    struct seen after = {0}, alone = {0};
    struct packet torn = {0};
    struct decoder *used STING_AUTO(decoder_free) = decoder_of(film, &after);
    struct decoder *fresh STING_AUTO(decoder_free) = decoder_of(film, &alone);
    struct bytes half = film->packet[GOP].data;
    half.size /= 2;
    assert_int_equal(packet_new(half, film->packet[GOP].pts, true, &torn), 0);
    decoder_set(used, DECODE_KEYFRAMES);
    decoder_set(fresh, DECODE_KEYFRAMES);
    assert_int_equal(decoder_add(used, &film->packet[0]), 0);
    assert_int_equal(decoder_add(used, &torn), 0);
    assert_int_equal(decoder_add(fresh, &torn), 0);
    assert_int_equal(alone.pictures, 1); /* its lower half made up */
    assert_int_equal(after.pictures, 2);
    assert_true(after.of[1] == alone.of[0]);
    packet_release(&torn);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(who_rests_in_between_sees_the_same_pictures),
        cmocka_unit_test(between_keyframes_nothing_is_held),
        cmocka_unit_test(who_rests_may_be_ended_or_set_otherwise),
        cmocka_unit_test(what_follows_a_keyframe_goes_on_from_it),
        cmocka_unit_test(another_keyframe_is_not_taken_for_it),
        cmocka_unit_test(a_keyframe_is_decoded_by_a_decoder_as_new),
    };
    return cmocka_run_group_tests_name("decode", test, film_make, film_release);
}
