#include "operation/config_yaml.h"

#include <string.h>

enum sting_status config_yaml_load(struct bytes text, yaml_document_t *out)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        return STING_E_NOMEM;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, text.data, text.size);
    int is_read = yaml_parser_load(&parser, out);
    yaml_parser_delete(&parser);
    return is_read ? STING_OK : STING_E_FORMAT;
}

/* The pair of that key; NULL. */
static yaml_node_pair_t *pair_find(yaml_document_t *document,
                                   yaml_node_t *mapping, const char *key)
{
    if (!mapping || mapping->type != YAML_MAPPING_NODE) {
        return NULL;
    }
    for (yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
         pair < mapping->data.mapping.pairs.top; pair++) {
        const yaml_node_t *name = yaml_document_get_node(document, pair->key);
        if (name->type == YAML_SCALAR_NODE &&
            !strcmp((const char *)name->data.scalar.value, key)) {
            return pair;
        }
    }
    return NULL;
}

static yaml_node_t *step_take(yaml_document_t *document, yaml_node_t *node,
                              const struct config_step *step)
{
    if (step->key) {
        const yaml_node_pair_t *pair = pair_find(document, node, step->key);
        return pair ? yaml_document_get_node(document, pair->value) : NULL;
    }
    if (node->type != YAML_SEQUENCE_NODE) {
        return NULL;
    }
    const yaml_node_item_t *item = node->data.sequence.items.start;
    bool is_there =
        (size_t)(node->data.sequence.items.top - item) > step->entry;
    return is_there ? yaml_document_get_node(document, item[step->entry])
                    : NULL;
}

yaml_node_t *config_yaml_find(yaml_document_t *document,
                              const struct config_path *path, size_t steps)
{
    yaml_node_t *node = yaml_document_get_root_node(document);
    for (size_t i = 0; i < steps && node; i++) {
        node = step_take(document, node, &path->step[i]);
    }
    return node;
}

struct config_path config_path_of(const char *list, size_t entry,
                                  const char *key)
{
    return (struct config_path){3, {{list, 0}, {NULL, entry}, {key, 0}}};
}

struct config_path config_path_within(struct config_path path, size_t entry,
                                      const char *key)
{
    path.step[path.steps++] = (struct config_step){NULL, entry};
    path.step[path.steps++] = (struct config_step){key, 0};
    return path;
}

struct config_place config_place_find(struct bytes text,
                                      const struct config_path *path)
{
    yaml_document_t document;
    struct config_place place = {0, 0};
    if (config_yaml_load(text, &document)) {
        return place;
    }
    const yaml_node_t *node = config_yaml_find(&document, path, path->steps);
    if (node) {
        place = (struct config_place){(int)node->start_mark.line + 1,
                                      (int)node->start_mark.column + 1};
    }
    yaml_document_delete(&document);
    return place;
}

/* ---- places in the text: libyaml counts characters ---- */

static size_t offset_of(struct bytes text, size_t characters)
{
    size_t at = 0;
    while (at < text.size && characters > 0) {
        at++;
        while (at < text.size && (text.data[at] & 0xc0) == 0x80) {
            at++;
        }
        characters--;
    }
    return at;
}

static size_t line_begin(struct bytes text, size_t at)
{
    while (at > 0 && text.data[at - 1] != '\n') {
        at--;
    }
    return at;
}

static size_t line_end(struct bytes text, size_t at)
{
    while (at < text.size && text.data[at] != '\n') {
        at++;
    }
    return at < text.size ? at + 1 : at;
}

/* A list's own end is where the next thing begins; its last entry's is not. */
static size_t node_end(yaml_document_t *document, const yaml_node_t *node)
{
    if (node->type == YAML_SEQUENCE_NODE &&
        node->data.sequence.style != YAML_FLOW_SEQUENCE_STYLE &&
        node->data.sequence.items.top > node->data.sequence.items.start) {
        node =
            yaml_document_get_node(document, node->data.sequence.items.top[-1]);
    }
    return node->end_mark.index;
}

/* One that runs over lines in a way of its own. */
static bool is_block_text(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE &&
           (node->data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
            node->data.scalar.style == YAML_FOLDED_SCALAR_STYLE);
}

struct range {
    size_t from, to; /* bytes */
};

static enum sting_status splice(struct bytes text, struct range range,
                                const char *with, struct buffer *out)
{
    enum sting_status status =
        buffer_append(out, (struct bytes){text.data, range.from});
    if (!status) {
        status = buffer_text_append(out, with);
    }
    return status ? status
                  : buffer_append(out, (struct bytes){text.data + range.to,
                                                      text.size - range.to});
}

/* ---- changes ---- */

/* The value of a pair, in its place. What stands between quotes may hold any
 * sign; a list over several lines may hold a comment, which would be lost. */
static enum sting_status value_replace(struct bytes text,
                                       yaml_document_t *document,
                                       const yaml_node_t *node,
                                       const char *value, struct buffer *out)
{
    const struct range range = {offset_of(text, node->start_mark.index),
                                offset_of(text, node_end(document, node))};
    bool has_comment =
        node->type != YAML_SCALAR_NODE &&
        memchr(text.data + range.from, '#', range.to - range.from) != NULL;
    if (range.from >= range.to || has_comment || is_block_text(node)) {
        return STING_E_UNSUPPORTED;
    }
    return splice(text, range, value, out);
}

