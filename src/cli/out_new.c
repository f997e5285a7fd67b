#include "cli/out_new.h"

#include <fcntl.h>
#include <unistd.h>

enum sting_status out_new(const char *path, struct fault *fault)
{
    bool is_there = faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    return is_there ? fault_set(fault, STING_E_BUSY, "name another with --out",
                                "%.200s is there already", path)
                    : STING_OK;
}
