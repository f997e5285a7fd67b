/* Where an inline image ends: ISO 32000-1, 8.9.7. Its bytes may hold "EI"
 * by chance, so an EI counts only where plausible operators follow. */
#include <string.h>

#include "pdf/lexer.h"

#define LOOK_AHEAD 16 /* bytes behind EI that must be text */

static bool is_blank(uint8_t c)
{
    return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' ||
           c == ' ';
}

static bool text_follows(struct bytes text, size_t at)
{
    size_t end = at + LOOK_AHEAD < text.size ? at + LOOK_AHEAD : text.size;
    for (size_t i = at; i < end; i++) {
        uint8_t c = text.data[i];
        if (!is_blank(c) && (c < 32 || c > 126)) {
            return false;
        }
    }
    return true;
}

static bool ends_at(struct bytes text, size_t at)
{
    return text.data[at] == 'E' && text.data[at + 1] == 'I' &&
           (at + 2 == text.size || is_blank(text.data[at + 2])) &&
           text_follows(text, at + 2);
}

static double dict_number(struct bytes dict, const char *brief,
                          const char *full, double otherwise)
{
    struct lexer lexer = {dict, 0};
    struct lexer_token token = pdf_lexer_object(&lexer);
    while (token.kind != TOKEN_END) {
        struct lexer_token value = pdf_lexer_object(&lexer);
        if (pdf_token_is(dict, token, brief) ||
            pdf_token_is(dict, token, full)) {
            bool yes = pdf_token_is(dict, value, "true");
            return value.kind == TOKEN_NUMBER ? value.number : yes;
        }
        token = pdf_lexer_object(&lexer);
    }
    return otherwise;
}

/* The fewest bytes that the image can have: all of them when it is not
 * compressed and its colours are counted, else 0. */
static size_t least_bytes(struct bytes dict)
{
    double width = dict_number(dict, "/W", "/Width", 0);
    double height = dict_number(dict, "/H", "/Height", 0);
    double filter = dict_number(dict, "/F", "/Filter", -1);
    double bits = dict_number(dict, "/BPC", "/BitsPerComponent", 1);
    if (filter >= 0 || width < 1 || height < 1 || width > 1e5 || height > 1e5) {
        return 0;
    }
    return ((size_t)width * (size_t)bits + 7) / 8 * (size_t)height;
}

void pdf_lexer_skip_image(struct lexer *lexer, struct bytes dict)
{
    const struct bytes text = lexer->text;
    size_t least = least_bytes(dict);
    size_t at = lexer->at + 1; /* one blank follows ID */
    at = text.size - lexer->at > least ? at + least : text.size;
    for (; at + 2 <= text.size; at++) {
        if ((is_blank(text.data[at - 1]) || least) && ends_at(text, at)) {
            lexer->at = at + 2;
            return;
        }
    }
    lexer->at = text.size;
}
