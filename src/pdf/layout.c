#include "pdf/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pdf/dict.h"
#include "pdf/lexer.h"
#include "pdf/pack.h"
#include "pdf/thumbnail.h"

void layout_free(struct layout **layout)
{
    struct layout *l = *layout;
    if (!l) {
        return;
    }
    for (int i = 0; l->object && i < l->objects; i++) {
        buffer_release(&l->object[i].instead);
    }
    free(l->object);
    free(l->order);
    free(l);
    *layout = NULL;
}

static enum sting_status damaged(struct fault *fault, int number)
{
    return fault_set(fault, STING_E_FORMAT,
                     "open it in a viewer and save it as a new file",
                     "the PDF is damaged: object %d is not whole", number);
}

/* Past one end of line, and the blanks before it. */
static size_t past_line(struct bytes file, size_t at)
{
    while (at < file.size && file.data[at] == ' ') {
        at++;
    }
    if (at < file.size && file.data[at] == '\r') {
        at++;
    }
    if (at < file.size && file.data[at] == '\n') {
        at++;
    }
    return at;
}

/* Where the data of a stream ends: where /Length says, or, when that is
 * wrong, before the word that ends it. */
static bool find_stream_end(struct bytes file, struct layout_object *object)
{
    size_t length = object->stream_end;
    size_t left = file.size - object->stream_begin;
    if (length <= left) {
        struct lexer lexer = {file, object->stream_begin + length};
        if (pdf_token_is(file, pdf_lexer_next(&lexer), "endstream")) {
            object->stream_end = object->stream_begin + length;
            return true;
        }
    }
    const uint8_t *from = file.data + object->stream_begin;
    const uint8_t *found = memmem(from, left, "endstream", 9);
    if (!found) {
        return false;
    }
    size_t end = (size_t)(found - file.data);
    if (end > object->stream_begin && file.data[end - 1] == '\n') {
        end--;
    }
    if (end > object->stream_begin && file.data[end - 1] == '\r') {
        end--;
    }
    object->stream_end = end;
    return true;
}

/* Read "7 0 obj value [stream ... endstream] endobj" at object->begin. */
static bool find_ranges(struct bytes file, int number,
                        struct layout_object *object)
{
    struct lexer lexer = {file, object->begin};
    struct lexer_token first = pdf_lexer_next(&lexer);
    (void)pdf_lexer_next(&lexer);
    if (first.kind != TOKEN_NUMBER || (int)first.number != number ||
        !pdf_token_is(file, pdf_lexer_next(&lexer), "obj")) {
        return false;
    }
    object->begin = first.begin;
    struct lexer_token value = pdf_lexer_object(&lexer);
    object->value_begin = value.begin;
    object->value_end = value.end;
    struct lexer_token word = pdf_lexer_next(&lexer);
    if (object->is_stream) {
        if (!pdf_token_is(file, word, "stream")) {
            return false;
        }
        object->stream_begin = past_line(file, word.end);
        if (!find_stream_end(file, object)) {
            return false;
        }
        lexer.at = object->stream_end;
        (void)pdf_lexer_next(&lexer); /* endstream */
        word = pdf_lexer_next(&lexer);
    } else {
        /* "7 0 R" and the like: a value of several words */
        while (word.kind != TOKEN_END && !pdf_token_is(file, word, "endobj")) {
            object->value_end = word.end;
            word = pdf_lexer_next(&lexer);
        }
    }
    object->end = past_line(file, word.end);
    return pdf_token_is(file, word, "endobj");
}

static enum sting_status find_all_ranges(struct layout *layout,
                                         struct bytes file, struct fault *fault)
{
    for (int i = 1; i < layout->objects; i++) {
        struct layout_object *object = &layout->object[i];
        if (!object->is_live || object->is_packed) {
            continue;
        }
        if (object->begin >= file.size || !find_ranges(file, i, object)) {
            return damaged(fault, i);
        }
    }
    return STING_OK;
}

