/* Numbers that look like the one at a seam: a match may reach over the seam
 * where a variant has the same number at both places. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "pdf/flate_state.h"

#define HASH_BITS 13
#define TRIES 256     /* earlier numbers that are looked at, in each chain */
#define KEPT 8        /* of them */
#define MOST_SIDE 120 /* bytes on each side */
#define MOST_DIGITS 8 /* fixed ones on a side of a seam */
#define SIDES 3       /* chains: by what is before, behind, and both */
#define NONE UINT32_MAX

/* A number: fixed, or at a seam. */
struct number {
    uint32_t at,
        end;         /* of the fixed text: where it begins and what is behind */
    uint32_t run;    /* in which it begins */
    uint32_t behind; /* run in which it ends */
    uint32_t seam;   /* or NONE */
    uint32_t first_name, names; /* of its ways */
};

struct search {
    struct flate *f;
    struct number *number; /* owned */
    size_t numbers;
    uint32_t *name; /* owned */
    uint32_t head[SIDES][1 << HASH_BITS];
    uint32_t *before[SIDES]; /* owned */
};

static void search_free(struct search **search)
{
    struct search *s = *search;
    for (int side = 0; s && side < SIDES; side++) {
        free(s->before[side]);
    }
    if (s) {
        free(s->number);
        free(s->name);
    }
    free(s);
    *search = NULL;
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

static enum sting_status add_number(struct search *s, struct number number)
{
    struct number *new = array_add(&s->number, &s->numbers, sizeof *s->number);
    if (!new) {
        return STING_E_NOMEM;
    }
    *new = number;
    return STING_OK;
}

/* The fixed numbers of a run between those at its seams. */
static enum sting_status add_fixed(struct search *s, uint32_t run)
{
    const struct flate *f = s->f;
    uint32_t at = f->run[run].begin + (run > 0 ? f->digits[run - 1].trail : 0);
    uint32_t end = f->run[run].end;
    enum sting_status status = STING_OK;
    end -= run < f->seams && f->digits[run].lead < end - at
               ? f->digits[run].lead
               : 0U;
    while (!status && at < end) {
        uint32_t begin = at;
        while (at < end && is_of_number(f->fixed.data[at])) {
            at++;
        }
        if (at > begin) {
            status =
                add_number(s, (struct number){begin, at, run, run, NONE, 0, 0});
        }
        at += at < end;
    }
    return status;
}

static enum sting_status list_numbers(struct search *s)
{
    const struct flate *f = s->f;
    enum sting_status status = STING_OK;
    for (uint32_t r = 0; !status && r <= f->seams; r++) {
        status = add_fixed(s, r);
        if (!status && r < f->seams) {
            status = add_number(
                s, (struct number){f->run[r].end - f->digits[r].lead,
                                   f->run[r + 1].begin + f->digits[r].trail, r,
                                   r + 1, r, 0, 0});
        }
    }
    return status;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t hash(const struct flate *f, const struct number *n,
                     uint32_t back, uint32_t fore)
{
    const uint8_t *byte = f->fixed.data;
    uint32_t key = 0;
    for (uint32_t i = 1; i <= back; i++) {
        key = key << 8 |
              (n->at >= f->run[n->run].begin + i ? byte[n->at - i] : 0U);
    }
    for (uint32_t i = 0; i < fore; i++) {
        key = key << 8 |
              (n->end + i < f->run[n->behind].end ? byte[n->end + i] : 0U);
    }
    return key * 2654435761U >> (32 - HASH_BITS);
}

static uint32_t same_before(const struct flate *f, const struct number *a,
                            const struct number *b)
{
    uint32_t most = smaller(
        smaller(a->at - f->run[a->run].begin, b->at - f->run[b->run].begin),
        MOST_SIDE);
    uint32_t same = 0;
    while (same < most &&
           f->fixed.data[a->at - 1 - same] == f->fixed.data[b->at - 1 - same]) {
        same++;
    }
    return same;
}

static uint32_t same_behind(const struct flate *f, const struct number *a,
                            const struct number *b)
{
    uint32_t most = smaller(
        smaller(f->run[a->behind].end - a->end, f->run[b->behind].end - b->end),
        MOST_SIDE);
    return flate_same(f->fixed.data + a->end, f->fixed.data + b->end, most);
}

static uint32_t add_to_name(uint32_t name, const uint8_t *byte, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        name = (name ^ byte[i]) * 16777619U;
    }
    return name;
}

/* A sum of the digits of a number with way w of its seam, or of a fixed one:
 * the FNV hash. That two numbers may share one is no harm. */
static uint32_t name_of(const struct flate *f, const struct number *n,
                        uint32_t w)
{
    const uint8_t *byte = f->fixed.data;
    uint32_t name = 2166136261U;
    if (n->seam == NONE) {
        return add_to_name(name, byte + n->at, n->end - n->at);
    }
    const struct flate_digits *digits = &f->digits[n->seam];
    name = add_to_name(name, byte + n->at, digits->lead);
    name = add_to_name(name, f->bytes.data + f->way[w].begin, f->way[w].size);
    return add_to_name(name, byte + n->end - digits->trail, digits->trail);
}

static enum sting_status name_all(struct search *s)
{
    const struct flate *f = s->f;
    s->name = calloc(f->first_way[f->seams] + s->numbers + 1, sizeof *s->name);
    if (!s->name) {
        return STING_E_NOMEM;
    }
    uint32_t names = 0;
    for (uint32_t n = 0; n < s->numbers; n++) {
        struct number *number = &s->number[n];
        uint32_t ways = number->seam == NONE ? 1
                                             : f->first_way[number->seam + 1] -
                                                   f->first_way[number->seam];
        number->first_name = names;
        number->names = ways;
        for (uint32_t w = 0; w < ways; w++) {
            s->name[names++] = name_of(
                f, number,
                number->seam == NONE ? 0 : f->first_way[number->seam] + w);
        }
    }
    return STING_OK;
}

/* Of all pairs of ways of two numbers, how many are the same, in 256ths. */
static uint32_t alike(const struct search *s, const struct number *a,
                      const struct number *b)
{
    uint32_t same = 0;
    for (uint32_t i = 0; i < a->names; i++) {
        for (uint32_t k = 0; k < b->names; k++) {
            same += s->name[a->first_name + i] == s->name[b->first_name + k];
        }
    }
    return 256 * same / (a->names * b->names);
}

struct candidate {
    struct flate_like like;
    uint32_t number, worth;
};

/* Put it among the best, best first; of equals the nearer, which came first. */
static void keep(struct candidate *best, uint32_t *kept, struct candidate new)
{
    uint32_t at = *kept;
    while (at > 0 && best[at - 1].worth < new.worth) {
        at--;
    }
    if (at == KEPT) {
        return;
    }
    *kept += *kept < KEPT;
    memmove(best + at + 1, best + at, (*kept - 1 - at) * sizeof *best);
    best[at] = new;
}

static bool is_kept(const struct candidate *best, uint32_t kept, uint32_t n)
{
    for (uint32_t k = 0; k < kept; k++) {
        if (best[k].number == n) {
            return true;
        }
    }
    return false;
}

static uint32_t find_like(const struct search *s, const uint32_t *before,
                          uint32_t n, struct candidate *best, uint32_t kept)
{
    const struct number *here = &s->number[n];
    uint32_t other = before[n];
    for (int t = 0; t < TRIES && other != NONE; t++, other = before[other]) {
        const struct number *there = &s->number[other];
        if (here->at - there->at > FLATE_WINDOW) {
            break;
        }
        if (is_kept(best, kept, other)) {
            continue;
        }
        uint32_t back = same_before(s->f, here, there);
        uint32_t same = back + same_behind(s->f, here, there) + 2;
        if (kept == KEPT && same * 256 <= best[KEPT - 1].worth) {
            continue;
        }
        uint32_t worth = same * alike(s, here, there);
        if (worth > 0) {
            keep(best, &kept,
                 (struct candidate){
                     {there->at, there->run, back}, other, worth});
        }
    }
    return kept;
}

static uint32_t look_back(struct search *s, uint32_t n, struct candidate *best)
{
    static const uint32_t back[SIDES] = {3, 0, 1}, fore[SIDES] = {0, 3, 1};
    uint32_t kept = 0;
    for (int side = 0; side < SIDES; side++) {
        uint32_t h = hash(s->f, &s->number[n], back[side], fore[side]);
        s->before[side][n] = s->head[side][h];
        s->head[side][h] = n;
        if (s->number[n].seam != NONE) {
            kept = find_like(s, s->before[side], n, best, kept);
        }
    }
    return kept;
}

static enum sting_status search_new(struct flate *f, struct search **out)
{
    struct search *s STING_AUTO(search_free) = calloc(1, sizeof *s);
    if (!s) {
        return STING_E_NOMEM;
    }
    s->f = f;
    enum sting_status status = list_numbers(s);
    if (!status) {
        status = name_all(s);
    }
    for (int side = 0; !status && side < SIDES; side++) {
        memset(s->head[side], 0xff, sizeof s->head[side]);
        s->before[side] = calloc(s->numbers + 1, sizeof *s->before[side]);
        status = s->before[side] ? STING_OK : STING_E_NOMEM;
    }
    if (!status) {
        *out = s;
        s = NULL;
    }
    return status;
}

enum sting_status flate_like_find(struct flate *f)
{
    struct search *s STING_AUTO(search_free) = NULL;
    uint32_t likes = 0;
    set_digits(f);
    enum sting_status status = search_new(f, &s);
    f->like = calloc((size_t)f->seams * KEPT + 1, sizeof *f->like);
    f->first_like = calloc((size_t)f->seams + 1, sizeof *f->first_like);
    if (status || !f->like || !f->first_like) {
        return STING_E_NOMEM;
    }
    for (uint32_t n = 0; n < s->numbers; n++) {
        struct candidate best[KEPT + 1];
        uint32_t kept = look_back(s, n, best);
        if (s->number[n].seam != NONE) {
            f->first_like[s->number[n].seam] = likes;
        }
        for (uint32_t k = 0; k < kept; k++) {
            f->like[likes++] = best[k].like;
        }
    }
    f->first_like[f->seams] = likes;
    return STING_OK;
}
