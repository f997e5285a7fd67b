#include "operation/chronicle_part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/reader.h"

#define MOST_OF_ONE ((size_t)2 * CONFIG_MOST_CAMERAS) /* names change */

void chronicle_parts_release(struct chronicle_parts *parts)
{
    free(parts->part);
    *parts = (struct chronicle_parts){0};
}

/* The newest part but `index`; a part that another has taken the place of ends
 * the list. */
static struct chronicle_part *part_at(const struct chronicle_parts *parts,
                                      const struct chronicle_event *incident,
                                      size_t index)
{
    uint32_t at = incident->part;
    for (size_t i = 0; at && i < MOST_OF_ONE; i++) {
        struct chronicle_part *part = &parts->part[at - 1];
        if (part->incident != incident->incident || i == index) {
            return part->incident == incident->incident ? part : NULL;
        }
        at = part->next;
    }
    return NULL;
}

static struct chronicle_part *find(const struct chronicle_parts *parts,
                                   const struct chronicle_event *incident,
                                   const char *camera)
{
    struct chronicle_part *part = NULL;
    for (size_t i = 0; (part = part_at(parts, incident, i)); i++) {
        if (!strcmp(part->camera, camera)) {
            return part;
        }
    }
    return NULL;
}

static enum sting_status room_make(struct chronicle_parts *parts)
{
    if (parts->count < parts->room || parts->room == CHRONICLE_MOST_PARTS) {
        return STING_OK;
    }
    size_t room = parts->room ? 2 * parts->room : 16;
    void *grown = reallocarray(parts->part, room, sizeof *parts->part);
    if (!grown) {
        return STING_E_NOMEM;
    }
    parts->part = grown;
    parts->room = room;
    parts->next = parts->count;
    return STING_OK;
}

/* The part of that camera, made where there is none: it saw somebody. */
static enum sting_status part_have(struct chronicle_parts *parts,
                                   struct chronicle_event *incident,
                                   const char *camera, int64_t from_us,
                                   struct chronicle_part **out)
{
    *out = find(parts, incident, camera);
    if (*out) {
        return STING_OK;
    }
    enum sting_status status = room_make(parts);
    if (status) {
        return status;
    }
    *out = &parts->part[parts->next];
    **out = (struct chronicle_part){.incident = incident->incident,
                                    .next = incident->part,
                                    .from_us = from_us,
                                    .word = "person",
                                    .tier = "presence"};
    (void)snprintf((*out)->camera, sizeof(*out)->camera, "%s", camera);
    incident->part = (uint32_t)parts->next + 1;
    parts->next = (parts->next + 1) % CHRONICLE_MOST_PARTS;
    parts->count += parts->count < CHRONICLE_MOST_PARTS;
    return STING_OK;
}

/* Where and what of the line is the camera's. */
static void part_tell(struct chronicle_part *part, const struct line *line,
                      const char *word, const char *tier)
{
    int64_t copy = 0;
    (void)snprintf(part->word, sizeof part->word, "%s", word);
    (void)snprintf(part->tier, sizeof part->tier, "%s", tier);
    line_text(line, "zone", part->zone, sizeof part->zone);
    line_text(line, "bait", part->bait, sizeof part->bait);
    if (!line_integer(line, "copy", &copy) && copy > 0 && copy <= UINT32_MAX) {
        part->copy = (uint32_t)copy;
    }
}

/* What was known so far is of the camera that it was named after. */
static enum sting_status first_keep(struct chronicle_parts *parts,
                                    struct chronicle_event *incident)
{
    struct chronicle_part *part = NULL;
    if (incident->part || !incident->camera[0]) {
        return STING_OK;
    }
    enum sting_status status = part_have(
        parts, incident, incident->camera,
        incident->from_us ? incident->from_us : incident->at_us, &part);
    if (!status) {
        memcpy(part->word, incident->word, sizeof part->word);
        memcpy(part->tier, incident->tier, sizeof part->tier);
        memcpy(part->zone, incident->zone, sizeof part->zone);
        memcpy(part->bait, incident->bait, sizeof part->bait);
        part->copy = incident->copy;
    }
    return status;
}

static enum sting_status camera_joins(struct chronicle_parts *parts,
                                      struct chronicle_event *incident,
                                      const struct line *line,
                                      const char *camera,
                                      struct chronicle_part **out)
{
    *out = NULL;
    if (!*camera || (!incident->part && !strcmp(camera, incident->camera))) {
        return STING_OK;
    }
    enum sting_status status = first_keep(parts, incident);
    return status ? status
                  : part_have(parts, incident, camera, line->at.utc_us, out);
}

/* Page watch is a sensor of its own; a flash or a screen is no touch. */
static enum sting_status page_take(struct chronicle_parts *parts,
                                   struct chronicle_event *incident,
                                   const struct line *line)
{
    static const char *const touch[] = {"lifted", "moved", "turned", "changed",
                                        "gone"};
    char camera[CONFIG_NAME_SIZE];
    struct chronicle_part *part = NULL;
    enum sting_status status = STING_OK;
    line_text(line, "camera", camera, sizeof camera);
    for (size_t i = 0; i < sizeof touch / sizeof *touch && !status; i++) {
        if (bytes_equal(line_raw(line, "state"), bytes_of_text(touch[i]))) {
            status = camera_joins(parts, incident, line, camera, &part);
        }
    }
    if (part) {
        part_tell(part, line, "page", incident->tier);
    }
    return status;
}

enum sting_status chronicle_parts_take(struct chronicle_parts *parts,
                                       struct chronicle_event *incident,
                                       const struct line *line)
{
    char names[CONFIG_MOST_CAMERAS * CONFIG_NAME_SIZE];
    char camera[CONFIG_NAME_SIZE];
    char word[CHRONICLE_WORD_SIZE];
    char tier[CHRONICLE_WORD_SIZE];
    struct chronicle_part *part = NULL;
    enum sting_status status = STING_OK;
    if (!strcmp(line->kind->name, "page")) {
        return page_take(parts, incident, line);
    }
    char *rest = line_text(line, "cameras", names, sizeof names);
    for (char *at; !status && (at = strsep(&rest, ","));) {
        status = camera_joins(parts, incident, line, at, &part);
    }
    if (!status) {
        line_text(line, "camera", camera, sizeof camera);
        status = camera_joins(parts, incident, line, camera, &part);
    }
    if (part) {
        part_tell(part, line, line_text(line, "kind", word, sizeof word),
                  line_text(line, "tier", tier, sizeof tier));
    }
    return status;
}

bool chronicle_parts_view(const struct chronicle_parts *parts,
                          const struct chronicle_event *incident, size_t index,
                          struct chronicle_event *out)
{
    const struct chronicle_part *part = part_at(parts, incident, index);
    *out = *incident;
    if (!part) {
        return !incident->part && index == 0;
    }
    out->from_us = part->from_us;
    if (out->at_us < part->from_us) {
        out->at_us = part->from_us;
    }
    out->copy = part->copy;
    memcpy(out->word, part->word, sizeof out->word);
    memcpy(out->tier, part->tier, sizeof out->tier);
    memcpy(out->camera, part->camera, sizeof out->camera);
    memcpy(out->zone, part->zone, sizeof out->zone);
    memcpy(out->bait, part->bait, sizeof out->bait);
    return true;
}
