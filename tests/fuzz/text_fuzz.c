/* Whatever base64 and RFC 3339 text is accepted must be the one way to write
 * what it stands for: writing it again gives the same bytes. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_base64(struct bytes text, bool padded)
{
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct buffer again STING_AUTO(buffer_release) = {0};

    if (base64_read(&plain, text, padded)) {
        return;
    }
    if (base64_append(&again, buffer_bytes(&plain), padded) ||
        !bytes_equal(buffer_bytes(&again), text)) {
        abort();
    }
}

static void check_clock(const char *text)
{
    char again[CLOCK_TEXT_SIZE];
    int64_t utc_us = 0;
    int64_t back_us = 0;

    if (clock_parse(text, &utc_us)) {
        return;
    }
    if (clock_parse(clock_text(utc_us, again), &back_us) ||
        utc_us - back_us < 0 || utc_us - back_us > 999) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[64] = {0};
    size_t most = size < sizeof text - 1 ? size : sizeof text - 1;

    check_base64((struct bytes){data, size}, true);
    check_base64((struct bytes){data, size}, false);
    if (most > 0) {
        memcpy(text, data, most);
    }
    check_clock(text);
    return 0;
}
