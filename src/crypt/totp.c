#include "crypt/totp.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void totp_code(const struct totp_secret *secret, uint64_t step,
               char out[TOTP_DIGITS + 1])
{
    uint8_t counter[8];
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    for (int i = 7; i >= 0; i--) {
        counter[i] = (uint8_t)step;
        step >>= 8;
    }
    const void *done = HMAC(EVP_sha1(), secret->byte, TOTP_SECRET_SIZE, counter,
                            sizeof counter, mac, &size);
    assert(done && size == 20);
    unsigned at = mac[19] & 0xf;
    uint32_t number = (uint32_t)(mac[at] & 0x7f) << 24 |
                      (uint32_t)mac[at + 1] << 16 | (uint32_t)mac[at + 2] << 8 |
                      mac[at + 3];
    snprintf(out, TOTP_DIGITS + 1, "%06u", number % 1000000u);
}

uint64_t totp_step(const struct totp_secret *secret, uint64_t around,
                   const char *code)
{
    uint64_t found = 0;
    if (strlen(code) != TOTP_DIGITS) {
        return 0;
    }
    for (uint64_t step = around - 1; step <= around + 1; step++) {
        char right[TOTP_DIGITS + 1];
        unsigned differs = 0;
        totp_code(secret, step, right);
        for (int i = 0; i < TOTP_DIGITS; i++) {
            differs |= (unsigned)(right[i] ^ code[i]);
        }
        found = differs ? found : step;
    }
    return found;
}

void totp_text(const struct totp_secret *secret, char out[TOTP_TEXT_SIZE])
{
    for (unsigned i = 0; i + 1 < TOTP_TEXT_SIZE; i++) {
        unsigned bit = i * 5;
        unsigned pair = (unsigned)secret->byte[bit / 8] << 8;
        pair |= bit / 8 + 1 < TOTP_SECRET_SIZE ? secret->byte[bit / 8 + 1] : 0;
        out[i] = alphabet[pair >> (11 - bit % 8) & 31];
    }
    out[TOTP_TEXT_SIZE - 1] = '\0';
}

enum sting_status totp_read(const char *text, struct totp_secret *out)
{
    struct totp_secret read = {{0}};
    if (strlen(text) != TOTP_TEXT_SIZE - 1) {
        return STING_E_FORMAT;
    }
    for (unsigned i = 0; i + 1 < TOTP_TEXT_SIZE; i++) {
        const char *at = strchr(alphabet, text[i]);
        if (!at) {
            return STING_E_FORMAT;
        }
        unsigned pair = (unsigned)(at - alphabet) << (11 - i * 5 % 8);
        read.byte[i * 5 / 8] |= (uint8_t)(pair >> 8);
        if (i * 5 / 8 + 1 < TOTP_SECRET_SIZE) {
            read.byte[i * 5 / 8 + 1] |= (uint8_t)pair;
        }
    }
    *out = read;
    return STING_OK;
}
