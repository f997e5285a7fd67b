#include "pdf/drawing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "pdf/lexer.h"

#define OPERANDS 6
#define STATES 64       /* q within q; deeper ones are not followed */
#define STAYS_PT 0.004  /* a displacement of less is none */
#define FINE_PT 0.01    /* numbers are written at least so finely */
#define BEND_PT 0.03    /* a straight piece strays from the field by less */
#define MOST_HALVINGS 7 /* of a line */
#define CURVE_PT 14.0   /* a longer curve is written in pieces */
#define MOST_PIECES 64
#define COVER_PT 1.0 /* a rectangle this near all edges covers the page */

/* A content being edited; errors stick. */
struct pen {
    const struct drawing *drawing;
    struct buffer *out;
    enum sting_status status;
    struct lexer lexer;
    struct lexer_token operand[OPERANDS];
    int operands;  /* before the operator, also beyond OPERANDS */
    size_t first;  /* where the first of them begins */
    size_t copied; /* what stands before is in the output */
    uint32_t part; /* the next whose begin is not yet set */
    struct place_map map, back;
    struct place_map saved[STATES];
    int saves;
    int decimals;
    uint32_t pictures;      /* inline images so far */
    struct place at, start; /* as drawn in the original */
};

static bool find_back(struct place_map m, struct place_map *out)
{
    double area = m.a * m.d - m.b * m.c;
    if (!(fabs(area) > 1e-12)) {
        return false;
    }
    *out = (struct place_map){m.d / area, -m.b / area, -m.c / area,
                              m.a / area, 0,           0};
    return true;
}

static void set_map(struct pen *pen, struct place_map map)
{
    pen->map = map;
    if (!find_back(map, &pen->back)) {
        pen->back = (struct place_map){0};
    }
    double scale = sqrt(fabs(map.a * map.d - map.b * map.c));
    pen->decimals = 0;
    while (scale > FINE_PT && pen->decimals < 6) {
        scale /= 10;
        pen->decimals++;
    }
}

/* The displacement of a place in the content's own space; *far is how much
 * that is on the page. */
static struct place moved(const struct pen *pen, struct place p, double *far)
{
    struct place on_page = place_mapped(pen->map, p.x, p.y);
    struct place by = pdf_field_at(pen->drawing->field, on_page.x, on_page.y);
    *far = hypot(by.x, by.y);
    struct place own = place_mapped(pen->back, by.x, by.y);
    return (struct place){p.x + own.x, p.y + own.y};
}

static double distance_on_page(const struct pen *pen, struct place a,
                               struct place b)
{
    struct place p = place_mapped(pen->map, a.x, a.y);
    struct place q = place_mapped(pen->map, b.x, b.y);
    return hypot(p.x - q.x, p.y - q.y);
}

