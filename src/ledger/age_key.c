/* Keys of age as text. */
#include "ledger/age.h"

#include <string.h>

#include "ledger/bech32.h"

static const char recipient_prefix[] = "age";
static const char identity_prefix[] = "age-secret-key-";

void age_recipient_text(const struct agreement_key *key,
                        char text[AGE_TEXT_SIZE])
{
    char long_text[BECH32_MOST_TEXT];
    bech32_write(recipient_prefix, (struct bytes){key->byte, AGREEMENT_SIZE},
                 long_text);
    memcpy(text, long_text, strlen(long_text) + 1); /* 62 letters */
}

void age_identity_text(const struct secret *identity, char text[AGE_TEXT_SIZE])
{
    char long_text[BECH32_MOST_TEXT];
    bech32_write(identity_prefix, secret_bytes(identity), long_text);
    size_t size = strlen(long_text); /* 74 letters */
    for (size_t i = 0; i <= size; i++) {
        char c = long_text[i];
        text[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    secret_wipe_bytes(long_text, sizeof long_text);
}

enum sting_status age_recipient_parse(struct bytes text,
                                      struct agreement_key *out)
{
    /* The program age writes and reads recipients in lower case only. */
    if (text.size < 1 || text.data[0] != 'a') {
        return STING_E_FORMAT;
    }
    return bech32_read(text, recipient_prefix, out->byte, AGREEMENT_SIZE);
}

enum sting_status age_identity_parse(struct bytes text, struct secret *out)
{
    if (text.size < 1 || text.data[0] != 'A') {
        return STING_E_FORMAT;
    }
    return bech32_read(text, identity_prefix, out->byte, SECRET_SIZE);
}
