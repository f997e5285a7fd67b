#include "detect/tamper_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EDGE_PART 8   /* of the height, above and below: clocks tick there */
#define FOLLOWS 16    /* looks that the usual is made of */
#define KNOWN_LOOKS 8 /* before that no noise is compared */
#define FIRST_LOOKS 6 /* what repeats in these repeats by itself */
#define JUMP 1.5F     /* times the usual tremble: another light, or somebody */
#define MORE_ALIKE 0.3F /* than usual: no chance of a thousand places */
#define MOST_ALIKE 0.95F
#define LEAST_SHAKE 1e-3F /* grey levels; a mask has none */
#define FEWEST_PLACES 192 /* 0.8 of so many agree by chance in no year */

enum sting_status prints_init(struct prints *out)
{
    struct prints p = {.alike = 0.5F};
    p.ring = calloc(PRINT_RING, sizeof *p.ring);
    if (!p.ring) {
        return STING_E_NOMEM;
    }
    *out = p;
    return STING_OK;
}

void prints_release(struct prints *prints)
{
    free(prints->ring);
    *prints = (struct prints){0};
}

static uint64_t word_mix(uint64_t sum, const uint8_t *eight)
{
    uint64_t word;
    memcpy(&word, eight, sizeof word);
    sum = (sum ^ word) * 0x100000001b3U;
    return sum ^ sum >> 29;
}

/* FNV (Fowler, Noll, Vo 1991) over words of eight pixels, four sums at once:
 * not against who makes pictures to collide, but against chance. */
static uint64_t whole_of(const struct plane *picture)
{
    uint64_t sum[4] = {0xcbf29ce484222325U, 1, 2, 3};
    for (int y = 0; y < picture->height_px; y++) {
        const uint8_t *row = plane_row(picture, y);
        int x = 0;
        for (; x + 32 <= picture->width_px; x += 32) {
            for (int i = 0; i < 4; i++) {
                sum[i] = word_mix(sum[i], row + x + (ptrdiff_t)8 * i);
            }
        }
        for (; x + 8 <= picture->width_px; x += 8) {
            sum[0] = word_mix(sum[0], row + x);
        }
    }
    for (int i = 1; i < 4; i++) {
        sum[0] = word_mix(sum[0], (const uint8_t *)&sum[i]);
    }
    return sum[0];
}

/* Nothing but one grey, as of a shut lens or of no light: it is like any other
 * such picture, and does not say that it is held or was played before. */
static bool is_blank(const struct plane *picture)
{
    const uint8_t *first = plane_row(picture, 0);
    size_t width = (size_t)picture->width_px;
    for (size_t x = 1; x < width; x++) {
        if (first[x] != first[0]) {
            return false;
        }
    }
    for (int y = 1; y < picture->height_px; y++) {
        if (memcmp(plane_row(picture, y), first, width) != 0) {
            return false;
        }
    }
    return true;
}

/* The difference of two near pixels: noise, and a trace of the scene. */
static float difference_at(const struct plane *picture, int place)
{
    uint64_t z = ((uint64_t)place + 1) * 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 31)) * 0xbf58476d1ce4e5b9U;
    int edge = picture->height_px / EDGE_PART;
    int high = picture->height_px - 2 * edge, wide = picture->width_px - 2;
    int x = (int)((z >> 32) % (uint64_t)wide);
    int y = edge + (int)((z & 0xffffffffU) % (uint64_t)high);
    const uint8_t *row = plane_row(picture, y);
    return (float)row[x + 2] - (float)row[x];
}

static void usual_follow(struct prints *p, const float *now)
{
    int most = p->looks + 1 < FOLLOWS ? p->looks + 1 : FOLLOWS;
    float rate = 1 / (float)most;
    for (int i = 0; i < PRINT_PLACES; i++) {
        p->usual[i] += rate * (now[i] - p->usual[i]);
    }
    p->looks++;
}

static float tremble_of(const struct prints *p, const float *now)
{
    float sum = 0;
    for (int i = 0; i < PRINT_PLACES; i++) {
        sum += fabsf(now[i] - p->usual[i]);
    }
    return sum / PRINT_PLACES;
}

static void bits_take(struct prints *p, const struct plane *picture,
                      struct print *out)
{
    float now[PRINT_PLACES];
    for (int i = 0; i < PRINT_PLACES; i++) {
        now[i] = difference_at(picture, i);
    }
    float tremble = tremble_of(p, now);
    if (p->looks >= KNOWN_LOOKS && tremble > JUMP * p->tremble + 0.1F) {
        p->looks = 0;
    }
    out->has_bits = p->looks >= KNOWN_LOOKS;
    for (int i = 0; i < PRINT_PLACES; i++) {
        uint64_t is_above = now[i] > p->usual[i];
        uint64_t shakes = fabsf(now[i] - p->usual[i]) > LEAST_SHAKE;
        out->bits[i / 64] |= is_above << (i % 64);
        out->shakes[i / 64] |= shakes << (i % 64);
    }
    if (p->looks > 1) {
        p->tremble += (tremble - p->tremble) / (float)FOLLOWS *
                      (p->looks < KNOWN_LOOKS ? 4.0F : 1.0F);
    }
    usual_follow(p, now);
}

/* The share of places that agree, of those with noise in both; half where they
 * are too few to say. */
static float alike(const struct print *a, const struct print *b)
{
    int same = 0, both = 0;
    for (int i = 0; i < PRINT_WORDS; i++) {
        uint64_t shake = a->shakes[i] & b->shakes[i];
        both += __builtin_popcountll(shake);
        same += __builtin_popcountll(shake & ~(a->bits[i] ^ b->bits[i]));
    }
    return both < FEWEST_PLACES ? 0.5F : (float)same / (float)both;
}

static const struct print *print_back(const struct prints *p, int lag)
{
    return &p->ring[(p->count - lag) % PRINT_RING];
}

static bool is_same(const struct prints *p, const struct print *now, int lag)
{
    const struct print *then = print_back(p, lag);
    if (then->whole == now->whole) {
        return true;
    }
    float bound = p->alike + MORE_ALIKE;
    return now->has_bits && then->has_bits && bound < MOST_ALIKE &&
           alike(then, now) > bound;
}

/* Where the same was: as far back as at the last look, else anywhere. */
static int lag_find(const struct prints *p, const struct print *now)
{
    int most = p->count < PRINT_RING ? p->count : PRINT_RING - 1;
    if (p->lag > 0 && p->lag <= most && is_same(p, now, p->lag)) {
        return p->lag;
    }
    for (int lag = 1; lag <= most; lag++) {
        if (is_same(p, now, lag)) {
            return lag;
        }
    }
    return 0;
}

void prints_look(struct prints *prints, const struct plane *picture)
{
    struct prints *p = prints;
    struct print now = {.whole = whole_of(picture)};
    bits_take(p, picture, &now);
    p->is_blank = is_blank(picture);
    int lag = p->count > 0 && !p->repeats ? lag_find(p, &now) : 0;
    if (lag > 0 && p->count < FIRST_LOOKS && !p->is_blank) {
        p->repeats = true;
        lag = 0;
    }
    p->run = lag == 0 ? 0 : lag == p->lag ? p->run + 1 : 1;
    if (lag == 0 && now.has_bits && print_back(p, 1)->has_bits) {
        p->alike += 0.1F * (alike(print_back(p, 1), &now) - p->alike);
    }
    p->lag = lag;
    p->ring[p->count++ % PRINT_RING] = now;
}
