#include "mark/plan.h"

#include <math.h>
#include <stdlib.h>

#include "mark/cell.h"

#define MOST_WORDS 8000      /* a page of more is no text that people read */
#define ENOUGH_WORDS 100     /* with so many it is their kind that holds them */
#define LEAST_UNITS 24       /* fewer cannot name a copy */
#define ALONG_PT 0.20        /* the largest shift along the line */
#define EDGE_PT 0.08         /* the same at the ends of a line */
#define EDGE_EM 0.6          /* a wider gap is the end of a line */
#define FEW_UNITS 32         /* a page of fewer moves the ends of lines too */
#define GRID_PT 0.075        /* scripts without blanks: two steps are 0.15 pt */
#define GRID_PART 0.15       /* of the gap, for these */
#define ACROSS_PT 0.08       /* the shift across it */
#define LEAST_PT 0.03        /* smaller shifts cannot be read */
#define FAINT_PART (1.0 / 3) /* of all these, for faint marks */
#define LEVEL_RATIO 1.3      /* of one size of shift to the next */
#define GAP_PART 0.07        /* of the gap beside the word */
#define COLUMN_EM 1.5        /* a wider gap parts two lines of units */
#define ROOM_PT 1.2          /* between lines, for shifts across */
#define RULE_PT 2.0          /* a rule nearer than this holds the word */
#define OVERLAP_PART 0.25    /* of the smaller word's area */
#define BLANK_EM 0.15        /* readers of text see a blank from here on, */
#define BLANK_LESS_EM 0.1    /* or from here */
#define OVER_EM (-0.1)       /* and the end of a line where words overlap so, */
#define OVER_MORE_EM (-0.2)  /* or so */
#define BLANK_ROOM_EM 0.006
#define FORMULA_EM 1.0    /* a neighbour this near on another baseline */
#define LEAST_GLYPHS 2    /* fewer are read too badly to be worth a byte */
#define ACROSS_BYTES 80.0 /* a word, of files where one across is cheap */
#define LEAST_WIDTH_PT 2.0
#define LEAST_HEIGHT_PT 2.5
#define LEAST_EM_PT 4.5
#define MOST_EM_PT 72.0

/* A word in the frame of its writing: s along, t across (down). */
struct frame {
    float s0, s1, t0, t1, baseline;
    float left, right;  /* gaps to the next ink; INFINITY when none */
    float blank;        /* least distance of a gap beside it from a blank */
    float above, below; /* the same across */
    uint16_t line;
    bool stays;
};

static struct frame frame_of(const struct pdf_word *w)
{
    /* Corners rotated by the writing direction; it is along an axis. */
    float sa = w->x0_pt * w->ux + w->y0_pt * w->uy;
    float sb = w->x1_pt * w->ux + w->y1_pt * w->uy;
    float ta = w->y0_pt * w->ux - w->x0_pt * w->uy;
    float tb = w->y1_pt * w->ux - w->x1_pt * w->uy;
    return (struct frame){
        .s0 = fminf(sa, sb),
        .s1 = fmaxf(sa, sb),
        .t0 = fminf(ta, tb),
        .t1 = fmaxf(ta, tb),
        .baseline = w->baseline_pt,
        .left = INFINITY,
        .right = INFINITY,
        .blank = INFINITY,
        .above = INFINITY,
        .below = INFINITY,
    };
}

static bool same_direction(const struct pdf_word *a, const struct pdf_word *b)
{
    return a->ux * b->ux + a->uy * b->uy > 0.99F;
}

static bool is_off_page(const struct pdf_word *w, const struct pdf_text *text)
{
    return !(w->x0_pt >= 0 && w->y0_pt >= 0 && w->x1_pt <= text->width_pt &&
             w->y1_pt <= text->height_pt);
}

static bool is_fixed(const struct pdf_word *w, const struct frame *f,
                     const struct pdf_text *text)
{
    const unsigned held = PDF_WORD_HIDDEN | PDF_WORD_SHARED | PDF_WORD_VERTICAL;
    return (w->flags & held) || is_off_page(w, text) ||
           w->glyphs < LEAST_GLYPHS || f->s1 - f->s0 < (float)LEAST_WIDTH_PT ||
           f->t1 - f->t0 < (float)LEAST_HEIGHT_PT ||
           w->em_pt < (float)LEAST_EM_PT || w->em_pt > (float)MOST_EM_PT;
}

/* Does the line from (x0, y0) to (x1, y1) meet the box? Liang and Barsky. */
static bool meets(const struct content_rule *r, const float box[4])
{
    const float from[2] = {r->x0_pt, r->y0_pt};
    const float step[2] = {r->x1_pt - r->x0_pt, r->y1_pt - r->y0_pt};
    float enter = 0, leave = 1;
    for (int i = 0; i < 2; i++) {
        if (fabsf(step[i]) < 1e-6F) {
            if (from[i] < box[i] || from[i] > box[i + 2]) {
                return false;
            }
            continue;
        }
        float a = (box[i] - from[i]) / step[i];
        float b = (box[i + 2] - from[i]) / step[i];
        enter = fmaxf(enter, fminf(a, b));
        leave = fminf(leave, fmaxf(a, b));
    }
    return enter <= leave;
}

