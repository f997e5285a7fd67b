#include "tests/unit/ledger/reel.h"

#include <stdlib.h>
#include <string.h>

static void put(struct buffer *out, const void *data, size_t size)
{
    if (buffer_append(out, (struct bytes){data, size})) {
        abort();
    }
}

static void number(struct buffer *out, uint64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--) {
        const uint8_t byte = (uint8_t)(value >> (8 * i));
        put(out, &byte, 1);
    }
}

static void zeros(struct buffer *out, size_t count)
{
    static const uint8_t none[64] = {0};
    put(out, none, count);
}

static size_t begin(struct buffer *out, const char *kind)
{
    size_t at = out->size;
    number(out, 0, 4);
    put(out, kind, 4);
    return at;
}

static void end(struct buffer *out, size_t at)
{
    size_t size = out->size - at;
    for (int i = 0; i < 4; i++) {
        out->data[at + (size_t)i] = (uint8_t)(size >> (24 - 8 * i));
    }
}

static void sample_table(int width_px, int height_px, struct buffer *out)
{
    size_t stbl = begin(out, "stbl");
    size_t stsd = begin(out, "stsd");
    number(out, 0, 4);
    number(out, 1, 4);
    size_t entry = begin(out, "avc1");
    zeros(out, 24);
    number(out, (uint64_t)width_px, 2);
    number(out, (uint64_t)height_px, 2);
    zeros(out, 50);
    end(out, entry);
    end(out, stsd);
    end(out, stbl);
}

static void media(int width_px, int height_px, struct buffer *out)
{
    size_t mdia = begin(out, "mdia");
    size_t mdhd = begin(out, "mdhd");
    zeros(out, 12);
    number(out, REEL_TICKS, 4);
    zeros(out, 8);
    end(out, mdhd);
    size_t hdlr = begin(out, "hdlr");
    zeros(out, 8);
    put(out, "vide", 4);
    zeros(out, 13);
    end(out, hdlr);
    size_t minf = begin(out, "minf");
    sample_table(width_px, height_px, out);
    end(out, minf);
    end(out, mdia);
}

void reel_head(int width_px, int height_px, struct buffer *out)
{
    size_t ftyp = begin(out, "ftyp");
    put(out, "iso5\0\0\2\0iso5", 12);
    end(out, ftyp);
    size_t moov = begin(out, "moov");
    size_t trak = begin(out, "trak");
    size_t tkhd = begin(out, "tkhd");
    zeros(out, 12);
    number(out, 1, 4);
    zeros(out, 64);
    zeros(out, 4);
    end(out, tkhd);
    media(width_px, height_px, out);
    end(out, trak);
    size_t mvex = begin(out, "mvex");
    size_t trex = begin(out, "trex");
    number(out, 0, 4);
    number(out, 1, 4);
    zeros(out, 16);
    end(out, trex);
    end(out, mvex);
    end(out, moov);
}

static void samples(int64_t us, size_t payload, struct buffer *out)
{
    uint64_t ticks = (uint64_t)us * REEL_TICKS / 1000000;
    for (uint64_t i = 0; i < REEL_FRAMES; i++) {
        number(out, ticks * (i + 1) / REEL_FRAMES - ticks * i / REEL_FRAMES, 4);
        number(out,
               i == 0 ? payload - payload / REEL_FRAMES * 4
                      : payload / REEL_FRAMES,
               4);
        number(out, i == 0 ? 0x02000000 : 0x01010000, 4);
        number(out, 0, 4);
    }
}

static void noise(uint64_t seed, size_t size, struct buffer *out)
{
    uint64_t x = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    if (buffer_reserve(out, size)) {
        abort();
    }
    for (size_t i = 0; i < size; i++) {
        x = x * 6364136223846793005ULL + 1442695040888963407ULL;
        out->data[out->size++] = (uint8_t)(x >> 56);
    }
}

void reel_fragment(int64_t start_us, int64_t us, uint64_t seed, size_t bytes,
                   struct buffer *out)
{
    if (bytes < REEL_LEAST_BYTES) {
        abort();
    }
    size_t first = out->size;
    size_t moof = begin(out, "moof");
    size_t mfhd = begin(out, "mfhd");
    number(out, seed & 0xffffffff, 8);
    end(out, mfhd);
    size_t traf = begin(out, "traf");
    size_t tfhd = begin(out, "tfhd");
    number(out, 0x020000, 4);
    number(out, 1, 4);
    end(out, tfhd);
    size_t tfdt = begin(out, "tfdt");
    number(out, 1U << 24, 4);
    number(out, (uint64_t)start_us * REEL_TICKS / 1000000, 8);
    end(out, tfdt);
    size_t trun = begin(out, "trun");
    number(out, 0x01000f01, 4);
    number(out, REEL_FRAMES, 4);
    number(out, REEL_LEAST_BYTES, 4);
    samples(us, bytes - REEL_LEAST_BYTES, out);
    end(out, trun);
    end(out, traf);
    end(out, moof);
    size_t mdat = begin(out, "mdat");
    noise(seed, bytes - (out->size - first), out);
    end(out, mdat);
}
