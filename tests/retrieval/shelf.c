#include "tests/retrieval/shelf.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

#define RENDER_DPI 100.0
#define MOST_BYTES ((size_t)256 << 20)

double cpu_seconds(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
           (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

void shelf_free(struct shelf **shelf)
{
    if (*shelf) {
        pdf_file_close(&(*shelf)->file);
        page_index_release(&(*shelf)->index);
        free((*shelf)->features);
    }
    free(*shelf);
    *shelf = NULL;
}

static enum sting_status document_open(const char *path, struct pdf_file **out,
                                       struct fault *fault)
{
    struct buffer pdf STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        file_read(AT_FDCWD, path, MOST_BYTES, &pdf, fault);
    return status ? status : pdf_file_open(buffer_bytes(&pdf), out, fault);
}

static void page_look(struct pdf_file *file, int page, struct page_record *out)
{
    struct plane plane STING_AUTO(plane_release) = {0};
    struct layout layout STING_AUTO(layout_release) = {0};
    struct fault fault;
    *out = (struct page_record){.width_pt = 1, .height_pt = 1};
    if (!pdf_file_render(file, page, RENDER_DPI, &plane, &fault) &&
        !layout_of_page(&plane, RENDER_DPI, &layout)) {
        page_record_of(&layout, out);
    }
}

static enum sting_status records_make(const struct shelf_document *document,
                                      const char *cached)
{
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct buffer records STING_AUTO(buffer_release) = {0};
    struct page_record record;
    struct fault fault = {0};
    enum sting_status status = document_open(document->path, &file, &fault);
    int pages = status ? 0 : pdf_file_pages(file);
    for (int p = 0; !status && p < pages && p < document->most_pages; p++) {
        page_look(file, p, &record);
        status = page_record_write(&record, &records);
    }
    if (status) {
        fprintf(stderr, "%s: %s\n", document->path, fault.why);
        return status;
    }
    return file_write(AT_FDCWD, cached, buffer_bytes(&records), 0600, &fault);
}

/* Append a document's records to `all`, and count its pages. */
static enum sting_status records_take(struct shelf *shelf,
                                      struct shelf_document *document,
                                      const char *cached, struct buffer *all)
{
    struct page_record record;
    struct fault fault;
    size_t before = all->size;
    enum sting_status status =
        file_read(AT_FDCWD, cached, MOST_BYTES, all, &fault);
    struct bytes from = {all->data + before, all->size - before};
    document->first = shelf->pages;
    while (!status && from.size > 0) {
        status = page_record_read(&from, &record);
        void *grown = reallocarray(shelf->features, shelf->pages + 1,
                                   sizeof *shelf->features);
        if (status || !grown) {
            return STING_E_FORMAT;
        }
        shelf->features = grown;
        shelf->features[shelf->pages++] = record.features;
        document->pages++;
    }
    return status;
}

static void list_read(struct shelf *shelf, const char *list, const char *corpus,
                      const char *cache, bool make, struct buffer *all)
{
    char path[SHELF_PATH / 2];
    char cached[SHELF_PATH];
    char pages[10];
    uint32_t most = 0;
    FILE *lines = fopen(list, "r");
    for (int n = 1; lines && shelf->documents < SHELF_MOST &&
                    fscanf(lines, "%255s %9s", path, pages) == 2;
         n++) {
        const char *digits = pages;
        struct shelf_document document = {0};
        document.most_pages = digits_read(&digits, 9, &most) ? (int)most : 0;
        snprintf(document.path, sizeof document.path, "%s/%s", corpus, path);
        snprintf(cached, sizeof cached, "%s/%04d.index", cache, n);
        if (make && access(cached, R_OK) && records_make(&document, cached)) {
            continue;
        }
        if (access(cached, R_OK) == 0 &&
            records_take(shelf, &document, cached, all) == STING_OK) {
            shelf->document[shelf->documents++] = document;
        }
    }
    if (lines) {
        fclose(lines);
    }
}

struct shelf *shelf_new(const char *list, const char *corpus, const char *cache,
                        bool make)
{
    struct buffer all STING_AUTO(buffer_release) = {0};
    struct shelf *shelf = calloc(1, sizeof *shelf);
    if (!shelf) {
        return NULL;
    }
    list_read(shelf, list, corpus, cache, make, &all);
    double start = cpu_seconds();
    const struct page_records part = {buffer_bytes(&all), shelf->pages};
    shelf->record_bytes = all.size;
    if (page_index_init(&shelf->index, &part, 1, NULL)) {
        shelf_free(&shelf);
    } else {
        shelf->join_s = cpu_seconds() - start;
    }
    return shelf;
}

const struct shelf_document *shelf_document_of(const struct shelf *shelf,
                                               size_t page)
{
    const struct shelf_document *d = shelf->document;
    while (page >= d->first + d->pages) {
        d++;
    }
    return d;
}

static enum sting_status page_render(void *context, size_t number, double dpi,
                                     struct plane *out, struct fault *fault)
{
    struct shelf *shelf = context;
    const struct shelf_document *d = shelf_document_of(shelf, number);
    size_t which = (size_t)(d - shelf->document);
    if (shelf->open != which + 1) {
        pdf_file_close(&shelf->file);
        shelf->open = 0;
        enum sting_status status = document_open(d->path, &shelf->file, fault);
        if (status) {
            return status;
        }
        shelf->open = which + 1;
    }
    return pdf_file_render(shelf->file, (int)(number - d->first), dpi, out,
                           fault);
}

static bool is_in_view(const struct page_map *map, const struct plane *picture,
                       int x, int y)
{
    struct point p =
        page_map_at(map, (struct point){(x + 0.5) * 72 / RENDER_DPI,
                                        (y + 0.5) * 72 / RENDER_DPI});
    return p.x >= 0 && p.y >= 0 && p.x < picture->width_px &&
           p.y < picture->height_px;
}

bool shelf_same(struct shelf *shelf, size_t page, size_t other,
                const struct page_map *map, const struct plane *picture)
{
    struct plane a STING_AUTO(plane_release) = {0};
    struct plane b STING_AUTO(plane_release) = {0};
    struct fault fault;
    if (page == other) {
        return true;
    }
    if (page_render(shelf, page, RENDER_DPI, &a, &fault) ||
        page_render(shelf, other, RENDER_DPI, &b, &fault)) {
        return false;
    }
    bool is_same = a.width_px == b.width_px && a.height_px == b.height_px;
    for (int y = 0; is_same && y < a.height_px; y++) {
        for (int x = 0; is_same && x < a.width_px; x++) {
            is_same = plane_row(&a, y)[x] == plane_row(&b, y)[x] ||
                      !is_in_view(map, picture, x, y);
        }
    }
    return is_same;
}

struct search_source shelf_source(struct shelf *shelf)
{
    return (struct search_source){shelf, page_render, NULL};
}
