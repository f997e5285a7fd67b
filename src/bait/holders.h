/*
 * holders: whom or what places a batch of copies goes to.
 *
 * A holder's name is kept as given and is also, made harmless, the name of
 * the folder that its copy is written to.
 */
#ifndef STING_BAIT_HOLDERS_H
#define STING_BAIT_HOLDERS_H

#include "base/base.h"
#include "base/fault.h"
#include "operation/register.h"

struct holders {
    size_t count;
    char (*name)[REGISTER_HOLDER_SIZE]; /* owned */
};

void holders_release(struct holders *holders);

/* Add one. Fails: E_ARG empty, too long, not UTF-8 text, or one whose folder
 * is in the list already; E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status holders_add(struct holders *holders,
                                             struct bytes name,
                                             struct fault *fault);

/* Add those of a CSV file: the column "holder", or the first one when no
 * column is called so. Source: RFC 4180; ';' and tabs part fields too when
 * the first line has them and no comma. Fails: as above, E_IO, E_FORMAT. */
STING_MUST_USE enum sting_status holders_load(struct holders *holders,
                                              const char *path,
                                              struct fault *fault);

/* The folder's name for a holder: no slash, no dot in front, no controls. */
void holders_folder(const char *name, char out[REGISTER_HOLDER_SIZE]);

#endif
