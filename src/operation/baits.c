#include "operation/baits.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/line.h"
#include "operation/register.h"
#include "operation/sheet.h"

#define MAGIC "sting-reference-1\n"
#define SEALED_MOST_BYTES (BAIT_MOST_BYTES + BAIT_MOST_BYTES / 1024 + 65536)

void bait_release(struct bait *bait)
{
    for (int p = 0; p < bait->pages && bait->page; p++) {
        mark_page_release(&bait->page[p]);
    }
    free(bait->page);
    *bait = (struct bait){0};
}

void bait_names_release(struct bait_names *names)
{
    free(names->name);
    *names = (struct bait_names){0};
}

static void path_of(const char *name, const char *file, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "bait/%s/%s", name, file);
}

/* A bait is there when its reference is: it is written last. */
static bool is_stored(int dir, const char *name)
{
    char path[PATH_MAX];
    path_of(name, "reference.age", path);
    return config_name_is_valid(name) && faccessat(dir, path, F_OK, 0) == 0;
}

static void entries_free(struct dirent **entry, int entries)
{
    for (int i = 0; i < entries; i++) {
        free(entry[i]);
    }
    free((void *)entry);
}

enum sting_status bait_names_init(const struct operation *operation,
                                  struct bait_names *out, struct fault *fault)
{
    struct dirent **entry = NULL;
    int dir = operation_dir(operation);
    int entries = scandirat(dir, "bait", &entry, NULL, alphasort);
    if (entries < 0 && errno != ENOENT) {
        return fault_errno(fault, STING_E_IO, "check its permissions",
                           "the folder bait cannot be read");
    }
    struct bait_names names = {0};
    names.name = calloc(entries > 0 ? (size_t)entries : 1, sizeof *names.name);
    for (int i = 0; i < entries && names.name; i++) {
        if (is_stored(dir, entry[i]->d_name) && names.count < BAITS_MOST) {
            memcpy(names.name[names.count++], entry[i]->d_name,
                   strlen(entry[i]->d_name) + 1);
        }
    }
    entries_free(entry, entries);
    if (!names.name) {
        return STING_E_NOMEM;
    }
    *out = names;
    return STING_OK;
}

enum sting_status bait_reference_write(const struct bait *bait,
                                       struct buffer *out)
{
    char original[DIGEST_TEXT_SIZE];
    char when[CLOCK_TEXT_SIZE];
    enum sting_status status = buffer_printf(
        out, MAGIC "name %s\nfile %s\nmodified %s\noriginal %s\npages %d\n",
        bait->name, bait->file, clock_text(bait->modified_us, when),
        digest_text(bait->original, original), bait->pages);
    for (int p = 0; p < bait->pages && !status; p++) {
        status = mark_page_write(&bait->page[p], out);
    }
    return status;
}

static enum sting_status head_read(struct bytes *from, struct bait *out)
{
    int64_t pages = 0;
    enum sting_status status = sheet_take_magic(from, MAGIC);
    if (!status) {
        status = sheet_take_text(from, "name", out->name, sizeof out->name);
    }
    if (!status) {
        status = sheet_take_text(from, "file", out->file, sizeof out->file);
    }
    if (!status) {
        status = sheet_take_time(from, "modified", &out->modified_us);
    }
    if (!status) {
        status = sheet_take_digest(from, "original", &out->original);
    }
    if (!status) {
        status = sheet_take_number(from, "pages", BAIT_MOST_PAGES, &pages);
    }
    out->pages = (int)pages;
    return status;
}

/* Copies are files of that name in a folder of their holder. */
static bool is_file_name(const char *name)
{
    bool is_folder = !strcmp(name, ".") || !strcmp(name, "..");
    return sheet_text_is_valid(name) && !strchr(name, '/') && !is_folder;
}

static bool is_sound(const struct bait *bait)
{
    return is_file_name(bait->file) && bait->pages >= 1 &&
           bait->pages <= BAIT_MOST_PAGES;
}

enum sting_status bait_reference_read(struct bytes from, struct bait *out)
{
    struct bait bait STING_AUTO(bait_release) = {0};
    enum sting_status status = head_read(&from, &bait);
    if (status || !is_sound(&bait)) {
        return status ? status : STING_E_FORMAT;
    }
    bait.page = calloc((size_t)bait.pages, sizeof *bait.page);
    if (!bait.page) {
        return STING_E_NOMEM;
    }
    for (int p = 0; p < bait.pages && !status; p++) {
        status = mark_page_read(&from, &bait.page[p]);
    }
    if (status || from.size > 0) {
        return status ? status : STING_E_FORMAT;
    }
    *out = bait;
    bait = (struct bait){0};
    return STING_OK;
}

/* Seal bytes as bait/NAME/FILE; *ct is the digest of the sealed file. */
static enum sting_status file_seal(const struct operation *operation,
                                   const char *path, struct bytes plain,
                                   struct digest *ct, struct fault *fault)
{
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    enum sting_status status = operation_seal(operation, plain, &sealed, fault);
    if (status) {
        return status;
    }
    *ct = digest_of(buffer_bytes(&sealed));
    return file_write(operation_dir(operation), path, buffer_bytes(&sealed),
                      0600, fault);
}

