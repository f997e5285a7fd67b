#include "ledger/der.h"

#define MOST_LENGTH ((size_t)INT32_MAX)

/* The length in its shortest form. */
static enum sting_status length_take(struct bytes *from, size_t *out)
{
    if (from->size < 1) {
        return STING_E_FORMAT;
    }
    uint8_t first = *from->data++;
    from->size--;
    size_t more = first & 0x7f;
    if (first < 0x80) {
        *out = first;
        return STING_OK;
    }
    if (more < 1 || more > 4 || more > from->size || from->data[0] == 0) {
        return STING_E_FORMAT;
    }
    size_t length = 0;
    for (size_t i = 0; i < more; i++) {
        length = length << 8 | from->data[i];
    }
    from->data += more;
    from->size -= more;
    *out = length;
    return length < 0x80 || length > MOST_LENGTH ? STING_E_FORMAT : STING_OK;
}

enum sting_status der_take(struct bytes *from, uint8_t *tag,
                           struct bytes *content, struct bytes *whole)
{
    struct bytes rest = *from;
    size_t length = 0;
    if (rest.size == 0) {
        return STING_E_ABSENT;
    }
    *tag = *rest.data++;
    rest.size--;
    if ((*tag & 0x1f) == 0x1f || length_take(&rest, &length) ||
        length > rest.size) {
        return STING_E_FORMAT;
    }
    *content = (struct bytes){rest.data, length};
    if (whole) {
        *whole = (struct bytes){from->data,
                                (size_t)(rest.data - from->data) + length};
    }
    from->size = rest.size - length;
    from->data = rest.data + length;
    return STING_OK;
}

enum sting_status der_take_tag(struct bytes *from, uint8_t tag,
                               struct bytes *content, struct bytes *whole)
{
    struct bytes before = *from;
    uint8_t found = 0;
    enum sting_status status = der_take(from, &found, content, whole);
    if (status || found != tag) {
        *from = before;
        return STING_E_FORMAT;
    }
    return STING_OK;
}

enum sting_status der_append(struct buffer *out, uint8_t tag,
                             struct bytes content)
{
    uint8_t head[6] = {tag};
    size_t size = 2;
    if (content.size > MOST_LENGTH) {
        return STING_E_LIMIT;
    }
    if (content.size < 0x80) {
        head[1] = (uint8_t)content.size;
    } else {
        size_t octets = 1;
        while (octets < 4 && content.size >> (8 * octets) > 0) {
            octets++;
        }
        head[1] = (uint8_t)(0x80 | octets);
        for (size_t i = 0; i < octets; i++) {
            head[2 + i] = (uint8_t)(content.size >> (8 * (octets - 1 - i)));
        }
        size += octets;
    }
    enum sting_status status = buffer_append(out, (struct bytes){head, size});
    return status ? status : buffer_append(out, content);
}
