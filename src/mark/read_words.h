/*
 * read_words: the displacement of every word of a page in a photograph.
 */
#ifndef STING_MARK_READ_WORDS_H
#define STING_MARK_READ_WORDS_H

#include "image/page_map.h"
#include "mark/unit.h"

struct word_reading {
    float x0_pt, y0_pt, x1_pt, y1_pt;
    uint16_t line;
    bool is_cell;      /* of a drawing or a scan: it has neighbours all round */
    bool is_loose;     /* ink of no unit: it is where the original has it */
    bool is_seen;      /* what follows was measured */
    double x_pt, y_pt; /* displacement on the page */
    double var_x, var_y; /* its variance by the pixels' noise, pt^2 */
};

struct word_readings {
    struct word_reading *word; /* owned; by the units' word numbers, and loose
                                  ink behind them */
    size_t words;
    size_t loose;   /* of those */
    double blur_px; /* of the photograph at MARK_READ_DPI */
};

void word_readings_release(struct word_readings *readings);

/* `original` is rendered at `dpi`. The caller releases *out.
 * Fails: E_ARG, E_NOMEM. */
STING_MUST_USE enum sting_status word_readings_init(
    struct word_readings *out, const struct photo *photo,
    const struct page_map *map, const struct plane *original, double dpi,
    const struct mark_page *page);

#endif
