#include "operation/ack_link.h"

#include <string.h>

#include "base/text.h"
#include "crypt/kdf.h"
#include "operation/key_file.h"
#include "operation/operation.h"

#define SIGNED_BYTES 16
#define MAC_BYTES 16
#define LINK_BYTES (SIGNED_BYTES + MAC_BYTES)

_Static_assert(ACK_LINK_SIZE == 2 * LINK_BYTES + 1, "hex and its NUL");

enum sting_status ack_link_key(const struct operation *operation,
                               struct secret *out, struct fault *fault)
{
    return key_file_derive(operation_dir(operation), KEY_FILE_LOG,
                           "sting ack link", out, fault);
}

static void number_put(uint8_t *at, uint32_t number)
{
    for (int i = 0; i < 4; i++) {
        at[i] = (uint8_t)(number >> (24 - 8 * i));
    }
}

static uint32_t number_get(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
           (uint32_t)at[2] << 8 | at[3];
}

/* The half of it that is used, as a digest whose rest is zero. */
static struct digest mac_of(const struct secret *key, const uint8_t *data)
{
    const struct bytes part = {data, SIGNED_BYTES};
    struct digest mac = hmac_sha256(secret_bytes(key), &part, 1);
    memset(mac.byte + MAC_BYTES, 0, DIGEST_SIZE - MAC_BYTES);
    return mac;
}

char *ack_link_write(const struct secret *key, uint32_t incident, int64_t now_s,
                     const struct random_source *random,
                     char text[ACK_LINK_SIZE])
{
    uint8_t link[LINK_BYTES];
    number_put(link, incident);
    number_put(link + 4, (uint32_t)(now_s + ACK_LINK_VALID_S));
    random_fill(random, link + 8, ACK_LINK_NONCE);
    memcpy(link + SIGNED_BYTES, mac_of(key, link).byte, MAC_BYTES);
    hex_write((struct bytes){link, sizeof link}, text);
    return text;
}

enum sting_status ack_link_read(const struct secret *key, const char *text,
                                int64_t now_s, struct ack_link *out,
                                struct fault *fault)
{
    uint8_t link[LINK_BYTES];
    struct digest said = {{0}};
    if (hex_read(bytes_of_text(text), link, sizeof link)) {
        return fault_set(fault, STING_E_FORMAT, "use the whole link",
                         "this is no link of an alert");
    }
    memcpy(said.byte, link + SIGNED_BYTES, MAC_BYTES);
    if (!digest_equal(said, mac_of(key, link))) {
        return fault_set(fault, STING_E_FORGED, "use the link as it came",
                         "this link is not of this operation");
    }
    if (number_get(link + 4) <= now_s) {
        return fault_set(fault, STING_E_LIMIT, "say it with sting ack OP N",
                         "this link has expired");
    }
    out->incident = number_get(link);
    out->expires_s = number_get(link + 4);
    memcpy(out->nonce, link + 8, ACK_LINK_NONCE);
    return STING_OK;
}
