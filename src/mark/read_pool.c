#include "mark/read_pool.h"

#include <math.h>
#include <stdlib.h>

/* The mean of one unit's displacements; what it would be worth, were the
 * photographs' errors independent, as its pixels. */
static struct residual pooled(const struct page_reading *const *reading,
                              size_t count, uint32_t u)
{
    double weight = 0;
    struct residual out = {0};
    for (size_t i = 0; i < count; i++) {
        const struct unit_reading *unit = &reading[i]->unit[u];
        if (unit->a == 0) {
            continue;
        }
        double w = 1 / ((double)unit->noise_pt * (double)unit->noise_pt);
        out.r_pt += w * (double)unit->shift_pt;
        out.mark_pt += w * (double)unit->mark_pt;
        weight += w;
    }
    if (weight > 0) {
        out.mark_pt /= weight;
        out.r_pt /= weight;
        out.pixels = 1 / weight;
    }
    return out;
}

struct pool {
    const struct mark_page *page;
    struct residual *all;  /* owned: by unit */
    struct residual *some; /* owned: room for those of one axis */
    struct noise noise[MARK_AXES];
};

static void pool_release(struct pool *pool)
{
    free(pool->all);
    free(pool->some);
}

static bool is_pooled(const struct pool *pool, uint32_t u, int axis)
{
    return pool->page->unit[u].axis == axis && pool->all[u].pixels > 0;
}

static void noise_find(struct pool *pool, int axis)
{
    size_t count = 0;
    for (uint32_t u = 0; u < pool->page->units; u++) {
        if (is_pooled(pool, u, axis)) {
            pool->some[count++] = pool->all[u];
        }
    }
    pool->noise[axis] = noise_fit_still(pool->some, count);
}

static void axis_judge(const struct pool *pool, int axis,
                       struct page_reading *out)
{
    const struct noise *noise = &pool->noise[axis];
    for (uint32_t u = 0; u < pool->page->units; u++) {
        if (!is_pooled(pool, u, axis)) {
            continue;
        }
        const struct residual *r = &pool->all[u];
        out->unit[u] = (struct unit_reading){
            .shift_pt = (float)r->r_pt,
            .noise_pt = (float)sqrt(noise_variance(noise, r->pixels, 0)),
            .mark_pt = (float)r->mark_pt};
        unit_reading_judge(&out->unit[u], noise->still);
    }
}

enum sting_status mark_read_pool(const struct page_reading *const *reading,
                                 size_t count, const struct mark_page *page,
                                 struct page_reading *out)
{
    struct page_reading made STING_AUTO(page_reading_release) = {
        .units = page->units, .blur_pt = INFINITY};
    struct pool pool STING_AUTO(pool_release) = {.page = page};
    for (size_t i = 0; i < count; i++) {
        if (reading[i]->units != page->units) {
            return STING_E_ARG;
        }
        made.blur_pt = fmin(made.blur_pt, reading[i]->blur_pt);
    }
    size_t units = (size_t)page->units + 1;
    made.unit = calloc(units, sizeof *made.unit);
    pool.all = calloc(units, sizeof *pool.all);
    pool.some = calloc(units, sizeof *pool.some);
    if (!made.unit || !pool.all || !pool.some) {
        return STING_E_NOMEM;
    }
    for (uint32_t u = 0; u < page->units; u++) {
        pool.all[u] = pooled(reading, count, u);
    }
    for (int axis = 0; axis < MARK_AXES; axis++) {
        noise_find(&pool, axis);
        axis_judge(&pool, axis, &made);
    }
    page_reading_sum(&made, pool.noise);
    *out = made;
    made = (struct page_reading){0};
    return STING_OK;
}
