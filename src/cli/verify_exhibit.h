/*
 * verify_exhibit: sting verify, when what it was given is an exhibit.
 */
#ifndef STING_CLI_VERIFY_EXHIBIT_H
#define STING_CLI_VERIFY_EXHIBIT_H

#include "base/fault.h"

/* Check and print; gives the exit code. `case_key` is the fingerprint that
 * was expected, or NULL. */
int verify_exhibit(int folder, const char *name, const char *case_key,
                   bool as_json, struct fault *fault);

#endif
