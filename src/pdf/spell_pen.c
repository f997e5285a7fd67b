/* Places along the line as moves of the pen: what a browser places sign by
 * sign is so written in half the bytes, and a word that moves is moved once,
 * not in each of its operators. */
#include <math.h>
#include <string.h>

#include "pdf/spell.h"

#define MOST_SHOWS                                                             \
    200 /* one after another: each is written as often as they                 \
         * have ways */

static struct content *spelt(struct scan *scan)
{
    return &scan->page->content[scan->content];
}

enum effect { OTHER, QUIET, ABSOLUTE, NEXT_LINE };

/* What an operator does to the pen, beside Td and what shows. */
static enum effect effect_of(const char *word)
{
    static const struct {
        char word[4];
        enum effect effect;
    } table[] = {{"Tf", QUIET},     {"Tc", QUIET},     {"Tw", QUIET},
                 {"Tr", QUIET},     {"g", QUIET},      {"rg", QUIET},
                 {"k", QUIET},      {"G", QUIET},      {"RG", QUIET},
                 {"K", QUIET},      {"cs", QUIET},     {"CS", QUIET},
                 {"sc", QUIET},     {"SC", QUIET},     {"scn", QUIET},
                 {"SCN", QUIET},    {"BMC", QUIET},    {"BDC", QUIET},
                 {"EMC", QUIET},    {"MP", QUIET},     {"DP", QUIET},
                 {"BT", ABSOLUTE},  {"ET", ABSOLUTE},  {"Tm", ABSOLUTE},
                 {"T*", NEXT_LINE}, {"TD", NEXT_LINE}, {"'", NEXT_LINE},
                 {"\"", NEXT_LINE}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!strcmp(table[i].word, word)) {
            return table[i].effect;
        }
    }
    return OTHER;
}

/* Two plain numbers that are not too large to be rounded. */
static bool has_place(const struct scan *scan)
{
    bool good = scan->operands == 2 && !scan->is_cut;
    for (int i = 0; good && i < 2; i++) {
        struct lexer_token token = scan->operand[i];
        good = token.kind == TOKEN_NUMBER &&
               fabs(token.number) < SPELL_MOST_ROUNDED &&
               spell_is_plain(pdf_token_bytes(scan->lexer.text, token));
    }
    return good;
}

/* How far (x, y) is along the writing, in units of the line. */
static double along(struct place_map line, double x, double y)
{
    double square = line.a * line.a + line.b * line.b;
    return square > 0 ? (x * line.a + y * line.b) / square : 0;
}

bool spell_pen_takes(struct scan *scan, const char *word)
{
    struct scan_pen *pen = &scan->spell.pen;
    if (!pen->is_behind || strcmp(word, "Td") != 0 || !has_place(scan) ||
        fabs(scan->operand[1].number) > 0) {
        return false;
    }
    pen->held += scan->operand[0].number;
    pen->jump += along(pen->line, scan->text.e - pen->text.e,
                       scan->text.f - pen->text.f);
    pen->is_held = true;
    return true;
}

static void forget(struct scan_pen *pen)
{
    pen->held = pen->jump = 0;
    pen->is_held = false;
}

/* Write what is held: the line's start is where it should be, and so is the
 * pen. */
static enum sting_status put_held(struct scan *scan)
{
    struct buffer *out = &spelt(scan)->lean;
    struct scan_pen *pen = &scan->spell.pen;
    struct place_map map = place_map_then(pen->line, scan->state.ctm);
    enum sting_status status = spell_owing(
        pen->held, spell_decimals(hypot(map.a, map.b), SPELL_PLACE_PT),
        &scan->spell.owed.x, out);
    forget(pen);
    scan->spell.owed_kern = 0;
    return status ? status : buffer_text_append(out, " 0 Td");
}

