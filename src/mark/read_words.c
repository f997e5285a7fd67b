#include "mark/read_words.h"

#include <math.h>
#include <stdlib.h>

#include "image/align.h"
#include "image/filter.h"
#include "mark/read_ink.h"

#define MARGIN_PX 14   /* around a word: what blur and search may reach */
#define EDGE_PX 2      /* of the box beyond the ink, at least */
#define EDGE_BLURS 3.0 /* beyond it for each pixel of blur .. */
#define MOST_EDGE_PX 7 /* .. up to here: neighbours move by themselves .. */
#define LEAST_EDGE_BLURS 2.0 /* .. but never less */
#define MOST_NEARER 4.0 /* a word than the middle of those in view, squared */
#define REACH_PX 3.9
#define ROUNDS 6
#define LEAST_SIDE_PX 8
#define MOST_SIDE_PX 900
#define LEAST_GAIN 0.12
#define LEAST_FIT 0.1
#define BLUR_SAMPLES 48
#define LEAST_PART 0.4 /* of a word that the picture's edge cuts */

static const double blur_table[] = {0.6, 0.9, 1.2, 1.6, 2.1, 2.7, 3.4, 4.3};
#define BLURS (sizeof blur_table / sizeof *blur_table)

/* Blurs tried for each word, times that of the whole page: those from
 * NEAR_FIRST to NEAR_LAST, and beyond where the blur differs so much over the
 * picture that the outermost of them fits best. */
static const double nearby_table[] = {0.5, 0.64, 0.8, 1.0, 1.25, 1.56, 1.95};
#define NEARBY ((int)(sizeof nearby_table / sizeof *nearby_table))
#define NEAR_FIRST 2
#define NEAR_SAME 3
#define NEAR_LAST 4

/* What measuring words needs: both pictures of the page in one geometry. */
struct bench {
    struct plane_f flat; /* owned: the photograph */
    struct plane seen;   /* owned */
    const struct plane *original;
    const struct page_map *map;
    double px_per_pt;
    double scale; /* of the map in the middle of the words in view */
};

static void bench_release(struct bench *bench)
{
    plane_f_release(&bench->flat);
    plane_release(&bench->seen);
}

void word_readings_release(struct word_readings *readings)
{
    free(readings->word);
    *readings = (struct word_readings){0};
}

/* One word or cell with its surroundings, cut out of both pictures. */
struct piece {
    struct plane_f original; /* owned */
    struct plane_f photo;    /* owned */
    struct box box;          /* of the word inside */
    bool is_cell; /* may show one side of a bar: where does it end, in light? */
};

static void piece_release(struct piece *piece)
{
    plane_f_release(&piece->original);
    plane_f_release(&piece->photo);
}

static struct box word_box(const struct bench *bench,
                           const struct word_reading *word, int edge)
{
    double k = bench->px_per_pt;
    return (struct box){(int)floor((double)word->x0_pt * k) - edge,
                        (int)floor((double)word->y0_pt * k) - edge,
                        (int)ceil((double)word->x1_pt * k) + edge,
                        (int)ceil((double)word->y1_pt * k) + edge};
}

static int held(int v, int size)
{
    return v < 0 ? 0 : v >= size ? size - 1 : v;
}

/* Is the whole box on the page and in the photograph? */
static bool box_is_seen(const struct bench *bench, struct box box)
{
    if (box.x0 < 0 || box.y0 < 0 || box.x1 > bench->seen.width_px ||
        box.y1 > bench->seen.height_px || box.x1 - box.x0 < LEAST_SIDE_PX ||
        box.y1 - box.y0 < LEAST_SIDE_PX || box.x1 - box.x0 > MOST_SIDE_PX ||
        box.y1 - box.y0 > MOST_SIDE_PX) {
        return false;
    }
    for (int y = box.y0; y < box.y1; y++) {
        for (int x = box.x0; x < box.x1; x++) {
            if (!plane_row(&bench->seen, y)[x]) {
                return false;
            }
        }
    }
    return true;
}

/* How many places of one side of a box are not in the photograph. */
static int unseen_on(const struct bench *bench, struct box side)
{
    int unseen = 0;
    for (int y = side.y0; y < side.y1; y++) {
        for (int x = side.x0; x < side.x1; x++) {
            unseen += !plane_row(&bench->seen, y)[x];
        }
    }
    return unseen;
}

