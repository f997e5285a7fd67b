#include "trace/library.h"

#include <stdlib.h>

#include "mark/code.h"

#define LAYOUT_RENDER_DPI 100.0

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
    for (size_t i = 0; i < library->pages; i++) {
        layout_release(&library->page[i].layout);
    }
    free(library->shelf);
    free(library->place);
    free(library->page);
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

static enum sting_status shelf_load(struct shelf *shelf,
                                    const struct library *library,
                                    const char *name, struct fault *fault)
{
    enum sting_status status =
        bait_load(library->operation, library->keys, name, &shelf->bait, fault);
    if (!status) {
        status = register_load(library->operation, library->keys, name,
                               &shelf->issued, fault);
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

/* Have the worker open this shelf's original. */
static enum sting_status shelf_open(struct library *library, size_t shelf,
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
    enum sting_status status = shelf_open(library, place->shelf, fault);
    if (!status) {
        status =
            picture_pdf_render(library->worker, place->page, dpi, out, fault);
    }
    return status;
}

struct search_source library_source(struct library *library)
{
    return (struct search_source){library, page_render};
}

static enum sting_status page_add(struct library *library, size_t shelf,
                                  int page, struct fault *fault)
{
    struct plane plane STING_AUTO(plane_release) = {0};
    size_t number = library->pages;
    library->place[number] = (struct library_place){shelf, page};
    library->page[number] = (struct search_page){.number = number};
    enum sting_status status =
        page_render(library, number, LAYOUT_RENDER_DPI, &plane, fault);
    if (status) {
        return status;
    }
    struct layout *layout = &library->page[number].layout;
    status = layout_of_page(&plane, LAYOUT_RENDER_DPI, layout);
    if (status) {
        return fault_set(fault, status, "", "page %d cannot be searched for",
                         page + 1);
    }
    /* The rendering is whole pixels; the page is what the reference says. */
    layout->width = (double)library->shelf[shelf].bait.page[page].width_pt;
    layout->height = (double)library->shelf[shelf].bait.page[page].height_pt;
    library->pages++;
    return STING_OK;
}

static enum sting_status shelves_load(struct library *library,
                                      const struct bait_names *names,
                                      struct fault *fault)
{
    enum sting_status status = STING_OK;
    library->shelf = calloc(names->count + 1, sizeof *library->shelf);
    if (!library->shelf) {
        return fault_set(fault, STING_E_NOMEM, "", "the memory is used up");
    }
    for (size_t i = 0; !status && i < names->count; i++) {
        library->shelves++;
        status = shelf_load(&library->shelf[i], library, names->name[i], fault);
    }
    return status;
}

static enum sting_status pages_load(struct library *library,
                                    struct fault *fault)
{
    enum sting_status status = STING_OK;
    size_t most = 0;
    for (size_t i = 0; i < library->shelves; i++) {
        most += (size_t)library->shelf[i].bait.pages;
    }
    library->place = calloc(most + 1, sizeof *library->place);
    library->page = calloc(most + 1, sizeof *library->page);
    if (!library->place || !library->page) {
        return fault_set(fault, STING_E_NOMEM, "", "the memory is used up");
    }
    for (size_t i = 0; i < library->shelves; i++) {
        for (int p = 0; !status && p < library->shelf[i].bait.pages; p++) {
            status = page_add(library, i, p, fault);
        }
    }
    return status;
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
        status = shelves_load(&library, &names, fault);
    }
    if (!status) {
        status = pages_load(&library, fault);
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
