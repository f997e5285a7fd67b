/*
 * out_new: what is given out never takes the place of another file. The ledger
 * has the hash of what was given out before; it stays what it was.
 */
#ifndef STING_CLI_OUT_NEW_H
#define STING_CLI_OUT_NEW_H

#include "base/fault.h"

/* Is nothing at `path` yet? Fails: E_BUSY, with a fault that names it. */
STING_MUST_USE enum sting_status out_new(const char *path, struct fault *fault);

#endif
