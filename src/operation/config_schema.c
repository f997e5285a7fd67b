/* The tables, and the one loop that walks a mapping by them. */
#include "operation/config_schema.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "operation/nearest.h"

#define KEYS_OF(table) (table), sizeof(table) / sizeof *(table)

/* In the order of their enums. */
static const char *const role_word[] = {"single", "box", "office", NULL};
static const char *const record_word[] = {"always", "incidents", NULL};
static const char *const look_word[] = {"keyframes", "all", NULL};

static const struct config_key top_key[] = {
    {.name = "goal",
     .read = config_read_text,
     .offset = offsetof(struct config, goal),
     .most = CONFIG_TEXT_SIZE,
     .is_purpose = true,
     .advice = "say in one sentence what the operation is to find out"},
    {.name = "legal_basis",
     .read = config_read_text,
     .offset = offsetof(struct config, legal_basis),
     .most = CONFIG_TEXT_SIZE,
     .is_purpose = true,
     .advice = "name the law, order or policy that allows it"},
    {.name = "decided_by",
     .read = config_read_text,
     .offset = offsetof(struct config, decided_by),
     .most = CONFIG_TEXT_SIZE,
     .is_purpose = true,
     .advice = "name the person or office that decided"},
    {.name = "until",
     .read = config_read_date,
     .offset = offsetof(struct config, until_utc_us),
     .advice = "write a date like 2027-03-31, or 2027-03-31T18:00:00Z"},
    {.name = "exit_criteria",
     .read = config_read_text,
     .offset = offsetof(struct config, exit_criteria),
     .most = CONFIG_TEXT_SIZE,
     .advice = "say what ends the operation early"},
    {.name = "role",
     .read = config_read_choice,
     .offset = offsetof(struct config, role),
     .words = role_word},
    {.name = "record",
     .read = config_read_choice,
     .offset = offsetof(struct config, record),
     .words = record_word},
    {.name = "quiet_s",
     .read = config_read_seconds,
     .offset = offsetof(struct config, quiet_us),
     .least = 1,
     .most = 3600,
     .advice = "write seconds, 1 to 3600"},
    {.name = "false_alarms", .read = config_read_false_alarms},
    {.name = "audio",
     .read = config_read_audio,
     .offset = offsetof(struct config, audio)},
    {.name = "two_people",
     .read = config_read_yes,
     .offset = offsetof(struct config, two_people)},
    {.name = "blind",
     .read = config_read_yes,
     .offset = offsetof(struct config, blind)},
    {.name = "names_recipients",
     .read = config_read_name_recipients,
     .least = 1,
     .most = CONFIG_MOST_RECIPIENTS,
     .advice = "list the public keys that open names, - age1..."},
    {.name = "recipients",
     .read = config_read_recipients,
     .least = 2,
     .most = CONFIG_MOST_RECIPIENTS,
     .is_required = true,
     .advice = "list at least two public keys, - age1..."},
    {.name = "cameras",
     .read = config_read_cameras,
     .most = CONFIG_MOST_CAMERAS,
     .advice = "list cameras, each starting with - name:"},
    {.name = "alerts",
     .read = config_read_alerts,
     .most = CONFIG_MOST_ALERTS,
     .advice = "list channels, each starting with - webhook:, - mail:, "
               "- mqtt: or - syslog:"},
    {.name = "staff",
     .read = config_read_staff,
     .most = CONFIG_MOST_STAFF,
     .advice = "list who may be there, each starting with - name:"},
    {.name = "ack_url",
     .read = config_read_webhook,
     .offset = offsetof(struct config, ack_url),
     .most = CONFIG_PATH_SIZE,
     .advice = "write the address under which the team reaches this station"},
    {.name = "anchors",
     .read = config_read_anchors,
     .most = CONFIG_MOST_ANCHORS,
     .advice = "list outsiders, each starting with - tsa:, - witness: or "
               "- beacon:"},
    {.name = "retention",
     .read = config_read_retention,
     .advice = "write days: or bytes: below it, indented"},
};

