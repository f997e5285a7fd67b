#include "alert/template.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

static const struct {
    const char *name;
    const char *text;
} ready[] = {
    {"ntfy",
     "{\"topic\":\"{{to}}\",\"title\":\"{{title}}\",\"message\":\"{{text}}\","
     "\"priority\":{{priority}},\"tags\":[\"{{tier}}\"],\"click\":\"{{ack}}"
     "\"}"},
    {"gotify", "{\"title\":\"{{title}}\",\"message\":\"{{text}}\","
               "\"priority\":{{urgency}}}"},
    {"telegram", "{\"chat_id\":\"{{to}}\",\"text\":\"{{text}}\"}"},
};

const char *template_ready(const char *name)
{
    for (size_t i = 0; i < sizeof ready / sizeof *ready; i++) {
        if (!strcmp(ready[i].name, name)) {
            return ready[i].text;
        }
    }
    return NULL;
}

static bool is_json(const char *text)
{
    text += strspn(text, " \t\r\n");
    return text[0] == '{' && text[1] != '{';
}

const char *template_type(const char *text)
{
    return is_json(text) ? "application/json" : "text/plain; charset=utf-8";
}

static enum sting_status escaped_append(struct buffer *out, const char *text)
{
    enum sting_status status = STING_OK;
    for (; *text && !status; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            status = buffer_printf(out, "\\%c", c);
        } else if (c < 0x20) {
            status = buffer_printf(out, "\\u%04x", c);
        } else {
            status =
                buffer_append(out, (struct bytes){(const uint8_t *)text, 1});
        }
    }
    return status;
}

/* What a template can name. */
enum name {
    NAME_TITLE,
    NAME_TEXT,
    NAME_TO,
    NAME_ACK,
    NAME_TIER,
    NAME_KIND,
    NAME_CHANGE,
    NAME_CAMERA,
    NAME_ZONE,
    NAME_BAIT,
    NAME_INSTRUCTION,
    NAME_INCIDENT,
    NAME_ALERT,
    NAME_COPY,
    NAME_PRIORITY,
    NAME_URGENCY,
    NAME_START,
    NAME_SENT,
    NAME_SIGHT,
    NAMES
};
static const char *const name_text[NAMES] = {[NAME_TITLE] = "title",
                                             [NAME_TEXT] = "text",
                                             [NAME_TO] = "to",
                                             [NAME_ACK] = "ack",
                                             [NAME_TIER] = "tier",
                                             [NAME_KIND] = "kind",
                                             [NAME_CHANGE] = "change",
                                             [NAME_CAMERA] = "camera",
                                             [NAME_ZONE] = "zone",
                                             [NAME_BAIT] = "bait",
                                             [NAME_INSTRUCTION] = "instruction",
                                             [NAME_INCIDENT] = "incident",
                                             [NAME_ALERT] = "alert",
                                             [NAME_COPY] = "copy",
                                             [NAME_PRIORITY] = "priority",
                                             [NAME_URGENCY] = "urgency",
                                             [NAME_START] = "start",
                                             [NAME_SENT] = "sent",
                                             [NAME_SIGHT] = "sight"};

/* All values of a message. */
struct values {
    char title[MESSAGE_TITLE_SIZE];
    struct buffer text;
    char number[5][16];
    char time[2][CLOCK_TEXT_SIZE];
    char sight[INCIDENT_SIGHT_SIZE];
    const char *of[NAMES];
};

static void values_release(struct values *values)
{
    buffer_release(&values->text);
}

static void numbers_write(struct values *values, const struct message *message,
                          const struct message_place *place)
{
    static const enum name at[] = {NAME_INCIDENT, NAME_ALERT, NAME_COPY,
                                   NAME_PRIORITY, NAME_URGENCY};
    const unsigned number[] = {message->incident.number, message->alert,
                               place->copy, (unsigned)message_priority(message),
                               (unsigned)message_priority(message) * 2};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        (void)snprintf(values->number[i], sizeof values->number[i], "%u",
                       number[i]);
        values->of[at[i]] = values->number[i];
    }
}

static enum sting_status values_write(const struct message *message,
                                      const char *to, struct values *values)
{
    const struct message_place place = message_place(message);
    enum sting_status status = message_text(message, &values->text);
    values->of[NAME_TITLE] = message_title(message, values->title);
    values->of[NAME_TEXT] = buffer_text(&values->text);
    values->of[NAME_TO] = to;
    values->of[NAME_ACK] = message->link;
    values->of[NAME_TIER] = incident_tier_name((int)message->incident.tier);
    values->of[NAME_KIND] = incident_kind_name((int)message->incident.kind);
    values->of[NAME_CHANGE] = message_change_name(message->change);
    values->of[NAME_CAMERA] = place.camera;
    values->of[NAME_ZONE] = place.zone;
    values->of[NAME_BAIT] = place.bait;
    values->of[NAME_INSTRUCTION] = place.instruction;
    values->of[NAME_START] =
        clock_text(message->incident.start.utc_us, values->time[0]);
    values->of[NAME_SENT] = clock_text(message->sent_utc_us, values->time[1]);
    values->of[NAME_SIGHT] = message_sight(message, values->sight);
    numbers_write(values, message, &place);
    return status;
}

static enum sting_status value_append(struct buffer *out,
                                      const struct values *values,
                                      struct bytes name, bool escapes,
                                      struct fault *fault)
{
    for (int i = 0; i < NAMES; i++) {
        if (bytes_equal(name, bytes_of_text(name_text[i]))) {
            const char *value = values->of[i] ? values->of[i] : "";
            return escapes ? escaped_append(out, value)
                           : buffer_text_append(out, value);
        }
    }
    return fault_set(fault, STING_E_FORMAT, "see docs/formats/alerts.md",
                     "the template names what there is not");
}

enum sting_status template_fill(const char *text, const struct message *message,
                                const char *to, struct buffer *out,
                                struct fault *fault)
{
    struct values values STING_AUTO(values_release) = {.title = ""};
    bool escapes = is_json(text);
    enum sting_status status = values_write(message, to, &values);
    while (!status && *text) {
        const char *open = strstr(text, "{{");
        const char *close = open ? strstr(open, "}}") : NULL;
        size_t plain = close ? (size_t)(open - text) : strlen(text);
        status =
            buffer_append(out, (struct bytes){(const uint8_t *)text, plain});
        if (!status && close) {
            const struct bytes name = {(const uint8_t *)open + 2,
                                       (size_t)(close - open) - 2};
            status = value_append(out, &values, name, escapes, fault);
        }
        text = close ? close + 2 : text + plain;
    }
    return status;
}
