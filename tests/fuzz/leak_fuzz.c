/* Any bytes may be offered as a cut. What passes must account for each of
 * its bytes: one more at the end can never pass too. */
#include <stdlib.h>
#include <string.h>

#include "release/leak.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct leak_summary summary = {0};
    if (leak_check((struct bytes){data, size}, &summary, NULL)) {
        return 0;
    }
    uint8_t *longer = calloc(1, size + 1);
    if (!longer) {
        return 0;
    }
    memcpy(longer, data, size);
    if (!leak_check((struct bytes){longer, size + 1}, &summary, NULL)) {
        abort();
    }
    free(longer);
    return 0;
}
