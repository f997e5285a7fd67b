/*
 * message: what an alert says, as JSON for programs.
 *
 * Format: docs/formats/json.md.
 */
#ifndef STING_ALERT_MESSAGE_H
#define STING_ALERT_MESSAGE_H

#include "base/base.h"
#include "base/buffer.h"
#include "crypt/digest.h"
#include "operation/config.h"
#include "operation/incident.h"

#define MESSAGE_SIGNATURE_SIZE (8 + DIGEST_TEXT_SIZE)

/* Append one JSON object and its newline. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status message_write(
    const struct config *config, uint32_t alert,
    const struct incident_event *event, int64_t now_utc_us, struct buffer *out);

/* "sha256=" and the HMAC-SHA256 of the body under the shared secret, in hex;
 * gives text back. */
char *message_sign(struct bytes secret, struct bytes body,
                   char text[MESSAGE_SIGNATURE_SIZE]);

#endif
