#include "mark/read.h"

#include <math.h>
#include <stdlib.h>

#include "mark/cell.h"
#include "mark/read_edge.h"
#include "mark/read_field.h"
#include "mark/read_near.h"
#include "mark/read_noise.h"
#include "mark/read_place.h"
#include "mark/read_rows.h"
#include "mark/read_trend.h"
#include "mark/read_words.h"

#define ROUNDS 3
#define LOOKS 2  /* for columns of a screen */
#define FEWEST 8 /* words: fewer give no trend to measure against */

/* Everything between words and evidence. */
struct reader {
    const struct mark_page *page;
    struct word_readings words;   /* owned */
    struct field_cells cells;     /* owned */
    struct edges edges;           /* owned */
    struct near_words near;       /* owned */
    struct near_voice *voice;     /* owned: by word */
    struct near_unit *unit;       /* owned: room for those of one axis */
    struct places places;         /* owned */
    double *guess;                /* owned: by unit, which way it seems to go */
    struct trend_point *expected; /* owned: by word, the mark as guessed */
    double *trended;              /* owned: by unit, trend taken out */
    struct residual *residual;    /* owned: room for those of one axis */
    struct edge_sample *sample;   /* owned: room for units of cells */
    struct noise noise[MARK_AXES];
};

static void reader_release(struct reader *reader)
{
    word_readings_release(&reader->words);
    field_cells_release(&reader->cells);
    edges_release(&reader->edges);
    near_words_release(&reader->near);
    places_release(&reader->places);
    free(reader->voice);
    free(reader->unit);
    free(reader->guess);
    free(reader->expected);
    free(reader->trended);
    free(reader->residual);
    free(reader->sample);
}

static double pixel_variance(const struct word_reading *word,
                             const struct mark_unit *unit)
{
    double x = (double)unit->ux;
    double y = (double)unit->uy;
    return word->var_x * x * x + word->var_y * y * y;
}

/* Of a word whose letters are not put by columns that are known. */
static double brevity_of(const struct reader *reader, size_t number)
{
    const struct word_reading *word = &reader->words.word[number];
    bool is_put = reader->places.has_columns &&
                  reader->places.letters.word[number].letters > 0;
    double width_pt = (double)word->x1_pt - (double)word->x0_pt;
    double height_pt = (double)word->y1_pt - (double)word->y0_pt;
    return word->is_cell || is_put ? 0 : noise_brevity(width_pt, height_pt);
}

static bool unit_counts(const struct reader *reader, uint32_t u, int axis)
{
    const struct mark_unit *unit = &reader->page->unit[u];
    return reader->words.word[unit->word].is_seen &&
           (axis < 0 || unit->axis == axis);
}

static struct residual residual_of(const struct reader *reader, uint32_t u)
{
    const struct mark_unit *unit = &reader->page->unit[u];
    const struct word_reading *word = &reader->words.word[unit->word];
    const struct unit_place *place = &reader->places.unit[u];
    return (struct residual){.r_pt = reader->trended[u],
                             .mark_pt = place->mark_pt,
                             .pixels = pixel_variance(word, unit),
                             .brevity = brevity_of(reader, unit->word),
                             .rest_pt = place->rest_pt,
                             .either = place->either};
}

/* Residuals of the units of one axis that were measured. */
static size_t residuals_fill(const struct reader *reader, int axis,
                             struct residual *out)
{
    size_t count = 0;
    for (uint32_t u = 0; u < reader->page->units; u++) {
        if (unit_counts(reader, u, axis)) {
            out[count++] = residual_of(reader, u);
        }
    }
    return count;
}

/* What moves a unit beside its own mark, as far as it is known by now: other
 * units, its edges, the columns of a screen. */
static double beside_pt(const struct reader *reader, uint32_t u)
{
    return field_pulled_pt(&reader->cells, reader->page, reader->guess, u) +
           edges_pulled_pt(&reader->edges, u) +
           reader->places.unit[u].centre_pt;
}

/* Take trends out of all units, every word without its guessed mark, and what
 * moves a unit whatever its bit. */
