#include "media/packet.h"

#include <libavcodec/packet.h>
#include <string.h>

enum sting_status packet_new(struct bytes data, int64_t pts, bool key,
                             struct packet *out)
{
    AVPacket *hold = av_packet_alloc();
    if (!hold || data.size > INT32_MAX / 2 ||
        av_new_packet(hold, (int)data.size) < 0) {
        av_packet_free(&hold);
        return STING_E_NOMEM;
    }
    memcpy(hold->data, data.data, data.size);
    *out = (struct packet){{hold->data, data.size}, pts, key, hold};
    return STING_OK;
}

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
