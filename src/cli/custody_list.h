/*
 * custody_list: who opened, took out, deleted or changed what, as the ledger
 * tells it. Needs no key.
 */
#ifndef STING_CLI_CUSTODY_LIST_H
#define STING_CLI_CUSTODY_LIST_H

#include "base/base.h"
#include "base/fault.h"

/* Print the lines of custody of the operation whose folder is open: for
 * people, or one object each (docs/formats/json.md). Fails: E_ABSENT, E_IO. */
STING_MUST_USE enum sting_status custody_list_print(int dir, bool as_json,
                                                    struct fault *fault);

#endif
