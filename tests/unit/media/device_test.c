/* A device that the kernel would not have: what it answers stands in `fake`,
 * and the system calls that reach it are wrapped. */
#include <errno.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "media/encode.h"
#include "media/raw_picture.h"
#include "media/source.h"
#include "media/still.h"
#include "tests/check.h"

enum { WIDTH = 64, HEIGHT = 48, ROOM = 64 * 48 * 2, SECOND_US = 1000000 };

static struct fake {
    uint32_t offers[3];
    int refuses; /* errno of what `refused` names */
    unsigned long refused;
    uint32_t per_s;
    int given;      /* pictures so far */
    int ends_after; /* then the device is gone; 0: never */
    int broken_every;
    const struct bytes *picture;
    int pictures; /* that come by turns */
    int64_t begin_us;
    uint32_t index_more, bytes_more; /* lies */
    uint8_t *mapped[4];
} fake;

static int format_answer(struct v4l2_format *format)
{
    struct v4l2_pix_format *pix = &format->fmt.pix;
    bool is_raw = pix->pixelformat == V4L2_PIX_FMT_YUYV;
    pix->width = WIDTH;
    pix->height = HEIGHT;
    pix->bytesperline = is_raw ? 2 * WIDTH : 0;
    return 0;
}

static int picture_fill(struct v4l2_buffer *out)
{
    int number = fake.given++;
    if (fake.ends_after && number >= fake.ends_after) {
        errno = ENODEV;
        return -1;
    }
    const struct bytes *one = &fake.picture[number % fake.pictures];
    int64_t at_us = fake.begin_us + (int64_t)number * SECOND_US / fake.per_s;
    out->index = (uint32_t)number % 4;
    memcpy(fake.mapped[out->index], one->data, one->size);
    out->index += fake.index_more;
    out->bytesused = (uint32_t)one->size + fake.bytes_more;
    out->timestamp.tv_sec = at_us / SECOND_US;
    out->timestamp.tv_usec = at_us % SECOND_US;
    out->flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    bool is_broken = fake.broken_every && number % fake.broken_every == 0;
    out->flags |= is_broken ? V4L2_BUF_FLAG_ERROR : 0;
    return 0;
}

static int offer(struct v4l2_fmtdesc *one)
{
    bool has = one->index < 3 && fake.offers[one->index] != 0;
    one->pixelformat = has ? fake.offers[one->index] : 0;
    errno = EINVAL;
    return has ? 0 : -1;
}

int __wrap_ioctl(int fd, unsigned long what, ...);
int __wrap_ioctl(int fd, unsigned long what, ...)
{
    va_list list;
    va_start(list, what);
    void *with = va_arg(list, void *);
    va_end(list);
    assert_int_equal(fd, 7);
    if (what == fake.refused) {
        errno = fake.refuses;
        return -1;
    }
    switch (what) {
    case VIDIOC_QUERYCAP:
        ((struct v4l2_capability *)with)->capabilities =
            V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
        return 0;
    case VIDIOC_ENUM_FMT:
        return offer(with);
    case VIDIOC_S_FMT:
        return format_answer(with);
    case VIDIOC_S_PARM:
        ((struct v4l2_streamparm *)with)->parm.capture.timeperframe =
            (struct v4l2_fract){1, fake.per_s};
        return 0;
    case VIDIOC_QUERYBUF:
        ((struct v4l2_buffer *)with)->length = ROOM;
        return 0;
    case VIDIOC_DQBUF:
        return picture_fill(with);
    default: /* REQBUFS, QBUF, STREAMON */
        return 0;
    }
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int wait_ms);
int __wrap_poll(struct pollfd *fds, nfds_t count, int wait_ms)
{
    (void)count;
    (void)wait_ms;
    fds->revents = POLLIN;
    return 1;
}

void *__real_mmap64(void *at, size_t size, int rights, int flags, int fd,
                    off_t from);
void *__wrap_mmap64(void *at, size_t size, int rights, int flags, int fd,
                    off_t from);