static const struct config_key camera_key[] = {
    {.name = "name",
     .read = config_read_name,
     .offset = offsetof(struct config_camera, name),
     .is_required = true},
    {.name = "place",
     .read = config_read_name,
     .offset = offsetof(struct config_camera, place)},
    {.name = "url",
     .read = config_read_url,
     .offset = offsetof(struct config_camera, url),
     .most = CONFIG_PATH_SIZE,
     .is_required = true,
     .advice = "write rtsp://host/path, /dev/video0, or the path of a clip"},
    {.name = "user",
     .read = config_read_text,
     .offset = offsetof(struct config_camera, user),
     .most = sizeof((struct config_camera *)0)->user},
    {.name = "password_file",
     .read = config_read_text,
     .offset = offsetof(struct config_camera, password_file),
     .most = CONFIG_PATH_SIZE,
     .advice = "write the path of a file that holds the password"},
    {.name = "look",
     .read = config_read_look,
     .most = CONFIG_PATH_SIZE,
     .words = look_word,
     .advice = "write keyframes, all, or rtsp://host/path of the same camera's "
               "second stream"},
    {.name = "zones",
     .read = config_read_zones,
     .most = CONFIG_MOST_ZONES,
     .advice = "list zones, each starting with - name:"},
    {.name = "masks",
     .read = config_read_masks,
     .most = CONFIG_MOST_MASKS,
     .advice = "list areas, each its corners: - [[0, 0], [0.3, 0], [0.3, 1]]"},
};

static const struct config_key zone_key[] = {
    {.name = "name",
     .read = config_read_name,
     .offset = offsetof(struct config_zone, name),
     .is_required = true},
    {.name = "bait",
     .read = config_read_name,
     .offset = offsetof(struct config_zone, bait)},
    {.name = "instruction",
     .read = config_read_text,
     .offset = offsetof(struct config_zone, instruction),
     .most = CONFIG_TEXT_SIZE,
     .advice = "say what the team is to do"},
    {.name = "copy",
     .read = config_read_copy,
     .offset = offsetof(struct config_zone, copy),
     .least = 1,
     .most = UINT32_MAX,
     .advice = "write the number of an issued copy, from 1"},
    {.name = "polygon",
     .read = config_read_polygon,
     .least = 3,
     .most = CONFIG_MOST_POINTS,
     .is_required = true,
     .advice = "write corners in parts of the picture, "
               "[[0.1, 0.2], [0.5, 0.2], [0.5, 0.9]]"},
    {.name = "length",
     .read = config_read_length,
     .offset = offsetof(struct config_zone, length)},
};

static const struct config_key length_key[] = {
    {.name = "from",
     .read = config_read_place,
     .offset = offsetof(struct config_length, from),
     .is_required = true},
    {.name = "to",
     .read = config_read_place,
     .offset = offsetof(struct config_length, to),
     .is_required = true},
    {.name = "metres",
     .read = config_read_positive,
     .offset = offsetof(struct config_length, metres),
     .least = 10,
     .most = 100000,
     .is_required = true,
     .advice = "write metres, 0.01 to 100"},
};

static const struct config_key false_alarms_key[] = {
    {.name = "presence_a_day",
     .read = config_read_positive,
     .offset = offsetof(struct config, presence_a_day),
     .least = 1,
     .most = 24000,
     .advice = "write how many a day for each camera, 0.001 to 24"},
};

static const char *const tier_word[] = {"presence", "touch", NULL};
static const char *const attach_word[] = {"none", "sealed", "clear", NULL};
static const char *const mail_scheme[] = {"smtp://", "smtps://", NULL};
static const char *const mqtt_scheme[] = {"mqtt://", "mqtts://", NULL};
static const char *const syslog_scheme[] = {"udp://", "tcp://", "tls://", NULL};

#define ALERT_ADDRESS(field, schemes, like)                                    \
    {                                                                          \
        .name = #field, .read = config_read_address,                           \
        .offset = offsetof(struct config_alert, field),                        \
        .most = CONFIG_PATH_SIZE, .words = (schemes), .advice = "write " like  \
    }
#define ALERT_TEXT(field, like)                                                \
    {                                                                          \
        .name = #field, .read = config_read_text,                              \
        .offset = offsetof(struct config_alert, field),                        \
        .most = sizeof((struct config_alert *)0)->field, .advice = (like)      \
    }
#define WEEK(holder, field)                                                    \
    {                                                                          \
        .name = #field, .read = config_read_week,                              \
        .offset = offsetof(struct holder, field), .least = 1,                  \
        .most = CONFIG_MOST_SPANS,                                             \
        .advice = "write spans like [\"mo-fr 18:00-07:00\", \"sa-su "          \
                  "00:00-24:00\"]"                                             \
    }

