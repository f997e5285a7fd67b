/*
 * substream: a camera's second, smaller stream, read on a thread of its own.
 * Each packet waits with the moment at which it came until it is taken; when
 * nobody takes them, or they are more than SUBSTREAM_MOST_BYTES, they are
 * dropped up to the next keyframe.
 *
 * A stream that is lost, or silent for SUBSTREAM_SILENCE_US, is told, and
 * connected to again and again.
 * Threads: one takes.
 */
#ifndef STING_WATCH_SUBSTREAM_H
#define STING_WATCH_SUBSTREAM_H

#include "base/clock.h"
#include "base/fault.h"
#include "media/packet.h"
#include "media/stream.h"

#define SUBSTREAM_SILENCE_US 2000000
#define SUBSTREAM_MOST_BYTES ((size_t)16 * 1024 * 1024) /* that wait */

struct substream_settings {
    const char *url;             /* all borrowed until it is freed */
    const char *user, *password; /* may be NULL */
};

enum substream_news {
    SUBSTREAM_NOTHING,
    SUBSTREAM_BEGINS, /* a connection, or other headers */
    SUBSTREAM_PACKET,
    SUBSTREAM_LOST
};

struct substream;

/* Begin to connect. Fails: E_NOMEM, E_IO. */
STING_MUST_USE enum sting_status substream_new(
    const struct substream_settings *settings, struct substream **out);
/* Waits until its thread has ended, a tenth of a second. */
void substream_free(struct substream **substream);

/* What happened next; never waits. Of a packet: it, and when it came. */
enum substream_news substream_take(struct substream *substream,
                                   struct packet *out, struct moment *came);

/* The stream that begins, ours to release. Fails: E_ABSENT when it is gone
 * again, E_NOMEM. */
STING_MUST_USE enum sting_status substream_stream(struct substream *substream,
                                                  struct stream *out);

/* Why it was lost the last time. */
void substream_why(struct substream *substream, char out[200]);

#endif
