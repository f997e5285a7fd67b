#include "pdf/edit_pen.h"

#include <math.h>
#include <string.h>

#include "pdf/lexer.h"
#include "pdf/spell.h"

void edit_pen_put(struct edit_pen *pen, struct bytes bytes)
{
    if (!pen->status && bytes.size > 0) {
        pen->status = buffer_append(pen->out, bytes);
    }
}

void edit_pen_text(struct edit_pen *pen, const char *text)
{
    edit_pen_put(pen, bytes_of_text(text));
}

void edit_pen_number(struct edit_pen *pen, double value, int decimals)
{
    if (!pen->status) {
        pen->status = spell_number(value, decimals, pen->out);
    }
}

/* A blank where the next word would else run into the last. */
void edit_pen_gap(struct edit_pen *pen)
{
    uint8_t last = pen->out->size > 0 ? pen->out->data[pen->out->size - 1] : 0;
    if (last > ' ' && !strchr("()<>[]{}", last)) {
        edit_pen_text(pen, " ");
    }
}

static void open_array(struct edit_pen *pen)
{
    if (!pen->is_open) {
        edit_pen_text(pen, "[");
        pen->is_open = true;
    }
}

static void close_string(struct edit_pen *pen)
{
    if (pen->string) {
        edit_pen_text(pen, pen->string == '<' ? ">" : ")");
        pen->string = 0;
    }
}

void edit_pen_settle(struct edit_pen *pen)
{
    if (!pen->is_due) {
        return;
    }
    if (pen->raw.size > 0) {
        close_string(pen);
        open_array(pen);
        edit_pen_put(pen, pen->raw);
    } else if (pen->always || fabs(pen->pending) >= 0.0005) {
        close_string(pen);
        open_array(pen);
        edit_pen_number(pen, pen->pending, 3);
    }
    pen->pending = 0;
    pen->is_due = false;
    pen->raw = (struct bytes){0};
}

/* A number that the array has already. */
void edit_pen_take(struct edit_pen *pen, double number, struct bytes raw)
{
    pen->raw = pen->is_due ? (struct bytes){0} : raw;
    pen->pending += number;
    pen->is_due = true;
}

void edit_pen_shift(struct edit_pen *pen, double along, bool at_word)
{
    double change = along - pen->along;
    if (fabs(change) >= 0.0005 || (pen->always && at_word)) {
        pen->pending += change;
        pen->raw = (struct bytes){0};
        pen->is_due = true;
    }
    pen->along = along;
}

void edit_pen_close(struct edit_pen *pen)
{
    close_string(pen);
    if (pen->is_open) {
        edit_pen_text(pen, "]TJ");
        pen->is_open = false;
    }
}

void edit_pen_rise(struct edit_pen *pen, double rise, bool at_word)
{
    int decimals = spell_decimals(pen->show->rise_pt, SPELL_PT);
    double fine = 0.5 * pow(10, -decimals);
    if (fabs(rise - pen->rise) < fine && !(pen->always && at_word)) {
        return;
    }
    edit_pen_close(pen);
    edit_pen_gap(pen);
    if (fabs(rise - pen->show->rise) < fine) {
        edit_pen_number(pen, pen->show->rise, 7);
    } else {
        edit_pen_number(pen, rise, decimals);
    }
    edit_pen_text(pen, " Ts");
    pen->rise = rise;
}

/* Up to where the bytes of the next glyph come. */
void edit_pen_open(struct edit_pen *pen, char first)
{
    edit_pen_settle(pen);
    if (pen->string != first) {
        close_string(pen);
        open_array(pen);
        edit_pen_text(pen, first == '<' ? "<" : "(");
        pen->string = first;
    }
}

void edit_pen_glyphs(struct edit_pen *pen, struct bytes glyphs, char first)
{
    if (glyphs.size > 0) {
        edit_pen_open(pen, first);
        pen->status = pen->status
                          ? pen->status
                          : pdf_string_inside(glyphs, first == '<', pen->out);
    }
}
