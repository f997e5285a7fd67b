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
#define FIXED_EDGE_EM 1.1    /* the same of typewriter text: two blanks */
#define NEXT_LINE_EM 1.5     /* between baselines of lines that follow .. */
#define NEAR_LINES_EM 2.7    /* and of the lines after those */
#define OVER_EACH_EM 0.03    /* ends so near stand over each other */
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
#define RULE_PT 2.0          /* a rule nearer than this holds the word .. */
#define PAST_EM 1.0          /* unless it goes on as far beyond both ends .. */
#define LEVEL_PT 0.1         /* and along the word */
#define OVERLAP_PART 0.25    /* of the smaller word's area */
#define BLANK_EM 0.15        /* readers of text see a blank from here on, */
#define BLANK_LESS_EM 0.1    /* or from here */
#define OVER_EM (-0.1)       /* and the end of a line where words overlap so, */
#define OVER_MORE_EM (-0.2)  /* or so */
#define BLANK_ROOM_EM 0.006
#define FORMULA_EM 1.0 /* a neighbour this near on another baseline */
#define MANY_GLYPHS 2  /* fewer are read less well: first those with more */
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
    uint8_t in_column; /* how much says that it stands in a column, from 2 on */
    bool stays;
    bool is_ruled; /* a drawn line is near */
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
           f->s1 - f->s0 < (float)LEAST_WIDTH_PT ||
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

/* A line along the writing that goes on beyond the word at both ends, as those
 * of tables do, tells nothing of where the word is along it. */
static bool runs_past(const struct content_rule *r, const struct pdf_word *w,
                      const struct frame *f)
{
    float t0 = r->y0_pt * w->ux - r->x0_pt * w->uy;
    float t1 = r->y1_pt * w->ux - r->x1_pt * w->uy;
    float s0 = r->x0_pt * w->ux + r->y0_pt * w->uy;
    float s1 = r->x1_pt * w->ux + r->y1_pt * w->uy;
    float more = (float)PAST_EM * w->em_pt;
    return fabsf(t0 - t1) < (float)LEVEL_PT && fminf(s0, s1) <= f->s0 - more &&
           fmaxf(s0, s1) >= f->s1 + more;
}

/* Whether a drawn line holds the word, or only its height. */
static void look_at_rules(const struct pdf_word *w, const struct pdf_text *text,
                          struct frame *f)
{
    const float near = (float)RULE_PT;
    const float box[4] = {w->x0_pt - near, w->y0_pt - near, w->x1_pt + near,
                          w->y1_pt + near};
    for (uint32_t i = 0; i < text->rules && !f->stays; i++) {
        if (meets(&text->rule[i], box)) {
            f->is_ruled = true;
            f->stays = !runs_past(&text->rule[i], w, f);
        }
    }
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

/* Columns are words of lines near by that begin, end or have their middles at
 * the same place: one in the next line will do, or two in those after it. */
static void see_column(struct frame *a, const struct pdf_word *word,
                       const struct pdf_word *other)
{
    const float em = word->em_pt;
    float drop = fabsf(word->baseline_pt - other->baseline_pt);
    float from = other->from_pt - word->from_pt;
    float to = other->to_pt - word->to_pt;
    float off = fminf(fminf(fabsf(from), fabsf(to)), fabsf(from + to) / 2);
    if (drop > em / 2 && drop < (float)NEAR_LINES_EM * em &&
        off < (float)OVER_EACH_EM * em && a->in_column < 2) {
        int more = drop < (float)NEXT_LINE_EM * em ? 2 : 1;
        a->in_column = (uint8_t)(a->in_column + more);
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
            see_column(&frame[i], &word[i], &word[k]);
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

/* Words at the ends of lines hold up the edges of columns: they move least. A
 * wide gap between two words is none where no other line has an end there, as
 * in listings. */
static bool is_edge(const struct pdf_word *w, const struct frame *f)
{
    float gap = fmaxf(f->left, f->right);
    return gap > widest_of(w) && (isinf(gap) || f->in_column >= 2);
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

static void add_unit(struct mark_page *page, const struct pdf_word *w,
                     const struct frame *f, uint32_t word, enum mark_axis axis,
                     double shift, enum mark_turn turn)
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
        .turn = (uint8_t)turn,
    };
}

/* Readers of text find columns by where lines begin: words there stay, unless
 * the page has little else. */
static bool is_start(const struct pdf_word *w, const struct frame *f)
{
    float before = w->flags & PDF_WORD_BACKWARD ? f->right : f->left;
    return before > widest_of(w);
}

static enum mark_turn turn_of(const struct pdf_word *w, const struct frame *f)
{
    if (is_start(w, f)) {
        return MARK_TURN_NEVER;
    }
    return is_edge(w, f) || w->glyphs < MANY_GLYPHS ? MARK_TURN_NEXT
                                                    : MARK_TURN_FIRST;
}

/* A shift across the line tells a tenth of one along it and costs as much.
 * Readers of text put words in order by height: ends of lines, and signs by
 * themselves, keep theirs. */
static void plan_word(const struct pdf_text *text, const struct frame *f,
                      uint32_t i, enum mark_reach reach, struct mark_page *page)
{
    const struct pdf_word *w = &text->word[i];
    enum mark_turn turn = turn_of(w, f);
    double along = f->stays ? 0 : along_shift(w, f, reach);
    bool rises = along > 0 && reach == MARK_FULL && turn == MARK_TURN_FIRST;
    double across = rises ? across_shift(w, f) : 0;
    if (along > 0) {
        add_unit(page, w, f, i, MARK_ALONG, along, turn);
    }
    if (across > 0) {
        add_unit(page, w, f, i, MARK_ACROSS, across, MARK_TURN_LAST);
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
static void favour_few(struct mark_page *page)
{
    uint32_t first = 0, kept = 0;
    for (uint32_t u = 0; u < page->units; u++) {
        first += page->unit[u].turn == MARK_TURN_FIRST;
    }
    for (uint32_t u = 0; u < page->units; u++) {
        struct mark_unit unit = page->unit[u];
        if (first < FEW_UNITS) {
            unit.turn =
                unit.axis == MARK_ALONG ? MARK_TURN_FIRST : MARK_TURN_LAST;
        }
        if (unit.turn != MARK_TURN_NEVER) {
            page->unit[kept++] = unit;
        }
    }
    page->units = kept;
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
        frame[i].stays = is_fixed(w, &frame[i], text);
        look_at_rules(w, text, &frame[i]);
        look_around(text, frame, i);
        plan_word(text, &frame[i], i, reach, page);
    }
    favour_few(page);
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
