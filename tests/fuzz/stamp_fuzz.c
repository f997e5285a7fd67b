/* A reply that nobody believed makes can be judged in any state, but is never
 * good: the authority is one that the fuzzer has no key of. What is said of
 * it is clean text, and its token, when it has one, lies within it. */
#include <stdlib.h>
#include <string.h>

#include "crypt/time_stamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_clean(const char *text)
{
    for (; *text; text++) {
        if (*text < 0x20 || *text > 0x7e) {
            return false;
        }
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct time_stamp stamp;
    struct buffer token STING_AUTO(buffer_release) = {0};
    struct bytes reply = {data, size};
    const struct hash hash = hash_of(HASH_SHA256, NULL, 0);
    const struct time_stamp_trust trust = {.authorities = reply,
                                           .revoked = reply,
                                           .at_us = INT64_C(1320177600000000)};
    time_stamp_reply(reply, &hash, NULL, &trust, &stamp);
    if (stamp.state == TIME_STAMP_GOOD || !is_clean(stamp.who) ||
        (stamp.authority[0] && strlen(stamp.authority) != 64)) {
        abort();
    }
    if (!time_stamp_token_of(reply, &token) &&
        (token.size == 0 || token.size >= size ||
         memcmp(token.data, data + size - token.size, token.size) != 0)) {
        abort();
    }
    time_stamp_token(reply, &hash, &trust, &stamp);
    if (stamp.state == TIME_STAMP_GOOD) {
        abort();
    }
    return 0;
}