/* Open bait/NAME/FILE. */
static enum sting_status file_unseal(const struct operation *operation,
                                     const struct operation_keys *keys,
                                     const char *path, struct buffer *out,
                                     struct fault *fault)
{
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    enum sting_status status = file_read(operation_dir(operation), path,
                                         SEALED_MOST_BYTES, &sealed, fault);
    return status ? status
                  : operation_unseal(keys, path, buffer_bytes(&sealed), out,
                                     fault);
}

static enum sting_status bait_check(const struct operation *operation,
                                    const struct bait *bait,
                                    struct bytes original, struct fault *fault)
{
    if (!config_name_is_valid(bait->name)) {
        return fault_set(fault, STING_E_ARG, "use 1 to 32 of a-z, 0-9, - and _",
                         "\"%.60s\" cannot be a name", bait->name);
    }
    if (is_stored(operation_dir(operation), bait->name)) {
        return fault_set(fault, STING_E_BUSY, "choose another with --name",
                         "there is a bait %s already", bait->name);
    }
    if (!is_file_name(bait->file)) {
        return fault_set(fault, STING_E_ARG, "rename the file",
                         "its copies have its name, and that holds what is no "
                         "plain text in UTF-8");
    }
    if (!is_sound(bait) || original.size > BAIT_MOST_BYTES ||
        !digest_equal(bait->original, digest_of(original))) {
        return fault_set(fault, STING_E_ARG, "split it into parts",
                         "its size or number of pages is out of range");
    }
    return STING_OK;
}

static enum sting_status bait_line(struct writer *writer,
                                   const struct bait *bait, struct digest ct,
                                   struct digest reference, struct fault *fault)
{
    char original[DIGEST_TEXT_SIZE];
    char sealed[DIGEST_TEXT_SIZE];
    char record[DIGEST_TEXT_SIZE];
    char pages[12];
    snprintf(pages, sizeof pages, "%d", bait->pages);
    const struct line_field field[] = {
        {"bait", bait->name},
        {"state", "added"},
        {"original", digest_text(bait->original, original)},
        {"pages", pages},
        {"sealed", digest_text(ct, sealed)},
        {"reference", digest_text(reference, record)},
    };
    return writer_line(writer, "bait", field, sizeof field / sizeof *field,
                       NULL, fault);
}

enum sting_status bait_store(const struct operation *operation,
                             struct writer *writer, const struct bait *bait,
                             struct bytes original, struct fault *fault)
{
    char path[PATH_MAX];
    struct digest ct;
    struct digest reference;
    uint32_t first = 0;
    struct buffer record STING_AUTO(buffer_release) = {0};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct register_turn *turn STING_AUTO(register_turn_end) = NULL;
    enum sting_status status =
        register_turn_begin(operation, &turn, &first, fault);
    if (!status) {
        status = bait_check(operation, bait, original, fault);
    }
    if (status) {
        return status;
    }
    path_of(bait->name, "register", path);
    if (folder_make(operation_dir(operation), path)) {
        return fault_errno(fault, STING_E_IO, "check space and permissions",
                           "%s cannot be made", path);
    }
    path_of(bait->name, "original.pdf.age", path);
    status = file_seal(operation, path, original, &ct, fault);
    if (!status) {
        status = bait_reference_write(bait, &record);
    }
    if (!status) {
        status =
            operation_seal(operation, buffer_bytes(&record), &sealed, fault);
    }
    if (status) {
        return status;
    }
    reference = digest_of(buffer_bytes(&sealed));
    status = bait_line(writer, bait, ct, reference, fault);
    if (status) {
        return status;
    }
    /* Last: a bait is there once its line is. */
    path_of(bait->name, "reference.age", path);
    return file_write(operation_dir(operation), path, buffer_bytes(&sealed),
                      0600, fault);
}

enum sting_status bait_load(const struct operation *operation,
                            const struct operation_keys *keys, const char *name,
                            struct bait *out, struct fault *fault)
{
    char path[PATH_MAX];
    struct bait bait = {0};
    struct buffer record STING_AUTO(buffer_release) = {0};
    if (!is_stored(operation_dir(operation), name)) {
        return fault_set(fault, STING_E_ABSENT, "see sting bait list",
                         "there is no bait \"%.60s\"", name);
    }
    path_of(name, "reference.age", path);
    enum sting_status status =
        file_unseal(operation, keys, path, &record, fault);
    if (status) {
        return status;
    }
    status = bait_reference_read(buffer_bytes(&record), &bait);
    if (!status && strcmp(bait.name, name) != 0) {
        bait_release(&bait);
        status = STING_E_FORMAT;
    }
    if (status) {
        return fault_set(fault, status, "restore it from a copy",
                         "%s holds no reference of this bait", path);
    }
    *out = bait;
    return STING_OK;
}

enum sting_status bait_original_load(const struct operation *operation,
                                     const struct operation_keys *keys,
                                     const struct bait *bait,
                                     struct buffer *out, struct fault *fault)
{
    char path[PATH_MAX];
    size_t before = out->size;
    path_of(bait->name, "original.pdf.age", path);
    enum sting_status status = file_unseal(operation, keys, path, out, fault);
    if (status) {
        return status;
    }
    const struct bytes file = {out->data + before, out->size - before};
    if (!digest_equal(digest_of(file), bait->original)) {
        return fault_set(fault, STING_E_FORGED, "restore it from a copy",
                         "%s is not the file that was registered", path);
    }
    return STING_OK;
}
