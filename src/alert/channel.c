#include "alert/channel.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "alert/template.h"
#include "base/clock.h"

#define MOST_SECRET_BYTES 4096
#define MOST_CA_BYTES ((size_t)256 * 1024)
#define FACILITY 10 /* security and authorization messages */

enum channel_kind channel_kind_of(const struct config_alert *channel)
{
    return channel->webhook[0] ? CHANNEL_WEBHOOK
           : channel->mail[0]  ? CHANNEL_MAIL
           : channel->mqtt[0]  ? CHANNEL_MQTT
                               : CHANNEL_SYSLOG;
}

char *channel_name(const struct config *config, size_t index,
                   char name[CHANNEL_NAME_SIZE])
{
    static const char *const kind[] = {[CHANNEL_WEBHOOK] = "webhook",
                                       [CHANNEL_MAIL] = "mail",
                                       [CHANNEL_MQTT] = "mqtt",
                                       [CHANNEL_SYSLOG] = "syslog"};
    (void)snprintf(name, CHANNEL_NAME_SIZE, "%s-%zu",
                   kind[channel_kind_of(&config->alert[index])], index + 1);
    return name;
}

/* ---- when it is queued ---- */

/* Its own file's text, or the ready one of that name. */
static enum sting_status template_find(const struct operation *operation,
                                       const char *name, struct buffer *out,
                                       struct fault *fault)
{
    const char *ready = template_ready(name);
    return ready ? buffer_text_append(out, ready)
                 : operation_file_read(operation, name, TEMPLATE_MOST_BYTES,
                                       out, fault);
}

static enum sting_status webhook_write(const struct operation *operation,
                                       const struct config_alert *channel,
                                       const struct message *message,
                                       struct queue_item *item,
                                       struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    if (!channel->template[0]) {
        (void)snprintf(item->type, sizeof item->type, "application/json");
        return message_json(message, &item->body);
    }
    enum sting_status status =
        template_find(operation, channel->template, &text, fault);
    if (status) {
        return status;
    }
    (void)snprintf(item->type, sizeof item->type, "%s",
                   template_type(buffer_text(&text)));
    return template_fill(buffer_text(&text), message, channel->to, &item->body,
                         fault);
}

/* One line of RFC 5424. */
static enum sting_status syslog_write(const struct message *message,
                                      struct buffer *out)
{
    char when[CLOCK_TEXT_SIZE];
    char title[MESSAGE_TITLE_SIZE];
    char host[256] = "-";
    int severity = message_priority(message) == 5   ? 1  /* alert */
                   : message_priority(message) == 3 ? 4  /* warning */
                                                    : 5; /* notice */
    if (gethostname(host, sizeof host - 1) || !host[0]) {
        memcpy(host, "-", 2);
    }
    return buffer_printf(
        out,
        "<%d>1 %s %s sting %d alert - alert=%" PRIu32 " incident=%" PRIu32
        " change=%s tier=%s kind=%s: %s",
        FACILITY * 8 + severity, clock_text(message->sent_utc_us, when), host,
        (int)getpid(), message->alert, message->incident.number,
        message_change_name(message->change),
        incident_tier_name((int)message->incident.tier),
        message->change == MESSAGE_STATION
            ? "none"
            : incident_kind_name((int)message->incident.kind),
        message_title(message, title));
}

enum sting_status channel_write(const struct operation *operation,
                                const struct config_alert *channel,
                                const struct message *message,
                                const struct secret *key,
                                struct queue_item *item, struct fault *fault)
{
    item->body.size = 0;
    const struct mail mail = {channel->from, channel->to, key, NULL, 0};
    switch (channel_kind_of(channel)) {
    case CHANNEL_WEBHOOK:
        return webhook_write(operation, channel, message, item, fault);
    case CHANNEL_MAIL:
        (void)snprintf(item->type, sizeof item->type, "message/rfc822");
        return mail_write(message, &mail, &item->body);
    case CHANNEL_MQTT:
        (void)snprintf(item->type, sizeof item->type, "application/json");
        return message_json(message, &item->body);
    case CHANNEL_SYSLOG:
        (void)snprintf(item->type, sizeof item->type, "text/plain");
        return syslog_write(message, &item->body);
    }
    return STING_E_ARG;
}

