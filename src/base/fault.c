#include "base/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void fill(struct fault *fault, const char *todo, const char *format,
                 va_list arguments)
{
    vsnprintf(fault->why, sizeof fault->why, format, arguments);
    snprintf(fault->todo, sizeof fault->todo, "%s", todo ? todo : "");
    text_clean(fault->why);
    text_clean(fault->todo);
}

enum sting_status fault_set(struct fault *fault, enum sting_status status,
                            const char *todo, const char *why_format, ...)
{
    if (fault) {
        va_list arguments;
        va_start(arguments, why_format);
        fill(fault, todo, why_format, arguments);
        va_end(arguments);
    }
    return status;
}

enum sting_status fault_errno(struct fault *fault, enum sting_status status,
                              const char *todo, const char *why_format, ...)
{
    int saved = errno;
    if (fault) {
        va_list arguments;
        va_start(arguments, why_format);
        fill(fault, todo, why_format, arguments);
        va_end(arguments);
        size_t used = strlen(fault->why);
        snprintf(fault->why + used, sizeof fault->why - used, ": %s",
                 strerror(saved));
    }
    errno = saved;
    return status;
}
