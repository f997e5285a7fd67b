#include "pdf/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pdf/dict.h"
#include "pdf/lexer.h"
#include "pdf/pack.h"

/* The next free number after i, 0 at the end of the chain. */
static int next_free(const struct layout *layout, int i)
{
    for (i++; i < layout->objects; i++) {
        if (!layout->object[i].is_live) {
            return i;
        }
    }
    return 0;
}

static enum sting_status put_rows(const struct layout *layout,
                                  const size_t *place, struct buffer *out)
{
    enum sting_status status =
        buffer_printf(out, "xref\n0 %d\n", layout->objects);
    for (int i = 0; !status && i < layout->objects; i++) {
        const struct layout_object *object = &layout->object[i];
        if (i == 0 || !object->is_live) {
            status =
                buffer_printf(out, "%010d 65535 f \n", next_free(layout, i));
        } else {
            status = buffer_printf(out, "%010zu %05d n \n", place[i],
                                   object->generation);
        }
    }
    return status;
}

static enum sting_status write_table(const struct layout *layout,
                                     struct bytes dict, const size_t *place,
                                     struct buffer *out)
{
    char size[24];
    const struct dict_change change[] = {
        {"/Size", size}, {"/Prev", NULL}, {"/XRefStm", NULL}};
    snprintf(size, sizeof size, "%d", layout->objects);
    enum sting_status status = put_rows(layout, place, out);
    if (!status) {
        status = buffer_text_append(out, "trailer\n");
    }
    return status
               ? status
               : dict_write(dict, change, sizeof change / sizeof *change, out);
}

/* The bytes that a number needs. */
static int width_of(size_t most)
{
    int width = 1;
    while (most > 255) {
        most >>= 8;
        width++;
    }
    return width;
}

static uint8_t *put_field(uint8_t *to, size_t value, int width)
{
    for (int i = width - 1; i >= 0; i--) {
        *to++ = (uint8_t)(value >> (8 * i));
    }
    return to;
}

static void put_entry(const struct layout *layout, int i, const size_t *place,
                      const int width[3], uint8_t *to)
{
    const struct layout_object *object = &layout->object[i];
    bool is_free = i == 0 || !object->is_live;
    bool is_packed = !is_free && object->is_packed;
    size_t second = is_packed ? (size_t)object->container
                    : is_free ? (size_t)next_free(layout, i)
                              : place[i];
    size_t third = is_packed ? (size_t)object->index
                   : is_free ? (i == 0 ? 65535 : 0)
                             : (size_t)object->generation;
    to = put_field(to, is_packed ? 2 : !is_free, width[0]);
    to = put_field(to, second, width[1]);
    (void)put_field(to, third, width[2]);
}

/* PNG's "up", row by row from the last, as most writers of such tables do. */
static void predict(uint8_t *table, int rows, int row)
{
    for (int r = rows - 1; r >= 0; r--) {
        uint8_t *to = table + (size_t)r * (size_t)(row + 1);
        to[0] = 2;
        for (int i = 1; r > 0 && i <= row; i++) {
            to[i] = (uint8_t)(to[i] - to[i - row - 1]);
        }
    }
}

static bool is_predicted(struct bytes dict)
{
    struct lexer_token key, value;
    if (!pdf_dict_find(dict, "/DecodeParms", &key, &value)) {
        return false;
    }
    struct bytes parms = pdf_token_bytes(dict, value);
    return pdf_dict_find(parms, "/Predictor", &key, &value) &&
           value.number >= 10;
}

static enum sting_status fill(const struct layout *layout, const size_t *place,
                              const int width[3], bool up, struct buffer *out)
{
    int row = width[0] + width[1] + width[2];
    size_t stride = (size_t)row + up;
    size_t size = stride * (size_t)layout->objects;
    enum sting_status status = buffer_reserve(out, size);
    if (status) {
        return status;
    }
    for (int i = 0; i < layout->objects; i++) {
        put_entry(layout, i, place, width,
                  out->data + (size_t)i * stride + (up ? 1 : 0));
    }
    out->size = size;
    if (up) {
        predict(out->data, layout->objects, row);
    }
    return STING_OK;
}

static enum sting_status put_stream(const struct layout *layout,
                                    struct bytes dict, struct bytes plain,
                                    const int width[3], struct buffer *out)
{
    struct buffer packed STING_AUTO(buffer_release) = {0};
    char size[24], length[24], w[40], parms[64];
    int row = width[0] + width[1] + width[2];
    enum sting_status status = pack_deflate(plain, &packed);
    snprintf(size, sizeof size, "%d", layout->objects);
    snprintf(length, sizeof length, "%zu", packed.size);
    snprintf(w, sizeof w, "[%d %d %d]", width[0], width[1], width[2]);
    snprintf(parms, sizeof parms, "<</Columns %d/Predictor 12>>", row);
    const struct dict_change change[] = {
        {"/Type", "/XRef"},
        {"/Size", size},
        {"/W", w},
        {"/Index", NULL},
        {"/Prev", NULL},
        {"/XRefStm", NULL},
        {"/Length", length},
        {"/Filter", "/FlateDecode"},
        {"/DecodeParms", is_predicted(dict) ? parms : NULL},
    };
    if (!status) {
        status = buffer_printf(out, "%d 0 obj\n", layout->table);
    }
    if (!status) {
        status = dict_write(dict, change, sizeof change / sizeof *change, out);
    }
    if (!status) {
        status = buffer_text_append(out, "\nstream\n");
    }
    if (!status) {
        status = buffer_append(out, buffer_bytes(&packed));
    }
    return status ? status : buffer_text_append(out, "\nendstream\nendobj");
}

static enum sting_status write_stream(const struct layout *layout,
                                      struct bytes dict, size_t *place,
                                      size_t at, struct buffer *out)
{
    struct buffer plain STING_AUTO(buffer_release) = {0};
    int packed = 0;
    for (int i = 1; i < layout->objects; i++) {
        const struct layout_object *object = &layout->object[i];
        if (object->is_live) {
            int third = object->is_packed ? object->index : object->generation;
            packed = third > packed ? third : packed;
        }
    }
    size_t most = at > (size_t)layout->objects ? at : (size_t)layout->objects;
    const int width[3] = {1, width_of(most),
                          width_of(packed > 255 ? (size_t)packed : 255)};
    place[layout->table] = at;
    enum sting_status status =
        fill(layout, place, width, is_predicted(dict), &plain);
    return status ? status
                  : put_stream(layout, dict, buffer_bytes(&plain), width, out);
}

enum sting_status table_write(const struct layout *layout, struct bytes source,
                              size_t *place, size_t base, struct buffer *out)
{
    size_t at = out->size - base;
    struct bytes dict = {source.data + layout->trailer_begin,
                         layout->trailer_end - layout->trailer_begin};
    enum sting_status status = layout->has_stream
                                   ? write_stream(layout, dict, place, at, out)
                                   : write_table(layout, dict, place, out);
    return status ? status
                  : buffer_printf(out, "\nstartxref\n%zu\n%%%%EOF\n", at);
}
