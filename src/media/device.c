#include "media/device.h"

#include <errno.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define BUFFERS 4 /* wanted; a driver may give another number */
#define MOST_BUFFERS 32
#define MOST_BUFFER_BYTES ((uint32_t)64 << 20)
#define MOST_FORMATS 64
#define MOST_PX 8192
#define SLICE_MS 100
#define MOST_SECONDS (INT64_C(1) << 40)

struct device {
    int fd; /* borrowed */
    struct device_format format;
    struct mapped {
        void *at;
        size_t size;
    } mapped[MOST_BUFFERS];
    uint32_t buffers;
    int64_t lent; /* the buffer that the caller looks at, or -1 */
};

/* What is asked for, best first. What comes encoded is recorded as it comes;
 * what comes raw is encoded here, so it is asked for in less. */
static const struct wanted {
    uint32_t pixels;
    uint16_t width_px, height_px, frames_per_s;
} wanted[] = {
    {V4L2_PIX_FMT_H264, 1920, 1080, 25},
    {V4L2_PIX_FMT_MJPEG, 1280, 720, 15},
    {V4L2_PIX_FMT_JPEG, 1280, 720, 15},
    {V4L2_PIX_FMT_YUYV, 1280, 720, DEVICE_MOST_FRAMES},
    {V4L2_PIX_FMT_NV12, 1280, 720, DEVICE_MOST_FRAMES},
    {V4L2_PIX_FMT_YUV420, 1280, 720, DEVICE_MOST_FRAMES},
};
#define WANTED (sizeof wanted / sizeof *wanted)

static int ask(const struct device *device, unsigned long what, void *with)
{
    int answer;
    do {
        answer = ioctl(device->fd, what, with);
    } while (answer < 0 && errno == EINTR);
    return answer;
}

/* Why it refused, in words; errno is of the request. */
static enum sting_status refused(struct fault *fault)
{
    if (errno == ENODEV || errno == ENXIO) {
        return fault_set(fault, STING_E_IO, "plug it in again",
                         "the device is gone");
    }
    if (errno == EBUSY) {
        return fault_set(fault, STING_E_IO, "end the other program",
                         "another program uses the device");
    }
    return fault_errno(fault, STING_E_IO, "", "the device refuses");
}

static enum sting_status no_camera(struct fault *fault)
{
    return fault_set(fault, STING_E_UNSUPPORTED,
                     "name one that gives pictures, as /dev/video0",
                     "the device is no camera");
}

static enum sting_status camera_check(const struct device *device,
                                      struct fault *fault)
{
    struct v4l2_capability has = {.capabilities = 0};
    const uint32_t needed = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
    if (ask(device, VIDIOC_QUERYCAP, &has) < 0) {
        return errno == ENOTTY || errno == EINVAL ? no_camera(fault)
                                                  : refused(fault);
    }
    uint32_t can = has.capabilities & V4L2_CAP_DEVICE_CAPS ? has.device_caps
                                                           : has.capabilities;
    return (can & needed) == needed ? STING_OK : no_camera(fault);
}

/* ---- the format ---- */

static size_t rank_of(uint32_t pixels)
{
    size_t i = 0;
    while (i < WANTED && wanted[i].pixels != pixels) {
        i++;
    }
    return i;
}

/* The best that it offers, or NULL. */
static const struct wanted *format_choose(const struct device *device)
{
    size_t best = WANTED;
    for (uint32_t i = 0; i < MOST_FORMATS; i++) {
        struct v4l2_fmtdesc offered = {.index = i,
                                       .type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
        if (ask(device, VIDIOC_ENUM_FMT, &offered) < 0) {
            break;
        }
        size_t rank = rank_of(offered.pixelformat);
        best = rank < best ? rank : best;
    }
    return best < WANTED ? &wanted[best] : NULL;
}

/* Not every driver has rates; what it says of them is a guess for us. */
static void rate_set(struct device *device, uint32_t frames_per_s)
{
    struct v4l2_streamparm rate = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
    struct v4l2_fract *apart = &rate.parm.capture.timeperframe;
    *apart = (struct v4l2_fract){1, frames_per_s};
    if (ask(device, VIDIOC_S_PARM, &rate) < 0 || apart->numerator == 0) {
        return;
    }
    uint32_t per_s = apart->denominator / apart->numerator;
    device->format.frames_per_s = per_s <= 240 ? (int)per_s : 0;
}

static enum sting_status format_set(struct device *device, struct fault *fault)
{
    const struct wanted *want = format_choose(device);
    struct v4l2_format format = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
    struct v4l2_pix_format *pix = &format.fmt.pix;
    if (!want) {
        return fault_set(fault, STING_E_UNSUPPORTED,
                         "take a camera that gives H.264, JPEG, YUYV or NV12",
                         "the device gives pictures of no kind that we read");
    }
    *pix = (struct v4l2_pix_format){.width = want->width_px,
                                    .height = want->height_px,
                                    .pixelformat = want->pixels,
                                    .field = V4L2_FIELD_NONE};
    if (ask(device, VIDIOC_S_FMT, &format) < 0) {
        return refused(fault);
    }
    if (pix->pixelformat != want->pixels || pix->width < 16 ||
        pix->height < 16 || pix->width > MOST_PX || pix->height > MOST_PX ||
        pix->bytesperline > MOST_PX * 4) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the device takes no format that it offers");
    }
    device->format = (struct device_format){
        .pixels = pix->pixelformat,
        .width_px = (int)pix->width,
        .height_px = (int)pix->height,
        .line_bytes = (int)pix->bytesperline,
        .is_full_range = pix->quantization == V4L2_QUANTIZATION_FULL_RANGE};
    rate_set(device, want->frames_per_s);
    return STING_OK;
}

