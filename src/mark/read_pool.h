/*
 * read_pool: several photographs of one page as one reading.
 *
 * Each unit's displacements are averaged by their noise, and the noise of the
 * averages is found anew, so that errors which the photographs share are not
 * counted down.
 */
#ifndef STING_MARK_READ_POOL_H
#define STING_MARK_READ_POOL_H

#include "mark/reading.h"

/* `count` readings of the same page. The caller releases *out.
 * Fails: E_ARG when they are of pages with other units, E_NOMEM. */
STING_MUST_USE enum sting_status mark_read_pool(
    const struct page_reading *const *reading, size_t count,
    const struct mark_page *page, struct page_reading *out);

#endif
