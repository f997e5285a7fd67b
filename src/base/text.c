#include "base/text.h"

#include <string.h>

static const char digit[] = "0123456789abcdef";
static const char letter[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void hex_write(struct bytes bytes, char *text)
{
    for (size_t i = 0; i < bytes.size; i++) {
        *text++ = digit[bytes.data[i] >> 4];
        *text++ = digit[bytes.data[i] & 15];
    }
    *text = '\0';
}

/* One more than a digit's value, 0 for what is none: ledgers hold 64 digits
 * and more a line. */
static const uint8_t hex_digit[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
    ['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
    ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16};

enum sting_status hex_read(struct bytes text, uint8_t *out, size_t size)
{
    if (text.size != 2 * size) {
        return STING_E_FORMAT;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (!hex_digit[text.data[i]]) {
            return STING_E_FORMAT;
        }
    }
    for (size_t i = 0; i < size; i++) {
        unsigned high = hex_digit[text.data[2 * i]] - 1U;
        out[i] = (uint8_t)(high << 4 | (hex_digit[text.data[2 * i + 1]] - 1U));
    }
    return STING_OK;
}

enum sting_status base64_append(struct buffer *out, struct bytes bytes,
                                bool padded)
{
    enum sting_status status = buffer_reserve(out, bytes.size / 3 * 4 + 4);
    if (status) {
        return status;
    }
    for (size_t i = 0; i < bytes.size; i += 3) {
        size_t left = bytes.size - i < 3 ? bytes.size - i : 3;
        uint32_t word = (uint32_t)bytes.data[i] << 16;
        word |= left > 1 ? (uint32_t)bytes.data[i + 1] << 8 : 0;
        word |= left > 2 ? bytes.data[i + 2] : 0;
        for (size_t k = 0; k < 4; k++) {
            if (k <= left) {
                out->data[out->size++] =
                    (uint8_t)letter[word >> (18 - 6 * k) & 63];
            } else if (padded) {
                out->data[out->size++] = '=';
            }
        }
    }
    out->data[out->size] = '\0';
    return STING_OK;
}

static int base64_value(uint8_t c)
{
    for (int i = 0; i < 64; i++) {
        if (letter[i] == (char)c) {
            return i;
        }
    }
    return -1;
}

/* Letters without their padding; SIZE_MAX when the padding is wrong. */
static size_t letters_of(struct bytes text, bool padded)
{
    size_t count = text.size;
    while (padded && text.size - count < 2 && count > 0 &&
           text.data[count - 1] == '=') {
        count--;
    }
    bool whole = padded ? text.size % 4 == 0 : true;
    bool needed = !padded || (4 - count % 4) % 4 == text.size - count;
    return whole && needed && count % 4 != 1 ? count : SIZE_MAX;
}

enum sting_status base64_read(struct buffer *out, struct bytes text,
                              bool padded)
{
    size_t count = letters_of(text, padded);
    size_t before = out->size;
    if (count == SIZE_MAX) {
        return STING_E_FORMAT;
    }
    enum sting_status status = buffer_reserve(out, count / 4 * 3 + 3);
    if (status) {
        return status;
    }
    uint32_t word = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < count; i++) {
        int value = base64_value(text.data[i]);
        if (value < 0) {
            out->size = before;
            return STING_E_FORMAT;
        }
        word = word << 6 | (uint32_t)value;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out->data[out->size++] = (uint8_t)(word >> bits);
        }
    }
    if (word & ((1U << bits) - 1)) {
        out->size = before;
        return STING_E_FORMAT;
    }
    out->data[out->size] = '\0';
    return STING_OK;
}

bool digits_read(const char **text, int most_digits, uint32_t *out)
{
    uint32_t value = 0;
    int digits = 0;
    for (const char *c = *text; digits < most_digits && *c >= '0' && *c <= '9';
         c++, digits++) {
        value = value * 10 + (uint32_t)(*c - '0');
    }
    *text += digits;
    *out = digits ? value : *out;
    return digits > 0;
}

/* How many bytes its first one says that a character has; 0: none. */
static size_t utf8_length(uint8_t first)
{
    return first < 0x80             ? 1
           : (first & 0xe0) == 0xc0 ? 2
           : (first & 0xf0) == 0xe0 ? 3
           : (first & 0xf8) == 0xf0 ? 4
                                    : 0;
}

size_t utf8_read(const char *text, uint32_t *point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const uint8_t *at = (const uint8_t *)text;
    size_t length = utf8_length(at[0]);
    uint32_t value = length > 1 ? at[0] & (0x7fU >> length) : at[0];
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0; /* also at the closing NUL */
        }
        value = value << 6 | (at[i] & 0x3fU);
    }
    if (length == 0 || value < least[length] || value > 0x10ffff ||
        (value >= 0xd800 && value < 0xe000)) {
        return 0;
    }
    *point = value;
    return length;
}

bool utf8_is_all(const char *text)
{
    uint32_t point = 0;
    size_t size = 1;
    for (; *text && size > 0; text += size) {
        size = utf8_read(text, &point);
    }
    return size > 0;
}

/* What no terminal may get from a stranger, by code points. */
static const struct {
    uint32_t first, last;
} hidden[] = {
    {0x0000, 0x001f}, {0x007f, 0x009f}, {0x061c, 0x061c},
    {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069},
};

size_t text_shown(const char *text, bool *is_shown)
{
    uint32_t point = 0;
    size_t size = utf8_read(text, &point);
    *is_shown = size > 0;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        *is_shown &= point < hidden[i].first || point > hidden[i].last;
    }
    return size > 0 ? size : 1;
}

void text_clean(char *text)
{
    char *to = text;
    bool is_shown = true;
    for (size_t size = 0; *text; text += size) {
        size = text_shown(text, &is_shown);
        if (is_shown) {
            memmove(to, text, size);
        } else {
            *to = '?';
        }
        to += is_shown ? size : 1;
    }
    *to = '\0';
}

enum sting_status text_clean_append(struct buffer *out, const char *text)
{
    size_t before = out->size;
    enum sting_status status = buffer_text_append(out, text);
    if (!status) {
        char *added = (char *)out->data + before;
        text_clean(added);
        out->size = before + strlen(added);
    }
    return status;
}

bool text_line_take(struct bytes *from, struct bytes *line)
{
    const uint8_t *end =
        from->size ? memchr(from->data, '\n', from->size) : NULL;
    if (!end) {
        return false;
    }
    *line = (struct bytes){from->data, (size_t)(end - from->data)};
    *from = (struct bytes){end + 1, from->size - line->size - 1};
    return true;
}

bool text_line_or_rest_take(struct bytes *from, struct bytes *line)
{
    if (text_line_take(from, line)) {
        return true;
    }
    *line = *from;
    from->size = 0;
    return line->size > 0;
}

bool fingerprint_fits(const char *said, const char *hex)
{
    size_t digits = 0;
    for (; *said; said++) {
        if (strchr(" :-", *said)) {
            continue;
        }
        char c = (char)(*said >= 'A' && *said <= 'F' ? *said + 32 : *said);
        if (c != hex[digits]) {
            return false;
        }
        digits++;
    }
    return digits >= FINGERPRINT_LEAST_DIGITS;
}
