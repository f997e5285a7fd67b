/* Any bytes may be offered as a pack. What reads comes out the same when it
 * is written again, and a pack that was not signed never holds. */
#include <stdlib.h>
#include <string.h>

#include "trace/recheck.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct recheck_pack pack STING_AUTO(recheck_pack_release) = {0};
    struct buffer again STING_AUTO(buffer_release) = {0};
    struct recheck result;
    if (recheck_pack_read((struct bytes){data, size}, &pack, NULL)) {
        return 0;
    }
    if (recheck_pack_write(&pack, &again) ||
        again.size != pack.signed_bytes.size ||
        memcmp(again.data, data, again.size) != 0) {
        abort();
    }
    if (recheck_run(&pack, &result, NULL) == STING_OK) {
        abort(); /* no seed is signed by anybody's key */
    }
    return 0;
}
