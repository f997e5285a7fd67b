#include "alert/mqtt.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"

static const char *on_off(bool is_on)
{
    return is_on ? "ON" : "OFF";
}

/* One message of a request. */
static enum sting_status part_append(struct buffer *out, const char *topic,
                                     bool is_retained, const char *payload)
{
    return buffer_printf(out, "%s%c%d%c%s%c", topic, 0, is_retained, 0, payload,
                         0);
}

static enum sting_status json_part(struct buffer *out, const char *topic,
                                   const struct json *json)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status = json_line(json, &text);
    return status ? status : part_append(out, topic, true, buffer_text(&text));
}

static enum sting_status state_append(const struct config *config,
                                      const struct config_alert *channel,
                                      const struct mqtt_state *state,
                                      struct buffer *out)
{
    char topic[sizeof channel->topic + 16];
    const struct incident *incident = &state->incident;
    bool has_camera = incident->number > 0 && incident->camera >= 0 &&
                      (size_t)incident->camera < config->cameras;
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_text(json, "presence", on_off(state->is_open));
    json_add_text(json, "touch",
                  on_off(state->is_open && incident->tier == INCIDENT_TOUCH));
    json_add_text(json, "armed", on_off(state->is_armed));
    json_add_integer(json, "incident", incident->number);
    json_add_text(json, "kind",
                  incident->number ? incident_kind_name((int)incident->kind)
                                   : NULL);
    json_add_text(json, "camera",
                  has_camera ? config->camera[incident->camera].name : NULL);
    (void)snprintf(topic, sizeof topic, "%s/state", channel->topic);
    return json_part(out, topic, json);
}

/* What Home Assistant is told of one value of the state. */
struct entity {
    const char *component;
    const char *value; /* of the state; also its name */
    const char *class; /* NULL: none */
};

static enum sting_status entity_append(const struct config_alert *channel,
                                       const char *node,
                                       const struct entity *entity,
                                       struct buffer *out)
{
    char text[sizeof channel->topic + 80];
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct json *device = json_new_object();
    struct json *names = json_new_array();
    json_add_text(json, "name", entity->value);
    (void)snprintf(text, sizeof text, "%s_%s", node, entity->value);
    json_add_text(json, "unique_id", text);
    (void)snprintf(text, sizeof text, "%s/state", channel->topic);
    json_add_text(json, "state_topic", text);
    (void)snprintf(text, sizeof text, "{{ value_json.%s }}", entity->value);
    json_add_text(json, "value_template", text);
    (void)snprintf(text, sizeof text, "%s/availability", channel->topic);
    json_add_text(json, "availability_topic", text);
    if (entity->class) {
        json_add_text(json, "device_class", entity->class);
    }
    json_add_text(names, NULL, node);
    json_add_child(device, "identifiers", &names);
    json_add_text(device, "name", node);
    json_add_text(device, "sw_version", STING_VERSION);
    json_add_child(json, "device", &device);
    (void)snprintf(text, sizeof text, "homeassistant/%s/%s/%s/config",
                   entity->component, node, entity->value);
    return json_part(out, text, json);
}

enum sting_status mqtt_greeting(const struct config *config,
                                const struct config_alert *channel,
                                const struct mqtt_state *state,
                                struct buffer *out)
{
    static const struct entity entity[] = {
        {"binary_sensor", "presence", "occupancy"},
        {"binary_sensor", "touch", "safety"},
        {"binary_sensor", "armed", NULL},
        {"sensor", "incident", NULL}};
    char node[sizeof channel->topic];
    enum sting_status status = STING_OK;
    (void)snprintf(node, sizeof node, "%s", channel->topic);
    for (char *at = node; (at = strchr(at, '/'));) {
        *at = '_';
    }
    for (size_t i = 0; i < sizeof entity / sizeof *entity &&
                       channel->has_discovery && !status;
         i++) {
        status = entity_append(channel, node, &entity[i], out);
    }
    return status ? status : state_append(config, channel, state, out);
}

enum sting_status mqtt_alert(const struct config *config,
                             const struct config_alert *channel,
                             const struct mqtt_state *state, struct bytes body,
                             struct buffer *out)
{
    char topic[sizeof channel->topic + 16];
    struct buffer text STING_AUTO(buffer_release) = {0};
    (void)snprintf(topic, sizeof topic, "%s/alert", channel->topic);
    enum sting_status status = buffer_append(&text, body);
    if (!status) {
        status = part_append(out, topic, false, buffer_text(&text));
    }
    return status || !state ? status
                            : state_append(config, channel, state, out);
}
