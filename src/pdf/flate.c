#include "pdf/flate.h"

#include <stdlib.h>
#include <string.h>

#include "pdf/flate_net.h"

#define BLOCK_BYTES 60000U /* of fixed text in a block, about */
#define PASSES 3           /* of choosing by what the last choice cost */
#define VARIANTS 2         /* looked at in a pass */
#define WEIGHT 32          /* of a symbol that a variant has */
#define MOST_DIGITS 8      /* fixed ones on a side of a seam */
#define SEARCHED 64        /* variants of which a net is made */
#define FOLLOWED 8         /* looked at in a pass along it */
#define NEVER (1U << 20)   /* costs what has no code */
#define ADLER 65521

void flate_free(struct flate **flate)
{
    struct flate *f = *flate;
    if (!f) {
        return;
    }
    buffer_release(&f->fixed);
    buffer_release(&f->bytes);
    buffer_release(&f->text);
    void *const owned[] = {f->run,   f->run_of, f->first_way,  f->way,
                           f->sums,  f->step,   f->first_like, f->like,
                           f->block, f->taken,  f->before,     f->total,
                           f->leap,  f->symbol, f->digits};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) {
        free(owned[i]);
    }
    flate_net_free(&f->net);
    free(f);
    *flate = NULL;
}

static struct flate_sums sums_of(const uint8_t *byte, size_t size)
{
    struct flate_sums sums = {.size = (uint32_t)size};
    uint64_t first = 0, second = 0;
    for (size_t i = 0; i < size; i++) {
        first += byte[i];
        second += first;
        if ((i & 4095) == 4095) {
            first %= ADLER;
            second %= ADLER;
        }
    }
    sums.first = (uint32_t)(first % ADLER);
    sums.second = (uint32_t)(second % ADLER);
    return sums;
}

static enum sting_status make_room(struct flate *f,
                                   const struct flate_text *text)
{
    size_t seams = (size_t)text->seams + 1, size = text->fixed.size + 1;
    size_t ways = 1;
    for (uint32_t s = 0; s < text->seams; s++) {
        ways += text->seam[s].ways;
    }
    f->seams = text->seams;
    f->run = calloc(seams, sizeof *f->run);
    f->run_of = calloc(size, sizeof *f->run_of);
    f->first_way = calloc(seams, sizeof *f->first_way);
    f->way = calloc(ways, sizeof *f->way);
    f->digits = calloc(seams, sizeof *f->digits);
    f->sums = calloc(seams, sizeof *f->sums);
    f->step = calloc(size, sizeof *f->step);
    f->block = calloc(size / BLOCK_BYTES + 1, sizeof *f->block);
    f->taken = calloc(seams, sizeof(*f->taken));
    f->before = calloc(seams, sizeof *f->before);
    f->total = calloc(seams, sizeof *f->total);
    f->leap = calloc(seams, sizeof *f->leap);
    enum sting_status status =
        f->run && f->run_of && f->first_way && f->way && f->sums && f->step &&
                f->block && f->taken && f->before && f->total && f->leap &&
                f->digits
            ? buffer_append(&f->fixed, buffer_bytes(&text->fixed))
            : STING_E_NOMEM;
    return status ? status : buffer_append(&f->bytes, buffer_bytes(&text->way));
}

static void set_runs(struct flate *f, const struct flate_text *text)
{
    uint32_t at = 0;
    for (uint32_t s = 0; s <= f->seams; s++) {
        size_t end = s < f->seams ? text->seam[s].at : text->fixed.size;
        f->run[s] = (struct flate_run){at, (uint32_t)end};
        f->sums[s] = sums_of(f->fixed.data + at, end - at);
        for (; at < end; at++) {
            f->run_of[at] = s;
        }
    }
}

static bool is_of_number(uint8_t c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == '-';
}

static void set_digits(struct flate *f)
{
    const uint8_t *byte = f->fixed.data;
    for (uint32_t s = 0; s < f->seams; s++) {
        const struct flate_run *left = &f->run[s], *right = &f->run[s + 1];
        struct flate_digits *digits = &f->digits[s];
        while (digits->lead < MOST_DIGITS &&
               left->end - digits->lead > left->begin &&
               is_of_number(byte[left->end - digits->lead - 1])) {
            digits->lead++;
        }
        while (digits->trail < MOST_DIGITS &&
               right->begin + digits->trail < right->end &&
               is_of_number(byte[right->begin + digits->trail])) {
            digits->trail++;
        }
    }
}

