#include "cli/trace_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buffer.h"

void trace_files_release(struct trace_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->file[i].path);
    }
    free(files->file);
    *files = (struct trace_files){0};
}

static enum sting_status file_add(struct trace_files *files, const char *path,
                                  bool is_found, const char *why,
                                  struct fault *fault)
{
    if (files->count >= TRACE_MOST_FILES) {
        return fault_set(fault, STING_E_LIMIT, "name the folders one by one",
                         "there are more than %d files", TRACE_MOST_FILES);
    }
    char *copy = strdup(path);
    struct trace_file *file =
        copy ? array_add(&files->file, &files->count, sizeof *file) : NULL;
    if (!file) {
        free(copy);
        return fault_set(fault, STING_E_NOMEM, "", "the memory is used up");
    }
    *file = (struct trace_file){.path = copy, .is_found = is_found, .why = why};
    return STING_OK;
}

/* The names in an open folder, sorted by their bytes. */
struct names {
    struct dirent **entry;
    int count;
};

static void names_release(struct names *names)
{
    for (int i = 0; i < names->count; i++) {
        free(names->entry[i]);
    }
    free(names->entry);
}

static int is_inside(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum sting_status folder_add(struct trace_files *files, const char *path,
                                    int depth, struct fault *fault);

/* Why an entry that is no folder cannot be examined; NULL: it can. */
static const char *why_not(const char *path, const struct stat *what)
{
    if (strlen(path) >= PATH_MAX) {
        return "its path is too long: name an inner folder";
    }
    return !what                    ? "it cannot be looked at"
           : S_ISLNK(what->st_mode) ? "a link, not followed"
           : S_ISREG(what->st_mode) ? NULL
                                    : "no file: a pipe, a socket or a device";
}

static enum sting_status entry_add(struct trace_files *files,
                                   const char *folder, const char *name,
                                   int depth, struct fault *fault)
{
    struct buffer path STING_AUTO(buffer_release) = {0};
    struct stat what;
    bool bare = folder[strlen(folder) - 1] == '/';
    enum sting_status status =
        buffer_printf(&path, "%s%s%s", folder, bare ? "" : "/", name);
    if (status) {
        return fault_set(fault, status, "", "the memory is used up");
    }
    bool is_known = lstat(buffer_text(&path), &what) == 0;
    if (is_known && S_ISDIR(what.st_mode)) {
        return folder_add(files, buffer_text(&path), depth + 1, fault);
    }
    return file_add(files, buffer_text(&path), true,
                    why_not(buffer_text(&path), is_known ? &what : NULL),
                    fault);
}

static enum sting_status folder_add(struct trace_files *files, const char *path,
                                    int depth, struct fault *fault)
{
    struct names names STING_AUTO(names_release) = {0};
    enum sting_status status = STING_OK;
    if (depth > TRACE_MOST_DEPTH) {
        return file_add(files, path, true,
                        "a folder too far down: name it by itself", fault);
    }
    names.count = scandir(path, &names.entry, is_inside, by_bytes);
    if (names.count < 0) {
        names.count = 0;
        return depth > 0
                   ? file_add(files, path, true, "a folder that cannot be read",
                              fault)
                   : fault_errno(fault, STING_E_IO, "check its permissions",
                                 "the folder %.200s cannot be read", path);
    }
    for (int i = 0; !status && i < names.count; i++) {
        status = entry_add(files, path, names.entry[i]->d_name, depth, fault);
    }
    return status;
}

enum sting_status trace_files_add(struct trace_files *files, const char *path,
                                  struct fault *fault)
{
    struct stat what;
    if (path[0] && stat(path, &what) == 0 && S_ISDIR(what.st_mode)) {
        return folder_add(files, path, 0, fault);
    }
    return file_add(files, path, false, NULL, fault);
}

bool trace_files_found(const struct trace_files *files, size_t picture)
{
    size_t low = 0, high = files->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (files->file[middle].end > picture) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low < files->count && files->file[low].is_found;
}
