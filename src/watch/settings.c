#include "watch/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool number_read(const char **at, const char *end, float *out)
{
    char text[32];
    size_t length = 0;
    while (*at < end && length + 1 < sizeof text && **at != ',' &&
           **at != ' ') {
        text[length++] = *(*at)++;
    }
    text[length] = '\0';
    char *rest;
    *out = strtof(text, &rest);
    return length > 0 && *rest == '\0' && *out >= 0 && *out <= 1;
}

/* NAME|x,y x,y ... with at least three points. */
static bool points_read(struct bytes value, struct detect_point *point,
                        int *points)
{
    const char *at = memchr(value.data, '|', value.size);
    const char *end = (const char *)value.data + value.size;
    *points = 0;
    for (at = at ? at + 1 : end; at < end; at++) {
        struct detect_point *one = &point[*points];
        if (*at == ' ') {
            continue;
        }
        if (*points == DETECT_MOST_POINTS || !number_read(&at, end, &one->x) ||
            at == end || *at++ != ',' || !number_read(&at, end, &one->y)) {
            return false;
        }
        ++*points;
    }
    return *points >= 3;
}

static bool zone_read(struct bytes value, bool has_bait,
                      struct looker_settings *looker)
{
    struct detect_zone zone = {.has_bait = has_bait};
    if (looker->zones == DETECT_MOST_ZONES ||
        !points_read(value, zone.point, &zone.points)) {
        return false;
    }
    looker->zone[looker->zones++] = zone;
    return true;
}

/* METRES|x,y x,y: a length that was marked in the last zone. */
static bool length_read(struct bytes value, struct looker_settings *looker)
{
    const char *at = (const char *)value.data, *end = at + value.size;
    const char *bar = memchr(at, '|', value.size);
    struct detect_zone *zone = &looker->zone[looker->zones - 1];
    char text[16] = "";
    if (!bar || looker->zones == 0 || bar - at >= (ptrdiff_t)sizeof text) {
        return false;
    }
    memcpy(text, at, (size_t)(bar - at));
    zone->metres = strtof(text, NULL);
    at = bar + 1;
    for (int i = 0; i < 2; i++) {
        struct detect_point *one = &zone->mark[i];
        if (!number_read(&at, end, &one->x) || at == end || *at++ != ',' ||
            !number_read(&at, end, &one->y)) {
            return false;
        }
        at += at < end;
    }
    return at == end && zone->metres > 0 && zone->metres <= 1000;
}

static bool mask_read(struct bytes value, struct masks *out)
{
    struct mask mask = {.points = 0};
    if (out->count == MASKS_MOST ||
        !points_read(value, mask.point, &mask.points)) {
        return false;
    }
    out->mask[out->count++] = mask;
    return true;
}

static bool text_read(struct bytes value, char out[SETTINGS_TEXT])
{
    if (value.size >= SETTINGS_TEXT || memchr(value.data, 0, value.size)) {
        return false;
    }
    memcpy(out, value.data, value.size);
    out[value.size] = '\0';
    return true;
}

static bool is_key(struct bytes key, const char *name)
{
    return bytes_equal(key, bytes_of_text(name));
}

static bool pair_read(struct bytes key, struct bytes value,
                      struct settings *out)
{
    if (is_key(key, "url")) {
        return text_read(value, out->url);
    }
    if (is_key(key, "second")) {
        return text_read(value, out->second_url);
    }
    if (is_key(key, "user")) {
        return text_read(value, out->user);
    }
    if (is_key(key, "password")) {
        return text_read(value, out->password);
    }
    if (is_key(key, "look")) {
        out->looker.look_at_all = is_key(value, "all");
    }
    if (is_key(key, "pace")) {
        out->only_looks = is_key(value, "fast");
    }
    if (is_key(key, "presence_a_day")) {
        char text[SETTINGS_TEXT];
        out->looker.presence_a_day =
            text_read(value, text) ? strtod(text, NULL) : 0;
        return out->looker.presence_a_day > 0;
    }
    if (is_key(key, "length")) {
        return length_read(value, &out->looker);
    }
    if (is_key(key, "mask")) {
        return mask_read(value, &out->looker.masks);
    }
    if (is_key(key, "zone") || is_key(key, "bait")) {
        return zone_read(value, is_key(key, "bait"), &out->looker);
    }
    return true; /* name, quiet_s and audio are for others */
}

enum sting_status settings_parse(struct bytes text, struct settings *out,
                                 struct fault *fault)
{
    struct settings settings = {0};
    const uint8_t *at = text.data, *end = text.data + text.size;
    for (int line = 1; at < end; line++) {
        const uint8_t *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop : end;
        const uint8_t *equals = memchr(at, '=', (size_t)(stop - at));
        if (stop > at &&
            (!equals ||
             !pair_read((struct bytes){at, (size_t)(equals - at)},
                        (struct bytes){equals + 1, (size_t)(stop - equals - 1)},
                        &settings))) {
            return fault_set(fault, STING_E_FORMAT, "",
                             "line %d of the settings is wrong", line);
        }
        at = stop + (stop < end);
    }
    if (settings.url[0] == '\0') {
        return fault_set(fault, STING_E_FORMAT, "", "there is no url");
    }
    *out = settings;
    return STING_OK;
}
