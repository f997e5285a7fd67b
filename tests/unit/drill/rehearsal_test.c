/* What a drill in the user's own footage is made of. Real people are those of
 * FOOTAGE, where it is. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drill/body.h"
#include "drill/intruder.h"
#include "drill/likeness.h"
#include "drill/plate.h"
#include "drill/rehearsal.h"
#include "drill/walkers.h"
#include "media/mp4.h"
#include "tests/check.h"

#define WIDTH 320
#define HEIGHT 180

/* A room that is dark on the left and light on the right, with noise of 2 and
 * 6 levels. */
static void room_draw(struct video_frame *frame, struct chance *chance)
{
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            bool is_light = x >= WIDTH / 2;
            double value = (is_light ? 150 : 50) +
                           (is_light ? 6 : 2) * chance_normal(chance);
            plane_row(&frame->y, y)[x] = (uint8_t)lrint(value);
        }
    }
}

static void room_learn(struct plate *plate, struct video_frame *frame,
                       struct chance *chance)
{
    assert_int_equal(video_frame_init(frame, WIDTH, HEIGHT, true), 0);
    assert_int_equal(plate_begin(plate, frame), 0);
    for (int i = 0; i < 60; i++) {
        frame->pts_us = (int64_t)i * 200000;
        room_draw(frame, chance);
        plate_take(plate, frame);
    }
}

static double spread(const struct plane *plane, int left, int top, int size)
{
    double sum = 0;
    double square = 0;
    for (int y = top; y < top + size; y++) {
        for (int x = left; x < left + size; x++) {
            double value = plane_row(plane, y)[x];
            sum += value;
            square += value * value;
        }
    }
    double count = size * size;
    return sqrt(square / count - sum / count * (sum / count));
}

static void a_plate_learns_the_room_and_its_noise_by_brightness(void **state)
{
    (void)state;
    struct plate plate STING_AUTO(plate_release) = {0};
    struct video_frame frame STING_AUTO(video_frame_release) = {0};
    struct chance chance = chance_of(1, 1);
    room_learn(&plate, &frame, &chance);
    assert_true(fabsf(plate_level(&plate, 0, 0, WIDTH / 2, HEIGHT) - 50) < 1);
    assert_true(fabsf(plate.noise[50 / 8] - 2) < 0.3F);
    assert_true(fabsf(plate.noise[150 / 8] - 6) < 0.6F);
}

static void who_is_put_in_has_the_noise_of_his_own_brightness(void **state)
{
    (void)state;
    struct plate plate STING_AUTO(plate_release) = {0};
    struct matte who STING_AUTO(matte_release) = {0};
    struct video_frame frame STING_AUTO(video_frame_release) = {0};
    struct chance chance = chance_of(1, 1);
    room_learn(&plate, &frame, &chance);
    assert_int_equal(matte_begin(&who, 20, 40, 100, 100), 0);
    for (int i = 0; i < 100 * 100; i++) {
        who.pixel[i] = (struct matte_pixel){1, 150, {0, 0}};
    }
    room_draw(&frame, &chance);
    double before = spread(&frame.y, 200, 40, 60);
    plate_put(&plate, &who, 1, &frame);
    /* Bright in the dark half: as noisy as what is bright. */
    double noise = spread(&frame.y, 40, 60, 60);
    assert_true(noise > 5 && noise < 7.2);
    /* The room itself is as it was, but for rounding. */
    assert_true(fabs(spread(&frame.y, 200, 40, 60) - before) < 0.01);
    /* In a quarter of the light everything is twice as noisy. */
    room_draw(&frame, &chance);
    plate_put(&plate, NULL, 2, &frame);
    assert_true(fabs(spread(&frame.y, 200, 40, 60) / before - 2) < 0.15);
}

