#include "watch/masker.h"

#include <string.h>

#include "media/decode.h"
#include "media/encode.h"
#include "tests/check.h"

#define WIDTH 320
#define HEIGHT 192
#define WHITE 230
#define MOST 16
#define NEARLY_BLACK 32
#define SECOND_US INT64_C(1000000)
#define APART_US INT64_C(100000)
#define BORDER_PX 18 /* farther off, a mask darkens nothing */

/* A white picture through a camera's encoder, masked, and seen again. */
struct shown {
    struct masker *masker;
    struct stream camera;
    struct decoder *decoder;
    struct masks masks;
    int sent, packets, pictures;
    int steps_at;     /* the picture from which on the camera's clock is off, */
    int64_t steps_us; /* by so much */
    int64_t told_us[MOST];        /* times of what came out */
    uint8_t seen[WIDTH * HEIGHT]; /* luma of the last picture */
};

static enum sting_status see(void *context, const struct video_frame *frame)
{
    struct shown *shown = context;
    for (int y = 0; y < HEIGHT; y++) {
        memcpy(shown->seen + (size_t)y * WIDTH, plane_row(&frame->y, y), WIDTH);
    }
    shown->pictures++;
    return STING_OK;
}

static enum sting_status take_masked(void *context, const struct stream *stream,
                                     struct packet *packet, bool is_new)
{
    struct shown *shown = context;
    assert_int_equal(is_new, shown->packets == 0);
    assert_int_equal(packet->key, shown->packets == 0);
    assert_true(shown->packets < MOST);
    shown->told_us[shown->packets++] = stream_us(stream, packet->pts);
    if (is_new) {
        assert_int_equal(decoder_new(stream, see, shown, &shown->decoder, NULL),
                         0);
    }
    return decoder_add(shown->decoder, packet);
}

static enum sting_status take_camera(void *context,
                                     const struct encode_packet *encoded)
{
    struct shown *shown = context;
    struct packet packet STING_AUTO(packet_release) = {0};
    if (!shown->masker) {
        assert_int_equal(
            stream_of_h264(WIDTH, HEIGHT, encoded->data, &shown->camera), 0);
        assert_int_equal(masker_new(&shown->camera, &shown->masks, take_masked,
                                    shown, &shown->masker, NULL),
                         0);
    }
    const struct moment now = {1, SECOND_US + APART_US * shown->sent};
    bool steps = shown->steps_at && shown->sent >= shown->steps_at;
    int64_t pts_us = encoded->pts_us + (steps ? shown->steps_us : 0);
    shown->sent++;
    assert_int_equal(packet_new(encoded->data, pts_us, encoded->key, &packet),
                     0);
    return masker_add(shown->masker, &packet, now);
}

static void pictures_send(struct shown *shown, int count)
{
    const struct encode_settings settings = {WIDTH, HEIGHT, 10, 10, 20, false};
    struct encoder *encoder STING_AUTO(encoder_free) = NULL;
    struct video_frame frame STING_AUTO(video_frame_release) = {0};
    assert_int_equal(video_frame_init(&frame, WIDTH, HEIGHT, true), 0);
    for (int y = 0; y < HEIGHT; y++) {
        memset(plane_row(&frame.y, y), WHITE, WIDTH);
    }
    assert_int_equal(encoder_new(&settings, take_camera, shown, &encoder, NULL),
                     0);
    for (int i = 0; i < count; i++) {
        frame.pts_us = APART_US * i;
        assert_int_equal(encoder_frame(encoder, &frame), 0);
    }
    assert_int_equal(encoder_finish(encoder), 0);
    assert_int_equal(decoder_finish(shown->decoder), 0);
    assert_int_equal(shown->packets, count);
    assert_int_equal(shown->pictures, count);
}

static void shown_end(struct shown *shown)
{
    masker_free(&shown->masker);
    decoder_free(&shown->decoder);
    stream_release(&shown->camera);
}

static void show(struct shown *shown, struct mask mask)
{
    *shown = (struct shown){.masks = {.count = 1, .mask = {mask}}};
    pictures_send(shown, 5);
    shown_end(shown);
}

