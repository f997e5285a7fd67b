/*
 * outside: what is given out does not lie in the operation's folder. There it
 * would stand in clear, copies below their holders' names, reports with them,
 * in the midst of what is sealed, and be carried along in every copy of the
 * record.
 */
#ifndef STING_OPERATION_OUTSIDE_H
#define STING_OPERATION_OUTSIDE_H

#include "base/fault.h"
#include "operation/operation.h"

/* Is `path`, a folder or file that need not be there yet, outside the
 * operation's, by whatever links it is named? `option`, as "--out", named it.
 * Fails: E_ARG when it is not, E_IO, E_LIMIT. */
STING_MUST_USE enum sting_status outside_check(
    const struct operation *operation, const char *option, const char *path,
    struct fault *fault);

#endif
