/* Packets of any times and sizes, as a camera may send them, into fragments.
 * Each fragment is [prft] moof mdat to its last byte; its samples are in the
 * order of arrival, their sizes add up to the mdat, their decoding times rise
 * within it and from one fragment to the next, and each begins where the one
 * before ended. No packet is lost, and each keeps its time. */
#include <stdlib.h>
#include <string.h>

#include "media/fragment.h"

#define ORIGIN_US INT64_C(5000000000)
#define MOST_PACKETS 2048

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be(bool so)
{
    if (!so) {
        abort();
    }
}

struct film {
    int64_t pts[MOST_PACKETS]; /* as given */
    int packets, seen;
    int64_t end_dts; /* of the fragment before, or -1 */
    int64_t shift;   /* the recording's time less the packets' */
    bool has_shift;
};

static uint64_t number(const uint8_t *at, size_t bytes)
{
    uint64_t value = 0;
    while (bytes-- > 0) {
        value = value << 8 | *at++;
    }
    return value;
}

/* The payload of the box that comes next, which must be `kind`. */
static struct bytes box_take(struct bytes *from, const char *kind)
{
    must_be(from->size >= 8 && !memcmp(from->data + 4, kind, 4));
    uint64_t size = number(from->data, 4);
    must_be(size >= 8 && size <= from->size);
    struct bytes payload = {from->data + 8, size - 8};
    *from = (struct bytes){from->data + size, from->size - size};
    return payload;
}

static uint64_t samples_check(struct film *film, struct bytes trun, int64_t dts)
{
    uint64_t bytes = 0;
    uint64_t samples = number(trun.data + 4, 4);
    const uint8_t *at = trun.data + 12;
    must_be(samples > 0 && trun.size == 12 + 16 * samples);
    must_be(film->end_dts < 0 || film->end_dts == dts);
    for (uint64_t i = 0; i < samples; i++, at += 16) {
        int64_t step = (int64_t)number(at, 4);
        int64_t pts = dts + (int32_t)number(at + 12, 4);
        must_be(step > 0 || i + 1 == samples);
        int64_t shift = pts - film->pts[film->seen++];
        must_be(!film->has_shift || shift == film->shift);
        film->shift = shift;
        film->has_shift = true;
        bytes += number(at + 4, 4);
        dts += step;
    }
    film->end_dts = dts;
    return bytes;
}

static enum sting_status check(void *context, const struct fragment *fragment)
{
    struct film *film = context;
    struct bytes rest = fragment->data;
    if (rest.size > 8 && !memcmp(rest.data + 4, "prft", 4)) {
        must_be(fragment->key);
        (void)box_take(&rest, "prft");
        if (!memcmp(rest.data + 4, "prft", 4)) { /* by the camera's clock */
            (void)box_take(&rest, "prft");
        }
    }
    struct bytes moof = box_take(&rest, "moof");
    struct bytes mdat = box_take(&rest, "mdat");
    must_be(rest.size == 0);
    (void)box_take(&moof, "mfhd");
    struct bytes traf = box_take(&moof, "traf");
    must_be(moof.size == 0);
    (void)box_take(&traf, "tfhd");
    struct bytes tfdt = box_take(&traf, "tfdt");
    struct bytes trun = box_take(&traf, "trun");
    must_be(traf.size == 0);
    int before = film->seen;
    must_be(samples_check(film, trun, (int64_t)number(tfdt.data + 4, 8)) ==
            mdat.size);
    must_be(film->seen - before == fragment->frames);
    return STING_OK;
}

/* Four bytes a packet: flags and size, and a step in time that is mostly
 * small. */
static void packets_add(struct fragment_writer *writer, struct film *film,
                        struct bytes data)
{
    static uint8_t picture[300];
    int64_t pts = 0;
    for (; data.size >= 4 && film->packets < MOST_PACKETS;
         data.data += 4, data.size -= 4) {
        const uint8_t *d = data.data;
        int64_t step = d[2] < 128 ? d[2] : d[2] - 256; /* back, too */
        pts += d[0] & 2 ? step * (int64_t)(d[3] + 1) : step + 3600;
        struct packet packet = {
            {picture, (size_t)1 + d[1]}, pts, (d[0] & 1) != 0, NULL};
        film->pts[film->packets++] = pts;
        must_be(fragment_writer_add(writer, &packet) == STING_OK);
        if (packet.key && d[0] & 4) {
            const struct fragment_times at = {ORIGIN_US + d[3],
                                              d[3] & 1 ? ORIGIN_US : 0};
            fragment_writer_taken(writer, pts, at);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct film film;
    struct fragment_writer *writer STING_AUTO(fragment_writer_free) = NULL;
    if (size < 1) {
        return 0;
    }
    struct stream stream = {.codec = STREAM_OTHER,
                            .ticks_per_s = 90000,
                            .reorder = data[0] % 5,
                            .length_bytes = -1};
    film = (struct film){.end_dts = -1};
    must_be(fragment_writer_new(&stream, ORIGIN_US, check, &film, &writer) ==
            STING_OK);
    packets_add(writer, &film, (struct bytes){data + 1, size - 1});
    must_be(fragment_writer_flush(writer) == STING_OK);
    must_be(film.seen == film.packets);
    return 0;
}
