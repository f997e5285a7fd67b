/*
 * config_text: the operation.yaml that a new operation begins with.
 */
#ifndef STING_OPERATION_CONFIG_TEXT_H
#define STING_OPERATION_CONFIG_TEXT_H

#include "base/buffer.h"
#include "base/fault.h"
#include "operation/create.h"

/* Append the text, and read it back as config_parse() does.
 * Fails: E_ARG with the first mistake of the plan, E_NOMEM. */
STING_MUST_USE enum sting_status config_text_write(
    const struct operation_plan *plan, const struct operation_made *made,
    struct buffer *out, struct fault *fault);

#endif
