/* Packets of pictures and of reports, as a camera may send them: what is said
 * of its clock is nothing, or a moment from 1970 to 2036; and no
 * packet of pictures changes what a report said. */
#include <stdlib.h>
#include <string.h>

#include "media/rtp_clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be(bool so)
{
    if (!so) {
        abort();
    }
}

static void times_check(const struct rtp_clock *clock)
{
    static const int ticks[] = {90000, 1, 1000000000, 0, -1};
    for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++) {
        int64_t utc_us = rtp_clock_utc_us(clock, clock->packet, ticks[i]);
        must_be(utc_us >= 0 && utc_us < RTP_CLOCK_END_US);
        must_be(utc_us == 0 || clock->has_report);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rtp_clock clock = {0};
    while (size > 1) {
        size_t bytes = data[0] % 64;
        bytes = bytes < size - 1 ? bytes : size - 1;
        /* Of its own, so that a byte too many is seen. */
        uint8_t *packet = malloc(bytes + !bytes);
        must_be(packet != NULL);
        memcpy(packet, data + 1, bytes);
        struct rtp_clock before = clock;
        if (data[0] & 64) {
            rtp_clock_packet(&clock, (struct bytes){packet, bytes});
            must_be(clock.utc_us == before.utc_us &&
                    clock.report == before.report);
        } else {
            rtp_clock_report(&clock, (struct bytes){packet, bytes});
            must_be(clock.packet == before.packet);
        }
        free(packet);
        times_check(&clock);
        data += 1 + bytes;
        size -= 1 + bytes;
    }
    return 0;
}
