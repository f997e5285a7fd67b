/*
 * config_settings: what of operation.yaml may be written from afar: schedules,
 * names, words to the team, how long things are kept. A table says which keys;
 * none of them is a file, an address or a key, which would hand the machine's
 * files to a stranger, and none may be set so that less is recorded or kept
 * than before. What is not changed stays as it was written, comments and all.
 *
 * What comes out has been read and says what was wanted, or nothing comes out.
 */
#ifndef STING_OPERATION_CONFIG_SETTINGS_H
#define STING_OPERATION_CONFIG_SETTINGS_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "operation/config.h"

#define CONFIG_SETTING_NAME_SIZE 64
#define CONFIG_MOST_SETTINGS 1400

enum config_setting_type {
    CONFIG_SETTING_CHOICE, /* one of `words` */
    CONFIG_SETTING_NUMBER,
    CONFIG_SETTING_SIZE, /* bytes, "64M" */
    CONFIG_SETTING_WEEK, /* spans with "; " between, as week.h has them */
    CONFIG_SETTING_TEXT, /* one line */
};

struct config_setting {
    char name[CONFIG_SETTING_NAME_SIZE]; /* "alerts.2.quiet", from 1 */
    char of[2 * CONFIG_NAME_SIZE];       /* "webhook", "garage desk"; "" */
    enum config_setting_type type;
    const char *const *words;     /* of a choice; NULL-ended */
    const char *otherwise;        /* what is so where nothing is written; "" */
    char value[CONFIG_TEXT_SIZE]; /* as it is written; "": it is not */
};

struct config_settings {
    size_t count;
    struct config_setting *setting; /* owned */
};

void config_settings_release(struct config_settings *settings);

/* All that there are, in the table's order. Fails: E_FORMAT with mistakes,
 * E_NOMEM; *out kept. */
STING_MUST_USE enum sting_status config_settings_read(
    struct bytes text, struct config_settings *out,
    struct config_mistakes *mistakes);

/* Append to *out the text with other values: a line each, its name, a blank,
 * the value; an empty one takes the key out. Mistakes are those of the text
 * that would come of it, none when something else is wrong. Fails: E_ARG when
 * there is no such setting or it may not be set so, E_FORMAT with mistakes,
 * E_UNSUPPORTED when it has to be edited by hand, E_NOMEM. */
STING_MUST_USE enum sting_status config_settings_set(
    struct bytes text, const char *wanted, struct buffer *out,
    struct config_mistakes *mistakes, struct fault *fault);

/* "choice", "number", "size", "week", "text". */
const char *config_setting_type_name(enum config_setting_type type);

#endif
