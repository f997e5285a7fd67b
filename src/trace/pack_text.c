#include "trace/pack_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "operation/sheet.h"

#define REAL_SIZE 40

enum sting_status pack_add_hex(struct buffer *out, const char *key,
                               const uint8_t byte[32])
{
    char text[DIGEST_TEXT_SIZE];
    hex_write((struct bytes){byte, 32}, text);
    return buffer_printf(out, "%s %s\n", key, text);
}

enum sting_status pack_add_number(struct buffer *out, const char *key,
                                  uint64_t value)
{
    return buffer_printf(out, "%s %llu\n", key, (unsigned long long)value);
}

enum sting_status pack_add_digests(struct buffer *out, const char *count,
                                   const char *key, const struct digest *digest,
                                   uint32_t n)
{
    enum sting_status status = pack_add_number(out, count, n);
    for (uint32_t i = 0; !status && i < n; i++) {
        status = pack_add_hex(out, key, digest[i].byte);
    }
    return status;
}

enum sting_status pack_add_base64(struct buffer *out, const char *key,
                                  struct bytes bytes)
{
    enum sting_status status = buffer_printf(out, "%s ", key);
    if (!status) {
        status = base64_append(out, bytes, true);
    }
    return status ? status : buffer_text_append(out, "\n");
}

enum sting_status pack_take_hex(struct bytes *from, const char *key,
                                uint8_t *out, size_t size)
{
    struct bytes value;
    enum sting_status status = sheet_take(from, key, &value);
    return status ? status : hex_read(value, out, size);
}

enum sting_status pack_take_u64(struct bytes *from, const char *key,
                                uint64_t least, uint64_t most, uint64_t *out)
{
    int64_t value = 0;
    enum sting_status status =
        sheet_take_number(from, key, (int64_t)most, &value);
    *out = (uint64_t)value;
    return !status && *out < least ? STING_E_FORMAT : status;
}

enum sting_status pack_take_u32(struct bytes *from, const char *key,
                                uint32_t least, uint32_t most, uint32_t *out)
{
    uint64_t value = 0;
    enum sting_status status = pack_take_u64(from, key, least, most, &value);
    *out = (uint32_t)value;
    return status;
}

enum sting_status pack_take_path(struct bytes *from, const char *count,
                                 const char *key, struct proof *out)
{
    uint32_t depth = 0;
    enum sting_status status =
        pack_take_u32(from, count, 0, PROOF_MOST_DEPTH, &depth);
    out->depth = status ? 0 : depth;
    for (unsigned i = 0; !status && i < out->depth; i++) {
        status = pack_take_hex(from, key, out->node[i].byte, DIGEST_SIZE);
    }
    return status;
}

enum sting_status pack_take_base64(struct bytes *from, const char *key,
                                   struct buffer *out)
{
    struct bytes value;
    enum sting_status status = sheet_take(from, key, &value);
    return status ? status : base64_read(out, value, true);
}

enum sting_status pack_real(struct bytes value, double *out)
{
    char text[REAL_SIZE], again[REAL_SIZE];
    char *end = NULL;
    if (value.size == 0 || value.size >= sizeof text) {
        return STING_E_FORMAT;
    }
    memcpy(text, value.data, value.size);
    text[value.size] = '\0';
    *out = strtod(text, &end);
    snprintf(again, sizeof again, "%.17g", *out);
    return isfinite(*out) && bytes_equal(value, bytes_of_text(again))
               ? STING_OK
               : STING_E_FORMAT;
}

enum sting_status pack_take_real(struct bytes *from, const char *key,
                                 double *out)
{
    struct bytes value;
    enum sting_status status = sheet_take(from, key, &value);
    return status ? status : pack_real(value, out);
}