static bool is_beside_rule(const struct pdf_word *w,
                           const struct pdf_text *text)
{
    const float near = (float)RULE_PT;
    const float box[4] = {w->x0_pt - near, w->y0_pt - near, w->x1_pt + near,
                          w->y1_pt + near};
    for (uint32_t i = 0; i < text->rules; i++) {
        if (meets(&text->rule[i], box)) {
            return true;
        }
    }
    return false;
}

static float overlap(float a0, float a1, float b0, float b1)
{
    return fminf(a1, b1) - fmaxf(a0, b0);
}

/* What word b, in a's frame, leaves of the room around a. */
static void see(struct frame *a, const struct frame *b, float em)
{
    float across = overlap(a->t0, a->t1, b->t0, b->t1);
    float along = overlap(a->s0, a->s1, b->s0, b->s1);
    float least = fminf(a->t1 - a->t0, b->t1 - b->t0);
    if (across > 0 && along > 0) {
        float area = fminf((a->t1 - a->t0) * (a->s1 - a->s0),
                           (b->t1 - b->t0) * (b->s1 - b->s0));
        a->stays = a->stays || across * along > (float)OVERLAP_PART * area;
    }
    if (across > 0.2F * least && along < 0.1F * em) {
        float *gap = b->s0 >= a->s0 ? &a->right : &a->left;
        *gap = fminf(*gap, fmaxf(-along, 0));
    }
    if (along > 0) {
        float *gap = b->t0 >= a->t0 ? &a->below : &a->above;
        *gap = fminf(*gap, fmaxf(-across, 0));
    }
}

/* How near the gap is to what readers of text take for something else, by the
 * size of either word. */
static void stay_from(struct frame *a, float gap, float em)
{
    static const double edge[] = {BLANK_EM, BLANK_LESS_EM, OVER_EM,
                                  OVER_MORE_EM};
    for (size_t i = 0; i < sizeof edge / sizeof *edge; i++) {
        a->blank = fminf(a->blank, fabsf(gap - (float)edge[i] * em));
    }
}

/* Gaps between advance boxes decide whether a reader of text sees a blank:
 * none may come near where that changes. Neighbours on another baseline make
 * a formula, whose parts readers group by finer rules: it stays. */
static void keep_blanks(struct frame *a, const struct pdf_word *word,
                        const struct pdf_word *other, const struct frame *b)
{
    float em = fmaxf(word->em_pt, other->em_pt);
    float gap = other->from_pt >= word->from_pt ? other->from_pt - word->to_pt
                                                : word->from_pt - other->to_pt;
    float drop = fabsf(a->baseline - b->baseline);
    if (gap > (float)FORMULA_EM * em || gap < -(float)FORMULA_EM * em ||
        overlap(a->t0, a->t1, b->t0, b->t1) <= 0) {
        return;
    }
    if (drop > 0.02F * em) {
        a->stays = true;
    } else {
        stay_from(a, gap, word->em_pt);
        stay_from(a, gap, other->em_pt);
    }
}

static void look_around(const struct pdf_text *text, struct frame *frame,
                        uint32_t i)
{
    const struct pdf_word *word = text->word;
    for (uint32_t k = 0; k < text->words && !frame[i].stays; k++) {
        if (k == i || word[k].x1_pt < word[k].x0_pt) {
            continue;
        }
        if (same_direction(&word[i], &word[k])) {
            see(&frame[i], &frame[k], word[i].em_pt);
            keep_blanks(&frame[i], &word[i], &word[k], &frame[k]);
        } else {
            struct pdf_word turned = word[k];
            turned.ux = word[i].ux;
            turned.uy = word[i].uy;
            struct frame other = frame_of(&turned);
            see(&frame[i], &other, word[i].em_pt);
        }
    }
}

/* Words follow each other in a line where baseline and gap agree; the order
 * is that of the content, in which a line is nearly always whole. */
static void number_lines(const struct pdf_text *text, struct frame *frame)
{
    uint16_t line = 0;
    for (uint32_t i = 1; i < text->words; i++) {
        const struct pdf_word *a = &text->word[i - 1], *b = &text->word[i];
        float gap = frame[i].s0 - frame[i - 1].s1;
        float drop = fabsf(frame[i].baseline - frame[i - 1].baseline);
        bool same = same_direction(a, b) && drop < 0.15F * b->em_pt &&
                    fabsf(gap) < (float)COLUMN_EM * b->em_pt;
        line = (uint16_t)(line + (same || line == UINT16_MAX ? 0 : 1));
        frame[i].line = line;
    }
}

/* Few shifts are used, each about a third more than the last, so that the
 * numbers between words take few values and compress well. */