static void intruders_have_each_trait_as_often_as_another(void **state)
{
    (void)state;
    const struct intruder_stage stage = {1280, 720, 640, 500};
    int count[TRAITS][INTRUDER_VALUES] = {{0}};
    for (uint32_t i = 0; i < 300; i++) {
        struct intruder one = intruder_choose(7, i, 0, 1, &stage);
        struct intruder again = intruder_choose(7, i, 0, 1, &stage);
        assert_memory_equal(&one, &again, sizeof one);
        again = intruder_choose(7, i, 1, 1, &stage);
        assert_memory_equal(one.trait, again.trait, sizeof one.trait);
        assert_true(one.height_px < again.height_px ||
                    one.height_px > again.height_px);
        for (int trait = 0; trait < TRAITS; trait++) {
            count[trait][one.trait[trait]]++;
        }
        assert_int_equal(trait_size(one.height_px, 720), one.trait[TRAIT_SIZE]);
        assert_true(intruder_lasts_s(&one) < 96);
        assert_true(intruder_leaves_s(&one) <= intruder_lasts_s(&one));
    }
    for (int trait = TRAIT_SIZE; trait <= TRAIT_SPEED; trait++) {
        for (int value = 0; value < INTRUDER_VALUES; value++) {
            assert_int_equal(count[trait][value], 100);
        }
    }
}

/* He comes from outside, is so tall as was said, and is gone at the end. */
static void intruders_walk_in_and_out_again(void **state)
{
    (void)state;
    const struct intruder_stage stage = {1280, 720, -1, -1};
    struct matte who STING_AUTO(matte_release) = {0};
    for (uint32_t i = 0; i < 60; i++) {
        struct intruder one = intruder_choose(3, i, 0, 0, &stage);
        double lasts = intruder_lasts_s(&one);
        double most = 0;
        assert_int_equal(intruder_draw(&one, 0, &who), 0);
        assert_true(matte_area(&who, 1280, 720) < 1);
        assert_int_equal(intruder_draw(&one, lasts, &who), 0);
        assert_true(matte_area(&who, 1280, 720) < 1);
        for (int k = 1; k < 20; k++) {
            assert_int_equal(intruder_draw(&one, lasts * k / 20, &who), 0);
            most = fmax(most, matte_area(&who, 1280, 720));
        }
        double share = most / (double)(one.height_px * one.height_px);
        assert_true(share > 0.03 && share < 0.4);
    }
}

static void of_what_is_covered_only_the_largest_stays(void **state)
{
    (void)state;
    struct plane cover STING_AUTO(plane_release) = {0};
    int box[4];
    assert_int_equal(plane_init(&cover, 200, 100), 0);
    assert_true(body_keep(&cover, box) == 0);
    for (int y = 10; y < 90; y++) {
        memset(plane_row(&cover, y) + 100, 255, 40); /* somebody */
        memset(plane_row(&cover, y) + 144, 255, 4);  /* his arm, near */
        if (y < 40) {
            memset(plane_row(&cover, y) + 20, 255, 30); /* a screen */
        }
    }
    assert_true(body_keep(&cover, box) == 80 * 44);
    assert_int_equal(box[0], 100);
    assert_int_equal(box[1], 10);
    assert_int_equal(box[2], 148);
    assert_int_equal(box[3], 90);
    assert_int_equal(plane_row(&cover, 20)[30], 0);
}

/* Frames and ends of the six visits, as told beside the clip, in tenths of a
 * second. */