static void set_ways(struct flate *f, const struct flate_text *text)
{
    uint32_t ways = 0;
    for (uint32_t s = 0; s < f->seams; s++) {
        const struct flate_seam *seam = &text->seam[s];
        f->first_way[s] = ways;
        for (int w = 0; w < seam->ways; w++) {
            uint32_t begin = seam->way[w], size = seam->way[w + 1] - begin;
            f->way[ways++] = (struct flate_way){
                begin, size, sums_of(f->bytes.data + begin, size)};
        }
    }
    f->first_way[f->seams] = ways;
}

static void set_blocks(struct flate *f)
{
    f->block[f->blocks++].first = 0;
    for (uint32_t s = 1; s <= f->seams; s++) {
        if (f->run[s].begin - f->run[f->block[f->blocks - 1].first].begin >=
            BLOCK_BYTES) {
            f->block[f->blocks - 1].end = s;
            f->block[f->blocks++].first = s;
        }
    }
    f->block[f->blocks - 1].end = f->seams + 1;
}

/* What things cost before anything was chosen. */
static void guess_costs(struct flate_block *block)
{
    for (int i = 0; i < 256; i++) {
        block->literal_cost[i] = FLATE_BIT * 6;
    }
    for (uint32_t n = FLATE_LEAST_MATCH; n <= FLATE_MOST_MATCH; n++) {
        block->length_cost[n] = FLATE_BIT * (6U + flate_length(n).bits);
    }
    for (uint32_t i = 0; i < FLATE_DISTANCES; i++) {
        block->distance_cost[i] = FLATE_BIT * (4U + (i > 3 ? i / 2 - 1 : 0));
    }
}

/* log2 of x in parts of a bit, straight between powers of two. */
static uint32_t log2_of(uint64_t x)
{
    unsigned whole = 63U - (unsigned)__builtin_clzll(x);
    uint64_t rest = whole > 4 ? x >> (whole - 4) : x << (4 - whole);
    return FLATE_BIT * whole + (uint32_t)(rest & (FLATE_BIT - 1));
}

static uint32_t cost_of(uint32_t count, uint32_t log_sum)
{
    uint32_t log_count = log2_of(count ? count : 1);
    uint32_t cost = log_sum > log_count ? log_sum - log_count : 0;
    return cost < FLATE_BIT ? FLATE_BIT : cost;
}

static uint32_t log_sum_of(const uint32_t *count, int symbols)
{
    uint64_t sum = 1;
    for (int i = 0; i < symbols; i++) {
        sum += count[i];
    }
    return log2_of(sum);
}

static void learn_costs(struct flate_block *block,
                        const struct flate_counts *counts)
{
    uint32_t all = log_sum_of(counts->literal, FLATE_LITERALS);
    for (int i = 0; i < 256; i++) {
        block->literal_cost[i] = cost_of(counts->literal[i], all);
    }
    for (uint32_t n = FLATE_LEAST_MATCH; n <= FLATE_MOST_MATCH; n++) {
        struct flate_extra e = flate_length(n);
        block->length_cost[n] =
            cost_of(counts->literal[e.symbol], all) + FLATE_BIT * e.bits;
    }
    all = log_sum_of(counts->distance, FLATE_DISTANCES);
    for (uint32_t i = 0; i < FLATE_DISTANCES; i++) {
        block->distance_cost[i] = cost_of(counts->distance[i], all) +
                                  FLATE_BIT * (i > 3 ? i / 2 - 1 : 0);
    }
}

/* Every symbol that any variant may have is there. */
static void begin_counts(const struct flate *f, uint32_t b,
                         struct flate_counts *counts)
{
    const struct flate_block *block = &f->block[b];
    uint32_t end = block->end <= f->seams ? block->end : f->seams;
    *counts = (struct flate_counts){0};
    for (uint32_t i = f->run[block->first].begin;
         i < f->run[block->end - 1].end; i++) {
        counts->literal[f->fixed.data[i]] = 1;
    }
    for (uint32_t w = f->first_way[block->first]; w < f->first_way[end]; w++) {
        for (uint32_t i = 0; i < f->way[w].size; i++) {
            counts->literal[f->bytes.data[f->way[w].begin + i]] = 1;
        }
    }
    for (uint32_t i = FLATE_END; i < FLATE_LITERALS; i++) {
        counts->literal[i] = 1;
    }
    for (uint32_t i = 0; i < FLATE_DISTANCES; i++) {
        counts->distance[i] = 1;
    }
}

