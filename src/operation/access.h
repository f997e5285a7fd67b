/*
 * access: keys are unlocked, and the ledger tells by whom, when and why.
 *
 * The line is durable before the caller gets a key; where it cannot be
 * written, there is no key. A wrong passphrase is a line too.
 *
 * Limits: nobody is kept from opening sealed files with Debian's age and an
 * identity; what sting itself opens is counted.
 */
#ifndef STING_OPERATION_ACCESS_H
#define STING_OPERATION_ACCESS_H

#include "base/base.h"
#include "base/fault.h"
#include "operation/operation.h"

#define ACCESS_MOST_REASON 500 /* bytes; it stands in the ledger in clear */

/* Who wants to open what. All borrowed. */
struct access {
    const char *command; /* "dossier": what it is opened with */
    const char *of;      /* what is looked at, "incident 3"; NULL: the whole */
    const char *by;      /* NULL: who is logged in here */
    const char *why;     /* NULL: no reason was asked for */
    const char *const *passphrase_file; /* the first person's, the second's */
    size_t passphrase_files;            /* fewer: the terminal is asked */
    bool confirms; /* recipients that nobody confirmed are what it is about */
};

/* Unlock the keys named in `which` and write the `unlock` line that says so.
 * OPERATION_NAMES is left out where the operation is not blind.
 * Where only the second person's passphrase is needed, it is the first file.
 * Fails: E_ARG for a reason that is too long, as operation_keys_unlock_by(),
 * passphrase_read() and writer_line() do; *out is wiped then. */
STING_MUST_USE enum sting_status access_open(const struct operation *operation,
                                             unsigned which,
                                             const struct access *access,
                                             struct operation_keys *out,
                                             struct fault *fault);

/* Its two halves, for `sting verify` alone, which shows nothing of what it
 * opens and judges a folder as it lies there: the line comes after the verdict.
 * Fail as access_open(). */
STING_MUST_USE enum sting_status access_unlock(
    const struct operation *operation, unsigned which,
    const struct access *access, struct operation_keys *out,
    struct fault *fault);
STING_MUST_USE enum sting_status access_tell(const struct operation *operation,
                                             unsigned which,
                                             const struct access *access,
                                             struct fault *fault);

/* Who is logged in, for `by`: the account's name, or its number. */
#define ACCESS_NAME_SIZE 64
const char *access_user(char name[ACCESS_NAME_SIZE]);

#endif
