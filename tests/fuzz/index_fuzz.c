/* What reads as records of pages is written again as it was, and joins to an
 * index whose every feature lies on a page that there is. */
#include <stdlib.h>
#include <string.h>

#include "image/page_index.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_sound(const struct page_index *index)
{
    for (size_t c = 0; c < SIGN_CELLS; c++) {
        if (index->begin[c] > index->begin[c + 1]) {
            return false;
        }
    }
    for (size_t i = 0; i < index->features; i++) {
        uint32_t page = index->page_of[i];
        if (page >= index->pages) {
            return false;
        }
        const struct page_size *size = &index->page[page];
        struct sight p =
            page_record_place(index->place[i], size->width_pt, size->height_pt);
        if (!(p.x >= 0 && p.x <= size->width_pt && p.y >= 0 &&
              p.y <= size->height_pt && p.scale >= 1)) {
            return false;
        }
    }
    return index->begin[SIGN_CELLS] == index->features;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer again STING_AUTO(buffer_release) = {0};
    struct page_index index STING_AUTO(page_index_release) = {0};
    struct page_record record;
    struct bytes from = {data, size};
    struct page_records part = {{data, 0}, 0};
    while (page_record_read(&from, &record) == STING_OK) {
        part.pages++;
        if (page_record_write(&record, &again)) {
            abort();
        }
    }
    part.bytes.size = size - from.size;
    if (again.size != part.bytes.size ||
        (again.size && memcmp(again.data, data, again.size) != 0) ||
        page_index_init(&index, &part, 1, NULL) || !is_sound(&index)) {
        abort();
    }
    return 0;
}
