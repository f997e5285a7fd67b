#include "media/fragment_read.h"

#include <string.h>

#define HEAD_BYTES 8
#define ROW_BYTES 16 /* of a sample: duration, size, flags, offset */
#define NO_KEY 0x00010000U
#define RUN_FLAGS 0x01000f01U   /* version 1; all four of each sample */
#define TRACK_FLAGS 0x00020000U /* offsets count from the moof */

/* The samples of one fragment, as its moof tells them. */
struct run {
    int64_t dts;
    uint64_t samples;
    struct bytes rows;
    uint64_t offset; /* of the data, from the moof's first byte */
};

static uint64_t number_take(struct bytes *from, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++) {
        value = value << 8 | from->data[i];
    }
    from->data += bytes;
    from->size -= bytes;
    return value;
}

/* The box at the front, of that kind and at least so long. */
static bool box_take(struct bytes *from, const char *kind, size_t least,
                     struct bytes *payload)
{
    struct bytes at = *from;
    if (at.size < HEAD_BYTES || memcmp(at.data + 4, kind, 4) != 0) {
        return false;
    }
    uint64_t size = number_take(&at, 4);
    if (size < HEAD_BYTES + least || size > from->size) {
        return false;
    }
    *payload =
        (struct bytes){from->data + HEAD_BYTES, (size_t)size - HEAD_BYTES};
    *from = (struct bytes){from->data + size, from->size - (size_t)size};
    return true;
}

static bool moof_read(struct bytes moof, struct run *run)
{
    struct bytes skipped, traf, tfhd, tfdt, trun;
    if (!box_take(&moof, "mfhd", HEAD_BYTES, &skipped) ||
        !box_take(&moof, "traf", HEAD_BYTES, &traf) || moof.size > 0 ||
        !box_take(&traf, "tfhd", 8, &tfhd) ||
        !box_take(&traf, "tfdt", 12, &tfdt) ||
        !box_take(&traf, "trun", 12, &trun) || traf.size > 0) {
        return false;
    }
    bool fits = number_take(&tfhd, 4) == TRACK_FLAGS &&
                number_take(&tfdt, 4) == 1U << 24 &&
                number_take(&trun, 4) == RUN_FLAGS;
    run->dts = (int64_t)number_take(&tfdt, 8);
    run->samples = number_take(&trun, 4);
    run->offset = number_take(&trun, 4);
    run->rows = trun;
    return fits && run->dts >= 0 && run->dts < INT64_MAX / 4 &&
           trun.size == ROW_BYTES * run->samples;
}

static enum sting_status samples_give(struct run *run, struct bytes data,
                                      fragment_packet sink, void *context)
{
    enum sting_status status = STING_OK;
    for (uint64_t i = 0; i < run->samples && !status; i++) {
        struct packet packet STING_AUTO(packet_release) = {0};
        uint64_t step = number_take(&run->rows, 4);
        uint64_t size = number_take(&run->rows, 4);
        bool is_key = (number_take(&run->rows, 4) & NO_KEY) == 0;
        int32_t shown = (int32_t)number_take(&run->rows, 4);
        if (size > data.size) {
            return STING_E_FORMAT;
        }
        status = packet_new((struct bytes){data.data, (size_t)size},
                            run->dts + shown, is_key, &packet);
        if (!status) {
            status = sink(context, &packet);
        }
        run->dts += (int64_t)step;
        data.data += size;
        data.size -= (size_t)size;
    }
    return !status && data.size > 0 ? STING_E_FORMAT : status;
}

enum sting_status fragment_read(struct bytes fragments, fragment_packet sink,
                                void *context)
{
    enum sting_status status = STING_OK;
    while (!status && fragments.size > 0) {
        struct bytes taken, moof, mdat;
        struct run run;
        while (box_take(&fragments, "prft", 0, &taken)) {
        }
        if (!box_take(&fragments, "moof", 0, &moof) || !moof_read(moof, &run) ||
            run.offset != moof.size + (size_t)2 * HEAD_BYTES ||
            !box_take(&fragments, "mdat", 0, &mdat)) {
            return STING_E_FORMAT;
        }
        status = samples_give(&run, mdat, sink, context);
    }
    return status;
}
