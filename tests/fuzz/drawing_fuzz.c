/* A content stream in a field of nothing comes out as it went in; in any
 * other field its streams still begin where lines end, and what comes out
 * has as many operators of state as went in. */
#include <stdlib.h>
#include <string.h>

#include "pdf/drawing.h"
#include "pdf/lexer.h"

#define SIDE 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count(struct bytes text, const char *word)
{
    size_t found = 0;
    struct lexer lexer = {text, 0};
    struct lexer_token token = pdf_lexer_object(&lexer);
    for (; token.kind != TOKEN_END; token = pdf_lexer_object(&lexer)) {
        found += pdf_token_is(text, token, word);
    }
    return found;
}

static void edit(struct bytes text, float shift_pt, struct buffer *out)
{
    struct pdf_node node[SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++) {
        node[i] = (struct pdf_node){i % 3 ? shift_pt : -shift_pt,
                                    i % 5 ? shift_pt : -shift_pt};
    }
    const struct pdf_field field = {21.6, SIDE, SIDE, node};
    size_t begin[2] = {0, text.size / 2};
    const struct drawing drawing = {
        .text = text,
        .map = {1, 0, 0, -1, 0, 170},
        .field = &field,
        .width_pt = 170,
        .height_pt = 170,
        .part_begin = begin,
        .parts = 2,
    };
    if (drawing_edit(&drawing, out) || begin[0] != 0 || begin[1] > out->size) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = {data, size};
    struct buffer same STING_AUTO(buffer_release) = {0};
    struct buffer moved STING_AUTO(buffer_release) = {0};
    edit(text, 0, &same);
    if (!bytes_equal(buffer_bytes(&same), text)) {
        abort();
    }
    edit(text, 0.25F, &moved);
    if (count(text, "BI") == 0 &&
        (count(text, "cm") != count(buffer_bytes(&moved), "cm") ||
         count(text, "Tj") != count(buffer_bytes(&moved), "Tj"))) {
        abort();
    }
    return 0;
}
