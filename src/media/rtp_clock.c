#include "media/rtp_clock.h"

#define SECOND_US INT64_C(1000000)
#define NTP_EPOCH_S INT64_C(2208988800) /* 1900 to 1970 */
#define MOST_AGE_S 100
#define MOST_HOLE (2 * 90000) /* of video, whose clock is 90 kHz */
#define SENDER_REPORT 200
#define REPORT_BYTES 28 /* up to its counts of packets */

static uint32_t number(struct bytes from, size_t at)
{
    return (uint32_t)from.data[at] << 24 | (uint32_t)from.data[at + 1] << 16 |
           (uint32_t)from.data[at + 2] << 8 | from.data[at + 3];
}

void rtp_clock_packet(struct rtp_clock *clock, struct bytes packet)
{
    if (packet.size < 12 || packet.data[0] >> 6 != 2) {
        return;
    }
    uint32_t time = number(packet, 4);
    int32_t step = (int32_t)(time - clock->packet);
    if (clock->has_packet && (step > MOST_HOLE || step < -MOST_HOLE)) {
        clock->has_report = false;
    }
    clock->packet = time;
    clock->has_packet = true;
}

static void report_take(struct rtp_clock *clock, struct bytes report)
{
    uint32_t second = number(report, 8);
    uint64_t part_us = number(report, 12) * UINT64_C(1000000) >> 32;
    clock->utc_us =
        ((int64_t)second - NTP_EPOCH_S) * SECOND_US + (int64_t)part_us;
    clock->report = number(report, 16);
    clock->has_report = clock->utc_us > 0;
}

/* Several stand in one packet, each with its length. */
void rtp_clock_report(struct rtp_clock *clock, struct bytes packet)
{
    while (packet.size >= 4 && packet.data[0] >> 6 == 2) {
        size_t size = 4 * (((size_t)packet.data[2] << 8 | packet.data[3]) + 1);
        if (size > packet.size) {
            return;
        }
        if (packet.data[1] == SENDER_REPORT && size >= REPORT_BYTES) {
            report_take(clock, packet);
        }
        packet = (struct bytes){packet.data + size, packet.size - size};
    }
}

int64_t rtp_clock_utc_us(const struct rtp_clock *clock, uint32_t time,
                         int ticks_per_s)
{
    int64_t step = (int32_t)(time - clock->report);
    int64_t most = (int64_t)MOST_AGE_S * ticks_per_s;
    if (!clock->has_report || ticks_per_s < 1 || step > most || step < -most) {
        return 0;
    }
    int64_t utc_us = clock->utc_us + step * SECOND_US / ticks_per_s;
    return utc_us > 0 && utc_us < RTP_CLOCK_END_US ? utc_us : 0;
}
