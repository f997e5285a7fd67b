#include "mark/read_rows.h"

#include <math.h>
#include <stdlib.h>

#include "mark/read_noise.h"

#define NEAR_PT 40.0
#define FAR_PT 80.0 /* words beyond are not asked */
#define FEWEST_WORDS 24
#define SURE 25.0 /* log likelihood that rows must gain */
#define PHASES 100
#define PITCHES 4       /* each way, */
#define PITCH_STEP 0.04 /* of a row */
#define LEANS 4
#define LEAN_STEP_PT 0.01
#define LEAN_PT 0.015   /* so far a baseline is rounded otherwise, deviation */
#define EITHER_PT 0.003 /* a baseline is the same for all of its line */

static const double floor_table[] = {0.025, 0.04, 0.065, 0.1, 0.15};
#define FLOORS (sizeof floor_table / sizeof *floor_table)

/* A word's share in the mean around another one. */
struct neighbour {
    size_t word;
    double share;
};

/* What rows are found from. */
struct view {
    const struct word_readings *words;
    struct grid_words *letters;
    const double *across_pt;
    size_t *first;               /* owned: by word, of neighbour; one more */
    struct neighbour *neighbour; /* owned */
    double *beside_pt; /* owned: by word, against the words around it */
    double *put_pt;    /* owned: by word, room for one grid's */
    size_t asked;
    uint16_t last_line;
};

static void view_release(struct view *view)
{
    free(view->first);
    free(view->neighbour);
    free(view->beside_pt);
    free(view->put_pt);
}

static bool is_asked(const struct view *view, size_t i)
{
    return view->words->word[i].is_seen && view->letters->word[i].letters > 0;
}

static double middle(float low, float high)
{
    return 0.5 * ((double)low + (double)high);
}

static double weight_of(const struct word_reading *a,
                        const struct word_reading *b)
{
    double x = middle(a->x0_pt, a->x1_pt) - middle(b->x0_pt, b->x1_pt);
    double y = middle(a->y0_pt, a->y1_pt) - middle(b->y0_pt, b->y1_pt);
    double square = x * x + y * y;
    return square > FAR_PT * FAR_PT ? 0
                                    : exp(-0.5 * square / (NEAR_PT * NEAR_PT));
}

/* The words around one, shares adding up to one; gives how many. out may be
 * NULL. */
static size_t neighbours_fill(const struct view *view, size_t of,
                              struct neighbour *out)
{
    const struct word_reading *word = view->words->word;
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; is_asked(view, of) && i < view->words->words; i++) {
        double weight =
            i != of && is_asked(view, i) ? weight_of(&word[of], &word[i]) : 0;
        if (weight > 0 && out) {
            out[count] = (struct neighbour){i, weight};
        }
        count += weight > 0;
        sum += weight;
    }
    for (size_t k = 0; out && k < count; k++) {
        out[k].share /= sum;
    }
    return count;
}

static bool is_weighed(const struct view *view, size_t i)
{
    return view->first[i + 1] > view->first[i];
}

/* A value of the words around one, in the mean. */
static double around(const struct view *view, size_t i, const double *value)
{
    double sum = 0;
    for (size_t k = view->first[i]; k < view->first[i + 1]; k++) {
        sum += view->neighbour[k].share * value[view->neighbour[k].word];
    }
    return sum;
}

static void places_fill(struct view *view)
{
    for (size_t i = 0; i < view->words->words; i++) {
        view->put_pt[i] = view->words->word[i].y_pt;
    }
    for (size_t i = 0; i < view->words->words; i++) {
        view->beside_pt[i] = view->put_pt[i] - around(view, i, view->put_pt);
        view->asked += is_weighed(view, i);
        uint16_t line = view->words->word[i].line;
        if (line < UINT16_MAX && line > view->last_line) {
            view->last_line = line;
        }
    }
}

static enum sting_status view_init(struct view *view)
{
    size_t words = view->words->words;
    view->first = calloc(words + 1, sizeof *view->first);
    view->beside_pt = calloc(words + 1, sizeof *view->beside_pt);
    view->put_pt = calloc(words + 1, sizeof *view->put_pt);
    if (!view->first || !view->beside_pt || !view->put_pt) {
        return STING_E_NOMEM;
    }
    for (size_t i = 0; i < words; i++) {
        view->first[i + 1] = view->first[i] + neighbours_fill(view, i, NULL);
    }
    view->neighbour = calloc(view->first[words] + 1, sizeof *view->neighbour);
    if (!view->neighbour) {
        return STING_E_NOMEM;
    }
    for (size_t i = 0; i < words; i++) {
        (void)neighbours_fill(view, i, view->neighbour + view->first[i]);
    }
    places_fill(view);
    return STING_OK;
}

static double most_of(const double sum[FLOORS])
{
    double most = -INFINITY;
    for (size_t f = 0; f < FLOORS; f++) {
        most = fmax(most, sum[f]);
    }
    return most;
}

