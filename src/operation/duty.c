#include "operation/duty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ledger/line.h"

/* Two clocks that nobody sets are less apart than that in a week. */
#define APART_US INT64_C(1000000)

static void arm_take(struct duty *duty, struct moment now, bool is_armed,
                     int64_t until_us, const char *by)
{
    duty->rests_until_us = is_armed ? 0 : until_us;
    duty->rests_from = now;
    (void)snprintf(duty->by, sizeof duty->by, "%s", by);
}

static void ack_take(struct duty *duty, int64_t incident, const char *link)
{
    if (incident <= 0 || incident > UINT32_MAX) {
        return;
    }
    struct duty_ack *ack = &duty->ack[duty->acks++ % DUTY_MOST];
    ack->incident = (uint32_t)incident;
    (void)snprintf(ack->link, sizeof ack->link, "%s", link);
}

/* A place for another, with what is of a fixed form in it. */
static struct duty_go *go_take(struct duty *duty, int64_t at_us,
                               int64_t incident, const char *state)
{
    struct duty_go *go = &duty->go[duty->gos++ % DUTY_MOST_GO];
    *go = (struct duty_go){.at_us = at_us, .is_out = strcmp(state, "in") != 0};
    go->incident =
        incident > 0 && incident <= UINT32_MAX ? (uint32_t)incident : 0;
    return go;
}

static void go_line_take(struct duty *duty, const struct line *line)
{
    char state[16];
    int64_t incident = 0;
    (void)!line_integer(line, "incident", &incident);
    line_text(line, "state", state, sizeof state);
    struct duty_go *go = go_take(duty, line->at.utc_us, incident, state);
    line_text(line, "who", go->who, sizeof go->who);
    line_text(line, "camera", go->camera, sizeof go->camera);
}

void duty_went(struct duty *duty, uint32_t incident)
{
    if (!duty_has_ack(duty, incident)) {
        ack_take(duty, incident, "");
    }
}

void duty_take(struct duty *duty, const struct line *line)
{
    char text[DUTY_BY_SIZE];
    int64_t number = 0;
    if (line->at.utc_us >= duty->rests_until_us) {
        duty->rests_until_us = 0;
    }
    if (!strcmp(line->kind->name, "arm")) {
        char state[16];
        (void)!line_time(line, "until", &number);
        line_text(line, "state", state, sizeof state);
        arm_take(duty, line->at, !strcmp(state, "armed"), number,
                 line_text(line, "by", text, sizeof text));
    } else if (!strcmp(line->kind->name, "ack") &&
               !line_integer(line, "incident", &number)) {
        ack_take(duty, number, line_text(line, "link", text, sizeof text));
    } else if (!strcmp(line->kind->name, "go")) {
        go_line_take(duty, line);
    } else if (!strcmp(line->kind->name, "incident") &&
               line_has(line, "team") && !line_integer(line, "n", &number) &&
               number > 0 && number <= UINT32_MAX) {
        duty_went(duty, (uint32_t)number);
    }
}

static const char *value_of(const struct line_field *field, size_t fields,
                            const char *name)
{
    for (size_t i = 0; i < fields; i++) {
        if (field[i].value && !strcmp(field[i].name, name)) {
            return field[i].value;
        }
    }
    return "";
}

void duty_said(struct duty *duty, struct moment now, const char *kind,
               const struct line_field *field, size_t fields)
{
    if (!strcmp(kind, "arm")) {
        int64_t until_us = 0;
        (void)!line_time_parse(bytes_of_text(value_of(field, fields, "until")),
                               &until_us);
        arm_take(duty, now, !strcmp(value_of(field, fields, "state"), "armed"),
                 until_us, value_of(field, fields, "by"));
    } else if (!strcmp(kind, "ack")) {
        ack_take(duty, strtoll(value_of(field, fields, "incident"), NULL, 10),
                 value_of(field, fields, "link"));
    } else if (!strcmp(kind, "go")) {
        struct duty_go *go =
            go_take(duty, now.utc_us,
                    strtoll(value_of(field, fields, "incident"), NULL, 10),
                    value_of(field, fields, "state"));
        (void)snprintf(go->who, sizeof go->who, "%s",
                       value_of(field, fields, "who"));
        (void)snprintf(go->camera, sizeof go->camera, "%s",
                       value_of(field, fields, "camera"));
    }
}

bool duty_is_armed(const struct duty *duty, struct moment now)
{
    const struct moment *from = &duty->rests_from;
    int64_t most_us = duty->rests_until_us - from->utc_us;
    return now.utc_us >= duty->rests_until_us ||
           now.utc_us < from->utc_us - APART_US ||
           now.boot_us - from->boot_us >= most_us + APART_US;
}

static size_t kept(const struct duty *duty)
{
    return duty->acks < DUTY_MOST ? duty->acks : DUTY_MOST;
}

bool duty_has_ack(const struct duty *duty, uint32_t incident)
{
    for (size_t i = 0; i < kept(duty); i++) {
        if (duty->ack[i].incident == incident) {
            return true;
        }
    }
    return false;
}

bool duty_link_was_used(const struct duty *duty, const struct ack_link *link)
{
    char nonce[2 * ACK_LINK_NONCE + 1];
    hex_write((struct bytes){link->nonce, ACK_LINK_NONCE}, nonce);
    for (size_t i = 0; i < kept(duty); i++) {
        if (!strcmp(duty->ack[i].link, nonce)) {
            return true;
        }
    }
    return false;
}
