/* Through the real, jailed worker of the real binary. */
#include "operation/player_worker.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "jail/worker.h"
#include "media/encode.h"
#include "media/mp4.h"
#include "operation/player_cut.h"
#include "tests/check.h"

#define WIDTH 320
#define HEIGHT 192
#define FRAMES 50
#define FRAME_US 40000

/* A dim scene with a bright square that moves right by 4 px a frame. */
static void scene_draw(struct video_frame *frame, int number)
{
    uint32_t noise = 77U + (uint32_t)number;
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            noise = noise * 1664525U + 1013904223U;
            plane_row(&frame->y, y)[x] =
                (uint8_t)(30 + x / 16 + (int)(noise >> 29));
        }
    }
    for (int y = 80; y < 112; y++) {
        memset(&plane_row(&frame->y, y)[16 + 4 * number], 120, 32);
    }
    memset(frame->u.data, 90, (size_t)frame->u.stride * HEIGHT / 2);
    memset(frame->v.data, 150, (size_t)frame->v.stride * HEIGHT / 2);
}

static void recording_make(struct buffer *out)
{
    struct encode_settings settings = {.width_px = WIDTH,
                                       .height_px = HEIGHT,
                                       .frames_per_s = 25,
                                       .gop_frames = 25,
                                       .crf = 20};
    struct mp4_writer *writer = NULL;
    struct encoder *encoder = NULL;
    struct video_frame frame;
    assert_int_equal(video_frame_init(&frame, WIDTH, HEIGHT, true), 0);
    assert_int_equal(mp4_writer_new(WIDTH, HEIGHT, 25, &writer), 0);
    assert_int_equal(
        encoder_new(&settings, mp4_writer_add, writer, &encoder, NULL), 0);
    frame.full_range = true;
    for (int i = 0; i < FRAMES; i++) {
        scene_draw(&frame, i);
        frame.pts_us = (int64_t)i * FRAME_US;
        assert_int_equal(encoder_frame(encoder, &frame), 0);
    }
    assert_int_equal(encoder_finish(encoder), 0);
    assert_int_equal(mp4_writer_finish(writer, out), 0);
    encoder_free(&encoder);
    mp4_writer_free(&writer);
    video_frame_release(&frame);
}

struct given {
    size_t stills;
    int64_t pts_us[PLAYER_MOST_STILLS];
    size_t index[PLAYER_MOST_STILLS];
};

static enum sting_status still_take(void *context, size_t index, int64_t pts_us,
                                    struct bytes jpeg)
{
    struct given *given = context;
    assert_true(jpeg.size > 100 && jpeg.data[0] == 0xff &&
                jpeg.data[1] == 0xd8);
    given->pts_us[given->stills] = pts_us;
    given->index[given->stills++] = index;
    return STING_OK;
}

static struct player_worker *loaded(struct bytes recording)
{
    struct player_worker *worker = NULL;
    struct fault fault = {0};
    worker_binary(STING_BINARY);
    assert_int_equal(player_worker_new(&worker, &fault), STING_OK);
    assert_int_equal(player_load(worker, recording, (struct bytes){0}, &fault),
                     STING_OK);
    return worker;
}

static void each_still_is_the_picture_shown_then(void **state)
{
    (void)state;
    struct buffer recording = {0};
    struct given given = {0};
    struct fault fault = {0};
    const int64_t at_us[] = {0, 50000, 400000, 1990000, 9000000};
    recording_make(&recording);
    struct player_worker *worker = loaded(buffer_bytes(&recording));
    enum sting_status status =
        player_stills(worker, at_us, 5, still_take, &given, &fault);
    assert_string_equal(fault.why, "");
    assert_int_equal(status, STING_OK);
    assert_int_equal(given.stills, 5);
    const int64_t shown_us[] = {0, 40000, 400000, 1960000, 1960000};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(given.index[i], i);
        assert_int_equal(given.pts_us[i], shown_us[i]);
    }
    player_worker_free(&worker);
    buffer_release(&recording);
}

/* What is in the cut, decoded again. */
struct looked {
    int frames;
    int most_off;  /* of any pixel well inside the mask from its first value */
    int first;     /* that value, -1 before the first frame */
    double bright; /* mean outside the mask */
};

