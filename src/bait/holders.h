/*
 * holders: whom or what places a batch of copies goes to.
 *
 * A holder's name is kept as given, but for spaces around it and for letters
 * that can be written in two ways (NFC, Unicode Standard Annex 15). It is also,
 * made harmless, the name of the folder that its copy is written to; no two
 * may share one.
 */
#ifndef STING_BAIT_HOLDERS_H
#define STING_BAIT_HOLDERS_H

#include "base/base.h"
#include "base/fault.h"
#include "crypt/random.h"
#include "operation/holder_list.h"
#include "operation/register.h"

struct holders {
    struct holder_list list;
    const char *column; /* borrowed: of the table they are from, by its
                           heading; NULL: it had none, or no table */
    uint32_t *slot;     /* owned: hash table of index + 1, by folder */
    size_t slots;       /* a power of two, or 0 */
};

void holders_release(struct holders *holders);

/* The name as it is kept. Fails: E_ARG empty, too long, no text of UTF-8 on one
 * line, or one that hides or reorders letters; E_NOMEM. */
STING_MUST_USE enum sting_status holder_name(struct bytes given,
                                             char out[HOLDER_SIZE],
                                             struct fault *fault);

/* Add one. Fails: as above; E_ARG when its folder is in the list already,
 * E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status holders_add(struct holders *holders,
                                             struct bytes name,
                                             struct fault *fault);

/* Add those of a CSV file: of the column called `column` (NULL: "holder",
 * "name" or "recipient", else the only one). Other columns are ignored; a row
 * with more columns than the first one is refused, for a comma in a name would
 * cut it. Mistakes are told with the line. Fails: as above, E_IO, E_FORMAT. */
STING_MUST_USE enum sting_status holders_load(struct holders *holders,
                                              const char *path,
                                              const char *column,
                                              struct fault *fault);

/* The same from bytes. */
STING_MUST_USE enum sting_status holders_parse(struct holders *holders,
                                               struct bytes text,
                                               const char *column,
                                               struct fault *fault);

/* The index of who shares this name's folder; -1 when nobody does. */
int64_t holders_find(const struct holders *holders, const char *name);

/* Keep only those for whom keep[index] is true. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status holders_filter(struct holders *holders,
                                                const bool *keep);

/* Everybody is in: give back what only adding needs. */
void holders_settle(struct holders *holders);

/* Everybody is in, and is put in an order that tells nothing; settled too.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status holders_shuffle(
    struct holders *holders, const struct random_source *random);

/* The folder's name for a holder: no slash, no dot in front, no controls. */
void holders_folder(const char *name, char out[HOLDER_SIZE]);

#endif