/* ---- when it is sent ---- */

/* The first line of a file that holds a secret; nothing for "". */
static enum sting_status secret_read(const struct operation *operation,
                                     const char *path, struct buffer *out,
                                     struct fault *fault)
{
    if (!path[0]) {
        return STING_OK;
    }
    enum sting_status status =
        operation_file_read(operation, path, MOST_SECRET_BYTES, out, fault);
    while (!status && out->size > 0 &&
           (out->data[out->size - 1] == '\n' ||
            out->data[out->size - 1] == '\r')) {
        out->data[--out->size] = '\0';
    }
    return status;
}

static enum sting_status text_put(struct buffer *out, const char *text)
{
    return buffer_append(
        out, (struct bytes){(const uint8_t *)text, strlen(text) + 1});
}

/* The authorities that this channel trusts, and their NUL. */
static enum sting_status authorities_put(const struct operation *operation,
                                         const struct config_alert *channel,
                                         struct buffer *out,
                                         struct fault *fault)
{
    struct buffer pem STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        channel->ca_file[0] ? operation_file_read(operation, channel->ca_file,
                                                  MOST_CA_BYTES, &pem, fault)
                            : STING_OK;
    return status ? status : text_put(out, buffer_text(&pem));
}

/* The address, the token in place of {token}. */
static enum sting_status address_put(const char *address, const char *token,
                                     struct buffer *out)
{
    const char *place = strstr(address, "{token}");
    if (!place) {
        return text_put(out, address);
    }
    return buffer_printf(out, "%.*s%s%s%c", (int)(place - address), address,
                         token, place + strlen("{token}"), 0);
}

static enum sting_status headers_put(const struct config_alert *channel,
                                     const struct queue_item *item,
                                     const struct buffer *secret,
                                     const struct buffer *token,
                                     struct buffer *out)
{
    char signature[MESSAGE_SIGNATURE_SIZE];
    enum sting_status status =
        buffer_printf(out, "Content-Type: %s\nX-Sting-Alert: %" PRIu32,
                      item->type, item->alert);
    if (!status && channel->secret_file[0]) {
        status =
            buffer_printf(out, "\nX-Sting-Signature: %s",
                          message_sign(buffer_bytes(secret),
                                       buffer_bytes(&item->body), signature));
    }
    if (!status && token->size > 0 && !strstr(channel->webhook, "{token}")) {
        status = buffer_printf(out, "\nAuthorization: Bearer %s",
                               buffer_text(token));
    }
    return status ? status
                  : buffer_append(out, (struct bytes){(const uint8_t *)"", 1});
}

static enum sting_status webhook_request(const struct operation *operation,
                                         const struct config_alert *channel,
                                         const struct queue_item *item,
                                         struct buffer *out,
                                         struct fault *fault)
{
    struct buffer secret STING_AUTO(buffer_wipe) = {0};
    struct buffer token STING_AUTO(buffer_wipe) = {0};
    enum sting_status status =
        secret_read(operation, channel->secret_file, &secret, fault);
    if (!status) {
        status = secret_read(operation, channel->token_file, &token, fault);
    }
    if (!status) {
        status = address_put(channel->webhook, buffer_text(&token), out);
    }
    if (!status) {
        status = headers_put(channel, item, &secret, &token, out);
    }
    if (!status) {
        status = authorities_put(operation, channel, out, fault);
    }
    return status ? status : buffer_append(out, buffer_bytes(&item->body));
}

/* Address, user, password, authorities: what mail and mqtt begin with. */
static enum sting_status login_put(const struct operation *operation,
                                   const struct config_alert *channel,
                                   struct buffer *out, struct fault *fault)
{
    struct buffer password STING_AUTO(buffer_wipe) = {0};
    enum sting_status status =
        secret_read(operation, channel->password_file, &password, fault);
    if (!status) {
        status = text_put(out, config_alert_address(channel));
    }
    if (!status) {
        status = text_put(out, channel->user);
    }
    if (!status) {
        status = text_put(out, buffer_text(&password));
    }
    return status ? status : authorities_put(operation, channel, out, fault);
}

