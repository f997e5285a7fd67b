/*
 * exhibit_seal: before a stretch of what a station records is given out, the
 * station seals and signs it.
 */
#ifndef STING_CLI_EXHIBIT_SEAL_H
#define STING_CLI_EXHIBIT_SEAL_H

#include "base/fault.h"
#include "exhibit/exhibit.h"

/* Has the station cut what it records where the stretch reaches behind what is
 * sealed, waits for that at most 15 s, and has all of it signed. Nothing
 * happens where no station runs. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status exhibit_seal(const struct operation *operation,
                                              const struct exhibit_order *order,
                                              struct fault *fault);

#endif
