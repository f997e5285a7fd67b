/*
 * fragment_read: fragments as fragment.h writes them, back into packets: for
 * pieces that come one by one, each read as soon as it is there.
 *
 * Everything in them is hostile; a box that fragment.h does not write is
 * E_FORMAT. No allocation but the packets.
 *
 * Source: ISO/IEC 14496-12:2015 8.8.
 */
#ifndef STING_MEDIA_FRAGMENT_READ_H
#define STING_MEDIA_FRAGMENT_READ_H

#include "media/packet.h"

/* Called with each packet, in order of arrival; its units stand behind
 * lengths, its time is in ticks of the recording. Borrowed. */
typedef enum sting_status (*fragment_packet)(void *context,
                                             const struct packet *packet);

/* Read whole fragments, one behind the other. Fails: E_FORMAT, E_NOMEM, or
 * what the sink gave. */
STING_MUST_USE enum sting_status fragment_read(struct bytes fragments,
                                               fragment_packet sink,
                                               void *context);

#endif
