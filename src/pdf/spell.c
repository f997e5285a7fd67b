#include "pdf/spell.h"

#include <math.h>
#include <string.h>

#define MOST_DECIMALS 7

static struct content *spelt(struct scan *scan)
{
    return &scan->page->content[scan->content];
}

void spell_begin(struct scan *scan)
{
    scan->spell = (struct scan_spell){0};
}

int spell_decimals(double unit_pt, double fine_pt)
{
    int decimals = 0;
    double unit = fabs(unit_pt);
    while (unit > fine_pt * 1.1 && decimals < MOST_DECIMALS) {
        unit /= 10;
        decimals++;
    }
    return decimals;
}

/* Digits as printf gives them, without what says nothing. */
static enum sting_status put_digits(const char *text, size_t size,
                                    struct buffer *out)
{
    bool minus = text[0] == '-';
    bool plus = text[0] == '+';
    text += minus || plus;
    size -= minus || plus;
    const char *point = memchr(text, '.', size);
    while (point && size > 0 && text[size - 1] == '0') {
        size--;
    }
    size -= point && size > 0 && text[size - 1] == '.';
    while (size > 0 && text[0] == '0') {
        text++;
        size--;
    }
    if (size == 0) {
        return buffer_text_append(out, "0");
    }
    enum sting_status status = minus ? buffer_text_append(out, "-") : STING_OK;
    return status ? status
                  : buffer_append(out,
                                  (struct bytes){(const uint8_t *)text, size});
}

enum sting_status spell_number(double value, int decimals, struct buffer *out)
{
    static const double ten[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7};
    char text[40], *at = text + sizeof text;
    double scaled = fabs(value) * ten[decimals];
    if (!(scaled < 1e15)) {
        return STING_E_LIMIT;
    }
    uint64_t left = (uint64_t)(scaled + 0.5);
    bool minus = value < 0 && left > 0;
    for (int i = 0; left > 0 || i <= decimals; i++) {
        *--at = (char)('0' + left % 10);
        left /= 10;
        if (i + 1 == decimals) {
            *--at = '.';
        }
    }
    if (minus) {
        *--at = '-';
    }
    return put_digits(at, (size_t)(text + sizeof text - at), out);
}

bool spell_is_plain(struct bytes raw)
{
    size_t i = raw.size > 0 && (raw.data[0] == '+' || raw.data[0] == '-');
    size_t points = 0, digits = 0;
    for (; i < raw.size; i++) {
        bool digit = raw.data[i] >= '0' && raw.data[i] <= '9';
        points += raw.data[i] == '.';
        digits += digit;
        if ((!digit && raw.data[i] != '.') || points > 1) {
            return false;
        }
    }
    return digits > 0;
}

static bool is_regular(uint8_t c)
{
    return c > ' ' && !strchr("()<>[]{}/%", c);
}

enum sting_status spell_gap(struct buffer *out, uint8_t next)
{
    uint8_t last = out->size > 0 ? out->data[out->size - 1] : ' ';
    bool is_apart = !is_regular(last) && last != '/'; /* an empty name */
    return !is_apart && is_regular(next) ? buffer_text_append(out, " ")
                                         : STING_OK;
}

enum sting_status spell_raw(struct buffer *out, struct bytes raw)
{
    enum sting_status status =
        raw.size > 0 ? spell_gap(out, raw.data[0]) : STING_OK;
    return status ? status : buffer_append(out, raw);
}

enum sting_status spell_exact(struct bytes raw, struct buffer *out)
{
    if (!spell_is_plain(raw)) {
        return spell_raw(out, raw);
    }
    enum sting_status status = spell_gap(out, '0');
    return status ? status : put_digits((const char *)raw.data, raw.size, out);
}

enum sting_status spell_owing(double number, int decimals, double *owed,
                              struct buffer *out)
{
    double ten = pow(10, decimals);
    double wanted = number + *owed;
    double given = round(wanted * ten) / ten;
    enum sting_status status = spell_gap(out, '0');
    *owed = wanted - given;
    return status ? status : spell_number(given, decimals, out);
}

