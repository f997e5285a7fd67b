/* Which cells of a page follow its copies: trial copies are written, rendered
 * and measured. */
#include "mark/cell_trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/align.h"
#include "image/filter.h"
#include "mark/budget.h"
#include "mark/cell.h"
#include "mark/motion.h"

#define DPI 200.0 /* of the renderings: 60 pixels a cell, 30 a small one */
#define SPAN 2    /* pixels each way for slopes */
#define LEAST_SLOPE 4e5  /* squares summed: part of a thin black line */
#define FULL_SLOPE 6.4e7 /* of what is not faint at all */
#define LEAST_UNITS 24   /* a page; fewer cannot name a copy */
#define LEAST_CELLS 8    /* units of a page of few words, beside these */
#define SHIFT_PT 3.0     /* over the root of the number of units, or if more: */
#define FEW_SHIFT_PT 50.0  /* over the number; within: */
#define MOST_SHIFT_PT 0.30 /* in the mean a cell moves as words do, by 0.20 */
#define MARGIN_PX 14
#define BLUR_PX 1.0
#define ROUNDS 6
#define REACH_PX 3.0
#define LEAST_MOVED 0.25 /* of its shift, of a cell that follows the field */
#define MOST_MOVED 1.4
#define LEAST_FIT 0.5
#define TRIALS 2       /* what neighbours do is taken out by the second */
#define LEAST_GAIN 0.7 /* what is drawn keeps its contrast */
#define MOST_GAIN 1.4

void cell_trial_release(struct cell_trial *trial)
{
    free(trial->sign);
    free(trial->moved);
    plane_release(&trial->before);
    plane_release(&trial->after);
}

/* Squares of slopes across and down, summed over a cell. */
static void slopes(const struct cell_trial *trial, int x0, int y0,
                   double sum[2])
{
    const struct plane *plane = &trial->before;
    uint64_t across = 0, down = 0;
    for (int y = y0; y < y0 + trial->cell_px; y++) {
        for (int x = x0; x < x0 + trial->cell_px; x++) {
            if (x < SPAN || y < SPAN || x + SPAN >= plane->width_px ||
                y + SPAN >= plane->height_px) {
                continue;
            }
            int a =
                plane_row(plane, y)[x + SPAN] - plane_row(plane, y)[x - SPAN];
            int d =
                plane_row(plane, y + SPAN)[x] - plane_row(plane, y - SPAN)[x];
            across += (uint64_t)(a * a);
            down += (uint64_t)(d * d);
        }
    }
    sum[0] = (double)across;
    sum[1] = (double)down;
}

/* A picture's noise is over the root of the slopes. */
static uint8_t faint(double slope)
{
    double octaves = 0.5 * log2(FULL_SLOPE / slope);
    return (uint8_t)fmin(fmax(round(octaves * MARK_FAINT_OCTAVE), 0),
                         MARK_FAINTS - 1);
}

static void add_unit(struct cell_trial *trial, int column, int row,
                     uint32_t word, enum mark_axis axis, double slope)
{
    struct mark_page *page = trial->page;
    float side = trial->cell_pt;
    page->unit[page->units++] = (struct mark_unit){
        .x0_pt = (float)column * side,
        .y0_pt = (float)row * side,
        .x1_pt = (float)(column + 1) * side,
        .y1_pt = (float)(row + 1) * side,
        .ux = axis == MARK_CELL_X ? 1 : 0,
        .uy = axis == MARK_CELL_Y ? 1 : 0,
        .word = (uint16_t)word,
        .line = UINT16_MAX,
        .axis = (uint8_t)axis,
        .faint = trial->is_picture ? 0 : faint(slope),
    };
}

/* The axes along which this cell would be seen to move. */
static void add_cell(struct cell_trial *trial, int column, int row,
                     uint32_t word)
{
    double slope[2];
    slopes(trial, column * trial->cell_px, row * trial->cell_px, slope);
    for (int axis = 0; axis < 2; axis++) {
        if (slope[axis] > LEAST_SLOPE) {
            add_unit(trial, column, row, word, axis ? MARK_CELL_Y : MARK_CELL_X,
                     slope[axis]);
        }
    }
}

/* Whole cells of the page in which something is drawn, behind its words. */
static enum sting_status add_candidates(struct cell_trial *trial, uint32_t word)
{
    struct mark_page *page = trial->page;
    int columns = (int)(page->width_pt / trial->cell_pt);
    int rows = (int)(page->height_pt / trial->cell_pt);
    uint32_t cells = (uint32_t)columns * (uint32_t)rows;
    if (columns < 1 || rows < 1 || columns > 1000 || rows > 1000 ||
        page->units + 2 * cells > MARK_MOST_UNITS ||
        word + cells > UINT16_MAX) {
        return STING_OK;
    }
    void *grown = reallocarray(page->unit, page->units + 2 * (size_t)cells + 1,
                               sizeof *page->unit);
    if (!grown) {
        return STING_E_NOMEM;
    }
    page->unit = grown;
    for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++, word++) {
            add_cell(trial, column, row, word);
        }
    }
    return STING_OK;
}