static void people_of_a_clip_are_those_that_are_in_it(void **state)
{
    (void)state;
    static const int truth[6][2] = {{56, 206},  {226, 455},  {502, 712},
                                    {746, 878}, {918, 1210}, {1236, 1366}};
    const char *clip = getenv("FOOTAGE");
    int input STING_AUTO(fd_close) = clip ? open(clip, O_RDONLY) : -1;
    struct walkers walkers STING_AUTO(walkers_release) = {0};
    struct fault fault = {0};
    if (input < 0) {
        print_message("skipped: there is no footage of people\n");
        return;
    }
    assert_int_equal(walkers_cut(input, &walkers, &fault), 0);
    assert_int_equal(walkers.count, 6);
    for (int i = 0; i < 6; i++) {
        const struct walker *one = &walkers.walker[i];
        assert_true(llabs(one->begins_us / 100000 - truth[i][0]) < 10);
        assert_true(llabs(one->ends_us / 100000 - truth[i][1]) < 10);
        assert_true(one->height_px > 350 && one->height_px <= 432);
    }
}

/* ---- a whole rehearsal, on a film of that room ---- */

struct film {
    struct mp4_writer *writer;
    size_t bytes;
};

static enum sting_status film_take(void *context,
                                   const struct encode_packet *packet)
{
    struct film *film = context;
    film->bytes += packet->data.size;
    return mp4_writer_add(film->writer, packet);
}

/* Somebody is there from VISIT_S on, and goes to and fro. */
#define VISIT_S 60
#define VISIT_ENDS_S 84

static void visitor_draw(struct video_frame *frame, double at_s)
{
    int left = (int)(WIDTH * (0.4 + 0.25 * sin(at_s / 2)));
    for (int y = HEIGHT / 4; y < HEIGHT - 4; y++) {
        memset(plane_row(&frame->y, y) + left, 25, HEIGHT / 5);
    }
}

static int film_make(double noise, int seconds, bool has_visitor)
{
    const struct encode_settings settings = {WIDTH, HEIGHT, 5, 5, 26, false};
    struct film film = {NULL, 0};
    struct encoder *encoder STING_AUTO(encoder_free) = NULL;
    struct video_frame frame STING_AUTO(video_frame_release) = {0};
    struct buffer mp4 STING_AUTO(buffer_release) = {0};
    struct chance chance = chance_of(5, 5);
    assert_int_equal(mp4_writer_new(WIDTH, HEIGHT, 5, &film.writer), 0);
    assert_int_equal(encoder_new(&settings, film_take, &film, &encoder, NULL),
                     0);
    assert_int_equal(video_frame_init(&frame, WIDTH, HEIGHT, true), 0);
    memset(frame.u.data, 128, (size_t)frame.u.stride * (HEIGHT / 2));
    memset(frame.v.data, 128, (size_t)frame.v.stride * (HEIGHT / 2));
    for (int i = 0; i < 5 * seconds; i++) {
        for (int k = 0; k < WIDTH * HEIGHT; k++) {
            double level =
                70 + 20 * sin(k % WIDTH / 9.0) + noise * chance_normal(&chance);
            frame.y.data[k] = (uint8_t)fmin(255, fmax(0, level));
        }
        if (has_visitor && i >= 5 * VISIT_S && i < 5 * VISIT_ENDS_S) {
            visitor_draw(&frame, i / 5.0);
        }
        frame.pts_us = (int64_t)i * 200000;
        assert_int_equal(encoder_frame(encoder, &frame), 0);
    }
    assert_int_equal(encoder_finish(encoder), 0);
    assert_int_equal(mp4_writer_finish(film.writer, &mp4), 0);
    mp4_writer_free(&film.writer);
    char path[] = "/tmp/rehearsal-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    unlink(path);
    assert_int_equal(write(fd, mp4.data, mp4.size), mp4.size);
    return fd;
}

struct heard {
    int footage, trials, told;
    int beside; /* while the visitor of the footage was there */
    double noise_kept;
};

static enum sting_status footage_hear(void *context,
                                      const struct rehearsal_footage *footage)
{
    struct heard *heard = context;
    heard->footage++;
    heard->noise_kept = footage->noise_kept;
    assert_int_equal(footage->gop_frames, 5);
    return STING_OK;
}

static enum sting_status at_hear(void *context, double at_s)
{
    (void)context;
    (void)at_s;
    return STING_OK;
}

