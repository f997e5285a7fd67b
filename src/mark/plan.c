#include "mark/plan.h"

#include <math.h>
#include <stdlib.h>

#include "mark/cell.h"
#include "mark/frame.h"

#define MOST_WORDS 8000      /* a page of more is no text that people read */
#define ENOUGH_WORDS 100     /* with so many it is their kind that holds them */
#define LEAST_UNITS 24       /* fewer cannot name a copy */
#define ALONG_PT 0.20        /* the largest shift along the line */
#define EDGE_PT 0.08         /* the same at the ends of a line */
#define EDGE_EM 0.6          /* a wider gap is the end of a line */
#define FIXED_EDGE_EM 1.1    /* the same of typewriter text: two blanks */
#define MARGIN_EM 0.03       /* lines that begin so near have one margin */
#define FEW_UNITS 32         /* a page of fewer moves the ends of lines too */
#define GRID_PT 0.075        /* scripts without blanks: two steps are 0.15 pt */
#define GRID_PART 0.15       /* of the gap, for these */
#define ACROSS_PT 0.08       /* the shift across it */
#define LEAST_PT 0.03        /* smaller shifts cannot be read */
#define FAINT_PART (1.0 / 3) /* of all these, for faint marks */
#define LEVEL_RATIO 1.3      /* of one size of shift to the next */
#define GAP_PART 0.07        /* of the gap beside the word */
#define ROOM_PT 1.2          /* between lines, for shifts across */
#define BLANK_ROOM_EM 0.006
#define MANY_GLYPHS 2 /* fewer are read less well: first those with more */

/* A size of shift, and the next. */
struct levels {
    double level, next;
};

/* The largest of the levels 1, 2, 3 ... that is not above `steps`, each
 * LEVEL_RATIO times the last. */
static struct levels level_below(double steps)
{
    struct levels at = {steps, 1};
    while (at.next <= steps) {
        at.level = at.next;
        at.next = ceil(at.next * LEVEL_RATIO);
    }
    return at;
}

/* The same with a level between each two. */
static double fine_level_below(double steps)
{
    struct levels at = level_below(steps);
    double middle = floor((at.level + at.next) / 2);
    return steps >= middle && middle > at.level ? middle : at.level;
}

/* The widest gap between words of a line. */
static float widest_of(const struct pdf_word *w)
{
    bool is_fixed_pitch = w->flags & PDF_WORD_FIXED_PITCH;
    return (float)(is_fixed_pitch ? FIXED_EDGE_EM : EDGE_EM) * w->em_pt;
}

/* What a page is planned for. */
struct wish {
    enum mark_reach reach;
    bool is_few; /* it needs each word that it has */
};

/* Words at the ends of lines hold up the edges of columns: they move least. A
 * wide gap between two words is none where no other line has an end there, as
 * in listings; nor is, where each word is needed, the end of a line. */
static bool is_edge(const struct pdf_word *w, const struct frame *f,
                    const struct wish *wish)
{
    float gap = fmaxf(f->left, f->right);
    bool ends = isinf(gap) && !wish->is_few;
    return gap > widest_of(w) && (ends || f->in_column >= 2);
}

/* The largest shift that its neighbours and its kind allow. */
static double most_along(const struct pdf_word *w, const struct frame *f,
                         const struct wish *wish)
{
    double gap = fmin((double)f->left, (double)f->right);
    double shift = fmin(ALONG_PT, GAP_PART * gap);
    if (w->flags & PDF_WORD_GRID) {
        shift = fmin(GRID_PT, GRID_PART * gap);
    } else {
        bool half = w->flags & (PDF_WORD_DIGITS | PDF_WORD_FIXED_PITCH);
        shift = fmin(half ? shift / 2 : shift,
                     is_edge(w, f, wish) ? EDGE_PT : ALONG_PT);
    }
    double blank = (double)f->blank / 2 - BLANK_ROOM_EM * (double)w->em_pt;
    return fmin(shift, fmax(blank, 0));
}

