/* One variant of a text as literals and matches. Between seams it goes by the
 * steps that were chosen for all; over a seam a match leaps where what follows
 * is the same as at a number that looks like it. */
#include <stdlib.h>
#include <string.h>

#include "pdf/flate_net.h"

static uint32_t match_cost(const struct flate_block *block, uint32_t length,
                           uint32_t distance)
{
    return block->length_cost[length] +
           block->distance_cost[flate_distance(distance).symbol];
}

static uint32_t cost_from(const struct flate *f, uint32_t run, uint32_t at)
{
    return at < f->run[run].end ? f->step[at].cost : 0;
}

/* Where runs end in the variant. */
static uint32_t end_of(const struct flate *f, uint32_t run)
{
    return f->run[run].end + f->before[run];
}

static uint32_t literals_cost(const struct flate *f,
                              const struct flate_block *block, uint32_t begin,
                              uint32_t end)
{
    uint32_t cost = 0;
    for (uint32_t i = begin; i < end; i++) {
        cost += block->literal_cost[f->text.data[i]];
    }
    return cost;
}

/* A match from before the number at seam s over the seam, if there is one. */
static struct flate_leap leap_over(const struct flate *f, uint32_t s,
                                   const struct flate_like *like)
{
    uint32_t number = end_of(f, s) - f->digits[s].lead;
    uint32_t there = like->at + f->before[like->run];
    uint32_t room = (uint32_t)f->text.size - number;
    uint32_t most = FLATE_MOST_MATCH - like->back;
    uint32_t same = flate_same(f->text.data + number, f->text.data + there,
                               room < most ? room : most);
    struct flate_leap leap = {.begin = number - like->back,
                              .end = number + same,
                              .distance = number - there};
    if (leap.end <= end_of(f, s) || leap.distance > FLATE_WINDOW ||
        leap.end - leap.begin < FLATE_LEAST_MATCH) {
        leap.distance = 0;
        return leap;
    }
    leap.run = s + 1;
    while (leap.run < f->seams && leap.end > end_of(f, leap.run)) {
        leap.run++;
    }
    return leap;
}

/* From the end of a leap on. */
static int64_t cost_behind(const struct flate *f,
                           const struct flate_block *block,
                           const struct flate_leap *leap)
{
    uint32_t begin = flate_begin(f, leap->run);
    if (leap->end < begin) {
        return (int64_t)literals_cost(f, block, leap->end, begin) +
               f->total[leap->run];
    }
    return (int64_t)f->total[leap->run] +
           cost_from(f, leap->run, leap->end - f->before[leap->run]) -
           cost_from(f, leap->run, f->run[leap->run].begin);
}

/* Steps of a run from `at` on, places of the fixed text, as far as `end`. */
struct stretch {
    int64_t cost;
    uint32_t last; /* where the last step begins that goes on to the end */
};

static struct stretch stretch_to(const struct flate *f,
                                 const struct flate_block *block, uint32_t s,
                                 uint32_t at, uint32_t end)
{
    uint32_t begin = at, last = at, before = f->before[s];
    while (at < end) {
        /* Where steps from the run's begin come by, they are known. */
        last = f->step[at].into ? at : end - 1 - f->step[end - 1].into;
        at = last + f->step[last].length;
    }
    if (at == end) {
        return (struct stretch){
            (int64_t)cost_from(f, s, begin) - cost_from(f, s, end), end};
    }
    uint32_t cut = literals_cost(f, block, last + before, end + before);
    uint32_t match = f->step[last].cost - cost_from(f, s, at);
    return (struct stretch){
        (int64_t)cost_from(f, s, begin) - f->step[last].cost +
            (end - last >= FLATE_LEAST_MATCH && match < cut ? match : cut),
        last};
}

/* The leap, or one that begins where the next step would, the steps before
 * being from `at` on. */
static int64_t cost_of_leap(const struct flate *f,
                            const struct flate_block *block, uint32_t s,
                            uint32_t at, struct flate_leap *leap)
{
    uint32_t before = f->before[s];
    struct stretch way =
        stretch_to(f, block, s, at - before, leap->begin - before);
    int64_t cost =
        way.cost + match_cost(block, leap->end - leap->begin, leap->distance);
    if (way.last + before < leap->begin) {
        uint32_t next = way.last + f->step[way.last].length;
        if (leap->end >= next + before + FLATE_LEAST_MATCH) {
            int64_t other =
                (int64_t)cost_from(f, s, at - before) - cost_from(f, s, next) +
                match_cost(block, leap->end - next - before, leap->distance);
            leap->begin = other < cost ? next + before : leap->begin;
            cost = other < cost ? other : cost;
        }
    }
    return cost + cost_behind(f, block, leap);
}

/* The cheapest from `at` in run s on, what is behind the run being known. */
static int64_t choose_leap(struct flate *f, uint32_t s, uint32_t at,
                           const struct flate_block *block)
{
    int64_t least =
        (int64_t)cost_from(f, s, at - f->before[s]) +
        literals_cost(f, block, end_of(f, s), flate_begin(f, s + 1)) +
        f->total[s + 1];
    struct flate_leap best = {0};
    for (uint32_t k = f->first_like[s]; k < f->first_like[s + 1]; k++) {
        struct flate_leap leap = leap_over(f, s, &f->like[k]);
        leap.begin = leap.begin < at ? at : leap.begin;
        if (leap.distance == 0 || leap.end < leap.begin + FLATE_LEAST_MATCH) {
            continue;
        }
        int64_t cost = cost_of_leap(f, block, s, at, &leap);
        if (cost < least) {
            least = cost;
            best = leap;
        }
    }
    f->leap[s] = best;
    return least;
}

