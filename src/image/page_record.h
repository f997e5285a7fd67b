/*
 * page_record: a page's layout packed for an index, 13 bytes a feature.
 *
 * Format: docs/formats/index.md. Records may be hostile: reading checks all.
 */
#ifndef STING_IMAGE_PAGE_RECORD_H
#define STING_IMAGE_PAGE_RECORD_H

#include "base/buffer.h"
#include "image/layout.h"
#include "image/sighting.h"

#define PAGE_RECORD_MOST 640 /* features a page: the strongest */

struct page_record {
    float width_pt;
    float height_pt;
    uint16_t features;
    uint16_t cell[PAGE_RECORD_MOST];  /* never falling */
    uint64_t bits[PAGE_RECORD_MOST];  /* signatures */
    uint32_t place[PAGE_RECORD_MOST]; /* see page_record_place */
};

void page_record_of(const struct layout *layout, struct page_record *out);

/* The place that is packed into 32 bits, on a page of that size. */
struct sight page_record_place(uint32_t place, float width_pt, float height_pt);

/* Append. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status page_record_write(
    const struct page_record *record, struct buffer *out);

/* Read one record from the front of *from and move *from past it.
 * Fails: E_FORMAT; *from kept. */
STING_MUST_USE enum sting_status page_record_read(struct bytes *from,
                                                  struct page_record *out);

#endif
