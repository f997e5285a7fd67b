#include "detect/tamper_blur.h"

#include <math.h>

#define TELLS 4.0F /* times the noise: of a tile by itself */
#define BROAD_TELLS 3.0F
#define FEWEST_TILES 6
#define SEEN_PART 0.5F
#define MOST 0.7F
#define BLUR 0.45F        /* of the fine structure, beside the broad */
#define ALL_BLUR 0.35     /* the same of all tiles */
#define LEAST_GAIN 0.55   /* of the broad one: the light is about as it was */
#define SPREAD 2.5        /* noise of neighbours goes together */
#define MOST_SIGMA 0.08   /* of what is left of all the fine structure, */
#define PART_SIGMA 0.16   /* of a quarter's */
#define FEWEST_PARTS 2    /* quarters that say something */
#define STEADY_PART 0.005 /* of the noise stays in what is known */

/* The finest scale that would be seen in this light, beside the broad one. */
static void tile_count(struct blur *b, const struct tile tile[VIEW_SCALES],
                       double gain)
{
    for (int i = 0; i < VIEW_SCALES - 1; i++) {
        const struct tile expected = {.known = gain * gain * tile[i].known,
                                      .floor = tile[i].floor};
        if (tile_tells(&expected, TELLS)) {
            b->tiles++;
            b->blurred += tile[i].both / tile[i].known < (double)BLUR * gain;
            return;
        }
    }
}

void blur_add(struct blur *blur, const struct tile tile[VIEW_SCALES],
              int quarter)
{
    struct blur *b = blur;
    const struct tile *broad = &tile[VIEW_SCALES - 1], *fine = &tile[0];
    bool is_telling = tile_tells(broad, BROAD_TELLS);
    b->telling += is_telling && quarter >= 0;
    if (!is_telling || tile_same(broad) < (double)TILE_OWN) {
        return;
    }
    if (tile_tells(broad, TELLS)) {
        tile_count(b, tile, broad->both / broad->known);
    }
    if (quarter < 0) {
        return;
    }
    b->places++;
    b->broad_known += broad->known;
    b->broad_both += broad->both;
    struct blur_sum *sum = &b->quarter[quarter];
    sum->known += fine->known;
    sum->both += fine->both;
    sum->floor += fine->floor;
    sum->tiles++;
}

static void sum_add(struct blur_sum *to, const struct blur_sum *more)
{
    to->known += more->known;
    to->both += more->both;
    to->floor += more->floor;
    to->tiles += more->tiles;
}

/* How much is left of it, noise apart; *sigma: how sure that is. */
static double left_of(const struct blur_sum *s, int looks, double *sigma)
{
    double stays = fmax(STEADY_PART, 1.0 / looks);
    double known = s->known - stays * s->floor;
    *sigma = 1;
    if (known <= 0) {
        return 1;
    }
    *sigma = SPREAD * sqrt(s->floor / (s->tiles * TILE * TILE) / known);
    return s->both / known;
}

/* Everywhere, of all that is known of it. */
static bool is_all_gone(const struct blur *b, int looks)
{
    double gain = b->broad_both / b->broad_known, sigma;
    struct blur_sum all = {.tiles = 0};
    int says = 0, gone = 0;
    for (int i = 0; i < BLUR_QUARTERS; i++) {
        double left = left_of(&b->quarter[i], looks, &sigma);
        bool is_clear = sigma < PART_SIGMA * gain;
        says += is_clear;
        gone += is_clear && left < (double)BLUR * gain;
        sum_add(&all, &b->quarter[i]);
    }
    double left = left_of(&all, looks, &sigma);
    return gain > LEAST_GAIN && sigma < MOST_SIGMA * gain &&
           left < ALL_BLUR * gain && says >= FEWEST_PARTS && gone == says;
}

bool blur_judge(const struct blur *blur, int telling, int looks)
{
    const struct blur *b = blur;
    bool is_seen = b->tiles >= FEWEST_TILES &&
                   (float)b->tiles > SEEN_PART * (float)telling;
    bool is_blurred = is_seen && (float)b->blurred > MOST * (float)b->tiles;
    bool is_placed = b->places >= FEWEST_TILES &&
                     (float)b->places > SEEN_PART * (float)b->telling;
    return is_blurred || (is_placed && is_all_gone(b, looks));
}
