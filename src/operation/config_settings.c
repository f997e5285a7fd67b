#include "operation/config_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "operation/config_settings_check.h"
#include "operation/config_yaml.h"

#define MOST_VALUE (CONFIG_TEXT_SIZE - 1)
#define MOST_SPANS_TEXT 2048

static const char *const record_word[] = {"always", "incidents", NULL};
static const char *const tier_word[] = {"presence", "touch", NULL};
static const char *const look_word[] = {"keyframes", "all", NULL};

/* Which keys. "#" stands for each entry of a list. */
static const struct row {
    const char *path;
    enum config_setting_type type;
    const char *const *words;
    const char *otherwise;
} row[] = {
    {"record", CONFIG_SETTING_CHOICE, record_word, "always"},
    {"quiet_s", CONFIG_SETTING_NUMBER, NULL, "10"},
    {"exit_criteria", CONFIG_SETTING_TEXT, NULL, ""},
    {"false_alarms.presence_a_day", CONFIG_SETTING_NUMBER, NULL, "1"},
    {"retention.days", CONFIG_SETTING_NUMBER, NULL, ""},
    {"retention.bytes", CONFIG_SETTING_SIZE, NULL, ""},
    {"alerts.#.tier", CONFIG_SETTING_CHOICE, tier_word, "presence"},
    {"alerts.#.after_s", CONFIG_SETTING_NUMBER, NULL, ""},
    {"alerts.#.hours", CONFIG_SETTING_WEEK, NULL, ""},
    {"alerts.#.quiet", CONFIG_SETTING_WEEK, NULL, ""},
    {"staff.#.name", CONFIG_SETTING_TEXT, NULL, ""},
    {"staff.#.hours", CONFIG_SETTING_WEEK, NULL, ""},
    {"cameras.#.look", CONFIG_SETTING_CHOICE, look_word, "keyframes"},
    {"cameras.#.zones.#.instruction", CONFIG_SETTING_TEXT, NULL, ""},
};
#define ROWS (sizeof row / sizeof *row)

const char *config_setting_type_name(enum config_setting_type type)
{
    static const char *const name[] = {
        [CONFIG_SETTING_CHOICE] = "choice", [CONFIG_SETTING_NUMBER] = "number",
        [CONFIG_SETTING_SIZE] = "size",     [CONFIG_SETTING_WEEK] = "week",
        [CONFIG_SETTING_TEXT] = "text",
    };
    return name[type];
}

void config_settings_release(struct config_settings *settings)
{
    free(settings->setting);
    *settings = (struct config_settings){0};
}

static void text_release(char **text)
{
    free(*text);
}

/* ---- paths ---- */

/* The words of a path, cut in place; entries are counted from 1 in text. */
static bool path_read(char *text, struct config_path *out)
{
    char *rest = NULL;
    out->steps = 0;
    for (char *word = strtok_r(text, ".", &rest); word;
         word = strtok_r(NULL, ".", &rest)) {
        const char *digits = word;
        uint32_t entry = 0;
        if (out->steps == CONFIG_MOST_STEPS) {
            return false;
        }
        bool is_entry = digits_read(&digits, 4, &entry) && !*digits;
        if (is_entry && entry == 0) {
            return false;
        }
        out->step[out->steps++] = is_entry
                                      ? (struct config_step){NULL, entry - 1}
                                      : (struct config_step){word, 0};
    }
    return out->steps > 0;
}

/* Is `name` like that path, with numbers in the place of "#"? */
static bool is_like(const char *name, const char *path)
{
    for (; *path; path++) {
        uint32_t entry = 0;
        if (*path == '#') {
            if (!digits_read(&name, 4, &entry) || entry == 0) {
                return false;
            }
        } else if (*name++ != *path) {
            return false;
        }
    }
    return !*name;
}

static const struct row *row_of(const char *name)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (is_like(name, row[i].path)) {
            return &row[i];
        }
    }
    return NULL;
}

/* ---- reading ---- */

struct collecting {
    yaml_document_t *document;
    const struct config *config;
    struct config_settings *out;
};

static void scalar_append(const yaml_node_t *node, char *out, size_t size)
{
    size_t used = strlen(out);
    if (node && node->type == YAML_SCALAR_NODE) {
        snprintf(out + used, size - used, "%s%s", used ? "; " : "",
                 (const char *)node->data.scalar.value);
    }
}

