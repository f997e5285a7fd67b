#include "media/nal.h"

#include <string.h>

/* Where the next 00 00 01 begins, or the end. Ones are looked for, which is
 * fast: each byte that a camera sends passes here more than once. */
static size_t start_code_find(struct bytes s, size_t from)
{
    for (size_t i = from + 2; i < s.size; i++) {
        const uint8_t *one = memchr(s.data + i, 1, s.size - i);
        if (!one) {
            break;
        }
        i = (size_t)(one - s.data);
        if (one[-1] == 0 && one[-2] == 0) {
            return i - 2;
        }
    }
    return s.size;
}

bool nal_next(struct bytes *stream, struct bytes *unit)
{
    for (;;) {
        size_t start = start_code_find(*stream, 0);
        if (start + 3 >= stream->size) {
            return false;
        }
        start += 3;
        size_t end = start_code_find(*stream, start);
        size_t next = end;
        /* Zeros before a start code belong to it, never to the unit. */
        while (end > start && stream->data[end - 1] == 0) {
            end--;
        }
        *unit = (struct bytes){stream->data + start, end - start};
        *stream = (struct bytes){stream->data + next, stream->size - next};
        if (unit->size > 0) {
            return true;
        }
    }
}

int nal_h264_type(struct bytes unit)
{
    return unit.size > 0 ? unit.data[0] & 31 : -1;
}

int nal_h265_type(struct bytes unit)
{
    return unit.size > 0 ? (unit.data[0] >> 1) & 63 : -1;
}

enum sting_status nal_append(struct buffer *out, struct bytes unit)
{
    static const uint8_t code[4] = {0, 0, 0, 1};
    enum sting_status status = buffer_reserve(out, unit.size + sizeof code);
    if (!status) {
        status = buffer_append(out, (struct bytes){code, sizeof code});
    }
    return status ? status : buffer_append(out, unit);
}

enum sting_status nal_h264_header_append(struct buffer *out,
                                         struct bytes packet)
{
    struct bytes unit;
    while (nal_next(&packet, &unit)) {
        int type = nal_h264_type(unit);
        if (type != NAL_H264_SPS && type != NAL_H264_PPS) {
            continue;
        }
        enum sting_status status = nal_append(out, unit);
        if (status) {
            return status;
        }
    }
    return STING_OK;
}
