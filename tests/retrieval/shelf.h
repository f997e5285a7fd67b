/* shelf: documents of a corpus as pages of one index, for measuring. */
#ifndef STING_RETRIEVAL_SHELF_H
#define STING_RETRIEVAL_SHELF_H

#include "image/page_index.h"
#include "pdf/file.h"
#include "trace/search.h"

#define SHELF_MOST 1024 /* documents */
#define SHELF_PATH 512

struct shelf_document {
    char path[SHELF_PATH]; /* of the PDF */
    int most_pages;        /* its first so many */
    size_t first;          /* number of its first page in the index */
    size_t pages;
};

struct shelf {
    size_t documents;
    struct shelf_document document[SHELF_MOST];
    size_t pages;
    uint16_t *features; /* owned: of each page */
    struct page_index index;
    size_t record_bytes;
    double join_s;         /* CPU seconds that joining the records took */
    struct pdf_file *file; /* the one opened last */
    size_t open;           /* its document + 1 */
};

void shelf_free(struct shelf **shelf);

/* The list has a line a document: PATH PAGES, the path inside `corpus`.
 * Records of document n are CACHE/000n.index; those missing are made when
 * `make` says so, else left out. NULL when that fails. */
struct shelf *shelf_new(const char *list, const char *corpus, const char *cache,
                        bool make);

/* The document that holds a page of the index. */
const struct shelf_document *shelf_document_of(const struct shelf *shelf,
                                               size_t page);

/* Do two pages look the same, to the pixel at 100 dpi, in what a picture of
 * this size shows of them by this map? Then nobody can say which it is. */
bool shelf_same(struct shelf *shelf, size_t page, size_t other,
                const struct page_map *map, const struct plane *picture);
struct search_source shelf_source(struct shelf *shelf);

double cpu_seconds(void);

#endif
