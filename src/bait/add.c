#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bait/bait.h"
#include "base/file.h"
#include "operation/bait_index.h"

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* "Water Tank.pdf" -> "water-tank". */
static void name_from(const char *file, char out[CONFIG_NAME_SIZE])
{
    size_t size = 0;
    const char *dot = strrchr(file, '.');
    for (const char *c = file; *c && c != dot && size + 1 < CONFIG_NAME_SIZE;
         c++) {
        char low = *c;
        if (low >= 'A' && low <= 'Z') {
            low = (char)(low - 'A' + 'a');
        }
        bool plain = (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9') ||
                     low == '_';
        if (plain) {
            out[size++] = low;
        } else if (size > 0 && out[size - 1] != '-') {
            out[size++] = '-';
        }
    }
    while (size > 0 && out[size - 1] == '-') {
        size--;
    }
    out[size] = '\0';
}

static enum sting_status choose_name(struct bait *bait, const char *name,
                                     struct fault *fault)
{
    if (name) {
        snprintf(bait->name, sizeof bait->name, "%s", name);
    } else {
        name_from(bait->file, bait->name);
    }
    if ((name && strlen(name) >= sizeof bait->name) ||
        !config_name_is_valid(bait->name)) {
        return fault_set(
            fault, STING_E_ARG, "choose --name of a-z, 0-9, - and _, up to 32",
            "\"%.60s\" cannot be a bait's name", name ? name : bait->file);
    }
    return STING_OK;
}

static enum sting_status describe_file(struct bait *bait, const char *path,
                                       struct fault *fault)
{
    struct stat stat;
    const char *file = last_part(path);
    if (strlen(file) >= sizeof bait->file) {
        return fault_set(fault, STING_E_ARG, "give the file a shorter name",
                         "the file's name is too long");
    }
    if (fstatat(AT_FDCWD, path, &stat, 0)) {
        return fault_errno(fault, STING_E_IO, "", "it cannot be read");
    }
    snprintf(bait->file, sizeof bait->file, "%s", file);
    bait->modified_us =
        (int64_t)stat.st_mtim.tv_sec * 1000000 + stat.st_mtim.tv_nsec / 1000;
    return STING_OK;
}

static enum sting_status read_pages(struct bait *bait,
                                    struct picture_worker *worker,
                                    struct fault *fault)
{
    uint32_t units = 0;
    enum sting_status status = STING_OK;
    if (bait->pages > BAIT_MOST_PAGES) {
        return fault_set(fault, STING_E_LIMIT, "split it into parts",
                         "the PDF has more than %d pages", BAIT_MOST_PAGES);
    }
    bait->page = calloc((size_t)bait->pages, sizeof *bait->page);
    if (!bait->page) {
        return STING_E_NOMEM;
    }
    for (int p = 0; !status && p < bait->pages; p++) {
        status = picture_pdf_page(worker, p, &bait->page[p], fault);
        units += bait->page[p].units;
    }
    if (!status && units == 0) {
        status = fault_set(fault, STING_E_UNSUPPORTED,
                           "use a document with text, drawings or scans",
                           "there is nothing to mark: no page has enough "
                           "words or lines that could be displaced");
    }
    return status;
}

enum sting_status bait_add(const struct bait_candidate *candidate,
                           struct bait *out, struct fault *fault)
{
    struct bait bait STING_AUTO(bait_release) = {0};
    struct buffer file STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        file_read(AT_FDCWD, candidate->path, BAIT_MOST_BYTES, &file, fault);
    if (!status) {
        status = describe_file(&bait, candidate->path, fault);
    }
    if (!status) {
        status = choose_name(&bait, candidate->name, fault);
    }
    if (!status) {
        status = picture_pdf_open(candidate->worker, buffer_bytes(&file),
                                  &bait.pages, fault);
    }
    if (!status && candidate->is_faint) {
        picture_pdf_faint(candidate->worker);
    }
    if (!status) {
        status = read_pages(&bait, candidate->worker, fault);
    }
    if (!status) {
        bait.original = digest_of(buffer_bytes(&file));
        status = bait_store(candidate->operation, candidate->writer, &bait,
                            buffer_bytes(&file), fault);
    }
    if (status) {
        return status;
    }
    *out = bait;
    bait = (struct bait){0};
    return STING_OK;
}

enum sting_status bait_look(const struct operation *operation,
                            struct picture_worker *worker,
                            const struct bait *bait, bait_tell *tell,
                            void *context, struct fault *fault)
{
    struct bait_index index STING_AUTO(bait_index_release) = {
        .original = bait->original};
    enum sting_status status = STING_OK;
    while (!status && index.pages < bait->pages) {
        status = bait_index_add(&index, worker, fault);
        if (tell) {
            tell(context, index.pages, bait->pages);
        }
    }
    return status ? status
                  : bait_index_store(operation, bait->name, &index, fault);
}
