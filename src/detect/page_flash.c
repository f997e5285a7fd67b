#include "detect/page_flash.h"

#include <math.h>
#include <string.h>

#define SAMPLES (FLASH_SIDE * FLASH_SIDE)
#define SPAN 4 /* pixels around a sample */
#define LEARN_LOOKS 5
#define FOLLOW 0.1F
#define LIGHTER 1.12F
#define LIGHTER_LEVELS 5.0F
#define STIRRED_PART 0.1F
#define CALM_US 2500000
#define MOST_PART 0.8F /* of the samples: a hand is not everywhere */

static float sample_of(const struct patch_place *p, const struct plane *picture,
                       int i, int j)
{
    int x0 = p->x0 + (p->x1 - p->x0 - SPAN) * i / (FLASH_SIDE - 1);
    int y0 = p->y0 + (p->y1 - p->y0 - SPAN) * j / (FLASH_SIDE - 1);
    uint32_t sum = 0;
    for (int y = y0; y < y0 + SPAN; y++) {
        const uint8_t *row = plane_row(picture, y);
        for (int x = x0; x < x0 + SPAN; x++) {
            sum += row[x];
        }
    }
    return (float)sum / (SPAN * SPAN);
}

static float part_lighter(const struct page_flash *f, const float *now)
{
    int lighter = 0;
    for (int i = 0; i < SAMPLES; i++) {
        lighter += now[i] > LIGHTER * f->usual[i] + LIGHTER_LEVELS ||
                   (now[i] > 240 && f->usual[i] > 200);
    }
    return (float)lighter / SAMPLES;
}

/* A shadow, a hand: some of it is darker than usual. */
static bool is_stirred(const struct page_flash *f, const float *now)
{
    int darker = 0;
    for (int i = 0; i < SAMPLES; i++) {
        darker += LIGHTER * now[i] + LIGHTER_LEVELS < f->usual[i];
    }
    return (float)darker > STIRRED_PART * SAMPLES;
}

static void usual_follow(struct page_flash *f, const float *now, float rate)
{
    for (int i = 0; i < SAMPLES; i++) {
        f->usual[i] += rate * (now[i] - f->usual[i]);
    }
}

static void series_count(struct page_flash *f, int64_t at_us)
{
    if (f->count == 0 || at_us - f->last_us > FLASH_SERIES_US) {
        f->count = 0;
        f->first_us = at_us;
    }
    f->count++;
    f->last_us = at_us;
}

/* It lasts: the light is another one. */
static bool is_lasting(const struct page_flash *f, int64_t at_us)
{
    return f->began_looks > 1 && at_us - f->began_us > FLASH_LONGEST_US;
}

bool page_flash_look(struct page_flash *flash, const struct patch_place *place,
                     const struct plane *picture, int64_t at_us)
{
    struct page_flash *f = flash;
    float now[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
        now[i] = sample_of(place, picture, i % FLASH_SIDE, i / FLASH_SIDE);
    }
    if (f->looks < LEARN_LOOKS) {
        f->began_us = -1;
        f->stirred_us = at_us;
        usual_follow(f, now, 1 / (float)++f->looks);
        return false;
    }
    if (part_lighter(f, now) > MOST_PART) {
        f->began_looks = f->began_us < 0 ? 1 : f->began_looks + 1;
        f->began_us = f->began_us < 0 ? at_us : f->began_us;
        if (is_lasting(f, at_us)) {
            memcpy(f->usual, now, sizeof now);
            f->began_us = -1;
        }
        return false;
    }
    bool is_over = f->began_us >= 0 && f->began_us - f->stirred_us >= CALM_US;
    if (is_over) {
        series_count(f, f->began_us);
    }
    f->began_us = -1;
    f->stirred_us = is_stirred(f, now) ? at_us : f->stirred_us;
    usual_follow(f, now, FOLLOW);
    return is_over;
}