/* Take off the side of which most is missing; false when none lacks any. */
static bool side_cut(const struct bench *bench, struct box *box)
{
    struct box b = *box;
    const struct box side[4] = {{b.x0, b.y0, b.x0 + 1, b.y1},
                                {b.x1 - 1, b.y0, b.x1, b.y1},
                                {b.x0, b.y0, b.x1, b.y0 + 1},
                                {b.x0, b.y1 - 1, b.x1, b.y1}};
    int *const edge[4] = {&box->x0, &box->x1, &box->y0, &box->y1};
    double most = 0;
    int worst = 0;
    for (int i = 0; i < 4; i++) {
        int length = i < 2 ? b.y1 - b.y0 : b.x1 - b.x0;
        double share = (double)unseen_on(bench, side[i]) / length;
        worst = share > most ? i : worst;
        most = fmax(most, share);
    }
    *edge[worst] += most == 0 ? 0 : worst % 2 ? -1 : 1;
    return most > 0;
}

/* The part of a word's box that is in the photograph: its edge cuts words in
 * two, and their halves tell as well where they are, by what they show. */
static bool box_crop(const struct bench *bench, struct box *box)
{
    if (box->x0 < 0 || box->y0 < 0 || box->x1 > bench->seen.width_px ||
        box->y1 > bench->seen.height_px || box->x1 - box->x0 > MOST_SIDE_PX ||
        box->y1 - box->y0 > MOST_SIDE_PX) {
        return false;
    }
    int width = box->x1 - box->x0;
    int height = box->y1 - box->y0;
    bool is_cut = true;
    while (is_cut && box->x1 - box->x0 >= LEAST_SIDE_PX &&
           box->y1 - box->y0 >= LEAST_SIDE_PX) {
        is_cut = side_cut(bench, box);
    }
    return !is_cut && (box->x1 - box->x0) * (box->y1 - box->y0) >=
                          LEAST_PART * width * height;
}

static enum sting_status piece_init(struct piece *out,
                                    const struct bench *bench, struct box box)
{
    int width = box.x1 - box.x0 + 2 * MARGIN_PX;
    int height = box.y1 - box.y0 + 2 * MARGIN_PX;
    enum sting_status status = plane_f_init(&out->original, width, height);
    if (!status) {
        status = plane_f_init(&out->photo, width, height);
    }
    for (int y = 0; !status && y < height; y++) {
        int from_y = box.y0 - MARGIN_PX + y;
        const uint8_t *original = plane_row(
            bench->original, held(from_y, bench->original->height_px));
        const float *photo =
            plane_f_row(&bench->flat, held(from_y, bench->flat.height_px));
        float *a = plane_f_row(&out->original, y);
        float *b = plane_f_row(&out->photo, y);
        for (int x = 0; x < width; x++) {
            int from_x = box.x0 - MARGIN_PX + x;
            /* White 255 becomes the photograph's paper. */
            a[x] = (float)original[held(from_x, bench->original->width_px)] *
                   (PHOTO_PAPER / 255.0F);
            b[x] = photo[held(from_x, bench->flat.width_px)];
        }
    }
    out->box = (struct box){MARGIN_PX, MARGIN_PX, width - MARGIN_PX,
                            height - MARGIN_PX};
    return status;
}

/* Align one piece at one blur. *is_found says whether it could be. */
static enum sting_status piece_align(const struct piece *piece, double blur_px,
                                     int rounds, struct alignment *out,
                                     bool *is_found)
{
    struct align_reference reference STING_AUTO(align_reference_release) = {0};
    enum sting_status status = align_reference_init(
        &reference, &piece->original, piece->is_cell ? 0 : blur_px);
    if (!status && piece->is_cell) {
        status = plane_blur_light(&reference.value, PHOTO_PAPER, blur_px);
    }
    if (!status) {
        *out = (struct alignment){0};
        *is_found = align_box(&reference, &piece->photo, piece->box, rounds,
                              REACH_PX, out);
    }
    return status;
}

/* Add to total[] how well each blur explains this word. */
static enum sting_status blur_try(const struct bench *bench,
                                  const struct word_reading *word,
                                  double total[BLURS])
{
    struct piece piece STING_AUTO(piece_release) = {0};
    struct box box = word_box(bench, word, EDGE_PX);
    double fit[BLURS];
    if (!box_is_seen(bench, box)) {
        return STING_OK;
    }
    enum sting_status status = piece_init(&piece, bench, box);
    for (size_t i = 0; !status && i < BLURS; i++) {
        struct alignment found;
        bool is_found = false;
        status = piece_align(&piece, blur_table[i], 3, &found, &is_found);
        if (!is_found) {
            return status;
        }
        fit[i] = fmax(found.fit, 0);
    }
    for (size_t i = 0; !status && i < BLURS; i++) {
        total[i] += fit[i];
    }
    return status;
}

