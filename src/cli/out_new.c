#include "cli/out_new.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum sting_status out_new(const char *path, struct fault *fault)
{
    bool is_there = faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    return is_there ? fault_set(fault, STING_E_BUSY, "name another with --out",
                                "%.200s is there already", path)
                    : STING_OK;
}

enum sting_status out_film(const char *path, size_t film, struct buffer *out)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash + 1 : path, '.');
    int stem = (int)(dot ? (size_t)(dot - path) : strlen(path));
    return film <= 1 ? buffer_text_append(out, path)
                     : buffer_printf(out, "%.*s-%zu%s", stem, path, film,
                                     dot ? dot : "");
}
