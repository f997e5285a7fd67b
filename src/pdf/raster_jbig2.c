#include "pdf/raster_jbig2.h"

#include <stdlib.h>
#include <string.h>

#define CONTEXTS 65536 /* of the sixteen pixels before one */
#define HEAD 26        /* bytes of a region's head */

/* T.88 table E.1: chance of the less likely bit, and what follows either. */
static const struct estimate {
    uint16_t chance;
    uint8_t more, less;
    bool turns;
} estimate[] = {
    {0x5601, 1, 1, true},    {0x3401, 2, 6, false},   {0x1801, 3, 9, false},
    {0x0AC1, 4, 12, false},  {0x0521, 5, 29, false},  {0x0221, 38, 33, false},
    {0x5601, 7, 6, true},    {0x5401, 8, 14, false},  {0x4801, 9, 14, false},
    {0x3801, 10, 14, false}, {0x3001, 11, 17, false}, {0x2401, 12, 18, false},
    {0x1C01, 13, 20, false}, {0x1601, 29, 21, false}, {0x5601, 15, 14, true},
    {0x5401, 16, 14, false}, {0x5101, 17, 15, false}, {0x4801, 18, 16, false},
    {0x3801, 19, 17, false}, {0x3401, 20, 18, false}, {0x3001, 21, 19, false},
    {0x2801, 22, 19, false}, {0x2401, 23, 20, false}, {0x2201, 24, 21, false},
    {0x1C01, 25, 22, false}, {0x1801, 26, 23, false}, {0x1601, 27, 24, false},
    {0x1401, 28, 25, false}, {0x1201, 29, 26, false}, {0x1101, 30, 27, false},
    {0x0AC1, 31, 28, false}, {0x09C1, 32, 29, false}, {0x08A1, 33, 30, false},
    {0x0521, 34, 31, false}, {0x0441, 35, 32, false}, {0x02A1, 36, 33, false},
    {0x0221, 37, 34, false}, {0x0141, 38, 35, false}, {0x0111, 39, 36, false},
    {0x0085, 40, 37, false}, {0x0049, 41, 38, false}, {0x0025, 42, 39, false},
    {0x0015, 43, 40, false}, {0x0009, 44, 41, false}, {0x0005, 45, 42, false},
    {0x0001, 45, 43, false}, {0x5601, 46, 46, false},
};

/* What is known of the pixel that follows a context. */
struct state {
    uint8_t estimate;
    uint8_t likely; /* the bit that is more likely */
};

/* T.88 annex E, in its names: A interval, C code, CT bits until a byte. */
struct coder {
    struct buffer *out;
    enum sting_status status;
    uint32_t a, c;
    int ct;
    int last; /* byte not yet put out, or -1 */
    struct state state[CONTEXTS];
};

static void put(struct coder *coder, int byte)
{
    uint8_t one = (uint8_t)byte;
    if (!coder->status && byte >= 0) {
        coder->status = buffer_append(coder->out, (struct bytes){&one, 1});
    }
}

/* A byte after 0xff holds seven bits, so that a carry never passes it. */
static void byte_out(struct coder *coder)
{
    if (coder->last != 0xff && coder->c >= 0x8000000) {
        coder->last++;
        coder->c &= 0x7ffffff;
    }
    put(coder, coder->last);
    bool full = coder->last == 0xff;
    coder->last = (int)(coder->c >> (full ? 20 : 19));
    coder->c &= full ? 0xfffff : 0x7ffff;
    coder->ct = full ? 7 : 8;
}

static void code(struct coder *coder, struct state *state, unsigned bit)
{
    const struct estimate *e = &estimate[state->estimate];
    bool likely = bit == state->likely;
    coder->a -= e->chance;
    if (likely && coder->a & 0x8000) {
        coder->c += e->chance;
        return;
    }
    /* The smaller part belongs to the less likely bit: T.88 E.2.4. */
    if ((coder->a < e->chance) == likely) {
        coder->a = e->chance;
    } else {
        coder->c += e->chance;
    }
    if (!likely && e->turns) {
        state->likely ^= 1;
    }
    state->estimate = likely ? e->more : e->less;
    do {
        coder->a <<= 1;
        coder->c <<= 1;
        if (--coder->ct == 0) {
            byte_out(coder);
        }
    } while (!(coder->a & 0x8000));
}

