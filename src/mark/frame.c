#include "mark/frame.h"

#include <math.h>

#define NEXT_LINE_EM 1.5    /* between baselines of lines that follow .. */
#define NEAR_LINES_EM 2.7   /* and of the lines after those */
#define OVER_EACH_EM 0.03   /* ends so near stand over each other */
#define COLUMN_EM 1.5       /* a wider gap parts two lines of units */
#define RULE_PT 2.0         /* a rule nearer than this holds the word .. */
#define PAST_EM 1.0         /* unless it goes on as far beyond both ends .. */
#define LEVEL_PT 0.1        /* and along the word */
#define OVERLAP_PART 0.25   /* of the smaller word's area */
#define BLANK_EM 0.15       /* readers of text see a blank from here on, */
#define BLANK_LESS_EM 0.1   /* or from here */
#define OVER_EM (-0.1)      /* and the end of a line where words overlap so, */
#define OVER_MORE_EM (-0.2) /* or so */
#define FORMULA_EM 1.0      /* a neighbour this near on another baseline */
#define LEAST_WIDTH_PT 2.0
#define LEAST_HEIGHT_PT 2.5
#define LEADER_GLYPHS 6       /* dots in a row lead to a number .. */
#define LEADER_HEIGHT_EM 0.08 /* and are taller than lines to write on */
#define LEAST_EM_PT 4.5
#define MOST_EM_PT 72.0

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

/* Too low to be read, as dashes are; a row of dots has edges enough. */
static bool is_low(const struct pdf_word *w, const struct frame *f)
{
    float height = f->t1 - f->t0;
    bool is_leader = w->glyphs >= LEADER_GLYPHS &&
                     height >= (float)LEADER_HEIGHT_EM * w->em_pt;
    return height < (float)LEAST_HEIGHT_PT && !is_leader;
}

static bool is_fixed(const struct pdf_word *w, const struct frame *f,
                     const struct pdf_text *text)
{
    const unsigned held =
        PDF_WORD_HIDDEN | PDF_WORD_SHARED | PDF_WORD_VERTICAL | PDF_WORD_TORN;
    return (w->flags & held) || is_off_page(w, text) ||
           f->s1 - f->s0 < (float)LEAST_WIDTH_PT || is_low(w, f) ||
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
        stay_from(a, gap, word->reader_em_pt);
        stay_from(a, gap, other->reader_em_pt);
        stay_from(a, gap, word->last_em_pt);
        stay_from(a, gap, other->last_em_pt);
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

void frames_make(const struct pdf_text *text, struct frame *frame)
{
    for (uint32_t i = 0; i < text->words; i++) {
        frame[i] = frame_of(&text->word[i]);
    }
    number_lines(text, frame);
    for (uint32_t i = 0; i < text->words; i++) {
        const struct pdf_word *word = &text->word[i];
        frame[i].stays = is_fixed(word, &frame[i], text);
        look_at_rules(word, text, &frame[i]);
        look_around(text, frame, i);
    }
}
