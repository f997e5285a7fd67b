/*
 * dict: a dictionary's bytes with some of its values changed, all others
 * kept as they stand.
 */
#ifndef STING_PDF_DICT_H
#define STING_PDF_DICT_H

#include "base/base.h"
#include "base/buffer.h"

/* `value` NULL takes the key out; a key that is not there is added at the
 * end. Keys with their slash. */
struct dict_change {
    const char *key;
    const char *value;
};

/* Append `dict` ("<<" to ">>") with the changes. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status dict_write(struct bytes dict,
                                            const struct dict_change *change,
                                            size_t changes, struct buffer *out);

#endif
