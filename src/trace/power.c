/* What a true copy would have reached: without it, "no copy of ours" is only
 * half an answer. */
#include <math.h>
#include <stdlib.h>

#include "image/seeded.h"
#include "mark/code.h"
#include "mark/read_noise.h"
#include "mark/strength.h"
#include "trace/score.h"

#define DRAWS 100

/* One unit of an imagined copy in this photograph: its S, and its K. */
struct imagined {
    struct strength strength;
    double sum;
};

static void unit_imagine(struct seeded *seeded, const struct unit_reading *unit,
                         struct imagined *out)
{
    uint8_t threshold =
        seeded_next(seeded) & 1 ? MARK_THRESHOLD_HIGH : MARK_THRESHOLD_LOW;
    uint8_t bit = seeded_next(seeded) >> 56 < threshold;
    double noise = (double)unit->noise_pt;
    double mark = (double)unit->mark_pt;
    double r = (bit ? mark : -mark) + noise * seeded_normal(seeded);
    double step = strength_g(threshold, 1) - strength_g(threshold, 0);
    double a =
        MARK_READ_TEMPER * noise_evidence(r, mark, noise * noise, 0) / step;
    strength_add(&out->strength, &a, &threshold, 1);
    out->sum += a * strength_g(threshold, bit);
}

static double copy_imagine(struct seeded *seeded,
                           const struct score_question *question)
{
    struct imagined copy = {.sum = 0};
    strength_init(&copy.strength);
    for (size_t i = 0; i < question->parts; i++) {
        const struct page_reading *reading = question->part[i].reading;
        for (uint32_t u = 0; u < reading->units; u++) {
            if (reading->unit[u].a != 0) {
                unit_imagine(seeded, &reading->unit[u], &copy);
            }
        }
    }
    return strength_log10_lr(&copy.strength, copy.sum);
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

void score_power(const struct score_question *question, double least,
                 struct score_power *out)
{
    struct seeded seeded = {question->parts};
    double reached[DRAWS];
    size_t above = 0;
    for (size_t i = 0; i < DRAWS; i++) {
        reached[i] = copy_imagine(&seeded, question);
        above += reached[i] >= least;
    }
    qsort(reached, DRAWS, sizeof *reached, ascending);
    *out = (struct score_power){reached[DRAWS / 2], (double)above / DRAWS};
}