/* The newest trailer: behind a table, or the dictionary of a stream. */
static enum sting_status find_trailer(struct layout *layout, struct bytes file,
                                      size_t table_at, struct fault *fault)
{
    struct lexer lexer = {file, table_at < file.size ? table_at : file.size};
    struct lexer_token token = pdf_lexer_next(&lexer);
    if (pdf_token_is(file, token, "xref")) {
        while (token.kind != TOKEN_END &&
               !pdf_token_is(file, token, "trailer")) {
            token = pdf_lexer_next(&lexer);
        }
    } else {
        layout->has_stream = true;
        layout->table = token.kind == TOKEN_NUMBER ? (int)token.number : 0;
        (void)pdf_lexer_next(&lexer);
        (void)pdf_lexer_next(&lexer);
    }
    struct lexer_token dict = pdf_lexer_object(&lexer);
    layout->trailer_begin = dict.begin;
    layout->trailer_end = dict.end;
    if (dict.kind != TOKEN_DICT ||
        (layout->has_stream &&
         (layout->table < 1 || layout->table >= layout->objects))) {
        return fault_set(fault, STING_E_FORMAT,
                         "open it in a viewer and save it as a new file",
                         "the PDF is damaged: its trailer is missing");
    }
    return STING_OK;
}

static struct layout *sorted; /* for qsort, which takes no context */

static int place_order(const void *a, const void *b)
{
    size_t x = sorted->object[*(const int *)a].begin;
    size_t y = sorted->object[*(const int *)b].begin;
    return x < y ? -1 : x > y;
}

static enum sting_status put_in_order(struct layout *layout)
{
    layout->order = calloc((size_t)layout->objects, sizeof *layout->order);
    if (!layout->order) {
        return STING_E_NOMEM;
    }
    for (int i = 1; i < layout->objects; i++) {
        const struct layout_object *object = &layout->object[i];
        if (object->is_live && !object->is_packed &&
            !(layout->has_stream && i == layout->table)) {
            layout->order[layout->orders++] = i;
        }
    }
    sorted = layout;
    qsort(layout->order, (size_t)layout->orders, sizeof *layout->order,
          place_order);
    return STING_OK;
}

/* Packed objects need a table that is a stream; a file of both kinds gets
 * one under a number that nobody uses. */
static enum sting_status choose_table(struct layout *layout,
                                      struct fault *fault)
{
    bool is_packed = false;
    int unused = 0;
    for (int i = 1; i < layout->objects; i++) {
        const struct layout_object *object = &layout->object[i];
        is_packed = is_packed || (object->is_live && object->is_packed);
        unused = object->is_live ? unused : i;
    }
    if (!is_packed || layout->has_stream) {
        return STING_OK;
    }
    if (unused == 0) {
        return fault_set(fault, STING_E_UNSUPPORTED,
                         "save it anew in a PDF editor",
                         "the PDF has two kinds of tables at once");
    }
    layout->has_stream = true;
    layout->table = unused;
    return STING_OK;
}

/* Object streams give up members that are dead. */
static enum sting_status repack(struct layout *layout, struct source *source,
                                struct fault *fault)
{
    enum sting_status status = STING_OK;
    uint8_t *is_holder = calloc((size_t)layout->objects, 1);
    if (!is_holder) {
        return STING_E_NOMEM;
    }
    for (int i = 1; i < layout->objects; i++) {
        if (layout->object[i].is_live && layout->object[i].is_packed) {
            is_holder[layout->object[i].container] = 1;
        }
    }
    for (int i = 1; !status && i < layout->objects; i++) {
        if (is_holder[i]) {
            status = pack_without_dead(layout, source, i, fault);
        }
    }
    free(is_holder);
    return status;
}

enum sting_status layout_new(struct source *source, struct layout **out,
                             struct fault *fault)
{
    struct layout *layout STING_AUTO(layout_free) = calloc(1, sizeof *layout);
    struct bytes file = source_file(source);
    size_t table_at = 0;
    if (!layout) {
        return STING_E_NOMEM;
    }
    enum sting_status status = source_objects(source, layout, &table_at, fault);
    if (!status) {
        status = find_all_ranges(layout, file, fault);
    }
    if (!status) {
        status = find_trailer(layout, file, table_at, fault);
    }
    if (!status) {
        status = choose_table(layout, fault);
    }
    if (!status) {
        status = repack(layout, source, fault);
    }
    if (!status) {
        status = thumbnails_blank(layout, source, fault);
    }
    if (!status) {
        status = put_in_order(layout);
        layout->object[layout->table].is_live = layout->has_stream;
        layout->object[layout->table].generation = 0;
    }
    if (status) {
        return status;
    }
    *out = layout;
    layout = NULL;
    return STING_OK;
}
