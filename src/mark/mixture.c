#include "mark/mixture.h"

#include <math.h>

#include "mark/code.h"
#include "mark/read_noise.h"

/* What is done with the copies where they differ. */
enum mixing {
    AVERAGED, /* the unit stands at their mean */
    PIECED,   /* where one of them, taken at random, has it */
    MAJORITY, /* where most have it */
    MINORITY, /* where fewer have it, if they differ at all */
    SHARED,   /* a share comes from the further copy, the rest from the named */
};

/* One way to mix the copies named, one more, and some of which nothing is
 * known. */
struct recipe {
    enum mixing how;
    int copies; /* in all; 0: those named, one more and `others` */
    int others;
    double share;
};

static const struct recipe recipe_table[] = {
    {AVERAGED, 0, 0, 0},  {AVERAGED, 0, 1, 0}, {AVERAGED, 0, 2, 0},
    {SHARED, 0, 0, 0.15}, {SHARED, 0, 0, 0.3}, {SHARED, 0, 0, 0.5},
    {SHARED, 0, 0, 0.7},  {PIECED, 3, 0, 0},   {MAJORITY, 3, 0, 0},
    {MINORITY, 3, 0, 0},
};
#define RECIPES ((int)(sizeof recipe_table / sizeof *recipe_table))
#define MOST_OTHERS 2
#define ASTRAY 0.05 /* share of units that follow no recipe */

static const double noise_table[] = {0.4, 0.6, 0.8, 1, 1.3};
#define NOISES (sizeof noise_table / sizeof *noise_table)

/* What one unit is known by. */
struct place {
    double r, mark, variance;
    double ones, named;
    double chance; /* of a one */
};

static struct place place_of(const struct mixture *mixture,
                             const struct mixture_page *page, uint32_t u)
{
    const struct unit_reading *unit = &page->reading->unit[u];
    double deviation = (double)unit->noise_pt * mixture->noise;
    return (struct place){(double)unit->shift_pt, (double)unit->mark_pt,
                          deviation * deviation,  page->ones[u],
                          mixture->named,         page->threshold[u] / 256.0};
}

/* Of how many copies nothing is known; below 0: no such mixture. One copy
 * alone is none either. */
static int others_of(const struct recipe *recipe, uint32_t named)
{
    int others =
        recipe->copies ? recipe->copies - (int)named - 1 : recipe->others;
    bool is_alone = named == 0 && (others < 1 || recipe->how == SHARED);
    return is_alone || others > MOST_OTHERS ? -1 : others;
}

/* What is seen when `ones` of so many copies have a one. */
static double outcome_density(const struct place *p, enum mixing how, int ones,
                              int copies)
{
    double one = noise_density(p->r - p->mark, p->variance);
    double zero = noise_density(p->r + p->mark, p->variance);
    double share = (double)ones / copies;
    if (how == AVERAGED) {
        double mean = p->mark * (2 * share - 1);
        return noise_density(p->r - mean, p->variance);
    }
    if (how != PIECED && ones > 0 && ones < copies) {
        bool is_one = (2 * ones > copies) == (how == MAJORITY);
        share = 2 * ones == copies ? 0.5 : is_one;
    }
    return (1 - ASTRAY) * (share * one + (1 - share) * zero) +
           ASTRAY * 0.5 * (one + zero);
}

static double mixed_density(const struct place *p, int bit, enum mixing how,
                            int others)
{
    int copies = (int)p->named + 1 + others;
    double sum = 0;
    for (int k = 0; k <= others; k++) {
        /* k of the others have a one: binomial, others being 0 to 2. */
        double ways = others == 2 && k == 1 ? 2 : 1;
        double chance =
            ways * pow(p->chance, k) * pow(1 - p->chance, others - k);
        sum += chance * outcome_density(p, how, (int)p->ones + bit + k, copies);
    }
    return sum;
}

static double density(const struct place *p, int bit,
                      const struct recipe *recipe)
{
    if (recipe->how == SHARED) {
        double one = noise_density(p->r - p->mark, p->variance);
        double zero = noise_density(p->r + p->mark, p->variance);
        double theirs = p->ones / p->named;
        return recipe->share * (bit ? one : zero) +
               (1 - recipe->share) * (theirs * one + (1 - theirs) * zero);
    }
    return mixed_density(p, bit, recipe->how,
                         others_of(recipe, (uint32_t)p->named));
}

static double likelihood(const struct mixture *mixture,
                         const struct mixture_page *page, size_t pages)
{
    const struct recipe *recipe = &recipe_table[mixture->kind];
    double sum = 0;
    for (size_t i = 0; i < pages; i++) {
        for (uint32_t u = 0; u < page[i].reading->units; u++) {
            if (page[i].reading->unit[u].a == 0) {
                continue;
            }
            struct place p = place_of(mixture, &page[i], u);
            sum += log(p.chance * density(&p, 1, recipe) +
                       (1 - p.chance) * density(&p, 0, recipe));
        }
    }
    return sum;
}

struct mixture mixture_fit(const struct mixture_page *page, size_t pages,
                           uint32_t named)
{
    struct mixture best = {named, 0, 1};
    double most = -INFINITY;
    for (int kind = 0; kind < RECIPES; kind++) {
        if (others_of(&recipe_table[kind], named) < 0) {
            continue;
        }
        for (size_t i = 0; i < NOISES; i++) {
            struct mixture mixture = {named, kind, noise_table[i]};
            double now = likelihood(&mixture, page, pages);
            if (now > most) {
                most = now;
                best = mixture;
            }
        }
    }
    return best;
}

void mixture_evidence(const struct mixture *mixture,
                      const struct mixture_page *page, double *a)
{
    const struct recipe *recipe = &recipe_table[mixture->kind];
    double chance = MARK_THRESHOLD_LOW / 256.0;
    double step = sqrt((1 - chance) / chance) + sqrt(chance / (1 - chance));
    for (uint32_t u = 0; u < page->reading->units; u++) {
        a[u] = 0;
        if (page->reading->unit[u].a != 0) {
            struct place p = place_of(mixture, page, u);
            double l =
                log(density(&p, 1, recipe)) - log(density(&p, 0, recipe));
            a[u] = round(MARK_READ_TEMPER * l / step * MARK_READ_ONE) /
                   MARK_READ_ONE;
        }
    }
}
