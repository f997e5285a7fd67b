#include "ledger/anchor_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger/verify_state.h"

void anchor_file_path(uint32_t number, const char *kind,
                      char path[ANCHOR_PATH_SIZE])
{
    snprintf(path, ANCHOR_PATH_SIZE, ANCHOR_FOLDER "/%08u.%s", number, kind);
}

void anchor_pem_path(struct digest ct, char path[ANCHOR_PATH_SIZE])
{
    char hex[DIGEST_TEXT_SIZE];
    snprintf(path, ANCHOR_PATH_SIZE, ANCHOR_FOLDER "/%s.pem",
             digest_text(ct, hex));
}

enum sting_status anchor_file_next(int operation, uint32_t *out,
                                   struct fault *fault)
{
    DIR *listing =
        dir_of(openat(operation, ANCHOR_FOLDER,
                      O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    const struct dirent *one = NULL;
    *out = 1;
    if (!listing) {
        bool absent = errno == ENOENT;
        return absent ? STING_OK
                      : fault_errno(fault, STING_E_IO, "check its permissions",
                                    ANCHOR_FOLDER " cannot be read");
    }
    while ((one = readdir(listing))) {
        const char *rest = one->d_name;
        uint32_t number = 0;
        if (digits_read(&rest, 8, &number) && *rest == '.' && number >= *out) {
            *out = number + 1;
        }
    }
    closedir(listing);
    return STING_OK;
}

enum sting_status anchor_file_put(int operation, const char *path,
                                  struct bytes content, struct digest *ct,
                                  struct fault *fault)
{
    *ct = digest_of(content);
    if (folder_make(operation, ANCHOR_FOLDER)) {
        return fault_errno(fault, STING_E_IO, "check space and permissions",
                           ANCHOR_FOLDER " cannot be made");
    }
    return file_write(operation, path, content, 0600, fault);
}

enum sting_status anchor_pem_put(int operation, struct bytes content,
                                 struct digest *ct, struct fault *fault)
{
    char path[ANCHOR_PATH_SIZE];
    *ct = digest_of(content);
    anchor_pem_path(*ct, path);
    return faccessat(operation, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0
               ? STING_OK
               : anchor_file_put(operation, path, content, ct, fault);
}

enum sting_status anchor_newest_note(int operation, struct buffer *text,
                                     struct note *note, struct fault *fault)
{
    struct verify_notes notes STING_AUTO(verify_notes_release) = {0};
    enum sting_status status = verify_notes_open(operation, &notes, fault);
    notes.at = notes.dates > 0 ? notes.dates - 1 : 0;
    while (!status) {
        status = verify_notes_next(&notes);
        if (!status) {
            text->size = 0;
            status = buffer_append(
                text, (struct bytes){notes.note.text.data, notes.note.bytes});
        }
    }
    bool ended = status == STING_E_ABSENT || status == STING_E_FORMAT;
    if (ended && text->size > 0) { /* the last may be half written */
        status = note_parse(buffer_bytes(text), note);
    }
    return status ? fault_set(fault, status, "see sting verify",
                              "there is no checkpoint that can be read")
                  : STING_OK;
}