enum sting_status spell_rounded(struct bytes raw, double number, int decimals,
                                double *owed, struct buffer *out)
{
    return spell_is_plain(raw) && fabs(number) < SPELL_MOST_ROUNDED
               ? spell_owing(number, decimals, owed, out)
               : spell_raw(out, raw);
}

/* Which of an operator's last operands are places: x and y of the line's
 * start. */
static bool is_place(const char *word, int from_end)
{
    return from_end <= 2 && (!strcmp(word, "Td") || !strcmp(word, "Tm"));
}

static enum sting_status put_place(struct scan *scan, const char *word,
                                   int from_end, struct lexer_token token)
{
    struct place_map map = scan->state.ctm;
    if (!strcmp(word, "Td")) {
        map = place_map_then(scan->line, map);
    }
    bool is_x = from_end == 2;
    double unit = is_x ? hypot(map.a, map.b) : hypot(map.c, map.d);
    return spell_rounded(pdf_token_bytes(scan->lexer.text, token), token.number,
                         spell_decimals(unit, SPELL_PLACE_PT),
                         is_x ? &scan->spell.owed.x : &scan->spell.owed.y,
                         &spelt(scan)->lean);
}

static bool shows(const char *word)
{
    return !strcmp(word, "Tj") || !strcmp(word, "'") || !strcmp(word, "\"");
}

static enum sting_status put_operand(struct scan *scan, const char *word, int i)
{
    struct lexer_token token = scan->operand[i];
    struct bytes raw = pdf_token_bytes(scan->lexer.text, token);
    struct buffer *out = &spelt(scan)->lean;
    int from_end = scan->operands - i;
    if (token.kind == TOKEN_ARRAY && from_end == 1 && !strcmp(word, "TJ")) {
        return spell_array(scan, token);
    }
    if (token.kind == TOKEN_STRING && from_end == 1 && shows(word)) {
        return spell_string(scan, token, false);
    }
    if (token.kind != TOKEN_NUMBER) {
        return spell_raw(out, raw);
    }
    return is_place(word, from_end) && !scan->is_exact
               ? put_place(scan, word, from_end, token)
               : spell_exact(raw, out);
}

/* Where a new place is set, what was owed to the old one is void. */
static void forgive(struct scan *scan, const char *word)
{
    static const char *const absolute[] = {"BT", "Tm"};
    static const char *const moved[] = {"Td", "TD", "T*", "'", "\""};
    for (size_t i = 0; i < sizeof absolute / sizeof *absolute; i++) {
        if (!strcmp(absolute[i], word)) {
            scan->spell.owed = (struct place){0, 0};
            scan->spell.owed_kern = 0;
        }
    }
    for (size_t i = 0; i < sizeof moved / sizeof *moved; i++) {
        if (!strcmp(moved[i], word)) {
            scan->spell.owed_kern = 0;
        }
    }
}

/* Parts that begin before `at` of the text begin here. */
static enum sting_status begin_parts(struct scan *scan, size_t at)
{
    struct content *content = spelt(scan);
    enum sting_status status = STING_OK;
    while (!status && scan->spell.part < content->parts &&
           content->part[scan->spell.part].begin <= at) {
        spell_colours_settle(scan);
        status = spell_pen_settle(scan);
        struct content_part *part = &content->part[scan->spell.part++];
        if (!status && part > content->part) {
            status = buffer_text_append(&content->lean, "\n");
        }
        part->lean_begin = content->lean.size;
    }
    return status;
}

static enum sting_status put_operands(struct scan *scan, const char *word,
                                      int used, size_t *begin)
{
    enum sting_status status = STING_OK;
    *begin = spelt(scan)->lean.size;
    for (int i = 0; !status && i < scan->operands; i++) {
        if (i == scan->operands - used) {
            status = spell_gap(&spelt(scan)->lean,
                               scan->lexer.text.data[scan->operand[i].begin]);
            *begin = spelt(scan)->lean.size;
        }
        if (!status && scan->operand[i].kind != TOKEN_END) {
            status = put_operand(scan, word, i);
        }
    }
    return status;
}

