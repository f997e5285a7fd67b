/* Files that a death left half-written. They were never named by a line, and
 * nobody reads them; those of recordings go when these are adopted. */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/ledger_state.h"

static bool is_draft(const char *name)
{
    size_t size = strlen(name);
    return size > 4 && !strcmp(name + size - 4, ".tmp");
}

static void folder_clean(int operation, const char *path)
{
    DIR *listing = dir_of(openat(
        operation, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (!listing) {
        return;
    }
    for (const struct dirent *one = readdir(listing); one;
         one = readdir(listing)) {
        if (is_draft(one->d_name)) {
            (void)unlinkat(dirfd(listing), one->d_name, 0);
        }
    }
    closedir(listing);
}

void ledger_drafts_remove(const struct ledger *ledger)
{
    static const char *const folder[] = {"evidence", "evidence/anchors",
                                         "evidence/blobs", "evidence/renewals"};
    for (size_t i = 0; i < sizeof folder / sizeof *folder; i++) {
        folder_clean(ledger->operation, folder[i]);
    }
}