static void trends_remove(struct reader *reader)
{
    for (uint32_t u = 0; u < reader->page->units; u++) {
        if (unit_counts(reader, u, -1)) {
            reader->trended[u] =
                trend_residual(&reader->words, reader->expected,
                               &reader->page->unit[u]) -
                beside_pt(reader, u);
        }
    }
}

/* How strongly edges of filled areas are displaced, by what cells show without
 * the marks that they seem to have; and each cell without that. */
static void edges_remove(struct reader *reader)
{
    size_t count = 0;
    for (uint32_t u = 0; u < reader->page->units; u++) {
        if (mark_is_cell(&reader->page->unit[u]) &&
            unit_counts(reader, u, -1)) {
            struct residual r = residual_of(reader, u);
            const struct noise *noise =
                &reader->noise[reader->page->unit[u].axis];
            double guess = reader->guess[u];
            reader->trended[u] += edges_pulled_pt(&reader->edges, u);
            reader->sample[count++] = (struct edge_sample){
                u, reader->trended[u] - guess * r.mark_pt,
                residual_variance(noise, &r) +
                    (1 - guess * guess) * r.mark_pt * r.mark_pt};
        }
    }
    edges_fit(&reader->edges, reader->sample, count);
    for (size_t i = 0; i < count; i++) {
        uint32_t u = reader->sample[i].unit;
        reader->trended[u] -= edges_pulled_pt(&reader->edges, u);
    }
}

/* Which way each unit seems to have gone. */
static void guess(struct reader *reader)
{
    for (uint32_t u = 0; u < reader->page->units; u++) {
        if (!unit_counts(reader, u, -1)) {
            continue;
        }
        const struct noise *noise = &reader->noise[reader->page->unit[u].axis];
        struct residual r = residual_of(reader, u);
        double variance = residual_variance(noise, &r);
        reader->guess[u] =
            tanh(0.5 * noise_evidence(r.r_pt, r.mark_pt, variance, 0));
    }
}

/* The displacement that each word then has, for the next round's trends. */
static void expect(struct reader *reader)
{
    for (size_t i = 0; i < reader->words.words; i++) {
        reader->expected[i] = reader->places.rest[i];
    }
    guess(reader);
    for (uint32_t u = 0; u < reader->page->units; u++) {
        const struct mark_unit *unit = &reader->page->unit[u];
        if (!unit_counts(reader, u, -1)) {
            continue;
        }
        const struct unit_place *place = &reader->places.unit[u];
        double moved = reader->guess[u] * place->mark_pt + beside_pt(reader, u);
        reader->expected[unit->word].x += moved * (double)unit->ux;
        reader->expected[unit->word].y += moved * (double)unit->uy;
    }
}

static void reading_fill(const struct reader *reader, struct page_reading *out)
{
    for (uint32_t u = 0; u < reader->page->units; u++) {
        const struct noise *noise = &reader->noise[reader->page->unit[u].axis];
        if (!unit_counts(reader, u, -1)) {
            continue;
        }
        struct residual r = residual_of(reader, u);
        out->unit[u] = (struct unit_reading){
            .shift_pt = (float)r.r_pt,
            .noise_pt = (float)sqrt(residual_variance(noise, &r)),
            .mark_pt = (float)r.mark_pt};
        unit_reading_judge(&out->unit[u], noise->still);
    }
    page_reading_sum(out, reader->noise);
}

static size_t words_seen(const struct word_readings *words)
{
    size_t seen = 0;
    for (size_t i = 0; i < words->words - words->loose; i++) {
        seen += words->word[i].is_seen;
    }
    return seen;
}

static void noises_fit(struct reader *reader, bool is_last)
{
    for (int axis = 0; axis < MARK_AXES; axis++) {
        size_t count = residuals_fill(reader, axis, reader->residual);
        reader->noise[axis] = is_last ? noise_fit_still(reader->residual, count)
                                      : noise_fit(reader->residual, count);
    }
}

