#include "operation/backup_notes.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"

#define NOTES_FOLDER "evidence/checkpoints"
#define MOST_NOTES_BYTES ((size_t)256 * 1024 * 1024)

void backup_notes_release(struct backup_notes *notes)
{
    buffer_release(&notes->text);
}

static DIR *notes_listing(int from)
{
    return dir_of(file_open_below(from, NOTES_FOLDER, O_DIRECTORY));
}

enum sting_status backup_notes_take(int from, struct backup_notes *out,
                                    struct fault *fault)
{
    DIR *listing STING_AUTO(dir_close) = notes_listing(from);
    const struct dirent *one = NULL;
    char path[128];
    while (listing && (one = readdir(listing))) {
        size_t size = strlen(one->d_name);
        if (size > 6 && !strcmp(one->d_name + size - 6, ".notes") &&
            strcmp(one->d_name, out->name) > 0) {
            (void)snprintf(out->name, sizeof out->name, "%s", one->d_name);
        }
    }
    (void)snprintf(path, sizeof path, NOTES_FOLDER "/%s", out->name);
    return out->name[0]
               ? file_read(from, path, MOST_NOTES_BYTES, &out->text, fault)
               : STING_OK;
}

enum sting_status backup_notes_copy(const struct backup_way *way,
                                    const struct backup_notes *notes,
                                    struct fault *fault)
{
    DIR *listing STING_AUTO(dir_close) = notes_listing(way->from);
    const struct dirent *one = NULL;
    char path[PATH_MAX];
    enum sting_status status = STING_OK;
    if (folder_make(way->to, NOTES_FOLDER)) {
        return fault_errno(fault, STING_E_IO, "make room",
                           NOTES_FOLDER " cannot be made");
    }
    while (listing && !status && (one = readdir(listing))) {
        (void)snprintf(path, sizeof path, NOTES_FOLDER "/%s", one->d_name);
        if (one->d_name[0] != '.' && strcmp(one->d_name, notes->name) < 0) {
            status = backup_file(way, path, false, fault);
        }
    }
    (void)snprintf(path, sizeof path, NOTES_FOLDER "/%s", notes->name);
    return status || !notes->name[0]
               ? status
               : file_write(way->to, path, buffer_bytes(&notes->text), 0600,
                            fault);
}