static enum sting_status trial_hear(void *context,
                                    const struct rehearsal_trial *trial)
{
    struct heard *heard = context;
    heard->trials++;
    heard->told += trial->is_told;
    heard->beside += trial->at_s < VISIT_ENDS_S &&
                     trial->at_s + intruder_lasts_s(&trial->who) > VISIT_S;
    return STING_OK;
}

static struct heard rehearse(double noise, int light, uint32_t trials,
                             bool has_visitor)
{
    int input STING_AUTO(fd_close) = film_make(noise, 130, has_visitor);
    const struct looker_settings look = {.zones = 0};
    struct heard heard = {0};
    struct rehearsal_sum sum;
    struct fault fault = {0};
    const struct rehearsal_settings settings = {.input = input,
                                                .people = -1,
                                                .look = &look,
                                                .light = light,
                                                .quiet_us = 10000000,
                                                .trials = trials,
                                                .seed = 11,
                                                .footage = footage_hear,
                                                .at = at_hear,
                                                .trial = trial_hear,
                                                .context = &heard};
    assert_int_equal(rehearsal_run(&settings, &sum, &fault), 0);
    assert_int_equal(heard.footage, 1);
    assert_int_equal(heard.trials, trials);
    assert_int_equal(sum.false_alarms, has_visitor);
    assert_true(sum.quiet_us > 100000000);
    return heard;
}

/* Both ways: where it is clear all are told of, where nobody can be seen
 * hardly anybody is. */
static void told_are_those_who_can_be_seen(void **state)
{
    (void)state;
    struct heard clear = rehearse(2, 0, 6, false);
    assert_int_equal(clear.told, 6);
    assert_true(clear.noise_kept > 0.8 && clear.noise_kept < 1.2);
    struct heard blind = rehearse(60, 2, 3, false);
    assert_true(blind.told <= 1);
}

/* The control tells of him, in every pass nobody is put in beside him. */
static void nobody_comes_while_the_footage_is_not_quiet(void **state)
{
    (void)state;
    struct heard heard = rehearse(2, 0, 8, true);
    assert_int_equal(heard.beside, 0);
    assert_int_equal(heard.told, 8);
}

static void footage_that_is_none_is_refused(void **state)
{
    (void)state;
    char path[] = "/tmp/rehearsal-XXXXXX";
    int input STING_AUTO(fd_close) = mkstemp(path);
    const struct looker_settings look = {.zones = 0};
    const struct rehearsal_settings settings = {.input = input,
                                                .people = -1,
                                                .look = &look,
                                                .quiet_us = 1,
                                                .trials = 1};
    struct rehearsal_sum sum;
    struct fault fault = {0};
    unlink(path);
    assert_int_equal(write(input, "no film at all, only words", 26), 26);
    assert_true(rehearsal_run(&settings, &sum, &fault) < 0);
    assert_true(fault.why[0] != '\0');
    int brief STING_AUTO(fd_close) = film_make(2, 30, false);
    const struct rehearsal_settings second = {.input = brief,
                                              .people = -1,
                                              .look = &look,
                                              .quiet_us = 1,
                                              .trials = 1};
    assert_int_equal(rehearsal_run(&second, &sum, &fault), STING_E_LIMIT);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_plate_learns_the_room_and_its_noise_by_brightness),
        cmocka_unit_test(who_is_put_in_has_the_noise_of_his_own_brightness),
        cmocka_unit_test(intruders_have_each_trait_as_often_as_another),
        cmocka_unit_test(intruders_walk_in_and_out_again),
        cmocka_unit_test(of_what_is_covered_only_the_largest_stays),
        cmocka_unit_test(people_of_a_clip_are_those_that_are_in_it),
        cmocka_unit_test(told_are_those_who_can_be_seen),
        cmocka_unit_test(nobody_comes_while_the_footage_is_not_quiet),
        cmocka_unit_test(footage_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
