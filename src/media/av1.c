#include "media/av1.h"

#define MOST_UNIT_BYTES ((size_t)16 << 20)

enum { AV1_SEQUENCE = 1, AV1_DELIMITER = 2, AV1_TILE_LIST = 8 };

static int type_of(uint8_t header)
{
    return header >> 3 & 15;
}

/* A number of at most 32 bits in groups of seven; false when it is cut. */
static bool number_take(struct bytes *from, size_t *out)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < 8 && i < from->size; i++) {
        value |= (uint64_t)(from->data[i] & 0x7f) << (7 * i);
        if (!(from->data[i] & 0x80)) {
            *from = (struct bytes){from->data + i + 1, from->size - i - 1};
            *out = (size_t)value;
            return value <= UINT32_MAX;
        }
    }
    return false;
}

/* Header and payload of one unit apart. Without a size of its own it goes to
 * the end. False: it is none. */
static bool unit_part(struct bytes from, struct bytes *header,
                      struct bytes *payload)
{
    if (from.size == 0 || from.data[0] & 0x81) {
        return false;
    }
    bool has_size = from.data[0] & 2;
    size_t head = from.data[0] & 4 ? 2 : 1;
    if (from.size < head) {
        return false;
    }
    *header = (struct bytes){from.data, head};
    *payload = (struct bytes){from.data + head, from.size - head};
    size_t size = payload->size;
    if (has_size && (!number_take(payload, &size) || size > payload->size)) {
        return false;
    }
    payload->size = size;
    return true;
}

bool av1_next(struct bytes *stream, struct bytes *unit)
{
    struct bytes header, payload;
    if (!unit_part(*stream, &header, &payload)) {
        return false;
    }
    const uint8_t *end = payload.data + payload.size;
    *unit = (struct bytes){stream->data, (size_t)(end - stream->data)};
    *stream = (struct bytes){end, stream->size - unit->size};
    return true;
}

enum sting_status av1_headers(struct bytes unit, struct buffer *out)
{
    struct bytes one;
    enum sting_status status = STING_OK;
    while (!status && av1_next(&unit, &one)) {
        if (type_of(one.data[0]) == AV1_SEQUENCE) {
            status = buffer_append(out, one);
        }
    }
    return status;
}

void av1_join_release(struct av1_join *join)
{
    buffer_release(&join->open);
    join->is_open = false;
}

void av1_join_begin(struct av1_join *join)
{
    join->open.size = 0;
    join->is_open = false;
}

/* One whole unit, with a size of its own whether it came with one or not. */
static enum sting_status unit_append(struct bytes unit, struct buffer *out)
{
    struct bytes header, payload;
    if (!unit_part(unit, &header, &payload)) {
        return STING_E_FORMAT;
    }
    int type = type_of(header.data[0]);
    if (type == AV1_DELIMITER || type == AV1_TILE_LIST) {
        return STING_OK;
    }
    uint8_t head[7] = {(uint8_t)(header.data[0] | 2)};
    size_t used = header.size;
    if (used == 2) {
        head[1] = header.data[1];
    }
    size_t left = payload.size;
    do {
        head[used++] = (uint8_t)((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
        left >>= 7;
    } while (left > 0);
    enum sting_status status = buffer_append(out, (struct bytes){head, used});
    return status ? status : buffer_append(out, payload);
}

/* One element of a packet: the begin, the middle or the end of a unit. */
static enum sting_status element_add(struct av1_join *join,
                                     struct bytes element, bool goes_on,
                                     struct buffer *out)
{
    if (!join->is_open && !goes_on) {
        return element.size > 0 ? unit_append(element, out) : STING_OK;
    }
    if (join->open.size + element.size > MOST_UNIT_BYTES) {
        av1_join_begin(join);
        return STING_E_FORMAT;
    }
    enum sting_status status = buffer_append(&join->open, element);
    if (!status && !goes_on) {
        status = unit_append(buffer_bytes(&join->open), out);
        join->open.size = 0;
    }
    join->is_open = goes_on;
    return status;
}

static enum sting_status elements_add(struct av1_join *join,
                                      struct bytes payload, uint8_t aggregation,
                                      struct buffer *out)
{
    bool last_is_cut = aggregation & 0x40;
    unsigned count = aggregation >> 4 & 3; /* 0: each tells its size */
    for (unsigned i = 1; payload.size > 0; i++) {
        size_t size = payload.size;
        if ((count == 0 || i < count) &&
            (!number_take(&payload, &size) || size > payload.size)) {
            return STING_E_FORMAT;
        }
        struct bytes element = {payload.data, size};
        payload = (struct bytes){payload.data + size, payload.size - size};
        bool goes_on = payload.size == 0 && last_is_cut;
        enum sting_status status = element_add(join, element, goes_on, out);
        if (status) {
            return status;
        }
    }
    return STING_OK;
}

enum sting_status av1_join_add(struct av1_join *join, struct bytes payload,
                               struct buffer *out)
{
    size_t begin = out->size;
    if (payload.size == 0) {
        return STING_E_FORMAT;
    }
    bool continues = payload.data[0] & 0x80;
    if (continues != join->is_open) {
        /* Its begin never came, or its end: what is left is no picture. */
        av1_join_begin(join);
        if (continues) {
            return STING_E_FORMAT;
        }
    }
    struct bytes rest = {payload.data + 1, payload.size - 1};
    enum sting_status status = elements_add(join, rest, payload.data[0], out);
    if (status) {
        av1_join_begin(join);
        out->size = begin;
    }
    return status;
}
