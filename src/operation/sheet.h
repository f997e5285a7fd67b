/*
 * sheet: the text head of a sealed file, one "key value" a line.
 *
 * Read strictly and in order, so that a sheet has one form only.
 */
#ifndef STING_OPERATION_SHEET_H
#define STING_OPERATION_SHEET_H

#include "base/base.h"
#include "base/buffer.h"
#include "crypt/digest.h"

/* Take off the front of *from what it has to begin with. Fails: E_FORMAT;
 * *from kept. */
STING_MUST_USE enum sting_status sheet_take_magic(struct bytes *from,
                                                  const char *magic);

/* Take the next line, which must be "KEY VALUE", off the front of *from.
 * `value` is borrowed. Fails: E_FORMAT; *from kept. */
STING_MUST_USE enum sting_status sheet_take(struct bytes *from, const char *key,
                                            struct bytes *value);

/* Take a value of a given kind. Fails: E_FORMAT. */
STING_MUST_USE enum sting_status sheet_take_text(struct bytes *from,
                                                 const char *key, char *out,
                                                 size_t size);
STING_MUST_USE enum sting_status sheet_take_number(struct bytes *from,
                                                   const char *key,
                                                   int64_t most, int64_t *out);
STING_MUST_USE enum sting_status sheet_take_digest(struct bytes *from,
                                                   const char *key,
                                                   struct digest *out);
STING_MUST_USE enum sting_status sheet_take_time(struct bytes *from,
                                                 const char *key, int64_t *out);

/* Is it UTF-8 without control characters, not empty? */
bool sheet_text_is_valid(const char *text);

#endif
