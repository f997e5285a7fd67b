/*
 * watched: how well was it watched? Hours of each bait under a camera that
 * saw, walk tests, and from visits that two sensors could have seen how many
 * neither did. From the ledger and operation.yaml alone; reads no clock.
 *
 * A visit is an incident with a person or a touch, whose lines name the
 * cameras that saw it, that nobody called a false alarm or somebody known, that
 * was no walk test and had our own team in the room only later. A sensor is a
 * camera that sees persons, or the page watch of one; two are told apart only
 * where they are of different cameras of one place, both of which gave pictures
 * when the visit began, and were not covered.
 * Threads: one at a time.
 */
#ifndef STING_OPERATION_WATCHED_H
#define STING_OPERATION_WATCHED_H

#include "base/fault.h"
#include "operation/bait_hours.h"
#include "operation/incident_list.h"
#include "operation/recapture.h"

#define WATCHED_MOST_PAIRS 16
#define WATCHED_SENSOR_SIZE (CONFIG_NAME_SIZE + 16)

struct watched_pair {
    char first[WATCHED_SENSOR_SIZE]; /* "garage", "page watch of garage" */
    char second[WATCHED_SENSOR_SIZE];
    uint32_t visits; /* seen by either */
    uint32_t by_first, by_second, by_both;
    uint32_t dim;      /* when one of the two saw only who stood out */
    uint32_t unmarked; /* of which nobody said what they were */
    bool has_estimate;
    struct recapture all;
};

struct watched_rate {
    uint32_t hits, trials;
};

struct watched {
    struct bait_hours_list hours;
    struct watched_rate walks;   /* told of */
    struct watched_rate in_time; /* and early enough for the team */
    size_t pairs; /* with a visit that either saw; most seen by both first */
    struct watched_pair pair[WATCHED_MOST_PAIRS];
};
void watched_release(struct watched *watched);

/* Collects lines; the configuration is borrowed. Fails: E_NOMEM. */
struct watching;
STING_MUST_USE enum sting_status watching_new(const struct config *config,
                                              struct watching **out);
void watching_free(struct watching **watching);
STING_MUST_USE enum sting_status watching_take(struct watching *watching,
                                               const struct line *line);
/* The caller releases *out. */
STING_MUST_USE enum sting_status watching_give(const struct watching *watching,
                                               struct watched *out);

/* All of it, of the operation whose folder is open. Fails: E_ABSENT without a
 * ledger, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status watched_read(int operation,
                                              const struct config *config,
                                              struct watched *out,
                                              struct fault *fault);

/* What such an estimate rests on, and what of it fails here: the index-th
 * sentence, NULL past the last. */
#define WATCHED_DOUBT_SIZE 200
const char *watched_doubt(const struct watched_pair *pair, size_t index,
                          char text[WATCHED_DOUBT_SIZE]);

#endif
