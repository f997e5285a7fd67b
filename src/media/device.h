/*
 * device: a camera at this machine itself, a video device of the kernel that
 * is open already: what it can give, and the buffers that it fills.
 *
 * What the driver answers is believed as little as a network: sizes, numbers
 * and times are held to what can be. Nothing is opened or closed here.
 * Only media/ includes this.
 * Source: Video for Linux 2 of the kernel's userspace API; linux/videodev2.h.
 * Limits: one plane a picture, memory mapped, no tuner, input or control set.
 * jail/seccomp.c names each request that is made here.
 */
#ifndef STING_MEDIA_DEVICE_H
#define STING_MEDIA_DEVICE_H

#include "base/fault.h"

#define DEVICE_MOST_FRAMES 15 /* a second, of what we encode ourselves */

struct device_format {
    uint32_t pixels; /* four letters, V4L2_PIX_FMT_* */
    int width_px, height_px;
    int line_bytes;     /* from one row to the next, where rows are */
    int frames_per_s;   /* as the driver says; 0 when it does not */
    bool is_full_range; /* luma is 0 to 255; else 16 to 235 */
};

struct device_picture {
    struct bytes data; /* borrowed until the next is asked for */
    int64_t taken_us;  /* by the monotonic clock; -1 where it does not say */
};

struct device;

/* Settle on a format and begin. `fd` is borrowed. Fails: E_UNSUPPORTED when it
 * is no camera or has no format of ours, E_IO when it is in use or gone,
 * E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status device_open(int fd, struct device **out,
                                             struct fault *fault);
void device_free(struct device **device);

const struct device_format *device_format(const struct device *device);

/* Wait for the next picture; give_up is asked ten times a second and may be
 * NULL. What the driver marks as broken is left out. Fails: E_BUSY when told
 * to give up, E_IO when the device is gone or refuses, E_FORMAT when it
 * answers what cannot be. */
STING_MUST_USE enum sting_status device_next(struct device *device,
                                             bool (*give_up)(void *context),
                                             void *context,
                                             struct device_picture *out,
                                             struct fault *fault);

#endif
