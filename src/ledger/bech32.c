#include "ledger/bech32.h"

#include <assert.h>
#include <string.h>

#define CHECK 6 /* characters of checksum */

static const char letter[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static uint32_t step(uint32_t sum, uint8_t five)
{
    static const uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
                                         0x3d4233dd, 0x2a1462b3};
    uint32_t top = sum >> 25;
    sum = (sum & 0x1ffffff) << 5 ^ five;
    for (unsigned i = 0; i < 5; i++) {
        sum ^= top >> i & 1 ? generator[i] : 0;
    }
    return sum;
}

/* The checksum's state after the prefix, spread as the BIP says. */
static uint32_t prefix_sum(const char *prefix)
{
    uint32_t sum = 1;
    for (const char *c = prefix; *c; c++) {
        sum = step(sum, (uint8_t)*c >> 5);
    }
    sum = step(sum, 0);
    for (const char *c = prefix; *c; c++) {
        sum = step(sum, (uint8_t)*c & 31);
    }
    return sum;
}

/* Payload as groups of five bits, the last filled up with zeros. */
static size_t to_fives(struct bytes from, uint8_t *out)
{
    size_t count = 0;
    uint32_t word = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < from.size; i++) {
        word = word << 8 | from.data[i];
        for (bits += 8; bits >= 5; bits -= 5) {
            out[count++] = word >> (bits - 5) & 31;
        }
    }
    if (bits > 0) {
        out[count++] = (uint8_t)(word << (5 - bits) & 31);
    }
    return count;
}

/* Back to bytes; false when the filling is too long or not zero. */
static bool from_fives(const uint8_t *five, size_t count, uint8_t *out)
{
    uint32_t word = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < count; i++) {
        word = word << 5 | five[i];
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            *out++ = (uint8_t)(word >> bits);
        }
    }
    return bits < 5 && (word & ((1U << bits) - 1)) == 0;
}

void bech32_write(const char *prefix, struct bytes payload,
                  char text[BECH32_MOST_TEXT])
{
    uint8_t five[BECH32_MOST_TEXT];
    assert(payload.size <= BECH32_MOST_BYTES && strlen(prefix) < 32);
    size_t count = to_fives(payload, five);
    uint32_t sum = prefix_sum(prefix);
    for (size_t i = 0; i < count; i++) {
        sum = step(sum, five[i]);
    }
    for (size_t i = 0; i < CHECK; i++) {
        sum = step(sum, 0);
    }
    sum ^= 1;
    char *at = stpcpy(text, prefix);
    *at++ = '1';
    for (size_t i = 0; i < count; i++) {
        *at++ = letter[five[i]];
    }
    for (unsigned i = 0; i < CHECK; i++) {
        *at++ = letter[sum >> (5 * (CHECK - 1 - i)) & 31];
    }
    *at = '\0';
}

/* Lower-case copy of text; false when cases are mixed or it is no text. */
static bool fold(struct bytes text, char *out)
{
    bool upper = false;
    bool lower = false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        upper = upper || (c >= 'A' && c <= 'Z');
        lower = lower || (c >= 'a' && c <= 'z');
        out[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        if (c < 33 || c > 126) {
            return false;
        }
    }
    out[text.size] = '\0';
    return !(upper && lower);
}

enum sting_status bech32_read(struct bytes text, const char *prefix,
                              uint8_t *out, size_t size)
{
    char folded[BECH32_MOST_TEXT];
    uint8_t five[BECH32_MOST_TEXT] = {0};
    uint8_t payload[BECH32_MOST_TEXT] = {0};
    size_t head = strlen(prefix);
    size_t count = (8 * size + 4) / 5;
    if (text.size != head + 1 + count + CHECK || text.size >= sizeof folded ||
        !fold(text, folded) || strncmp(folded, prefix, head) != 0 ||
        folded[head] != '1') {
        return STING_E_FORMAT;
    }
    uint32_t sum = prefix_sum(prefix);
    for (size_t i = 0; i < count + CHECK; i++) {
        const char *found = strchr(letter, folded[head + 1 + i]);
        if (!found) {
            return STING_E_FORMAT;
        }
        five[i] = (uint8_t)(found - letter);
        sum = step(sum, five[i]);
    }
    if (sum != 1 || !from_fives(five, count, payload)) {
        return STING_E_FORMAT;
    }
    memcpy(out, payload, size);
    return STING_OK;
}
