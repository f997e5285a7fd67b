/*
 * source_parts: what the files source*.c share. Nobody else includes this.
 */
#ifndef STING_MEDIA_SOURCE_PARTS_H
#define STING_MEDIA_SOURCE_PARTS_H

#include <libavformat/avformat.h>

#include "media/access_unit.h"
#include "media/device_feed.h"
#include "media/memory_io.h"
#include "media/rtsp.h"
#include "media/source.h"

struct source {
    AVFormatContext *format;
    AVIOContext *io; /* for memory, descriptors and cameras */
    int fd;
    struct memory_io memory;
    struct rtsp *rtsp;                      /* of a camera, else NULL */
    struct device_feed *feed;               /* of a device, else NULL */
    const struct source_settings *settings; /* borrowed */
    struct stream stream;
    struct access_units *units; /* of a live stream */
    struct access_unit first;   /* read at opening, given first */
    struct buffer header; /* parameter sets in force, behind start codes */
    int track;
    bool is_live;
    bool has_pts;
    int64_t last_pts;     /* unwrapped */
    int64_t last_raw_pts; /* as FFmpeg gave it */
    uint32_t rtp_shift;   /* RTP's time less FFmpeg's */
    int64_t came_us;      /* when the packet given last did; 0: not known */
    int64_t clock_us;     /* the camera's wall clock less its stream's time */
    bool has_clock;
};

/* Connect to the camera and have its packets behind source->format, of which
 * nothing is known yet. Fails: as source_open. */
STING_MUST_USE enum sting_status source_live_open(struct source *source,
                                                  struct fault *fault);

/* Begin with the device of dev:N, and describe it in source->format as if it
 * were a network's. Fails: as source_open. */
STING_MUST_USE enum sting_status source_device_open(struct source *source,
                                                    struct fault *fault);

/* Read until the stream is known. Fails: as source_open. */
STING_MUST_USE enum sting_status source_live_begin(struct source *source,
                                                   struct fault *fault);

/* As source_read. */
STING_MUST_USE enum sting_status source_live_read(struct source *source,
                                                  struct packet *out,
                                                  bool *is_new,
                                                  struct fault *fault);

/* ---- of source.c ---- */

/* Options for FFmpeg: what alone may be opened. */
void source_options(AVDictionary **options, const char *protocols,
                    const char *formats);

/* Learn source->stream from what FFmpeg knows of the track. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status source_stream_learn(struct source *source);

bool source_size_is_sane(int width_px, int height_px);
enum sting_status source_size_fault(int width_px, int height_px,
                                    struct fault *fault);

/* Why FFmpeg gave no more. */
enum sting_status source_open_fault(struct source *source, int error,
                                    struct fault *fault);
enum sting_status source_read_fault(struct source *source, int error,
                                    struct fault *fault);

/* Ticks that go on; whether they jumped. */
int64_t source_pts(struct source *source, int64_t raw, bool *jumped);

#endif
