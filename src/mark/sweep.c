#include "mark/sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "crypt/lanes.h"
#include "mark/code.h"
#include "mark/strength.h"

#define BLOCK 64 /* units whose bits come out of one block */
#define MOST_A 8.0

/* 64 units with evidence; of the same page in a row. */
struct chunk {
    uint32_t page;
    uint32_t counter; /* of the key stream */
    int32_t weight[BLOCK];
    int32_t threshold[BLOCK];
};

struct sweep {
    struct secret copies; /* key of the copies' keys */
    struct chunk *chunk;  /* owned */
    size_t chunks;
    double base, step; /* S = base + step * ones / SWEEP_ONE */
};

static void chunk_fill(struct sweep *sweep, const struct sweep_page *page,
                       uint32_t from)
{
    struct chunk *chunk = &sweep->chunk[sweep->chunks];
    bool is_any = false;
    *chunk = (struct chunk){.page = page->page, .counter = from / BLOCK};
    for (uint32_t i = 0; i < BLOCK && from + i < page->units; i++) {
        double a = page->a[from + i];
        chunk->weight[i] = (int32_t)lround(a * SWEEP_ONE);
        chunk->threshold[i] = page->threshold[from + i];
        sweep->base += chunk->weight[i] / (double)SWEEP_ONE *
                       strength_g(page->threshold[from + i], 0);
        is_any |= chunk->weight[i] != 0;
    }
    sweep->chunks += is_any;
}

static bool page_is_right(const struct sweep_page *page)
{
    for (uint32_t u = 0; u < page->units; u++) {
        if (!(fabs(page->a[u]) <= MOST_A) ||
            (page->threshold[u] != MARK_THRESHOLD_LOW &&
             page->threshold[u] != MARK_THRESHOLD_HIGH)) {
            return false;
        }
    }
    return true;
}

enum sting_status sweep_new(struct sweep **out, const struct secret *document,
                            const struct sweep_page *page, size_t pages)
{
    struct sweep *sweep STING_AUTO(sweep_free) = calloc(1, sizeof *sweep);
    size_t most = 1;
    for (size_t i = 0; i < pages; i++) {
        most += page[i].units / BLOCK + 1;
        if (!page_is_right(&page[i])) {
            return STING_E_ARG;
        }
    }
    if (!sweep || !(sweep->chunk = calloc(most, sizeof *sweep->chunk))) {
        return STING_E_NOMEM;
    }
    mark_copies_key(document, &sweep->copies);
    sweep->step =
        strength_g(MARK_THRESHOLD_LOW, 1) - strength_g(MARK_THRESHOLD_LOW, 0);
    for (size_t i = 0; i < pages; i++) {
        for (uint32_t u = 0; u < page[i].units; u += BLOCK) {
            chunk_fill(sweep, &page[i], u);
        }
    }
    *out = sweep;
    sweep = NULL;
    return STING_OK;
}

void sweep_free(struct sweep **sweep)
{
    if (*sweep) {
        secret_wipe(&(*sweep)->copies);
        free((*sweep)->chunk);
    }
    free(*sweep);
    *sweep = NULL;
}

/* Add the weights of a chunk's ones to each lane's sum; comparing vectors
 * gives -1 or 0 a lane: a mask. */
#define ONES_OF(type)                                                          \
    for (size_t at = 0; at < LANES; at += sizeof(type) / 4) {                  \
        type total;                                                            \
        memcpy(&total, &sum[at], sizeof total);                                \
        for (int w = 0; w < LANES_WORDS; w++) {                                \
            type word;                                                         \
            memcpy(&word, &block->word[w][at], sizeof word);                   \
            for (int b = 0; b < 4; b++) {                                      \
                type byte = (word >> (8 * b)) & 255;                           \
                total += (byte < chunk->threshold[4 * w + b]) &                \
                         chunk->weight[4 * w + b];                             \
            }                                                                  \
        }                                                                      \
        memcpy(&sum[at], &total, sizeof total);                                \
    }