static enum sting_status put_word(struct scan *scan, struct lexer_token word)
{
    /* An inline image is one word, up to where the scan stands now; readers
     * want a blank behind its EI, whatever comes. */
    struct bytes raw = {scan->lexer.text.data + word.begin,
                        scan->lexer.at - word.begin};
    enum sting_status status = spell_raw(&spelt(scan)->lean, raw);
    if (!status && scan->lexer.at > word.end) {
        status = buffer_text_append(&spelt(scan)->lean, " ");
    }
    return status;
}

static size_t first_byte(const struct scan *scan, struct lexer_token word)
{
    return scan->operands > 0 ? scan->operand[0].begin : word.begin;
}

/* The next part begins inside the operator that was just read. */
static void note_split(struct scan *scan)
{
    struct content *content = spelt(scan);
    content->is_split =
        content->is_split ||
        (scan->spell.part < content->parts &&
         content->part[scan->spell.part].begin < scan->lexer.at);
}

/* Append the operator, whatever it is; *begin is where the operands that it
 * uses begin. */
static enum sting_status put_operator(struct scan *scan, const char *text,
                                      struct lexer_token word, size_t *begin)
{
    enum sting_status status = STING_OK;
    if (scan->is_cut) {
        word.begin = first_byte(scan, word); /* all as it is */
    } else {
        status = put_operands(scan, text, strcmp(text, "\"") ? 1 : 3, begin);
    }
    return status ? status : put_word(scan, word);
}

static enum sting_status spell_shown(struct scan *scan, const char *text,
                                     struct lexer_token word,
                                     struct content_show *show)
{
    double number = 0;
    size_t begin = 0;
    enum sting_status status = spell_pen_meets(scan, text, show, &number);
    if (!status && show && spell_is_show(scan, show)) {
        return spell_show(scan, show, number);
    }
    status = status ? status : put_operator(scan, text, word, &begin);
    if (show && !scan->is_cut) {
        show->lean_begin = begin;
        show->lean_end = spelt(scan)->lean.size;
    }
    return status;
}

enum sting_status spell_operator(struct scan *scan, struct lexer_token word,
                                 uint32_t shows)
{
    char text[4] = "";
    struct bytes raw = pdf_token_bytes(scan->lexer.text, word);
    if (raw.size < sizeof text) {
        memcpy(text, raw.data, raw.size);
    }
    enum sting_status status = begin_parts(scan, first_byte(scan, word));
    struct content *content = spelt(scan);
    bool is_show =
        content->shows > shows && content->show[shows].end == word.end;
    struct content_show *show = is_show ? &content->show[shows] : NULL;
    note_split(scan);
    if (!strcmp(text, "Tm")) {
        forgive(scan, text);
    }
    size_t from = content->lean.size;
    bool is_taken = !status && spell_pen_takes(scan, text);
    if (!status && !is_taken) {
        status = spell_shown(scan, text, word, show);
    }
    if (!status) {
        spell_colour(scan, text, from);
    }
    if (!is_taken) {
        forgive(scan, text);
    }
    spell_pen_leaves(scan, show);
    return status;
}

enum sting_status spell_end(struct scan *scan)
{
    enum sting_status status = STING_OK;
    for (int i = 0; !status && i < scan->operands; i++) {
        if (scan->operand[i].kind != TOKEN_END) {
            status =
                spell_raw(&spelt(scan)->lean,
                          pdf_token_bytes(scan->lexer.text, scan->operand[i]));
        }
    }
    if (!status) {
        status = begin_parts(scan, scan->lexer.text.size);
    }
    return status ? status : buffer_text_append(&spelt(scan)->lean, "\n");
}
