/*
 * log_list: what people wrote down, in the order of the ledger.
 */
#ifndef STING_CLI_LOG_LIST_H
#define STING_CLI_LOG_LIST_H

#include "operation/access.h"

struct log_look {
    bool as_json;
    bool shows; /* their words, at the console too */
};

/* Print entries and marks of incidents; what they say only where a passphrase
 * file is given, which is told in the ledger before anything is opened.
 * Fails: E_ABSENT without a ledger, as access_open(), E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status log_list(const struct operation *operation,
                                          const struct access *access,
                                          const struct log_look *look,
                                          struct fault *fault);

#endif
