/* A variant as literals and matches from anywhere, in the fewest bits by what
 * symbols cost in its blocks. */
#include <stdlib.h>
#include <string.h>

#include "pdf/flate_net.h"

#define HASH_BITS 15
#define CHAINS 2 /* of places with the same three bytes, and the same four */
#define OTHERS 2 /* kept beside a match that was chosen */
#define NONE UINT32_MAX

static const uint32_t bytes_of[CHAINS] = {3, 4};
static const int tries_of[CHAINS] = {24, 128};

/* One variant being searched. */
struct search {
    struct flate *flate;
    const uint8_t *text;
    uint32_t size;
    uint32_t *before[CHAINS]; /* owned, all: the place before in the chain */
    uint32_t *cost;           /* from a place on */
    uint32_t *distance;
    uint16_t *length; /* 1: a literal */
    uint32_t head[1 << HASH_BITS];
};

static void search_free(struct search **search)
{
    struct search *s = *search;
    for (int c = 0; s && c < CHAINS; c++) {
        free(s->before[c]);
    }
    if (s) {
        free(s->cost);
        free(s->distance);
        free(s->length);
    }
    free(s);
    *search = NULL;
}

static uint32_t hash(const uint8_t *at, uint32_t bytes)
{
    uint32_t key = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;
    key |= bytes > 3 ? (uint32_t)at[3] << 24 : 0;
    return key * 2654435761U >> (32 - HASH_BITS);
}

static void link_chain(struct search *s, int c)
{
    memset(s->head, 0xff, sizeof s->head);
    for (uint32_t i = 0; i < s->size; i++) {
        s->before[c][i] = NONE;
        if (i + bytes_of[c] <= s->size) {
            uint32_t h = hash(s->text + i, bytes_of[c]);
            s->before[c][i] = s->head[h];
            s->head[h] = i;
        }
    }
}

static enum sting_status search_new(struct flate *flate, struct search **out)
{
    struct search *s STING_AUTO(search_free) = calloc(1, sizeof *s);
    if (!s) {
        return STING_E_NOMEM;
    }
    s->flate = flate;
    s->text = flate->text.data;
    s->size = (uint32_t)flate->text.size;
    size_t room = (size_t)s->size + 1;
    s->cost = calloc(room, sizeof *s->cost);
    s->distance = calloc(room, sizeof *s->distance);
    s->length = calloc(room, sizeof *s->length);
    for (int c = 0; c < CHAINS; c++) {
        s->before[c] = calloc(room, sizeof *s->before[c]);
        if (!s->before[c] || !s->cost || !s->distance || !s->length) {
            return STING_E_NOMEM;
        }
        link_chain(s, c);
    }
    *out = s;
    s = NULL;
    return STING_OK;
}

/* Matches of more than `longest` bytes, up to `same`, from so far away. */
static void try_match(struct search *s, const struct flate_block *block,
                      uint32_t i, uint32_t longest, uint32_t same,
                      uint32_t distance)
{
    uint32_t far = block->distance_cost[flate_distance(distance).symbol];
    for (uint32_t n = longest + 1; n <= same; n++) {
        uint32_t cost = far + block->length_cost[n] + s->cost[i + n];
        if (cost < s->cost[i]) {
            s->cost[i] = cost;
            s->length[i] = (uint16_t)n;
            s->distance[i] = distance;
        }
    }
}

/* Along one chain, nearest first; gives the longest length seen. */
static uint32_t try_chain(struct search *s, const struct flate_block *block,
                          uint32_t i, int c, uint32_t longest)
{
    uint32_t left = s->size - i;
    uint32_t most = left < FLATE_MOST_MATCH ? left : FLATE_MOST_MATCH;
    uint32_t from = s->before[c][i];
    for (int t = 0; t < tries_of[c] && from != NONE && longest < most; t++) {
        if (i - from > FLATE_WINDOW) {
            break;
        }
        if (s->text[from + longest] == s->text[i + longest]) {
            uint32_t same = flate_same(s->text + i, s->text + from, most);
            if (same > longest) {
                try_match(s, block, i, longest, same, i - from);
                longest = same;
            }
        }
        from = s->before[c][from];
    }
    return longest;
}

static void choose_all(struct search *s)
{
    const struct flate *f = s->flate;
    uint32_t b = f->blocks - 1;
    for (uint32_t i = s->size; i-- > 0;) {
        while (i < flate_begin(f, f->block[b].first)) {
            b--;
        }
        const struct flate_block *block = &f->block[b];
        uint32_t longest = FLATE_LEAST_MATCH - 1;
        s->length[i] = 1;
        s->cost[i] = block->literal_cost[s->text[i]] + s->cost[i + 1];
        longest = try_chain(s, block, i, 0, longest);
        if (longest >= bytes_of[0]) {
            (void)try_chain(s, block, i, 1, longest);
        }
    }
}

/* The match at place i, and others of the same bytes, which may hold where it
 * does not. */
static enum sting_status keep(const struct search *s, uint32_t i)
{
    uint32_t length = s->length[i], from = i - s->distance[i];
    int c = length > bytes_of[0], others = OTHERS;
    enum sting_status status = flate_net_keep(s->flate, i, length, from);
    for (int t = 0; !status && others > 0 && t < tries_of[c]; t++) {
        from = s->before[c][from];
        if (from == NONE || i - from > FLATE_WINDOW) {
            break;
        }
        if (!memcmp(s->text + i, s->text + from, length)) {
            status = flate_net_keep(s->flate, i, length, from);
            others--;
        }
    }
    return status;
}

static enum sting_status tell(const struct search *s, bool keeps)
{
    struct flate *f = s->flate;
    enum sting_status status = STING_OK;
    uint32_t b = 0;
    f->symbols = 0;
    for (uint32_t i = 0; !status && i < s->size; i += s->length[i]) {
        while (b + 1 < f->blocks &&
               i >= flate_begin(f, f->block[b + 1].first)) {
            f->symbol[f->symbols++] = (struct flate_symbol){.is_end = true};
            b++;
        }
        if (s->length[i] < FLATE_LEAST_MATCH) {
            f->symbol[f->symbols++] =
                (struct flate_symbol){.value = s->text[i]};
            continue;
        }
        status = keeps ? keep(s, i) : STING_OK;
        f->symbol[f->symbols++] =
            (struct flate_symbol){.value = s->length[i],
                                  .distance = (uint16_t)(s->distance[i] - 1),
                                  .is_match = true};
    }
    for (; b < f->blocks; b++) {
        f->symbol[f->symbols++] = (struct flate_symbol){.is_end = true};
    }
    return status;
}

enum sting_status flate_search(struct flate *flate, bool keeps)
{
    struct search *s STING_AUTO(search_free) = NULL;
    enum sting_status status = search_new(flate, &s);
    if (status) {
        return status;
    }
    choose_all(s);
    return tell(s, keeps);
}
