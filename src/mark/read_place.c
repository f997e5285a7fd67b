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
    return places->letters.word && unit->axis == MARK_ALONG &&
           fabsf(unit->ux) > LEVEL &&
           places->letters.word[unit->word].letters > 0;
}

/* A unit on a level line. */
static struct unit_place put(const struct places *places,
                             const struct mark_unit *unit)
{
    double right = unit->ux > 0 ? 1 : -1;
    double mark = (double)unit->shift_pt;
    const struct grid_words *letters = &places->letters;
    const struct grid *columns = &places->columns;
    struct grid_put at_one =
        grid_put(columns, letters, unit->word, right * mark);
    struct grid_put at_zero =
        grid_put(columns, letters, unit->word, -right * mark);
    double one = mark + right * at_one.by_pt;
    double zero = -mark + right * at_zero.by_pt;
    double rest = right * grid_put(columns, letters, unit->word, 0).by_pt;
    double centre = 0.5 * (one + zero);
    return (struct unit_place){centre, 0.5 * (one - zero), rest - centre,
                               0.5 * (at_one.variance + at_zero.variance)};
}

void places_put(struct places *places, const struct mark_page *page,
                const struct grid *columns)
{
    places->columns = *columns;
    places->has_columns = true;
    for (size_t i = 0; i < places->letters.words; i++) {
        places->rest[i].x = grid_put(columns, &places->letters, i, 0).by_pt;
    }
    for (uint32_t u = 0; u < page->units; u++) {
        const struct mark_unit *unit = &page->unit[u];
        if (place_has_letters(places, unit)) {
            places->unit[u] = put(places, unit);
            places->rest[unit->word].x = 0; /* its unit says */
        }
    }
}
