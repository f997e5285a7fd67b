/*
 * told: what the lines last said of files that stand beside the evidence.
 *
 * operation.yaml by `session` and `config` lines, files below keys/ by
 * `custody` lines, whom holders' names are sealed to by `recipients` lines.
 * A fold over lines in their order, without a file or a key.
 *
 * Format: docs/formats/ledger.md, "Files beside the evidence".
 * Limits: the first TOLD_MOST_FILES files.
 */
#ifndef STING_LEDGER_TOLD_H
#define STING_LEDGER_TOLD_H

#include "crypt/digest.h"
#include "ledger/age.h"
#include "ledger/line.h"

#define TOLD_MOST_FILES 8
#define TOLD_ITEM_SIZE 32
#define TOLD_PLACE_SIZE 20
#define TOLD_CONFIG_ITEM "operation.yaml"

struct told_file {
    char item[TOLD_ITEM_SIZE];
    char sha256[DIGEST_TEXT_SIZE]; /* "": it is not there */
    uint64_t seq;                  /* of the line that says so */
};

struct told_files {
    char config[DIGEST_TEXT_SIZE];        /* of operation.yaml; "": no line */
    char config_before[DIGEST_TEXT_SIZE]; /* and before that */
    char place[TOLD_PLACE_SIZE];          /* of the last session; "" */
    bool is_as_made;                      /* told from the beginning on */
    char refused[DIGEST_TEXT_SIZE];       /* an operation.yaml that was */
    char names[AGE_MOST_RECIPIENTS * AGE_TEXT_SIZE]; /* "age1...,age1..." */
    struct told_file file[TOLD_MOST_FILES];          /* below keys/ */
    size_t files;
};

/* Why of the `config` line behind the genesis. */
#define TOLD_AS_MADE "as it was made"

/* Take the next line; most change nothing. */
void told_take(struct told_files *told, const struct line *line);

/* What was last said of that file; NULL: nothing. Borrowed. */
const struct told_file *told_find(const struct told_files *told,
                                  const char *item);

#endif
