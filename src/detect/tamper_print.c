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
#define BY_CHANCE 0.5F
#define LEAST_TOGETHER -0.15F /* of the four quarters' least, by chance */
#define MOST_STEP 0.01F       /* that a look may move the usual of either */
#define MORE_TOGETHER 0.3F    /* than usual: 4 deviations, in each quarter */
#define CLIP 1.5F /* times the usual tremble: an edge is one place */
#define FIRST_PAIRS 4
#define QUARTERS 4
#define FEWEST_QUARTERS 3
#define QUARTER_PLACES 48
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

struct place {
    int x, y;
};

static struct place place_of(const struct plane *picture, int number)
{
    uint64_t z = ((uint64_t)number + 1) * 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 31)) * 0xbf58476d1ce4e5b9U;
    int edge = picture->height_px / EDGE_PART;
    int high = picture->height_px - 2 * edge, wide = picture->width_px - 2;
    return (struct place){(int)((z >> 32) % (uint64_t)wide),
                          edge + (int)((z & 0xffffffffU) % (uint64_t)high)};
}

/* The difference of two near pixels: noise, and a trace of the scene. */
static float difference_at(const struct plane *picture, int number)
{
    struct place at = place_of(picture, number);
    const uint8_t *row = plane_row(picture, at.y);
    return (float)row[at.x + 2] - (float)row[at.x];
}

static int quarter_at(const struct plane *picture, int number)
{
    struct place at = place_of(picture, number);
    return 2 * (2 * at.y >= picture->height_px) +
           (2 * at.x >= picture->width_px);
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

static float clipped(float value, float most)
{
    return fmaxf(-most, fminf(value, most));
}

struct sums {
    float both, here, there;
    int places;
};

/* The least of the quarters in which there is noise enough; 0: of too few. */
static float least_of(const struct sums quarter[QUARTERS])
{
    float least = 1;
    int known = 0;
    for (int i = 0; i < QUARTERS; i++) {
        const struct sums *q = &quarter[i];
        if (q->places >= QUARTER_PLACES && q->here > 0 && q->there > 0) {
            least = fminf(least, q->both / sqrtf(q->here * q->there));
            known++;
        }
    }
    return known >= FEWEST_QUARTERS ? least : 0;
}

/* How much goes together what this look and the last one are off the usual: 0
 * of noise, much of a picture that is held, however it is coded. Only where
 * little is drawn, so that other light or a view that creeps changes nothing;
 * in each quarter, as who stands there, or what was put down, is not in all. */
static float together_of(const struct prints *p, const struct plane *picture,
                         const float *off, const uint64_t *shaking)
{
    struct sums quarter[QUARTERS] = {{.places = 0}};
    float drawn = 0, most = CLIP * p->tremble;
    for (int i = 0; i < PRINT_PLACES; i++) {
        drawn += fabsf(p->usual[i]) / PRINT_PLACES;
    }
    for (int i = 0; i < PRINT_PLACES; i++) {
        bool shakes = shaking[i / 64] >> (i % 64) & 1;
        if (shakes && fabsf(p->usual[i]) <= drawn) {
            struct sums *q = &quarter[quarter_at(picture, i)];
            float a = clipped(off[i], most), b = clipped(p->off[i], most);
            q->both += a * b;
            q->here += a * a;
            q->there += b * b;
            q->places++;
        }
    }
    return least_of(quarter);
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
        p->pairs = 0;
    }
    out->has_bits = p->looks >= KNOWN_LOOKS;
    float off[PRINT_PLACES];
    for (int i = 0; i < PRINT_PLACES; i++) {
        off[i] = now[i] - p->usual[i];
        uint64_t shakes = fabsf(off[i]) > LEAST_SHAKE && now[i] != p->last[i];
        out->bits[i / 64] |= (uint64_t)(off[i] > 0) << (i % 64);
        out->shakes[i / 64] |= shakes << (i % 64);
    }
    out->together = together_of(p, picture, off, out->shakes);
    memcpy(p->off, off, sizeof off);
    memcpy(p->last, now, sizeof now);
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
    if (!now->has_bits || !then->has_bits) {
        return false;
    }
    /* Coded, noise may go against that of the look before; none goes so
     * against that of every look. */
    float bound = fmaxf(p->alike, BY_CHANCE) + MORE_ALIKE;
    float noise = fmaxf(p->together, LEAST_TOGETHER) + MORE_TOGETHER;
    return (bound < MOST_ALIKE && alike(then, now) > bound) ||
           (lag == 1 && p->pairs >= FIRST_PAIRS && noise < MOST_ALIKE &&
            now->together > noise);
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

/* A picture that is held must not soon be what is usual. */
static void usual_move(float *usual, float now)
{
    *usual += clipped(0.1F * (now - *usual), MOST_STEP);
}

/* Two looks in a row whose noise is known. A camera that smooths in time lets
 * it go together always: the first pairs say how much, and no more. */
static void pair_learn(struct prints *p, const struct print *now)
{
    usual_move(&p->alike, alike(print_back(p, 1), now));
    if (p->pairs < FIRST_PAIRS) {
        p->pairs++;
        p->together += (now->together - p->together) / (float)p->pairs;
    } else {
        usual_move(&p->together, now->together);
    }
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
    bool is_equal = lag > 0 && print_back(p, lag)->whole == now.whole;
    p->strays |= p->sure == 1 && lag != p->lag;
    p->sure = !is_equal ? 0 : lag == p->lag ? p->sure + 1 : 1;
    p->run = lag == 0 ? 0 : lag == p->lag ? p->run + 1 : 1;
    if (lag == 0 && now.has_bits && print_back(p, 1)->has_bits) {
        pair_learn(p, &now);
    }
    p->lag = lag;
    p->ring[p->count++ % PRINT_RING] = now;
}
