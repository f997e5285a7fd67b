#include "operation/operation.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypt/digest.h"
#include "ledger/age.h"
#include "operation/config_lint.h"
#include "operation/key_file.h"

#define SEALED_OVERHEAD 4096 /* a byte more for so many, at least */

struct operation {
    int dir;
    char *path;
    struct config *config;
    char digest[DIGEST_TEXT_SIZE];
    const struct random_source *random;
    struct operation *office; /* owned */
    char box[CONFIG_NAME_SIZE];
};

/* NOLINTNEXTLINE(misc-no-recursion): an office is no imported record */
void operation_close(struct operation **operation)
{
    if (*operation) {
        operation_close(&(*operation)->office);
        fd_close(&(*operation)->dir);
        config_free(&(*operation)->config);
        free((*operation)->path);
    }
    free(*operation);
    *operation = NULL;
}

const struct operation *operation_office(const struct operation *operation)
{
    return operation->office;
}

const char *operation_box(const struct operation *operation)
{
    return operation->office ? operation->box : NULL;
}

int operation_dir(const struct operation *operation)
{
    return operation->dir;
}

const char *operation_path(const struct operation *operation)
{
    return operation->path;
}

const struct config *operation_config(const struct operation *operation)
{
    return operation->config;
}

void operation_config_swap(struct operation *operation, struct operation *other)
{
    char digest[DIGEST_TEXT_SIZE];
    struct config *config = operation->config;
    operation->config = other->config;
    other->config = config;
    memcpy(digest, operation->digest, sizeof digest);
    memcpy(operation->digest, other->digest, sizeof digest);
    memcpy(other->digest, digest, sizeof digest);
}

const char *operation_config_digest(const struct operation *operation)
{
    return operation->digest;
}

static enum sting_status mistake_fault(const struct config_mistake *mistake,
                                       const char *file, struct fault *fault)
{
    return fault_set(fault, STING_E_ARG, mistake->todo, "%s:%d:%d: %s", file,
                     mistake->line, mistake->column, mistake->why);
}

static enum sting_status config_load(struct operation *operation,
                                     struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct config_mistakes mistakes;
    bool is_imported = faccessat(operation->dir, OPERATION_IMPORTED, F_OK,
                                 AT_SYMLINK_NOFOLLOW) == 0;
    const char *file = is_imported ? OPERATION_IMPORTED_CONFIG : CONFIG_FILE;
    enum sting_status status =
        file_read(operation->dir, file, CONFIG_MOST_BYTES, &text, fault);
    if (status == STING_E_ABSENT) {
        return fault_set(fault, status, "name a folder made by sting new",
                         "there is no %s in this folder", file);
    }
    if (status) {
        return status;
    }
    digest_text(digest_of(buffer_bytes(&text)), operation->digest);
    status = config_parse(buffer_bytes(&text), &operation->config, &mistakes);
    if (status == STING_E_FORMAT) {
        return mistake_fault(&mistakes.mistake[0], file, fault);
    }
    return status;
}

enum sting_status operation_watch_check(const struct operation *operation,
                                        struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct config_mistakes mistakes = {.count = 0};
    enum sting_status status =
        file_read(operation->dir, CONFIG_FILE, CONFIG_MOST_BYTES, &text, fault);
    if (status) {
        return status;
    }
    config_reach_check(buffer_bytes(&text), operation->config, &mistakes);
    return mistakes.count > 0
               ? mistake_fault(&mistakes.mistake[0], CONFIG_FILE, fault)
               : STING_OK;
}

/* The folder alone, imported or not. */
static enum sting_status folder_open(const char *path, struct operation **out,
                                     struct fault *fault)
{
    struct operation *operation STING_AUTO(operation_close) =
        calloc(1, sizeof *operation);
    if (!operation) {
        return STING_E_NOMEM;
    }
    operation->random = &random_kernel;
    operation->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (operation->dir < 0) {
        bool is_absent = errno == ENOENT || errno == ENOTDIR;
        return fault_errno(fault, is_absent ? STING_E_ABSENT : STING_E_IO,
                           "name a folder made by sting new",
                           "the operation folder cannot be opened");
    }
    operation->path = strdup(path);
    if (!operation->path) {
        return STING_E_NOMEM;
    }
    enum sting_status status = config_load(operation, fault);
    if (status) {
        return status;
    }
    *out = operation;
    operation = NULL;
    return STING_OK;
}

/* Whose imported record is it, if it is one? */
static enum sting_status office_open(struct operation *operation,
                                     struct fault *fault)
{
    struct buffer name STING_AUTO(buffer_release) = {0};
    char path[PATH_MAX];
    if (file_read(operation->dir, OPERATION_IMPORTED, CONFIG_NAME_SIZE - 1,
                  &name, NULL)) {
        return STING_OK;
    }
    (void)snprintf(operation->box, sizeof operation->box, "%s",
                   buffer_text(&name));
    int used =
        snprintf(path, sizeof path, "%s/../..", operation_path(operation));
    if (used >= (int)sizeof path || !config_name_is_valid(operation->box)) {
        return fault_set(fault, STING_E_FORMAT, "import it again",
                         "this is no imported record");
    }
    return folder_open(path, &operation->office, fault);
}