/* What a word says that may be at either place. rows may be NULL: none. */
static void word_weigh(const struct view *view, const struct grid *rows,
                       size_t i, double sum[FLOORS])
{
    double across = view->across_pt[i];
    struct grid_put down = {0};
    struct grid_put up = {0};
    double at = view->beside_pt[i];
    if (rows) {
        down = grid_put(rows, view->letters, i, across);
        up = grid_put(rows, view->letters, i, -across);
        at += around(view, i, view->put_pt);
    }
    double own =
        view->words->word[i].var_y + 0.5 * (down.variance + up.variance);
    for (size_t f = 0; f < FLOORS; f++) {
        double variance = floor_table[f] * floor_table[f] + own;
        sum[f] += noise_log_even(at - across - down.by_pt, variance,
                                 at + across - up.by_pt, variance);
    }
}

/* log likelihood by the likeliest floor. rows may be NULL: none. */
static double likelihood(const struct view *view, const struct grid *rows)
{
    double sum[FLOORS] = {0};
    for (size_t i = 0; rows && i < view->words->words; i++) {
        view->put_pt[i] =
            is_asked(view, i) ? grid_put(rows, view->letters, i, 0).by_pt : 0;
    }
    for (size_t i = 0; i < view->words->words; i++) {
        if (is_weighed(view, i)) {
            word_weigh(view, rows, i, sum);
        }
    }
    return most_of(sum);
}

static double middle_of(const struct grid_words *letters)
{
    double low = INFINITY;
    double high = -INFINITY;
    for (size_t i = 0; i < letters->letters; i++) {
        low = fmin(low, letters->letter[i].y_pt);
        high = fmax(high, letters->letter[i].y_pt);
    }
    return 0.5 * (low + high);
}

/* The likeliest rows, about so far apart; gives how likely. The pitch is tried
 * around what columns say, by how it moves rows at the page's upper end. */
static double rows_search(const struct view *view, double pitch_pt,
                          struct grid *out)
{
    double most = -INFINITY;
    double middle_rows = fmax(middle_of(view->letters), 1) / pitch_pt;
    for (int i = 0; i < PHASES; i++) {
        for (int k = -PITCHES; k <= PITCHES; k++) {
            double turn = 1 + k * PITCH_STEP / middle_rows;
            double phase = (double)i / PHASES + middle_rows * (1 - turn);
            const struct grid rows = {pitch_pt / turn, phase - floor(phase),
                                      GRID_ROWS, EITHER_PT};
            double likely = likelihood(view, &rows);
            if (likely > most) {
                most = likely;
                *out = rows;
            }
        }
    }
    return most;
}

static bool is_on(const struct view *view, size_t i, uint16_t line)
{
    return view->words->word[i].line == line && is_asked(view, i);
}

/* How likely its words make a line that leans so far. */
static double line_lean(const struct view *view, const struct grid *rows,
                        uint16_t line, double lean_pt)
{
    double sum[FLOORS] = {0};
    for (size_t i = 0; i < view->words->words; i++) {
        if (is_on(view, i, line)) {
            view->letters->word[i].lean_pt = lean_pt;
            view->put_pt[i] = grid_put(rows, view->letters, i, 0).by_pt;
        }
    }
    for (size_t i = 0; i < view->words->words; i++) {
        if (is_on(view, i, line) && is_weighed(view, i)) {
            word_weigh(view, rows, i, sum);
        }
    }
    return most_of(sum) - 0.5 * pow(lean_pt / LEAN_PT, 2);
}

/* A line whose baseline is as good as in the middle between two rows: its
 * words tell together which one it went to. */
static void lines_lean(const struct view *view, const struct grid *rows)
{
    for (uint16_t line = 0; line <= view->last_line; line++) {
        double lean_pt = 0;
        double most = line_lean(view, rows, line, 0);
        for (int i = -LEANS; i <= LEANS; i++) {
            double likely = line_lean(view, rows, line, i * LEAN_STEP_PT);
            if (likely > most) {
                most = likely;
                lean_pt = i * LEAN_STEP_PT;
            }
        }
        (void)line_lean(view, rows, line, lean_pt);
    }
}

enum sting_status rows_find(const struct word_readings *words,
                            struct grid_words *letters, const double *across_pt,
                            double pitch_pt, struct grid *out, bool *is_found)
{
    struct view view STING_AUTO(view_release) = {
        .words = words, .letters = letters, .across_pt = across_pt};
    enum sting_status status = view_init(&view);
    *is_found = false;
    if (status || view.asked < FEWEST_WORDS) {
        return status;
    }
    *is_found =
        rows_search(&view, pitch_pt, out) > likelihood(&view, NULL) + SURE;
    if (*is_found) {
        lines_lean(&view, out);
    }
    return STING_OK;
}
