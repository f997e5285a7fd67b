/* Tokens tile any bytes: in order, without overlap, nothing between them but
 * blanks and comments; each token alone is that token again. Strings that are
 * read are written and read back the same. */
#include <stdlib.h>
#include <string.h>

#include "pdf/lexer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

/* Blanks, and comments up to the end of their line. */
static void between_hold(struct bytes text, size_t from, size_t to)
{
    bool is_comment = false;
    for (size_t i = from; i < to; i++) {
        uint8_t c = text.data[i];
        is_comment = (is_comment || c == '%') && c != '\n' && c != '\r';
        hold(is_comment || strchr("\t\n\f\r ", c) != NULL); /* and NUL */
    }
}

static void string_hold(struct bytes text, struct lexer_token token)
{
    struct buffer plain STING_AUTO(buffer_release) = {0};
    hold(!pdf_string_read(text, token, &plain));
    hold(plain.size <= token.end - token.begin);
    for (int hex = 0; hex < 2; hex++) {
        struct buffer written STING_AUTO(buffer_release) = {0};
        struct buffer again STING_AUTO(buffer_release) = {0};
        hold(!pdf_string_write(buffer_bytes(&plain), hex, &written));
        struct lexer lexer = {buffer_bytes(&written), 0};
        struct lexer_token one = pdf_lexer_next(&lexer);
        hold(one.kind == TOKEN_STRING && one.end == written.size);
        hold(!pdf_string_read(lexer.text, one, &again));
        hold(bytes_equal(buffer_bytes(&plain), buffer_bytes(&again)));
    }
}

static void token_hold(struct bytes text, struct lexer_token token)
{
    struct lexer alone = {pdf_token_bytes(text, token), 0};
    struct lexer_token again = pdf_lexer_next(&alone);
    hold(token.end > token.begin && token.end <= text.size);
    hold(again.kind == token.kind && again.begin == 0 &&
         again.end == token.end - token.begin);
    if (token.kind == TOKEN_STRING) {
        string_hold(text, token);
    }
}

/* A whole object begins and ends where tokens do. */
static void object_hold(struct bytes text, struct lexer_token first)
{
    struct lexer lexer = {text, first.begin};
    struct lexer walk = {text, first.begin};
    struct lexer_token object = pdf_lexer_object(&lexer);
    hold(object.begin == first.begin && object.end >= first.end &&
         object.end <= text.size && object.kind == first.kind);
    while (walk.at < object.end) {
        (void)pdf_lexer_next(&walk);
    }
    hold(walk.at == object.end);
}

static void dict_hold(struct bytes text)
{
    struct lexer_token key = {0}, value = {0};
    if (pdf_dict_find(text, "/A", &key, &value)) {
        hold(pdf_token_is(text, key, "/A"));
        hold(value.begin >= key.end && value.end >= value.begin &&
             value.end <= text.size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = {data, size};
    struct lexer lexer = {text, 0};
    size_t last = 0;
    int objects = 0;
    for (;;) {
        struct lexer_token token = pdf_lexer_next(&lexer);
        hold(token.begin >= last && token.end == lexer.at);
        between_hold(text, last, token.begin);
        if (token.kind == TOKEN_END) {
            break;
        }
        token_hold(text, token);
        if (objects++ < 50) { /* each looks ahead to its end */
            object_hold(text, token);
        }
        last = token.end;
    }
    hold(lexer.at == size && pdf_lexer_next(&lexer).kind == TOKEN_END);
    dict_hold(text);
    lexer.at = size / 2;
    pdf_lexer_skip_image(&lexer, (struct bytes){data, size / 2});
    hold(lexer.at >= size / 2 && lexer.at <= size);
    return 0;
}