static double level_below(double steps)
{
    double level = steps;
    double next = 1;
    while (next <= steps) {
        level = next;
        next = ceil(next * LEVEL_RATIO);
    }
    return level;
}

/* Words at the ends of lines hold up the edges of columns, by which eyes and
 * readers of text go: they stay, unless the page has little else. */
static bool is_edge(const struct pdf_word *w, const struct frame *f)
{
    float wide = (float)EDGE_EM * w->em_pt;
    return f->left > wide || f->right > wide;
}

/* The largest shift that its neighbours and its kind allow. */
static double most_along(const struct pdf_word *w, const struct frame *f)
{
    double gap = fmin((double)f->left, (double)f->right);
    double shift = fmin(ALONG_PT, GAP_PART * gap);
    if (w->flags & PDF_WORD_GRID) {
        shift = fmin(GRID_PT, GRID_PART * gap);
    } else if (is_edge(w, f)) {
        shift = fmin(shift, EDGE_PT);
    }
    if (!(w->flags & PDF_WORD_GRID) &&
        (w->flags & (PDF_WORD_DIGITS | PDF_WORD_FIXED_PITCH))) {
        shift /= 2;
    }
    double blank = (double)f->blank / 2 - BLANK_ROOM_EM * (double)w->em_pt;
    return fmin(shift, fmax(blank, 0));
}

/* The shift along the line in points, a whole number of steps; 0: none. */
static double along_shift(const struct pdf_word *w, const struct frame *f,
                          enum mark_reach reach)
{
    double part = reach == MARK_FAINT ? FAINT_PART : 1;
    double step = (double)w->step_pt;
    if (!(step > 1e-6)) {
        return 0;
    }
    double most = part * most_along(w, f);
    double shift = level_below(floor(most / step + 1e-3)) * step;
    return shift >= part * LEAST_PT ? shift : 0;
}

/* A shift across the line tells a tenth of what one along it tells and costs
 * about 0.8 bytes: it is made where that is less than 1 % of the file. */
static double across_shift(const struct pdf_text *text,
                           const struct pdf_word *w, const struct frame *f)
{
    bool half = w->flags & (PDF_WORD_DIGITS | PDF_WORD_FIXED_PITCH);
    bool room = f->above >= (float)ROOM_PT && f->below >= (float)ROOM_PT;
    return room && text->bytes_a_word >= ACROSS_BYTES
               ? ACROSS_PT / (half ? 2 : 1)
               : 0;
}

static void add_unit(struct mark_page *page, const struct pdf_word *w,
                     const struct frame *f, uint32_t word, enum mark_axis axis,
                     double shift)
{
    bool across = axis == MARK_ACROSS;
    page->unit[page->units++] = (struct mark_unit){
        .x0_pt = w->x0_pt,
        .y0_pt = w->y0_pt,
        .x1_pt = w->x1_pt,
        .y1_pt = w->y1_pt,
        .ux = across ? w->vx : w->ux,
        .uy = across ? w->vy : w->uy,
        .shift_pt = (float)shift,
        .word = (uint16_t)word,
        .line = f->line,
        .axis = (uint8_t)axis,
    };
}

static void plan_word(const struct pdf_text *text, const struct frame *f,
                      uint32_t i, bool edges, enum mark_reach reach,
                      struct mark_page *page)
{
    const struct pdf_word *w = &text->word[i];
    if (f->stays || (!edges && is_edge(w, f))) {
        return;
    }
    double along = along_shift(w, f, reach);
    double across =
        along > 0 && reach == MARK_FULL ? across_shift(text, w, f) : 0;
    if (along > 0) {
        add_unit(page, w, f, i, MARK_ALONG, along);
    }
    if (across > 0) {
        add_unit(page, w, f, i, MARK_ACROSS, across);
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

static void plan_words(const struct pdf_text *text, struct frame *frame,
                       enum mark_reach reach, struct mark_page *page)
{
    for (uint32_t i = 0; i < text->words; i++) {
        frame[i] = frame_of(&text->word[i]);
    }
    number_lines(text, frame);
    for (uint32_t i = 0; i < text->words; i++) {
        const struct pdf_word *w = &text->word[i];
        frame[i].stays =
            is_fixed(w, &frame[i], text) || is_beside_rule(w, text);
        look_around(text, frame, i);
        plan_word(text, &frame[i], i, false, reach, page);
    }
    bool edges = page->units < FEW_UNITS;
    page->units = edges ? 0 : page->units;
    for (uint32_t i = 0; edges && i < text->words; i++) {
        plan_word(text, &frame[i], i, true, reach, page);
    }
}

void mark_plan_judge(const struct pdf_text *text, struct mark_page *page)
{
    page->state = (uint8_t)state_of(text, page->units);
    page->units = page->state == MARK_PAGE_OK ? page->units : 0;
}

enum sting_status mark_plan(const struct pdf_text *text, enum mark_reach reach,
                            struct mark_page *out)
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
        plan_words(text, frame, reach, &page);
    }
    free(frame);
    *out = page;
    return STING_OK;
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
