/*
 * read_near: what a word's place has in common with the words right around.
 *
 * Merged frames and uneven paper put places off by some hundredths of a point
 * over ten or twenty points: too short for a trend (read_trend), long enough
 * for the next words to show it. How strong and how far is the likeliest of a
 * grid, none among it. The word itself is left out of what is said of it.
 *
 * Source: simple kriging; Matheron, Economic Geology 58 (1963).
 */
#ifndef STING_MARK_READ_NEAR_H
#define STING_MARK_READ_NEAR_H

#include "mark/read_noise.h"
#include "mark/read_words.h"

#define NEAR_MOST 12 /* words asked about one */

struct near_place {
    double x, y, width, height; /* of its box, points */
    uint32_t nears;
    uint32_t near[NEAR_MOST]; /* words, nearest first */
    double away[NEAR_MOST];   /* squared, points */
};

struct near_words {
    struct near_place *place; /* owned; by word */
    size_t words;
};

void near_words_release(struct near_words *near);

/* Which of the words that were measured lie around each of them. The caller
 * releases *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status near_words_init(
    struct near_words *out, const struct word_readings *words);

/* How a word was displaced beside the mark that it seems to have; and the
 * variance of that mark, as far as its sign is in doubt. */
struct near_voice {
    double x_pt, y_pt;
    double var_x, var_y; /* by the pixels' noise */
    double brevity;      /* as residuals have it */
    double doubt_x, doubt_y;
};

/* One unit of which something is to be taken out. */
struct near_unit {
    uint32_t word;
    double ux, uy;
    double moved_pt; /* its word's displacement along it */
    struct residual residual;
};

/* Take out of each residual what the words around have in common with it.
 * Voices are by word, of those that were measured. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status near_remove(const struct near_words *near,
                                             const struct near_voice *voice,
                                             const struct noise *noise,
                                             struct near_unit *unit,
                                             size_t units);

#endif
