/* Any bytes may be offered as a pack. What reads comes out the same when it
 * is written again, and a pack that was not signed never holds. */
#include <stdlib.h>
#include <string.h>

#include "trace/quote_pack.h"
#include "trace/recheck.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void quote_hold(struct bytes from)
{
    struct quote_pack pack STING_AUTO(quote_pack_release) = {0};
    struct buffer again STING_AUTO(buffer_release) = {0};
    struct quote_check check;
    if (quote_pack_read(from, &pack, NULL)) {
        return;
    }
    if (quote_pack_write(&pack, &again) ||
        !bytes_equal(buffer_bytes(&again), pack.signed_bytes) ||
        quote_pack_check(&pack, &check, NULL) == STING_OK) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct recheck_pack pack STING_AUTO(recheck_pack_release) = {0};
    struct buffer again STING_AUTO(buffer_release) = {0};
    struct recheck result;
    if (quote_pack_is((struct bytes){data, size})) {
        quote_hold((struct bytes){data, size});
        return 0;
    }
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
