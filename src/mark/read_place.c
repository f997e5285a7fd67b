#include "mark/read_place.h"

#include <math.h>
#include <stdlib.h>

#define LEVEL 0.999F

void places_release(struct places *places)
{
    free(places->unit);
    free(places->rest);
    grid_words_release(&places->letters);
    *places = (struct places){0};
}

enum sting_status places_init(struct places *out, const struct mark_page *page,
                              const struct field_cells *cells,
                              const struct word_readings *words)
{
    struct places made STING_AUTO(places_release) = {
        .unit = calloc((size_t)page->units + 1, sizeof *made.unit),
        .rest = calloc(words->words + 1, sizeof *made.rest)};
    if (!made.unit || !made.rest) {
        return STING_E_NOMEM;
    }
    for (uint32_t u = 0; u < page->units; u++) {
        made.unit[u].mark_pt = field_mark_pt(cells, page, u);
    }
    *out = made;
    made = (struct places){0};
    return STING_OK;
}

bool place_has_letters(const struct places *places,
                       const struct mark_unit *unit)
{
    float level = unit->axis == MARK_ALONG ? unit->ux : unit->uy;
    return places->letters.word && fabsf(level) > LEVEL &&
           places->letters.word[unit->word].letters > 0;
}

/* A unit that moves along the grid's direction. */
static struct unit_place put(const struct places *places,
                             const struct grid *grid,
                             const struct mark_unit *unit)
{
    double way = (double)(unit->axis == MARK_ALONG ? unit->ux : unit->uy);
    double sign = way > 0 ? 1 : -1;
    double mark = (double)unit->shift_pt;
    const struct grid_words *letters = &places->letters;
    struct grid_put at_one = grid_put(grid, letters, unit->word, sign * mark);
    struct grid_put at_zero = grid_put(grid, letters, unit->word, -sign * mark);
    double one = mark + sign * at_one.by_pt;
    double zero = -mark + sign * at_zero.by_pt;
    double rest = sign * grid_put(grid, letters, unit->word, 0).by_pt;
    double centre = 0.5 * (one + zero);
    return (struct unit_place){centre, 0.5 * (one - zero), rest - centre,
                               0.5 * (at_one.variance + at_zero.variance)};
}

static void rests_put(struct places *places, const struct grid *grid)
{
    for (size_t i = 0; i < places->letters.words; i++) {
        double by_pt = grid_put(grid, &places->letters, i, 0).by_pt;
        *(grid->kind == GRID_ROWS ? &places->rest[i].y : &places->rest[i].x) =
            by_pt;
    }
}

void places_put(struct places *places, const struct mark_page *page,
                const struct grid *grid)
{
    bool is_rows = grid->kind == GRID_ROWS;
    *(is_rows ? &places->rows : &places->columns) = *grid;
    *(is_rows ? &places->has_rows : &places->has_columns) = true;
    rests_put(places, grid);
    for (uint32_t u = 0; u < page->units; u++) {
        const struct mark_unit *unit = &page->unit[u];
        if (unit->axis == (is_rows ? MARK_ACROSS : MARK_ALONG) &&
            place_has_letters(places, unit)) {
            struct trend_point *rest = &places->rest[unit->word];
            places->unit[u] = put(places, grid, unit);
            *(is_rows ? &rest->y : &rest->x) = 0; /* its unit says */
        }
    }
}
