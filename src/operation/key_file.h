/*
 * key_file: the keys of an operation as files under keys/.
 *
 * Locked ones are age files under a passphrase, so that `age -d` opens them;
 * under two people's, one age file inside the other, the first person's
 * outside. Plain ones let a station start alone. Inside, an identity is its
 * age text, every other key 64 hex digits, each with a line feed.
 *
 * What a new file replaces is overwritten where it lies, as far as the medium
 * lets anybody (flash may keep it).
 */
#ifndef STING_OPERATION_KEY_FILE_H
#define STING_OPERATION_KEY_FILE_H

#include "base/base.h"
#include "base/fault.h"
#include "crypt/random.h"
#include "crypt/secret.h"
#include "ledger/age.h"

#define KEY_FILE_IDENTITY "keys/identity"
#define KEY_FILE_NAMES "keys/names"
#define KEY_FILE_MARK "keys/mark"
#define KEY_FILE_CASE "keys/case"
#define KEY_FILE_LOG "keys/log"
#define KEY_FILE_EPOCH "keys/epoch"

/* Whose passphrases a key lies under. */
struct key_lock {
    struct bytes first;
    struct bytes second; /* size 0: one person's */
    unsigned log2_n;     /* for locking: rounds of scrypt */
};

/* Write a key under its lock. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status key_file_lock(
    int dir, const char *path, const struct secret *key,
    const struct key_lock *lock, const struct random_source *random,
    struct fault *fault);

/* Fails: E_FORGED for a wrong passphrase, E_FORMAT, also when it lies under
 * fewer or more people's than were given, E_ABSENT, E_IO. */
STING_MUST_USE enum sting_status key_file_unlock(int dir, const char *path,
                                                 const struct key_lock *lock,
                                                 struct secret *out,
                                                 struct fault *fault);

/* Put another passphrase around a key: the first's alone leaves what lies
 * inside as it is, sealed by a second person or not; with a second of the old
 * lock both layers are made anew. *changed is false when it opens under the new
 * one already. Fails as key_file_unlock() and key_file_lock() do. */
enum { KEY_LOCK_OLD, KEY_LOCK_NEW };
STING_MUST_USE enum sting_status key_file_relock(
    int dir, const char *path, const struct key_lock lock[2],
    const struct random_source *random, bool *changed, struct fault *fault);

/* Overwrite the file in place, sync, and remove it. Fails: E_ABSENT, E_IO. */
STING_MUST_USE enum sting_status key_file_destroy(int dir, const char *path,
                                                  struct fault *fault);

/* The same without a passphrase, mode 0600. */
STING_MUST_USE enum sting_status key_file_save(int dir, const char *path,
                                               const struct secret *key,
                                               struct fault *fault);
STING_MUST_USE enum sting_status key_file_load(int dir, const char *path,
                                               struct secret *out,
                                               struct fault *fault);
/* A key for one purpose, out of the one that lies there (HKDF-SHA256). */
STING_MUST_USE enum sting_status key_file_derive(int dir, const char *path,
                                                 const char *purpose,
                                                 struct secret *out,
                                                 struct fault *fault);

#endif