/* ---- buffers ---- */

static struct v4l2_buffer buffer_of(uint32_t index)
{
    return (struct v4l2_buffer){.index = index,
                                .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
                                .memory = V4L2_MEMORY_MMAP};
}

static enum sting_status buffer_map(struct device *device, uint32_t index,
                                    struct fault *fault)
{
    struct v4l2_buffer one = buffer_of(index);
    if (ask(device, VIDIOC_QUERYBUF, &one) < 0) {
        return refused(fault);
    }
    if (one.length == 0 || one.length > MOST_BUFFER_BYTES) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "a buffer of the device has %u bytes", one.length);
    }
    void *at = mmap(NULL, one.length, PROT_READ, MAP_SHARED, device->fd,
                    (off_t)one.m.offset);
    if (at == MAP_FAILED) {
        return errno == ENOMEM ? STING_E_NOMEM : refused(fault);
    }
    device->mapped[index] = (struct mapped){at, one.length};
    device->buffers = index + 1;
    return STING_OK;
}

static enum sting_status buffer_queue(struct device *device, uint32_t index,
                                      struct fault *fault)
{
    struct v4l2_buffer one = buffer_of(index);
    return ask(device, VIDIOC_QBUF, &one) < 0 ? refused(fault) : STING_OK;
}

static enum sting_status stream_begin(struct device *device,
                                      struct fault *fault)
{
    struct v4l2_requestbuffers wish = {.count = BUFFERS,
                                       .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
                                       .memory = V4L2_MEMORY_MMAP};
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    enum sting_status status = STING_OK;
    if (ask(device, VIDIOC_REQBUFS, &wish) < 0) {
        return refused(fault);
    }
    if (wish.count < 2 || wish.count > MOST_BUFFERS) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the device gives %u buffers", wish.count);
    }
    for (uint32_t i = 0; i < wish.count && !status; i++) {
        status = buffer_map(device, i, fault);
        if (!status) {
            status = buffer_queue(device, i, fault);
        }
    }
    if (!status && ask(device, VIDIOC_STREAMON, &type) < 0) {
        status = refused(fault);
    }
    return status;
}

enum sting_status device_open(int fd, struct device **out, struct fault *fault)
{
    struct device *device STING_AUTO(device_free) = calloc(1, sizeof *device);
    if (!device) {
        return STING_E_NOMEM;
    }
    device->fd = fd;
    device->lent = -1;
    enum sting_status status = camera_check(device, fault);
    if (!status) {
        status = format_set(device, fault);
    }
    if (!status) {
        status = stream_begin(device, fault);
    }
    if (status) {
        return status;
    }
    *out = device;
    device = NULL;
    return STING_OK;
}

void device_free(struct device **device)
{
    for (uint32_t i = 0; *device && i < (*device)->buffers; i++) {
        munmap((*device)->mapped[i].at, (*device)->mapped[i].size);
    }
    free(*device);
    *device = NULL;
}

const struct device_format *device_format(const struct device *device)
{
    return &device->format;
}

/* ---- pictures ---- */

/* Microseconds, where the driver counts by the clock that only goes on. */
static int64_t time_of(const struct v4l2_buffer *filled)
{
    const struct timeval *at = &filled->timestamp;
    bool is_monotonic = (filled->flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) ==
                        V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    bool can_be = at->tv_sec >= 0 && at->tv_sec < MOST_SECONDS &&
                  at->tv_usec >= 0 && at->tv_usec < 1000000;
    return is_monotonic && can_be ? at->tv_sec * INT64_C(1000000) + at->tv_usec
                                  : -1;
}

/* Take what lies ready: E_ABSENT when nothing does. */
static enum sting_status buffer_take(struct device *device,
                                     struct device_picture *out,
                                     struct fault *fault)
{
    struct v4l2_buffer filled = buffer_of(0);
    if (ask(device, VIDIOC_DQBUF, &filled) < 0) {
        return errno == EAGAIN ? STING_E_ABSENT : refused(fault);
    }
    if (filled.index >= device->buffers ||
        filled.bytesused > device->mapped[filled.index].size) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the device names a buffer that cannot be");
    }
    device->lent = filled.index;
    bool is_broken = filled.flags & V4L2_BUF_FLAG_ERROR;
    if (is_broken || filled.bytesused == 0) {
        return STING_E_ABSENT;
    }
    *out = (struct device_picture){
        {device->mapped[filled.index].at, filled.bytesused}, time_of(&filled)};
    return STING_OK;
}

static enum sting_status lent_return(struct device *device, struct fault *fault)
{
    int64_t lent = device->lent;
    device->lent = -1;
    return lent < 0 ? STING_OK : buffer_queue(device, (uint32_t)lent, fault);
}

enum sting_status device_next(struct device *device,
                              bool (*give_up)(void *context), void *context,
                              struct device_picture *out, struct fault *fault)
{
    for (;;) {
        enum sting_status status = lent_return(device, fault);
        if (status) {
            return status;
        }
        if (give_up && give_up(context)) {
            return fault_set(fault, STING_E_BUSY, "", "no picture came");
        }
        struct pollfd ready = {.fd = device->fd, .events = POLLIN};
        if (poll(&ready, 1, SLICE_MS) <= 0) {
            continue;
        }
        status = buffer_take(device, out, fault);
        if (status == STING_E_ABSENT && device->lent < 0 &&
            !(ready.revents & POLLIN)) {
            return fault_set(fault, STING_E_IO, "",
                             "the device gives no more pictures");
        }
        if (status != STING_E_ABSENT) {
            return status;
        }
    }
}
