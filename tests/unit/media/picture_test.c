#include <stdlib.h>
#include <string.h>

#include "media/encode.h"
#include "media/exif.h"
#include "media/film.h"
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

/* A text beside the pixels is not inflated: it may be a bomb, or broken. */
static void nothing_but_pixels_is_read_of_a_png(void **state)
{
    (void)state;
    static const uint8_t text[] = {0,   0,   0,   9, 'z', 'T', 'X',
                                   't', 'C', 0,   0, 'n', 'o', 'n',
                                   'e', 'o', 'f', 1, 2,   3,   4};
    struct video_frame frame STING_AUTO(video_frame_release) = ramp(61, 37);
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct buffer with STING_AUTO(buffer_release) = {0};
    struct plane back STING_AUTO(plane_release) = {0};
    size_t head = 8 + 25; /* signature and IHDR */
    assert_int_equal(still_png(&frame.y, &file), STING_OK);
    assert_int_equal(buffer_append(&with, (struct bytes){file.data, head}), 0);
    assert_int_equal(buffer_append(&with, (struct bytes){text, sizeof text}),
                     0);
    assert_int_equal(buffer_append(&with, (struct bytes){file.data + head,
                                                         file.size - head}),
                     0);
    assert_int_equal(picture_decode(buffer_bytes(&with), 0, &back, NULL),
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

static void u16(struct buffer *out, unsigned v)
{
    uint8_t b[2] = {(uint8_t)v, (uint8_t)(v >> 8)};
    assert_int_equal(buffer_append(out, (struct bytes){b, 2}), STING_OK);
}

static void tag(struct buffer *out, unsigned tag, unsigned type, unsigned value)
{
    u16(out, tag);
    u16(out, type);
    u16(out, 1);
    u16(out, 0);
    u16(out, value & 0xffff);
    u16(out, value >> 16);
}

#define TIFF_SIDE 40
#define TIFF_SHEET (2 + 9 * 12 + 4 + TIFF_SIDE * TIFF_SIDE)

/* Grey pages of one value each: a directory, then its only strip. */
static struct buffer tiff_of(const uint8_t *grey, int pages, unsigned width)
{
    struct buffer out = {0};
    assert_int_equal(buffer_text_append(&out, "II*"), STING_OK);
    u16(&out, 0);
    out.size = 4; /* "II*" NUL */
    u16(&out, 8);
    u16(&out, 0);
    for (int p = 0; p < pages; p++) {
        unsigned strip = (unsigned)out.size + 2 + 9 * 12 + 4;
        u16(&out, 9);
        tag(&out, 256, 4, width);
        tag(&out, 257, 4, width == 65535 ? width : TIFF_SIDE);
        tag(&out, 258, 3, 8);
        tag(&out, 259, 3, 1);
        tag(&out, 262, 3, 1); /* black is zero */
        tag(&out, 273, 4, strip);
        tag(&out, 277, 3, 1);
        tag(&out, 278, 4, TIFF_SIDE);
        tag(&out, 279, 4, TIFF_SIDE * TIFF_SIDE);
        unsigned next = strip + TIFF_SIDE * TIFF_SIDE;
        u16(&out, p + 1 < pages ? next : 0);
        u16(&out, 0);
        uint8_t row[TIFF_SIDE * TIFF_SIDE];
        memset(row, grey[p], sizeof row);
        assert_int_equal(buffer_append(&out, (struct bytes){row, sizeof row}),
                         STING_OK);
    }
    return out;
}

static void every_page_of_a_tiff_is_a_picture(void **state)
{
    (void)state;
    static const uint8_t grey[] = {30, 120, 240};
    struct buffer file STING_AUTO(buffer_release) = tiff_of(grey, 3, TIFF_SIDE);
    struct picture_facts facts;
    assert_int_equal(picture_facts_read(buffer_bytes(&file), &facts, NULL), 0);
    assert_int_equal(facts.sheets, 3);
    assert_string_equal(facts.kind, "TIFF");
    for (int p = 0; p < 3; p++) {
        struct plane plane STING_AUTO(plane_release) = {0};
        assert_int_equal(picture_decode(buffer_bytes(&file), p, &plane, NULL),
                         STING_OK);
        assert_int_equal(plane.width_px, TIFF_SIDE);
        assert_int_equal(plane_row(&plane, 20)[20], grey[p]);
    }
    struct plane none;
    assert_int_equal(picture_decode(buffer_bytes(&file), 3, &none, NULL),
                     STING_E_ARG);
    assert_int_equal(picture_decode(buffer_bytes(&file), -1, &none, NULL),
                     STING_E_ARG);
    struct bytes cut = {file.data, file.size - 400};
    assert_int_equal(picture_decode(cut, 2, &none, NULL), STING_E_FORMAT);
}

static void a_picture_of_65535_by_65535_is_refused_by_its_size(void **state)
{
    (void)state;
    static const uint8_t grey[] = {30};
    struct buffer file STING_AUTO(buffer_release) = tiff_of(grey, 1, 65535);
    struct fault fault = {0};
    struct plane plane;
    assert_int_equal(picture_decode(buffer_bytes(&file), 0, &plane, &fault),
                     STING_E_LIMIT);
    assert_string_equal(fault.why, "the TIFF is too large: 65535x65535");
    struct video_frame frame STING_AUTO(video_frame_release) = ramp(64, 64);
    struct buffer jpeg STING_AUTO(buffer_release) = {0};
    assert_int_equal(still_jpeg(&frame, 80, &jpeg), STING_OK);
    uint8_t *sof = memmem(jpeg.data, jpeg.size, "\xff\xc0", 2);
    assert_non_null(sof);
    memset(sof + 5, 0xff, 4);
    assert_int_equal(picture_decode(buffer_bytes(&jpeg), 0, &plane, &fault),
                     STING_E_LIMIT);
    assert_string_equal(fault.why, "the JPEG is too large: 65535x65535");
    struct buffer png STING_AUTO(buffer_release) = {0};
    assert_int_equal(still_png(&frame.y, &png), STING_OK);
    memcpy(png.data + 16, "\0\0\xff\xff\0\0\xff\xff", 8);
    assert_int_equal(picture_decode(buffer_bytes(&png), 0, &plane, &fault),
                     STING_E_LIMIT);
    assert_string_equal(fault.why, "the PNG is too large: 65535x65535");
}

static void a_jpeg_of_10000_scans_is_refused_unread(void **state)
{
    (void)state;
    struct video_frame frame STING_AUTO(video_frame_release) = ramp(64, 64);
    struct buffer jpeg STING_AUTO(buffer_release) = {0};
    struct buffer many STING_AUTO(buffer_release) = {0};
    struct fault fault = {0};
    struct plane plane;
    assert_int_equal(still_jpeg(&frame, 80, &jpeg), STING_OK);
    const uint8_t *scan = memmem(jpeg.data, jpeg.size, "\xff\xda", 2);
    size_t head = (size_t)(scan - jpeg.data), size = jpeg.size - 2 - head;
    assert_int_equal(buffer_append(&many, (struct bytes){jpeg.data, head}), 0);
    for (int i = 0; i < 10000; i++) {
        assert_int_equal(buffer_append(&many, (struct bytes){scan, size}), 0);
    }
    assert_int_equal(buffer_append(&many, bytes_of_text("\xff\xd9")), 0);
    assert_int_equal(picture_decode(buffer_bytes(&many), 0, &plane, &fault),
                     STING_E_LIMIT);
    assert_string_equal(fault.why, "the JPEG has 10000 scans");
}

/* A big-endian Exif block: make, model, when changed, when taken, offset. */
static void time_and_camera_are_kept(void **state)
{
    (void)state;
    static const char text[] = "Pond Optics\0Pond 2\0"
                               "2011:11:01 21:14:03\0+01:00\0";
    uint8_t block[8 + 2 + 3 * 12 + 4 + 2 + 2 * 12 + 4 + sizeof text] = {
        'M', 'M', 0, 42, 0, 0, 0, 8, 0, 3};
    const struct {
        unsigned at, tag, type, count, value;
    } entry[] = {{10, 0x010f, 2, 12, 80},
                 {22, 0x0110, 2, 7, 92},
                 {34, 0x8769, 4, 1, 50},
                 {52, 0x9003, 2, 20, 99},
                 {64, 0x9011, 2, 7, 119}};
    block[51] = 2;
    for (size_t i = 0; i < sizeof entry / sizeof *entry; i++) {
        uint8_t *to = block + entry[i].at;
        to[0] = (uint8_t)(entry[i].tag >> 8);
        to[1] = (uint8_t)entry[i].tag;
        to[3] = (uint8_t)entry[i].type;
        to[7] = (uint8_t)entry[i].count;
        to[11] = (uint8_t)entry[i].value;
    }
    memcpy(block + 80, text, sizeof text);
    struct exif exif = {0};
    exif_of_tiff((struct bytes){block, sizeof block}, &exif);
    assert_string_equal(exif.taken, "2011-11-01T21:14:03+01:00");
    assert_string_equal(exif.camera, "Pond Optics Pond 2");
    assert_int_equal(exif.orientation, 1);
    block[80] = 0x1b; /* an escape would reach a terminal */
    block[99] = 'x';
    exif = (struct exif){0};
    exif_of_tiff((struct bytes){block, sizeof block}, &exif);
    assert_string_equal(exif.taken, "");
    assert_null(strchr(exif.camera, 0x1b));
    for (size_t size = 0; size < sizeof block; size++) {
        exif_of_tiff((struct bytes){block, size}, &exif);
    }
}

static enum sting_status film_add(void *context,
                                  const struct encode_packet *packet)
{
    return mp4_writer_add(context, packet);
}

/* Two seconds of a page that moves, sharp only in the middle of each half
 * second. */
static struct buffer film_of(int frames)
{
    struct encode_settings settings = {160, 96, 25, 10, 20, false};
    struct mp4_writer *mp4 = NULL;
    struct encoder *encoder STING_AUTO(encoder_free) = NULL;
    struct buffer file = {0};
    assert_int_equal(mp4_writer_new(160, 96, 25, &mp4), STING_OK);
    assert_int_equal(encoder_new(&settings, film_add, mp4, &encoder, NULL), 0);
    struct video_frame frame STING_AUTO(video_frame_release) = ramp(160, 96);
    for (int i = 0; i < frames; i++) {
        bool sharp = i * 40000 % 500000 == 240000;
        frame.pts_us = (int64_t)i * 40000;
        for (int y = 0; y < 96; y++) {
            for (int x = 0; x < 160; x++) {
                int edge = (x + i) / 8 % 2 ? 200 : 60;
                plane_row(&frame.y, y)[x] = (uint8_t)(sharp ? edge : 130 + i);
            }
        }
        assert_int_equal(encoder_frame(encoder, &frame), STING_OK);
    }
    assert_int_equal(encoder_finish(encoder), STING_OK);
    assert_int_equal(mp4_writer_finish(mp4, &file), STING_OK);
    mp4_writer_free(&mp4);
    return file;
}

static void the_sharpest_picture_of_each_half_second_is_chosen(void **state)
{
    (void)state;
    struct buffer file STING_AUTO(buffer_release) = film_of(50);
    struct film film STING_AUTO(film_release) = {0};
    struct fault fault = {0};
    assert_true(film_is(buffer_bytes(&file)));
    assert_int_equal(film_choose(buffer_bytes(&file), &film, &fault), STING_OK);
    assert_int_equal(film.decoded, 50);
    assert_true(film.frames >= 2 && film.frames <= 5);
    assert_int_equal(film.frame[0].at_us, 240000);
    struct buffer longer STING_AUTO(buffer_release) = film_of(25 * 30);
    struct film many STING_AUTO(film_release) = {0};
    assert_int_equal(film_choose(buffer_bytes(&longer), &many, &fault), 0);
    assert_true(many.frames > 4 && many.frames <= FILM_MOST_FRAMES);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(png_round_trip_is_exact),
        cmocka_unit_test(nothing_but_pixels_is_read_of_a_png),
        cmocka_unit_test(jpeg_round_trip_is_close),
        cmocka_unit_test(every_orientation_comes_out_upright),
        cmocka_unit_test(a_cut_file_is_told_as_such),
        cmocka_unit_test(flipped_bytes_never_break_the_loader),
        cmocka_unit_test(what_is_no_picture_is_refused),
        cmocka_unit_test(a_packet_follows_every_frame),
        cmocka_unit_test(every_page_of_a_tiff_is_a_picture),
        cmocka_unit_test(a_picture_of_65535_by_65535_is_refused_by_its_size),
        cmocka_unit_test(a_jpeg_of_10000_scans_is_refused_unread),
        cmocka_unit_test(time_and_camera_are_kept),
        cmocka_unit_test(the_sharpest_picture_of_each_half_second_is_chosen),
    };
    return cmocka_run_group_tests_name("picture", test, NULL, NULL);
}
