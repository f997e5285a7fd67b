#include "operation/config_edit.h"

#include <string.h>

#include "base/clock.h"

/* The line that begins at text.data, with its LF. */
static struct bytes line_at(struct bytes text)
{
    const uint8_t *end = text.size ? memchr(text.data, '\n', text.size) : NULL;
    size_t size = end ? (size_t)(end - text.data) + 1 : text.size;
    return (struct bytes){text.data, size};
}

static bool starts(struct bytes line, const char *with)
{
    size_t size = strlen(with);
    return line.size >= size && !memcmp(line.data, with, size);
}

static bool holds(struct bytes line, const char *what)
{
    return memmem(line.data, line.size, what, strlen(what)) != NULL;
}

/* Lines below a key belong to it as long as they are indented or items. */
static bool is_below(struct bytes line)
{
    return line.size > 0 && (line.data[0] == ' ' || line.data[0] == '-');
}

static enum sting_status edited_by_hand(struct fault *fault)
{
    return fault_set(
        fault, STING_E_UNSUPPORTED, "write one key a line, as sting new does",
        "%s is laid out so that it has to be edited by hand", CONFIG_FILE);
}

/* Read what was made; the caller compares. */
static enum sting_status reread(const struct buffer *text, size_t from,
                                struct config **out, struct fault *fault)
{
    struct config_mistakes mistakes;
    const struct bytes made = {text->data + from, text->size - from};
    enum sting_status status = config_parse(made, out, &mistakes);
    return status == STING_E_FORMAT ? edited_by_hand(fault) : status;
}

enum sting_status config_until_set(struct bytes text, const char *until,
                                   struct buffer *out, struct fault *fault)
{
    struct config *config STING_AUTO(config_free) = NULL;
    size_t start = out->size;
    bool is_done = false;
    int64_t wanted_us = 0;
    enum sting_status status = STING_OK;
    if (clock_parse(until, &wanted_us)) {
        return fault_set(fault, STING_E_ARG,
                         "write a date like 2027-03-31, or "
                         "2027-03-31T18:00:00Z",
                         "\"%.40s\" is no date", until);
    }
    bool has_one = starts(text, "until:") || holds(text, "\nuntil:");
    while (text.size > 0 && !status) {
        struct bytes line = line_at(text);
        bool is_place = starts(line, has_one ? "until:" : "recipients:");
        if (is_place && !is_done) {
            status = buffer_printf(out, "until: \"%s\"\n", until);
            is_done = true;
        }
        if (!status && !(is_place && has_one)) {
            status = buffer_append(out, line);
        }
        text.data += line.size;
        text.size -= line.size;
    }
    if (!status) {
        status = reread(out, start, &config, fault);
    }
    if (!status && config->until_utc_us != wanted_us) {
        status = edited_by_hand(fault);
    }
    return status;
}

bool config_recipients_equal(const struct config *config,
                             const struct config_recipients *wanted)
{
    size_t same = 0;
    for (size_t i = 0; i < config->recipients; i++) {
        for (size_t w = 0; w < wanted->count; w++) {
            same += !strcmp(config->recipient[i], wanted->text[w]);
        }
    }
    return same == wanted->count && same == config->recipients;
}

/* Copy a line of the list if it is to stay; note which one it names. */
static enum sting_status item_copy(struct bytes line,
                                   const struct config_recipients *wanted,
                                   bool *is_there, struct buffer *out)
{
    bool names_one = holds(line, "age1");
    bool stays = !names_one;
    for (size_t i = 0; i < wanted->count; i++) {
        if (names_one && holds(line, wanted->text[i])) {
            stays = true;
            is_there[i] = true;
        }
    }
    return stays ? buffer_append(out, line) : STING_OK;
}

static enum sting_status items_add(const struct config_recipients *wanted,
                                   const bool *is_there, struct buffer *out)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < wanted->count && !status; i++) {
        if (!is_there[i]) {
            status = buffer_printf(out, "  - %s\n", wanted->text[i]);
        }
    }
    return status;
}

/* All lines, with the list's items as they are to be. */
static enum sting_status items_replace(struct bytes text,
                                       const struct config_recipients *wanted,
                                       struct buffer *out)
{
    bool is_there[CONFIG_MOST_RECIPIENTS] = {false};
    enum { BEFORE, INSIDE, BEHIND } place = BEFORE;
    enum sting_status status = STING_OK;
    while (text.size > 0 && !status) {
        struct bytes line = line_at(text);
        if (place == INSIDE && !is_below(line)) {
            place = BEHIND;
            status = items_add(wanted, is_there, out);
        }
        if (!status) {
            status = place == INSIDE ? item_copy(line, wanted, is_there, out)
                                     : buffer_append(out, line);
        }
        if (place == BEFORE && starts(line, "recipients:")) {
            place = INSIDE;
        }
        text.data += line.size;
        text.size -= line.size;
    }
    return status || place != INSIDE ? status
                                     : items_add(wanted, is_there, out);
}

enum sting_status config_recipients_set(struct bytes text,
                                        const struct config_recipients *wanted,
                                        struct buffer *out, struct fault *fault)
{
    struct config *config STING_AUTO(config_free) = NULL;
    size_t start = out->size;
    enum sting_status status = items_replace(text, wanted, out);
    if (!status) {
        status = reread(out, start, &config, fault);
    }
    if (!status && !config_recipients_equal(config, wanted)) {
        status = edited_by_hand(fault);
    }
    return status;
}