enum sting_status operation_open(const char *path, struct operation **out,
                                 struct fault *fault)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    enum sting_status status = folder_open(path, &operation, fault);
    if (!status && operation) {
        status = office_open(operation, fault);
    }
    if (status) {
        return status;
    }
    *out = operation;
    operation = NULL;
    return STING_OK;
}

enum sting_status operation_file_read(const struct operation *operation,
                                      const char *path, size_t most_bytes,
                                      struct buffer *out, struct fault *fault)
{
    return file_read(operation->dir, path, most_bytes, out, fault);
}

/* Public keys as text, parsed. */
static enum sting_status keys_parse(const char (*text)[CONFIG_RECIPIENT_SIZE],
                                    size_t count, struct agreement_key *out,
                                    struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        if (age_recipient_parse(bytes_of_text(text[i]), &out[i])) {
            return fault_set(
                fault, STING_E_FORMAT, "copy it again from where it was made",
                "%s: recipient %zu has a typing mistake", CONFIG_FILE, i + 1);
        }
    }
    return STING_OK;
}

enum sting_status operation_recipients(
    const struct operation *operation,
    struct agreement_key out[CONFIG_MOST_RECIPIENTS], size_t *count,
    struct fault *fault)
{
    const struct config *config = operation->config;
    *count = config->recipients;
    return keys_parse(config->recipient, config->recipients, out, fault);
}

const struct random_source *operation_random(const struct operation *operation)
{
    return operation->random;
}

static enum sting_status parts_seal(const struct operation *operation,
                                    const struct age_to *to,
                                    const struct bytes part[], size_t parts,
                                    struct buffer *out)
{
    struct age_writer *writer STING_AUTO(age_writer_free) = NULL;
    enum sting_status status =
        age_writer_new(to, operation->random, out, &writer);
    size_t size = 0;
    for (size_t i = 0; i < parts; i++) {
        size += part[i].size;
    }
    if (!status) {
        status = buffer_reserve(out, size + size / SEALED_OVERHEAD + 64);
    }
    for (size_t i = 0; !status && i < parts; i++) {
        status = age_writer_put(writer, part[i], out);
    }
    return status ? status : age_writer_end(writer, out);
}

enum sting_status operation_seal_parts(const struct operation *operation,
                                       const struct bytes part[], size_t parts,
                                       struct buffer *out, struct fault *fault)
{
    struct agreement_key recipient[CONFIG_MOST_RECIPIENTS];
    struct age_to to = {.recipient = recipient};
    size_t start = out->size;
    enum sting_status status =
        operation_recipients(operation, recipient, &to.recipients, fault);
    if (status) {
        return status;
    }
    status = parts_seal(operation, &to, part, parts, out);
    if (status) {
        out->size = start;
        return fault_set(fault, status, "", "it could not be sealed: %s",
                         sting_status_text(status));
    }
    return STING_OK;
}

enum sting_status operation_seal_names(const struct operation *operation,
                                       struct bytes plain, struct buffer *out,
                                       struct fault *fault)
{
    const struct config *config = operation->config;
    struct agreement_key recipient[CONFIG_MOST_RECIPIENTS];
    const struct age_to to = {.recipient = recipient,
                              .recipients = config->names_to};
    enum sting_status status =
        keys_parse(config->name_to, config->names_to, recipient, fault);
    return status ? status : parts_seal(operation, &to, &plain, 1, out);
}

enum sting_status operation_seal(const struct operation *operation,
                                 struct bytes plain, struct buffer *out,
                                 struct fault *fault)
{
    return operation_seal_parts(operation, &plain, 1, out, fault);
}

enum sting_status operation_unseal(const struct operation_keys *keys,
                                   const char *name, struct bytes sealed,
                                   struct buffer *out, struct fault *fault)
{
    const struct age_with with = {.identity = &keys->identity, .identities = 1};
    if (!(keys->has & OPERATION_IDENTITY)) {
        return fault_set(fault, STING_E_ABSENT, "",
                         "%s needs the operation's identity", name);
    }
    enum sting_status status = age_open(&with, sealed, out);
    if (status == STING_E_ABSENT) {
        return fault_set(fault, STING_E_FORGED,
                         "use the identity that it was sealed to",
                         "%s is not sealed to this operation", name);
    }
    return status ? fault_set(fault, status, "restore it from a copy",
                              "%s is damaged or was changed", name)
                  : STING_OK;
}

