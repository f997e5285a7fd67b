/* Any bytes may be offered as pieces of a recording. What is read lies inside
 * them, packet behind packet, and is never more than came in. */
#include <stdlib.h>

#include "media/fragment_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum sting_status add(void *context, const struct packet *packet)
{
    size_t *bytes = context;
    *bytes += packet->data.size;
    return STING_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t bytes = 0;
    enum sting_status status =
        fragment_read((struct bytes){data, size}, add, &bytes);
    if (bytes > size || (status && status != STING_E_FORMAT)) {
        abort();
    }
    return 0;
}
