/* Readers of lists: recipients, cameras, zones, corners, alerts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "operation/config_schema.h"

ptrdiff_t config_entries(struct config_reading *reading,
                         const struct config_key *key, const yaml_node_t *node)
{
    if (node->type == YAML_SCALAR_NODE && node->data.scalar.length == 0 &&
        key->least == 0) {
        return 0; /* "cameras:" with nothing below it */
    }
    if (node->type != YAML_SEQUENCE_NODE) {
        config_mistake_add(reading, node->start_mark, key->advice,
                           "\"%s\" is not a list", key->name);
        return -1;
    }
    ptrdiff_t count =
        node->data.sequence.items.top - node->data.sequence.items.start;
    if (count < key->least || count > key->most) {
        config_mistake_add(reading, node->start_mark, key->advice,
                           "\"%s\" has %td entries; %d to %d are possible",
                           key->name, count, (int)key->least, (int)key->most);
        return -1;
    }
    return count;
}

yaml_node_t *config_entry(struct config_reading *reading,
                          const yaml_node_t *list, ptrdiff_t index)
{
    return yaml_document_get_node(reading->document,
                                  list->data.sequence.items.start[index]);
}

/* Lower-case bech32 of the length of an X25519 recipient. Whether its
 * checksum holds is asked where it is used and by `sting check`. */
static bool looks_like_recipient(const char *text)
{
    return strlen(text) == 62 && !strncmp(text, "age1", 4) &&
           strspn(text + 4, "qpzry9x8gf2tvdw0s3jn54khce6mua7l") == 58;
}

static void recipient_read(struct config_reading *reading,
                           const struct config_key *key,
                           const yaml_node_t *node,
                           char (*list)[CONFIG_RECIPIENT_SIZE], size_t *count)
{
    const char *text = config_scalar(node);
    if (!text || !looks_like_recipient(text)) {
        config_mistake_add(reading, node->start_mark, key->advice,
                           "this is no age recipient");
        return;
    }
    for (size_t i = 0; i < *count; i++) {
        if (!strcmp(list[i], text)) {
            config_mistake_add(reading, node->start_mark, key->advice,
                               "the same recipient is listed twice");
            return;
        }
    }
    snprintf(list[(*count)++], CONFIG_RECIPIENT_SIZE, "%s", text);
}

void config_read_recipients(struct config_reading *reading,
                            const struct config_key *key, yaml_node_t *node,
                            void *target)
{
    struct config *config = reading->config;
    (void)target;
    ptrdiff_t count = config_entries(reading, key, node);
    for (ptrdiff_t i = 0; i < count; i++) {
        recipient_read(reading, key, config_entry(reading, node, i),
                       config->recipient, &config->recipients);
    }
}

void config_read_name_recipients(struct config_reading *reading,
                                 const struct config_key *key,
                                 yaml_node_t *node, void *target)
{
    struct config *config = reading->config;
    (void)target;
    ptrdiff_t count = config_entries(reading, key, node);
    for (ptrdiff_t i = 0; i < count; i++) {
        recipient_read(reading, key, config_entry(reading, node, i),
                       config->name_to, &config->names_to);
    }
}

/* Tell when `name` is among the `count` names before it, `step` bytes apart. */
static void check_unique(struct config_reading *reading,
                         const yaml_node_t *node, const char *name,
                         const void *first, size_t count, size_t step)
{
    for (size_t i = 0; i < count && *name; i++) {
        if (!strcmp((const char *)first + i * step, name)) {
            config_mistake_add(reading, node->start_mark,
                               "give each its own name",
                               "the name \"%s\" is used twice", name);
            return;
        }
    }
}

/* The second stream is the same camera's, and where the part that reads it
 * may go: at one address, which is all of the network that it has. */
static void look_check(struct config_reading *reading, const yaml_node_t *at,
                       const struct config_camera *camera)
{
    struct config_stream url = config_stream_of(camera->url);
    struct config_stream look = config_stream_of(camera->look_url);
    if (!camera->look_url[0] || !camera->url[0]) {
        return;
    }
    if (url.size == 0 || url.size != look.size ||
        strncasecmp(url.host, look.host, url.size) != 0) {
        config_mistake_add(
            reading, at->start_mark,
            "write the host of url:, or list the other as a "
            "camera of its own",
            "look: is at \"%.*s\" and url: is not: the part that "
            "reads a camera reaches no other host",
            look.size > 60 ? 60 : (int)look.size, look.host);
    } else if (look.port == 0 || look.port > UINT16_MAX) {
        config_mistake_add(reading, at->start_mark,
                           "write rtsp://HOST:PORT/PATH, or no port for 554",
                           "look: is at no port: it has to be 1 to 65535");
    }
}

void config_read_cameras(struct config_reading *reading,
                         const struct config_key *key, yaml_node_t *node,
                         void *target)
{
    (void)target;
    struct config *config = reading->config;
    ptrdiff_t count = config_entries(reading, key, node);
    if (count <= 0) {
        return;
    }
    config->camera = calloc((size_t)count, sizeof *config->camera);
    if (!config->camera) {
        config_mistake_add(reading, node->start_mark, NULL, "out of memory");
        return;
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        struct config_camera *camera = &config->camera[i];
        yaml_node_t *at = config_entry(reading, node, i);
        config_section_read(reading, &config_section_camera, at, camera);
        check_unique(reading, at, camera->name, config->camera->name, (size_t)i,
                     sizeof *camera);
        if (camera->password_file[0] && !camera->user[0]) {
            config_mistake_add(reading, at->start_mark,
                               "add user:", "password_file without user");
        }
        look_check(reading, at, camera);
    }
    config->cameras = (size_t)count;
}