/* The shift along the line in points, a whole number of steps; 0: none. */
static double along_shift(const struct pdf_word *w, const struct frame *f,
                          const struct wish *wish)
{
    double part = wish->reach == MARK_FAINT ? FAINT_PART : 1;
    double step = (double)w->step_pt;
    if (!(step > 1e-6)) {
        return 0;
    }
    double most = part * most_along(w, f, wish);
    double shift = fine_level_below(floor(most / step + 1e-3)) * step;
    return shift >= part * LEAST_PT ? shift : 0;
}

static double across_shift(const struct pdf_word *w, const struct frame *f)
{
    bool half = w->flags & (PDF_WORD_DIGITS | PDF_WORD_FIXED_PITCH);
    bool room = f->above >= (float)ROOM_PT && f->below >= (float)ROOM_PT &&
                !f->is_ruled;
    return room ? ACROSS_PT / (half ? 2 : 1) : 0;
}

/* A unit of this word: of the given axis, shift and turn. */
static void add_unit(struct mark_page *page, const struct pdf_word *w,
                     const struct frame *f, struct mark_unit unit)
{
    bool across = unit.axis == MARK_ACROSS;
    unit.x0_pt = w->x0_pt;
    unit.y0_pt = w->y0_pt;
    unit.x1_pt = w->x1_pt;
    unit.y1_pt = w->y1_pt;
    unit.ux = across ? w->vx : w->ux;
    unit.uy = across ? w->vy : w->uy;
    unit.line = f->line;
    page->unit[page->units++] = unit;
}

/* Readers of text find columns by where lines begin: words there stay, unless
 * the page has little else. */
static bool is_start(const struct pdf_word *w, const struct frame *f)
{
    float before = w->flags & PDF_WORD_BACKWARD ? f->right : f->left;
    return before > widest_of(w);
}

static enum mark_turn turn_of(const struct pdf_word *w, const struct frame *f,
                              const struct wish *wish)
{
    if (is_start(w, f)) {
        return MARK_TURN_NEVER;
    }
    return is_edge(w, f, wish) || w->glyphs < MANY_GLYPHS ? MARK_TURN_NEXT
                                                          : MARK_TURN_FIRST;
}

/* A shift across the line tells a tenth of one along it and costs as much.
 * Readers of text put words in order by height: ends of lines, and signs by
 * themselves, keep theirs. */
static void plan_word(const struct pdf_text *text, const struct frame *f,
                      uint32_t i, const struct wish *wish,
                      struct mark_page *page)
{
    const struct pdf_word *w = &text->word[i];
    enum mark_turn turn = turn_of(w, f, wish);
    double along = f->stays ? 0 : along_shift(w, f, wish);
    bool rises =
        along > 0 && wish->reach == MARK_FULL && turn == MARK_TURN_FIRST;
    double across = rises ? across_shift(w, f) : 0;
    if (along > 0) {
        add_unit(page, w, f,
                 (struct mark_unit){.shift_pt = (float)along,
                                    .word = (uint16_t)i,
                                    .axis = MARK_ALONG,
                                    .turn = (uint8_t)turn});
    }
    if (across > 0) {
        add_unit(page, w, f,
                 (struct mark_unit){.shift_pt = (float)across,
                                    .word = (uint16_t)i,
                                    .axis = MARK_ACROSS,
                                    .turn = MARK_TURN_LAST});
    }
}

static enum mark_page_state state_of(const struct pdf_text *text,
                                     uint32_t units)
{
    if (units >= LEAST_UNITS) {
        return MARK_PAGE_OK;
    }
    if (text->has_large) {
        return MARK_PAGE_LARGE;
    }
    if (text->has_picture || text->rules > LEAST_UNITS) {
        return MARK_PAGE_PICTURE;
    }
    if (text->words >= ENOUGH_WORDS) {
        return MARK_PAGE_HELD;
    }
    return text->words == 0 ? MARK_PAGE_EMPTY : MARK_PAGE_SPARSE;
}

/* A page of few words needs each of them, those that begin lines too; of
 * others these are left out. */