/* Many cells need each to move but little: those of one page tell together what
 * they tell by the squares of their shifts; small ones as many as have their
 * area, since that is what is drawn in them. Hundredths of a point. */
static void choose_shift(struct cell_trial *trial)
{
    struct mark_page *page = trial->page;
    double part = (double)(trial->cell_pt / MARK_CELL_PT);
    double units = (double)(page->units - trial->words) * part * part;
    double shift = fmax(SHIFT_PT / sqrt(units), FEW_SHIFT_PT / units);
    shift = fmin(shift, MOST_SHIFT_PT);
    shift = round(fmax(shift, trial->least_pt) * 100) / 100;
    for (uint32_t u = trial->words; u < page->units; u++) {
        page->unit[u].shift_pt = (float)shift;
    }
}

/* Signs as good as random, the same each time. The generator is that of
 * Numerical Recipes. */
static enum sting_status draw_signs(struct cell_trial *trial)
{
    uint32_t state = trial->page->units;
    trial->sign = calloc((size_t)trial->page->units + 1, 1);
    trial->moved = calloc((size_t)trial->page->units + 1, sizeof *trial->moved);
    if (!trial->sign || !trial->moved) {
        return STING_E_NOMEM;
    }
    for (uint32_t u = trial->words; u < trial->page->units; u++) {
        state = state * 1664525 + 1013904223;
        trial->sign[u] = state >> 31 ? 1 : -1;
    }
    return STING_OK;
}

/* Write a copy of this page alone; `words` of its text move too. */
static enum sting_status write_trial(struct cell_trial *trial,
                                     struct pdf_file *file, int number,
                                     uint32_t words, struct buffer *out,
                                     struct fault *fault)
{
    struct mark_motion motion STING_AUTO(mark_motion_release) = {0};
    struct pdf_moves *moves =
        calloc((size_t)pdf_file_pages(file), sizeof *moves);
    enum sting_status status =
        moves ? mark_motion_make(trial->page, trial->sign, words, &motion,
                                 &moves[number])
              : STING_E_NOMEM;
    if (!status) {
        moves[number].move = words > 0 ? moves[number].move : NULL;
        status = pdf_file_write(file, moves, out, fault);
    }
    free(moves);
    return status;
}

/* Render a copy in which cells alone move. */
static enum sting_status render(struct cell_trial *trial, struct pdf_file *file,
                                int number, double *growth, struct fault *fault)
{
    struct buffer copy STING_AUTO(buffer_release) = {0};
    struct pdf_file *read STING_AUTO(pdf_file_close) = NULL;
    enum sting_status status =
        write_trial(trial, file, number, 0, &copy, fault);
    if (!status) {
        *growth = (double)copy.size - (double)pdf_file_size(file);
        status = pdf_file_open(buffer_bytes(&copy), &read, fault);
    }
    plane_release(&trial->after);
    return status ? status
                  : pdf_file_render(read, number, DPI, &trial->after, fault);
}

static int held_inside(int at, int size)
{
    return at < 0 ? 0 : at >= size ? size - 1 : at;
}

static enum sting_status cut(const struct plane *plane, int cell_px, int x0,
                             int y0, struct plane_f *out)
{
    int side = cell_px + 2 * MARGIN_PX;
    enum sting_status status = plane_f_init(out, side, side);
    for (int y = 0; !status && y < side; y++) {
        int from_y = held_inside(y0 - MARGIN_PX + y, plane->height_px);
        for (int x = 0; x < side; x++) {
            int from_x = held_inside(x0 - MARGIN_PX + x, plane->width_px);
            plane_f_row(out, y)[x] =
                (float)plane_row(plane, from_y)[from_x] * (200 / 255.0F);
        }
    }
    return status;
}

