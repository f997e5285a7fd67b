#include "cli/exhibit_resume.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/out_new.h"
#include "operation/writer.h"

#define MOST_MANIFEST ((size_t)1024 * 1024)

enum sting_status exhibit_draft_path(const char *out, struct buffer *path)
{
    size_t size = strlen(out);
    while (size > 1 && out[size - 1] == '/') {
        size--;
    }
    return buffer_printf(path, "%.*s.part", (int)size, out);
}

bool exhibit_is_told(const struct operation *signer, const char *mark,
                     struct digest sha256)
{
    char told[DIGEST_TEXT_SIZE] = "", made[DIGEST_TEXT_SIZE];
    struct fault ignored;
    uint64_t seq = 0;
    return !exhibit_mark_find(signer, mark, &seq, told, &ignored) &&
           !strcmp(told, digest_text(sha256, made));
}

/* The hash by which the ledger would tell of that draft. */
static enum sting_status draft_hash(const char *draft, struct digest *out)
{
    struct buffer path STING_AUTO(buffer_release) = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        buffer_printf(&path, "%s/tagmanifest-sha256.txt", draft);
    if (!status) {
        status =
            file_read(AT_FDCWD, buffer_text(&path), MOST_MANIFEST, &text, NULL);
    }
    *out = digest_of(buffer_bytes(&text));
    return status;
}

/* Who opens the ledger signs what nobody has. */
static enum sting_status told_sign(const struct operation *signer,
                                   struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    enum sting_status status = writer_open(signer, clock_now, &writer, fault);
    return status ? status : writer_close(&writer, fault);
}

enum sting_status exhibit_resume(const struct operation *signer,
                                 const char *mark, const char *out,
                                 struct digest *sha256, struct fault *fault)
{
    struct buffer draft STING_AUTO(buffer_release) = {0};
    enum sting_status status = exhibit_draft_path(out, &draft);
    if (status) {
        return status;
    }
    if (draft_hash(buffer_text(&draft), sha256) ||
        !exhibit_is_told(signer, mark, *sha256)) {
        return STING_E_ABSENT;
    }
    status = out_new(out, fault);
    if (!status) {
        status = told_sign(signer, fault);
    }
    if (!status && rename(buffer_text(&draft), out) != 0) {
        status = fault_errno(fault, STING_E_IO, "do it again, or rename it",
                             "%s cannot be renamed", buffer_text(&draft));
    }
    return status;
}
