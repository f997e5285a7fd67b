/*
 * packet: one encoded picture on its way from a source to a recording, a
 * ring and a decoder. The bytes are shared, never copied: a packet can be
 * held by several at once, each through its own `struct packet`.
 */
#ifndef STING_MEDIA_PACKET_H
#define STING_MEDIA_PACKET_H

#include "base/base.h"

struct packet {
    struct bytes data; /* lives as long as `hold` */
    int64_t pts;       /* in ticks of the stream, as the source gave it */
    bool key;          /* decoding can begin here */
    void *hold;        /* owned reference; NULL in an empty packet */
};

/* A packet of these bytes, copied. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status packet_new(struct bytes data, int64_t pts,
                                            bool key, struct packet *out);

/* Give another hold on the same bytes in *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status packet_share(const struct packet *packet,
                                              struct packet *out);
void packet_release(struct packet *packet);

#endif