void *__wrap_mmap64(void *at, size_t size, int rights, int flags, int fd,
                    off_t from)
{
    static int next;
    if (fd != 7) {
        return __real_mmap64(at, size, rights, flags, fd, from);
    }
    void *made = __real_mmap64(NULL, size, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    fake.mapped[next++ % 4] = made;
    return made;
}

/* ---- pictures ---- */

static struct bytes yuyv(uint8_t *to, uint8_t luma)
{
    for (int i = 0; i < ROOM; i += 2) {
        to[i] = luma;
        to[i + 1] = 128;
    }
    return (struct bytes){to, ROOM};
}

static void fake_begin(uint32_t offered, uint32_t per_s,
                       const struct bytes *picture, int pictures)
{
    fake = (struct fake){.offers = {V4L2_PIX_FMT_GREY, offered},
                         .per_s = per_s,
                         .picture = picture,
                         .pictures = pictures,
                         .begin_us = INT64_C(5000) * SECOND_US};
}

static const struct source_settings settings = {.url = "dev:7"};

static void next(struct source *source, struct packet *out)
{
    bool is_new = false;
    assert_int_equal(source_read(source, out, &is_new, NULL), STING_OK);
    assert_false(is_new);
}

static void motion_jpeg_is_given_as_it_comes(void **state)
{
    (void)state;
    struct video_frame grey STING_AUTO(video_frame_release) = {0};
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct source *source STING_AUTO(source_free) = NULL;
    assert_int_equal(video_frame_init(&grey, WIDTH, HEIGHT, true), STING_OK);
    assert_int_equal(still_jpeg(&grey, 90, &file), STING_OK);
    const struct bytes picture = buffer_bytes(&file);
    fake_begin(V4L2_PIX_FMT_MJPEG, 15, &picture, 1);
    fake.offers[2] = V4L2_PIX_FMT_YUYV;
    assert_int_equal(source_open(&settings, &source, NULL), STING_OK);
    assert_true(source_is_live(source));
    assert_null(source_encodes(source));
    assert_int_equal(source_stream(source)->codec, STREAM_JPEG);
    assert_int_equal(source_stream(source)->width_px, WIDTH);
    for (int i = 0; i < 20; i++) {
        struct packet packet STING_AUTO(packet_release) = {0};
        next(source, &packet);
        assert_true(packet.key && bytes_equal(packet.data, picture));
        assert_int_equal(stream_us(source_stream(source), packet.pts),
                         fake.begin_us + (int64_t)i * SECOND_US / 15);
    }
}

struct film {
    struct buffer data[30];
    struct bytes picture[30];
    int count;
};

static enum sting_status film_add(void *context,
                                  const struct encode_packet *packet)
{
    struct film *film = context;
    enum sting_status status =
        buffer_append(&film->data[film->count], packet->data);
    film->picture[film->count] = buffer_bytes(&film->data[film->count]);
    film->count++;
    return status;
}

static void h264_is_given_as_it_comes(void **state)
{
    (void)state;
    static struct film film;
    const struct encode_settings how = {.width_px = WIDTH,
                                        .height_px = HEIGHT,
                                        .frames_per_s = 25,
                                        .gop_frames = 10,
                                        .crf = 28};
    struct encoder *encoder STING_AUTO(encoder_free) = NULL;
    struct video_frame frame STING_AUTO(video_frame_release) = {0};
    struct source *source STING_AUTO(source_free) = NULL;
    assert_int_equal(video_frame_init(&frame, WIDTH, HEIGHT, true), STING_OK);
    assert_int_equal(encoder_new(&how, film_add, &film, &encoder, NULL),
                     STING_OK);
    for (int i = 0; i < 30; i++) {
        frame.pts_us = INT64_C(40000) * i;
        memset(frame.y.data, 4 * i, (size_t)WIDTH * HEIGHT);
        assert_int_equal(encoder_frame(encoder, &frame), STING_OK);
    }
    assert_int_equal(film.count, 30);
    fake_begin(V4L2_PIX_FMT_H264, 25, film.picture, 30);
    assert_int_equal(source_open(&settings, &source, NULL), STING_OK);
    assert_int_equal(source_stream(source)->codec, STREAM_H264);
    assert_int_equal(source_stream(source)->width_px, WIDTH);
    for (int i = 0; i < 29; i++) {
        struct packet packet STING_AUTO(packet_release) = {0};
        next(source, &packet);
        assert_true(bytes_equal(packet.data, film.picture[i]));
        assert_int_equal(packet.key, i % 10 == 0);
    }
    for (int i = 0; i < 30; i++) {
        buffer_release(&film.data[i]);
    }
}

/* Packets in three seconds, and how far keyframes are apart at most. */
static int raw_read(uint32_t per_s, int64_t *apart_us)
{
    static uint8_t data[2][ROOM];
    const struct bytes picture[2] = {yuyv(data[0], 80), yuyv(data[1], 90)};
    struct source *source STING_AUTO(source_free) = NULL;
    int64_t at_us = 0, key_us = 0;
    int packets = 0;
    fake_begin(V4L2_PIX_FMT_YUYV, per_s, picture, 2);
    assert_int_equal(source_open(&settings, &source, NULL), STING_OK);
    assert_non_null(source_encodes(source));
    assert_int_equal(source_stream(source)->codec, STREAM_H264);
    *apart_us = 0;
    while (at_us < fake.begin_us + INT64_C(3) * SECOND_US) {
        struct packet packet STING_AUTO(packet_release) = {0};
        next(source, &packet);
        at_us = stream_us(source_stream(source), packet.pts);
        assert_true(packets > 0 || packet.key);
        if (packet.key) {
            int64_t apart = packets > 0 ? at_us - key_us : 0;
            *apart_us = apart > *apart_us ? apart : *apart_us;
            key_us = at_us;
        }
        packets++;
    }
    return packets - 1;
}

static void raw_pictures_are_encoded_fifteen_a_second_at_most(void **state)
{
    (void)state;
    int64_t apart_us;
    static const uint32_t rate[] = {15, 30, 60};
    for (int i = 0; i < 3; i++) {
        assert_in_range(raw_read(rate[i], &apart_us), 44, 46);
        assert_in_range(apart_us, 900000, 1050000);
    }
}

static void slow_camera_has_a_keyframe_a_second_all_the_same(void **state)
{
    (void)state;
    int64_t apart_us;
    assert_in_range(raw_read(5, &apart_us), 14, 16);
    assert_in_range(apart_us, 900000, 1050000);
}

/* How reading ends, at opening or later. */
static enum sting_status outcome(struct fault *fault)
{
    static uint8_t data[ROOM];
    static struct bytes picture;
    struct source *source STING_AUTO(source_free) = NULL;
    picture = yuyv(data, 100);
    fake.picture = &picture;
    fake.pictures = 1;
    enum sting_status status = source_open(&settings, &source, fault);
    for (int i = 0; !status && i < 1000; i++) {
        struct packet packet STING_AUTO(packet_release) = {0};
        bool is_new = false;
        status = source_read(source, &packet, &is_new, fault);
    }
    return status;
}

static void device_that_is_gone_is_told(void **state)
{
    (void)state;
    struct fault fault = {"", ""};
    fake_begin(V4L2_PIX_FMT_YUYV, 15, NULL, 1);
    fake.ends_after = 40;
    assert_int_equal(outcome(&fault), STING_E_IO);
    assert_string_equal(fault.why, "the device is gone");
}

static void device_in_use_or_no_camera_is_told(void **state)
{
    (void)state;
    static const struct {
        unsigned long request;
        int error;
        enum sting_status status;
        const char *why;
    } row[] = {
        {VIDIOC_S_FMT, EBUSY, STING_E_IO, "another program uses the device"},
        {VIDIOC_REQBUFS, EBUSY, STING_E_IO, "another program uses the device"},
        {VIDIOC_QUERYCAP, ENOTTY, STING_E_UNSUPPORTED,
         "the device is no camera"},
        {VIDIOC_ENUM_FMT, EINVAL, STING_E_UNSUPPORTED,
         "the device gives pictures of no kind that we read"},
        {VIDIOC_STREAMON, ENODEV, STING_E_IO, "the device is gone"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct fault fault = {"", ""};
        fake_begin(V4L2_PIX_FMT_YUYV, 15, NULL, 1);
        fake.refused = row[i].request;
        fake.refuses = row[i].error;
        assert_int_equal(outcome(&fault), row[i].status);
        assert_string_equal(fault.why, row[i].why);
    }
}

static void buffer_that_cannot_be_is_never_read(void **state)
{
    (void)state;
    struct fault fault = {"", ""};
    fake_begin(V4L2_PIX_FMT_YUYV, 15, NULL, 1);
    fake.index_more = 4;
    assert_int_equal(outcome(&fault), STING_E_IO);
    assert_non_null(strstr(fault.why, "a buffer that cannot be"));
    fake_begin(V4L2_PIX_FMT_YUYV, 15, NULL, 1);
    fake.bytes_more = 1;
    assert_int_equal(outcome(&fault), STING_E_IO);
    assert_non_null(strstr(fault.why, "a buffer that cannot be"));
}

static void broken_pictures_are_left_out(void **state)
{
    (void)state;
    static uint8_t data[ROOM];
    const struct bytes picture = yuyv(data, 80);
    struct source *source STING_AUTO(source_free) = NULL;
    fake_begin(V4L2_PIX_FMT_YUYV, 15, &picture, 1);
    fake.broken_every = 3;
    assert_int_equal(source_open(&settings, &source, NULL), STING_OK);
    for (int i = 0; i < 20; i++) {
        struct packet packet STING_AUTO(packet_release) = {0};
        next(source, &packet);
        int64_t at_us = stream_us(source_stream(source), packet.pts);
        int64_t number = ((at_us - fake.begin_us) * 15 + 500000) / SECOND_US;
        assert_int_not_equal(number % 3, 0);
    }
}

static bool at_once(void *context)
{
    int *asked = context;
    return ++*asked > 5;
}

static void who_is_told_to_give_up_does(void **state)
{
    (void)state;
    int asked = 0;
    const struct source_settings impatient = {
        .url = "dev:7", .give_up = at_once, .context = &asked};
    static uint8_t data[ROOM];
    const struct bytes picture = {data, 10}; /* no picture has ten bytes */
    struct source *source STING_AUTO(source_free) = NULL;
    fake_begin(V4L2_PIX_FMT_YUYV, 15, &picture, 1);
    assert_int_equal(source_open(&impatient, &source, NULL), STING_E_BUSY);
}

/* ---- raw pictures ---- */

static void colours_come_from_where_each_format_has_them(void **state)
{
    (void)state;
    /* 4 x 2: luma 1 to 8, U 50 60, V 70 80; rows one longer than they need */
    static const uint8_t nv12[] = {1, 2, 3,  4,  0,  5,  6, 7,
                                   8, 0, 50, 70, 60, 80, 0};
    static const uint8_t yu12[] = {1, 2, 3, 4,  0,  0, 5,  6,  7,
                                   8, 0, 0, 50, 60, 0, 70, 80, 0};
    static const uint8_t mixed[] = {1, 48, 2, 68, 3, 60, 4, 80,
                                    5, 52, 6, 72, 7, 60, 8, 80};
    const struct {
        struct device_format format;
        struct bytes data;
    } row[] = {
        {{V4L2_PIX_FMT_NV12, 4, 2, 5, 0, false}, {nv12, sizeof nv12}},
        {{V4L2_PIX_FMT_YUV420, 4, 2, 6, 0, true}, {yu12, sizeof yu12}},
        {{V4L2_PIX_FMT_YUYV, 4, 2, 8, 0, false}, {mixed, sizeof mixed}},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct video_frame frame STING_AUTO(video_frame_release) = {0};
        struct bytes less = {row[i].data.data, row[i].data.size - 1};
        assert_int_equal(video_frame_init(&frame, 4, 2, true), STING_OK);
        assert_int_equal(raw_picture_read(&row[i].format, less, &frame),
                         STING_E_FORMAT);
        assert_int_equal(raw_picture_read(&row[i].format, row[i].data, &frame),
                         STING_OK);
        for (int p = 0; p < 8; p++) {
            assert_int_equal(plane_row(&frame.y, p / 4)[p % 4], p + 1);
        }
        assert_int_equal(frame.u.data[0], 50);
        assert_int_equal(frame.u.data[1], 60);
        assert_int_equal(frame.v.data[0], 70);
        assert_int_equal(frame.v.data[1], 80);
        assert_int_equal(frame.full_range, i == 1);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(motion_jpeg_is_given_as_it_comes),
        cmocka_unit_test(h264_is_given_as_it_comes),
        cmocka_unit_test(raw_pictures_are_encoded_fifteen_a_second_at_most),
        cmocka_unit_test(slow_camera_has_a_keyframe_a_second_all_the_same),
        cmocka_unit_test(device_that_is_gone_is_told),
        cmocka_unit_test(device_in_use_or_no_camera_is_told),
        cmocka_unit_test(buffer_that_cannot_be_is_never_read),
        cmocka_unit_test(broken_pictures_are_left_out),
        cmocka_unit_test(who_is_told_to_give_up_does),
        cmocka_unit_test(colours_come_from_where_each_format_has_them),
    };
    return cmocka_run_group_tests_name("device", test, NULL, NULL);
}
