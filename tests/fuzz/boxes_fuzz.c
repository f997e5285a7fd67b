/* Pieces of any size tell the same as the whole; what is taken has as many
 * bytes as its boxes say, and times that can be put together. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/ledger/boxes_same.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct boxes_walk whole;
static struct boxes_walk pieces;

static void check_head(struct bytes file)
{
    struct boxes_head head;
    if (!boxes_head_read(file, &head) &&
        (head.track == 0 || head.ticks_per_s == 0 || head.width_px < 0 ||
         head.width_px > 65535 || strlen(head.codec) < 3)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct boxes_facts facts = {.fragments = 0};
    struct boxes_facts again = {.fragments = 0};
    struct bytes film = {data, size};
    if (size == 0) {
        return 0;
    }
    check_head(film);
    memset(&whole, 0, sizeof whole);
    memset(&pieces, 0, sizeof pieces);
    boxes_walk_put(&whole, film);
    size_t step = 1 + data[size - 1] % 41;
    for (size_t at = 0; at < size; at += step) {
        size_t piece = size - at < step ? size - at : step;
        boxes_walk_put(&pieces, (struct bytes){data + at, piece});
    }
    enum sting_status status = boxes_walk_end(&whole, &facts);
    if (boxes_walk_end(&pieces, &again) != status ||
        !boxes_same(&facts, &again)) {
        abort();
    }
    if (!status && (facts.fragments == 0 || facts.frames < facts.fragments ||
                    size < 96 * facts.fragments + 16 * facts.frames ||
                    facts.end_dts < facts.last_dts || facts.first_dts < 0 ||
                    facts.least_ahead > facts.most_ahead ||
                    facts.first_pts < facts.first_dts + facts.least_ahead)) {
        abort();
    }
    return 0;
}
