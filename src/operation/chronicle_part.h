/*
 * chronicle_part: an incident that several cameras tell of, camera by camera.
 *
 * A line of an incident names its gravest sight and all who saw somebody;
 * lines of pages name their own camera. Of these are made the parts: where,
 * what and since when of one camera alone, so that who may see that camera and
 * no other hears of the incident, and of nothing else of it.
 *
 * Limits: the newest CHRONICLE_MOST_PARTS; an incident of one camera has none.
 * Threads: one at a time.
 */
#ifndef STING_OPERATION_CHRONICLE_PART_H
#define STING_OPERATION_CHRONICLE_PART_H

#include "operation/chronicle.h"

#define CHRONICLE_MOST_PARTS 8192

struct line;

struct chronicle_part {
    uint32_t incident;
    uint32_t next; /* of the same incident, as chronicle_event.part */
    uint32_t copy;
    int64_t from_us;
    char word[CHRONICLE_WORD_SIZE];
    char tier[CHRONICLE_WORD_SIZE];
    char camera[CONFIG_NAME_SIZE];
    char zone[CONFIG_NAME_SIZE];
    char bait[CONFIG_NAME_SIZE];
};

struct chronicle_parts {
    struct chronicle_part *part; /* owned; a ring once it is full */
    size_t count, room, next;
};

void chronicle_parts_release(struct chronicle_parts *parts);

/* A further line of an incident, or one of a page while it was open; before
 * `incident` is told of it. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status chronicle_parts_take(
    struct chronicle_parts *parts, struct chronicle_event *incident,
    const struct line *line);

/* The incident as the index-th of its cameras tells it, in no order. False:
 * there are no more. */
bool chronicle_parts_view(const struct chronicle_parts *parts,
                          const struct chronicle_event *incident, size_t index,
                          struct chronicle_event *out);

#endif
