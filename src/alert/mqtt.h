/*
 * mqtt: what is published about an operation (MQTT 3.1.1).
 *
 *   TOPIC/availability  online, offline; retained; the broker says offline
 *   TOPIC/state         one JSON object, retained: as it is now
 *   TOPIC/alert         each alert's JSON, not retained
 *   homeassistant/...   retained, so that Home Assistant shows it by itself
 *
 * Format: docs/formats/alerts.md. The request: wire.h, WIRE_NET_MQTT.
 */
#ifndef STING_ALERT_MQTT_H
#define STING_ALERT_MQTT_H

#include "base/buffer.h"
#include "operation/config.h"
#include "operation/incident.h"

/* As it is now. */
struct mqtt_state {
    bool is_armed;
    bool is_open;             /* an incident goes on */
    struct incident incident; /* the last; number 0 before the first */
};

/* Append the messages of a greeting: what there is, and its state. */
STING_MUST_USE enum sting_status mqtt_greeting(
    const struct config *config, const struct config_alert *channel,
    const struct mqtt_state *state, struct buffer *out);

/* Append the messages of an alert, whose JSON is `body`. NULL state: of a
 * test, which changes none. */
STING_MUST_USE enum sting_status mqtt_alert(const struct config *config,
                                            const struct config_alert *channel,
                                            const struct mqtt_state *state,
                                            struct bytes body,
                                            struct buffer *out);

#endif
