#include "mark/read.h"

#include <math.h>
#include <stdlib.h>

#include "mark/cell.h"
#include "mark/code.h"
#include "mark/read_trend.h"
#include "mark/read_words.h"

#define ROUNDS 3
#define FEWEST 8     /* words: fewer give no trend to measure against */
#define STRAY 0.02   /* share of words that are anywhere .. */
#define STRAY_PT 4.0 /* .. in a range of this width */
#define LEAST_NOISE 0.012

void page_reading_release(struct page_reading *reading)
{
    free(reading->unit);
    *reading = (struct page_reading){0};
}

/* Everything between words and evidence. */
struct reader {
    const struct mark_page *page;
    struct word_readings words;   /* owned */
    struct trend_point *expected; /* owned: by word, the mark as guessed */
    double *trended;              /* owned: by unit, trend taken out */
};

static void reader_release(struct reader *reader)
{
    word_readings_release(&reader->words);
    free(reader->expected);
    free(reader->trended);
}

static double unit_variance(const struct word_reading *word,
                            const struct mark_unit *unit)
{
    double x = (double)unit->ux;
    double y = (double)unit->uy;
    return word->var_x * x * x + word->var_y * y * y;
}

/* variance = floor^2 + factor * (variance by the pixels' noise). */
struct noise {
    double floor_pt;
    double factor;
};

static double noise_variance(const struct noise *noise, double pixels)
{
    return noise->floor_pt * noise->floor_pt + noise->factor * pixels;
}

static double density(double away, double variance)
{
    double normal =
        exp(-0.5 * away * away / variance) / sqrt(2 * M_PI * variance);
    return (1 - STRAY) * normal + STRAY / STRAY_PT;
}

static bool unit_counts(const struct reader *reader, uint32_t u, int axis)
{
    const struct mark_unit *unit = &reader->page->unit[u];
    return reader->words.word[unit->word].is_seen &&
           (axis < 0 || unit->axis == axis);
}

/* How likely the residuals are if half the units went each way. */
static double noise_likelihood(const struct reader *reader, int axis,
                               const struct noise *noise)
{
    double sum = 0;
    for (uint32_t u = 0; u < reader->page->units; u++) {
        const struct mark_unit *unit = &reader->page->unit[u];
        if (!unit_counts(reader, u, axis)) {
            continue;
        }
        double variance = noise_variance(
            noise, unit_variance(&reader->words.word[unit->word], unit));
        double shift = mark_unit_shift_pt(unit);
        double r = reader->trended[u];
        sum += log(0.5 * density(r - shift, variance) +
                   0.5 * density(r + shift, variance));
    }
    return sum;
}

/* The likeliest noise of one axis, from a grid. */
static struct noise noise_fit(const struct reader *reader, int axis)
{
    static const double factor[] = {0.1, 0.5, 1, 2, 4};
    struct noise best = {0.2, 1};
    double most = -INFINITY;
    double floor_pt = LEAST_NOISE;
    while (floor_pt < 1.2) {
        for (size_t i = 0; i < sizeof factor / sizeof *factor; i++) {
            struct noise noise = {floor_pt, factor[i]};
            double now = noise_likelihood(reader, axis, &noise);
            if (now > most) {
                most = now;
                best = noise;
            }
        }
        floor_pt *= 1.25;
    }
    return best;
}

/* log P(residual | one) - log P(residual | zero). */
static double unit_evidence(const struct reader *reader, uint32_t u,
                            double variance)
{
    double shift = mark_unit_shift_pt(&reader->page->unit[u]);
    double r = reader->trended[u];
    return log(density(r - shift, variance)) -
           log(density(r + shift, variance));
}

/* Take trends out of all units, every word without its guessed mark. */
static void trends_remove(struct reader *reader)
{
    for (uint32_t u = 0; u < reader->page->units; u++) {
        if (unit_counts(reader, u, -1)) {
            reader->trended[u] = trend_residual(
                &reader->words, reader->expected, &reader->page->unit[u]);
        }
    }
}

