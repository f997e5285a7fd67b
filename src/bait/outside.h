/*
 * outside: copies that are given out do not lie in the operation's folder.
 * There they would stand in clear, each below its holder's name, in the midst
 * of what is sealed, and be carried along in every copy of the record.
 */
#ifndef STING_BAIT_OUTSIDE_H
#define STING_BAIT_OUTSIDE_H

#include "base/fault.h"
#include "operation/operation.h"

/* Is `folder`, which need not be there yet, outside the operation's, by
 * whatever links it is named? Fails: E_ARG when it is not, E_IO, E_LIMIT. */
STING_MUST_USE enum sting_status outside_check(
    const struct operation *operation, const char *folder, struct fault *fault);

#endif
