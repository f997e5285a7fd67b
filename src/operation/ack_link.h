/*
 * ack_link: the signed word in a link by which an alert is acknowledged.
 *
 *   hex( incident (4) || expires (4) || nonce (8) || mac (16) )
 *
 * Numbers most significant byte first, times in seconds UTC; mac: the first
 * half of HMAC-SHA256 under a key derived from keys/log. That it is used once
 * only is duty.h's to know, by the nonce.
 *
 * Format: docs/formats/json.md. Reads hostile bytes. Reads no clock.
 */
#ifndef STING_OPERATION_ACK_LINK_H
#define STING_OPERATION_ACK_LINK_H

#include "base/base.h"
#include "base/fault.h"
#include "crypt/random.h"
#include "crypt/secret.h"

#define ACK_LINK_SIZE 65 /* with its NUL */
#define ACK_LINK_NONCE 8
#define ACK_LINK_VALID_S 86400

struct operation;

struct ack_link {
    uint32_t incident;
    int64_t expires_s;
    uint8_t nonce[ACK_LINK_NONCE];
};

/* The key that signs links. Fails: E_ABSENT, E_FORMAT, E_IO. */
STING_MUST_USE enum sting_status ack_link_key(const struct operation *operation,
                                              struct secret *out,
                                              struct fault *fault);

/* A link for an incident, good for ACK_LINK_VALID_S. Gives text back. */
char *ack_link_write(const struct secret *key, uint32_t incident, int64_t now_s,
                     const struct random_source *random,
                     char text[ACK_LINK_SIZE]);

/* Fails: E_FORMAT when it is no link, E_FORGED when it is not signed by us,
 * E_LIMIT when it has expired; each in words. */
STING_MUST_USE enum sting_status ack_link_read(const struct secret *key,
                                               const char *text, int64_t now_s,
                                               struct ack_link *out,
                                               struct fault *fault);

#endif