enum sting_status operation_blind_check(const struct operation *operation,
                                        bool was_told, struct fault *fault)
{
    bool was_made_so = was_told || faccessat(operation->dir, KEY_FILE_NAMES,
                                             F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    return was_made_so && !operation->config->blind
               ? fault_set(fault, STING_E_FORGED, "put `blind: yes` back",
                           "%s says blind: no, but holders' names of this "
                           "operation are under a second person's key",
                           CONFIG_FILE)
               : STING_OK;
}

void people_wipe(struct people *people)
{
    secret_wipe_bytes(people, sizeof *people);
}

/* Where each key lies and goes, and whose passphrase is outermost. */
static const struct key_row {
    enum operation_key key;
    const char *path;
    size_t slot;
    unsigned people;
} key_row[] = {
    {OPERATION_IDENTITY, KEY_FILE_IDENTITY,
     offsetof(struct operation_keys, identity), PEOPLE_FIRST},
    {OPERATION_MARK, KEY_FILE_MARK, offsetof(struct operation_keys, mark),
     PEOPLE_FIRST},
    {OPERATION_CASE, KEY_FILE_CASE, offsetof(struct operation_keys, case_key),
     PEOPLE_FIRST},
    {OPERATION_NAMES, KEY_FILE_NAMES, offsetof(struct operation_keys, names),
     PEOPLE_SECOND},
};
static const size_t key_rows = sizeof key_row / sizeof *key_row;

/* Two people bind the identity: without it, nothing sealed can be seen. */
static unsigned people_of(const struct operation *operation,
                          const struct key_row *row)
{
    bool is_double =
        row->key == OPERATION_IDENTITY && operation->config->two_people;
    return row->people | (is_double ? PEOPLE_SECOND : 0U);
}

/* Whose keys: a record that was imported with keys of its own has those. */
static const struct operation *key_holder(const struct operation *operation)
{
    bool has_own = faccessat(operation->dir, KEY_FILE_IDENTITY, F_OK,
                             AT_SYMLINK_NOFOLLOW) == 0;
    return operation->office && !has_own ? operation->office : operation;
}

unsigned operation_people(const struct operation *operation, unsigned which)
{
    unsigned people = 0;
    operation = key_holder(operation);
    for (size_t i = 0; i < key_rows; i++) {
        if (which & key_row[i].key) {
            people |= people_of(operation, &key_row[i]);
        }
    }
    return people;
}

enum sting_status operation_keys_present(const struct operation *operation,
                                         unsigned which, struct fault *fault)
{
    operation = key_holder(operation);
    for (size_t i = 0; i < key_rows; i++) {
        if ((which & key_row[i].key) &&
            faccessat(operation->dir, key_row[i].path, F_OK,
                      AT_SYMLINK_NOFOLLOW) != 0) {
            return fault_errno(
                fault, STING_E_ABSENT,
                "a box and a closed operation have no keys: sting import "
                "them into one that has",
                "there is no %s here", key_row[i].path);
        }
    }
    return STING_OK;
}

static enum sting_status row_unlock(const struct operation *operation,
                                    const struct key_row *row,
                                    const struct people *people,
                                    struct operation_keys *out,
                                    struct fault *fault)
{
    unsigned needed = people_of(operation, row);
    const struct bytes first = passphrase_bytes(&people->first);
    const struct bytes second = passphrase_bytes(&people->second);
    struct key_lock lock = {.first = needed & PEOPLE_FIRST ? first : second};
    if (needed == (PEOPLE_FIRST | PEOPLE_SECOND)) {
        lock.second = second;
    }
    if ((needed & PEOPLE_SECOND) && second.size == 0) {
        return fault_set(fault, STING_E_ARG,
                         "give --passphrase-file once more, for the second",
                         "%s needs the second person's passphrase", row->path);
    }
    return key_file_unlock(operation->dir, row->path, &lock,
                           (struct secret *)((char *)out + row->slot), fault);
}

enum sting_status operation_keys_unlock_by(const struct operation *operation,
                                           unsigned which,
                                           const struct people *people,
                                           struct operation_keys *out,
                                           struct fault *fault)
{
    (void)mlock(out, sizeof *out); /* best effort; the limit may be small */
    *out = (struct operation_keys){0};
    operation = key_holder(operation);
    for (size_t i = 0; i < key_rows; i++) {
        if (!(which & key_row[i].key)) {
            continue;
        }
        enum sting_status status =
            row_unlock(operation, &key_row[i], people, out, fault);
        if (status) {
            operation_keys_wipe(out);
            return status;
        }
        out->has |= key_row[i].key;
    }
    return STING_OK;
}

enum sting_status operation_keys_unlock(const struct operation *operation,
                                        unsigned which,
                                        const struct passphrase *passphrase,
                                        struct operation_keys *out,
                                        struct fault *fault)
{
    struct people people STING_AUTO(people_wipe) = {.first = *passphrase};
    (void)mlock(&people, sizeof people);
    return operation_keys_unlock_by(operation, which, &people, out, fault);
}

void operation_keys_wipe(struct operation_keys *keys)
{
    secret_wipe_bytes(keys, sizeof *keys);
}

void operation_guard_memory(void)
{
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
#ifndef STING_SANITIZED /* the leak checker looks at its own process */
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}