/* How far the cell at (x0, y0) moved from before to after, in pixels. */
static enum sting_status look(const struct cell_trial *trial, int x0, int y0,
                              struct alignment *out, bool *is_found)
{
    struct plane_f before STING_AUTO(plane_f_release) = {0};
    struct plane_f after STING_AUTO(plane_f_release) = {0};
    struct align_reference reference STING_AUTO(align_reference_release) = {0};
    const struct box box = {MARGIN_PX, MARGIN_PX, MARGIN_PX + trial->cell_px,
                            MARGIN_PX + trial->cell_px};
    enum sting_status status =
        cut(&trial->before, trial->cell_px, x0, y0, &before);
    if (!status) {
        status = cut(&trial->after, trial->cell_px, x0, y0, &after);
    }
    if (!status) {
        status = plane_blur(&after, BLUR_PX);
    }
    if (!status) {
        status = align_reference_init(&reference, &before, BLUR_PX);
    }
    if (!status) {
        *out = (struct alignment){0};
        *is_found = align_box(&reference, &after, box, ROUNDS, REACH_PX, out) &&
                    out->fit > LEAST_FIT && out->gain > LEAST_GAIN &&
                    out->gain < MOST_GAIN;
    }
    return status;
}

/* Add to what the unit moved as its sign says; a unit that could not be
 * measured is none. */
static enum sting_status measure(struct cell_trial *trial, uint32_t u)
{
    const struct mark_unit *unit = &trial->page->unit[u];
    struct alignment found;
    bool is_found;
    enum sting_status status =
        look(trial, (int)lround((double)unit->x0_pt * DPI / 72),
             (int)lround((double)unit->y0_pt * DPI / 72), &found, &is_found);
    if (status) {
        return status;
    }
    double moved = unit->axis == MARK_CELL_X ? found.x : found.y;
    double part = moved * 72 / DPI * trial->sign[u] / (double)unit->shift_pt;
    trial->moved[u] += is_found ? part / TRIALS : NAN;
    return STING_OK;
}

/* Every other cell the other way, as on a chessboard: what a cell's neighbours
 * do to it is then the opposite of what it was. */
static void turn_every_other(struct cell_trial *trial)
{
    for (uint32_t u = trial->words; u < trial->page->units; u++) {
        const struct mark_unit *unit = &trial->page->unit[u];
        long column = lroundf(unit->x0_pt / trial->cell_pt);
        long row = lroundf(unit->y0_pt / trial->cell_pt);
        if ((column + row) % 2) {
            trial->sign[u] = (int8_t)-trial->sign[u];
        }
    }
}

/* Cells alone tell copies apart, or with the few words of the page. */
static bool are_enough(const struct cell_trial *trial, uint32_t kept)
{
    uint32_t cells = kept - trial->words;
    return trial->is_sparse ? cells >= LEAST_CELLS && kept >= LEAST_UNITS
                            : cells >= LEAST_UNITS;
}

/* Keep the cells that follow, if they are enough to tell copies apart. */
static void keep(struct cell_trial *trial)
{
    struct mark_page *page = trial->page;
    uint32_t kept = trial->words;
    for (uint32_t u = trial->words; u < page->units; u++) {
        if (trial->moved[u] > LEAST_MOVED && trial->moved[u] < MOST_MOVED) {
            page->unit[kept++] = page->unit[u];
        }
    }
    page->units = are_enough(trial, kept) ? kept : trial->words;
    choose_shift(trial);
}

/* Those words as far one way as they go, then the other, read by MuPDF. */
enum sting_status cell_trial_check_words(struct cell_trial *trial,
                                         struct pdf_file *file, int number,
                                         uint32_t words, struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (int way = -1; !status && way <= 1; way += 2) {
        struct buffer copy STING_AUTO(buffer_release) = {0};
        memset(trial->sign, way, trial->page->units);
        status = write_trial(trial, file, number, words, &copy, fault);
        if (!status) {
            status =
                pdf_file_check(file, buffer_bytes(&copy), MARK_MOST_PT, fault);
        }
    }
    return status;
}

/* How far each cell follows a copy, and one with other neighbours. */
static enum sting_status run(struct cell_trial *trial, struct pdf_file *file,
                             int number, double *growth, struct fault *fault)
{
    enum sting_status status = draw_signs(trial);
    for (int i = 0; !status && i < TRIALS; i++) {
        status = render(trial, file, number, growth, fault);
        for (uint32_t u = trial->words; !status && u < trial->page->units;
             u++) {
            status = measure(trial, u);
        }
        turn_every_other(trial);
    }
    return status;
}

enum sting_status cell_trial_find(struct cell_trial *trial,
                                  struct pdf_file *file, int number,
                                  uint32_t word, double *growth,
                                  struct fault *fault)
{
    trial->cell_px = (int)lround((double)trial->cell_pt * DPI / 72);
    enum sting_status status =
        pdf_file_render(file, number, DPI, &trial->before, fault);
    if (!status) {
        status = add_candidates(trial, word);
    }
    if (status || trial->page->units == trial->words) {
        return status;
    }
    choose_shift(trial);
    status = run(trial, file, number, growth, fault);
    if (!status) {
        keep(trial);
    }
    return status;
}