static enum sting_status look(void *context, const struct video_frame *frame)
{
    struct looked *looked = context;
    double sum = 0;
    /* The mask asked for is x 96-160, y 64-128. */
    for (int y = 64; y < 128; y++) {
        for (int x = 96; x < 160; x++) {
            int value = plane_row(&frame->y, y)[x];
            looked->first = looked->first < 0 ? value : looked->first;
            int off = abs(value - looked->first);
            looked->most_off = off > looked->most_off ? off : looked->most_off;
        }
    }
    for (int x = 0; x < WIDTH; x++) {
        sum += plane_row(&frame->y, 20)[x];
    }
    looked->bright = sum / WIDTH;
    looked->frames++;
    return STING_OK;
}

static struct looked cut_and_look(bool enhance, struct buffer *mp4,
                                  struct player_cut_made *made)
{
    struct buffer recording = {0};
    struct fault fault = {0};
    struct looked looked = {.first = -1};
    struct player_cut cut = {.from_us = 400000,
                             .to_us = 1200000,
                             .enhance = enhance,
                             .mask = {{0.3, 1.0 / 3, 0.2, 1.0 / 3}},
                             .masks = 1};
    recording_make(&recording);
    struct player_worker *worker = loaded(buffer_bytes(&recording));
    enum sting_status status =
        player_transcode(worker, &cut, mp4, made, &fault);
    assert_string_equal(fault.why, "");
    assert_int_equal(status, STING_OK);
    assert_int_equal(player_play(buffer_bytes(mp4), look, &looked, &fault),
                     STING_OK);
    player_worker_free(&worker);
    buffer_release(&recording);
    return looked;
}

static void a_masked_pixel_is_the_same_on_every_frame(void **state)
{
    (void)state;
    struct buffer mp4 = {0};
    struct player_cut_made made;
    struct looked looked = cut_and_look(false, &mp4, &made);
    assert_int_equal(made.frames, 21);
    assert_int_equal(looked.frames, 21);
    assert_int_equal(made.from_us, 400000);
    assert_int_equal(made.to_us, 1200000);
    assert_true(looked.most_off <= 1);
    assert_true(looked.first <= 20);
    const char *save = getenv("PLAYER_LOOK"); /* to see it: a file's name */
    if (save) {
        assert_int_equal(
            file_write(AT_FDCWD, save, buffer_bytes(&mp4), 0600, NULL), 0);
    }
    buffer_release(&mp4);
}

static void an_enhanced_cut_is_brighter_and_as_well_masked(void **state)
{
    (void)state;
    struct buffer plain = {0};
    struct buffer enhanced = {0};
    struct player_cut_made made;
    struct looked before = cut_and_look(false, &plain, &made);
    struct looked after = cut_and_look(true, &enhanced, &made);
    assert_true(after.bright > before.bright + 10);
    assert_true(after.most_off <= 1);
    buffer_release(&plain);
    buffer_release(&enhanced);
}

static void a_recording_of_rubbish_is_refused(void **state)
{
    (void)state;
    static uint8_t rubbish[5000];
    struct given given = {0};
    struct fault fault = {0};
    const int64_t at_us[] = {0};
    for (size_t i = 0; i < sizeof rubbish; i++) {
        rubbish[i] = (uint8_t)(i * i + 3);
    }
    struct player_worker *worker =
        loaded((struct bytes){rubbish, sizeof rubbish});
    assert_int_not_equal(
        player_stills(worker, at_us, 1, still_take, &given, &fault), STING_OK);
    assert_int_equal(given.stills, 0);
    assert_true(fault.why[0] != '\0');
    player_worker_free(&worker);
}

static void a_cut_of_nothing_says_so(void **state)
{
    (void)state;
    struct buffer recording = {0};
    struct buffer mp4 = {0};
    struct fault fault = {0};
    struct player_cut_made made;
    struct player_cut cut = {.from_us = 5000000, .to_us = 6000000};
    recording_make(&recording);
    struct player_worker *worker = loaded(buffer_bytes(&recording));
    assert_int_equal(player_transcode(worker, &cut, &mp4, &made, &fault),
                     STING_E_ABSENT);
    assert_int_equal(mp4.size, 0);
    player_worker_free(&worker);
    buffer_release(&recording);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(each_still_is_the_picture_shown_then),
        cmocka_unit_test(a_masked_pixel_is_the_same_on_every_frame),
        cmocka_unit_test(an_enhanced_cut_is_brighter_and_as_well_masked),
        cmocka_unit_test(a_recording_of_rubbish_is_refused),
        cmocka_unit_test(a_cut_of_nothing_says_so),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
