#include "trace/score.h"

#include <math.h>
#include <stdlib.h>

#include "image/seeded.h"
#include "mark/code.h"
#include "mark/strength.h"

/* One page's evidence with room for a code; freed together. */
struct table {
    struct strength strength;
    uint32_t units;
    double *a;          /* owned, all three */
    uint8_t *threshold; /* which of them are ones how often */
    uint8_t *bit;
};

static void table_release(struct table *table)
{
    free(table->a);
    free(table->threshold);
    free(table->bit);
}

static void thresholds_fill(const struct score_request *request, uint32_t units,
                            uint8_t *threshold)
{
    struct secret bias;
    mark_bias_key(request->document, request->page, &bias);
    mark_bias(&bias, units, threshold);
    secret_wipe(&bias);
}

static enum sting_status table_init(struct table *out,
                                    const struct score_request *request,
                                    const struct page_reading *reading)
{
    size_t room = (size_t)reading->units + 1;
    out->units = reading->units;
    out->a = calloc(room, sizeof *out->a);
    out->threshold = calloc(room, 1);
    out->bit = calloc(room, 1);
    if (!out->a || !out->threshold || !out->bit) {
        return STING_E_NOMEM;
    }
    for (uint32_t u = 0; u < reading->units; u++) {
        out->a[u] = reading->unit[u].a;
    }
    thresholds_fill(request, out->units, out->threshold);
    strength_init(&out->strength);
    strength_add(&out->strength, out->a, out->threshold, out->units);
    return STING_OK;
}

static double bits_score(const struct table *table)
{
    double sum =
        strength_sum(table->a, table->threshold, table->bit, table->units);
    return strength_log10_lr(&table->strength, sum);
}

static double copy_score(const struct score_request *request, uint32_t copy,
                         const struct table *table)
{
    struct secret key;
    mark_copy_key(request->document, copy, &key);
    mark_code(&key, request->page, table->threshold, table->units, table->bit);
    secret_wipe(&key);
    return bits_score(table);
}

/* The most that codes reach which are drawn as ours are, by chance alone. */
static double random_score(const struct table *table)
{
    struct seeded seeded = {table->units};
    double most = -INFINITY;
    for (int i = 0; i < SCORE_RANDOM_CODES; i++) {
        for (uint32_t u = 0; u < table->units; u++) {
            uint64_t byte = seeded_next(&seeded) >> 56;
            table->bit[u] = byte < table->threshold[u];
        }
        most = fmax(most, bits_score(table));
    }
    return most;
}

enum sting_status score_page(const struct score_request *request,
                             const struct page_reading *reading,
                             struct score *out)
{
    struct table table STING_AUTO(table_release) = {0};
    struct score score = {.log10_lr = -INFINITY, .second_log10_lr = -INFINITY};
    enum sting_status status = table_init(&table, request, reading);
    if (status) {
        return status;
    }
    for (size_t i = 0; i < request->copies; i++) {
        double now = copy_score(request, request->copy[i], &table);
        if (now > score.log10_lr) {
            score.second_log10_lr = score.log10_lr;
            score.log10_lr = now;
            score.copy = request->copy[i];
        } else {
            score.second_log10_lr = fmax(score.second_log10_lr, now);
        }
    }
    score.control_log10_lr = copy_score(request, 0, &table);
    score.random_log10_lr = random_score(&table);
    score.units = table.strength.units;
    *out = score;
    return STING_OK;
}

enum sting_status score_code(const struct score_request *request, uint32_t copy,
                             uint32_t units, uint8_t *bit)
{
    struct secret key;
    uint8_t *threshold = calloc((size_t)units + 1, 1);
    if (!threshold) {
        return STING_E_NOMEM;
    }
    thresholds_fill(request, units, threshold);
    mark_copy_key(request->document, copy, &key);
    mark_code(&key, request->page, threshold, units, bit);
    secret_wipe(&key);
    free(threshold);
    return STING_OK;
}
