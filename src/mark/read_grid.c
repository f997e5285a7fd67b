#include "mark/read_grid.h"

#include <math.h>
#include <stdlib.h>

#define BESIDE_PT 1.5F /* an origin may be so far left of its word's ink */
#define BELOW_PT 3.0F  /* a baseline so far below it */

void grid_words_release(struct grid_words *words)
{
    free(words->word);
    free(words->letter);
    *words = (struct grid_words){0};
}

static bool is_of_word(const struct pdf_letter *letter,
                       const struct word_reading *word)
{
    return letter->x_pt >= word->x0_pt - BESIDE_PT &&
           letter->x_pt < word->x1_pt && letter->y_pt >= word->y0_pt &&
           letter->y_pt <= word->y1_pt + BELOW_PT;
}

static int by_place(const void *a, const void *b)
{
    double x = ((const struct grid_letter *)a)->x_pt;
    double y = ((const struct grid_letter *)b)->x_pt;
    return (x > y) - (x < y);
}

static int held(double v, int low, int high)
{
    return v < low ? low : v > high ? high : (int)v;
}

/* Of what a word's box has between two places: the sum of its slopes along the
 * line, squared. */
static double slopes(const struct plane *original, double px_per_pt,
                     const struct word_reading *word, double from_pt,
                     double to_pt)
{
    int x0 = held(from_pt * px_per_pt, 1, original->width_px - 1);
    int x1 = held(to_pt * px_per_pt, 1, original->width_px - 1);
    int y0 = held((double)word->y0_pt * px_per_pt, 0, original->height_px);
    int y1 = held((double)word->y1_pt * px_per_pt, 0, original->height_px);
    double sum = 0;
    for (int y = y0; y < y1; y++) {
        const uint8_t *row = plane_row(original, y);
        for (int x = x0; x < x1; x++) {
            int slope = row[x + 1] - row[x - 1];
            sum += slope * slope;
        }
    }
    return sum;
}

/* Each letter has the ink up to the next one. */
static void shares_fill(struct grid_letter *letter, size_t letters,
                        const struct word_reading *word,
                        const struct plane *original, double px_per_pt)
{
    double sum = 0;
    for (size_t i = 0; i < letters; i++) {
        double to = i + 1 < letters ? letter[i + 1].x_pt : (double)word->x1_pt;
        letter[i].share = slopes(original, px_per_pt, word, letter[i].x_pt, to);
        sum += letter[i].share;
    }
    for (size_t i = 0; i < letters; i++) {
        letter[i].share =
            sum > 0 ? letter[i].share / sum : 1.0 / (double)letters;
    }
}

/* The word's letters, of which there are as many as it gives: none where any of
 * them is a picture. out may be NULL. */
static size_t letters_pick(const struct mark_letters *letters,
                           const struct word_reading *word,
                           struct grid_letter *out)
{
    size_t count = 0;
    for (size_t i = 0; i < letters->letters; i++) {
        if (!is_of_word(&letters->letter[i], word)) {
            continue;
        }
        if (letters->letter[i].is_picture) {
            return 0;
        }
        if (out) {
            out[count].x_pt = (double)letters->letter[i].x_pt;
            out[count].y_pt = (double)letters->letter[i].y_pt;
        }
        count++;
    }
    return count;
}

static void letters_count(struct grid_words *made,
                          const struct word_readings *words,
                          const struct mark_letters *letters)
{
    for (size_t i = 0; i < words->words; i++) {
        const struct word_reading *word = &words->word[i];
        bool is_looked_at = word->is_seen && !word->is_cell;
        size_t count = is_looked_at ? letters_pick(letters, word, NULL) : 0;
        made->word[i] = (struct grid_word){made->letters, count, 0};
        made->letters += count;
    }
}

enum sting_status grid_words_init(struct grid_words *out,
                                  const struct word_readings *words,
                                  const struct mark_letters *letters,
                                  const struct plane *original, double dpi)
{
    struct grid_words made STING_AUTO(grid_words_release) = {
        .word = calloc(words->words + 1, sizeof *made.word),
        .words = words->words};
    if (!made.word) {
        return STING_E_NOMEM;
    }
    letters_count(&made, words, letters);
    made.letter = calloc(made.letters + 1, sizeof *made.letter);
    if (!made.letter) {
        return STING_E_NOMEM;
    }
    for (size_t i = 0; i < words->words; i++) {
        const struct grid_word *w = &made.word[i];
        struct grid_letter *letter = made.letter + w->first;
        if (w->letters > 0) {
            (void)letters_pick(letters, &words->word[i], letter);
            qsort(letter, w->letters, sizeof *letter, by_place);
            shares_fill(letter, w->letters, &words->word[i], original,
                        dpi / 72);
        }
    }
    *out = made;
    made = (struct grid_words){0};
    return STING_OK;
}

struct grid_put grid_put(const struct grid *grid,
                         const struct grid_words *words, size_t word,
                         double moved_pt)
{
    const struct grid_word *w = &words->word[word];
    struct grid_put put = {0};
    bool is_rows = grid->kind == GRID_ROWS;
    double lean = is_rows ? w->lean_pt : 0;
    for (size_t i = 0; i < w->letters; i++) {
        const struct grid_letter *letter = &words->letter[w->first + i];
        double from = is_rows ? letter->y_pt : letter->x_pt;
        double at = (from + moved_pt + lean) / grid->pitch_pt + grid->phase;
        double part = at - floor(at);
        double past_pt = (part - 0.5) * grid->pitch_pt;
        double up = 0.5 + 0.5 * past_pt / grid->either_pt;
        double reach_pt = letter->share * grid->pitch_pt;
        up = fmin(fmax(up, 0), 1);
        put.by_pt += reach_pt * (up - part) + letter->share * lean;
        put.variance += reach_pt * reach_pt * up * (1 - up);
    }
    return put;
}
