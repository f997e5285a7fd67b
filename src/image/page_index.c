#include "image/page_index.h"

#include <stdlib.h>
#include <string.h>

void page_index_release(struct page_index *index)
{
    free(index->page);
    free(index->begin);
    free(index->bits);
    free(index->place);
    free(index->page_of);
    *index = (struct page_index){0};
}

/* What is done with each record of each part. */
typedef void record_take(struct page_index *index, size_t page,
                         const struct page_record *record);

static void count_take(struct page_index *index, size_t page,
                       const struct page_record *record)
{
    index->page[page] = (struct page_size){record->width_pt, record->height_pt};
    index->features += record->features;
    for (int i = 0; i < record->features; i++) {
        index->begin[record->cell[i]]++;
    }
}

/* begin[] runs down from each cell's end while features are put in. */
static void feature_take(struct page_index *index, size_t page,
                         const struct page_record *record)
{
    for (int i = 0; i < record->features; i++) {
        uint32_t at = --index->begin[record->cell[i]];
        index->bits[at] = record->bits[i];
        index->place[at] = record->place[i];
        index->page_of[at] = (uint32_t)page;
    }
}

static enum sting_status part_walk(struct page_index *index,
                                   const struct page_records *part,
                                   size_t *page, record_take *take)
{
    struct page_record record;
    struct bytes from = part->bytes;
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < part->pages; i++) {
        status = page_record_read(&from, &record);
        if (!status) {
            take(index, (*page)++, &record);
        }
    }
    return !status && from.size > 0 ? STING_E_FORMAT : status;
}

static enum sting_status parts_walk(struct page_index *index,
                                    const struct page_records *part,
                                    size_t parts, record_take *take,
                                    size_t *bad)
{
    size_t page = 0;
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < parts; i++) {
        status = part_walk(index, &part[i], &page, take);
        if (status && bad) {
            *bad = i;
        }
    }
    return status;
}

static enum sting_status features_make(struct page_index *index)
{
    size_t count = index->features + 1;
    index->bits = reallocarray(NULL, count, sizeof *index->bits);
    index->place = reallocarray(NULL, count, sizeof *index->place);
    index->page_of = reallocarray(NULL, count, sizeof *index->page_of);
    uint32_t end = 0;
    for (size_t c = 0; c < SIGN_CELLS; c++) {
        end += index->begin[c];
        index->begin[c] = end;
    }
    index->begin[SIGN_CELLS] = end;
    return index->bits && index->place && index->page_of ? STING_OK
                                                         : STING_E_NOMEM;
}

enum sting_status page_index_init(struct page_index *out,
                                  const struct page_records *part, size_t parts,
                                  size_t *bad)
{
    struct page_index index STING_AUTO(page_index_release) = {0};
    for (size_t i = 0; i < parts; i++) {
        if (part[i].pages > PAGE_INDEX_MOST_PAGES - index.pages) {
            return STING_E_LIMIT;
        }
        index.pages += part[i].pages;
    }
    index.page = calloc(index.pages + 1, sizeof *index.page);
    index.begin = calloc(SIGN_CELLS + 1, sizeof *index.begin);
    enum sting_status status =
        index.page && index.begin ? STING_OK : STING_E_NOMEM;
    if (!status) {
        status = parts_walk(&index, part, parts, count_take, bad);
    }
    if (!status) {
        status = features_make(&index);
    }
    if (!status) {
        status = parts_walk(&index, part, parts, feature_take, bad);
    }
    if (!status) {
        *out = index;
        index = (struct page_index){0};
    }
    return status;
}
