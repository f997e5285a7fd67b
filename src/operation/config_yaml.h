/*
 * config_yaml: one value of a YAML text, found by its path and changed in its
 * place; every other byte stays.
 */
#ifndef STING_OPERATION_CONFIG_YAML_H
#define STING_OPERATION_CONFIG_YAML_H

#include <yaml.h>

#include "base/base.h"
#include "base/buffer.h"

/* Where a value stands: keys, and entries of lists from 0. */
struct config_step {
    const char *key; /* NULL: an entry */
    size_t entry;
};

#define CONFIG_MOST_STEPS 5

struct config_path {
    size_t steps;
    struct config_step step[CONFIG_MOST_STEPS];
};

/* Load the text. Fails: E_FORMAT, E_NOMEM. Release with
 * yaml_document_delete. */
STING_MUST_USE enum sting_status config_yaml_load(struct bytes text,
                                                  yaml_document_t *out);

/* The node at the path's first `steps` steps; NULL. */
yaml_node_t *config_yaml_find(yaml_document_t *document,
                              const struct config_path *path, size_t steps);

/* Append the text with `value`, as YAML is written, at the path, whose last
 * step is a key; "" takes the key out. Fails: E_UNSUPPORTED when that is not
 * possible without losing something, E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status config_yaml_put(struct bytes text,
                                                 const struct config_path *path,
                                                 const char *value,
                                                 struct buffer *out);

#endif
