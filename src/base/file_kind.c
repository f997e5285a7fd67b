#include "base/file_kind.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

const char *file_kind_words(mode_t mode)
{
    static const struct {
        mode_t kind;
        const char *words;
    } row[] = {
        {S_IFIFO, "a pipe"},    {S_IFLNK, "a symbolic link"},
        {S_IFSOCK, "a socket"}, {S_IFDIR, "a folder"},
        {S_IFCHR, "a device"},  {S_IFBLK, "a device"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if ((mode & S_IFMT) == row[i].kind) {
            return row[i].words;
        }
    }
    return "a file";
}

static enum sting_status part_check(int dir, const char *part, bool is_folder,
                                    struct fault *fault)
{
    struct stat info;
    if (fstatat(dir, part, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
        (is_folder ? S_ISDIR(info.st_mode) : S_ISREG(info.st_mode))) {
        return STING_OK;
    }
    return fault_set(fault, STING_E_UNSUPPORTED,
                     is_folder ? "put the folder back, from a copy"
                               : "put the file back, from a copy",
                     "%.200s is %s, not a %s", part,
                     file_kind_words(info.st_mode),
                     is_folder ? "folder" : "file");
}

enum sting_status file_kind_check(int dir, const char *path, bool is_folder,
                                  struct fault *fault)
{
    char part[PATH_MAX];
    enum sting_status status = STING_OK;
    for (const char *slash = strchr(path, '/'); !status && slash;
         slash = strchr(slash + 1, '/')) {
        (void)snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        status = part_check(dir, part, true, fault);
    }
    return status ? status : part_check(dir, path, is_folder, fault);
}
