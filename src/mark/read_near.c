#include "mark/read_near.h"

#include <math.h>
#include <stdlib.h>

#include "image/linear.h"

#define REACH_PT 70.0   /* words beyond it have nothing in common */
#define STRAY_PT 0.45   /* displaced so far from the trend: trusted less */
#define LEAST_NOISE 0.3 /* of a word's variance is its own, at least */

/* The error that places have in common: its deviation, and how far apart they
 * are when it is no longer the same. */
static const double strength_table[] = {0.04, 0.06, 0.09, 0.12};
static const double reach_table[] = {10, 16};
#define STRENGTHS (sizeof strength_table / sizeof *strength_table)
#define REACHES (sizeof reach_table / sizeof *reach_table)

void near_words_release(struct near_words *near)
{
    free(near->place);
    *near = (struct near_words){0};
}

static struct near_place place_of(const struct word_reading *word)
{
    double width = (double)word->x1_pt - (double)word->x0_pt;
    double height = (double)word->y1_pt - (double)word->y0_pt;
    return (struct near_place){.x = (double)word->x0_pt + width / 2,
                               .y = (double)word->y0_pt + height / 2,
                               .width = width,
                               .height = height};
}

/* Squared; of long words the ends count, not the middles alone. */
static double away(const struct near_place *a, const struct near_place *b)
{
    double x = fabs(a->x - b->x) - (a->width + b->width) / 4;
    double y = a->y - b->y;
    return (x > 0 ? x * x : 0) + y * y;
}

/* Kept sorted, the nearest first. */
static void place_take(struct near_place *place, uint32_t word, double far)
{
    if (far > REACH_PT * REACH_PT ||
        (place->nears == NEAR_MOST && far >= place->away[NEAR_MOST - 1])) {
        return;
    }
    uint32_t at = place->nears - (place->nears == NEAR_MOST);
    place->nears = at + 1;
    for (; at > 0 && place->away[at - 1] > far; at--) {
        place->away[at] = place->away[at - 1];
        place->near[at] = place->near[at - 1];
    }
    place->away[at] = far;
    place->near[at] = word;
}

enum sting_status near_words_init(struct near_words *out,
                                  const struct word_readings *words)
{
    struct near_words made = {calloc(words->words + 1, sizeof *made.place),
                              words->words};
    if (!made.place) {
        return STING_E_NOMEM;
    }
    for (size_t i = 0; i < words->words; i++) {
        made.place[i] = place_of(&words->word[i]);
    }
    for (size_t i = 0; i < words->words; i++) {
        for (size_t j = 0; words->word[i].is_seen && j < words->words; j++) {
            if (j != i && words->word[j].is_seen) {
                place_take(&made.place[i], (uint32_t)j,
                           away(&made.place[i], &made.place[j]));
            }
        }
    }
    *out = made;
    return STING_OK;
}

/* How much two words have in common of an error that is the same over
 * `reach`, each being its mean over a box. */
static double common(const struct near_place *a, const struct near_place *b,
                     double reach)
{
    double x = a->x - b->x;
    double y = a->y - b->y;
    double wide =
        reach * reach + (a->width * a->width + b->width * b->width) / 12;
    double high =
        reach * reach + (a->height * a->height + b->height * b->height) / 12;
    return reach * reach / sqrt(wide * high) *
           exp(-0.5 * (x * x / wide + y * y / high));
}

/* What the words around one unit say, for each reach of the table. */
struct hearing {
    int nears;
    double beside[NEAR_MOST]; /* displaced, against the unit's trend */
    double noise[NEAR_MOST], doubt[NEAR_MOST], trust[NEAR_MOST];
    double common[NEAR_MOST];           /* with the unit's word */
    double among[NEAR_MOST][NEAR_MOST]; /* lower triangle */
};

static void voices_hear(const struct near_place *place,
                        const struct near_voice *voice,
                        const struct noise *noise, const struct near_unit *unit,
                        struct hearing *out)
{
    double trend = unit->moved_pt - unit->residual.r_pt;
    double x = unit->ux * unit->ux;
    double y = unit->uy * unit->uy;
    out->nears = (int)place->nears;
    for (int i = 0; i < out->nears; i++) {
        const struct near_voice *v = &voice[place->near[i]];
        out->beside[i] = v->x_pt * unit->ux + v->y_pt * unit->uy - trend;
        out->noise[i] =
            noise_variance(noise, v->var_x * x + v->var_y * y, v->brevity);
        out->doubt[i] = v->doubt_x * x + v->doubt_y * y;
        double stray = out->beside[i] / STRAY_PT;
        out->trust[i] = 1 + stray * stray;
    }
}

