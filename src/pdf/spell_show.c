/* Operators that show text, in the fewest bytes; one that follows another goes
 * on with its array. */
#include <math.h>
#include <string.h>

#include "pdf/spell.h"

#define KERN_PT 0.0125 /* a smaller one may be left out */
#define GAP_CLEAR 200  /* a wider gap is a blank to any reader of text, */
#define GAP_NONE 60    /* and a narrower one to none */

static struct content *spelt(struct scan *scan)
{
    return &scan->page->content[scan->content];
}

enum sting_status spell_string(struct scan *scan, struct lexer_token token,
                               bool goes_on)
{
    struct buffer string STING_AUTO(buffer_release) = {0};
    struct buffer *out = &spelt(scan)->lean;
    enum sting_status status =
        pdf_string_read(scan->lexer.text, token, &string);
    if (status || !goes_on) {
        return status ? status
                      : pdf_string_write(buffer_bytes(&string), false, out);
    }
    out->size--;
    status = pdf_string_inside(buffer_bytes(&string), false, out);
    return status ? status : buffer_text_append(out, ")");
}

/* What a number of a TJ array moves by: a thousandth of the size. */
static double kern_pt(const struct scan *scan)
{
    const struct scan_state *s = &scan->state;
    struct place_map map = place_map_then(scan->text, s->ctm);
    return fabs(s->size) * 0.001 *
           fmax(hypot(map.a, map.b) * fabs(s->stretch), hypot(map.c, map.d));
}

/* Of what follows in the array, a gap between words takes what is owed before
 * a gap comes in which readers of text may or may not see a blank. */
static bool is_paid(struct lexer lexer)
{
    for (;;) {
        struct lexer_token token = pdf_lexer_object(&lexer);
        if (token.kind == TOKEN_END || token.kind == TOKEN_ARRAY_END) {
            return false;
        }
        if (token.kind == TOKEN_NUMBER && token.number < -GAP_CLEAR) {
            return true;
        }
        if (token.kind == TOKEN_NUMBER && token.number < -GAP_NONE) {
            return false;
        }
    }
}

/* A number so small that nobody sees it is owed to the gap behind the word. */
static bool is_owed(struct scan *scan, double number, struct lexer rest)
{
    double wanted = number + scan->spell.owed_kern;
    bool owed = fabs(wanted) * kern_pt(scan) < KERN_PT && is_paid(rest);
    scan->spell.owed_kern = owed ? wanted : scan->spell.owed_kern;
    return owed;
}

/* What is between the brackets of an array; strings go on with the last one
 * when `goes_on`. */
static enum sting_status put_items(struct scan *scan, struct lexer_token array,
                                   bool goes_on)
{
    struct buffer *out = &spelt(scan)->lean;
    struct bytes text = scan->lexer.text;
    struct lexer lexer = {{text.data, array.end}, array.begin + 1};
    int decimals = spell_decimals(kern_pt(scan), SPELL_PT);
    enum sting_status status = STING_OK;
    for (;;) {
        struct lexer_token token = pdf_lexer_object(&lexer);
        if (status || token.kind == TOKEN_END ||
            token.kind == TOKEN_ARRAY_END) {
            return status;
        }
        struct bytes raw = pdf_token_bytes(text, token);
        if (token.kind == TOKEN_STRING) {
            status = spell_string(scan, token, goes_on);
            goes_on = true;
        } else if (token.kind != TOKEN_NUMBER) {
            status = spell_raw(out, raw);
            goes_on = false;
        } else if (scan->is_exact) {
            status = spell_exact(raw, out);
            goes_on = false;
        } else if (!spell_is_plain(raw) ||
                   !is_owed(scan, token.number, lexer)) {
            status = spell_rounded(raw, token.number, decimals,
                                   &scan->spell.owed_kern, out);
            goes_on = false;
        }
    }
}