/* The mark that each word seems to carry, for the next round's trends. */
static void expect(struct reader *reader, const struct noise noise[MARK_AXES])
{
    for (size_t i = 0; i < reader->words.words; i++) {
        reader->expected[i] = (struct trend_point){0, 0};
    }
    for (uint32_t u = 0; u < reader->page->units; u++) {
        const struct mark_unit *unit = &reader->page->unit[u];
        if (!unit_counts(reader, u, -1)) {
            continue;
        }
        double variance = noise_variance(
            &noise[unit->axis],
            unit_variance(&reader->words.word[unit->word], unit));
        double guess = tanh(0.5 * unit_evidence(reader, u, variance));
        reader->expected[unit->word].x +=
            guess * mark_unit_shift_pt(unit) * (double)unit->ux;
        reader->expected[unit->word].y +=
            guess * mark_unit_shift_pt(unit) * (double)unit->uy;
    }
}

static double step_of_g(void)
{
    double p = MARK_THRESHOLD_LOW / 256.0;
    return sqrt((1 - p) / p) + sqrt(p / (1 - p));
}

static void reading_fill(const struct reader *reader,
                         const struct noise noise[MARK_AXES],
                         struct page_reading *out)
{
    uint32_t strange = 0;
    for (uint32_t u = 0; u < reader->page->units; u++) {
        const struct mark_unit *unit = &reader->page->unit[u];
        if (!unit_counts(reader, u, -1)) {
            continue;
        }
        double variance = noise_variance(
            &noise[unit->axis],
            unit_variance(&reader->words.word[unit->word], unit));
        double r = reader->trended[u];
        double away = fabs(fabs(r) - mark_unit_shift_pt(unit));
        strange += away > 3 * sqrt(variance);
        out->seen++;
        out->unit[u] = (struct unit_reading){
            (float)r, (float)sqrt(variance),
            unit_evidence(reader, u, variance) / step_of_g()};
    }
    out->strange = out->seen ? (double)strange / out->seen : 0;
    out->noise_along_pt = noise[MARK_ALONG].floor_pt;
    out->noise_across_pt = noise[MARK_ACROSS].floor_pt;
}

static size_t words_seen(const struct word_readings *words)
{
    size_t seen = 0;
    for (size_t i = 0; i < words->words; i++) {
        seen += words->word[i].is_seen;
    }
    return seen;
}

static void reader_run(struct reader *reader, struct page_reading *out)
{
    struct noise noise[MARK_AXES] = {0};
    if (words_seen(&reader->words) < FEWEST) {
        return;
    }
    for (int round = 0; round < ROUNDS; round++) {
        trends_remove(reader);
        for (int axis = 0; axis < MARK_AXES; axis++) {
            noise[axis] = noise_fit(reader, axis);
        }
        if (round + 1 < ROUNDS) {
            expect(reader, noise);
        }
    }
    reading_fill(reader, noise, out);
}

enum sting_status mark_read(const struct photo *photo,
                            const struct page_map *map,
                            const struct plane *original,
                            const struct mark_page *page,
                            struct page_reading *out)
{
    struct reader reader STING_AUTO(reader_release) = {.page = page};
    struct page_reading made STING_AUTO(page_reading_release) = {
        .units = page->units};
    enum sting_status status = word_readings_init(
        &reader.words, photo, map, original, MARK_READ_DPI, page);
    if (status) {
        return status;
    }
    made.unit = calloc((size_t)page->units + 1, sizeof *made.unit);
    reader.trended = calloc((size_t)page->units + 1, sizeof *reader.trended);
    reader.expected = calloc(reader.words.words + 1, sizeof *reader.expected);
    if (!made.unit || !reader.trended || !reader.expected) {
        return STING_E_NOMEM;
    }
    made.blur_pt = reader.words.blur_px * 72 / MARK_READ_DPI;
    reader_run(&reader, &made);
    *out = made;
    made = (struct page_reading){0};
    return STING_OK;
}
