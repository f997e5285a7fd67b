/*
 * page_index: the layouts of all pages, standing by what their features look
 * like, so that a photograph's features find theirs without meeting the rest.
 *
 * Source: an inverted multi-index (Babenko and Lempitsky, CVPR 2012) of
 * 16,384 cells with 64-bit signatures; see sign.h.
 * Memory: 16 bytes a feature, about 10 kB a page.
 */
#ifndef STING_IMAGE_PAGE_INDEX_H
#define STING_IMAGE_PAGE_INDEX_H

#include "image/page_record.h"
#include "image/sign.h"

#define PAGE_INDEX_MOST_PAGES 1000000

struct page_size {
    float width_pt, height_pt;
};

struct page_index {
    size_t pages;
    struct page_size *page; /* owned, all */
    size_t features;
    uint32_t *begin; /* of each cell's features; begin[SIGN_CELLS]: the end */
    uint64_t *bits;
    uint32_t *place;
    uint32_t *page_of;
};

/* Records of pages, one after the other. */
struct page_records {
    struct bytes bytes; /* borrowed, and may be hostile */
    size_t pages;
};

/* Pages are numbered through, in the order given. The caller releases *out.
 * Fails: E_FORMAT when any part is not exactly its pages, E_LIMIT, E_NOMEM.
 * *bad (may be NULL) is then the part that is wrong. */
STING_MUST_USE enum sting_status page_index_init(
    struct page_index *out, const struct page_records *part, size_t parts,
    size_t *bad);
void page_index_release(struct page_index *index);

#endif
