/*
 * library: all pages of an operation, as a search wants them.
 *
 * Loads the index of every bait at once; where a bait has none, for it was
 * added by an older sting, its pages are looked at now. What reading a page
 * needs is loaded when somebody looks closer at a page of that bait.
 *
 * Threads: one at a time.
 */
#ifndef STING_TRACE_LIBRARY_H
#define STING_TRACE_LIBRARY_H

#include "operation/baits.h"
#include "operation/handover.h"
#include "operation/picture_worker.h"
#include "operation/register.h"
#include "trace/search.h"

/* One bait: what was issued of it, and the key of its codes. */
struct shelf {
    struct bait bait; /* owned, all; bait.page is NULL until it is opened */
    struct register_list issued;
    uint32_t *copy; /* numbers of all copies issued */
    size_t copies;
    struct secret document; /* K_doc */
};

struct library_place {
    size_t shelf;
    int page; /* from 0 */
};

struct library {
    const struct operation *operation; /* borrowed, all three */
    const struct operation_keys *keys;
    struct picture_worker *worker;
    size_t shelves;
    struct shelf *shelf;           /* owned */
    size_t unindexed;              /* pages that had to be looked at now */
    struct handover_list handover; /* owned */
    size_t pages;
    struct library_place *place; /* owned; by page number of the search */
    struct page_index index;     /* owned */
    size_t open;                 /* shelf that the worker has open, + 1 */
};

/* keys: identity and mark. Fails: as baits, register and picture worker. */
STING_MUST_USE enum sting_status library_init(struct library *out,
                                              const struct operation *operation,
                                              const struct operation_keys *keys,
                                              struct picture_worker *worker,
                                              struct fault *fault);
void library_release(struct library *library);

/* Have the units of a shelf's pages, which reading needs: shelf.bait.page.
 * Rendering a page of it does the same. Fails: as bait_load; E_FORGED when
 * the index was made of another document. */
STING_MUST_USE enum sting_status library_open(struct library *library,
                                              size_t shelf,
                                              struct fault *fault);

/* Renders pages of this library; context is the library. */
struct search_source library_source(struct library *library);

/* Where a page has its glyphs, by its number in the search; none where that
 * cannot be read. The caller releases *out. Fails: as rendering it. */
STING_MUST_USE enum sting_status library_letters(struct library *library,
                                                 size_t number,
                                                 struct mark_letters *out,
                                                 struct fault *fault);

/* The copy of this number of a bait; false when there is none. */
bool library_copy(const struct shelf *shelf, uint32_t number,
                  struct register_copy *out);

/* Whom a copy of whatever bait was issued to; NULL: nobody, or it is sealed. */
const char *library_holder(const struct library *library, uint32_t number);

#endif