static struct place between(struct place a, struct place b, double t)
{
    return (struct place){a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
}

static void put_text(struct pen *pen, const char *text)
{
    if (!pen->status) {
        pen->status = buffer_text_append(pen->out, text);
    }
}

/* The shortest decimal that is fine enough. */
static void put_number(struct pen *pen, double value)
{
    char text[64];
    snprintf(text, sizeof text, "%.*f", pen->decimals, value);
    size_t size = strlen(text);
    while (strchr(text, '.') &&
           (text[size - 1] == '0' || text[size - 1] == '.')) {
        bool point = text[size - 1] == '.';
        text[--size] = 0;
        if (point) {
            break;
        }
    }
    bool minus = text[0] == '-';
    const char *digits = text + minus;
    if (!strcmp(digits, "0")) {
        put_text(pen, "0 ");
        return;
    }
    put_text(pen, minus ? "-" : "");
    put_text(pen, digits[0] == '0' && digits[1] == '.' ? digits + 1 : digits);
    put_text(pen, " ");
}

static void put_place(struct pen *pen, struct place p)
{
    double far;
    struct place to = moved(pen, p, &far);
    put_number(pen, to.x);
    put_number(pen, to.y);
}

/* How far the middle of the displaced ends is from the displaced middle. */
static double bend(const struct pen *pen, struct place a, struct place b)
{
    double most = 0;
    for (int i = 1; i < 4; i++) {
        double far, t = i / 4.0;
        struct place chord =
            between(moved(pen, a, &far), moved(pen, b, &far), t);
        struct place true_place = moved(pen, between(a, b, t), &far);
        most = fmax(most, distance_on_page(pen, chord, true_place));
    }
    return most;
}

/* A line from a to b, a being written: its inner ends, then b if wanted. */
static void put_line(struct pen *pen, struct place a, struct place b,
                     int halvings, bool with_end)
{
    if (halvings > 0 && (distance_on_page(pen, a, b) > 4 * CURVE_PT ||
                         bend(pen, a, b) > BEND_PT)) {
        struct place middle = between(a, b, 0.5);
        put_line(pen, a, middle, halvings - 1, true);
        put_line(pen, middle, b, halvings - 1, with_end);
    } else if (with_end) {
        put_place(pen, b);
        put_text(pen, "l\n");
    }
}

/* Does anything between a and b move? */
static bool line_moves(const struct pen *pen, struct place a, struct place b)
{
    double length = distance_on_page(pen, a, b);
    int steps = (int)fmin(length / (CURVE_PT / 2), 1000) + 1;
    for (int i = 0; i <= steps; i++) {
        double far;
        (void)moved(pen, between(a, b, (double)i / steps), &far);
        if (far > STAYS_PT) {
            return true;
        }
    }
    return false;
}

static double number(const struct pen *pen, int i)
{
    return pen->operand[i].number;
}

static struct place place(const struct pen *pen, int i)
{
    return (struct place){number(pen, i), number(pen, i + 1)};
}

/* Copy up to `end`; streams that begin there begin where it comes to lie. */
static void copy_to(struct pen *pen, size_t end)
{
    const struct drawing *d = pen->drawing;
    while (pen->part < d->parts && d->part_begin[pen->part] < end) {
        size_t into = d->part_begin[pen->part] - pen->copied;
        d->part_begin[pen->part++] = pen->out->size + into;
    }
    if (!pen->status) {
        pen->status =
            buffer_append(pen->out, (struct bytes){d->text.data + pen->copied,
                                                   end - pen->copied});
    }
    pen->copied = end;
}

/* Begin writing the operator at hand anew; its own bytes are left out. False
 * where a stream ends inside it: then it stays. */
static bool replace(struct pen *pen)
{
    const struct drawing *d = pen->drawing;
    uint32_t part = pen->part;
    while (part < d->parts && d->part_begin[part] <= pen->first) {
        part++;
    }
    if (part < d->parts && d->part_begin[part] < pen->lexer.at) {
        return false;
    }
    copy_to(pen, pen->first);
    while (pen->part < d->parts && d->part_begin[pen->part] == pen->first) {
        d->part_begin[pen->part++] = pen->out->size;
    }
    pen->copied = pen->lexer.at;
    return true;
}

/* The blank behind an operator makes up for the one that is written. */
static void skip_blank(struct pen *pen)
{
    const struct bytes text = pen->drawing->text;
    size_t at = pen->copied;
    uint32_t part = pen->part;
    bool begins =
        part < pen->drawing->parts && pen->drawing->part_begin[part] == at + 1;
    if (at < text.size && !begins &&
        (text.data[at] == '\n' || text.data[at] == ' ')) {
        pen->copied = pen->lexer.at = at + 1;
    }
}

static void act_move(struct pen *pen)
{
    struct place to = place(pen, 0);
    double far;
    (void)moved(pen, to, &far);
    pen->at = pen->start = to;
    if (far > STAYS_PT && replace(pen)) {
        put_place(pen, to);
        put_text(pen, "m\n");
        skip_blank(pen);
    }
}

static void act_line(struct pen *pen)
{
    struct place from = pen->at, to = place(pen, 0);
    pen->at = to;
    if (line_moves(pen, from, to) && replace(pen)) {
        put_line(pen, from, to, MOST_HALVINGS, true);
        skip_blank(pen);
    }
}

static void act_close(struct pen *pen)
{
    struct place from = pen->at, to = pen->start;
    pen->at = to;
    pen->first = pen->lexer.at - 1;
    if (line_moves(pen, from, to) && bend(pen, from, to) > BEND_PT &&
        replace(pen)) {
        put_line(pen, from, to, MOST_HALVINGS, false);
        put_text(pen, "h\n");
        skip_blank(pen);
    }
}

/* The part of a curve from t to u (de Casteljau, twice). */
static void part_of(const struct place c[4], double t, double u,
                    struct place out[4])
{
    for (int i = 0; i < 4; i++) {
        double s[3] = {i > 0 ? u : t, i > 1 ? u : t, i > 2 ? u : t};
        struct place p[4] = {c[0], c[1], c[2], c[3]};
        for (int k = 0; k < 3; k++) {
            for (int j = 0; j < 3 - k; j++) {
                p[j] = between(p[j], p[j + 1], s[k]);
            }
        }
        out[i] = p[0];
    }
}

static void put_curve(struct pen *pen, const struct place c[4])
{
    double length = 0;
    for (int i = 0; i < 3; i++) {
        length += distance_on_page(pen, c[i], c[i + 1]);
    }
    int pieces = (int)fmin(ceil(length / CURVE_PT), MOST_PIECES);
    pieces = pieces < 1 ? 1 : pieces;
    for (int i = 0; i < pieces; i++) {
        struct place part[4];
        part_of(c, (double)i / pieces, (double)(i + 1) / pieces, part);
        part[3] = i + 1 == pieces ? c[3] : part[3];
        for (int k = 1; k < 4; k++) {
            put_place(pen, part[k]);
        }
        put_text(pen, "c\n");
    }
}

static void curve(struct pen *pen, struct place a, struct place b,
                  struct place to)
{
    const struct place c[4] = {pen->at, a, b, to};
    pen->at = to;
    if ((line_moves(pen, c[0], a) || line_moves(pen, a, b) ||
         line_moves(pen, b, to)) &&
        replace(pen)) {
        put_curve(pen, c);
        skip_blank(pen);
    }
}

static void act_curve(struct pen *pen)
{
    curve(pen, place(pen, 0), place(pen, 2), place(pen, 4));
}

static void act_curve_from(struct pen *pen)
{
    curve(pen, pen->at, place(pen, 0), place(pen, 2));
}

static void act_curve_to(struct pen *pen)
{
    curve(pen, place(pen, 0), place(pen, 2), place(pen, 2));
}

/* Rectangles that clip are loose, and those that cover the page must. */
static bool rectangle_stays(const struct pen *pen, struct place low,
                            struct place high)
{
    const struct drawing *d = pen->drawing;
    struct lexer ahead = pen->lexer;
    struct lexer_token next = pdf_lexer_next(&ahead);
    struct place a = place_mapped(pen->map, low.x, low.y);
    struct place b = place_mapped(pen->map, high.x, high.y);
    return pdf_token_is(d->text, next, "W") ||
           pdf_token_is(d->text, next, "W*") ||
           (fmin(a.x, b.x) < COVER_PT && fmin(a.y, b.y) < COVER_PT &&
            fmax(a.x, b.x) > d->width_pt - COVER_PT &&
            fmax(a.y, b.y) > d->height_pt - COVER_PT);
}

static void act_rectangle(struct pen *pen)
{
    struct place low = place(pen, 0);
    struct place high = {low.x + number(pen, 2), low.y + number(pen, 3)};
    const struct place corner[5] = {
        low, {high.x, low.y}, high, {low.x, high.y}, low};
    bool moves = false;
    for (int i = 0; i < 4; i++) {
        moves = moves || line_moves(pen, corner[i], corner[i + 1]);
    }
    pen->at = pen->start = low;
    if (moves && !rectangle_stays(pen, low, high) && replace(pen)) {
        put_place(pen, low);
        put_text(pen, "m\n");
        for (int i = 0; i < 4; i++) {
            put_line(pen, corner[i], corner[i + 1], MOST_HALVINGS, i < 3);
        }
        put_text(pen, "h\n");
        skip_blank(pen);
    }
}

static void act_save(struct pen *pen)
{
    if (pen->saves < STATES) {
        pen->saved[pen->saves] = pen->map;
    }
    pen->saves++;
}

static void act_restore(struct pen *pen)
{
    pen->saves -= pen->saves > 0;
    if (pen->saves < STATES) {
        set_map(pen, pen->saved[pen->saves]);
    }
}

static void act_concat(struct pen *pen)
{
    const struct place_map by = {number(pen, 0), number(pen, 1),
                                 number(pen, 2), number(pen, 3),
                                 number(pen, 4), number(pen, 5)};
    set_map(pen, place_map_then(by, pen->map));
}

/* The inline image whose BI begins there. */
static void put_picture(struct pen *pen, size_t begin)
{
    struct buffer made STING_AUTO(buffer_release) = {0};
    const struct drawing *d = pen->drawing;
    uint32_t nth = pen->pictures++;
    if (!d->picture || pen->status) {
        return;
    }
    pen->status = d->picture(d->pictures, nth, &made);
    pen->first = begin;
    if (!pen->status && made.size > 0 && replace(pen)) {
        pen->status = buffer_append(pen->out, buffer_bytes(&made));
    }
}

static void act_inline_image(struct pen *pen)
{
    const struct bytes text = pen->lexer.text;
    size_t begin = pen->lexer.at;
    struct lexer_token token = pdf_lexer_next(&pen->lexer);
    while (token.kind != TOKEN_END && !pdf_token_is(text, token, "ID")) {
        token = pdf_lexer_next(&pen->lexer);
    }
    pdf_lexer_skip_image(
        &pen->lexer, (struct bytes){text.data + begin, token.begin - begin});
    put_picture(pen, begin - 2);
}

static const struct operator_row {
    const char *word;
    int numbers; /* operands, all of them numbers */
    void (*act)(struct pen *pen);
} operator_table[] = {
    {"m", 2, act_move},          {"l", 2, act_line},
    {"c", 6, act_curve},         {"v", 4, act_curve_from},
    {"y", 4, act_curve_to},      {"h", 0, act_close},
    {"re", 4, act_rectangle},    {"q", 0, act_save},
    {"Q", 0, act_restore},       {"cm", 6, act_concat},
    {"BI", 0, act_inline_image},
};

static bool are_numbers(const struct pen *pen, int count)
{
    for (int i = 0; i < count; i++) {
        if (pen->operand[i].kind != TOKEN_NUMBER) {
            return false;
        }
    }
    return pen->operands == count;
}

static void act(struct pen *pen, struct lexer_token token)
{
    for (size_t i = 0; i < sizeof operator_table / sizeof *operator_table;
         i++) {
        const struct operator_row *row = &operator_table[i];
        if (pdf_token_is(pen->lexer.text, token, row->word)) {
            if (row->numbers == 0 || are_numbers(pen, row->numbers)) {
                row->act(pen);
            }
            return;
        }
    }
}

enum sting_status drawing_edit(const struct drawing *drawing,
                               struct buffer *out)
{
    struct pen pen = {
        .drawing = drawing, .out = out, .lexer = {drawing->text, 0}};
    set_map(&pen, drawing->map);
    while (!pen.status) {
        struct lexer_token token = pdf_lexer_object(&pen.lexer);
        if (token.kind == TOKEN_END) {
            break;
        }
        if (token.kind == TOKEN_WORD) {
            act(&pen, token);
            pen.operands = 0;
            continue;
        }
        if (pen.operands == 0) {
            pen.first = token.begin;
        }
        if (pen.operands < OPERANDS) {
            pen.operand[pen.operands] = token;
        }
        pen.operands++;
    }
    copy_to(&pen, drawing->text.size);
    return pen.status;
}