static void favour_few(const struct wish *wish, struct mark_page *page)
{
    uint32_t first = 0, kept = 0;
    for (uint32_t u = 0; u < page->units; u++) {
        first += page->unit[u].turn == MARK_TURN_FIRST;
    }
    for (uint32_t u = 0; u < page->units; u++) {
        struct mark_unit unit = page->unit[u];
        if (wish->is_few || first < FEW_UNITS) {
            unit.turn =
                unit.axis == MARK_ALONG ? MARK_TURN_FIRST : MARK_TURN_LAST;
        }
        if (unit.turn != MARK_TURN_NEVER) {
            page->unit[kept++] = unit;
        }
    }
    page->units = kept;
}

/* Where each word is needed, those that begin lines hold a margin when any
 * other line of the page begins there, however far from theirs. */
static void find_margins(const struct pdf_text *text, struct frame *frame)
{
    for (uint32_t i = 0; i < text->words; i++) {
        const struct pdf_word *a = &text->word[i];
        for (uint32_t k = 0; k < text->words; k++) {
            const struct pdf_word *b = &text->word[k];
            bool begins = k != i && is_start(a, &frame[i]) &&
                          is_start(b, &frame[k]) &&
                          a->ux * b->ux + a->uy * b->uy > 0.99F;
            if (begins &&
                fabsf(a->from_pt - b->from_pt) < (float)MARGIN_EM * a->em_pt) {
                frame[i].in_column = 2;
            }
        }
    }
}

static void plan_words(const struct pdf_text *text, struct frame *frame,
                       const struct wish *wish, struct mark_page *page)
{
    frames_make(text, frame);
    if (wish->is_few) {
        find_margins(text, frame);
    }
    for (uint32_t i = 0; i < text->words; i++) {
        plan_word(text, &frame[i], i, wish, page);
    }
    favour_few(wish, page);
}

void mark_plan_judge(const struct pdf_text *text, struct mark_page *page)
{
    uint32_t along = 0;
    for (uint32_t u = 0; u < page->units; u++) {
        along += page->unit[u].axis == MARK_ALONG;
    }
    page->state = (uint8_t)state_of(text, along);
    page->units = page->state == MARK_PAGE_OK ? page->units : 0;
}

static enum sting_status plan(const struct pdf_text *text,
                              const struct wish *wish, struct mark_page *out)
{
    uint32_t words = text->words <= MOST_WORDS ? text->words : 0;
    struct mark_page page = {.width_pt = text->width_pt,
                             .height_pt = text->height_pt};
    struct frame *frame = calloc(words + 1, sizeof *frame);
    page.unit = calloc(2 * (size_t)words + 1, sizeof *page.unit);
    if (!frame || !page.unit) {
        free(frame);
        mark_page_release(&page);
        return STING_E_NOMEM;
    }
    if (words > 0) {
        plan_words(text, frame, wish, &page);
    }
    free(frame);
    *out = page;
    return STING_OK;
}

enum sting_status mark_plan(const struct pdf_text *text, enum mark_reach reach,
                            struct mark_page *out)
{
    const struct wish wish = {reach, false};
    return plan(text, &wish, out);
}

enum sting_status mark_plan_few(const struct pdf_text *text,
                                enum mark_reach reach, struct mark_page *out)
{
    const struct wish wish = {reach, true};
    return plan(text, &wish, out);
}

void mark_plan_coarsen(const struct pdf_text *text, struct mark_page *page)
{
    for (uint32_t u = 0; u < page->units; u++) {
        struct mark_unit *unit = &page->unit[u];
        double step = (double)text->word[unit->word].step_pt;
        if (unit->axis == MARK_ALONG) {
            double steps = floor((double)unit->shift_pt / step + 1e-3);
            unit->shift_pt = (float)(level_below(steps).level * step);
        }
    }
}

void mark_moves(const struct mark_page *page, const int8_t *sign,
                struct pdf_move *move, uint32_t words)
{
    for (uint32_t w = 0; w < words; w++) {
        move[w] = (struct pdf_move){0};
    }
    for (uint32_t u = 0; u < page->units; u++) {
        const struct mark_unit *unit = &page->unit[u];
        float shift = (float)sign[u] * unit->shift_pt;
        if (unit->word >= words || mark_is_cell(unit)) {
            continue;
        }
        if (unit->axis == MARK_ALONG) {
            move[unit->word].along_pt = shift;
        } else {
            move[unit->word].across_pt = shift;
        }
    }
}
