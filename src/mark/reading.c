#include "mark/reading.h"

#include <math.h>
#include <stdlib.h>

#include "mark/code.h"

#define MOST_NOISE_PT 0.5 /* of units that stand where the page has them */

void page_reading_release(struct page_reading *reading)
{
    free(reading->unit);
    *reading = (struct page_reading){0};
}

bool page_reading_fits(const struct page_reading *reading)
{
    return reading->seen == 0 || reading->noise_along_pt < MOST_NOISE_PT;
}

static double step_of_g(void)
{
    double p = MARK_THRESHOLD_LOW / 256.0;
    return sqrt((1 - p) / p) + sqrt(p / (1 - p));
}

/* Evidence in steps that sums of millions keep exactly, never quite none. */
static double stepped(double a)
{
    double steps = round(a * MARK_READ_ONE);
    return (steps == 0 ? 1 : steps) / MARK_READ_ONE;
}

void unit_reading_judge(struct unit_reading *unit, double still)
{
    double variance = (double)unit->noise_pt * (double)unit->noise_pt;
    unit->a = stepped(MARK_READ_TEMPER *
                      noise_evidence((double)unit->shift_pt,
                                     (double)unit->mark_pt, variance, still) /
                      step_of_g());
}

/* Of a word of three letters. */
static double noise_of_words(const struct noise *noise)
{
    return hypot(noise->floor_pt, noise->letter_pt * sqrt(1.0 / 3));
}

void page_reading_sum(struct page_reading *reading,
                      const struct noise noise[MARK_AXES])
{
    uint32_t strange = 0;
    for (uint32_t u = 0; u < reading->units; u++) {
        const struct unit_reading *r = &reading->unit[u];
        float away = fabsf(fabsf(r->shift_pt) - r->mark_pt);
        if (r->a != 0) {
            reading->seen++;
            strange += away > 3 * r->noise_pt;
        }
    }
    reading->strange = reading->seen ? (double)strange / reading->seen : 0;
    reading->noise_along_pt = noise_of_words(&noise[MARK_ALONG]);
    reading->noise_across_pt = noise_of_words(&noise[MARK_ACROSS]);
    reading->still = noise[MARK_ALONG].still;
    for (int axis = 0; axis < MARK_AXES; axis++) {
        reading->moved += noise[axis].moved;
    }
}
