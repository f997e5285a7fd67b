/*
 * torn: may lost power have left the end of a file like this?
 *
 * A disk writes sectors of 512 bytes whole, in any order. An end that was
 * asked for and never synced is therefore cut short, or has sectors whose
 * bytes are all zero. No line and no note of ours holds a zero byte.
 *
 * Limits: says what is possible, not what happened. What may be torn was
 * never signed, so that nothing is claimed of it either way.
 */
#ifndef STING_LEDGER_TORN_H
#define STING_LEDGER_TORN_H

#include "base/base.h"

/* Does this end of a file, which begins at `offset` in it, lack a sector? */
bool torn_has_hole(struct bytes end, uint64_t offset);

/* May this end of a file of notes be one note that was never finished? False
 * for a note that is whole, and for one that another change would explain. */
bool torn_is_note(struct bytes end, uint64_t offset);

#endif