static void value_text(yaml_document_t *document, const yaml_node_t *node,
                       char out[CONFIG_TEXT_SIZE])
{
    out[0] = '\0';
    if (node && node->type == YAML_SEQUENCE_NODE) {
        for (const yaml_node_item_t *item = node->data.sequence.items.start;
             item < node->data.sequence.items.top; item++) {
            scalar_append(yaml_document_get_node(document, *item), out,
                          CONFIG_TEXT_SIZE);
        }
    } else {
        scalar_append(node, out, CONFIG_TEXT_SIZE);
    }
}

static const char *channel_of(const struct config_alert *alert)
{
    return *alert->webhook ? "webhook"
           : *alert->mail  ? "mail"
           : *alert->mqtt  ? "mqtt"
                           : "syslog";
}

/* Whose setting it is; no address, which may hold a password. */
static void owner_text(const struct config *config,
                       const struct config_path *path, char *out, size_t size)
{
    const char *list = path->step[0].key;
    size_t entry = path->steps > 1 ? path->step[1].entry : 0;
    out[0] = '\0';
    if (!strcmp(list, "alerts") && entry < config->alerts) {
        snprintf(out, size, "%s", channel_of(&config->alert[entry]));
    } else if (!strcmp(list, "staff") && entry < config->staff_count) {
        snprintf(out, size, "%.60s", config->staff[entry].name);
    } else if (!strcmp(list, "cameras") && entry < config->cameras) {
        const struct config_camera *camera = &config->camera[entry];
        size_t zone = path->steps > 3 ? path->step[3].entry : SIZE_MAX;
        bool has_zone = zone < camera->zones;
        snprintf(out, size, "%s%s%s", camera->name, has_zone ? " " : "",
                 has_zone ? camera->zone[zone].name : "");
    }
}

static bool is_word_or_none(const struct config_setting *setting)
{
    bool is_one = !setting->words || !setting->value[0];
    for (const char *const *word = setting->words; !is_one && *word; word++) {
        is_one = !strcmp(*word, setting->value);
    }
    return is_one;
}

static void setting_add(struct collecting *in, const struct row *of,
                        const char *name)
{
    char words[CONFIG_SETTING_NAME_SIZE];
    struct config_path path;
    struct config_setting *setting = &in->out->setting[in->out->count];
    snprintf(words, sizeof words, "%s", name);
    if (in->out->count == CONFIG_MOST_SETTINGS || !path_read(words, &path)) {
        return;
    }
    snprintf(setting->name, sizeof setting->name, "%s", name);
    setting->type = of->type;
    setting->words = of->words;
    setting->otherwise = of->otherwise;
    owner_text(in->config, &path, setting->of, sizeof setting->of);
    value_text(in->document, config_yaml_find(in->document, &path, path.steps),
               setting->value);
    if (is_word_or_none(setting)) { /* else the file alone may change it */
        in->out->count++;
    }
}

static size_t entries_at(struct collecting *in, const char *name)
{
    char words[CONFIG_SETTING_NAME_SIZE];
    struct config_path path;
    snprintf(words, sizeof words, "%s", name);
    const yaml_node_t *node =
        path_read(words, &path)
            ? config_yaml_find(in->document, &path, path.steps)
            : NULL;
    return node && node->type == YAML_SEQUENCE_NODE
               ? (size_t)(node->data.sequence.items.top -
                          node->data.sequence.items.start)
               : 0;
}

/* All settings of a row: with a number for each "#" in turn. At most two. */
static void row_collect(struct collecting *in, const struct row *of,
                        const char *name)
{
    char next[CONFIG_SETTING_NAME_SIZE];
    const char *mark = strchr(name, '#');
    if (!mark) {
        setting_add(in, of, name);
        return;
    }
    snprintf(next, sizeof next, "%.*s", (int)(mark - name - 1), name);
    size_t entries = entries_at(in, next);
    for (size_t i = 1; i <= entries; i++) {
        snprintf(next, sizeof next, "%.*s%zu%s", (int)(mark - name), name, i,
                 mark + 1);
        row_collect(in, of, next);
    }
}

