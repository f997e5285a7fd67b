/*
 * verify_map: the hash of a file without a copy of it.
 *
 * The file is mapped, window after window; copying it out of the page cache
 * would cost a tenth of what hashing costs. Where a page cannot be given (the
 * disk fails, somebody cuts the file meanwhile) the kernel's SIGBUS is caught
 * and the attempt given up: whoever asks reads the file the plain way then,
 * and tells what that way tells. So no verdict ever depends on a map.
 * Threads: any; the signal's handler is put back.
 */
#ifndef STING_LEDGER_VERIFY_MAP_H
#define STING_LEDGER_VERIFY_MAP_H

#include "base/base.h"
#include "crypt/digest.h"

/* Smaller files are read sooner than mapped. */
#define VERIFY_MAP_LEAST_BYTES 65536

/* The whole file, as long as it was at the beginning and the end.
 * Fails: E_UNSUPPORTED: read it. */
STING_MUST_USE enum sting_status verify_map_hash(int file, struct digest *out,
                                                 uint64_t *bytes);

#endif