static void finish(struct coder *coder)
{
    uint32_t most = coder->c + coder->a;
    coder->c |= 0xffff;
    if (coder->c >= most) {
        coder->c -= 0x8000;
    }
    coder->c <<= coder->ct;
    byte_out(coder);
    coder->c <<= coder->ct;
    byte_out(coder);
    put(coder, coder->last);
    if (coder->last != 0xff) {
        put(coder, 0xff);
    }
    put(coder, 0xac);
}

static unsigned pixel(const uint8_t *row, int x, int width)
{
    return row && x < width ? row[x / 8] >> (7 - x % 8) & 1U : 0;
}

/* Template 0: four pixels before, seven and five of the rows above. */
static void code_row(struct coder *coder, const uint8_t *const row[3],
                     int width)
{
    unsigned own = 0;
    unsigned above = pixel(row[1], 0, width) << 2 |
                     pixel(row[1], 1, width) << 1 | pixel(row[1], 2, width);
    unsigned top = pixel(row[2], 0, width) << 1 | pixel(row[2], 1, width);
    for (int x = 0; x < width; x++) {
        above = (above << 1 | pixel(row[1], x + 3, width)) & 0x7f;
        top = (top << 1 | pixel(row[2], x + 2, width)) & 0x1f;
        unsigned bit = pixel(row[0], x, width);
        code(coder, &coder->state[top << 11 | above << 4 | own], bit);
        own = (own << 1 | bit) & 0xf;
    }
}

static enum sting_status put_number(struct buffer *out, uint32_t value)
{
    const uint8_t byte[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
                             (uint8_t)(value >> 8), (uint8_t)value};
    return buffer_append(out, (struct bytes){byte, sizeof byte});
}

/* Segment `number` of page 1, its kind and the size of what follows. */
static enum sting_status put_segment(struct buffer *out, uint32_t number,
                                     uint8_t kind, uint32_t size)
{
    const uint8_t head[3] = {kind, 0, 1};
    enum sting_status status = put_number(out, number);
    if (!status) {
        status = buffer_append(out, (struct bytes){head, sizeof head});
    }
    return status ? status : put_number(out, size);
}

static enum sting_status put_page(struct buffer *out, int width, int height)
{
    static const uint8_t tail[11] = {[8] = 1}; /* no resolution; lossless */
    enum sting_status status = put_segment(out, 0, 48, 19);
    if (!status) {
        status = put_number(out, (uint32_t)width);
    }
    if (!status) {
        status = put_number(out, (uint32_t)height);
    }
    return status ? status
                  : buffer_append(out, (struct bytes){tail, sizeof tail});
}

static enum sting_status put_region(struct buffer *out, int width, int height,
                                    struct bytes coded)
{
    /* Place 0, 0; template 0 and its four adaptive pixels. */
    static const uint8_t tail[18] = {[10] = 0x03, 0xff, 0xfd, 0xff,
                                     0x02,        0xfe, 0xfe, 0xfe};
    enum sting_status status =
        put_segment(out, 1, 39, (uint32_t)(HEAD + coded.size));
    if (!status) {
        status = put_number(out, (uint32_t)width);
    }
    if (!status) {
        status = put_number(out, (uint32_t)height);
    }
    if (!status) {
        status = buffer_append(out, (struct bytes){tail, sizeof tail});
    }
    return status ? status : buffer_append(out, coded);
}

enum sting_status raster_jbig2(struct bytes rows, int width, int height,
                               struct buffer *out)
{
    struct buffer coded STING_AUTO(buffer_release) = {0};
    size_t size = ((size_t)width + 7) / 8;
    struct coder *coder = calloc(1, sizeof *coder);
    if (!coder) {
        return STING_E_NOMEM;
    }
    coder->out = &coded;
    coder->a = 0x8000;
    coder->ct = 12;
    coder->last = -1;
    for (int y = 0; y < height && ((size_t)y + 1) * size <= rows.size; y++) {
        const uint8_t *at = rows.data + (size_t)y * size;
        const uint8_t *const row[3] = {at, y > 0 ? at - size : NULL,
                                       y > 1 ? at - 2 * size : NULL};
        code_row(coder, row, width);
    }
    finish(coder);
    enum sting_status status = coder->status;
    free(coder);
    if (!status) {
        status = put_page(out, width, height);
    }
    return status ? status
                  : put_region(out, width, height, buffer_bytes(&coded));
}