static double scale_at(const struct bench *bench,
                       const struct word_reading *word)
{
    struct point middle = {((double)word->x0_pt + (double)word->x1_pt) / 2,
                           ((double)word->y0_pt + (double)word->y1_pt) / 2};
    return page_map_scale(bench->map, middle);
}

/* The mean of those in view. */
static double scale_find(const struct bench *bench,
                         const struct word_readings *readings)
{
    double sum = 0;
    size_t seen = 0;
    for (size_t i = 0; i < readings->words; i++) {
        const struct word_reading *word = &readings->word[i];
        if (box_is_seen(bench, word_box(bench, word, EDGE_PX))) {
            sum += scale_at(bench, word);
            seen++;
        }
    }
    return seen ? sum / (double)seen : 1;
}

/* The blur of the photograph, from some of its words. */
static enum sting_status blur_find(const struct bench *bench,
                                   struct word_readings *readings)
{
    double total[BLURS] = {0};
    size_t step = readings->words / BLUR_SAMPLES + 1;
    size_t best = 3; /* when no word is in view */
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < readings->words; i += step) {
        status = blur_try(bench, &readings->word[i], total);
    }
    for (size_t i = 0; i < BLURS; i++) {
        best = total[i] > total[best] ? i : best;
    }
    readings->blur_px = blur_table[best];
    return status;
}

/* How much less of the photograph a word has than the middle of those in view,
 * squared: so many of its pixels are one of the photograph. */
static double farness(const struct bench *bench,
                      const struct word_reading *word)
{
    double ratio = bench->scale / scale_at(bench, word);
    return fmin(fmax(ratio * ratio, 1 / MOST_NEARER), MOST_NEARER);
}

static void word_take(struct word_reading *word, const struct bench *bench,
                      const struct alignment *found, double blur_px)
{
    double k = bench->px_per_pt;
    /* Neighbouring pixels share their noise over the blur's area, and where
     * the page is further away over more of it. */
    double shared = fmax(1, 2 * blur_px * blur_px) * farness(bench, word);
    word->is_seen = true;
    word->x_pt = found->x / k;
    word->y_pt = found->y / k;
    word->var_x = found->var_x * shared / (k * k);
    word->var_y = found->var_y * shared / (k * k);
}

/* How far beyond the ink a box reaches. The ends of a word tell most of where
 * it is, and blur carries them outwards. */
static int edge_of(const struct word_reading *word, double blur_px)
{
    double edge = fmax(LEAST_EDGE_BLURS * blur_px,
                       fmin(EDGE_BLURS * blur_px, MOST_EDGE_PX));
    return word->is_cell ? EDGE_PX : (int)fmax(round(edge), EDGE_PX);
}

/* The blur and place that fit a piece best. */
struct sharpest {
    struct alignment at;
    double blur_px;
    int index; /* in nearby_table; -1: none fits */
};

static enum sting_status sharpest_try(const struct piece *piece,
                                      double page_blur_px, int index,
                                      struct sharpest *best)
{
    double blur_px = page_blur_px * nearby_table[index];
    struct alignment found;
    bool is_found = false;
    enum sting_status status =
        piece_align(piece, blur_px, ROUNDS, &found, &is_found);
    if (!status && is_found &&
        (best->index < 0 || found.residual < best->at.residual)) {
        *best = (struct sharpest){found, blur_px, index};
    }
    return status;
}

static enum sting_status sharpest_find(const struct piece *piece,
                                       double page_blur_px,
                                       struct sharpest *best)
{
    enum sting_status status = STING_OK;
    *best = (struct sharpest){.index = -1};
    for (int i = NEAR_FIRST; !status && i <= NEAR_LAST; i++) {
        status = sharpest_try(piece, page_blur_px, i, best);
    }
    for (int i = NEAR_FIRST; !status && best->index == i && i > 0; i--) {
        status = sharpest_try(piece, page_blur_px, i - 1, best);
    }
    for (int i = NEAR_LAST; !status && best->index == i && i + 1 < NEARBY;
         i++) {
        status = sharpest_try(piece, page_blur_px, i + 1, best);
    }
    return status;
}

