#include "operation/holder_list.h"

#include <stdlib.h>
#include <string.h>

#include "operation/sheet.h"

#define FIRST_ROOM 64U

void holder_list_release(struct holder_list *list)
{
    buffer_release(&list->text);
    free(list->begin);
    *list = (struct holder_list){0};
}

bool holder_name_is_valid(struct bytes name)
{
    char text[HOLDER_SIZE];
    if (name.size == 0 || name.size >= sizeof text ||
        memchr(name.data, '\0', name.size)) {
        return false;
    }
    memcpy(text, name.data, name.size);
    text[name.size] = '\0';
    return sheet_text_is_valid(text);
}

static enum sting_status room_make(struct holder_list *list)
{
    if (list->count < list->room) {
        return STING_OK;
    }
    uint32_t room = list->room ? list->room * 2 : FIRST_ROOM;
    void *grown = reallocarray(list->begin, room, sizeof *list->begin);
    if (!grown) {
        return STING_E_NOMEM;
    }
    list->begin = grown;
    list->room = room;
    return STING_OK;
}

enum sting_status holder_list_add(struct holder_list *list, struct bytes name)
{
    if (!holder_name_is_valid(name) ||
        list->text.size > UINT32_MAX - HOLDER_SIZE) {
        return STING_E_ARG;
    }
    uint32_t begin = (uint32_t)list->text.size;
    enum sting_status status = room_make(list);
    if (!status) {
        status = buffer_reserve(&list->text, name.size + 1);
    }
    if (!status) {
        status = buffer_append(&list->text, name);
    }
    if (!status) {
        status = buffer_append(&list->text, (struct bytes){(uint8_t[]){0}, 1});
    }
    if (!status) {
        list->begin[list->count++] = begin;
    }
    return status;
}

void holder_list_trim(struct holder_list *list)
{
    void *less = list->count ? reallocarray(list->begin, list->count,
                                            sizeof *list->begin)
                             : NULL;
    if (less) {
        list->begin = less;
        list->room = list->count;
    }
}

const char *holder_list_at(const struct holder_list *list, uint32_t index)
{
    return (const char *)list->text.data + list->begin[index];
}

struct bytes holder_list_text(const struct holder_list *list)
{
    return (struct bytes){list->text.data + list->before,
                          list->text.size - list->before};
}

enum sting_status holder_list_take(struct holder_list *list,
                                   struct buffer *text, size_t size,
                                   uint32_t count)
{
    if (size > text->size || text->size > UINT32_MAX) {
        return STING_E_FORMAT;
    }
    size_t at = text->size - size;
    struct holder_list made STING_AUTO(holder_list_release) = {
        .before = (uint32_t)at, .room = count};
    made.begin = calloc((size_t)count + 1, sizeof *made.begin);
    if (!made.begin) {
        return STING_E_NOMEM;
    }
    while (made.count < count && at < text->size) {
        const uint8_t *end = memchr(text->data + at, '\0', text->size - at);
        size_t name = end ? (size_t)(end - text->data) - at : 0;
        if (!holder_name_is_valid((struct bytes){text->data + at, name})) {
            return STING_E_FORMAT;
        }
        made.begin[made.count++] = (uint32_t)at;
        at += name + 1;
    }
    if (made.count != count || at != text->size) {
        return STING_E_FORMAT;
    }
    made.text = *text;
    *text = (struct buffer){0};
    holder_list_release(list);
    *list = made;
    made = (struct holder_list){0};
    return STING_OK;
}
