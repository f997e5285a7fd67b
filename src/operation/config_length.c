#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "operation/config_schema.h"

void config_read_place(struct config_reading *reading,
                       const struct config_key *key, yaml_node_t *node,
                       void *target)
{
    struct config_point *point = target;
    if (!config_point_read(reading, node, point)) {
        config_mistake_add(
            reading, node->start_mark, "write [x, y], each from 0 to 1",
            "%s: this is no place inside the picture", key->name);
    }
}

/* A number in plain decimal, between thousandths of the row's bounds. */
void config_read_positive(struct config_reading *reading,
                          const struct config_key *key, yaml_node_t *node,
                          void *target)
{
    const char *text = config_scalar(node);
    char *end = NULL;
    double value = 0;
    if (text && *text && strspn(text, "0123456789.") == strlen(text)) {
        value = strtod(text, &end);
    }
    if (!end || *end || value < 1e-3 * (double)key->least ||
        value > 1e-3 * (double)key->most) {
        config_mistake_add(reading, node->start_mark, key->advice,
                           "%s: this is no such number", key->name);
        return;
    }
    *(double *)target = value;
}

void config_read_length(struct config_reading *reading,
                        const struct config_key *key, yaml_node_t *node,
                        void *target)
{
    (void)key;
    struct config_length *length = target;
    config_section_read(reading, &config_section_length, node, length);
    if (hypot(length->to.x - length->from.x, length->to.y - length->from.y) <
        0.01) {
        config_mistake_add(reading, node->start_mark, "mark something larger",
                           "the length is too short");
        length->metres = 0;
    }
}

void config_read_false_alarms(struct config_reading *reading,
                              const struct config_key *key, yaml_node_t *node,
                              void *target)
{
    (void)key;
    (void)target;
    config_section_read(reading, &config_section_false_alarms, node,
                        reading->config);
}
