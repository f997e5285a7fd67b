/*
 * kept: the files that stand beside the evidence, held against what the
 * ledger last said of them whenever somebody begins to write.
 *
 * operation.yaml and the locked keys may be changed by whoever runs an
 * operation; that they were is a line, with the account that was found to have
 * done it or to have come next. Other recipients than the ledger's are refused
 * until a named person confirms them (change.h): who can write into a folder
 * must not come to read what is sealed in it. A blind operation stays blind:
 * nobody confirms `blind: no`; nor does one become blind
 * that was made without, since names of before stay as they are.
 */
#ifndef STING_OPERATION_KEPT_H
#define STING_OPERATION_KEPT_H

#include "base/clock.h"
#include "ledger/store.h"
#include "ledger/told.h"
#include "operation/operation.h"

struct kept_order {
    struct moment now;
    bool begins;   /* a session: where this is, is told too */
    bool confirms; /* recipients: about to */
};

/* Tell what has changed, and refuse recipients that nobody confirmed, unless
 * this is about to confirm them; and always `blind: no` of what was made blind.
 * Fails: E_FORGED for those, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status kept_check(const struct operation *operation,
                                            struct ledger *ledger,
                                            const struct kept_order *order,
                                            struct fault *fault);

/* Where this folder is: 16 hex digits of SHA-256 over the machine's id and the
 * number that its file system gives to the ledger's file. Another machine has
 * another, and so has a copy. Gives `out` back. */
char *kept_place(int dir, char out[TOLD_PLACE_SIZE]);
bool kept_is_moved(const struct ledger *ledger);

/* What the ledger says whom things are sealed to. */
struct kept_recipients {
    char to[CONFIG_MOST_RECIPIENTS * CONFIG_RECIPIENT_SIZE]; /* with commas */
    char names[CONFIG_MOST_RECIPIENTS * CONFIG_RECIPIENT_SIZE]; /* or "" */
};
/* Fails: E_ABSENT without a ledger, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status kept_recipients_read(
    const struct operation *operation, struct kept_recipients *out,
    struct fault *fault);

/* Keys of a list with commas that the array lacks or has too many: the first
 * such one in *other, "" when both name the same. True: the same. */
bool kept_same(const char *told, const char (*list)[CONFIG_RECIPIENT_SIZE],
               size_t count, char other[CONFIG_RECIPIENT_SIZE]);

/* "a,b": the list as a line has it. */
void kept_list_text(const char (*list)[CONFIG_RECIPIENT_SIZE], size_t count,
                    char *out, size_t size);

/* SHA-256 of dir/path as hex. Fails: as file_read(). */
#define KEPT_MOST_KEY_BYTES ((size_t)64 * 1024)
STING_MUST_USE enum sting_status kept_digest(int dir, const char *path,
                                             char out[DIGEST_TEXT_SIZE],
                                             struct fault *fault);

#endif
