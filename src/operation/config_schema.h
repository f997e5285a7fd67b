/*
 * config_schema: which keys operation.yaml may have, as tables.
 *
 * A section is a YAML mapping; each of its keys is one row: how its value
 * is read, where in the section's struct it goes, and within what bounds.
 */
#ifndef STING_OPERATION_CONFIG_SCHEMA_H
#define STING_OPERATION_CONFIG_SCHEMA_H

#include <yaml.h>

#include "operation/config.h"

#define SCHEMA_MOST_KEYS 32

/* One reading of one text. */
struct config_reading {
    struct bytes text;
    yaml_document_t *document; /* borrowed */
    struct config *config;     /* borrowed */
    struct config_mistakes *mistakes;
};

struct config_key;

/* Read a value into `target`. Tells its own mistakes. */
typedef void config_read(struct config_reading *reading,
                         const struct config_key *key, yaml_node_t *node,
                         void *target);

struct config_key {
    const char *name;
    config_read *read;
    size_t offset; /* of the target inside the section's struct */
    int64_t least; /* of a number, or of the entries of a list */
    int64_t most;  /* the same; of a text, its size with the NUL */
    bool is_required;
    bool is_purpose;          /* needed, but for a box, which may not have it */
    const char *const *words; /* of a choice; NULL-ended */
    const char *advice;       /* what the value should be like */
};

struct config_section {
    const char *name; /* "camera" */
    const struct config_key *key;
    size_t keys;
};

extern const struct config_section config_section_top;
extern const struct config_section config_section_camera;
extern const struct config_section config_section_zone;
extern const struct config_section config_section_length;
extern const struct config_section config_section_false_alarms;
extern const struct config_section config_section_alert;
extern const struct config_section config_section_staff;
extern const struct config_section config_section_anchor;
extern const struct config_section config_section_retention;

/* Read a mapping into `base`, key by key. */
void config_section_read(struct config_reading *reading,
                         const struct config_section *section,
                         yaml_node_t *node, void *base);

/* Note a mistake at a node; `todo` may be NULL. */
__attribute__((format(printf, 4, 5))) void config_mistake_add(
    struct config_reading *reading, yaml_mark_t at, const char *todo,
    const char *why, ...);

/* Readers of single values (config_value.c). */
config_read config_read_text;
config_read config_read_name;
config_read config_read_place;
config_read config_read_positive;
config_read config_read_url;
config_read config_read_webhook;
config_read config_read_address;
config_read config_read_topic;
config_read config_read_week;
config_read config_read_choice;
config_read config_read_look;
config_read config_read_audio;
config_read config_read_yes;
config_read config_read_copy;
config_read config_read_seconds;
config_read config_read_days;
config_read config_read_size;
config_read config_read_date;
config_read config_read_witness_key;

/* Entries of a list within the row's bounds; -1 after telling the mistake. */
ptrdiff_t config_entries(struct config_reading *reading,
                         const struct config_key *key, const yaml_node_t *node);
yaml_node_t *config_entry(struct config_reading *reading,
                          const yaml_node_t *list, ptrdiff_t index);

/* Readers of lists and sections (config_list.c, config_alert.c). */
config_read config_read_recipients;
config_read config_read_name_recipients;
config_read config_read_cameras;
config_read config_read_zones;
config_read config_read_masks;
config_read config_read_polygon;
config_read config_read_length;
config_read config_read_false_alarms;
config_read config_read_alerts;
config_read config_read_staff;
config_read config_read_anchors;
config_read config_read_retention;

/* A place [x, y] in a picture. */
bool config_point_read(struct config_reading *reading, const yaml_node_t *node,
                       struct config_point *out);

/* Where a stream is: rtsp://HOST[:PORT][/PATH], borrowed. Host of size 0: none
 * is named; port 0: what is written for one is none. */
struct config_stream {
    const char *host;
    size_t size;
    unsigned long port;
    const char *path; /* with its '/', or "" */
};
struct config_stream config_stream_of(const char *url);

/* The text of a scalar node, NULL when it is a list or a mapping. */
const char *config_scalar(const yaml_node_t *node);

#endif
