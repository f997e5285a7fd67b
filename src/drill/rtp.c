#include "drill/rtp.h"

#include <string.h>

#include "media/nal.h"

enum { HEAD_BYTES = 12, MOST_PAYLOAD = 1400, PAYLOAD_TYPE = 96, FU_A = 28 };

static const uint32_t clock_hz = 90000;
static const int64_t utc_to_ntp_s = 2208988800; /* 1900 to 1970 */

static void put16(uint8_t *to, uint32_t value)
{
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
}

static void put32(uint8_t *to, uint32_t value)
{
    put16(to, value >> 16);
    put16(to + 2, value & 0xffff);
}

static uint32_t ticks_of(const struct rtp *rtp, int64_t pts_us)
{
    return rtp->origin + (uint32_t)(pts_us * clock_hz / 1000000);
}

/* One packet: framing, head, up to two bytes of FU head, payload. */
static enum sting_status packet_append(struct rtp *rtp, struct bytes prefix,
                                       struct bytes payload, int64_t pts_us,
                                       bool last, struct buffer *out)
{
    uint8_t head[4 + HEAD_BYTES] = {'$', rtp->channel};
    size_t size = HEAD_BYTES + prefix.size + payload.size;
    put16(head + 2, (uint32_t)size);
    head[4] = 0x80;
    head[5] = (uint8_t)(PAYLOAD_TYPE | (last ? 0x80 : 0));
    put16(head + 6, rtp->number);
    put32(head + 8, ticks_of(rtp, pts_us));
    put32(head + 12, rtp->source);
    enum sting_status status = buffer_reserve(out, sizeof head + size);
    status =
        status ? status : buffer_append(out, (struct bytes){head, sizeof head});
    status = status ? status : buffer_append(out, prefix);
    status = status ? status : buffer_append(out, payload);
    if (!status) {
        rtp->number++;
        rtp->packets++;
        rtp->payload_bytes += (uint32_t)(prefix.size + payload.size);
    }
    return status;
}

/* A unit too large for one packet goes in pieces (RFC 6184, 5.8). */
static enum sting_status pieces_append(struct rtp *rtp, struct bytes unit,
                                       int64_t pts_us, bool last,
                                       struct buffer *out)
{
    uint8_t head[2] = {(uint8_t)((unit.data[0] & 0xe0) | FU_A),
                       (uint8_t)((unit.data[0] & 0x1f) | 0x80)};
    struct bytes rest = {unit.data + 1, unit.size - 1};
    while (rest.size) {
        size_t size = rest.size < MOST_PAYLOAD ? rest.size : MOST_PAYLOAD;
        bool end = size == rest.size;
        head[1] |= end ? 0x40 : 0;
        enum sting_status status = packet_append(
            rtp, (struct bytes){head, 2}, (struct bytes){rest.data, size},
            pts_us, last && end, out);
        if (status) {
            return status;
        }
        head[1] &= 0x1f;
        rest = (struct bytes){rest.data + size, rest.size - size};
    }
    return STING_OK;
}

enum sting_status rtp_picture_append(struct rtp *rtp, struct bytes picture,
                                     int64_t pts_us, struct buffer *out)
{
    struct bytes unit;
    struct bytes next;
    bool more = nal_next(&picture, &unit);
    while (more) {
        more = nal_next(&picture, &next);
        enum sting_status status =
            unit.size <= MOST_PAYLOAD
                ? packet_append(rtp, (struct bytes){0}, unit, pts_us, !more,
                                out)
                : pieces_append(rtp, unit, pts_us, !more, out);
        if (status) {
            return status;
        }
        unit = next;
    }
    return STING_OK;
}

enum sting_status rtp_report_append(const struct rtp *rtp, int64_t pts_us,
                                    int64_t utc_us, struct buffer *out)
{
    uint8_t report[4 + 28 + 20] = {'$', (uint8_t)(rtp->channel + 1)};
    uint8_t *sender = report + 4;
    uint8_t *names = sender + 28;
    put16(report + 2, 28 + 20);
    sender[0] = 0x80;
    sender[1] = 200; /* sender's report */
    put16(sender + 2, 6);
    put32(sender + 4, rtp->source);
    put32(sender + 8, (uint32_t)(utc_us / 1000000 + utc_to_ntp_s));
    put32(sender + 12,
          (uint32_t)(((uint64_t)(utc_us % 1000000) << 32) / 1000000));
    put32(sender + 16, ticks_of(rtp, pts_us));
    put32(sender + 20, rtp->packets);
    put32(sender + 24, rtp->payload_bytes);
    static const uint8_t name[] = {'g', 'a', 'r', 'a', 'g', 'e'};
    names[0] = 0x81;
    names[1] = 202; /* source description with a canonical name */
    put16(names + 2, 4);
    put32(names + 4, rtp->source);
    names[8] = 1;
    names[9] = 6;
    memcpy(names + 10, name, sizeof name);
    return buffer_append(out, (struct bytes){report, sizeof report});
}
