#include "operation/bait_index.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "image/page_record.h"
#include "ledger/line.h"
#include "operation/baits.h"
#include "operation/sheet.h"
#include "operation/writer.h"

#define MAGIC "sting-index-1\n"
#define MOST_RECORD_BYTES 8704
#define HEAD_BYTES 256
#define MOST_BYTES ((size_t)BAIT_MOST_PAGES * MOST_RECORD_BYTES + HEAD_BYTES)
#define SEALED_MOST_BYTES (MOST_BYTES + MOST_BYTES / 1024 + 65536)

void bait_index_release(struct bait_index *index)
{
    buffer_wipe(&index->records);
    *index = (struct bait_index){0};
}

/* The second one is for posters that are too large at the first. */
static const double dpi_table[] = {100, 20};

static enum sting_status page_look(struct picture_worker *worker, int page,
                                   double dpi, struct page_record *out,
                                   struct fault *fault)
{
    struct plane plane STING_AUTO(plane_release) = {0};
    struct layout layout STING_AUTO(layout_release) = {0};
    enum sting_status status =
        picture_pdf_render(worker, page, dpi, &plane, fault);
    if (!status) {
        status = layout_of_page(&plane, dpi, &layout);
    }
    if (!status) {
        page_record_of(&layout, out);
    }
    return status;
}

enum sting_status bait_index_add(struct bait_index *index,
                                 struct picture_worker *worker,
                                 struct fault *fault)
{
    struct page_record record = {0};
    struct fault bad = {0};
    enum sting_status status =
        page_look(worker, index->pages, dpi_table[0], &record, &bad);
    if (status == STING_E_LIMIT) {
        status = page_look(worker, index->pages, dpi_table[1], &record, &bad);
    }
    if (status == STING_E_NOMEM) {
        *fault = bad;
        return status;
    }
    if (status) {
        record = (struct page_record){.width_pt = 1, .height_pt = 1};
    }
    index->pages++;
    status = page_record_write(&record, &index->records);
    return status ? fault_set(fault, status, "", "the memory is used up")
                  : STING_OK;
}

enum sting_status bait_index_write(const struct bait_index *index,
                                   struct buffer *out)
{
    char original[DIGEST_TEXT_SIZE];
    enum sting_status status =
        buffer_printf(out, MAGIC "original %s\npages %d\n",
                      digest_text(index->original, original), index->pages);
    return status ? status : buffer_append(out, buffer_bytes(&index->records));
}

enum sting_status bait_index_read(struct bytes from, struct bait_index *out)
{
    struct bait_index index STING_AUTO(bait_index_release) = {0};
    int64_t pages = 0;
    enum sting_status status = sheet_take_magic(&from, MAGIC);
    if (!status) {
        status = sheet_take_digest(&from, "original", &index.original);
    }
    if (!status) {
        status = sheet_take_number(&from, "pages", BAIT_MOST_PAGES, &pages);
    }
    if (!status && from.size > (size_t)pages * MOST_RECORD_BYTES) {
        status = STING_E_FORMAT;
    }
    index.pages = (int)pages;
    if (!status) {
        status = buffer_append(&index.records, from);
    }
    if (!status) {
        *out = index;
        index = (struct bait_index){0};
    }
    return status;
}

static enum sting_status line_write(const struct operation *operation,
                                    const char *name,
                                    const struct bait_index *index,
                                    struct bytes sealed, struct fault *fault)
{
    char hash[2][DIGEST_TEXT_SIZE];
    char pages[12];
    (void)snprintf(pages, sizeof pages, "%d", index->pages);
    const struct line_field field[] = {
        {"bait", name},
        {"state", "indexed"},
        {"original", digest_text(index->original, hash[0])},
        {"pages", pages},
        {"index", digest_text(digest_of(sealed), hash[1])},
    };
    return writer_note(operation, clock_now, "bait", field,
                       sizeof field / sizeof *field, fault);
}

/* The file first: a line without it would leave the bait without an index for
 * ever. Cut off between the two, the file is one that no line names: it is a
 * bait's first, so no line says otherwise of it. */
enum sting_status bait_index_store(const struct operation *operation,
                                   const char *name,
                                   const struct bait_index *index,
                                   struct fault *fault)
{
    char path[PATH_MAX];
    struct buffer plain STING_AUTO(buffer_wipe) = {0};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    snprintf(path, sizeof path, "bait/%s/index.age", name);
    enum sting_status status = bait_index_write(index, &plain);
    if (status) {
        return fault_set(fault, status, "", "the memory is used up");
    }
    status = operation_seal(operation, buffer_bytes(&plain), &sealed, fault);
    if (!status) {
        status = file_write(operation_dir(operation), path,
                            buffer_bytes(&sealed), 0600, fault);
    }
    return status ? status
                  : line_write(operation, name, index, buffer_bytes(&sealed),
                               fault);
}

enum sting_status bait_index_load(const struct operation *operation,
                                  const struct operation_keys *keys,
                                  const char *name, struct bait_index *out,
                                  struct fault *fault)
{
    char path[PATH_MAX];
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct buffer plain STING_AUTO(buffer_wipe) = {0};
    snprintf(path, sizeof path, "bait/%s/index.age", name);
    if (faccessat(operation_dir(operation), path, F_OK, 0)) {
        return fault_set(fault, STING_E_ABSENT, "", "%s has no index", name);
    }
    enum sting_status status = file_read(operation_dir(operation), path,
                                         SEALED_MOST_BYTES, &sealed, fault);
    if (!status) {
        status =
            operation_unseal(keys, path, buffer_bytes(&sealed), &plain, fault);
    }
    if (!status && bait_index_read(buffer_bytes(&plain), out)) {
        status =
            fault_set(fault, STING_E_FORMAT, "", "%s holds no index", path);
    }
    return status;
}