typedef int32_t lane8 __attribute__((vector_size(32)));
typedef int32_t lane16 __attribute__((vector_size(64)));

static void ones_plain(const struct chunk *chunk, const struct lanes *block,
                       int32_t *sum)
{
    for (int lane = 0; lane < LANES; lane++) {
        for (int u = 0; u < BLOCK; u++) {
            uint32_t byte = block->word[u / 4][lane] >> (8 * (u % 4)) & 255;
            if ((int32_t)byte < chunk->threshold[u]) {
                sum[lane] += chunk->weight[u];
            }
        }
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void ones_avx2(const struct chunk *chunk,
                                                      const struct lanes *block,
                                                      int32_t *sum)
{
    ONES_OF(lane8)
}

__attribute__((target("avx512f"))) static void ones_avx512(
    const struct chunk *chunk, const struct lanes *block, int32_t *sum)
{
    ONES_OF(lane16)
}
#else
#define ones_avx2 ones_plain
#define ones_avx512 ones_plain
#endif

typedef void ones_fn(const struct chunk *, const struct lanes *, int32_t *);

static ones_fn *const ones_table[LANES_KINDS] = {ones_plain, ones_avx2,
                                                 ones_avx512};

/* One group of lanes, whose copies' keys stand in `state`. */
static void group_sum(const struct sweep *sweep, enum lanes_kind kind,
                      struct lanes *state, double sum[LANES])
{
    struct lanes block;
    for (size_t i = 0; i < sweep->chunks;) {
        const struct chunk *chunk = &sweep->chunk[i];
        int32_t ones[LANES] = {0};
        lanes_nonce_all(state, (uint64_t)chunk->page + 1);
        for (; i < sweep->chunks && sweep->chunk[i].page == chunk->page; i++) {
            lanes_block_by(kind, state, sweep->chunk[i].counter, &block);
            ones_table[kind](&sweep->chunk[i], &block, ones);
        }
        for (int lane = 0; lane < LANES; lane++) {
            sum[lane] += sweep->step * ones[lane] / SWEEP_ONE;
        }
    }
    secret_wipe_bytes(&block, sizeof block);
}

/* Which numbers to sweep: a list of copies, or `first` and on. */
struct numbers {
    const uint32_t *copy; /* NULL: first, first + 1 .. */
    uint64_t first;
};

static void sweep_numbers(const struct sweep *sweep, const struct secret *key,
                          const struct numbers *numbers, size_t count,
                          double *sum)
{
    struct lanes top = {0};
    struct lanes state = {0};
    struct lanes keys;
    enum lanes_kind kind = lanes_best();
    lanes_key_all(&top, key);
    for (size_t i = 0; i < count; i += LANES) {
        double part[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            size_t at = i + (size_t)lane < count ? i + (size_t)lane : i;
            part[lane] = sweep->base;
            lanes_nonce(&top, lane,
                        numbers->copy ? numbers->copy[at]
                                      : numbers->first + at);
        }
        lanes_block_by(kind, &top, 0, &keys);
        lanes_key_blocks(&state, &keys);
        group_sum(sweep, kind, &state, part);
        for (size_t lane = 0; lane < LANES && i + lane < count; lane++) {
            sum[i + lane] = part[lane];
        }
    }
    secret_wipe_bytes(&top, sizeof top);
    secret_wipe_bytes(&state, sizeof state);
    secret_wipe_bytes(&keys, sizeof keys);
}

void sweep_copies(const struct sweep *sweep, const uint32_t *copy,
                  size_t copies, double *sum)
{
    const struct numbers numbers = {copy, 0};
    if (copies > 0) {
        sweep_numbers(sweep, &sweep->copies, &numbers, copies, sum);
    }
}

void sweep_random(const struct sweep *sweep, uint64_t first, size_t codes,
                  double *sum)
{
    static const struct secret nobody = {"codes that were issued to none"};
    const struct numbers numbers = {NULL, first};
    sweep_numbers(sweep, &nobody, &numbers, codes, sum);
}
