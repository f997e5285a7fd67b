#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 256
#define MOST_BYTES ((size_t)1 << 40)

void buffer_release(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

void buffer_wipe(struct buffer *buffer)
{
    if (buffer->data) {
        explicit_bzero(buffer->data, buffer->capacity);
    }
    buffer_release(buffer);
}

struct bytes buffer_bytes(const struct buffer *buffer)
{
    return (struct bytes){buffer->data, buffer->size};
}

const char *buffer_text(const struct buffer *buffer)
{
    return buffer->data ? (const char *)buffer->data : "";
}

enum sting_status buffer_reserve(struct buffer *buffer, size_t more)
{
    if (more >= MOST_BYTES || buffer->size >= MOST_BYTES - more) {
        return STING_E_NOMEM;
    }
    size_t needed = buffer->size + more + 1; /* the NUL */
    if (needed <= buffer->capacity) {
        return STING_OK;
    }
    size_t wanted = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
    while (wanted < needed) {
        wanted *= 2;
    }
    uint8_t *grown = realloc(buffer->data, wanted);
    if (!grown) {
        return STING_E_NOMEM;
    }
    grown[buffer->size] = '\0';
    buffer->data = grown;
    buffer->capacity = wanted;
    return STING_OK;
}

enum sting_status buffer_reserve_secret(struct buffer *buffer, size_t more)
{
    struct buffer grown = {0};
    if (more < buffer->capacity - buffer->size) {
        return STING_OK;
    }
    enum sting_status status = buffer_reserve(&grown, buffer->size + more);
    if (!status) {
        status = buffer_append(&grown, buffer_bytes(buffer));
    }
    if (status) {
        buffer_release(&grown);
        return status;
    }
    buffer_wipe(buffer);
    *buffer = grown;
    return STING_OK;
}

enum sting_status buffer_append(struct buffer *buffer, struct bytes bytes)
{
    enum sting_status status = buffer_reserve(buffer, bytes.size);
    if (status) {
        return status;
    }
    if (bytes.size > 0) {
        memcpy(buffer->data + buffer->size, bytes.data, bytes.size);
    }
    buffer->size += bytes.size;
    buffer->data[buffer->size] = '\0';
    return STING_OK;
}

enum sting_status buffer_text_append(struct buffer *buffer, const char *text)
{
    return buffer_append(buffer, bytes_of_text(text));
}

enum sting_status buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return STING_E_NOMEM;
    }
    enum sting_status status = buffer_reserve(buffer, (size_t)length);
    if (status) {
        return status;
    }
    va_start(arguments, format);
    vsnprintf((char *)buffer->data + buffer->size, (size_t)length + 1, format,
              arguments);
    va_end(arguments);
    buffer->size += (size_t)length;
    return STING_OK;
}
