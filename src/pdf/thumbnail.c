#include "pdf/thumbnail.h"

#include <stdio.h>
#include <string.h>

#include "pdf/lexer.h"
#include "pdf/pack.h"

/* The element of this name, from its first to its last byte, in blanks; false
 * when there is none that ends. */
static bool blank_element(struct buffer *text, const char *name)
{
    char open[40], close[40];
    int opened = snprintf(open, sizeof open, "<%s", name);
    int closed = snprintf(close, sizeof close, "</%s>", name);
    uint8_t *begin = text->size
                         ? memmem(text->data, text->size, open, (size_t)opened)
                         : NULL;
    if (!begin) {
        return false;
    }
    size_t left = text->size - (size_t)(begin - text->data);
    uint8_t *end = memmem(begin, left, close, (size_t)closed);
    /* One that does not end takes the rest with it. */
    size_t size = end ? (size_t)(end - begin) + (size_t)closed : left;
    memset(begin, ' ', size);
    return true;
}

static bool blank_all(struct buffer *text)
{
    static const char *const names[] = {"xmp:Thumbnails", "xap:Thumbnails"};
    bool any = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        while (blank_element(text, names[i])) {
            any = true;
        }
    }
    return any;
}

/* The text packed, with zeros behind it up to the length of the data before. */
static enum sting_status pack_text(const struct layout_object *object,
                                   bool is_packed, struct bytes text,
                                   struct buffer *out)
{
    static const uint8_t none[1];
    size_t length = object->stream_end - object->stream_begin;
    enum sting_status status =
        is_packed ? pack_deflate(text, out) : buffer_append(out, text);
    if (!status && out->size > length) {
        status = STING_E_UNSUPPORTED;
    }
    while (!status && out->size < length) {
        status = buffer_append(out, (struct bytes){none, 1});
    }
    return status;
}

static bool is_metadata(struct bytes dict)
{
    struct lexer_token key, value;
    return pdf_dict_find(dict, "/Type", &key, &value) &&
           pdf_token_is(dict, value, "/Metadata");
}

static enum sting_status blank_object(struct layout *layout,
                                      struct source *source, int number,
                                      struct fault *fault)
{
    struct layout_object *object = &layout->object[number];
    struct bytes file = source_file(source);
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer data STING_AUTO(buffer_release) = {0};
    enum sting_status status = pdf_source_stream(source, number, &text, fault);
    if (status || !blank_all(&text)) {
        return status;
    }
    status = pack_text(object, pack_is_packed(layout, file, number),
                       buffer_bytes(&text), &data);
    if (status) {
        return fault_set(fault, status, "save it anew without a preview",
                         "the PDF's metadata hold a picture of its page");
    }
    return pack_data(layout, file, number, buffer_bytes(&data), text.size,
                     &object->instead);
}

enum sting_status thumbnails_blank(struct layout *layout, struct source *source,
                                   struct fault *fault)
{
    struct bytes file = source_file(source);
    enum sting_status status = STING_OK;
    for (int i = 1; !status && i < layout->objects; i++) {
        const struct layout_object *object = &layout->object[i];
        struct bytes dict = {file.data + object->value_begin,
                             object->value_end - object->value_begin};
        if (object->is_live && object->is_stream && !object->is_packed &&
            is_metadata(dict)) {
            status = blank_object(layout, source, i, fault);
        }
    }
    return status;
}
