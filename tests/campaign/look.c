#include "tests/campaign/look.h"

#include <math.h>
#include <stdlib.h>

#include "mark/code.h"
#include "mark/strength.h"

static void swap(double *a, double *b)
{
    double kept = *a;
    *a = *b;
    *b = kept;
}

/* Parts what is left into below, as much as and above one of them, and goes
 * on in the part that has the middle: no need to sort it all. */
static double median(double *value, size_t count)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        double pivot = value[low + (high - low) / 2];
        size_t below = low;
        size_t above = high;
        for (size_t i = low; i < above;) {
            if (value[i] < pivot) {
                swap(&value[i++], &value[below++]);
            } else if (value[i] > pivot) {
                swap(&value[i], &value[--above]);
            } else {
                i++;
            }
        }
        if (count / 2 >= below && count / 2 < above) {
            return pivot;
        }
        low = count / 2 < below ? low : above;
        high = count / 2 < below ? below : high;
    }
    return 0;
}

/* A deviation that a few gross errors do not move. */
static double robust_sd(double *value, size_t count)
{
    double middle = median(value, count);
    for (size_t i = 0; i < count; i++) {
        value[i] = fabs(value[i] - middle);
    }
    return 1.4826 * median(value, count);
}

/* Half a difference of second differences: the grain alone (Immerkaer 1996),
 * on blocks of 8 x 8 that are white all over; the median of theirs. */
static double block_noise(const struct plane *grey, int x0, int y0)
{
    double sum = 0;
    for (int y = y0 + 1; y < y0 + 7; y++) {
        for (int x = x0 + 1; x < x0 + 7; x++) {
            const uint8_t *a = plane_row(grey, y - 1) + x;
            const uint8_t *b = plane_row(grey, y) + x;
            const uint8_t *c = plane_row(grey, y + 1) + x;
            int value = a[-1] - 2 * a[0] + a[1] - 2 * b[-1] + 4 * b[0] -
                        2 * b[1] + c[-1] - 2 * c[0] + c[1];
            sum += value * value / 36.0;
        }
    }
    return sqrt(sum / 36);
}

static bool block_is_white(const struct plane *grey, int x0, int y0,
                           double *level)
{
    int low = 255;
    int high = 0;
    double sum = 0;
    for (int y = y0; y < y0 + 8; y++) {
        for (int x = x0; x < x0 + 8; x++) {
            int value = plane_row(grey, y)[x];
            low = value < low ? value : low;
            high = value > high ? value : high;
            sum += value;
        }
    }
    *level = sum / 64;
    return low > 90 && low > *level * 0.7 && high < 250;
}

static double pixel_noise(const struct plane *grey)
{
    size_t room =
        (size_t)(grey->width_px / 8 + 1) * (size_t)(grey->height_px / 8 + 1);
    double *share = calloc(room, sizeof *share);
    size_t blocks = 0;
    for (int y = 0; share && y + 8 <= grey->height_px; y += 8) {
        for (int x = 0; x + 8 <= grey->width_px; x += 8) {
            double level;
            if (block_is_white(grey, x, y, &level)) {
                share[blocks++] = block_noise(grey, x, y) / level;
            }
        }
    }
    double noise = median(share, blocks);
    free(share);
    return noise;
}

/* How far words lie from where the copy's signs put them. */
static void errors_fill(const struct mark_page *page,
                        const struct page_reading *reading, const int8_t *sign,
                        struct look *out)
{
    double *value = calloc((size_t)page->units + 1, sizeof *value);
    for (int axis = MARK_ALONG; value && axis <= MARK_ACROSS; axis++) {
        size_t count = 0;
        for (uint32_t u = 0; u < page->units; u++) {
            const struct unit_reading *read = &reading->unit[u];
            if (page->unit[u].axis == axis && read->a != 0) {
                value[count++] =
                    (double)read->shift_pt - sign[u] * (double)read->mark_pt;
            }
        }
        *(axis == MARK_ALONG ? &out->error_pt : &out->error_y_pt) =
            robust_sd(value, count);
    }
    free(value);
}

/* Words that were measured: units that move across a line not counted. */
static uint32_t words_measured(const struct mark_page *page,
                               const struct page_reading *reading)
{
    uint32_t words = 0;
    for (uint32_t u = 0; u < page->units; u++) {
        words += page->unit[u].axis == MARK_ALONG && reading->unit[u].a != 0;
    }
    return words;
}

