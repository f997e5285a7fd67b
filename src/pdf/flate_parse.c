/* Fixed bytes as literals and matches, in few bits. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "pdf/flate_state.h"

#define HASH_BITS 15
#define TRIES 192     /* earlier places that are looked at */
#define MOST_FOUND 24 /* matches kept for one place */
#define NONE UINT32_MAX

/* A match that begins at some place. */
struct found {
    uint32_t from, length;
    uint32_t distance; /* when all ways are of middling size */
};

/* Chains are walked as fast as these come from memory. */
struct link {
    uint32_t before; /* the place before with the same bytes */
    uint32_t place;  /* this one's when all ways are the longest */
};

struct flate_parse {
    const struct flate *flate;
    struct link *link;   /* owned, all: by place */
    uint32_t *first;     /* of a place's matches; one more than there are */
    struct found *found; /* shortest first */
    size_t founds;
    uint32_t *most, *mean; /* bytes of ways before a run */
    uint32_t head[1 << HASH_BITS];
};

void flate_parse_free(struct flate_parse **parse)
{
    struct flate_parse *p = *parse;
    if (p) {
        free(p->link);
        free(p->first);
        free(p->found);
        free(p->most);
        free(p->mean);
    }
    free(p);
    *parse = NULL;
}

/* The longest way of a seam, or what one is on the whole. */
static uint32_t size_of_seam(const struct flate *f, uint32_t s, bool is_most)
{
    uint32_t ways = f->first_way[s + 1] - f->first_way[s], most = 0, sum = 0;
    for (uint32_t w = 0; w < ways; w++) {
        uint32_t size = f->way[f->first_way[s] + w].size;
        most = size > most ? size : most;
        sum += size;
    }
    return is_most ? most : sum / ways;
}

static uint32_t hash(const uint8_t *at)
{
    uint32_t three = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;
    return three * 2654435761U >> (32 - HASH_BITS);
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static enum sting_status keep_found(struct flate_parse *p, struct found found)
{
    struct found *added = array_add(&p->found, &p->founds, sizeof *added);
    if (!added) {
        return STING_E_NOMEM;
    }
    *added = found;
    return STING_OK;
}

/* How far apart two places are when all ways are of middling size. */
static uint32_t distance_of(const struct flate_parse *p, uint32_t at,
                            uint32_t from)
{
    const uint32_t *run_of = p->flate->run_of;
    return at - from + p->mean[run_of[at]] - p->mean[run_of[from]];
}

/* The matches at place i, each the nearest of its length. None reaches over a
 * seam, and none comes from over one. */
static enum sting_status find_at(struct flate_parse *p, uint32_t i)
{
    const struct flate *f = p->flate;
    const uint8_t *byte = f->fixed.data;
    uint32_t most = smaller(f->run[f->run_of[i]].end - i, FLATE_MOST_MATCH);
    uint32_t longest = FLATE_LEAST_MATCH - 1, kept = 0;
    uint32_t here = p->link[i].place;
    uint32_t least = here > FLATE_WINDOW ? here - FLATE_WINDOW : 0;
    enum sting_status status = STING_OK;
    uint32_t from = p->link[i].before;
    for (int t = 0; t < TRIES && from != NONE && p->link[from].place >= least;
         t++, from = p->link[from].before) {
        if (byte[from + longest] != byte[i + longest]) {
            continue;
        }
        uint32_t room = smaller(most, f->run[f->run_of[from]].end - from);
        uint32_t same = flate_same(byte + from, byte + i, room);
        if (same <= longest) {
            continue;
        }
        longest = same;
        status =
            keep_found(p, (struct found){from, same, distance_of(p, i, from)});
        if (status || longest == most || ++kept == MOST_FOUND) {
            break;
        }
    }
    return status;
}

static enum sting_status find_all(struct flate_parse *p)
{
    const struct flate *f = p->flate;
    enum sting_status status = STING_OK;
    uint32_t size = (uint32_t)f->fixed.size;
    memset(p->head, 0xff, sizeof p->head);
    for (uint32_t i = 0; !status && i < size; i++) {
        p->first[i] = (uint32_t)p->founds;
        p->link[i] = (struct link){NONE, i + p->most[f->run_of[i]]};
        if (i + FLATE_LEAST_MATCH <= f->run[f->run_of[i]].end) {
            uint32_t h = hash(f->fixed.data + i);
            p->link[i].before = p->head[h];
            p->head[h] = i;
            status = find_at(p, i);
        }
    }
    p->first[size] = (uint32_t)p->founds;
    return status;
}

enum sting_status flate_parse_new(const struct flate *flate,
                                  struct flate_parse **out)
{
    struct flate_parse *p STING_AUTO(flate_parse_free) = calloc(1, sizeof *p);
    size_t size = flate->fixed.size + 1, runs = (size_t)flate->seams + 1;
    if (!p) {
        return STING_E_NOMEM;
    }
    p->flate = flate;
    p->link = calloc(size, sizeof *p->link);
    p->first = calloc(size, sizeof *p->first);
    p->most = calloc(runs, sizeof *p->most);
    p->mean = calloc(runs, sizeof *p->mean);
    if (!p->link || !p->first || !p->most || !p->mean) {
        return STING_E_NOMEM;
    }
    for (uint32_t s = 0; s < flate->seams; s++) {
        p->most[s + 1] = p->most[s] + size_of_seam(flate, s, true);
        p->mean[s + 1] = p->mean[s] + size_of_seam(flate, s, false);
    }
    enum sting_status status = find_all(p);
    if (!status) {
        *out = p;
        p = NULL;
    }
    return status;
}

/* The cheapest from place i to the end of its run, what is behind it being
 * known. */
static void choose_at(const struct flate_parse *p, struct flate *f, uint32_t i,
                      const struct flate_block *block)
{
    const uint32_t end = f->run[f->run_of[i]].end;
    uint32_t shortest = FLATE_LEAST_MATCH;
    struct flate_step best = {.length = 1};
    uint32_t least = block->literal_cost[f->fixed.data[i]] +
                     (i + 1 < end ? f->step[i + 1].cost : 0);
    for (uint32_t k = p->first[i]; k < p->first[i + 1]; k++) {
        const struct found *found = &p->found[k];
        uint32_t far =
            block->distance_cost[flate_distance(found->distance).symbol];
        for (uint32_t n = shortest; n <= found->length; n++) {
            uint32_t cost = far + block->length_cost[n] +
                            (i + n < end ? f->step[i + n].cost : 0);
            if (cost < least) {
                least = cost;
                best.from = found->from;
                best.length = (uint16_t)n;
            }
        }
        shortest = found->length + 1;
    }
    best.run = f->run_of[best.from];
    best.cost = least;
    f->step[i] = best;
}

/* Which step each place of a run is on. */
static void note_steps(struct flate *f, const struct flate_run *run)
{
    for (uint32_t at = run->begin; at < run->end;) {
        uint32_t begin = at;
        while (at < begin + f->step[begin].length) {
            f->step[at].into = (uint16_t)(at - begin);
            at++;
        }
    }
}

void flate_parse_steps(const struct flate_parse *parse, struct flate *flate)
{
    for (uint32_t b = 0; b < flate->blocks; b++) {
        const struct flate_block *block = &flate->block[b];
        uint32_t begin = flate->run[block->first].begin;
        for (uint32_t i = flate->run[block->end - 1].end; i-- > begin;) {
            choose_at(parse, flate, i, block);
        }
    }
    for (uint32_t r = 0; r <= flate->seams; r++) {
        note_steps(flate, &flate->run[r]);
    }
}