static const struct config_key alert_key[] = {
    {.name = "webhook",
     .read = config_read_webhook,
     .offset = offsetof(struct config_alert, webhook),
     .most = CONFIG_PATH_SIZE,
     .advice = "write an address that starts with https:// or http://"},
    ALERT_ADDRESS(mail, mail_scheme, "smtp://host:587 or smtps://host:465"),
    ALERT_ADDRESS(mqtt, mqtt_scheme, "mqtt://host:1883 or mqtts://host:8883"),
    ALERT_ADDRESS(syslog, syslog_scheme, "udp://host:514, tcp:// or tls://"),
    ALERT_TEXT(secret_file,
               "write the path of a file that holds the shared secret"),
    ALERT_TEXT(ca_file,
               "write the path of a PEM file of certificate authorities"),
    ALERT_TEXT(token_file, "write the path of a file that holds the token"),
    ALERT_TEXT(template, "write ntfy, gotify, telegram or a file's path"),
    ALERT_TEXT(to, "write whom it is for"),
    ALERT_TEXT(from, "write the sender's address"),
    ALERT_TEXT(user, "write the user's name"),
    ALERT_TEXT(password_file,
               "write the path of a file that holds the password"),
    {.name = "topic",
     .read = config_read_topic,
     .offset = offsetof(struct config_alert, topic),
     .most = sizeof((struct config_alert *)0)->topic,
     .advice = "write a topic of a-z, 0-9, -, _ and /, like garden/sting"},
    {.name = "discovery",
     .read = config_read_yes,
     .offset = offsetof(struct config_alert, has_discovery)},
    {.name = "tier",
     .read = config_read_choice,
     .offset = offsetof(struct config_alert, tier),
     .words = tier_word},
    {.name = "after_s",
     .read = config_read_seconds,
     .offset = offsetof(struct config_alert, after_us),
     .least = 1,
     .most = 86400,
     .advice = "write seconds, 1 to 86400"},
    WEEK(config_alert, hours),
    WEEK(config_alert, quiet),
    {.name = "attach",
     .read = config_read_choice,
     .offset = offsetof(struct config_alert, attach),
     .words = attach_word},
};

static const struct config_key staff_key[] = {
    {.name = "name",
     .read = config_read_text,
     .offset = offsetof(struct config_staff, name),
     .most = CONFIG_TEXT_SIZE,
     .is_required = true,
     .advice = "say who may be there"},
    WEEK(config_staff, hours),
    {.name = "camera",
     .read = config_read_name,
     .offset = offsetof(struct config_staff, camera)},
};

#define ANCHOR_ADDRESS(field)                                                  \
    {                                                                          \
        .name = #field, .read = config_read_webhook,                           \
        .offset = offsetof(struct config_anchor, field),                       \
        .most = CONFIG_PATH_SIZE,                                              \
        .advice = "write an address that starts with https:// or http://"      \
    }
#define ANCHOR_FILE(field, of)                                                 \
    {                                                                          \
        .name = #field, .read = config_read_text,                              \
        .offset = offsetof(struct config_anchor, field),                       \
        .most = CONFIG_PATH_SIZE,                                              \
        .advice = "write the path of a PEM file of " of                        \
    }

static const struct config_key anchor_key[] = {
    ANCHOR_ADDRESS(tsa),
    ANCHOR_ADDRESS(witness),
    ANCHOR_ADDRESS(beacon),
    {.name = "key",
     .read = config_read_witness_key,
     .offset = offsetof(struct config_anchor, key),
     .most = CONFIG_KEY_SIZE,
     .advice = "copy the line name+id+key that the witness gave you"},
    ANCHOR_FILE(ca_file, "the authorities that stand behind its stamps"),
    ANCHOR_FILE(crl_file, "lists of revoked certificates"),
    ANCHOR_FILE(tls_ca_file, "certificate authorities"),
    {.name = "every_s",
     .read = config_read_seconds,
     .offset = offsetof(struct config_anchor, every_us),
     .least = 10,
     .most = 86400,
     .advice = "write seconds, 10 to 86400"},
};

static const struct config_key retention_key[] = {
    {.name = "days",
     .read = config_read_days,
     .offset = offsetof(struct config, retention_days),
     .least = 1,
     .most = 36500,
     .advice = "write days, 1 to 36500"},
    {.name = "bytes",
     .read = config_read_size,
     .offset = offsetof(struct config, retention_bytes),
     .least = INT64_C(64) * 1024 * 1024,
     .most = INT64_C(1) << 56,
     .advice = "write at least 64M; k, M, G and T are powers of 1024"},
};

const struct config_section config_section_top = {"the file", KEYS_OF(top_key)};
const struct config_section config_section_camera = {"a camera",
                                                     KEYS_OF(camera_key)};
const struct config_section config_section_zone = {"a zone", KEYS_OF(zone_key)};
const struct config_section config_section_alert = {"an alert",
                                                    KEYS_OF(alert_key)};
const struct config_section config_section_staff = {"staff",
                                                    KEYS_OF(staff_key)};
const struct config_section config_section_anchor = {"an anchor",
                                                     KEYS_OF(anchor_key)};
const struct config_section config_section_length = {"length",
                                                     KEYS_OF(length_key)};
