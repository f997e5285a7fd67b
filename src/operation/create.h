/*
 * create: a new operation, whole or not at all.
 *
 * The folder is made beside its name and takes the name last.
 */
#ifndef STING_OPERATION_CREATE_H
#define STING_OPERATION_CREATE_H

#include "base/base.h"
#include "base/clock.h"
#include "base/fault.h"
#include "crypt/digest.h"
#include "crypt/random.h"
#include "crypt/signature.h"
#include "ledger/age.h"
#include "operation/config.h"

#define OPERATION_LOG2_N 17 /* scrypt: 128 MiB, a third of a second a key */
#define FINGERPRINT_SIZE 40 /* eight groups of four hex digits, and NUL */

struct operation_plan {
    enum config_role role;
    const char *goal;
    const char *legal_basis;
    const char *decided_by;
    const char *until;            /* RFC 3339, NULL for no end */
    const char *const *recipient; /* further ones, "age1..." */
    size_t recipients; /* none: a recovery identity is made, for paper; a box
                          needs two, for it has no identity of its own */
    struct bytes passphrase;
    struct bytes second; /* of a second person, where two_people is set */
    bool two_people;     /* the identity under both: neither opens it alone */
    bool blind;          /* holders' names under the second's alone */
    unsigned log2_n;     /* OPERATION_LOG2_N */
};

struct operation_made {
    char fingerprint[FINGERPRINT_SIZE]; /* of the case key */
    char recipient[CONFIG_MOST_RECIPIENTS][CONFIG_RECIPIENT_SIZE];
    size_t recipients;
    char names[CONFIG_RECIPIENT_SIZE]; /* of a blind operation: opens names */
    char recovery[AGE_TEXT_SIZE];      /* AGE-SECRET-KEY-1...; "" when none */
    struct digest case_key;            /* SHA-256 of the public case key */
};

/* Make the folder `path` with keys, operation.yaml, and a ledger with its
 * genesis. A box gets log and epoch keys only: its case key signs the genesis
 * and is forgotten, its purpose is in the sealed genesis blob alone. Fails:
 * E_ARG, E_BUSY when something is there, E_IO, E_NOMEM; nothing is left behind.
 * The caller wipes *out. */
STING_MUST_USE enum sting_status operation_create(
    const char *path, const struct operation_plan *plan,
    const struct random_source *random, struct moment now,
    struct operation_made *out, struct fault *fault);

/* The first half of the key's SHA-256, to be compared by eye. */
char *key_fingerprint(const struct public_key *key,
                      char text[FINGERPRINT_SIZE]);

#endif