static double shift_median(const struct mark_page *page)
{
    double *value = calloc((size_t)page->units + 1, sizeof *value);
    size_t count = 0;
    for (uint32_t u = 0; value && u < page->units; u++) {
        if (page->unit[u].axis == MARK_ALONG) {
            value[count++] = (double)page->unit[u].shift_pt;
        }
    }
    double middle = median(value, count);
    free(value);
    return middle;
}

/* One unit's part of S for a one and a zero. */
struct part {
    float one, zero;
    uint8_t threshold;
};

static float code_draw(const struct part *part, uint32_t parts,
                       struct chance *chance)
{
    float sum = 0;
    uint64_t bits = 0;
    for (uint32_t i = 0; i < parts; i++) {
        bits = i % 8 ? bits >> 8 : chance_bits(chance);
        sum += (uint8_t)bits < part[i].threshold ? part[i].one : part[i].zero;
    }
    return sum;
}

static uint32_t parts_fill(const struct page_reading *reading,
                           const uint8_t *threshold, struct part *part)
{
    uint32_t parts = 0;
    for (uint32_t u = 0; u < reading->units; u++) {
        double a = reading->unit[u].a;
        if (a != 0) {
            part[parts++] = (struct part){
                (float)(a * strength_g(threshold[u], 1)),
                (float)(a * strength_g(threshold[u], 0)), threshold[u]};
        }
    }
    return parts;
}

static void codes_score(const struct strength *strength,
                        const struct part *part, uint32_t parts, uint64_t seed,
                        struct look *out)
{
    struct chance chance = chance_of(seed, 77);
    for (uint32_t n = 0; n < out->codes; n++) {
        double lr = strength_log10_lr(strength,
                                      (double)code_draw(part, parts, &chance));
        for (int d = 0; d < LOOK_DECADES && lr >= d + 1; d++) {
            out->exceed[d]++;
        }
    }
}

static enum sting_status exceedances(const struct shelf *shelf, int page,
                                     const struct page_reading *reading,
                                     uint64_t seed, struct look *out)
{
    size_t room = (size_t)reading->units + 1;
    uint8_t *threshold = calloc(room, 1);
    double *a = calloc(room, sizeof *a);
    struct part *part = calloc(room, sizeof *part);
    enum sting_status status =
        threshold && a && part ? STING_OK : STING_E_NOMEM;
    if (!status) {
        struct secret bias;
        struct strength strength;
        mark_bias_key(&shelf->document, (uint32_t)page, &bias);
        mark_bias(&bias, reading->units, threshold);
        secret_wipe(&bias);
        for (uint32_t u = 0; u < reading->units; u++) {
            a[u] = reading->unit[u].a;
        }
        strength_init(&strength);
        strength_add(&strength, a, threshold, reading->units);
        codes_score(&strength, part, parts_fill(reading, threshold, part), seed,
                    out);
    }
    free(part);
    free(a);
    free(threshold);
    return status;
}

static enum sting_status finding_look(const struct desk *desk,
                                      const struct look_question *question,
                                      struct look *out)
{
    const struct trace_finding *finding = question->finding;
    const struct shelf *shelf = &desk->library.shelf[finding->shelf];
    const struct mark_page *page = &shelf->bait.page[finding->page];
    const struct page_reading *reading = &finding->reading;
    out->has_page = true;
    out->blur_pt = reading->blur_pt;
    out->along_pt = reading->noise_along_pt;
    out->across_pt = reading->noise_across_pt;
    out->shift_pt = shift_median(page);
    out->words = words_measured(page, reading);
    if (question->sign) {
        errors_fill(page, reading, question->sign, out);
    }
    return exceedances(shelf, finding->page, reading, question->seed, out);
}

enum sting_status look_at(struct desk *desk, struct bytes jpeg,
                          const struct look_question *question,
                          struct look *out, struct fault *fault)
{
    struct plane plane STING_AUTO(plane_release) = {0};
    *out = (struct look){.codes = question->codes};
    enum sting_status status = picture_load(desk->reader, jpeg, &plane, fault);
    if (!status) {
        out->pixel_noise = pixel_noise(&plane);
    }
    return status || question->finding->page < 0
               ? status
               : finding_look(desk, question, out);
}
