/* What outsiders gave, as it came: files under evidence/anchors. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "exhibit/gathered.h"

#define MOST_BYTES ((size_t)4 * 1024 * 1024) /* of one reply or chain */

static int is_plain(const struct dirent *entry)
{
    static const char set[] = "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const char *name = entry->d_name;
    return name[0] != '.' && strlen(name) < 80 &&
           name[strspn(name, set)] == '\0';
}

static enum sting_status one_put(int from, const char *name, struct bag *bag,
                                 struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    char path[BAG_PATH_SIZE];
    (void)snprintf(path, sizeof path, "data/anchors/%.79s", name);
    enum sting_status status = file_read(from, name, MOST_BYTES, &text, fault);
    if (status == STING_E_UNSUPPORTED || status == STING_E_LIMIT) {
        return STING_OK; /* a folder, or nothing of ours */
    }
    return status ? status : bag_put(bag, path, buffer_bytes(&text), fault);
}

enum sting_status anchors_put(const struct gathered *g, struct bag *bag,
                              struct fault *fault)
{
    struct dirent **entry = NULL;
    enum sting_status status = STING_OK;
    int from STING_AUTO(fd_close) =
        openat(operation_dir(g->operation), "evidence/anchors",
               O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int entries =
        from < 0 ? 0 : scandirat(from, ".", &entry, is_plain, alphasort);
    for (int i = 0; i < entries; i++) {
        if (!status) {
            status = one_put(from, entry[i]->d_name, bag, fault);
        }
        free(entry[i]);
    }
    free(entry);
    return status;
}
