#include "trace/library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mark/code.h"
#include "operation/bait_index.h"

static void shelf_release(struct shelf *shelf)
{
    bait_release(&shelf->bait);
    register_list_release(&shelf->issued);
    free(shelf->copy);
    secret_wipe(&shelf->document);
    *shelf = (struct shelf){0};
}

void library_release(struct library *library)
{
    for (size_t i = 0; i < library->shelves; i++) {
        shelf_release(&library->shelf[i]);
    }
    page_index_release(&library->index);
    handover_list_release(&library->handover);
    free(library->shelf);
    free(library->place);
    *library = (struct library){0};
}

/* Numbers of all copies of a bait, out of its batches. */
static enum sting_status copies_fill(struct shelf *shelf)
{
    size_t count = 0;
    for (size_t b = 0; b < shelf->issued.batches; b++) {
        count += shelf->issued.batch[b].copies;
    }
    shelf->copy = reallocarray(NULL, count + 1, sizeof *shelf->copy);
    if (!shelf->copy) {
        return STING_E_NOMEM;
    }
    for (size_t b = 0; b < shelf->issued.batches; b++) {
        const struct register_batch *batch = &shelf->issued.batch[b];
        for (uint32_t i = 0; i < batch->copies; i++) {
            shelf->copy[shelf->copies++] = batch->first + i;
        }
    }
    return STING_OK;
}

enum sting_status library_open(struct library *library, size_t shelf,
                               struct fault *fault)
{
    struct bait bait STING_AUTO(bait_release) = {0};
    struct bait *known = &library->shelf[shelf].bait;
    if (known->page) {
        return STING_OK;
    }
    enum sting_status status =
        bait_load(library->operation, library->keys, known->name, &bait, fault);
    if (!status && known->pages &&
        (bait.pages != known->pages ||
         !digest_equal(bait.original, known->original))) {
        status = fault_set(
            fault, STING_E_FORGED, "remove its index.age, it is made again",
            "the index of %s is of another document", known->name);
    }
    if (!status) {
        *known = bait;
        bait = (struct bait){0};
    }
    return status;
}

/* Have the worker open this shelf's original. */
static enum sting_status original_open(struct library *library, size_t shelf,
                                       struct fault *fault)
{
    struct buffer original STING_AUTO(buffer_wipe) = {0};
    const struct bait *bait = &library->shelf[shelf].bait;
    int pages = 0;
    if (library->open == shelf + 1) {
        return STING_OK;
    }
    library->open = 0;
    enum sting_status status = bait_original_load(
        library->operation, library->keys, bait, &original, fault);
    if (!status) {
        status = picture_pdf_open(library->worker, buffer_bytes(&original),
                                  &pages, fault);
    }
    if (!status && pages != bait->pages) {
        status = fault_set(fault, STING_E_FORMAT, "",
                           "the original of %s has %d pages, not %d",
                           bait->name, pages, bait->pages);
    }
    library->open = status ? 0 : shelf + 1;
    return status;
}

static enum sting_status page_render(void *context, size_t number, double dpi,
                                     struct plane *out, struct fault *fault)
{
    struct library *library = context;
    const struct library_place *place = &library->place[number];
    enum sting_status status = library_open(library, place->shelf, fault);
    if (!status) {
        status = original_open(library, place->shelf, fault);
    }
    if (!status) {
        status =
            picture_pdf_render(library->worker, place->page, dpi, out, fault);
    }
    return status;
}

enum sting_status library_letters(struct library *library, size_t number,
                                  struct mark_letters *out, struct fault *fault)
{
    const struct library_place *place = &library->place[number];
    enum sting_status status = original_open(library, place->shelf, fault);
    if (status) {
        return status;
    }
    status = picture_pdf_letters(library->worker, place->page, out, fault);
    if (status == STING_E_FORMAT) { /* the worker may be gone with the file */
        library->open = 0;
        return STING_OK;
    }
    return status;
}

static bool is_in_picture(const struct mark_unit *unit,
                          const struct page_map *map, int width_px,
                          int height_px)
{
    const double x[2] = {(double)unit->x0_pt, (double)unit->x1_pt};
    const double y[2] = {(double)unit->y0_pt, (double)unit->y1_pt};
    bool is_in = true;
    for (int corner = 0; corner < 4; corner++) {
        struct point p =
            page_map_at(map, (struct point){x[corner & 1], y[corner >> 1]});
        is_in =
            is_in && p.x >= 0 && p.y >= 0 && p.x < width_px && p.y < height_px;
    }
    return is_in;
}

static size_t page_units(void *context, size_t number,
                         const struct page_map *map, int width_px,
                         int height_px)
{
    const struct library *library = context;
    const struct library_place *place = &library->place[number];
    const struct mark_page *page =
        &library->shelf[place->shelf].bait.page[place->page];
    size_t units = 0;
    for (uint32_t u = 0; u < page->units; u++) {
        units += is_in_picture(&page->unit[u], map, width_px, height_px);
    }
    return units;
}

struct search_source library_source(struct library *library)
{
    return (struct search_source){library, page_render, page_units};
}

/* Look at every page of a bait that has no index, or one that is damaged. */
static enum sting_status index_make(struct library *library, size_t shelf,
                                    struct bait_index *out, struct fault *fault)
{
    struct bait_index index STING_AUTO(bait_index_release) = {0};
    struct bait *bait = &library->shelf[shelf].bait;
    enum sting_status status = library_open(library, shelf, fault);
    if (!status) {
        status = original_open(library, shelf, fault);
    }
    while (!status && index.pages < bait->pages) {
        status = bait_index_add(&index, library->worker, fault);
    }
    if (!status) {
        index.original = bait->original;
        library->unindexed += (size_t)index.pages;
        *out = index;
        index = (struct bait_index){0};
    }
    return status;
}

