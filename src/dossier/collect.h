/*
 * collect: the facts of a dossier, from the operation folder.
 *
 * Everything comes from what is sealed there: the ledger in one walk, the
 * sealed texts that its lines name, the register, and stills from the
 * recordings through the player worker. Reads without a lock; a station may
 * be writing. What cannot be opened is told as such and leaves no hole.
 */
#ifndef STING_DOSSIER_COLLECT_H
#define STING_DOSSIER_COLLECT_H

#include "base/fault.h"
#include "dossier/dossier.h"
#include "operation/operation.h"

/* Fill *out; the caller releases it. `keys` holds the identity.
 * Fails: E_ABSENT without a ledger, E_IO, E_NOMEM, E_FORGED. */
STING_MUST_USE enum sting_status dossier_collect(
    const struct operation *operation, const struct operation_keys *keys,
    int64_t now_us, struct dossier *out, struct fault *fault);

/* Take stills of each incident (stills.c). What fails is told in the picture's
 * place; fails only: E_NOMEM. */
STING_MUST_USE enum sting_status dossier_stills(
    const struct operation *operation, const struct operation_keys *keys,
    struct dossier *dossier);

/* Take the sealed texts of a `note` or `trace` line (sealed.c). Fails:
 * E_NOMEM; a text that cannot be opened becomes an entry that says so. */
struct line;
STING_MUST_USE enum sting_status dossier_take_sealed(
    const struct operation *operation, const struct operation_keys *keys,
    const struct line *line, struct dossier *dossier);

#endif