static void choose_all(struct flate *f)
{
    f->total[f->seams] = cost_from(f, f->seams, f->run[f->seams].begin);
    for (uint32_t b = f->blocks; b-- > 0;) {
        const struct flate_block *block = &f->block[b];
        for (uint32_t s = block->end; s-- > block->first;) {
            if (s < f->seams) {
                int64_t cost = choose_leap(f, s, flate_begin(f, s), block);
                f->total[s] = cost > 0 ? (uint32_t)cost : 0;
            }
        }
    }
}

static void add_match(struct flate *f, uint32_t length, uint32_t distance)
{
    f->symbol[f->symbols++] =
        (struct flate_symbol){.value = (uint16_t)length,
                              .distance = (uint16_t)(distance - 1),
                              .is_match = true};
}

static void add_literals(struct flate *f, uint32_t begin, uint32_t end)
{
    for (uint32_t i = begin; i < end; i++) {
        f->symbol[f->symbols++] =
            (struct flate_symbol){.value = f->text.data[i]};
    }
}

/* The steps of a run from `at` to `end`, places in the variant; the last one
 * cut short. */
static void walk(struct flate *f, uint32_t run, uint32_t at, uint32_t end)
{
    uint32_t before = f->before[run];
    while (at < end) {
        const struct flate_step *step = &f->step[at - before];
        uint32_t left = end - at;
        uint32_t length = step->length < left ? step->length : left;
        if (length < FLATE_LEAST_MATCH) {
            add_literals(f, at, at + length);
        } else {
            add_match(f, length, at - step->from - f->before[step->run]);
        }
        at += length;
    }
}

static enum sting_status make_text(struct flate *f, const uint8_t *way)
{
    f->before[0] = 0;
    for (uint32_t s = 0; s < f->seams; s++) {
        f->taken[s] = &f->way[f->first_way[s] + way[s]];
        f->before[s + 1] = f->before[s] + f->taken[s]->size;
    }
    f->text.size = 0;
    enum sting_status status =
        buffer_reserve(&f->text, f->fixed.size + f->before[f->seams]);
    if (status) {
        return status;
    }
    uint8_t *to = f->text.data;
    for (uint32_t s = 0; s <= f->seams; s++) {
        size_t size = f->run[s].end - f->run[s].begin;
        memcpy(to, f->fixed.data + f->run[s].begin, size);
        to += size;
        if (s < f->seams) {
            memcpy(to, f->bytes.data + f->taken[s]->begin, f->taken[s]->size);
            to += f->taken[s]->size;
        }
    }
    f->text.size = (size_t)(to - f->text.data);
    return STING_OK;
}

/* Symbols of seam s, what is before `at` having been written; gives where it
 * went on, in run *next. */
static uint32_t cross(struct flate *f, const struct flate_block *block,
                      uint32_t s, uint32_t at, uint32_t *next)
{
    if (at > flate_begin(f, s)) {
        (void)choose_leap(f, s, at, block);
    }
    const struct flate_leap *leap = &f->leap[s];
    *next = s + 1;
    if (leap->distance > 0) {
        walk(f, s, at, leap->begin);
        add_match(f, leap->end - leap->begin, leap->distance);
        *next = leap->run;
        at = leap->end;
    } else {
        walk(f, s, at, end_of(f, s));
        at = end_of(f, s);
    }
    uint32_t begin = flate_begin(f, *next);
    if (at < begin) {
        add_literals(f, at, begin);
    }
    return at < begin ? begin : at;
}

/* No variant has more symbols than bytes and blocks. */
static enum sting_status make_room(struct flate *f)
{
    size_t most = f->text.size + f->blocks;
    if (most <= f->symbols_room) {
        return STING_OK;
    }
    free(f->symbol);
    f->symbols_room = 0;
    f->symbol = calloc(most, sizeof *f->symbol);
    if (!f->symbol) {
        return STING_E_NOMEM;
    }
    f->symbols_room = most;
    return STING_OK;
}

enum sting_status flate_variant_text(struct flate *flate, const uint8_t *way)
{
    enum sting_status status = make_text(flate, way);
    return status ? status : make_room(flate);
}

static void leap_all(struct flate *f)
{
    uint32_t run = 0, at = 0, block = 0;
    choose_all(f);
    f->symbols = 0;
    while (run < f->seams) {
        at = cross(f, &f->block[block], run, at, &run);
        while (block + 1 < f->blocks && run >= f->block[block].end) {
            f->symbol[f->symbols++] = (struct flate_symbol){.is_end = true};
            block++;
        }
    }
    walk(f, run, at, end_of(f, run));
    f->symbol[f->symbols++] = (struct flate_symbol){.is_end = true};
}

enum sting_status flate_variant(struct flate *flate, const uint8_t *way)
{
    enum sting_status status = flate_variant_text(flate, way);
    if (status) {
        return status;
    }
    if (flate->net) {
        flate_net_follow(flate);
    } else {
        leap_all(flate);
    }
    return STING_OK;
}
