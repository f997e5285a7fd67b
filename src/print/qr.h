/*
 * qr: a few bytes as a QR code of text, two modules a character, for a
 * terminal: black on white whatever its colours are.
 *
 * Source: ISO/IEC 18004 by libqrencode. Limits: 1000 bytes.
 */
#ifndef STING_PRINT_QR_H
#define STING_PRINT_QR_H

#include "base/base.h"
#include "base/buffer.h"

/* Append lines of half blocks, with the quiet zone around them.
 * Fails: E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status qr_text(struct bytes content,
                                         struct buffer *out);

#endif
