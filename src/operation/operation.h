/*
 * operation: the folder of one sting, opened.
 *
 * Everything that parts share lies in it; docs/formats/folder.md says where.
 * Opening reads and checks operation.yaml and touches nothing else.
 */
#ifndef STING_OPERATION_OPERATION_H
#define STING_OPERATION_OPERATION_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "crypt/agreement.h"
#include "crypt/random.h"
#include "crypt/secret.h"
#include "operation/config.h"
#include "operation/passphrase.h"

struct operation;

/* Open the folder at `path`. Mistakes in operation.yaml are told with line
 * and column (the first of them): E_ARG. Fails besides: E_ABSENT, E_FORMAT for
 * what is no imported record, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status operation_open(const char *path,
                                                struct operation **out,
                                                struct fault *fault);
void operation_close(struct operation **operation);

/* The folder itself; borrowed, for the *at() calls. */
int operation_dir(const struct operation *operation);
/* Go by another's operation.yaml, the same one as it was read later; it goes by
 * ours from here on, and is to be closed when nothing borrows from that. */
void operation_config_swap(struct operation *operation,
                           struct operation *other);
/* As it was given to operation_open(). */
const char *operation_path(const struct operation *operation);
const struct config *operation_config(const struct operation *operation);
/* SHA-256 of operation.yaml as it was read, in hex. */
const char *operation_config_digest(const struct operation *operation);

/* An imported record lies inside the operation that took it in (boxes.h): its
 * keys open it, its ledger tells what is done with it. The file `imported`
 * holds its name there; `imported.yaml` is ours and stands for operation.yaml,
 * which is as it came and is not read. */
#define OPERATION_IMPORTED "imported"
#define OPERATION_IMPORTED_CONFIG "imported.yaml"

/* Whose imported record it is; NULL for all others. */
const struct operation *operation_office(const struct operation *operation);
/* The imported record's name there; NULL for all others. */
const char *operation_box(const struct operation *operation);

/* A file that operation.yaml names; relative paths start in the folder. */
STING_MUST_USE enum sting_status operation_file_read(
    const struct operation *operation, const char *path, size_t most_bytes,
    struct buffer *out, struct fault *fault);

/* Could a station watch all cameras by its configuration? Fails: E_ARG with the
 * place of the first whose url is none, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status operation_watch_check(
    const struct operation *operation, struct fault *fault);

/* Public keys that everything is sealed to. Fails: E_FORMAT. */
STING_MUST_USE enum sting_status operation_recipients(
    const struct operation *operation,
    struct agreement_key out[CONFIG_MOST_RECIPIENTS], size_t *count,
    struct fault *fault);

/* Append the age file of `plain`, sealed to all recipients. */
STING_MUST_USE enum sting_status operation_seal(
    const struct operation *operation, struct bytes plain, struct buffer *out,
    struct fault *fault);

/* The same for plain bytes that lie in several places. */
STING_MUST_USE enum sting_status operation_seal_parts(
    const struct operation *operation, const struct bytes part[], size_t parts,
    struct buffer *out, struct fault *fault);

/* An operation is blind that was made so, whatever its text says now: one with
 * a file keys/names, or (`was_told`) one whose ledger says whom names are
 * sealed to. Fails: E_FORGED when its text says otherwise. */
STING_MUST_USE enum sting_status operation_blind_check(
    const struct operation *operation, bool was_told, struct fault *fault);

/* Holders' names of a blind operation: sealed to its names_recipients alone. */
STING_MUST_USE enum sting_status operation_seal_names(
    const struct operation *operation, struct bytes plain, struct buffer *out,
    struct fault *fault);

/* Where randomness comes from: the kernel. */
const struct random_source *operation_random(const struct operation *operation);

/* Which keys to unlock; each costs about a third of a second. */
enum operation_key {
    OPERATION_IDENTITY = 1, /* opens what is sealed */
    OPERATION_MARK = 2,     /* M: finds copies again */
    OPERATION_CASE = 4,     /* signed the genesis */
    OPERATION_NAMES = 8,    /* of a blind operation: opens holders' names */
};

struct operation_keys {
    unsigned has;           /* enum operation_key, or-ed */
    struct secret identity; /* X25519 */
    struct secret mark;
    struct secret case_key; /* Ed25519 seed */
    struct secret names;    /* X25519, the second person's alone */
};

/* The passphrases of one person, or of two. */
struct people {
    struct passphrase first;
    struct passphrase second; /* size 0 where nobody else is needed */
};
void people_wipe(struct people *people);

/* Whose passphrases the keys named in `which` need. */
enum people_needed { PEOPLE_FIRST = 1, PEOPLE_SECOND = 2 };
unsigned operation_people(const struct operation *operation, unsigned which);

/* Are their files there? A box never had them, a closed operation has them no
 * more. Fails: E_ABSENT, in words. */
STING_MUST_USE enum sting_status operation_keys_present(
    const struct operation *operation, unsigned which, struct fault *fault);

/* Unlock the keys named in `which`, held in memory that is never swapped
 * out. Commands go through access_open(), which writes down that they did.
 * Fails: E_FORGED for a wrong passphrase, E_ABSENT, E_IO, E_FORMAT. */
STING_MUST_USE enum sting_status operation_keys_unlock_by(
    const struct operation *operation, unsigned which,
    const struct people *people, struct operation_keys *out,
    struct fault *fault);
/* The same by one person's passphrase. */
STING_MUST_USE enum sting_status operation_keys_unlock(
    const struct operation *operation, unsigned which,
    const struct passphrase *passphrase, struct operation_keys *out,
    struct fault *fault);
void operation_keys_wipe(struct operation_keys *keys);

/* Append what was sealed; `name` tells people which file it is.
 * Fails: E_ABSENT without the identity, E_FORGED, E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status operation_unseal(
    const struct operation_keys *keys, const char *name, struct bytes sealed,
    struct buffer *out, struct fault *fault);

/* Call first in every process: no core dumps, no debugger. */
void operation_guard_memory(void);

#endif
