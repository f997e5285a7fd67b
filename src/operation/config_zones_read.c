/* Zones as somebody drew them, from lines of text. */
#include "operation/config_zones.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FINE 10000.0 /* of a picture's side */
#define MOST_LINE 1024

static enum sting_status wrong(struct fault *fault, const char *what)
{
    return fault_set(fault, STING_E_ARG, "", "%s", what);
}

/* A part of the picture, 0 to 1. */
static bool part_read(const char *text, char end, double *out,
                      const char **behind)
{
    char *stop = NULL;
    if (!isdigit((unsigned char)*text)) {
        return false;
    }
    double value = strtod(text, &stop);
    *out = round(value * FINE) / FINE;
    *behind = stop + (*stop != '\0');
    return *stop == end && isfinite(value) && value >= 0 && value <= 1 &&
           strspn(text, "0123456789.") == (size_t)(stop - text);
}

static bool corner_read(const char *word, struct config_point *out)
{
    const char *at = word;
    return part_read(at, ',', &out->x, &at) &&
           part_read(at, '\0', &out->y, &at);
}

static bool copy_read(const char *word, uint32_t *out)
{
    char *end = NULL;
    unsigned long number = strtoul(word, &end, 10);
    *out = (uint32_t)number;
    return isdigit((unsigned char)*word) && !*end && number > 0 &&
           number <= UINT32_MAX;
}

static enum sting_status zone_read(char *line, struct config_zone *out,
                                   struct fault *fault)
{
    char *rest = NULL;
    const char *name = strtok_r(line, " ", &rest);
    const char *bait = strtok_r(NULL, " ", &rest);
    const char *copy = strtok_r(NULL, " ", &rest);
    *out = (struct config_zone){.points = 0};
    if (!name || !config_name_is_valid(name)) {
        return wrong(fault, "a zone's name is 1 to 32 of a-z 0-9 - _");
    }
    (void)snprintf(out->name, sizeof out->name, "%s", name);
    if (!bait || (strcmp(bait, "-") != 0 && !config_name_is_valid(bait))) {
        return wrong(fault, "a document's name is 1 to 32 of a-z 0-9 - _");
    }
    (void)snprintf(out->bait, sizeof out->bait, "%s",
                   strcmp(bait, "-") != 0 ? bait : "");
    if (!copy || (strcmp(copy, "-") != 0 && !copy_read(copy, &out->copy))) {
        return wrong(fault, "a copy is a number from 1");
    }
    for (const char *word; (word = strtok_r(NULL, " ", &rest));) {
        if (out->points == CONFIG_MOST_POINTS ||
            !corner_read(word, &out->point[out->points++])) {
            return wrong(fault, "corners are x,y from 0 to 1, 32 at most");
        }
    }
    return out->points >= 3 ? STING_OK
                            : wrong(fault, "a zone has 3 corners at least");
}

const struct config_zone *config_zones_find(const struct config_zones *zones,
                                            const char *name)
{
    for (size_t i = 0; i < zones->count; i++) {
        if (!strcmp(zones->zone[i].name, name)) {
            return &zones->zone[i];
        }
    }
    return NULL;
}

enum sting_status config_zones_parse(const char *text, struct config_zones *out,
                                     struct fault *fault)
{
    struct config_zones zones = {0};
    while (*text) {
        char line[MOST_LINE];
        size_t size = strcspn(text, "\n");
        if (size >= sizeof line || zones.count == CONFIG_MOST_ZONES) {
            return wrong(fault, "too many zones, or too much of one");
        }
        memcpy(line, text, size);
        line[size] = '\0';
        text += size + (text[size] == '\n');
        struct config_zone zone;
        enum sting_status status = zone_read(line, &zone, fault);
        if (!status && config_zones_find(&zones, zone.name)) {
            status = wrong(fault, "two zones have the same name");
        }
        if (status) {
            return status;
        }
        zones.zone[zones.count++] = zone;
    }
    *out = zones;
    return STING_OK;
}
