/* Readers of who is told, and when. */
#include <stdio.h>
#include <string.h>

#include "operation/config_schema.h"

const char *config_alert_address(const struct config_alert *alert)
{
    return alert->webhook[0] ? alert->webhook
           : alert->mail[0]  ? alert->mail
           : alert->mqtt[0]  ? alert->mqtt
                             : alert->syslog;
}

/* SCHEME://HOST[:PORT], the schemes being the row's words. */
void config_read_address(struct config_reading *reading,
                         const struct config_key *key, yaml_node_t *node,
                         void *target)
{
    const char *text = config_scalar(node);
    size_t scheme = 0;
    for (size_t i = 0; text && key->words[i] && !scheme; i++) {
        size_t length = strlen(key->words[i]);
        scheme = strncmp(text, key->words[i], length) ? 0 : length;
    }
    const char *host = text ? text + scheme : "";
    if (!scheme || !host[0] || strpbrk(host, "/?#@ \t")) {
        config_mistake_add(reading, node->start_mark, key->advice,
                           "\"%.60s\" cannot be the address of \"%s\"",
                           text ? text : "", key->name);
        return;
    }
    config_read_text(reading, key, node, target);
}

void config_read_topic(struct config_reading *reading,
                       const struct config_key *key, yaml_node_t *node,
                       void *target)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/";
    const char *text = config_scalar(node);
    if (text && *text &&
        (text[strspn(text, allowed)] || strstr(text, "//") || *text == '/' ||
         text[strlen(text) - 1] == '/')) {
        config_mistake_add(reading, node->start_mark, key->advice,
                           "\"%.60s\" cannot be a topic", text);
        return;
    }
    config_read_text(reading, key, node, target);
}

static void span_read(struct config_reading *reading,
                      const struct config_key *key, const yaml_node_t *node,
                      struct week *week)
{
    const char *text = config_scalar(node);
    if (!text || week_add(week, text)) {
        config_mistake_add(reading, node->start_mark, key->advice,
                           "\"%.60s\" is no span of a week", text ? text : "");
    }
}

/* One span, or a list of them. */
void config_read_week(struct config_reading *reading,
                      const struct config_key *key, yaml_node_t *node,
                      void *target)
{
    struct week *week = target;
    if (node->type == YAML_SCALAR_NODE) {
        span_read(reading, key, node, week);
        return;
    }
    ptrdiff_t count = config_entries(reading, key, node);
    for (ptrdiff_t i = 0; i < count; i++) {
        span_read(reading, key, config_entry(reading, node, i), week);
    }
}

/* What belongs to which kind of channel. */
static void alert_check(struct config_reading *reading, const yaml_node_t *at,
                        const struct config_alert *alert)
{
    bool is_web = alert->webhook[0];
    bool is_mail = alert->mail[0];
    bool is_mqtt = alert->mqtt[0];
    const struct {
        bool is_wrong;
        const char *why;
        const char *todo;
    } row[] = {
        {is_web + is_mail + is_mqtt + (alert->syslog[0] != '\0') != 1,
         "an alert is one channel",
         "write one of webhook:, mail:, mqtt: and syslog:"},
        {is_mail && (!alert->from[0] || !alert->to[0]), "mail lacks from or to",
         "add from: and to:"},
        {!is_mail && alert->from[0], "only mail has from", "take from: out"},
        {!is_web && (alert->secret_file[0] || alert->token_file[0] ||
                     alert->template[0]),
         "only a webhook has secret_file, token_file and template",
         "take them out"},
        {!is_mqtt && (alert->topic[0] || alert->has_discovery),
         "only mqtt has topic and discovery", "take them out"},
        {!is_mail && !is_mqtt && (alert->user[0] || alert->password_file[0]),
         "only mail and mqtt have user and password_file",
         "use token_file for a webhook"},
        {(alert->user[0] != '\0') != (alert->password_file[0] != '\0'),
         "user and password_file come together", "add the other one"},
        {alert->attach && !is_mail && !is_web,
         "only mail and webhooks take attachments", "take attach: out"},
        {alert->attach && alert->template[0],
         "a template carries no attachments",
         "take attach: out, or give them a channel of their own"},
        {alert->attach && alert->after_us,
         "what waits for an answer carries no attachments", "take attach: out"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (row[i].is_wrong) {
            config_mistake_add(reading, at->start_mark, row[i].todo, "%s",
                               row[i].why);
            return;
        }
    }
}

void config_read_alerts(struct config_reading *reading,
                        const struct config_key *key, yaml_node_t *node,
                        void *target)
{
    (void)target;
    struct config *config = reading->config;
    ptrdiff_t count = config_entries(reading, key, node);
    for (ptrdiff_t i = 0; i < count; i++) {
        yaml_node_t *at = config_entry(reading, node, i);
        size_t before = reading->mistakes->count;
        struct config_alert *alert = &config->alert[i];
        config_section_read(reading, &config_section_alert, at, alert);
        if (reading->mistakes->count == before) {
            alert_check(reading, at, alert);
        }
        if (alert->mqtt[0] && !alert->topic[0]) {
            (void)snprintf(alert->topic, sizeof alert->topic, "sting");
        }
        config->alerts = (size_t)i + 1;
    }
}

void config_read_staff(struct config_reading *reading,
                       const struct config_key *key, yaml_node_t *node,
                       void *target)
{
    (void)target;
    struct config *config = reading->config;
    ptrdiff_t count = config_entries(reading, key, node);
    for (ptrdiff_t i = 0; i < count; i++) {
        yaml_node_t *at = config_entry(reading, node, i);
        struct config_staff *staff = &config->staff[i];
        config_section_read(reading, &config_section_staff, at, staff);
        if (!staff->hours.is_set) {
            config_mistake_add(reading, at->start_mark,
                               "add hours:", "staff without set times");
        }
        config->staff_count = (size_t)i + 1;
    }
}
