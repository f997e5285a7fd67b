/*
 * options: what stands on the command line, read by a table.
 *
 * "--name value", "--name=value" and flags may stand anywhere; "--" ends
 * them. What is no option is a word ("OP", "FILE"). Mistakes name the
 * nearest right option.
 */
#ifndef STING_CLI_OPTIONS_H
#define STING_CLI_OPTIONS_H

#include "base/base.h"
#include "base/fault.h"

#define OPTIONS_MOST_TEXTS 1024

enum option_kind {
    OPTION_FLAG,   /* bool */
    OPTION_TEXT,   /* const char *, borrowed from argv */
    OPTION_WORDS,  /* the same, for people to read: UTF-8, of
                      `least` bytes or more */
    OPTION_TEXTS,  /* struct option_texts: one or more words, up to the next
                      option, and again */
    OPTION_EACH,   /* struct option_texts: one word, may be given again */
    OPTION_NUMBER, /* int64_t from least to most */
    OPTION_TIME,   /* int64_t, microseconds UTC */
};

struct option_texts {
    size_t count;
    const char *text[OPTIONS_MOST_TEXTS];
};

struct option {
    const char *name; /* "--until" */
    enum option_kind kind;
    void *target;
    int64_t least; /* of numbers */
    int64_t most;
};

struct options {
    const struct option *option;
    size_t options;
    size_t least_words;
    size_t most_words;
    const char *usage; /* "sting log OP TEXT", for messages */
    char **word;       /* out: borrowed, a part of argv */
    size_t words;      /* out */
};

/* Read argv[1] to argv[argc - 1]; sorts argv's words to its front.
 * Fails: E_ARG. */
STING_MUST_USE enum sting_status options_parse(int argc, char **argv,
                                               struct options *options,
                                               struct fault *fault);

#endif
