#include <stdlib.h>
#include <string.h>

#include "media/encode.h"
#include "media/exif.h"
#include "media/mp4.h"
#include "media/nal.h"
#include "media/picture.h"
#include "media/still.h"
#include "tests/check.h"

static struct video_frame ramp(int width, int height)
{
    struct video_frame frame;
    assert_int_equal(video_frame_init(&frame, width, height, true), STING_OK);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            plane_row(&frame.y, y)[x] = (uint8_t)(40 + x + 2 * y);
        }
    }
    return frame;
}

static int worst_difference(const struct plane *a, const struct plane *b)
{
    int worst = 0;
    assert_int_equal(a->width_px, b->width_px);
    assert_int_equal(a->height_px, b->height_px);
    for (int y = 0; y < a->height_px; y++) {
        for (int x = 0; x < a->width_px; x++) {
            int d = abs(plane_row(a, y)[x] - plane_row(b, y)[x]);
            worst = d > worst ? d : worst;
        }
    }
    return worst;
}

static void png_round_trip_is_exact(void **state)
{
    (void)state;
    struct video_frame frame STING_AUTO(video_frame_release) = ramp(61, 37);
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct plane back STING_AUTO(plane_release) = {0};
    assert_int_equal(still_png(&frame.y, &file), STING_OK);
    assert_int_equal(picture_decode(buffer_bytes(&file), 0, &back, NULL),
                     STING_OK);
    assert_int_equal(worst_difference(&frame.y, &back), 0);
}

static void jpeg_round_trip_is_close(void **state)
{
    (void)state;
    struct video_frame frame STING_AUTO(video_frame_release) = ramp(61, 37);
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct plane back STING_AUTO(plane_release) = {0};
    assert_int_equal(still_jpeg(&frame, 95, &file), STING_OK);
    assert_int_equal(picture_decode(buffer_bytes(&file), 0, &back, NULL),
                     STING_OK);
    assert_true(worst_difference(&frame.y, &back) <= 8);
    assert_null(memmem(file.data, file.size, "Lav", 3));
}

/* An Exif segment that says `orientation`, spliced in behind the start. */
static void orient(struct buffer *file, uint8_t orientation)
{
    uint8_t app1[] = {0xff, 0xe1, 0,           34,   'E', 'x', 'i', 'f', 0,
                      0,    'M',  'M',         0,    42,  0,   0,   0,   8,
                      0,    1,    1,           0x12, 0,   3,   0,   0,   0,
                      1,    0,    orientation, 0,    0,   0,   0,   0,   0};
    struct buffer turned = {0};
    assert_int_equal(buffer_append(&turned, (struct bytes){file->data, 2}), 0);
    assert_int_equal(buffer_append(&turned, (struct bytes){app1, sizeof app1}),
                     0);
    assert_int_equal(
        buffer_append(&turned, (struct bytes){file->data + 2, file->size - 2}),
        0);
    buffer_release(file);
    *file = turned;
}

/* A photograph of an F: a bright corner whose place tells how it was turned.
 * Where the upright top left comes from, for each orientation. */
static void every_orientation_comes_out_upright(void **state)
{
    (void)state;
    static const struct {
        int right, bottom, swaps; /* the stored corner that is upright first */
    } place[9] = {{0, 0, 0}, {0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0},
                  {0, 0, 1}, {0, 1, 1}, {1, 1, 1}, {1, 0, 1}};
    for (uint8_t o = 1; o <= 8; o++) {
        struct video_frame frame STING_AUTO(video_frame_release) = {0};
        assert_int_equal(video_frame_init(&frame, 64, 32, false), STING_OK);
        for (int y = 0; y < 8; y++) {
            int at = place[o].bottom ? 31 - y : y;
            memset(plane_row(&frame.y, at) + (place[o].right ? 56 : 0), 255, 8);
        }
        struct buffer file STING_AUTO(buffer_release) = {0};
        struct plane back STING_AUTO(plane_release) = {0};
        assert_int_equal(still_jpeg(&frame, 95, &file), STING_OK);
        orient(&file, o);
        assert_int_equal(picture_decode(buffer_bytes(&file), 0, &back, NULL),
                         0);
        assert_int_equal(back.width_px, place[o].swaps ? 32 : 64);
        assert_true(plane_row(&back, 3)[3] > 200);
        assert_true(plane_row(&back, back.height_px - 4)[back.width_px - 4] <
                    50);
    }
}

static void a_cut_file_is_told_as_such(void **state)
{
    (void)state;
    struct video_frame frame STING_AUTO(video_frame_release) = ramp(64, 64);
    struct buffer jpeg STING_AUTO(buffer_release) = {0};
    struct buffer png STING_AUTO(buffer_release) = {0};
    assert_int_equal(still_jpeg(&frame, 80, &jpeg), STING_OK);
    assert_int_equal(still_png(&frame.y, &png), STING_OK);
    for (size_t i = 0; i < jpeg.size; i++) {
        struct plane back;
        assert_true(
            picture_decode((struct bytes){jpeg.data, i}, 0, &back, NULL) < 0);
    }
    for (size_t i = 0; i < png.size; i++) {
        struct plane back;
        assert_true(
            picture_decode((struct bytes){png.data, i}, 0, &back, NULL) < 0);
    }
}

