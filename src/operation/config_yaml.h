/*
 * config_yaml: one value of a YAML text, found by its path and changed in its
 * place; every other byte stays.
 */
#ifndef STING_OPERATION_CONFIG_YAML_H
#define STING_OPERATION_CONFIG_YAML_H

#include <yaml.h>

#include "base/base.h"
#include "base/buffer.h"
#include "operation/config_path.h"

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
