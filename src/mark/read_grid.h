/*
 * read_grid: where a screen puts the letters of a word.
 *
 * Many viewers put every letter on a whole pixel: it goes to the nearest
 * column, so that a word of few letters is displaced by up to half a pixel.
 * With the columns known (read_columns), the displacement that a word has as
 * a one, and as a zero, can be foretold. Letters that stand in the middle
 * between two columns, as near as copies and viewers round, may go either way.
 * Rows do to baselines what columns do to letters.
 *
 * Limits: of a word the letters are known whose origin is within its box and
 * whose baseline is near its foot.
 */
#ifndef STING_MARK_READ_GRID_H
#define STING_MARK_READ_GRID_H

#include "base/plane.h"
#include "mark/letters.h"
#include "mark/read_words.h"

enum grid_kind { GRID_COLUMNS, GRID_ROWS };

/* Columns stand at (k - phase) * pitch_pt from the page's left edge, k whole;
 * rows from its upper one. */
struct grid {
    double pitch_pt;
    double phase;
    enum grid_kind kind;
    double either_pt; /* so near the middle a letter may go either way */
};

#define GRID_EITHER_PT 0.02 /* as copies and viewers round */

/* A letter's origin, and its share in what a word's displacement is read
 * from: its slopes along the line, squared, as Gauss and Newton weigh them. */
struct grid_letter {
    double x_pt, y_pt, share;
};

struct grid_word {
    size_t first, letters; /* in grid_words.letter; none: not known */
    double lean_pt;        /* as if it were so much further down, for rows */
};

struct grid_words {
    struct grid_word *word; /* owned; as word_readings.word */
    size_t words;
    struct grid_letter *letter; /* owned */
    size_t letters;
};

void grid_words_release(struct grid_words *words);

/* The letters of each word that was measured; `original` is the page rendered
 * at `dpi`. The caller releases *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status grid_words_init(
    struct grid_words *out, const struct word_readings *words,
    const struct mark_letters *letters, const struct plane *original,
    double dpi);

/* How far to the right columns put a word beside where it was to be, or down
 * rows, and the variance of that by letters that may go either way. */
struct grid_put {
    double by_pt;
    double variance;
};

/* Of a word that was to be moved_pt to the right of its place in the original,
 * or down; nothing where its letters are not known. */
struct grid_put grid_put(const struct grid *grid,
                         const struct grid_words *words, size_t word,
                         double moved_pt);

#endif