/* A pair goes with its lines; a comment on the last of them stays. */
static enum sting_status pair_remove(struct bytes text,
                                     yaml_document_t *document,
                                     const yaml_node_pair_t *pair,
                                     struct buffer *out)
{
    const yaml_node_t *key = yaml_document_get_node(document, pair->key);
    const yaml_node_t *node = yaml_document_get_node(document, pair->value);
    size_t at = offset_of(text, key->start_mark.index);
    size_t end = offset_of(text, node_end(document, node));
    size_t begin = line_begin(text, at);
    struct range range = {begin, line_end(text, end)};
    bool is_alone = true;
    for (size_t i = begin; i < at; i++) {
        is_alone = is_alone && text.data[i] == ' ';
    }
    const uint8_t *mark = memchr(text.data + end, '#', range.to - end);
    if (!is_alone || is_block_text(node) ||
        memchr(text.data + at, '#', end - at)) {
        return STING_E_UNSUPPORTED;
    }
    if (mark) {
        range = (struct range){at, (size_t)(mark - text.data)};
    }
    return splice(text, range, "", out);
}

/* The first pair whose value ends on a line; NULL. */
static const yaml_node_pair_t *plain_pair(yaml_document_t *document,
                                          const yaml_node_t *mapping)
{
    for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
         pair < mapping->data.mapping.pairs.top; pair++) {
        const yaml_node_t *node = yaml_document_get_node(document, pair->value);
        if (node->type == YAML_SCALAR_NODE && !is_block_text(node)) {
            return pair;
        }
    }
    return NULL;
}

/* Another pair: on a line of its own behind a pair's, or within braces. */
static enum sting_status pair_insert(struct bytes text,
                                     yaml_document_t *document,
                                     const yaml_node_t *mapping,
                                     const char *pair, struct buffer *out)
{
    struct buffer made STING_AUTO(buffer_release) = {0};
    const yaml_node_pair_t *beside = plain_pair(document, mapping);
    if (!beside) {
        return STING_E_UNSUPPORTED;
    }
    const yaml_node_t *key = yaml_document_get_node(document, beside->key);
    const yaml_node_t *value = yaml_document_get_node(document, beside->value);
    bool is_flow = mapping->data.mapping.style == YAML_FLOW_MAPPING_STYLE;
    size_t at = is_flow
                    ? offset_of(text, key->start_mark.index)
                    : line_end(text, offset_of(text, value->end_mark.index));
    bool is_cut = !is_flow && text.data[at - 1] != '\n';
    enum sting_status status =
        is_flow ? buffer_printf(&made, "%s, %c", pair, 0)
                : buffer_printf(&made, "%s%*s%s\n%c", is_cut ? "\n" : "",
                                (int)key->start_mark.column, "", pair, 0);
    return status ? status
                  : splice(text, (struct range){at, at},
                           (const char *)made.data, out);
}

/* A key of the whole file comes last. */
static enum sting_status line_append(struct bytes text, const char *key,
                                     const char *below, const char *value,
                                     struct buffer *out)
{
    enum sting_status status = buffer_append(out, text);
    if (!status && text.size > 0 && text.data[text.size - 1] != '\n') {
        status = buffer_text_append(out, "\n");
    }
    if (status) {
        return status;
    }
    return below ? buffer_printf(out, "%s:\n  %s: %s\n", key, below, value)
                 : buffer_printf(out, "%s: %s\n", key, value);
}

static enum sting_status put_into(struct bytes text, yaml_document_t *document,
                                  const struct config_path *path,
                                  const char *value, struct buffer *out)
{
    struct buffer pair_text STING_AUTO(buffer_release) = {0};
    size_t last = path->steps - 1;
    const char *key = path->step[last].key;
    yaml_node_t *mapping = config_yaml_find(document, path, last);
    if (!mapping && *value) {
        return last == 1 ? line_append(text, path->step[0].key, key, value, out)
                         : STING_E_UNSUPPORTED;
    }
    const yaml_node_pair_t *pair = pair_find(document, mapping, key);
    if (pair) {
        return *value ? value_replace(
                            text, document,
                            yaml_document_get_node(document, pair->value),
                            value, out)
                      : pair_remove(text, document, pair, out);
    }
    if (!*value || last == 0) {
        return *value ? line_append(text, key, NULL, value, out)
                      : buffer_append(out, text);
    }
    if (mapping->type != YAML_MAPPING_NODE) {
        return STING_E_UNSUPPORTED;
    }
    enum sting_status status =
        buffer_printf(&pair_text, "%s: %s%c", key, value, 0);
    return status ? status
                  : pair_insert(text, document, mapping,
                                (const char *)pair_text.data, out);
}

enum sting_status config_yaml_put(struct bytes text,
                                  const struct config_path *path,
                                  const char *value, struct buffer *out)
{
    yaml_document_t document;
    enum sting_status status = config_yaml_load(text, &document);
    if (status) {
        return status;
    }
    status = put_into(text, &document, path, value, out);
    yaml_document_delete(&document);
    return status;
}
