#include "pdf/flate_learn.h"

#include <stdlib.h>
#include <string.h>

#include "pdf/flate_cost.h"
#include "pdf/flate_net.h"

#define PASSES 3    /* of choosing by what the last choice cost */
#define VARIANTS 2  /* looked at in a pass */
#define WEIGHT 32   /* of a symbol that a variant has */
#define SEARCHED 64 /* variants of which a net is made */
#define FOLLOWED 8  /* looked at in a pass along it */

struct learner {
    struct flate *flate;
    struct flate_counts *counts; /* owned: by block */
    uint8_t *way;                /* owned: by seam, of the variant at hand */
    uint32_t state;              /* of what draws variants */
};

static void learner_release(struct learner *learner)
{
    free(learner->counts);
    free(learner->way);
}

static enum sting_status learner_init(struct learner *learner)
{
    struct flate *f = learner->flate;
    learner->counts = calloc(f->blocks, sizeof *learner->counts);
    learner->way = calloc((size_t)f->seams + 1, 1);
    learner->state = 1;
    for (uint32_t b = 0; b < f->blocks; b++) {
        flate_cost_guess(&f->block[b]);
    }
    return learner->counts && learner->way ? STING_OK : STING_E_NOMEM;
}

/* Every symbol that any variant may have is there. */
static void begin_block(const struct flate *f, const struct flate_block *block,
                        struct flate_counts *counts)
{
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

static void begin_counts(struct learner *learner)
{
    const struct flate *f = learner->flate;
    for (uint32_t b = 0; b < f->blocks; b++) {
        begin_block(f, &f->block[b], &learner->counts[b]);
    }
}

/* The same, of literals alone. */
static void begin_literals(struct learner *learner)
{
    begin_counts(learner);
    for (uint32_t b = 0; b < learner->flate->blocks; b++) {
        struct flate_counts *counts = &learner->counts[b];
        memset(counts->literal + FLATE_END, 0,
               (FLATE_LITERALS - FLATE_END) * sizeof *counts->literal);
        memset(counts->distance, 0, sizeof counts->distance);
    }
}

/* Those of the variant at hand. */
static void count_symbols(struct learner *learner)
{
    const struct flate *f = learner->flate;
    struct flate_counts *c = learner->counts;
    for (size_t i = 0; i < f->symbols; i++) {
        const struct flate_symbol *s = &f->symbol[i];
        if (s->is_end) {
            c->literal[FLATE_END] += WEIGHT;
            c++;
        } else if (s->is_match) {
            c->literal[flate_length(s->value).symbol] += WEIGHT;
            c->distance[flate_distance(s->distance + 1U).symbol] += WEIGHT;
        } else {
            c->literal[s->value] += WEIGHT;
        }
    }
}

/* Any sequence will do that is the same each time. */
static void draw_ways(struct learner *learner)
{
    const struct flate *f = learner->flate;
    for (uint32_t s = 0; s < f->seams; s++) {
        learner->state = learner->state * 1664525 + 1013904223;
        learner->way[s] = (uint8_t)((learner->state >> 16) %
                                    (f->first_way[s + 1] - f->first_way[s]));
    }
}

/* Variants made as they will be later: by steps and leaps, or by the net. */
static enum sting_status count_made(struct learner *learner, int variants)
{
    enum sting_status status = STING_OK;
    for (int v = 0; !status && v < variants; v++) {
        draw_ways(learner);
        status = flate_variant(learner->flate, learner->way);
        if (!status) {
            count_symbols(learner);
        }
    }
    return status;
}

/* Variants searched one by one: for costs, or for what is worth keeping. */
static enum sting_status count_searched(struct learner *learner, int variants,
                                        bool keeps)
{
    enum sting_status status = STING_OK;
    for (int v = 0; !status && v < variants; v++) {
        draw_ways(learner);
        status = flate_variant_text(learner->flate, learner->way);
        if (!status) {
            status = flate_search(learner->flate, keeps);
        }
        if (!status) {
            count_symbols(learner);
        }
    }
    return status;
}

static void learn_costs(struct learner *learner)
{
    struct flate *f = learner->flate;
    for (uint32_t b = 0; b < f->blocks; b++) {
        flate_cost_learn(&f->block[b], &learner->counts[b]);
    }
}

static void make_codes(struct learner *learner)
{
    struct flate *f = learner->flate;
    for (uint32_t b = 0; b < f->blocks; b++) {
        flate_codes_make(&learner->counts[b], &f->block[b].codes);
    }
}

static void make_heads(struct flate *f)
{
    for (uint32_t b = 0; b < f->blocks; b++) {
        struct flate_block *block = &f->block[b];
        block->head_bits =
            flate_codes_head(&block->codes, b + 1 == f->blocks, block->head);
    }
}

enum sting_status flate_learn_steps(struct flate *flate)
{
    struct flate_parse *parse STING_AUTO(flate_parse_free) = NULL;
    struct learner learner STING_AUTO(learner_release) = {.flate = flate};
    enum sting_status status = learner_init(&learner);
    if (!status) {
        status = flate_parse_new(flate, &parse);
    }
    for (int i = 0; !status && i < PASSES; i++) {
        flate_parse_steps(parse, flate);
        begin_counts(&learner);
        status = count_made(&learner, VARIANTS);
        learn_costs(&learner);
    }
    if (!status) {
        make_codes(&learner);
        make_heads(flate);
    }
    return status;
}

/* What is chosen where every match is looked at, kept in the net. */
static enum sting_status weave(struct learner *learner)
{
    enum sting_status status = STING_OK;
    for (int i = 0; !status && i <= PASSES; i++) {
        bool keeps = i == PASSES;
        begin_counts(learner);
        status = count_searched(learner, keeps ? SEARCHED : VARIANTS, keeps);
        learn_costs(learner);
    }
    return status ? status : flate_net_weave(learner->flate);
}

enum sting_status flate_learn_net(struct flate *flate)
{
    struct learner learner STING_AUTO(learner_release) = {.flate = flate};
    enum sting_status status = learner_init(&learner);
    if (!status) {
        status = weave(&learner);
    }
    for (int i = 0; !status && i < PASSES; i++) {
        begin_literals(&learner);
        status = count_made(&learner, FOLLOWED);
        make_codes(&learner);
        for (uint32_t b = 0; b < flate->blocks; b++) {
            flate_cost_take(&flate->block[b]);
        }
    }
    if (!status) {
        make_heads(flate);
    }
    return status;
}