enum sting_status config_settings_read(struct bytes text,
                                       struct config_settings *out,
                                       struct config_mistakes *mistakes)
{
    struct config *config STING_AUTO(config_free) = NULL;
    struct config_settings made STING_AUTO(config_settings_release) = {0};
    yaml_document_t document;
    enum sting_status status = config_parse(text, &config, mistakes);
    if (status) {
        return status;
    }
    made.setting = calloc(CONFIG_MOST_SETTINGS, sizeof *made.setting);
    if (!made.setting) {
        return STING_E_NOMEM;
    }
    status = config_yaml_load(text, &document);
    if (status) {
        return status;
    }
    struct collecting in = {&document, config, &made};
    for (size_t i = 0; i < ROWS; i++) {
        row_collect(&in, &row[i], row[i].path);
    }
    yaml_document_delete(&document);
    *out = made;
    made = (struct config_settings){0};
    return STING_OK;
}

/* ---- writing ---- */

/* Text between double quotes, as YAML has it. */
static enum sting_status quoted(const char *text, size_t size,
                                struct buffer *out)
{
    enum sting_status status = buffer_text_append(out, "\"");
    for (size_t i = 0; i < size && !status; i++) {
        bool is_mark = text[i] == '"' || text[i] == '\\';
        status = buffer_printf(out, "%s%c", is_mark ? "\\" : "", text[i]);
    }
    return status ? status : buffer_text_append(out, "\"");
}

/* "a; b" as ["a", "b"]. */
static enum sting_status spans_write(const char *text, struct buffer *out)
{
    enum sting_status status = buffer_text_append(out, "[");
    for (bool is_first = true; *text && !status; is_first = false) {
        text += strspn(text, " ");
        size_t size = strcspn(text, ";");
        size_t kept = size;
        while (kept > 0 && text[kept - 1] == ' ') {
            kept--;
        }
        if (!is_first) {
            status = buffer_text_append(out, ", ");
        }
        if (!status) {
            status = quoted(text, kept, out);
        }
        text += size + (text[size] == ';');
    }
    return status ? status : buffer_text_append(out, "]");
}

/* A value as it is written: words and numbers plain, the rest quoted. */
static enum sting_status value_write(const struct row *of, const char *value,
                                     struct buffer *out, struct fault *fault)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    bool is_plain =
        of->type != CONFIG_SETTING_TEXT && of->type != CONFIG_SETTING_WEEK;
    enum sting_status status = STING_OK;
    if (is_plain && value[strspn(value, plain)]) {
        return fault_set(fault, STING_E_ARG, "", "\"%.40s\" is no value of %s",
                         value, of->path);
    }
    if (*value) {
        status = is_plain ? buffer_text_append(out, value)
                 : of->type == CONFIG_SETTING_WEEK
                     ? spans_write(value, out)
                     : quoted(value, strlen(value), out);
    }
    return status ? status
                  : buffer_append(out, (struct bytes){(const uint8_t *)"", 1});
}

static enum sting_status one_set(struct bytes text, const char *name,
                                 const char *value, struct buffer *out,
                                 struct fault *fault)
{
    char words[CONFIG_SETTING_NAME_SIZE];
    struct config_path path;
    struct buffer made STING_AUTO(buffer_release) = {0};
    const struct row *of = row_of(name);
    snprintf(words, sizeof words, "%s", name);
    if (!of || strlen(name) >= sizeof words || !path_read(words, &path)) {
        return fault_set(fault, STING_E_ARG,
                         "files, addresses and keys are the machine's",
                         "\"%.60s\" is not set from afar", name);
    }
    enum sting_status status = value_write(of, value, &made, fault);
    if (!status) {
        status = config_yaml_put(text, &path, (const char *)made.data, out);
    }
    return status == STING_E_UNSUPPORTED
               ? fault_set(
                     fault, status, "write one key a line, as sting new does",
                     "\"%s\" has to be edited by hand in %s", name, CONFIG_FILE)
               : status;
}

/* The same but for blanks between spans. */
static bool is_same_value(const char *a, const char *b)
{
    for (;;) {
        a += strspn(a, " ");
        b += strspn(b, " ");
        if (*a != *b || !*a) {
            return *a == *b;
        }
        a++;
        b++;
    }
}

