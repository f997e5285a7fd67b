/* Strings of PDF syntax, read and written: ISO 32000-1, 7.3.4. */
#include <string.h>

#include "pdf/lexer.h"

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (uint8_t)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t read_hex(struct bytes raw, uint8_t *out)
{
    size_t size = 0;
    int high = -1;
    for (size_t i = 0; i < raw.size; i++) {
        int digit = hex_digit(raw.data[i]);
        if (digit >= 0 && high >= 0) {
            out[size++] = (uint8_t)(high << 4 | digit);
            high = -1;
        } else if (digit >= 0) {
            high = digit;
        }
    }
    if (high >= 0) {
        out[size++] = (uint8_t)(high << 4);
    }
    return size;
}

/* Up to three octal digits at raw[*at]; moves *at past them. */
static uint8_t read_octal(struct bytes raw, size_t *at)
{
    unsigned value = 0;
    for (int i = 0; i < 3 && *at < raw.size; i++) {
        uint8_t c = raw.data[*at];
        if (c < '0' || c > '7') {
            break;
        }
        value = value * 8 + (unsigned)(c - '0');
        (*at)++;
    }
    return (uint8_t)value;
}

/* What follows a backslash; gives false when it stands for nothing. */
static bool read_escape(struct bytes raw, size_t *at, uint8_t *out)
{
    static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
    uint8_t c = raw.data[*at];
    const char *found = c ? strchr(from, c) : NULL;
    if (c >= '0' && c <= '7') {
        *out = read_octal(raw, at);
        return true;
    }
    (*at)++;
    if (c == '\r' && *at < raw.size && raw.data[*at] == '\n') {
        (*at)++;
    }
    *out = found ? (uint8_t)to[found - from] : c;
    return c != '\r' && c != '\n';
}

static size_t read_literal(struct bytes raw, uint8_t *out)
{
    size_t size = 0;
    for (size_t i = 0; i < raw.size;) {
        uint8_t c = raw.data[i++];
        if (c == '\\') {
            if (i < raw.size && read_escape(raw, &i, &c)) {
                out[size++] = c;
            }
            continue;
        }
        if (c == '\r') { /* an end of line is one newline, however written */
            i += i < raw.size && raw.data[i] == '\n';
            c = '\n';
        }
        out[size++] = c;
    }
    return size;
}

enum sting_status pdf_string_read(struct bytes text, struct lexer_token token,
                                  struct buffer *out)
{
    struct bytes raw = pdf_token_bytes(text, token);
    if (raw.size == 0) {
        return STING_OK;
    }
    bool hex = raw.data[0] == '<';
    uint8_t last = raw.data[raw.size - 1];
    size_t closed = raw.size > 1 && last == (hex ? '>' : ')') ? 1 : 0;
    struct bytes inner = {raw.data + 1, raw.size - 1 - closed};
    enum sting_status status = buffer_reserve(out, raw.size);
    if (status) {
        return status;
    }
    uint8_t *to = out->data + out->size;
    out->size += hex ? read_hex(inner, to) : read_literal(inner, to);
    out->data[out->size] = 0;
    return STING_OK;
}

static size_t write_literal(struct bytes string, uint8_t *to)
{
    size_t size = 0;
    for (size_t i = 0; i < string.size; i++) {
        uint8_t c = string.data[i];
        if (c == '(' || c == ')' || c == '\\') {
            to[size++] = '\\';
        } else if (c == '\r') {
            to[size++] = '\\';
            c = 'r';
        }
        to[size++] = c;
    }
    return size;
}

static size_t write_hex(struct bytes string, uint8_t *to)
{
    static const char digit[] = "0123456789ABCDEF";
    size_t size = 0;
    for (size_t i = 0; i < string.size; i++) {
        to[size++] = (uint8_t)digit[string.data[i] >> 4];
        to[size++] = (uint8_t)digit[string.data[i] & 15];
    }
    return size;
}

enum sting_status pdf_string_inside(struct bytes string, bool hex,
                                    struct buffer *out)
{
    enum sting_status status = buffer_reserve(out, 2 * string.size + 1);
    if (status) {
        return status;
    }
    uint8_t *to = out->data + out->size;
    out->size += hex ? write_hex(string, to) : write_literal(string, to);
    out->data[out->size] = 0;
    return STING_OK;
}

enum sting_status pdf_string_write(struct bytes string, bool hex,
                                   struct buffer *out)
{
    enum sting_status status = buffer_text_append(out, hex ? "<" : "(");
    if (!status) {
        status = pdf_string_inside(string, hex, out);
    }
    return status ? status : buffer_text_append(out, hex ? ">" : ")");
}
