/*
 * config_edit: operation.yaml changed at one place, the rest as it was
 * written, comments and all. What comes out has been read and says what was
 * wanted, or nothing comes out.
 */
#ifndef STING_OPERATION_CONFIG_EDIT_H
#define STING_OPERATION_CONFIG_EDIT_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "operation/config.h"

/* Append to *out the text with another `until:`, "2027-03-31" or a time.
 * Fails: E_ARG when that is no date, E_UNSUPPORTED when the text is laid out
 * so that it has to be edited by hand, E_NOMEM. */
STING_MUST_USE enum sting_status config_until_set(struct bytes text,
                                                  const char *until,
                                                  struct buffer *out,
                                                  struct fault *fault);

/* The same with these recipients and no others: lines of those that stay are
 * kept, the others go, new ones come last. */
struct config_recipients {
    size_t count;
    char text[CONFIG_MOST_RECIPIENTS][CONFIG_RECIPIENT_SIZE];
};
STING_MUST_USE enum sting_status config_recipients_set(
    struct bytes text, const struct config_recipients *wanted,
    struct buffer *out, struct fault *fault);

bool config_recipients_equal(const struct config *config,
                             const struct config_recipients *wanted);

#endif
