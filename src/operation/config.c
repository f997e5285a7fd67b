#include "operation/config.h"

#include <stdlib.h>
#include <string.h>

#include "operation/config_schema.h"

#define DEFAULT_QUIET_US INT64_C(10000000)

void config_free(struct config **config)
{
    if (*config) {
        free((*config)->camera);
    }
    free(*config);
    *config = NULL;
}

int config_camera_find(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->cameras; i++) {
        if (!strcmp(config->camera[i].name, name)) {
            return (int)i;
        }
    }
    return -1;
}

/* Line and column of a byte: libyaml gives only its offset when the text is
 * no text. */
static yaml_mark_t mark_of(struct bytes text, size_t offset)
{
    yaml_mark_t at = {0};
    for (size_t i = 0; i < offset && i < text.size; i++) {
        at.column = text.data[i] == '\n' ? 0 : at.column + 1;
        at.line += text.data[i] == '\n';
    }
    return at;
}

static void syntax_mistake(struct config_reading *reading,
                           const yaml_parser_t *parser)
{
    yaml_mark_t at = parser->problem_mark;
    if (parser->error == YAML_READER_ERROR) {
        at = mark_of(reading->text, parser->problem_offset);
    }
    config_mistake_add(
        reading, at, "check indentation, colons and quotes", "%s",
        parser->problem ? parser->problem : "this cannot be read as YAML");
}

/* Tell when another document follows the first. */
static void check_end(struct config_reading *reading, yaml_parser_t *parser)
{
    yaml_document_t more;
    if (!yaml_parser_load(parser, &more)) {
        syntax_mistake(reading, parser);
        return;
    }
    yaml_node_t *root = yaml_document_get_root_node(&more);
    if (root) {
        config_mistake_add(reading, root->start_mark, "keep one document",
                           "a second document starts here");
    }
    yaml_document_delete(&more);
}

static void document_read(struct config_reading *reading, yaml_parser_t *parser)
{
    yaml_document_t document;
    if (!yaml_parser_load(parser, &document)) {
        syntax_mistake(reading, parser);
        return;
    }
    reading->document = &document;
    yaml_node_t *root = yaml_document_get_root_node(&document);
    if (root) {
        config_section_read(reading, &config_section_top, root,
                            reading->config);
        if (reading->config->blind && reading->config->names_to == 0) {
            config_mistake_add(reading, root->start_mark,
                               "list names_recipients: - age1...",
                               "with blind: yes it must say whom names are "
                               "sealed to");
        }
        check_end(reading, parser);
    } else {
        config_mistake_add(reading, (yaml_mark_t){0}, "start from sting new",
                           "the file is empty");
    }
    yaml_document_delete(&document);
    reading->document = NULL;
}

enum sting_status config_parse(struct bytes text, struct config **out,
                               struct config_mistakes *mistakes)
{
    struct config *config STING_AUTO(config_free) = calloc(1, sizeof *config);
    yaml_parser_t parser;
    *mistakes = (struct config_mistakes){0};
    if (!config || !yaml_parser_initialize(&parser)) {
        return STING_E_NOMEM;
    }
    config->until_utc_us = INT64_MAX;
    config->quiet_us = DEFAULT_QUIET_US;
    config->presence_a_day = 1;
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, text.data, text.size);
    struct config_reading reading = {
        .text = text, .config = config, .mistakes = mistakes};
    document_read(&reading, &parser);
    yaml_parser_delete(&parser);
    if (mistakes->count > 0) {
        return STING_E_FORMAT;
    }
    *out = config;
    config = NULL;
    return STING_OK;
}