/* The bare address in "Night desk <night@example.org>". */
static enum sting_status sender_put(const char *from, struct buffer *out)
{
    const char *open = strchr(from, '<');
    const char *close = open ? strchr(open, '>') : NULL;
    return close ? buffer_printf(out, "%.*s%c", (int)(close - open - 1),
                                 open + 1, 0)
                 : text_put(out, from);
}

static enum sting_status mail_request(const struct operation *operation,
                                      const struct config_alert *channel,
                                      const struct queue_item *item,
                                      struct buffer *out, struct fault *fault)
{
    enum sting_status status = login_put(operation, channel, out, fault);
    if (!status) {
        status = sender_put(channel->from, out);
    }
    if (!status) {
        status = text_put(out, item->has_to ? item->to : channel->to);
    }
    return status ? status : buffer_append(out, buffer_bytes(&item->body));
}

/* A test has a will of its own: its end is not the station's. */
static enum sting_status will_put(const struct config_alert *channel,
                                  bool is_test, struct buffer *out)
{
    return buffer_printf(out, "%s/%s%c", channel->topic,
                         is_test ? "test" : "availability", 0);
}

static enum sting_status mqtt_request(const struct operation *operation,
                                      const struct config_alert *channel,
                                      const struct queue_item *item,
                                      const struct mqtt_state *state,
                                      struct buffer *out, struct fault *fault)
{
    enum sting_status status = login_put(operation, channel, out, fault);
    if (!status) {
        status = will_put(channel, !state, out);
    }
    return status ? status
                  : mqtt_alert(operation_config(operation), channel, state,
                               buffer_bytes(&item->body), out);
}

static enum sting_status syslog_request(const struct operation *operation,
                                        const struct config_alert *channel,
                                        const struct queue_item *item,
                                        struct buffer *out, struct fault *fault)
{
    enum sting_status status = text_put(out, channel->syslog);
    if (!status) {
        status = authorities_put(operation, channel, out, fault);
    }
    return status ? status : buffer_append(out, buffer_bytes(&item->body));
}

void channel_asking_wipe(struct channel_asking *asking)
{
    buffer_wipe(&asking->payload);
}

enum sting_status channel_request(const struct operation *operation,
                                  const struct config_alert *channel,
                                  const struct queue_item *item,
                                  const struct mqtt_state *state,
                                  struct channel_asking *out,
                                  struct fault *fault)
{
    static const uint32_t kind[] = {[CHANNEL_WEBHOOK] = WIRE_NET_POST,
                                    [CHANNEL_MAIL] = WIRE_NET_MAIL,
                                    [CHANNEL_MQTT] = WIRE_NET_MQTT,
                                    [CHANNEL_SYSLOG] = WIRE_NET_SYSLOG};
    enum channel_kind is = channel_kind_of(channel);
    struct buffer *payload = &out->payload;
    out->head = (struct wire_head){.kind = kind[is],
                                   .number = {item->alert, CHANNEL_TIMEOUT_MS}};
    switch (is) {
    case CHANNEL_WEBHOOK:
        return webhook_request(operation, channel, item, payload, fault);
    case CHANNEL_MAIL:
        return mail_request(operation, channel, item, payload, fault);
    case CHANNEL_MQTT:
        return mqtt_request(operation, channel, item, state, payload, fault);
    case CHANNEL_SYSLOG:
        return syslog_request(operation, channel, item, payload, fault);
    }
    return STING_E_ARG;
}

enum sting_status channel_greeting(const struct operation *operation,
                                   size_t index, const struct mqtt_state *state,
                                   struct channel_asking *out,
                                   struct fault *fault)
{
    const struct config *config = operation_config(operation);
    const struct config_alert *channel = &config->alert[index];
    out->head =
        (struct wire_head){.kind = WIRE_NET_MQTT,
                           .number = {-(int64_t)index - 1, CHANNEL_TIMEOUT_MS}};
    enum sting_status status =
        login_put(operation, channel, &out->payload, fault);
    if (!status) {
        status = will_put(channel, false, &out->payload);
    }
    return status ? status
                  : mqtt_greeting(config, channel, state, &out->payload);
}
