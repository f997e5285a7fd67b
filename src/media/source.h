/*
 * source: the packets of one video from a camera, a clip or memory.
 *
 * Only the protocols and formats named in source*.c are ever opened; audio is
 * not asked for. Everything that comes in is hostile.
 *
 * Threads: one at a time for each source.
 */
#ifndef STING_MEDIA_SOURCE_H
#define STING_MEDIA_SOURCE_H

#include "base/fault.h"
#include "media/packet.h"
#include "media/stream.h"

struct source_settings {
    /* rtsp://NUMBER[:PORT]/PATH, the path of a clip, fd:N for a clip that is
     * open already, dev:N for a video device that is */
    const char *url;
    const char *user;     /* may be NULL; never in the url */
    const char *password; /* may be NULL */
    struct bytes memory;  /* an MP4 in memory instead of a url */
    /* Asked again and again while we wait; true ends the wait with E_BUSY.
     * May be NULL. */
    bool (*give_up)(void *context);
    /* Called when a live picture has come, also one before the first
     * keyframe. May be NULL. */
    void (*heard)(void *context);
    /* The time by a clock that only goes on; a camera hears of us by it. May
     * be NULL: then it may think that nobody is there. */
    int64_t (*now_us)(void *context);
    void *context;
};

struct source; /* owns the connection */

/* Connect and read until the stream is known. The settings are borrowed
 * until source_free. Fails: E_IO, E_ABSENT without video, E_FORMAT,
 * E_UNSUPPORTED, E_BUSY when told to give up, E_FORGED when the camera
 * refuses user and password, E_NOMEM. */
STING_MUST_USE enum sting_status source_open(
    const struct source_settings *settings, struct source **out,
    struct fault *fault);
void source_free(struct source **source);

/* What is being read; borrowed, changes only with a status of source_read. */
const struct stream *source_stream(const struct source *source);

/* Whether packets come at their own pace, rather than as fast as asked. */
bool source_is_live(const struct source *source);

/* What a device's pictures are and what becomes of them, in words, where they
 * are encoded by source_read itself, which then takes processor time. NULL:
 * packets are as they came. */
const char *source_encodes(const struct source *source);

/* When all of the packet that was given last had come, by now_us, which is one
 * picture before it is given: only the next one shows that it is whole. 0: of a
 * clip, or without now_us. */
int64_t source_came_us(const struct source *source);

/* UTC by the camera's own clock at that time of its stream, as it said last
 * (RTCP); 0: it says nothing. A claim, 1970 to 2036; nothing goes by it. */
int64_t source_clock_us(const struct source *source, int64_t at_us);

/* Wait for the next packet. *is_new_stream is set when headers changed, or
 * the times of a clip, so that a recording must begin anew (source_stream then
 * tells the new one). Times of a live stream are as the camera gives them,
 * jumps and all. The first packet of a live stream is no keyframe when none
 * came for three seconds. Fails: E_ABSENT at the end, E_IO, E_BUSY, E_FORMAT,
 * E_NOMEM. */
STING_MUST_USE enum sting_status source_read(struct source *source,
                                             struct packet *out,
                                             bool *is_new_stream,
                                             struct fault *fault);

#endif