static enum sting_status word_measure(const struct bench *bench, double blur_px,
                                      struct word_reading *word)
{
    struct piece piece STING_AUTO(piece_release) = {0};
    struct box box = word_box(bench, word, edge_of(word, blur_px));
    struct sharpest best = {.index = -1};
    if (!box_is_seen(bench, box) && (word->is_cell || !box_crop(bench, &box))) {
        return STING_OK;
    }
    enum sting_status status = piece_init(&piece, bench, box);
    piece.is_cell = word->is_cell;
    if (!status) {
        status = word->is_loose
                     ? sharpest_try(&piece, blur_px, NEAR_SAME, &best)
                     : sharpest_find(&piece, blur_px, &best);
    }
    if (!status && best.index >= 0 && best.at.gain > LEAST_GAIN &&
        best.at.fit > LEAST_FIT) {
        word_take(word, bench, &best.at, blur_px);
    }
    return status;
}

static void units_place(const struct mark_page *page, struct word_reading *word)
{
    for (uint32_t u = 0; u < page->units; u++) {
        const struct mark_unit *unit = &page->unit[u];
        word[unit->word] =
            (struct word_reading){.x0_pt = unit->x0_pt,
                                  .y0_pt = unit->y0_pt,
                                  .x1_pt = unit->x1_pt,
                                  .y1_pt = unit->y1_pt,
                                  .line = unit->line,
                                  .is_cell = unit->axis >= MARK_CELL_X};
    }
}

/* The line of text that ink is on: that of the nearest unit beside it. */
static uint16_t line_of(const struct ink *ink, const struct mark_page *page)
{
    float nearest = INFINITY;
    uint16_t line = UINT16_MAX;
    for (uint32_t u = 0; u < page->units; u++) {
        const struct mark_unit *unit = &page->unit[u];
        float shared =
            fminf(unit->y1_pt, ink->y1_pt) - fmaxf(unit->y0_pt, ink->y0_pt);
        float away = fabsf(unit->x0_pt + unit->x1_pt - ink->x0_pt - ink->x1_pt);
        if (shared > (ink->y1_pt - ink->y0_pt) / 2 && away < nearest) {
            nearest = away;
            line = unit->line;
        }
    }
    return line;
}

static void inks_place(const struct inks *inks, const struct mark_page *page,
                       struct word_reading *word)
{
    for (size_t i = 0; i < inks->inks; i++) {
        const struct ink *ink = &inks->ink[i];
        word[i] = (struct word_reading){.x0_pt = ink->x0_pt,
                                        .y0_pt = ink->y0_pt,
                                        .x1_pt = ink->x1_pt,
                                        .y1_pt = ink->y1_pt,
                                        .line = line_of(ink, page),
                                        .is_loose = true};
    }
}

/* The words that the units speak of, and ink that none does. */
static enum sting_status words_fill(struct word_readings *out,
                                    const struct plane *original, double dpi,
                                    const struct mark_page *page)
{
    struct inks inks STING_AUTO(inks_release) = {0};
    enum sting_status status = inks_find(original, dpi, page, &inks);
    size_t words = 0;
    for (uint32_t u = 0; u < page->units; u++) {
        size_t word = page->unit[u].word;
        words = word + 1 > words ? word + 1 : words;
    }
    if (status) {
        return status;
    }
    out->word = calloc(words + inks.inks + 1, sizeof *out->word);
    if (!out->word) {
        return STING_E_NOMEM;
    }
    out->words = words + inks.inks;
    out->loose = inks.inks;
    units_place(page, out->word);
    inks_place(&inks, page, out->word + words);
    return STING_OK;
}

enum sting_status word_readings_init(struct word_readings *out,
                                     const struct photo *photo,
                                     const struct page_map *map,
                                     const struct plane *original, double dpi,
                                     const struct mark_page *page)
{
    struct word_readings made STING_AUTO(word_readings_release) = {0};
    struct bench bench STING_AUTO(bench_release) = {
        .original = original, .map = map, .px_per_pt = dpi / 72};
    enum sting_status status = words_fill(&made, original, dpi, page);
    if (!status) {
        status = page_map_warp(map, photo, dpi, &bench.flat, &bench.seen);
    }
    if (!status) {
        bench.scale = scale_find(&bench, &made);
        status = blur_find(&bench, &made);
    }
    for (size_t i = 0; !status && i < made.words; i++) {
        status = word_measure(&bench, made.blur_px, &made.word[i]);
    }
    if (!status) {
        *out = made;
        made = (struct word_readings){0};
    }
    return status;
}
