#include "operation/outside.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* Take the last name off: "a/b" gives "a", "/a" "/", and "a" ".". */
static void name_drop(char *path)
{
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/') {
        size--;
    }
    while (size > 0 && path[size - 1] != '/') {
        size--;
    }
    if (size == 0) {
        path[size++] = '.';
    }
    path[size] = '\0';
}

/* The folder, or of those above it the first that is there; -1 for none. */
static int nearest_open(const char *folder)
{
    char path[PATH_MAX];
    int fd = -1;
    int size = snprintf(path, sizeof path, "%s", folder);
    if (size < 1 || (size_t)size >= sizeof path) {
        return -1;
    }
    while ((fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0 &&
           strcmp(path, "/") != 0 && strcmp(path, ".") != 0) {
        name_drop(path);
    }
    return fd;
}

static bool is_same(const struct stat *one, const struct stat *other)
{
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/* Is `fd`, or a folder above it, the operation's? Takes fd over. */
static enum sting_status look_up(int fd, const struct stat *record,
                                 bool *is_below)
{
    struct stat before = {.st_ino = 0};
    struct stat now;
    *is_below = false;
    while (fstat(fd, &now) == 0 && !is_same(&now, &before)) {
        int above = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
        close(fd);
        fd = above;
        *is_below = *is_below || is_same(&now, record);
        before = now;
    }
    enum sting_status status = fd < 0 ? STING_E_IO : STING_OK;
    fd_close(&fd);
    return status;
}

enum sting_status outside_check(const struct operation *operation,
                                const char *option, const char *path,
                                struct fault *fault)
{
    struct stat record;
    bool is_below = false;
    int fd = nearest_open(path);
    enum sting_status status = fd < 0 ? STING_E_IO : STING_OK;
    if (!status && fstat(operation_dir(operation), &record) != 0) {
        fd_close(&fd);
        status = STING_E_IO;
    }
    if (!status) {
        status = look_up(fd, &record, &is_below);
    }
    if (status) {
        return fault_set(fault, status, "choose another place",
                         "where %s leads cannot be told", option);
    }
    return is_below
               ? fault_set(fault, STING_E_ARG, "choose a place elsewhere",
                           "%s lies in the operation's own folder: what is "
                           "given out would stand there in clear, holders' "
                           "names with it",
                           option)
               : STING_OK;
}