static enum sting_status index_load(struct library *library, size_t shelf,
                                    const char *name, struct bait_index *out,
                                    struct fault *fault)
{
    struct bait *bait = &library->shelf[shelf].bait;
    struct fault none = {0};
    snprintf(bait->name, sizeof bait->name, "%s", name);
    enum sting_status status =
        bait_index_load(library->operation, library->keys, name, out, &none);
    if (status == STING_E_ABSENT || status == STING_E_FORMAT ||
        status == STING_E_FORGED) {
        return index_make(library, shelf, out, fault);
    }
    if (status) {
        *fault = none;
        return status;
    }
    bait->original = out->original;
    bait->pages = out->pages;
    return STING_OK;
}

/* A shelf with all but its reference; its part of what was issued of all baits
 * goes to it, its index is left in *out. */
static enum sting_status shelf_load(struct library *library, size_t number,
                                    const char *name,
                                    struct register_list *issued,
                                    struct bait_index *out, struct fault *fault)
{
    struct shelf *shelf = &library->shelf[number];
    enum sting_status status = index_load(library, number, name, out, fault);
    if (!status) {
        status = register_list_take(issued, name, &shelf->issued);
    }
    if (status) {
        return status;
    }
    mark_document_key(&library->keys->mark, shelf->bait.original,
                      &shelf->document);
    status = copies_fill(shelf);
    return status ? fault_set(fault, status, "", "the memory is used up")
                  : STING_OK;
}

static enum sting_status places_fill(struct library *library)
{
    size_t number = 0;
    library->place = calloc(library->index.pages + 1, sizeof *library->place);
    if (!library->place) {
        return STING_E_NOMEM;
    }
    for (size_t i = 0; i < library->shelves; i++) {
        for (int p = 0; p < library->shelf[i].bait.pages; p++) {
            library->place[number++] = (struct library_place){i, p};
        }
    }
    library->pages = number;
    return STING_OK;
}

/* Put the parts together. One that is damaged is made anew, once. */
static enum sting_status index_join(struct library *library,
                                    struct bait_index *part,
                                    struct fault *fault)
{
    struct page_records *records =
        calloc(library->shelves + 1, sizeof *records);
    enum sting_status status = records ? STING_E_FORMAT : STING_E_NOMEM;
    for (size_t round = 0;
         status == STING_E_FORMAT && round <= library->shelves; round++) {
        size_t bad = 0;
        for (size_t i = 0; i < library->shelves; i++) {
            records[i] = (struct page_records){buffer_bytes(&part[i].records),
                                               (size_t)part[i].pages};
        }
        status =
            page_index_init(&library->index, records, library->shelves, &bad);
        if (status == STING_E_FORMAT) {
            bait_index_release(&part[bad]);
            library->shelf[bad].bait.pages = 0; /* as it says: not believed */
            enum sting_status made =
                index_make(library, bad, &part[bad], fault);
            status = made ? made : STING_E_FORMAT;
        }
    }
    free(records);
    return status;
}

/* The indexes of all shelves, until they are joined. */
struct parts {
    size_t count;
    struct bait_index *part; /* owned */
};

static void parts_release(struct parts *parts)
{
    for (size_t i = 0; parts->part && i < parts->count; i++) {
        bait_index_release(&parts->part[i]);
    }
    free(parts->part);
}

static enum sting_status shelves_load(struct library *library,
                                      const struct bait_names *names,
                                      struct fault *fault)
{
    struct parts parts STING_AUTO(parts_release) = {
        names->count, calloc(names->count + 1, sizeof *parts.part)};
    struct register_list issued STING_AUTO(register_list_release) = {0};
    library->shelf = calloc(names->count + 1, sizeof *library->shelf);
    enum sting_status status =
        library->shelf && parts.part ? STING_OK : STING_E_NOMEM;
    if (!status) { /* the ledger is read once for all */
        status = register_load(library->operation, library->keys, NULL, &issued,
                               fault);
    }
    for (size_t i = 0; !status && i < names->count; i++) {
        library->shelves++;
        status = shelf_load(library, i, names->name[i], &issued, &parts.part[i],
                            fault);
    }
    if (!status) {
        status = index_join(library, parts.part, fault);
    }
    if (!status) {
        status = places_fill(library);
    }
    return status == STING_E_NOMEM
               ? fault_set(fault, status, "", "the memory is used up")
               : status;
}

enum sting_status library_init(struct library *out,
                               const struct operation *operation,
                               const struct operation_keys *keys,
                               struct picture_worker *worker,
                               struct fault *fault)
{
    struct library library STING_AUTO(library_release) = {
        .operation = operation, .keys = keys, .worker = worker};
    struct bait_names names STING_AUTO(bait_names_release) = {0};
    enum sting_status status = bait_names_init(operation, &names, fault);
    if (!status && names.count == 0) {
        status = fault_set(fault, STING_E_ABSENT, "see sting bait add",
                           "the operation has no bait to look for");
    }
    if (!status) {
        status = handover_load(operation, &library.handover, fault);
    }
    if (!status) {
        status = shelves_load(&library, &names, fault);
    }
    if (!status) {
        *out = library;
        library = (struct library){0};
    }
    return status;
}

bool library_copy(const struct shelf *shelf, uint32_t number,
                  struct register_copy *out)
{
    return register_find(&shelf->issued, number, out, NULL);
}

const char *library_holder(const struct library *library, uint32_t number)
{
    for (size_t s = 0; s < library->shelves; s++) {
        struct register_copy copy;
        if (library_copy(&library->shelf[s], number, &copy)) {
            return register_name(copy.holder);
        }
    }
    return NULL;
}