static void count_symbols(const struct flate *f, struct flate_counts *counts)
{
    uint32_t block = 0;
    for (size_t i = 0; i < f->symbols; i++) {
        const struct flate_symbol *s = &f->symbol[i];
        struct flate_counts *c = &counts[block];
        if (s->is_end) {
            c->literal[FLATE_END] += WEIGHT;
            block++;
        } else if (s->is_match) {
            c->literal[flate_length(s->value).symbol] += WEIGHT;
            c->distance[flate_distance(s->distance + 1U).symbol] += WEIGHT;
        } else {
            c->literal[s->value] += WEIGHT;
        }
    }
}

/* Any sequence will do that is the same each time. */
static void draw_ways(const struct flate *f, uint8_t *way, uint32_t *state)
{
    for (uint32_t s = 0; s < f->seams; s++) {
        *state = *state * 1664525 + 1013904223;
        way[s] =
            (uint8_t)((*state >> 16) % (f->first_way[s + 1] - f->first_way[s]));
    }
}

/* Steps, then variants by them, then what that costs. */
static enum sting_status pass(struct flate *f, const struct flate_parse *parse,
                              struct flate_counts *counts, uint8_t *way,
                              uint32_t *state)
{
    enum sting_status status = STING_OK;
    flate_parse_steps(parse, f);
    for (uint32_t b = 0; b < f->blocks; b++) {
        begin_counts(f, b, &counts[b]);
    }
    for (int v = 0; !status && v < VARIANTS; v++) {
        draw_ways(f, way, state);
        status = flate_variant(f, way);
        count_symbols(f, counts);
    }
    for (uint32_t b = 0; b < f->blocks; b++) {
        learn_costs(&f->block[b], &counts[b]);
    }
    return status;
}

static enum sting_status learn(struct flate *f)
{
    struct flate_parse *parse STING_AUTO(flate_parse_free) = NULL;
    struct flate_counts *counts = calloc(f->blocks, sizeof *counts);
    uint8_t *way = calloc((size_t)f->seams + 1, 1);
    uint32_t state = 1;
    enum sting_status status =
        counts && way ? flate_parse_new(f, &parse) : STING_E_NOMEM;
    for (uint32_t b = 0; b < f->blocks; b++) {
        guess_costs(&f->block[b]);
    }
    for (int i = 0; !status && i < PASSES; i++) {
        status = pass(f, parse, counts, way, &state);
    }
    for (uint32_t b = 0; !status && b < f->blocks; b++) {
        struct flate_block *block = &f->block[b];
        flate_codes_make(&counts[b], &block->codes);
        block->head_bits =
            flate_codes_head(&block->codes, b + 1 == f->blocks, block->head);
    }
    free(counts);
    free(way);
    return status;
}

/* Symbols that the variants looked at have, and every literal. */
static enum sting_status count_followed(struct flate *f,
                                        struct flate_counts *counts,
                                        uint8_t *way, uint32_t *state)
{
    enum sting_status status = STING_OK;
    for (uint32_t b = 0; b < f->blocks; b++) {
        begin_counts(f, b, &counts[b]);
        memset(counts[b].literal + FLATE_END, 0,
               (FLATE_LITERALS - FLATE_END) * sizeof *counts[b].literal);
        memset(counts[b].distance, 0, sizeof counts[b].distance);
    }
    for (int v = 0; !status && v < FOLLOWED; v++) {
        draw_ways(f, way, state);
        status = flate_variant(f, way);
        count_symbols(f, counts);
    }
    return status;
}

static uint32_t cost_of_bits(uint8_t bits, unsigned more)
{
    return bits > 0 ? FLATE_BIT * (bits + more) : NEVER;
}

/* What symbols cost in the codes that the block has. */
static void take_costs(struct flate_block *block)
{
    const struct flate_codes *codes = &block->codes;
    for (int i = 0; i < 256; i++) {
        block->literal_cost[i] = cost_of_bits(codes->literal_bits[i], 0);
    }
    for (uint32_t n = FLATE_LEAST_MATCH; n <= FLATE_MOST_MATCH; n++) {
        struct flate_extra e = flate_length(n);
        block->length_cost[n] =
            cost_of_bits(codes->literal_bits[e.symbol], e.bits);
    }
    for (uint32_t i = 0; i < FLATE_DISTANCES; i++) {
        block->distance_cost[i] =
            cost_of_bits(codes->distance_bits[i], i > 3 ? i / 2 - 1 : 0);
    }
}

