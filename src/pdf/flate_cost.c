#include "pdf/flate_cost.h"

#define NEVER (1U << 20) /* costs what has no code */

void flate_cost_guess(struct flate_block *block)
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

void flate_cost_learn(struct flate_block *block,
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

static uint32_t cost_of_bits(uint8_t bits, unsigned more)
{
    return bits > 0 ? FLATE_BIT * (bits + more) : NEVER;
}

void flate_cost_take(struct flate_block *block)
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
