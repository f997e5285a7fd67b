#include "web/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

#define KEY_FILE "key"
#define NAME_FILE "name"

void witness_close(struct witness *witness)
{
    fd_close(&witness->dir);
    secret_wipe(&witness->key);
}

/* ---- the folder ---- */

/* A line of a small file, without its LF; made by `make` when it is absent. */
static enum sting_status text_read(int dir, const char *file,
                                   struct buffer *out, struct fault *fault)
{
    enum sting_status status = file_read(dir, file, 256, out, fault);
    if (!status && (out->size < 2 || out->data[out->size - 1] != '\n')) {
        return fault_set(fault, STING_E_FORMAT, "restore it, or begin anew",
                         "the file %s is damaged", file);
    }
    out->size -= !status;
    return status;
}

static enum sting_status key_load(struct witness *witness,
                                  const struct random_source *from,
                                  struct fault *fault)
{
    char hex[2 * SECRET_SIZE + 2];
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = text_read(witness->dir, KEY_FILE, &text, fault);
    if (status == STING_E_ABSENT) {
        witness->key = random_secret(from);
        hex_write((struct bytes){witness->key.byte, SECRET_SIZE}, hex);
        memcpy(hex + sizeof hex - 2, "\n", 2); /* with its NUL */
        status =
            file_write(witness->dir, KEY_FILE, bytes_of_text(hex), 0600, fault);
    } else if (!status &&
               hex_read(buffer_bytes(&text), witness->key.byte, SECRET_SIZE)) {
        status = fault_set(fault, STING_E_FORMAT, "restore it, or begin anew",
                           "the file " KEY_FILE " is damaged");
    }
    witness->vkey.kind = VKEY_WITNESS;
    witness->vkey.key = signature_public(&witness->key);
    return status;
}

static enum sting_status name_load(struct witness *witness, const char *name,
                                   struct fault *fault)
{
    char hex[DIGEST_TEXT_SIZE];
    char line[NOTE_MOST_NAME + 2];
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status = text_read(witness->dir, NAME_FILE, &text, fault);
    if (!status) {
        snprintf(witness->vkey.name, sizeof witness->vkey.name, "%.*s",
                 (int)text.size, text.data);
        return name && strcmp(name, witness->vkey.name) != 0
                   ? fault_set(fault, STING_E_ARG, "leave --name out",
                               "this witness is called %s already",
                               witness->vkey.name)
                   : STING_OK;
    }
    if (status != STING_E_ABSENT) {
        return status;
    }
    digest_text(
        digest_of((struct bytes){witness->vkey.key.byte, PUBLIC_KEY_SIZE}),
        hex);
    snprintf(witness->vkey.name, sizeof witness->vkey.name, "%s%.*s",
             name ? name : "witness/", name ? 0 : 16, hex);
    char again[VKEY_TEXT_SIZE];
    struct vkey parsed;
    if (vkey_parse(vkey_text(&witness->vkey, again), &parsed) ||
        strlen(witness->vkey.name) > 100) {
        return fault_set(fault, STING_E_ARG,
                         "use letters without blanks and without +",
                         "\"%.60s\" cannot be the name of a witness", name);
    }
    snprintf(line, sizeof line, "%s\n", witness->vkey.name);
    return file_write(witness->dir, NAME_FILE, bytes_of_text(line), 0600,
                      fault);
}

enum sting_status witness_open(const char *folder, const char *name,
                               const struct random_source *from,
                               struct witness *out, struct fault *fault)
{
    *out = (struct witness){.dir = -1};
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return fault_errno(fault, STING_E_IO, "name another folder",
                           "%s cannot be made", folder);
    }
    out->dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (out->dir < 0) {
        return fault_errno(fault, STING_E_IO, "check its permissions",
                           "%s cannot be opened", folder);
    }
    if (flock(out->dir, LOCK_EX | LOCK_NB) != 0) {
        return fault_set(fault, STING_E_BUSY, "let it end",
                         "another witness works in this folder");
    }
    enum sting_status status = key_load(out, from, fault);
    return status ? status : name_load(out, name, fault);
}

