/*
 * key_file: the keys of an operation as files under keys/.
 *
 * Locked ones are age files under a passphrase, so that `age -d` opens them;
 * plain ones let a station start alone. Inside, an identity is its age text,
 * every other key 64 hex digits, each with a line feed.
 */
#ifndef STING_OPERATION_KEY_FILE_H
#define STING_OPERATION_KEY_FILE_H

#include "base/base.h"
#include "base/fault.h"
#include "crypt/random.h"
#include "crypt/secret.h"
#include "ledger/age.h"

#define KEY_FILE_IDENTITY "keys/identity"
#define KEY_FILE_MARK "keys/mark"
#define KEY_FILE_CASE "keys/case"
#define KEY_FILE_LOG "keys/log"
#define KEY_FILE_EPOCH "keys/epoch"

/* Write a key under a passphrase. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status key_file_lock(
    int dir, const char *path, const struct secret *key,
    const struct age_to *under, const struct random_source *random,
    struct fault *fault);

/* Fails: E_FORGED for a wrong passphrase, E_FORMAT, E_ABSENT, E_IO. */
STING_MUST_USE enum sting_status key_file_unlock(int dir, const char *path,
                                                 struct bytes passphrase,
                                                 struct secret *out,
                                                 struct fault *fault);

/* The same without a passphrase, mode 0600. */
STING_MUST_USE enum sting_status key_file_save(int dir, const char *path,
                                               const struct secret *key,
                                               struct fault *fault);
STING_MUST_USE enum sting_status key_file_load(int dir, const char *path,
                                               struct secret *out,
                                               struct fault *fault);

#endif