enum sting_status spell_array(struct scan *scan, struct lexer_token array)
{
    enum sting_status status = buffer_text_append(&spelt(scan)->lean, "[");
    if (!status) {
        status = put_items(scan, array, false);
    }
    return status ? status : buffer_text_append(&spelt(scan)->lean, "]");
}

bool spell_is_show(const struct scan *scan, const struct content_show *show)
{
    return (show->kind == SHOW_TJ_STRING || show->kind == SHOW_TJ_ARRAY) &&
           scan->operands == 1 && !scan->is_cut;
}

/* Nothing was written behind the operator before: both are one. */
static bool joins(const struct content *content,
                  const struct content_show *show)
{
    return show->goes_on && show[-1].lean_end == content->lean.size &&
           (show[-1].kind == SHOW_TJ_STRING || show[-1].kind == SHOW_TJ_ARRAY);
}

/* Take an operator's end off again: of an array (then it is open) or a string,
 * which goes on. */
static void reopen(struct buffer *out, bool *is_open)
{
    out->size -= 2;
    *is_open = out->data[out->size - 1] == ']';
    out->size -= *is_open;
}

/* Make what begins at `begin` an array. */
static enum sting_status put_bracket(struct buffer *out, size_t begin,
                                     bool *is_open)
{
    if (*is_open) {
        return STING_OK;
    }
    enum sting_status status = buffer_text_append(out, "[");
    if (!status) {
        memmove(out->data + begin + 1, out->data + begin,
                out->size - 1 - begin);
        out->data[begin] = '[';
        *is_open = true;
    }
    return status;
}

/* What the pen jumps before the first glyph, as fine as other places are: by
 * these readers of text put words in order. */
static enum sting_status put_jump(struct scan *scan, double number,
                                  size_t begin, bool *is_open)
{
    struct buffer *out = &spelt(scan)->lean;
    int decimals = spell_decimals(kern_pt(scan), SPELL_PLACE_PT);
    if (fabs(number + scan->spell.owed_kern) < 0.5 * pow(10, -decimals)) {
        scan->spell.owed_kern += number;
        return STING_OK;
    }
    enum sting_status status = put_bracket(out, begin, is_open);
    return status ? status
                  : spell_owing(number, decimals, &scan->spell.owed_kern, out);
}

static enum sting_status put_shown(struct scan *scan, size_t begin,
                                   bool is_open)
{
    struct buffer *out = &spelt(scan)->lean;
    struct lexer_token shown = scan->operand[0];
    bool goes_on = out->size > begin && out->data[out->size - 1] == ')';
    enum sting_status status = shown.kind == TOKEN_ARRAY
                                   ? put_bracket(out, begin, &is_open)
                                   : STING_OK;
    if (!status) {
        status = shown.kind == TOKEN_ARRAY ? put_items(scan, shown, goes_on)
                                           : spell_string(scan, shown, goes_on);
    }
    return status ? status : buffer_text_append(out, is_open ? "]TJ" : "Tj");
}

/* All shows of one operator have its range. */
static void note_range(const struct content *content, struct content_show *show,
                       size_t begin)
{
    show->lean_begin = begin;
    show->lean_end = content->lean.size;
    while (show->is_joined) {
        show--;
        show->lean_begin = begin;
        show->lean_end = content->lean.size;
    }
}

enum sting_status spell_show(struct scan *scan, struct content_show *show,
                             double number)
{
    struct content *content = spelt(scan);
    size_t begin = content->lean.size;
    bool is_open = false;
    enum sting_status status = STING_OK;
    show->is_joined = joins(content, show);
    if (show->is_joined) {
        begin = show[-1].lean_begin;
        reopen(&content->lean, &is_open);
    }
    if (fabs(number) > 0) {
        status = put_jump(scan, number, begin, &is_open);
    }
    if (!status) {
        status = put_shown(scan, begin, is_open);
    }
    note_range(content, show, begin);
    return status;
}