static void voices_fill(struct reader *reader)
{
    for (size_t i = 0; i < reader->words.words; i++) {
        const struct word_reading *word = &reader->words.word[i];
        reader->voice[i] =
            (struct near_voice){.x_pt = word->x_pt - reader->expected[i].x,
                                .y_pt = word->y_pt - reader->expected[i].y,
                                .var_x = word->var_x,
                                .var_y = word->var_y,
                                .brevity = brevity_of(reader, i)};
    }
    for (uint32_t u = 0; u < reader->page->units; u++) {
        const struct mark_unit *unit = &reader->page->unit[u];
        struct near_voice *voice = &reader->voice[unit->word];
        const struct unit_place *place = &reader->places.unit[u];
        double doubt = 1 - reader->guess[u] * reader->guess[u];
        double variance =
            doubt * place->mark_pt * place->mark_pt + place->either;
        voice->doubt_x += variance * (double)unit->ux * (double)unit->ux;
        voice->doubt_y += variance * (double)unit->uy * (double)unit->uy;
    }
}

static struct near_unit near_unit_of(const struct reader *reader, uint32_t u)
{
    const struct mark_unit *unit = &reader->page->unit[u];
    const struct word_reading *word = &reader->words.word[unit->word];
    double ux = (double)unit->ux;
    double uy = (double)unit->uy;
    return (struct near_unit){unit->word, ux, uy,
                              word->x_pt * ux + word->y_pt * uy -
                                  reader->places.unit[u].centre_pt,
                              residual_of(reader, u)};
}

/* Take out of the units of one axis what they have in common with the words
 * right around them. */
static enum sting_status nears_remove(struct reader *reader, int axis)
{
    size_t count = 0;
    for (uint32_t u = 0; u < reader->page->units; u++) {
        if (unit_counts(reader, u, axis)) {
            reader->unit[count++] = near_unit_of(reader, u);
        }
    }
    enum sting_status status =
        near_remove(&reader->near, reader->voice, &reader->noise[axis],
                    reader->unit, count);
    count = 0;
    for (uint32_t u = 0; !status && u < reader->page->units; u++) {
        if (unit_counts(reader, u, axis)) {
            reader->trended[u] = reader->unit[count++].residual.r_pt;
        }
    }
    return status;
}

/* One round: trends, noise, what is near, and the noise that is left. The
 * first knows no sign, and asks no neighbour; pages with cells have a field
 * of their own. */
static enum sting_status reader_round(struct reader *reader, int round)
{
    bool is_last = round + 1 == ROUNDS;
    enum sting_status status = STING_OK;
    trends_remove(reader);
    edges_remove(reader);
    noises_fit(reader, is_last);
    if (round > 0 && !reader->cells.cell) {
        voices_fill(reader);
        status = nears_remove(reader, MARK_ALONG);
        status = status ? status : nears_remove(reader, MARK_ACROSS);
        noises_fit(reader, is_last);
    }
    return status;
}

static enum sting_status rounds_run(struct reader *reader)
{
    enum sting_status status = STING_OK;
    for (int round = 0; !status && round < ROUNDS; round++) {
        status = reader_round(reader, round);
        if (!status && round + 1 < ROUNDS) {
            expect(reader);
        }
    }
    return status;
}

/* Units whose letters are known, as they were read beside the trend. */
static size_t column_units_fill(const struct reader *reader,
                                struct column_unit *out)
{
    size_t count = 0;
    for (uint32_t u = 0; u < reader->page->units; u++) {
        const struct mark_unit *unit = &reader->page->unit[u];
        if (unit_counts(reader, u, MARK_ALONG) &&
            place_has_letters(&reader->places, unit)) {
            out[count] =
                (struct column_unit){unit->word, unit->ux > 0 ? 1 : -1,
                                     residual_of(reader, u), reader->guess[u]};
            out[count].residual.r_pt += reader->places.unit[u].centre_pt;
            out[count++].residual.mark_pt = (double)unit->shift_pt;
        }
    }
    return count;
}

/* Columns of a screen, found or placed more exactly; is there anything new? */
static enum sting_status columns_look(struct reader *reader, bool *is_new)
{
    struct places *places = &reader->places;
    struct column_unit *unit =
        calloc((size_t)reader->page->units + 1, sizeof *unit);
    struct grid columns = places->columns;
    if (!unit) {
        return STING_E_NOMEM;
    }
    guess(reader);
    struct column_view view = {&places->letters, unit,
                               column_units_fill(reader, unit),
                               reader->noise[MARK_ALONG]};
    enum sting_status status = STING_OK;
    *is_new = places->has_columns;
    if (places->has_columns) {
        columns_sharpen(&view, &columns);
    } else {
        status = columns_find(&view, &columns, is_new);
    }
    if (!status && *is_new) {
        places_put(places, reader->page, &columns);
    }
    free(unit);
    return status;
}

