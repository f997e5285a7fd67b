/* A variant's symbols as bits, and what zlib data has around them. */
#include <string.h>

#include "pdf/flate_state.h"

/* Bits being written one after another. */
struct pen {
    uint8_t *to;
    uint64_t bits;
    unsigned held; /* bits in it */
};

/* At most 48; eight bytes must be free. */
static inline void put(struct pen *pen, uint64_t bits, unsigned count)
{
    pen->bits |= bits << pen->held;
    pen->held += count;
    memcpy(pen->to, &pen->bits, sizeof pen->bits);
    pen->to += pen->held >> 3;
    pen->bits >>= pen->held & ~7U;
    pen->held &= 7;
}

static void put_head(struct pen *pen, const struct flate_block *block)
{
    size_t bits = block->head_bits;
    for (size_t at = 0; at < bits; at += 8) {
        put(pen, block->head[at / 8],
            bits - at < 8 ? (unsigned)(bits - at) : 8);
    }
}

static void put_match(struct pen *pen, const struct flate_codes *codes,
                      const struct flate_symbol *s)
{
    struct flate_extra length = flate_length(s->value);
    struct flate_extra far = flate_distance(s->distance + 1U);
    unsigned bits = codes->literal_bits[length.symbol];
    uint64_t all = codes->literal[length.symbol] | (uint64_t)length.value
                                                       << bits;
    bits += length.bits;
    all |= (uint64_t)codes->distance[far.symbol] << bits;
    bits += codes->distance_bits[far.symbol];
    all |= (uint64_t)far.value << bits;
    put(pen, all, bits + far.bits);
}

static void put_symbols(const struct flate *f, struct pen *pen)
{
    const struct flate_block *block = f->block;
    const struct flate_codes *codes = &block->codes;
    put_head(pen, block);
    for (size_t i = 0; i < f->symbols; i++) {
        const struct flate_symbol *s = &f->symbol[i];
        if (s->is_match) {
            put_match(pen, codes, s);
            continue;
        }
        uint16_t value = s->is_end ? FLATE_END : s->value;
        put(pen, codes->literal[value], codes->literal_bits[value]);
        if (s->is_end && i + 1 < f->symbols) {
            codes = &(++block)->codes;
            put_head(pen, block);
        }
    }
}

static void put_check(const struct flate *f, struct pen *pen)
{
    struct flate_sums all = {0};
    for (uint32_t s = 0; s < f->seams; s++) {
        flate_sums_add(&all, &f->sums[s]);
        flate_sums_add(&all, &f->taken[s]->sums);
    }
    flate_sums_add(&all, &f->sums[f->seams]);
    uint32_t check = flate_sums_check(&all);
    pen->to += pen->held > 0;
    for (int i = 3; i >= 0; i--) {
        *pen->to++ = (uint8_t)(check >> 8 * i);
    }
}

enum sting_status flate_put(struct flate *f, const uint8_t *way,
                            struct buffer *out, size_t *plain)
{
    enum sting_status status = flate_variant(f, way);
    *plain = f->fixed.size + f->before[f->seams];
    if (!status) {
        /* No symbol is of more than 48 bits, a literal of no more than 15. */
        status = buffer_reserve(out, 2 * *plain + 32 +
                                         (size_t)f->blocks * FLATE_HEAD_BYTES);
    }
    if (status) {
        return status;
    }
    struct pen pen = {.to = out->data + out->size};
    *pen.to++ = 0x78; /* a window of 32 KB; packed as well as can be */
    *pen.to++ = 0xda;
    put_symbols(f, &pen);
    put_check(f, &pen);
    out->size = (size_t)(pen.to - out->data);
    out->data[out->size] = 0;
    return STING_OK;
}
