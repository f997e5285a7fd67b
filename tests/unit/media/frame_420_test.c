/* Whatever a decoder gives becomes 4:2:0 of 8 bits, with its colours. */
#include "media/frame_420.h"

#include <libavutil/pixdesc.h>

#include "tests/check.h"

#define WIDTH 37 /* odd: the last column has no neighbour */
#define HEIGHT 23

/* Luma rises to the right, one chroma downwards, the other to the left. */
static unsigned value_of(int part, unsigned x, unsigned y)
{
    return part == 0 ? 16 + 4 * x : part == 1 ? 60 + 4 * y : 200 - 4 * x;
}

static void part_fill(AVFrame *frame, int part, const AVPixFmtDescriptor *desc)
{
    unsigned across = part ? desc->log2_chroma_w : 0;
    unsigned down = part ? desc->log2_chroma_h : 0;
    int shift = desc->comp[part].depth - 8;
    for (unsigned y = 0; y << down < HEIGHT; y++) {
        uint8_t *row = frame->data[part] + (ptrdiff_t)y * frame->linesize[part];
        for (unsigned x = 0; x << across < WIDTH; x++) {
            unsigned is = value_of(part, x << across, y << down);
            if (shift) {
                *row++ = (uint8_t)(is << shift);
                *row++ = (uint8_t)(is << shift >> 8);
            } else {
                *row++ = (uint8_t)is;
            }
        }
    }
}

static AVFrame *frame_make(enum AVPixelFormat format)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(format);
    AVFrame *frame = NULL;
    assert_int_equal(av_frame_new(&frame, format, WIDTH, HEIGHT), 0);
    for (int part = 0; part < desc->nb_components; part++) {
        part_fill(frame, part, desc);
    }
    return frame;
}

static void colours_hold(const struct video_frame *got)
{
    assert_int_equal(got->u.width_px, (WIDTH + 1) / 2);
    assert_int_equal(got->v.height_px, (HEIGHT + 1) / 2);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            assert_int_equal(plane_row(&got->y, y)[x], 16 + 4 * x);
            int u = plane_row(&got->u, y / 2)[x / 2];
            int v = plane_row(&got->v, y / 2)[x / 2];
            assert_in_range(u, 60 + 4 * y - 8, 60 + 4 * y + 8);
            assert_in_range(v, 200 - 4 * x - 12, 200 - 4 * x + 12);
        }
    }
}

static void what_a_camera_sends_keeps_its_colours(void **state)
{
    (void)state;
    static const enum AVPixelFormat format[] = {
        AV_PIX_FMT_YUV420P,   AV_PIX_FMT_YUVJ420P,  AV_PIX_FMT_YUV420P10,
        AV_PIX_FMT_YUV420P12, AV_PIX_FMT_YUV422P,   AV_PIX_FMT_YUVJ422P,
        AV_PIX_FMT_YUV422P10, AV_PIX_FMT_YUV422P12, AV_PIX_FMT_YUV444P,
        AV_PIX_FMT_YUVJ444P,  AV_PIX_FMT_YUV444P10, AV_PIX_FMT_YUV444P12,
        AV_PIX_FMT_YUV440P,   AV_PIX_FMT_YUVJ440P,  AV_PIX_FMT_YUV411P};
    struct frame_420 room = {0};
    for (size_t i = 0; i < sizeof format / sizeof *format; i++) {
        struct video_frame got = {0};
        AVFrame *frame = frame_make(format[i]);
        assert_int_equal(frame_420_of(frame, &room, &got), STING_OK);
        colours_hold(&got);
        av_frame_free(&frame);
    }
    frame_420_release(&room);
}

static void grey_stays_grey_and_the_rest_is_refused(void **state)
{
    (void)state;
    static const enum AVPixelFormat grey[] = {
        AV_PIX_FMT_GRAY8, AV_PIX_FMT_GRAY10, AV_PIX_FMT_GRAY12};
    static const enum AVPixelFormat other[] = {
        AV_PIX_FMT_RGB24,    AV_PIX_FMT_NV12,    AV_PIX_FMT_YUV420P16,
        AV_PIX_FMT_YUVA420P, AV_PIX_FMT_YUYV422, AV_PIX_FMT_GBRP};
    struct frame_420 room = {0};
    for (size_t i = 0; i < sizeof grey / sizeof *grey; i++) {
        struct video_frame got = {0};
        AVFrame *frame = frame_make(grey[i]);
        assert_int_equal(frame_420_of(frame, &room, &got), STING_OK);
        assert_int_equal(plane_row(&got.y, 3)[5], 16 + 4 * 5);
        assert_null(got.u.data);
        av_frame_free(&frame);
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        struct video_frame got = {0};
        AVFrame *frame = NULL;
        assert_int_equal(av_frame_new(&frame, other[i], WIDTH, HEIGHT), 0);
        assert_int_equal(frame_420_of(frame, &room, &got), STING_E_UNSUPPORTED);
        av_frame_free(&frame);
    }
    frame_420_release(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_camera_sends_keeps_its_colours),
        cmocka_unit_test(grey_stays_grey_and_the_rest_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
