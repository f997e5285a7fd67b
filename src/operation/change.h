/*
 * change: what is changed in an operation that goes on: its end, and who its
 * records are sealed to. Each is told in the ledger before operation.yaml is
 * written anew; one that was cut off is finished by doing it again.
 */
#ifndef STING_OPERATION_CHANGE_H
#define STING_OPERATION_CHANGE_H

#include "base/base.h"
#include "base/fault.h"
#include "operation/config_edit.h"
#include "operation/operation.h"

/* Who changes it, and why; both stand in the ledger. Borrowed. */
struct change {
    const char *by;
    const char *why;
};

/* Another end, "2027-03-31" or a time: an `extend` line, a `config` line with
 * the new text sealed, the file. A running station goes by the line.
 * Fails: E_ARG, E_UNSUPPORTED (config_edit.h), as the writer does. */
STING_MUST_USE enum sting_status change_until(const struct operation *operation,
                                              const char *until,
                                              const struct change *change,
                                              struct fault *fault);

/* Another list of recipients, 2 at least, and names_recipients as
 * operation.yaml has them: a `recipients` line, a `config` line, the file. What
 * was sealed before stays as it is. Fails as above. */
STING_MUST_USE enum sting_status change_recipients(
    const struct operation *operation, const struct config_recipients *wanted,
    const struct change *change, struct fault *fault);

/* Other passphrases for the keys that lie under the first person's, or under
 * the second's: `old` must hold all that open them, the second person's with
 * two_people needs both. A file that opens under the new one already is left.
 * Each file is a `custody` line. Fails: E_FORGED (told in the ledger too). */
struct passphrase_change {
    struct people old;
    struct passphrase to;
    bool is_second; /* whose is changed */
};
STING_MUST_USE enum sting_status change_passphrase(
    const struct operation *operation, const struct passphrase_change *order,
    const struct change *change, size_t *files, struct fault *fault);

#endif