static void flipped_bytes_never_break_the_loader(void **state)
{
    (void)state;
    struct video_frame frame STING_AUTO(video_frame_release) = ramp(48, 48);
    struct buffer file[2] = {{0}, {0}};
    assert_int_equal(still_jpeg(&frame, 60, &file[0]), STING_OK);
    orient(&file[0], 6);
    assert_int_equal(still_png(&frame.y, &file[1]), STING_OK);
    for (int kind = 0; kind < 2; kind++) {
        for (size_t i = 0; i < file[kind].size; i++) {
            struct plane back STING_AUTO(plane_release) = {0};
            file[kind].data[i] ^= (uint8_t)(1u << (i % 8));
            enum sting_status ignored =
                picture_decode(buffer_bytes(&file[kind]), 0, &back, NULL);
            (void)ignored;
            file[kind].data[i] ^= (uint8_t)(1u << (i % 8));
        }
        buffer_release(&file[kind]);
    }
}

static void what_is_no_picture_is_refused(void **state)
{
    (void)state;
    struct plane back;
    struct fault fault = {0};
    assert_int_equal(picture_decode((struct bytes){0}, 0, &back, &fault),
                     STING_E_UNSUPPORTED);
    assert_string_equal(fault.why, "the file is empty");
    assert_int_equal(
        picture_decode(bytes_of_text("%PDF-1.4"), 0, &back, &fault),
        STING_E_UNSUPPORTED);
}

struct seen {
    int packets, keys, sei;
    struct buffer stream;
    struct mp4_writer *mp4;
};

static enum sting_status see(void *context, const struct encode_packet *packet)
{
    struct seen *seen = context;
    struct bytes rest = packet->data, unit;
    bool header = false;
    while (nal_next(&rest, &unit)) {
        seen->sei += nal_h264_type(unit) == NAL_H264_SEI;
        header |= nal_h264_type(unit) == NAL_H264_SPS;
    }
    assert_int_equal(header, packet->key);
    assert_int_equal(packet->pts_us, seen->packets * 40000);
    seen->packets++;
    seen->keys += packet->key;
    return mp4_writer_add(seen->mp4, packet);
}

static void a_packet_follows_every_frame(void **state)
{
    (void)state;
    struct encode_settings settings = {160, 96, 25, 10, 26, false};
    struct seen seen = {0};
    struct encoder *encoder STING_AUTO(encoder_free) = NULL;
    assert_int_equal(mp4_writer_new(160, 96, 25, &seen.mp4), STING_OK);
    assert_int_equal(encoder_new(&settings, see, &seen, &encoder, NULL),
                     STING_OK);
    struct video_frame frame STING_AUTO(video_frame_release) = ramp(160, 96);
    for (int i = 0; i < 30; i++) {
        frame.pts_us = INT64_C(40000) * i;
        memset(plane_row(&frame.y, i), 250, 160);
        assert_int_equal(encoder_frame(encoder, &frame), STING_OK);
        assert_int_equal(seen.packets, i + 1);
    }
    assert_int_equal(encoder_frame(encoder, &frame), STING_E_ARG);
    assert_int_equal(encoder_finish(encoder), STING_OK);
    assert_int_equal(seen.keys, 3);
    assert_int_equal(seen.sei, 0);
    struct buffer file STING_AUTO(buffer_release) = {0};
    assert_int_equal(mp4_writer_finish(seen.mp4, &file), STING_OK);
    mp4_writer_free(&seen.mp4);
    const uint8_t *moov = memmem(file.data, file.size, "moov", 4);
    const uint8_t *mdat = memmem(file.data, file.size, "mdat", 4);
    assert_true(moov && mdat && moov < mdat);
    assert_null(memmem(file.data, file.size, "elst", 4));
    assert_null(memmem(file.data, file.size, "Lav", 3));
    assert_null(memmem(file.data, file.size, "x264", 4));
    assert_null(memmem(file.data, file.size, "udta", 4));
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(png_round_trip_is_exact),
        cmocka_unit_test(jpeg_round_trip_is_close),
        cmocka_unit_test(every_orientation_comes_out_upright),
        cmocka_unit_test(a_cut_file_is_told_as_such),
        cmocka_unit_test(flipped_bytes_never_break_the_loader),
        cmocka_unit_test(what_is_no_picture_is_refused),
        cmocka_unit_test(a_packet_follows_every_frame),
    };
    return cmocka_run_group_tests_name("picture", test, NULL, NULL);
}
