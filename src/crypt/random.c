#include "crypt/random.h"

#include <errno.h>
#include <stdlib.h>

#include <sys/random.h>

void random_bytes(uint8_t *out, size_t size)
{
    while (size > 0) {
        ssize_t got = getrandom(out, size, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            abort(); /* a key made of anything else would be worse */
        }
        out += got;
        size -= (size_t)got;
    }
}

static void fill_from_kernel(void *context, uint8_t *out, size_t size)
{
    (void)context;
    random_bytes(out, size);
}

const struct random_source random_kernel = {fill_from_kernel, NULL};

void random_fill(const struct random_source *source, uint8_t *out, size_t size)
{
    source->fill(source->context, out, size);
}

struct secret random_secret(const struct random_source *source)
{
    struct secret secret;
    random_fill(source, secret.byte, SECRET_SIZE);
    return secret;
}
