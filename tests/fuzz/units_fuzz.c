/* The units of a camera's stream. Where the first byte is even the rest are
 * payloads of AV1 over RTP, each behind its length: what comes out is whole
 * units, each with its size, to the last byte. Where it is odd they are a byte
 * stream: its units lie in it one behind the other and hold no start code. */
#include <stdlib.h>

#include "media/av1.h"
#include "media/nal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be(bool so)
{
    if (!so) {
        abort();
    }
}

static void payloads(struct bytes data)
{
    struct av1_join join = {0};
    struct buffer out = {0};
    struct buffer headers = {0};
    while (data.size > 0) {
        size_t length = data.data[0] % data.size;
        struct bytes payload = {data.data + 1, length};
        (void)!av1_join_add(&join, payload, &out);
        data.data += 1 + length;
        data.size -= 1 + length;
    }
    struct bytes rest = buffer_bytes(&out);
    struct bytes unit;
    while (av1_next(&rest, &unit)) {
        must_be(unit.size > 1 && (unit.data[0] & 2));
    }
    must_be(rest.size == 0);
    must_be(av1_headers(buffer_bytes(&out), &headers) == STING_OK);
    must_be(headers.size <= out.size);
    buffer_release(&headers);
    buffer_release(&out);
    av1_join_release(&join);
}

static void stream(struct bytes data)
{
    const uint8_t *end = data.data;
    struct bytes unit;
    while (nal_next(&data, &unit)) {
        must_be(unit.size > 0 && unit.data >= end + 3);
        end = unit.data + unit.size;
        must_be(end <= data.data + data.size && end[-1] != 0);
        for (size_t i = 2; i < unit.size; i++) {
            must_be(unit.data[i] != 1 || unit.data[i - 1] || unit.data[i - 2]);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0) {
        struct bytes rest = {data + 1, size - 1};
        (data[0] & 1 ? stream : payloads)(rest);
    }
    return 0;
}
