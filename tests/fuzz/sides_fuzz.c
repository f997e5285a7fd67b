/* What lies sealed beside a document, as whoever knows the recipients may have
 * made it: reference and index of its pages. What reads is written again as
 * the same bytes; copies of a reference go into the folder of their holder.
 *
 * Input: 'r' or another byte, then a reference or an index. */
#include <stdlib.h>
#include <string.h>

#include "operation/bait_index.h"
#include "operation/baits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static void reference_hold(struct bytes from)
{
    struct bait bait STING_AUTO(bait_release) = {0};
    struct buffer again STING_AUTO(buffer_release) = {0};
    if (bait_reference_read(from, &bait)) {
        return;
    }
    hold(bait.pages >= 1 && bait.pages <= BAIT_MOST_PAGES);
    hold(bait.file[0] && !strpbrk(bait.file, "/\x1b\x7f"));
    hold(!bait_reference_write(&bait, &again));
    hold(bytes_equal(buffer_bytes(&again), from));
}

static void index_hold(struct bytes from)
{
    struct bait_index index STING_AUTO(bait_index_release) = {0};
    struct buffer again STING_AUTO(buffer_release) = {0};
    if (bait_index_read(from, &index)) {
        return;
    }
    hold(index.pages >= 0 && index.pages <= BAIT_MOST_PAGES);
    hold(!bait_index_write(&index, &again));
    hold(bytes_equal(buffer_bytes(&again), from));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0) {
        const struct bytes rest = {data + 1, size - 1};
        (data[0] == 'r' ? reference_hold : index_hold)(rest);
    }
    return 0;
}
