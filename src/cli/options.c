#include "cli/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "operation/nearest.h"

#define MOST_OPTIONS 32

/* The words not read yet. */
struct cursor {
    char **argv;
    int argc;
    int at;
    struct options *options;
    struct fault *fault;
};

static const struct option *option_find(const struct options *options,
                                        const char *name, size_t length)
{
    for (size_t i = 0; i < options->options; i++) {
        const struct option *option = &options->option[i];
        if (strlen(option->name) == length &&
            !strncmp(option->name, name, length)) {
            return option;
        }
    }
    return NULL;
}

static enum sting_status unknown(const struct cursor *cursor, const char *name)
{
    const char *candidate[MOST_OPTIONS];
    size_t count = 0;
    for (; count < cursor->options->options && count < MOST_OPTIONS; count++) {
        candidate[count] = cursor->options->option[count].name;
    }
    const char *near = nearest_word(name, candidate, count);
    if (near) {
        char todo[80];
        snprintf(todo, sizeof todo, "did you mean %.60s?", near);
        return fault_set(cursor->fault, STING_E_ARG, todo,
                         "there is no option %.40s", name);
    }
    return fault_set(cursor->fault, STING_E_ARG, "see --help",
                     "there is no option %.40s", name);
}

static enum sting_status number_read(const struct option *option,
                                     const char *text, struct fault *fault)
{
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end || errno || value < option->least ||
        value > option->most) {
        return fault_set(fault, STING_E_ARG, "see --help",
                         "%s wants a whole number from %lld to %lld, not %.40s",
                         option->name, (long long)option->least,
                         (long long)option->most, text);
    }
    *(int64_t *)option->target = value;
    return STING_OK;
}

/* What stands in a ledger for good, and in what courts read. */
static enum sting_status words_read(const struct option *option,
                                    const char *text, struct fault *fault)
{
    bool is_blank = text[strspn(text, " ")] == '\0';
    if (is_blank && option->least > 0) {
        return fault_set(fault, STING_E_ARG, "say it, or leave it out",
                         "%s is empty", option->name);
    }
    if (!utf8_is_all(text)) {
        return fault_set(fault, STING_E_ARG, "say it in UTF-8",
                         "%s is in another encoding", option->name);
    }
    *(const char **)option->target = text;
    return STING_OK;
}

static enum sting_status value_read(const struct option *option,
                                    const char *text, struct fault *fault)
{
    switch (option->kind) {
    case OPTION_NUMBER:
        return number_read(option, text, fault);
    case OPTION_TIME:
        if (clock_parse(text, option->target)) {
            return fault_set(fault, STING_E_ARG, "",
                             "%s wants a time like 2027-03-31T18:00:00Z",
                             option->name);
        }
        return STING_OK;
    case OPTION_WORDS:
        return words_read(option, text, fault);
    case OPTION_EACH:
    case OPTION_TEXTS: {
        struct option_texts *list = option->target;
        if (list->count == OPTIONS_MOST_TEXTS) {
            return fault_set(fault, STING_E_ARG, "name fewer",
                             "%s is given too often", option->name);
        }
        list->text[list->count++] = text;
        return STING_OK;
    }
    default:
        *(const char **)option->target = text;
        return STING_OK;
    }
}

static bool is_option(const char *text)
{
    return text[0] == '-' && text[1] == '-';
}

/* The value or values of an option whose name has been read. */
static enum sting_status values_read(struct cursor *cursor,
                                     const struct option *option)
{
    enum sting_status status = STING_OK;
    bool is_list = option->kind == OPTION_TEXTS;
    int first = cursor->at;
    while (!status && cursor->at < cursor->argc &&
           !is_option(cursor->argv[cursor->at]) &&
           (is_list || cursor->at == first)) {
        status = value_read(option, cursor->argv[cursor->at++], cursor->fault);
    }
    if (!status && cursor->at == first) {
        return fault_set(cursor->fault, STING_E_ARG, "see --help",
                         "%s wants a value", option->name);
    }
    return status;
}

static enum sting_status option_read(struct cursor *cursor)
{
    const char *name = cursor->argv[cursor->at++];
    const char *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const struct option *option = option_find(cursor->options, name, length);
    if (!option) {
        return unknown(cursor, name);
    }
    if (option->kind == OPTION_FLAG && equals) {
        return fault_set(cursor->fault, STING_E_ARG, "", "%s takes no value",
                         option->name);
    }
    if (option->kind == OPTION_FLAG) {
        *(bool *)option->target = true;
        return STING_OK;
    }
    return equals ? value_read(option, equals + 1, cursor->fault)
                  : values_read(cursor, option);
}

static enum sting_status words_check(const struct options *options,
                                     struct fault *fault)
{
    if (options->words >= options->least_words &&
        options->words <= options->most_words) {
        return STING_OK;
    }
    char todo[160] = "usage: ";
    strncat(todo, options->usage, sizeof todo - strlen(todo) - 1);
    return fault_set(fault, STING_E_ARG, todo, "%s",
                     options->words < options->least_words
                         ? "something is missing"
                         : "there are too many words");
}

enum sting_status options_parse(int argc, char **argv, struct options *options,
                                struct fault *fault)
{
    struct cursor cursor = {argv, argc, 1, options, fault};
    bool options_ended = false;
    options->word = argv + (argc > 0);
    options->words = 0;
    while (cursor.at < argc) {
        char *word = argv[cursor.at];
        if (!options_ended && !strcmp(word, "--")) {
            options_ended = true;
            cursor.at++;
        } else if (!options_ended && is_option(word)) {
            enum sting_status status = option_read(&cursor);
            if (status) {
                return status;
            }
        } else {
            /* At or before what has been read, so nothing is lost. */
            options->word[options->words++] = word;
            cursor.at++;
        }
    }
    return words_check(options, fault);
}