const struct config_section config_section_false_alarms = {
    "false_alarms", KEYS_OF(false_alarms_key)};
const struct config_section config_section_retention = {"retention",
                                                        KEYS_OF(retention_key)};

const char *config_role_text(enum config_role role)
{
    return role_word[role];
}

void config_mistake_add(struct config_reading *reading, yaml_mark_t at,
                        const char *todo, const char *why, ...)
{
    struct config_mistakes *list = reading->mistakes;
    if (list->count++ >= CONFIG_MOST_MISTAKES) {
        return;
    }
    struct config_mistake *mistake = &list->mistake[list->count - 1];
    mistake->line = (int)at.line + 1;
    mistake->column = (int)at.column + 1;
    snprintf(mistake->todo, sizeof mistake->todo, "%s", todo ? todo : "");
    va_list arguments;
    va_start(arguments, why);
    vsnprintf(mistake->why, sizeof mistake->why, why, arguments);
    va_end(arguments);
}

const char *config_scalar(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE
               ? (const char *)node->data.scalar.value
               : NULL;
}

static const struct config_key *key_find(const struct config_section *section,
                                         const char *name)
{
    for (size_t i = 0; i < section->keys; i++) {
        if (!strcmp(section->key[i].name, name)) {
            return &section->key[i];
        }
    }
    return NULL;
}

/* Tell it, and count the key that was meant as given: one slip, one line. */
static void unknown_key(struct config_reading *reading,
                        const struct config_section *section,
                        const yaml_node_t *node, const char *name, bool *seen)
{
    const char *candidate[SCHEMA_MOST_KEYS];
    for (size_t i = 0; i < section->keys; i++) {
        candidate[i] = section->key[i].name;
    }
    const char *near = nearest_word(name, candidate, section->keys);
    char todo[160] = "";
    if (near) {
        snprintf(todo, sizeof todo, "did you mean \"%s\"?", near);
        seen[key_find(section, near) - section->key] = true;
    } else {
        size_t used = (size_t)snprintf(todo, sizeof todo, "known here:");
        for (size_t i = 0; i < section->keys && used < sizeof todo; i++) {
            used += (size_t)snprintf(todo + used, sizeof todo - used, " %s",
                                     candidate[i]);
        }
    }
    config_mistake_add(reading, node->start_mark, todo,
                       "unknown key \"%.60s\" in %s", name, section->name);
}

/* What an operation is for stands in every operation.yaml but a box's: who
 * takes the box is not to read it there. */
static bool is_missing(const struct config_reading *reading,
                       const struct config_key *key, bool was_seen)
{
    bool is_box = reading->config->role == CONFIG_BOX;
    return !was_seen && (key->is_required || (key->is_purpose && !is_box));
}

/* Read one pair; `seen` has a flag for each row of the table. */
static void pair_read(struct config_reading *reading,
                      const struct config_section *section,
                      const yaml_node_pair_t *pair, bool *seen, char *base)
{
    yaml_node_t *name = yaml_document_get_node(reading->document, pair->key);
    yaml_node_t *value = yaml_document_get_node(reading->document, pair->value);
    const char *text = config_scalar(name);
    const struct config_key *key = text ? key_find(section, text) : NULL;
    if (!key) {
        unknown_key(reading, section, name, text ? text : "(not a word)", seen);
        return;
    }
    bool *was_seen = &seen[key - section->key];
    if (*was_seen) {
        config_mistake_add(reading, name->start_mark, "keep one of them",
                           "\"%s\" is given twice", key->name);
        return;
    }
    *was_seen = true;
    key->read(reading, key, value, base + key->offset);
}

void config_section_read(struct config_reading *reading,
                         const struct config_section *section,
                         yaml_node_t *node, void *base)
{
    bool seen[SCHEMA_MOST_KEYS] = {false};
    if (node->type != YAML_MAPPING_NODE) {
        config_mistake_add(reading, node->start_mark,
                           "write key: value lines here",
                           "%s is not a list of keys", section->name);
        return;
    }
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        pair_read(reading, section, pair, seen, base);
    }
    for (size_t i = 0; i < section->keys; i++) {
        const struct config_key *key = &section->key[i];
        bool is_box = reading->config->role == CONFIG_BOX;
        if (is_missing(reading, key, seen[i])) {
            config_mistake_add(reading, node->start_mark, key->advice,
                               "%s lacks \"%s\"", section->name, key->name);
        } else if (key->is_purpose && seen[i] && is_box) {
            config_mistake_add(reading, node->start_mark,
                               "keep it at the office", "a box holds no \"%s\"",
                               key->name);
        }
    }
}
