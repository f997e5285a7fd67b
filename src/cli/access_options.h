/*
 * access_options: what every command that opens sealed things is asked for:
 * passphrases, who, and why.
 */
#ifndef STING_CLI_ACCESS_OPTIONS_H
#define STING_CLI_ACCESS_OPTIONS_H

#include "cli/options.h"
#include "operation/access.h"

struct access_options {
    struct option_texts passphrase_file;
    const char *by;
    const char *reason;
};

/* Their rows in a command's table of options. */
#define ACCESS_PASSPHRASE(target)                                              \
    {                                                                          \
        "--passphrase-file", OPTION_EACH, &(target)->passphrase_file, 0, 0     \
    }
#define ACCESS_BY(target)                                                      \
    {                                                                          \
        "--by", OPTION_WORDS, &(target)->by, 1, 0                              \
    }
#define ACCESS_REASON(target)                                                  \
    {                                                                          \
        "--reason", OPTION_WORDS, &(target)->reason, 0, 0                      \
    }

/* Their lines in a command's help. */
#define ACCESS_HELP                                                            \
    "  --passphrase-file F  first line is the passphrase; given twice where\n" \
    "                       the operation needs two people. Without it the\n"  \
    "                       terminal is asked\n"                               \
    "  --by WHO             who opens it; else the account's name\n"           \
    "  --reason TEXT        why. Both stand in the ledger, in clear\n"

/* What access_open() takes; borrows from *options. */
struct access access_of(const struct access_options *options,
                        const char *command, const char *of);

/* People see footage: ask for a reason where none was given. Fails: E_ARG
 * without a terminal, or when nothing was answered. */
STING_MUST_USE enum sting_status access_reason_need(
    struct access_options *options, struct fault *fault);

#endif
