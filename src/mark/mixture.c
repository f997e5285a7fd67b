#include "mark/mixture.h"

#include <math.h>

#include "mark/code.h"
#include "mark/read_noise.h"

/* One way to mix the copies named with one more. */
struct recipe {
    int others;   /* more copies in an average, of which nothing is known */
    double share; /* of units that come from the further copy whole; 0: all
                     units are averages */
};

static const struct recipe recipe_table[] = {
    {0, 0}, {1, 0}, {2, 0}, {0, 0.15}, {0, 0.3}, {0, 0.5}, {0, 0.7},
};
#define RECIPES ((int)(sizeof recipe_table / sizeof *recipe_table))

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

/* The average of the named, the further copy and `others` unknown ones. */
static double average_density(const struct place *p, int bit, int others)
{
    double copies = p->named + 1 + others;
    double sum = 0;
    for (int k = 0; k <= others; k++) {
        /* k of the others have a one: binomial, others being 0 to 2. */
        double ways = others == 2 && k == 1 ? 2 : 1;
        double chance =
            ways * pow(p->chance, k) * pow(1 - p->chance, others - k);
        double mean = p->mark * (2 * (p->ones + bit + k) / copies - 1);
        sum += chance * noise_density(p->r - mean, p->variance);
    }
    return sum;
}

static double density(const struct place *p, int bit,
                      const struct recipe *recipe)
{
    if (recipe->share > 0) {
        double one = noise_density(p->r - p->mark, p->variance);
        double zero = noise_density(p->r + p->mark, p->variance);
        double theirs = p->ones / p->named;
        return recipe->share * (bit ? one : zero) +
               (1 - recipe->share) * (theirs * one + (1 - theirs) * zero);
    }
    return average_density(p, bit, recipe->others);
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