/* Rows of a screen whose columns are known. */
static enum sting_status rows_look(struct reader *reader)
{
    struct places *places = &reader->places;
    double *across = calloc(reader->words.words + 1, sizeof *across);
    struct grid rows = {0};
    bool is_found = false;
    if (!across) {
        return STING_E_NOMEM;
    }
    for (uint32_t u = 0; u < reader->page->units; u++) {
        const struct mark_unit *unit = &reader->page->unit[u];
        if (unit->axis == MARK_ACROSS && place_has_letters(places, unit)) {
            across[unit->word] = (double)unit->shift_pt;
        }
    }
    enum sting_status status =
        rows_find(&reader->words, &places->letters, across,
                  places->columns.pitch_pt, &rows, &is_found);
    if (!status && is_found) {
        places_put(places, reader->page, &rows);
    }
    free(across);
    return status;
}

/* Read again where a screen's columns are seen, and again with them placed by
 * what that told. */
static enum sting_status columns_run(struct reader *reader)
{
    bool is_new = reader->places.letters.letters > 0;
    enum sting_status status = STING_OK;
    for (int look = 0; !status && is_new && look < LOOKS; look++) {
        status = columns_look(reader, &is_new);
        if (!status && is_new && look == 0) {
            status = rows_look(reader);
        }
        if (!status && is_new) {
            expect(reader);
            status = rounds_run(reader);
        }
    }
    return status;
}

static enum sting_status reader_run(struct reader *reader,
                                    struct page_reading *out)
{
    if (words_seen(&reader->words) < FEWEST) {
        return STING_OK;
    }
    enum sting_status status = rounds_run(reader);
    status = status ? status : columns_run(reader);
    if (!status) {
        reading_fill(reader, out);
    }
    return status;
}

static enum sting_status reader_init(struct reader *reader,
                                     const struct plane *original,
                                     const struct mark_letters *letters)
{
    size_t units = (size_t)reader->page->units + 1;
    size_t words = reader->words.words + 1;
    reader->trended = calloc(units, sizeof *reader->trended);
    reader->expected = calloc(words, sizeof *reader->expected);
    reader->residual = calloc(units, sizeof *reader->residual);
    reader->guess = calloc(units, sizeof *reader->guess);
    reader->voice = calloc(words, sizeof *reader->voice);
    reader->unit = calloc(units, sizeof *reader->unit);
    reader->sample = calloc(units, sizeof *reader->sample);
    if (!reader->trended || !reader->expected || !reader->residual ||
        !reader->guess || !reader->voice || !reader->unit || !reader->sample) {
        return STING_E_NOMEM;
    }
    enum sting_status status =
        field_cells_init(&reader->cells, original, MARK_READ_DPI, reader->page);
    status = status ? status
                    : edges_init(&reader->edges, original, MARK_READ_DPI,
                                 reader->words.blur_px, reader->page);
    status = status ? status : near_words_init(&reader->near, &reader->words);
    status = status ? status
                    : places_init(&reader->places, reader->page, &reader->cells,
                                  &reader->words);
    if (!status && letters && !reader->cells.cell) {
        status = grid_words_init(&reader->places.letters, &reader->words,
                                 letters, original, MARK_READ_DPI);
    }
    return status;
}

enum sting_status mark_read(const struct photo *photo,
                            const struct page_map *map,
                            const struct plane *original,
                            const struct mark_page *page,
                            const struct mark_letters *letters,
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
    status =
        made.unit ? reader_init(&reader, original, letters) : STING_E_NOMEM;
    made.blur_pt = reader.words.blur_px * 72 / MARK_READ_DPI;
    status = status ? status : reader_run(&reader, &made);
    if (status) {
        return status;
    }
    *out = made;
    made = (struct page_reading){0};
    return STING_OK;
}