/* ---- judging ---- */

static void state_path(const char *origin, char path[64])
{
    char hex[DIGEST_TEXT_SIZE];
    digest_text(digest_of(bytes_of_text(origin)), hex);
    snprintf(path, 64, "%.32s.note", hex);
}

/* What was seen of this ledger; size 0 when nothing. A damaged record is no
 * "nothing": then nothing is cosigned any more. */
static enum sting_status state_read(const struct witness *witness,
                                    const char *origin, uint64_t *size,
                                    struct digest *root)
{
    char path[64];
    struct note note;
    struct buffer text STING_AUTO(buffer_release) = {0};
    state_path(origin, path);
    *size = 0;
    enum sting_status status =
        file_read(witness->dir, path, NOTE_MOST_BYTES, &text, NULL);
    if (status == STING_E_ABSENT) {
        return STING_OK;
    }
    if (status || note_parse(buffer_bytes(&text), &note) ||
        !bytes_equal(note.origin, bytes_of_text(origin))) {
        return STING_E_IO;
    }
    *size = note.size;
    *root = note.root;
    return STING_OK;
}

/* Is a key known for that name, and did one of them sign? */
static int signer_find(const struct witness *witness,
                       const struct witness_request *request, struct bytes said)
{
    int http = 404;
    for (size_t i = 0; i < witness->logs; i++) {
        uint8_t id[NOTE_KEY_ID_SIZE];
        if (strcmp(witness->log[i].name, request->origin) != 0) {
            continue;
        }
        http = http == 404 ? 403 : http;
        vkey_id(&witness->log[i], id);
        for (unsigned k = 0; k < request->signatures; k++) {
            if (!memcmp(id, request->id[k], sizeof id) &&
                !signature_verify(&witness->log[i].key, said,
                                  &request->signature[k])) {
                http = 200;
            }
        }
    }
    return http;
}

static int growth_judge(const struct witness_request *request, uint64_t seen,
                        struct digest root)
{
    if (request->old_size > request->size) {
        return 400;
    }
    if (request->old_size != seen || (seen == request->size && seen > 0 &&
                                      !digest_equal(root, request->root))) {
        return 409;
    }
    return consistency_check(&request->proof, seen, root, request->size,
                             request->root)
               ? 422
               : 200;
}

/* Durable before it is said. */
static enum sting_status cosign(struct witness *witness,
                                const struct witness_request *request,
                                struct bytes said, uint64_t now_s,
                                struct buffer *out)
{
    char path[64];
    struct buffer note STING_AUTO(buffer_release) = {0};
    state_path(request->origin, path);
    enum sting_status status =
        cosignature_write(&witness->vkey, &witness->key, said, now_s, out);
    if (!status) {
        status = buffer_append(&note, said);
    }
    if (!status) {
        status = buffer_text_append(&note, "\n");
    }
    if (!status) {
        status = buffer_append(&note, buffer_bytes(out));
    }
    if (!status) {
        status = note_close(&note);
    }
    return status ? status
                  : file_write(witness->dir, path, buffer_bytes(&note), 0600,
                               NULL);
}

enum sting_status witness_add(struct witness *witness,
                              const struct witness_request *request,
                              uint64_t now_s, int *http, uint64_t *size,
                              struct buffer *out)
{
    struct digest root = {{0}};
    struct buffer said STING_AUTO(buffer_release) = {0};
    *http = 500;
    *size = 0;
    enum sting_status status =
        note_write(&said, request->origin, request->size, request->root);
    if (status == STING_E_ARG) {
        *http = 400;
        return STING_OK;
    }
    if (status) {
        return status;
    }
    said.size--; /* the empty line is not signed */
    *http = signer_find(witness, request, buffer_bytes(&said));
    if (*http != 200) {
        return STING_OK;
    }
    status = state_read(witness, request->origin, size, &root);
    if (!status) {
        *http = growth_judge(request, *size, root);
    }
    if (!status && *http == 200) {
        status = cosign(witness, request, buffer_bytes(&said), now_s, out);
    }
    *http = status ? 500 : *http;
    return status;
}
