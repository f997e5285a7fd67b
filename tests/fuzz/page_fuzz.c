/* A page record that is read is written back as the same bytes, and nothing
 * in it is beyond what unit.h states. */
#include <stdlib.h>
#include <string.h>

#include "mark/unit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes from = {data, size};
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    struct buffer again STING_AUTO(buffer_release) = {0};
    if (mark_page_read(&from, &page)) {
        return 0;
    }
    size_t used = size - from.size;
    if (mark_page_write(&page, &again) || again.size != used ||
        memcmp(again.data, data, used) != 0 || page.units > MARK_MOST_UNITS ||
        page.state >= MARK_PAGE_STATES) {
        abort();
    }
    for (uint32_t u = 0; u < page.units; u++) {
        const struct mark_unit *unit = &page.unit[u];
        if (!(unit->x1_pt >= unit->x0_pt) || !(unit->y1_pt >= unit->y0_pt) ||
            !(unit->shift_pt > 0) || unit->axis >= MARK_AXES ||
            unit->faint >= MARK_FAINTS) {
            abort();
        }
    }
    return 0;
}
