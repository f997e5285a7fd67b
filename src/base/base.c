#include "base/base.h"

#include <string.h>
#include <unistd.h>

const char *sting_status_text(enum sting_status status)
{
    static const char *const text[] = {
        [-STING_OK] = "done",
        [-STING_E_ARG] = "value out of range",
        [-STING_E_NOMEM] = "out of memory",
        [-STING_E_IO] = "the operating system refused",
        [-STING_E_FORMAT] = "malformed",
        [-STING_E_FORGED] = "does not match its seal",
        [-STING_E_LIMIT] = "larger than allowed",
        [-STING_E_UNSUPPORTED] = "not supported",
        [-STING_E_ABSENT] = "not there",
        [-STING_E_BUSY] = "in use by another process",
    };
    size_t index = (size_t)-status;
    return index < sizeof text / sizeof *text ? text[index] : "unknown";
}

struct bytes bytes_of_text(const char *text)
{
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.size == b.size && (a.size == 0 || !memcmp(a.data, b.data, a.size));
}

void fd_close(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}
