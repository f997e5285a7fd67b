#include "operation/sheet.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"

#define MOST_DIGITS 18

enum sting_status sheet_take_magic(struct bytes *from, const char *magic)
{
    size_t length = strlen(magic);
    if (from->size < length || memcmp(from->data, magic, length) != 0) {
        return STING_E_FORMAT;
    }
    from->data += length;
    from->size -= length;
    return STING_OK;
}

enum sting_status sheet_take(struct bytes *from, const char *key,
                             struct bytes *value)
{
    size_t length = strlen(key);
    struct bytes rest = *from;
    struct bytes line;
    if (!text_line_take(&rest, &line) || line.size < length + 1 ||
        memcmp(line.data, key, length) != 0 || line.data[length] != ' ') {
        return STING_E_FORMAT;
    }
    *value = (struct bytes){line.data + length + 1, line.size - length - 1};
    *from = rest;
    return STING_OK;
}

enum sting_status sheet_take_text(struct bytes *from, const char *key,
                                  char *out, size_t size)
{
    struct bytes value;
    enum sting_status status = sheet_take(from, key, &value);
    if (status) {
        return status;
    }
    if (value.size >= size || memchr(value.data, '\0', value.size)) {
        return STING_E_FORMAT;
    }
    memcpy(out, value.data, value.size);
    out[value.size] = '\0';
    return STING_OK;
}

enum sting_status sheet_take_number(struct bytes *from, const char *key,
                                    int64_t most, int64_t *out)
{
    struct bytes value;
    int64_t number = 0;
    enum sting_status status = sheet_take(from, key, &value);
    if (status) {
        return status;
    }
    if (value.size == 0 || value.size > MOST_DIGITS ||
        (value.data[0] == '0' && value.size > 1)) {
        return STING_E_FORMAT;
    }
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] < '0' || value.data[i] > '9') {
            return STING_E_FORMAT;
        }
        number = number * 10 + (value.data[i] - '0');
    }
    if (number > most) {
        return STING_E_FORMAT;
    }
    *out = number;
    return STING_OK;
}

enum sting_status sheet_take_digest(struct bytes *from, const char *key,
                                    struct digest *out)
{
    struct bytes value;
    enum sting_status status = sheet_take(from, key, &value);
    return status ? status : digest_parse(value, out);
}

enum sting_status sheet_take_time(struct bytes *from, const char *key,
                                  int64_t *out)
{
    char text[CLOCK_TEXT_SIZE];
    char again[CLOCK_TEXT_SIZE];
    int64_t at_us = 0;
    if (sheet_take_text(from, key, text, sizeof text) ||
        clock_parse(text, &at_us) ||
        strcmp(clock_text(at_us, again), text) != 0) {
        return STING_E_FORMAT;
    }
    *out = at_us;
    return STING_OK;
}

bool sheet_text_is_valid(const char *text)
{
    if (!*text) {
        return false;
    }
    while (*text) {
        uint32_t point = 0;
        size_t size = utf8_read(text, &point);
        if (size == 0 || point < 0x20 || point == 0x7f) {
            return false;
        }
        text += size;
    }
    return true;
}
