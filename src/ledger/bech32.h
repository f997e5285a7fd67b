/*
 * bech32: short keys as text that notices a slip of the pen.
 *
 * Source: BIP 173, without its limit of 90 characters, as age uses it.
 */
#ifndef STING_LEDGER_BECH32_H
#define STING_LEDGER_BECH32_H

#include "base/base.h"

#define BECH32_MOST_BYTES 64 /* of payload */
#define BECH32_MOST_TEXT 160 /* with the NUL */

/* Write `prefix` (lower case), payload and checksum in lower case. */
void bech32_write(const char *prefix, struct bytes payload,
                  char text[BECH32_MOST_TEXT]);

/* Read a payload of exactly `size` bytes under `prefix`; all lower or all
 * upper case. Fails: E_FORMAT; out kept. */
STING_MUST_USE enum sting_status bech32_read(struct bytes text,
                                             const char *prefix, uint8_t *out,
                                             size_t size);

#endif