/* Variants searched one by one: for costs, or for what is worth keeping. */
static enum sting_status search_some(struct flate *f, int variants, bool keeps,
                                     struct flate_counts *counts, uint8_t *way,
                                     uint32_t *state)
{
    enum sting_status status = STING_OK;
    for (uint32_t b = 0; b < f->blocks; b++) {
        begin_counts(f, b, &counts[b]);
    }
    for (int v = 0; !status && v < variants; v++) {
        draw_ways(f, way, state);
        status = flate_variant_text(f, way);
        if (!status) {
            status = flate_search(f, keeps);
        }
        if (!status) {
            count_symbols(f, counts);
        }
    }
    for (uint32_t b = 0; b < f->blocks; b++) {
        learn_costs(&f->block[b], &counts[b]);
    }
    return status;
}

/* The net of what some variants chose, then codes for those that follow it. */
static enum sting_status learn_net(struct flate *f, struct flate_counts *counts,
                                   uint8_t *way)
{
    uint32_t state = 1;
    enum sting_status status = STING_OK;
    for (uint32_t b = 0; b < f->blocks; b++) {
        guess_costs(&f->block[b]);
    }
    for (int i = 0; !status && i < PASSES; i++) {
        status = search_some(f, VARIANTS, false, counts, way, &state);
    }
    if (!status) {
        status = search_some(f, SEARCHED, true, counts, way, &state);
    }
    if (!status) {
        status = flate_net_weave(f);
    }
    for (int i = 0; !status && i < PASSES; i++) {
        status = count_followed(f, counts, way, &state);
        for (uint32_t b = 0; !status && b < f->blocks; b++) {
            flate_codes_make(&counts[b], &f->block[b].codes);
            take_costs(&f->block[b]);
        }
    }
    for (uint32_t b = 0; !status && b < f->blocks; b++) {
        struct flate_block *block = &f->block[b];
        block->head_bits =
            flate_codes_head(&block->codes, b + 1 == f->blocks, block->head);
    }
    return status;
}

static enum sting_status make_tight(struct flate *f)
{
    struct flate_counts *counts = calloc(f->blocks, sizeof *counts);
    uint8_t *way = calloc((size_t)f->seams + 1, 1);
    f->net = flate_net_new();
    enum sting_status status =
        counts && way && f->net ? learn_net(f, counts, way) : STING_E_NOMEM;
    free(counts);
    free(way);
    return status;
}

static enum sting_status make_quick(struct flate *f)
{
    set_digits(f);
    enum sting_status status = flate_like_find(f);
    return status ? status : learn(f);
}

enum sting_status flate_new(const struct flate_text *text,
                            enum flate_effort effort, struct flate **out)
{
    size_t most = effort == FLATE_TIGHT ? FLATE_MOST_TIGHT : FLATE_MOST;
    if (text->fixed.size > most || text->way.size > most) {
        return STING_E_LIMIT;
    }
    struct flate *f STING_AUTO(flate_free) = calloc(1, sizeof *f);
    enum sting_status status = f ? make_room(f, text) : STING_E_NOMEM;
    if (status) {
        return status;
    }
    set_runs(f, text);
    set_ways(f, text);
    set_blocks(f);
    status = effort == FLATE_TIGHT ? make_tight(f) : make_quick(f);
    if (!status) {
        *out = f;
        f = NULL;
    }
    return status;
}

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

static void add_sums(uint64_t adler[2], const struct flate_sums *sums)
{
    adler[1] = (adler[1] + adler[0] * sums->size + sums->second) % ADLER;
    adler[0] = (adler[0] + sums->first) % ADLER;
}

static void put_check(const struct flate *f, struct pen *pen)
{
    uint64_t adler[2] = {1, 0};
    for (uint32_t s = 0; s < f->seams; s++) {
        add_sums(adler, &f->sums[s]);
        add_sums(adler, &f->taken[s]->sums);
    }
    add_sums(adler, &f->sums[f->seams]);
    uint64_t check = adler[1] << 16 | adler[0];
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
