/*
 * config_path: where a value of operation.yaml stands, by its keys, and in
 * which line.
 */
#ifndef STING_OPERATION_CONFIG_PATH_H
#define STING_OPERATION_CONFIG_PATH_H

#include "base/base.h"

/* A key, or an entry of a list from 0. */
struct config_step {
    const char *key; /* NULL: an entry */
    size_t entry;
};

#define CONFIG_MOST_STEPS 5

struct config_path {
    size_t steps;
    struct config_step step[CONFIG_MOST_STEPS];
};

/* LIST[entry].key, and the same of a list within: cameras[0].zones[1].bait. */
struct config_path config_path_of(const char *list, size_t entry,
                                  const char *key);
struct config_path config_path_within(struct config_path path, size_t entry,
                                      const char *key);

/* From 1; 0 and 0 when there is none of that path. */
struct config_place {
    int line;
    int column;
};
struct config_place config_place_find(struct bytes text,
                                      const struct config_path *path);

#endif
