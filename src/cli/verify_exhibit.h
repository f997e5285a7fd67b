/*
 * verify_exhibit: sting verify, when what it was given is an exhibit.
 */
#ifndef STING_CLI_VERIFY_EXHIBIT_H
#define STING_CLI_VERIFY_EXHIBIT_H

#include "base/fault.h"
#include "cli/verify_outside.h"

/* Check and print; gives the exit code. `case_key` is the fingerprint that
 * was expected, or NULL; `outside` what is known of outsiders. */
int verify_exhibit(int folder, const char *name, const char *case_key,
                   const struct outside *outside, bool as_json,
                   struct fault *fault);

#endif