/* What the lines want of that setting, the last of them; NULL. */
static const char *wanted_of(const char *lines, const char *name, char *out)
{
    const char *found = NULL;
    size_t size = strlen(name);
    for (; *lines; lines += strcspn(lines, "\n"), lines += *lines == '\n') {
        if (!strncmp(lines, name, size) &&
            (lines[size] == ' ' || lines[size] == '\n' || !lines[size])) {
            found = lines + size;
        }
    }
    if (found) {
        snprintf(out, CONFIG_TEXT_SIZE, "%.*s", (int)strcspn(found, "\n"),
                 found);
    }
    return found ? out : NULL;
}

/* The new text says what was wanted, and else what it said before. */
static enum sting_status values_check(struct bytes before, struct bytes after,
                                      const char *wanted, bool *is_right)
{
    struct config_settings was STING_AUTO(config_settings_release) = {0};
    struct config_settings is STING_AUTO(config_settings_release) = {0};
    struct config_mistakes mistakes;
    enum sting_status status = config_settings_read(before, &was, &mistakes);
    if (!status) {
        status = config_settings_read(after, &is, &mistakes);
    }
    *is_right = !status && was.count == is.count;
    for (size_t i = 0; *is_right && i < is.count; i++) {
        char text[CONFIG_TEXT_SIZE];
        const char *want = wanted_of(wanted, is.setting[i].name, text);
        *is_right = !strcmp(was.setting[i].name, is.setting[i].name) &&
                    is_same_value(want ? want : was.setting[i].value,
                                  is.setting[i].value);
    }
    return status;
}

/* Each line of `wanted` in turn, one text made of the other. */
static enum sting_status all_set(struct bytes text, char *wanted,
                                 struct buffer *made, struct fault *fault)
{
    char *rest = NULL;
    enum sting_status status = buffer_append(made, text);
    for (char *line = strtok_r(wanted, "\n", &rest); line && !status;
         line = strtok_r(NULL, "\n", &rest)) {
        struct buffer next STING_AUTO(buffer_release) = {0};
        char *blank = strchr(line, ' ');
        const char *value = blank ? blank + 1 : "";
        if (blank) {
            *blank = '\0';
        }
        status = strlen(value) > MOST_VALUE
                     ? fault_set(fault, STING_E_ARG, "make it shorter",
                                 "\"%.60s\" is too long", line)
                     : one_set(buffer_bytes(made), line, value, &next, fault);
        if (!status) {
            made->size = 0;
            status = buffer_append(made, buffer_bytes(&next));
        }
    }
    return status;
}

enum sting_status config_settings_set(struct bytes text, const char *wanted,
                                      struct buffer *out,
                                      struct config_mistakes *mistakes,
                                      struct fault *fault)
{
    struct config *before STING_AUTO(config_free) = NULL;
    struct config *after STING_AUTO(config_free) = NULL;
    struct buffer made STING_AUTO(buffer_release) = {0};
    char *lines STING_AUTO(text_release) = strdup(wanted);
    enum sting_status status = config_parse(text, &before, mistakes);
    if (status || !lines) {
        return fault_set(fault, lines ? status : STING_E_NOMEM,
                         "run sting check", "%s has mistakes already",
                         CONFIG_FILE);
    }
    status = all_set(text, lines, &made, fault);
    if (!status) {
        status = config_parse(buffer_bytes(&made), &after, mistakes);
    }
    if (status) {
        return status == STING_E_FORMAT
                   ? fault_set(fault, status, "", "that would be a mistake")
                   : status;
    }
    if (config_settings_are_less(before, after)) {
        return fault_set(fault, STING_E_ARG,
                         "change it in " CONFIG_FILE " on the machine",
                         "less would be recorded or kept than now");
    }
    bool is_right = false;
    status = values_check(text, buffer_bytes(&made), wanted, &is_right);
    if (status) {
        return status;
    }
    if (!is_right || !config_settings_else_same(before, after)) {
        return fault_set(fault, STING_E_UNSUPPORTED,
                         "write one key a line, as sting new does",
                         "it has to be edited by hand in %s", CONFIG_FILE);
    }
    return buffer_append(out, buffer_bytes(&made));
}
