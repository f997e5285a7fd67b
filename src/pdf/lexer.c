#include "pdf/lexer.h"

#include <string.h>

static bool is_blank(uint8_t c)
{
    return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' ||
           c == ' ';
}

static bool is_delimiter(uint8_t c)
{
    return c != 0 && strchr("()<>[]{}/%", c) != NULL;
}

static void skip_blanks(struct lexer *lexer)
{
    const struct bytes text = lexer->text;
    while (lexer->at < text.size) {
        if (text.data[lexer->at] == '%') {
            while (lexer->at < text.size && text.data[lexer->at] != '\n' &&
                   text.data[lexer->at] != '\r') {
                lexer->at++;
            }
        } else if (is_blank(text.data[lexer->at])) {
            lexer->at++;
        } else {
            return;
        }
    }
}

/* Past the ')' that closes the string beginning at lexer->at. */
static void skip_literal(struct lexer *lexer)
{
    const struct bytes text = lexer->text;
    size_t depth = 0;
    while (lexer->at < text.size) {
        uint8_t c = text.data[lexer->at++];
        if (c == '\\' && lexer->at < text.size) {
            lexer->at++;
        } else if (c == '(') {
            depth++;
        } else if (c == ')' && --depth == 0) {
            return;
        }
    }
}

static void skip_to(struct lexer *lexer, uint8_t last)
{
    const struct bytes text = lexer->text;
    while (lexer->at < text.size && text.data[lexer->at] != last) {
        lexer->at++;
    }
    lexer->at += lexer->at < text.size;
}

static void skip_regular(struct lexer *lexer)
{
    const struct bytes text = lexer->text;
    while (lexer->at < text.size && !is_blank(text.data[lexer->at]) &&
           !is_delimiter(text.data[lexer->at])) {
        lexer->at++;
    }
}

/* What of a number was read. */
struct number {
    double value;
    double place; /* of the next digit behind the point; 0 before it */
    bool any;
};

/* Take one character of a number; false where it does not belong. */
static bool number_take(struct number *n, uint8_t c)
{
    if (c >= '0' && c <= '9') {
        n->any = true;
        n->value = n->place > 0 ? n->value + (c - '0') * n->place
                                : n->value * 10 + (c - '0');
        n->place /= 10;
        return true;
    }
    bool is_point = c == '.' && n->place == 0;
    n->place = is_point ? 0.1 : n->place;
    return is_point;
}

/* Read [+-]digits[.digits]; words that only begin so are no numbers, but
 * "--5" and "1.2-3" are read as viewers read them: sign once, cut there. */
static bool read_number(struct bytes word, double *out)
{
    size_t i = 0;
    struct number number = {0};
    bool negative = false;
    while (i < word.size && (word.data[i] == '+' || word.data[i] == '-')) {
        negative = word.data[i++] == '-';
    }
    while (i < word.size && number_take(&number, word.data[i])) {
        i++;
    }
    if (i < word.size && (word.data[i] != '-' || !number.any)) {
        return false;
    }
    *out = negative ? -number.value : number.value;
    return number.any || number.place > 0;
}

static enum lexer_kind delimited(struct lexer *lexer, uint8_t c)
{
    const struct bytes text = lexer->text;
    bool twice = lexer->at + 1 < text.size && text.data[lexer->at + 1] == c;
    switch (c) {
    case '(':
        skip_literal(lexer);
        return TOKEN_STRING;
    case '/':
        lexer->at++;
        skip_regular(lexer);
        return TOKEN_NAME;
    case '<':
        if (!twice) {
            skip_to(lexer, '>');
            return TOKEN_STRING;
        }
        lexer->at += 2;
        return TOKEN_DICT;
    case '>':
        lexer->at += twice ? 2 : 1;
        return twice ? TOKEN_DICT_END : TOKEN_WORD;
    case '[':
        lexer->at++;
        return TOKEN_ARRAY;
    case ']':
        lexer->at++;
        return TOKEN_ARRAY_END;
    default:
        lexer->at++;
        return TOKEN_WORD;
    }
}

struct lexer_token pdf_lexer_next(struct lexer *lexer)
{
    skip_blanks(lexer);
    struct lexer_token token = {.kind = TOKEN_END, .begin = lexer->at};
    if (lexer->at < lexer->text.size) {
        uint8_t c = lexer->text.data[lexer->at];
        if (is_delimiter(c)) {
            token.kind = delimited(lexer, c);
        } else {
            skip_regular(lexer);
            struct bytes word = {lexer->text.data + token.begin,
                                 lexer->at - token.begin};
            token.kind =
                read_number(word, &token.number) ? TOKEN_NUMBER : TOKEN_WORD;
        }
    }
    token.end = lexer->at;
    return token;
}

struct lexer_token pdf_lexer_object(struct lexer *lexer)
{
    struct lexer_token token = pdf_lexer_next(lexer);
    if (token.kind != TOKEN_ARRAY && token.kind != TOKEN_DICT) {
        return token;
    }
    size_t depth = 1;
    while (depth > 0) {
        struct lexer_token inner = pdf_lexer_next(lexer);
        if (inner.kind == TOKEN_ARRAY || inner.kind == TOKEN_DICT) {
            depth++;
        } else if (inner.kind == TOKEN_ARRAY_END ||
                   inner.kind == TOKEN_DICT_END) {
            depth--;
        } else if (inner.kind == TOKEN_END) {
            break;
        }
    }
    token.end = lexer->at;
    return token;
}

struct bytes pdf_token_bytes(struct bytes text, struct lexer_token token)
{
    return (struct bytes){text.data + token.begin, token.end - token.begin};
}

bool pdf_token_is(struct bytes text, struct lexer_token token, const char *word)
{
    return token.kind != TOKEN_END &&
           bytes_equal(pdf_token_bytes(text, token), bytes_of_text(word));
}

/* "7 0 R" behind a number: widen *value to the whole reference. */
static void widen_reference(struct lexer *lexer, struct lexer_token *value)
{
    struct lexer ahead = *lexer;
    struct lexer_token generation = pdf_lexer_next(&ahead);
    struct lexer_token r = pdf_lexer_next(&ahead);
    if (value->kind == TOKEN_NUMBER && generation.kind == TOKEN_NUMBER &&
        pdf_token_is(lexer->text, r, "R")) {
        value->kind = TOKEN_WORD;
        value->end = r.end;
        *lexer = ahead;
    }
}

bool pdf_dict_find(struct bytes text, const char *key,
                   struct lexer_token *key_out, struct lexer_token *out)
{
    struct lexer lexer = {text, 0};
    if (pdf_lexer_next(&lexer).kind != TOKEN_DICT) {
        return false;
    }
    for (;;) {
        struct lexer_token name = pdf_lexer_next(&lexer);
        if (name.kind != TOKEN_NAME) {
            return false;
        }
        struct lexer_token value = pdf_lexer_object(&lexer);
        widen_reference(&lexer, &value);
        if (pdf_token_is(text, name, key)) {
            *key_out = name;
            *out = value;
            return true;
        }
    }
}
