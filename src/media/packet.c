#include "media/packet.h"

#include <libavcodec/packet.h>

enum sting_status packet_share(const struct packet *packet, struct packet *out)
{
    AVPacket *hold = av_packet_clone(packet->hold);
    if (!hold) {
        return STING_E_NOMEM;
    }
    *out = *packet;
    out->hold = hold;
    return STING_OK;
}

void packet_release(struct packet *packet)
{
    AVPacket *hold = packet->hold;
    av_packet_free(&hold);
    *packet = (struct packet){0};
}
