#include "operation/backup_queue.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static DIR *queue_listing(int from)
{
    return dir_of(file_open_below(from, "queue", O_DIRECTORY));
}

/* Photographs that were given: they are evidence. */
static bool is_photograph(const char *name)
{
    static const char *const kept[] = {"traced-", "photo-", "unreadable-"};
    bool is_one = false;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        is_one |= !strncmp(name, kept[i], strlen(kept[i]));
    }
    return is_one && !strstr(name, ".tmp");
}

/* What waited when an earlier copy was made and waits no more has another name
 * by now. */
static void queue_clean(const struct backup_way *way)
{
    DIR *listing STING_AUTO(dir_close) = queue_listing(way->to);
    const struct dirent *one = NULL;
    char path[PATH_MAX];
    while (listing && (one = readdir(listing))) {
        (void)snprintf(path, sizeof path, "queue/%s", one->d_name);
        if (!strncmp(one->d_name, "photo-", 6) &&
            faccessat(way->from, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
            errno == ENOENT) {
            (void)unlinkat(way->to, path, 0);
        }
    }
}

enum sting_status backup_queue(const struct backup_way *way,
                               struct fault *fault)
{
    DIR *listing STING_AUTO(dir_close) = queue_listing(way->from);
    const struct dirent *one = NULL;
    enum sting_status status = STING_OK;
    way->done->left = 0;
    while (listing && !status && (one = readdir(listing))) {
        char path[PATH_MAX];
        (void)snprintf(path, sizeof path, "queue/%s", one->d_name);
        if (is_photograph(one->d_name)) {
            status = backup_file(way, path, true, fault);
        } else {
            way->done->left += one->d_name[0] != '.';
        }
    }
    queue_clean(way);
    return status;
}