enum sting_status spell_pen_settle(struct scan *scan)
{
    struct scan_pen *pen = &scan->spell.pen;
    struct buffer *out = &spelt(scan)->lean;
    bool is_back = !pen->is_held && fabs(pen->em) > 0;
    double back =
        along(pen->line, pen->text.e - pen->line.e, pen->text.f - pen->line.f);
    pen->is_behind = false;
    if (!pen->is_held && !(fabs(pen->held) > 0)) {
        return STING_OK;
    }
    enum sting_status status = put_held(scan);
    if (status || !is_back) {
        return status;
    }
    status = buffer_text_append(out, "[");
    if (!status) {
        status = spell_number(-1000 * back / pen->em, 3, out);
    }
    return status ? status : buffer_text_append(out, "]TJ");
}

/* Whoever uses other fonts places whole words, by which readers of text find
 * its order; theirs stay as they are. */
static bool can_follow(const struct face *face)
{
    return face_is_type3(face) && !face_is_vertical(face);
}

/* Widths that one reader rounds and another does not have added up: what comes
 * now is placed as it was. */
static bool is_adrift(const struct scan *scan)
{
    return scan->spelling == CONTENT_FINE &&
           fabs(scan->spell.pen.drift_pt) > SPELL_DRIFT_PT;
}

/* The pen is where the operator before left it, or ahead of that by what fits
 * in a number. */
static bool is_next(const struct scan *scan, const struct content_show *show)
{
    const struct scan_pen *pen = &scan->spell.pen;
    double em = scan->state.size * scan->state.stretch;
    return pen->is_behind && spell_is_show(scan, show) &&
           can_follow(scan->state.face) && show[-1].lean_end > 0 &&
           fabs(show->rise - show[-1].rise) < 1e-9 && pen->shows < MOST_SHOWS &&
           (!pen->is_held || fabs(pen->jump) < fabs(em)) &&
           (!pen->is_held || !is_adrift(scan));
}

static enum sting_status meet_show(struct scan *scan, struct content_show *show,
                                   double *number)
{
    struct scan_pen *pen = &scan->spell.pen;
    show->goes_on = is_next(scan, show);
    if (!pen->is_held) {
        return STING_OK;
    }
    if (!show->goes_on) {
        return put_held(scan);
    }
    *number = -1000 * pen->jump / (scan->state.size * scan->state.stretch);
    pen->jump = 0;
    pen->is_held = false;
    return STING_OK;
}

/* A place that is given from the line's start. */
static enum sting_status meet_place(struct scan *scan)
{
    struct scan_pen *pen = &scan->spell.pen;
    if (!has_place(scan)) {
        return spell_pen_settle(scan);
    }
    scan->spell.owed.x += pen->held;
    forget(pen);
    pen->is_behind = false;
    return STING_OK;
}

static enum sting_status meet_line(struct scan *scan)
{
    struct scan_pen *pen = &scan->spell.pen;
    bool is_ahead = pen->is_held || fabs(pen->held) > 0;
    pen->is_behind = false;
    return is_ahead ? put_held(scan) : STING_OK;
}

enum sting_status spell_pen_meets(struct scan *scan, const char *word,
                                  struct content_show *show, double *number)
{
    struct scan_pen *pen = &scan->spell.pen;
    enum effect effect = effect_of(word);
    *number = 0;
    if (scan->is_cut) {
        return spell_pen_settle(scan);
    }
    if (show && effect == OTHER) {
        return meet_show(scan, show, number);
    }
    if (!strcmp(word, "Td")) {
        return meet_place(scan);
    }
    if (effect == NEXT_LINE) {
        return meet_line(scan);
    }
    if (effect == ABSOLUTE) {
        forget(pen);
    }
    pen->is_behind = pen->is_behind && effect == QUIET;
    return effect == OTHER && pen->is_held ? put_held(scan) : STING_OK;
}

void spell_pen_leaves(struct scan *scan, const struct content_show *show)
{
    struct scan_pen *pen = &scan->spell.pen;
    if (show) {
        pen->shows = show->goes_on ? pen->shows + 1 : 1;
        pen->drift_pt = scan->drift_pt + (show->goes_on ? pen->drift_pt : 0);
        pen->is_behind = !scan->is_cut && !scan->is_exact &&
                         show->lean_end > 0 && can_follow(scan->state.face);
    }
    pen->text = scan->text;
    pen->line = scan->line;
    pen->em = scan->state.size * scan->state.stretch;
}
