/*
 * channel: from a message to what the net worker is asked, by kind of channel.
 *
 * A message is written when it is queued; what is secret (signatures, tokens,
 * passwords) is read from its file and added when it is sent.
 */
#ifndef STING_ALERT_CHANNEL_H
#define STING_ALERT_CHANNEL_H

#include "alert/alerts.h"
#include "alert/mail.h"
#include "alert/message.h"
#include "alert/mqtt.h"
#include "alert/queue.h"
#include "operation/operation.h"
#include "wire/wire.h"

#define CHANNEL_TIMEOUT_MS 10000

enum channel_kind {
    CHANNEL_WEBHOOK,
    CHANNEL_MAIL,
    CHANNEL_MQTT,
    CHANNEL_SYSLOG
};
enum channel_kind channel_kind_of(const struct config_alert *channel);

/* "mail-2": the kind, and its place in the list from 1; gives name back. */
#define CHANNEL_NAME_SIZE 24
char *channel_name(const struct config *config, size_t index,
                   char name[CHANNEL_NAME_SIZE]);

/* Write a message as this channel wants it: *body is replaced, type filled.
 * Fails: E_FORMAT, E_IO (the template), E_NOMEM. */
STING_MUST_USE enum sting_status channel_write(
    const struct operation *operation, const struct config_alert *channel,
    const struct message *message, const struct secret *key,
    struct queue_item *item, struct fault *fault);

/* The same for a message with files: mail, or a webhook's form. */
STING_MUST_USE enum sting_status channel_write_film(
    const struct operation *operation, const struct config_alert *channel,
    const struct message *message, const struct secret *key,
    const struct alert_film *film, struct queue_item *item);

/* What the net worker is asked; it may hold secrets. Zero-initialise. */
struct channel_asking {
    struct wire_head head;
    struct buffer payload; /* owned */
};
void channel_asking_wipe(struct channel_asking *asking);

/* The request for an item. `state`
 * is for mqtt; NULL when the item is a test.
 * Fails: E_ABSENT, E_IO (a file), E_NOMEM. */
STING_MUST_USE enum sting_status channel_request(
    const struct operation *operation, const struct config_alert *channel,
    const struct queue_item *item, const struct mqtt_state *state,
    struct channel_asking *out, struct fault *fault);

/* The request for a greeting of an mqtt channel. */
STING_MUST_USE enum sting_status channel_greeting(
    const struct operation *operation, size_t index,
    const struct mqtt_state *state, struct channel_asking *out,
    struct fault *fault);

#endif