static void places_relate(const struct near_words *near, uint32_t word,
                          double reach, struct hearing *out)
{
    const struct near_place *place = &near->place[word];
    for (int i = 0; i < out->nears; i++) {
        const struct near_place *a = &near->place[place->near[i]];
        out->common[i] = common(place, a, reach);
        for (int j = 0; j <= i; j++) {
            out->among[i][j] = common(a, &near->place[place->near[j]], reach);
        }
    }
}

/* The likeliest error in common at the unit, of that strength. */
static double shared_pt(const struct hearing *hearing, double strength)
{
    struct normal_equations normal;
    int n = hearing->nears;
    double square = strength * strength;
    double x[NEAR_MOST];
    double sum = 0;
    if (n == 0) {
        return 0;
    }
    normal_init(&normal, n);
    for (int i = 0; i < n; i++) {
        double own = hearing->noise[i] - square * hearing->among[i][i];
        own = fmax(own, LEAST_NOISE * hearing->noise[i]);
        for (int j = 0; j <= i; j++) {
            normal.a[j * n + i] = square * hearing->among[i][j];
        }
        normal.a[i * n + i] += own * hearing->trust[i] + hearing->doubt[i];
        normal.b[i] = hearing->beside[i];
    }
    if (normal_solve(&normal, x)) {
        return 0;
    }
    for (int i = 0; i < n; i++) {
        sum += square * hearing->common[i] * x[i];
    }
    return sum;
}

/* Of a residual with that much taken out. */
static double log_density(const struct residual *r, const struct noise *noise,
                          double out_pt)
{
    double variance = residual_variance(noise, r);
    double away_pt = r->r_pt - out_pt;
    return noise_log_even(away_pt - r->mark_pt, variance, away_pt + r->mark_pt,
                          variance);
}

/* Errors in common of every unit by each strength and reach, the first of
 * them none, and how likely each makes the residuals. */
struct trials {
    double *shared_pt; /* owned; CHOICES a unit */
    double likelihood[1 + STRENGTHS * REACHES];
};
#define CHOICES (1 + STRENGTHS * REACHES)

static void unit_try(const struct near_words *near,
                     const struct near_voice *voice, const struct noise *noise,
                     const struct near_unit *unit, struct trials *trials,
                     double *shared)
{
    struct hearing hearing;
    size_t choice = 0;
    shared[choice] = 0;
    trials->likelihood[choice++] += log_density(&unit->residual, noise, 0);
    voices_hear(&near->place[unit->word], voice, noise, unit, &hearing);
    for (size_t r = 0; r < REACHES; r++) {
        places_relate(near, unit->word, reach_table[r], &hearing);
        for (size_t s = 0; s < STRENGTHS; s++) {
            shared[choice] = shared_pt(&hearing, strength_table[s]);
            trials->likelihood[choice] +=
                log_density(&unit->residual, noise, shared[choice]);
            choice++;
        }
    }
}

enum sting_status near_remove(const struct near_words *near,
                              const struct near_voice *voice,
                              const struct noise *noise, struct near_unit *unit,
                              size_t units)
{
    struct trials trials = {.shared_pt =
                                calloc(units + 1, CHOICES * sizeof(double))};
    size_t best = 0;
    if (!trials.shared_pt) {
        return STING_E_NOMEM;
    }
    for (size_t i = 0; i < units; i++) {
        unit_try(near, voice, noise, &unit[i], &trials,
                 trials.shared_pt + i * CHOICES);
    }
    for (size_t i = 1; i < CHOICES; i++) {
        best = trials.likelihood[i] > trials.likelihood[best] ? i : best;
    }
    for (size_t i = 0; i < units; i++) {
        unit[i].residual.r_pt -= trials.shared_pt[i * CHOICES + best];
    }
    free(trials.shared_pt);
    return STING_OK;
}
