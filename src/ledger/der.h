/*
 * der: tag, length and content of ASN.1, in its one distinguished form; views
 * in, bytes out.
 *
 * Source: ITU-T X.690, DER. Limits: tags below 31, lengths below 2^31.
 * Reading takes hostile input and allocates nothing.
 */
#ifndef STING_LEDGER_DER_H
#define STING_LEDGER_DER_H

#include "base/base.h"
#include "base/buffer.h"

#define DER_INTEGER 0x02
#define DER_SEQUENCE 0x30
#define DER_IMPLICIT(n) (0xa0 | (n)) /* constructed, context-specific */

/* Take the next element off *from; *whole (may be NULL) is with its tag and
 * length. Fails: E_ABSENT at the end, E_FORMAT; *from kept. */
STING_MUST_USE enum sting_status der_take(struct bytes *from, uint8_t *tag,
                                          struct bytes *content,
                                          struct bytes *whole);
/* The same when it must be of this tag: else E_FORMAT. */
STING_MUST_USE enum sting_status der_take_tag(struct bytes *from, uint8_t tag,
                                              struct bytes *content,
                                              struct bytes *whole);

/* Append one element. Fails: E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status der_append(struct buffer *out, uint8_t tag,
                                            struct bytes content);

#endif
