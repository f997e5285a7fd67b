/*
 * out_new: what is given out never takes the place of another file. The ledger
 * has the hash of what was given out before; it stays what it was.
 */
#ifndef STING_CLI_OUT_NEW_H
#define STING_CLI_OUT_NEW_H

#include "base/buffer.h"
#include "base/fault.h"

/* Is nothing at `path` yet? Fails: E_BUSY, with a fault that names it. */
STING_MUST_USE enum sting_status out_new(const char *path, struct fault *fault);

/* Append the name of a stretch's film, from 1: look.mp4, look-2.mp4. Fails:
 * E_NOMEM. */
STING_MUST_USE enum sting_status out_film(const char *path, size_t film,
                                          struct buffer *out);

#endif
