/* What people do from afar: acknowledge, arm and disarm, note, go. Each deed is
 * a line of the ledger, by the same code as a command's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alerts.h"
#include "base/text.h"
#include "ledger/line.h"
#include "operation/duty.h"
#include "station/console_answer.h"

#define MOST_FIELDS 8

/* One request of the core's own, as core.sock brings them. */
static enum sting_status core_ask(struct console *console,
                                  const struct wire_head *head,
                                  struct bytes payload, struct buffer *out,
                                  struct fault *fault)
{
    struct wire_head answer;
    const struct desk *desk = console->desk;
    if (!desk->core || desk->is_broken) {
        return fault_set(fault, STING_E_IO, "see what the station says",
                         "the station cannot write its record");
    }
    core_handle(desk->core, head, payload, &answer, out);
    return answer.kind == WIRE_FAILED ? wire_failed(&answer, out, fault)
                                      : STING_OK;
}

/* Append a line; `words` are sealed with it, "" for none. */
static enum sting_status line_say(struct console *console, const char *kind,
                                  const struct line_field *said, size_t fields,
                                  const char *words, struct fault *fault)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct line_field field[MOST_FIELDS + 2];
    char ct[DIGEST_TEXT_SIZE], pt[DIGEST_TEXT_SIZE];
    const struct wire_head blob = {.kind = WIRE_CORE_BLOB};
    const struct wire_head line = {.kind = WIRE_CORE_LINE};
    enum sting_status status = STING_OK;
    memcpy(field, said, fields * sizeof *field);
    if (*words) {
        status = core_ask(console, &blob, bytes_of_text(words), &out, fault);
        if (!status && out.size == (size_t)2 * DIGEST_SIZE) {
            hex_write((struct bytes){out.data, DIGEST_SIZE}, ct);
            hex_write((struct bytes){out.data + DIGEST_SIZE, DIGEST_SIZE}, pt);
            field[fields++] = (struct line_field){"blob", ct};
            field[fields++] = (struct line_field){"pt", pt};
        }
    }
    if (!status) {
        status = core_line_write(kind, field, fields, &payload);
    }
    return status
               ? status
               : core_ask(console, &line, buffer_bytes(&payload), &out, fault);
}

static int said(struct reply *reply, enum sting_status status,
                const struct fault *fault)
{
    if (status) {
        return reply_refuse(reply, 503, "record", fault->why);
    }
    reply->json = json_new_object();
    json_add_bool(reply->json, "ok", true);
    return 200;
}

/* An incident that there is: one of before the start, or told since. */
static bool incident_read(const struct console *console, const char *text,
                          uint32_t *out)
{
    return digits_read(&text, 9, out) && !*text && *out > 0 &&
           *out <= console->incidents;
}

int console_ack(struct console *console, const struct asked *asked,
                struct reply *reply)
{
    struct fault fault = {"", ""};
    uint32_t incident = 0;
    const char *false_word = asked->field[1];
    if (!incident_read(console, asked->field[0], &incident) ||
        !console_sees_incident(console, asked->user, incident)) {
        return reply_refuse(reply, 404, "incident",
                            "there is no such incident");
    }
    if (*false_word && strcmp(false_word, "alarm") != 0 &&
        strcmp(false_word, "known") != 0) {
        return reply_refuse(reply, 400, "fields", "false is alarm or known");
    }
    const struct line_field field[] = {
        {"incident", asked->field[0]},
        {"by", asked->user->name},
        {"false", *false_word ? false_word : NULL},
        {"via", "console"}};
    enum sting_status status =
        line_say(console, "ack", field, sizeof field / sizeof *field,
                 asked->field[2], &fault);
    return said(reply, status, &fault);
}

/* What a `sting log` would seal: a note, or what became of somebody. */
static enum sting_status note_write(const struct asked *asked,
                                    struct buffer *out)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    const char *who = asked->field[2];
    json_add_text(json, "kind", asked->field[1]);
    json_add_null(json, "bait");
    json_add_null(json, "copy");
    json_add_text(json, "by", *who ? who : asked->user->name);
    json_add_text(json, "text", asked->field[3]);
    json_add_time(json, "at", asked->now.utc_us);
    return json_line(json, out);
}

int console_note(struct console *console, const struct asked *asked,
                 struct reply *reply)
{
    struct fault fault = {"", ""};
    struct buffer text STING_AUTO(buffer_release) = {0};
    uint32_t incident = 0;
    bool is_subject = !strcmp(asked->field[1], "subject");
    if (!incident_read(console, asked->field[0], &incident) ||
        !console_sees_incident(console, asked->user, incident)) {
        return reply_refuse(reply, 404, "incident",
                            "there is no such incident");
    }
    if ((!is_subject && strcmp(asked->field[1], "note") != 0) ||
        (is_subject && !asked->field[2][0])) {
        return reply_refuse(reply, 400, "fields",
                            "type is note, or subject with who it is");
    }
    const struct line_field field[] = {{"type", asked->field[1]},
                                       {"incident", asked->field[0]},
                                       {"by", asked->user->name}};
    enum sting_status status = note_write(asked, &text);
    if (!status) {
        status = line_say(console, "note", field, sizeof field / sizeof *field,
                          buffer_text(&text), &fault);
    }
    return said(reply, status, &fault);
}

