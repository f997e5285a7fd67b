#include "pdf/raster_change.h"

#include <stdio.h>

#include "pdf/dict.h"

static enum sting_status put_dict(const struct layout_object *object,
                                  struct bytes dict,
                                  const struct raster_image *image,
                                  struct buffer *out)
{
    char length[24];
    struct dict_change change[3];
    size_t changes = 0;
    snprintf(length, sizeof length, "%zu", image->data.size);
    if (object->length_object == 0) {
        change[changes++] = (struct dict_change){"/Length", length};
    }
    if (!image->keeps_filter) {
        change[changes++] = (struct dict_change){"/Filter", image->filter};
        change[changes++] = (struct dict_change){
            "/DecodeParms", image->how[0] ? image->how : NULL};
    }
    return dict_write(dict, change, changes, out);
}

enum sting_status raster_change(const struct layout *layout, struct bytes file,
                                int number, const struct raster_image *image,
                                struct buffer *out)
{
    const struct layout_object *object = &layout->object[number];
    const struct bytes head = {file.data + object->begin,
                               object->value_begin - object->begin};
    const struct bytes dict = {file.data + object->value_begin,
                               object->value_end - object->value_begin};
    const struct bytes middle = {file.data + object->value_end,
                                 object->stream_begin - object->value_end};
    const struct bytes tail = {file.data + object->stream_end,
                               object->end - object->stream_end};
    enum sting_status status = buffer_append(out, head);
    if (!status) {
        status = put_dict(object, dict, image, out);
    }
    if (!status) {
        status = buffer_append(out, middle);
    }
    if (!status) {
        status = buffer_append(out, buffer_bytes(&image->data));
    }
    return status ? status : buffer_append(out, tail);
}