void config_read_zones(struct config_reading *reading,
                       const struct config_key *key, yaml_node_t *node,
                       void *target)
{
    struct config_camera *camera = (struct config_camera *)target;
    ptrdiff_t count = config_entries(reading, key, node);
    for (ptrdiff_t i = 0; i < count; i++) {
        struct config_zone *zone = &camera->zone[i];
        yaml_node_t *at = config_entry(reading, node, i);
        config_section_read(reading, &config_section_zone, at, zone);
        check_unique(reading, at, zone->name, camera->zone->name, (size_t)i,
                     sizeof *zone);
        if (zone->copy && !zone->bait[0]) {
            config_mistake_add(reading, at->start_mark,
                               "add bait:", "copy %u of which bait?",
                               zone->copy);
        }
        camera->zones = (size_t)i + 1;
    }
}

/* A number from 0 to 1 in plain decimal. */
static bool part_read(const yaml_node_t *node, double *out)
{
    const char *text = config_scalar(node);
    char *end = NULL;
    if (!text || !*text || strspn(text, "0123456789.") != strlen(text)) {
        return false;
    }
    double value = strtod(text, &end);
    if (*end || !(value >= 0 && value <= 1)) {
        return false;
    }
    *out = value;
    return true;
}

bool config_point_read(struct config_reading *reading, const yaml_node_t *node,
                       struct config_point *out)
{
    if (node->type != YAML_SEQUENCE_NODE ||
        node->data.sequence.items.top - node->data.sequence.items.start != 2) {
        return false;
    }
    return part_read(config_entry(reading, node, 0), &out->x) &&
           part_read(config_entry(reading, node, 1), &out->y);
}

static double polygon_area(const struct config_point *point, size_t points)
{
    double twice = 0;
    for (size_t i = 0; i < points; i++) {
        const struct config_point *a = &point[i];
        const struct config_point *b = &point[(i + 1) % points];
        twice += a->x * b->y - b->x * a->y;
    }
    return fabs(twice) / 2;
}

/* Corners of a polygon; how many, 0 after telling the mistake. */
static size_t corners_read(struct config_reading *reading,
                           const struct config_key *key, yaml_node_t *node,
                           struct config_point *point)
{
    ptrdiff_t count = config_entries(reading, key, node);
    for (ptrdiff_t i = 0; i < count; i++) {
        yaml_node_t *at = config_entry(reading, node, i);
        if (!config_point_read(reading, at, &point[i])) {
            config_mistake_add(reading, at->start_mark,
                               "write [x, y], each from 0 to 1",
                               "this is no corner inside the picture");
            return 0;
        }
    }
    size_t points = count > 0 ? (size_t)count : 0;
    if (points && polygon_area(point, points) < 1e-6) {
        config_mistake_add(reading, node->start_mark,
                           "give corners that enclose the place",
                           "the polygon has no area");
    }
    return points;
}

void config_read_polygon(struct config_reading *reading,
                         const struct config_key *key, yaml_node_t *node,
                         void *target)
{
    struct config_zone *zone = (struct config_zone *)target;
    zone->points = corners_read(reading, key, node, zone->point);
}

void config_read_masks(struct config_reading *reading,
                       const struct config_key *key, yaml_node_t *node,
                       void *target)
{
    static const struct config_key corners = {
        .name = "masks", .least = 3, .most = CONFIG_MOST_POINTS};
    struct config_camera *camera = (struct config_camera *)target;
    ptrdiff_t count = config_entries(reading, key, node);
    for (ptrdiff_t i = 0; i < count; i++) {
        struct config_mask *mask = &camera->mask[i];
        mask->points = corners_read(
            reading, &corners, config_entry(reading, node, i), mask->point);
        camera->masks = (size_t)i + 1;
    }
}

/* What belongs to which kind of outsider. */
static void anchor_check(struct config_reading *reading, const yaml_node_t *at,
                         const struct config_anchor *anchor)
{
    bool is_tsa = anchor->tsa[0];
    bool is_witness = anchor->witness[0];
    if (is_tsa + is_witness + (anchor->beacon[0] != '\0') != 1) {
        config_mistake_add(reading, at->start_mark,
                           "write one of tsa:, witness: and beacon:",
                           "an anchor is one outsider");
    } else if (is_witness != (anchor->key[0] != '\0')) {
        config_mistake_add(reading, at->start_mark,
                           is_witness ? "add key:" : "take key: out",
                           "a witness, and no other, has a key");
    } else if (is_tsa != (anchor->ca_file[0] != '\0')) {
        config_mistake_add(reading, at->start_mark,
                           is_tsa ? "add ca_file:" : "take ca_file: out",
                           "a tsa, and no other, has a ca_file");
    } else if (anchor->crl_file[0] && !is_tsa) {
        config_mistake_add(reading, at->start_mark, "take crl_file: out",
                           "only a tsa has a crl_file");
    }
}

void config_read_anchors(struct config_reading *reading,
                         const struct config_key *key, yaml_node_t *node,
                         void *target)
{
    (void)target;
    struct config *config = reading->config;
    ptrdiff_t count = config_entries(reading, key, node);
    for (ptrdiff_t i = 0; i < count; i++) {
        yaml_node_t *at = config_entry(reading, node, i);
        size_t before = reading->mistakes->count;
        config_section_read(reading, &config_section_anchor, at,
                            &config->anchor[i]);
        if (reading->mistakes->count == before) {
            anchor_check(reading, at, &config->anchor[i]);
        }
        config->anchors = (size_t)i + 1;
    }
}

void config_read_retention(struct config_reading *reading,
                           const struct config_key *key, yaml_node_t *node,
                           void *target)
{
    (void)key;
    (void)target;
    config_section_read(reading, &config_section_retention, node,
                        reading->config);
}