static int luma(const struct shown *shown, int x, int y)
{
    return shown->seen[(size_t)y * WIDTH + (size_t)x];
}

static void what_a_mask_covers_is_black_and_nothing_else(void **state)
{
    (void)state;
    static struct shown shown;
    const struct mask square = {
        4, {{0.25F, 0.25F}, {0.75F, 0.25F}, {0.75F, 0.75F}, {0.25F, 0.75F}}};
    show(&shown, square);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            bool in = x >= WIDTH / 4 && x < WIDTH * 3 / 4 && y >= HEIGHT / 4 &&
                      y < HEIGHT * 3 / 4;
            bool off =
                x < WIDTH / 4 - BORDER_PX || x >= WIDTH * 3 / 4 + BORDER_PX ||
                y < HEIGHT / 4 - BORDER_PX || y >= HEIGHT * 3 / 4 + BORDER_PX;
            assert_true(!in || luma(&shown, x, y) < NEARLY_BLACK);
            assert_true(!off || luma(&shown, x, y) > WHITE - 20);
        }
    }
}

static void a_mask_may_reach_every_edge_of_the_picture(void **state)
{
    (void)state;
    static struct shown shown;
    const struct mask all = {4, {{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
    show(&shown, all);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        assert_true(shown.seen[i] < NEARLY_BLACK);
    }
}

static void a_mask_as_thin_as_a_hair_covers_its_line(void **state)
{
    (void)state;
    static struct shown shown;
    const struct mask hair = {3, {{0, 0}, {1, 1}, {1, 0.999F}}};
    show(&shown, hair);
    for (int x = 0; x < WIDTH; x++) {
        assert_true(luma(&shown, x, x * HEIGHT / WIDTH) < WHITE / 2);
    }
}

/* The camera's clock is `by_us` off from its eighth picture on. */
static void clock_steps(int64_t by_us)
{
    static struct shown shown;
    const struct mask all = {4, {{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
    shown = (struct shown){
        .masks = {.count = 1, .mask = {all}}, .steps_at = 8, .steps_us = by_us};
    pictures_send(&shown, MOST);
    for (int i = 0; i < MOST; i++) {
        assert_int_equal(shown.told_us[i], APART_US * i);
    }
    const struct mend *mend = masker_mend(shown.masker);
    assert_int_equal(mend->jumps, 1);
    assert_int_equal(mend->jumped_us, by_us);
    assert_int_equal(mend_undo_us(mend, APART_US * 7), APART_US * 7);
    assert_int_equal(mend_undo_us(mend, APART_US * 8), APART_US * 8 + by_us);
    shown_end(&shown);
}

static void a_clock_that_steps_costs_no_picture_and_no_time(void **state)
{
    (void)state;
    clock_steps(-3 * SECOND_US);
    clock_steps(-7000 * SECOND_US);
    clock_steps(3600 * SECOND_US);
}

/* What is too little to tell from delay: each is kept, and after the last. */
static void pictures_of_one_time_are_all_kept(void **state)
{
    (void)state;
    static struct shown shown;
    const struct mask all = {4, {{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
    shown = (struct shown){.masks = {.count = 1, .mask = {all}},
                           .steps_at = 5,
                           .steps_us = -APART_US};
    pictures_send(&shown, MOST);
    for (int i = 1; i < MOST; i++) {
        assert_true(shown.told_us[i] > shown.told_us[i - 1]);
    }
    shown_end(&shown);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(what_a_mask_covers_is_black_and_nothing_else),
        cmocka_unit_test(a_mask_may_reach_every_edge_of_the_picture),
        cmocka_unit_test(a_mask_as_thin_as_a_hair_covers_its_line),
        cmocka_unit_test(a_clock_that_steps_costs_no_picture_and_no_time),
        cmocka_unit_test(pictures_of_one_time_are_all_kept),
    };
    return cmocka_run_group_tests_name("masker", test, NULL, NULL);
}