/* The link that came with an alert is its own right: good once, for a day. */
int console_ack_link(struct console *console, const struct asked *asked,
                     struct reply *reply)
{
    struct fault fault = {"", ""};
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    const struct wire_head head = {.kind = WIRE_CORE_ACK};
    if (buffer_printf(&payload, "%s%c%c", asked->field[0], 0, 0)) {
        return reply_refuse(reply, 503, "memory", "out of memory");
    }
    enum sting_status status =
        core_ask(console, &head, buffer_bytes(&payload), &out, &fault);
    return status && status != STING_E_IO
               ? reply_refuse(reply, 403, "link", fault.why)
               : said(reply, status, &fault);
}

int console_arm(struct console *console, const struct asked *asked,
                struct reply *reply)
{
    struct fault fault = {"", ""};
    char until[LINE_TIME_SIZE];
    int64_t until_us = 0;
    bool rests = !strcmp(asked->field[0], "disarmed");
    if (strcmp(asked->user->cameras, "*") != 0) {
        return reply_refuse(reply, 403, "role",
                            "it is for who sees all cameras");
    }
    if (!rests && strcmp(asked->field[0], "armed") != 0) {
        return reply_refuse(reply, 400, "fields", "armed or disarmed");
    }
    if (rests && (clock_parse(asked->field[1], &until_us) ||
                  until_us <= asked->now.utc_us ||
                  until_us - asked->now.utc_us > DUTY_MOST_REST_US)) {
        return reply_refuse(reply, 400, "until",
                            "say until when, 7 days from now at most");
    }
    const struct line_field field[] = {
        {"state", asked->field[0]},
        {"by", asked->user->name},
        {"until", rests ? line_time_text(until_us, until) : NULL},
        {"why", asked->field[2][0] ? asked->field[2] : NULL},
        {"via", "console"}};
    return said(reply,
                line_say(console, "arm", field, sizeof field / sizeof *field,
                         "", &fault),
                &fault);
}

/* ---- our own go in ---- */

/* One `go` line: into the room of that camera, NULL: into every room. */
static enum sting_status go_say(struct console *console,
                                const struct asked *asked, const char *camera,
                                struct fault *fault)
{
    const char *number = asked->field[1];
    const struct line_field field[] = {
        {"state", asked->field[2][0] ? asked->field[2] : "in"},
        {"who", asked->field[0]},
        {"by", asked->user->name},
        {"incident", *number ? number : NULL},
        {"via", "console"},
        {"camera", camera}};
    return line_say(console, "go", field, sizeof field / sizeof *field, "",
                    fault);
}

/* The camera of an incident: one that is open, else as the ledger says; NULL:
 * it is watched no more. */
static const char *camera_of(const struct console *console, uint32_t number)
{
    const struct chronicle_event *told =
        console->chronicle ? chronicle_incident(console->chronicle, number)
                           : NULL;
    for (size_t i = 0; i < console->cameras; i++) {
        const char *name = console->camera[i].config->name;
        const struct incident *open =
            incidents_open_of(console->desk->incidents, (int)i);
        if ((open && open->number == number) ||
            (told && !strcmp(told->camera, name))) {
            return name;
        }
    }
    return NULL;
}

/* Of what he sees alone, somebody is out: of each such room that our own are
 * in, else of the first. */
static enum sting_status seen_rooms_say(struct console *console,
                                        const struct asked *asked,
                                        struct fault *fault)
{
    const struct incidents *incidents = console->desk->incidents;
    uint64_t said_of = 0;
    const char *first = NULL;
    enum sting_status status = STING_OK;
    int64_t since_us = 0;
    for (size_t i = 0; !status && i < console->cameras; i++) {
        const char *name = console->camera[i].config->name;
        int place = incidents_place_of(incidents, (int)i);
        if (!user_sees(asked->user, name) || said_of >> place & 1) {
            continue;
        }
        first = first ? first : name;
        if (incidents_team(incidents, place, &since_us)) {
            said_of |= UINT64_C(1) << place;
            status = go_say(console, asked, name, fault);
        }
    }
    return said_of || status ? status : go_say(console, asked, first, fault);
}

/* Somebody of our own goes into the room, or is out of it. */
int console_go(struct console *console, const struct asked *asked,
               struct reply *reply)
{
    struct fault fault = {"", ""};
    uint32_t incident = 0;
    const char *number = asked->field[1];
    bool is_out = !strcmp(asked->field[2], "out");
    bool sees_all = !strcmp(asked->user->cameras, "*");
    if (!is_out && asked->field[2][0] && strcmp(asked->field[2], "in") != 0) {
        return reply_refuse(reply, 400, "fields", "in or out");
    }
    if (!*number && !is_out && !sees_all) {
        return reply_refuse(reply, 403, "role",
                            "without an incident it is for who sees all "
                            "cameras");
    }
    if (!*number) {
        return said(reply,
                    sees_all ? go_say(console, asked, NULL, &fault)
                             : seen_rooms_say(console, asked, &fault),
                    &fault);
    }
    if (!incident_read(console, number, &incident) ||
        !console_sees_incident(console, asked->user, incident)) {
        return reply_refuse(reply, 404, "incident",
                            "there is no such incident");
    }
    const char *camera = camera_of(console, incident);
    return camera ? said(reply, go_say(console, asked, camera, &fault), &fault)
                  : reply_refuse(reply, 409, "camera",
                                 "no camera watches that room any more");
}
