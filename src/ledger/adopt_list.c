#include "ledger/adopt_list.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"

void adopt_files_release(struct adopt_files *files)
{
    free(files->name);
    *files = (struct adopt_files){0};
}

static enum sting_status files_add(struct adopt_files *files,
                                   const struct recording_name *name)
{
    struct recording_name *one =
        array_add(&files->name, &files->count, sizeof *files->name);
    if (!one) {
        return STING_E_NOMEM;
    }
    *one = *name;
    return STING_OK;
}

/* Inits first, then by number; a segment before its parts. */
static int compare(const void *left, const void *right)
{
    const struct recording_name *a = left;
    const struct recording_name *b = right;
    bool a_init = a->kind == RECORDING_INIT;
    bool b_init = b->kind == RECORDING_INIT;
    if (a_init != b_init) {
        return a_init ? -1 : 1;
    }
    if (a->n != b->n) {
        return a->n < b->n ? -1 : 1;
    }
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return a->part < b->part ? -1 : a->part > b->part;
}

DIR *adopt_listing(int dir, const char *path)
{
    return dir_of(
        openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
}

/* Drafts: what they would have held is in the parts. */
enum sting_status adopt_files_list(int operation, const char *camera,
                                   const char *date, struct adopt_files *out)
{
    char path[RECORDING_PATH_SIZE];
    snprintf(path, sizeof path, "evidence/segments/%.64s/%.10s", camera, date);
    DIR *listing STING_AUTO(dir_close) = adopt_listing(operation, path);
    enum sting_status status = listing ? STING_OK : STING_E_IO;
    const struct dirent *one = NULL;
    while (!status && (one = readdir(listing))) {
        struct recording_name name = {.kind = RECORDING_OTHER};
        snprintf(name.camera, sizeof name.camera, "%s", camera);
        snprintf(name.date, sizeof name.date, "%.10s", date);
        recording_name_parse(one->d_name, &name);
        if (name.kind == RECORDING_DRAFT) {
            unlinkat(dirfd(listing), one->d_name, 0);
        } else if (name.kind != RECORDING_OTHER) {
            status = files_add(out, &name);
        }
    }
    if (out->count > 0) {
        qsort(out->name, out->count, sizeof *out->name, compare);
    }
    return status;
}

bool adopt_files_have_segment(const struct adopt_files *files, int64_t n)
{
    const struct recording_name wanted = {.kind = RECORDING_SEGMENT, .n = n};
    return bsearch(&wanted, files->name, files->count, sizeof *files->name,
                   compare) != NULL;
}

uint64_t adopt_files_count(int camera, const char *date)
{
    uint64_t count = 0;
    DIR *listing STING_AUTO(dir_close) = adopt_listing(camera, date);
    const struct dirent *one = NULL;
    while (listing && (one = readdir(listing))) {
        struct recording_name name = {.kind = RECORDING_OTHER};
        recording_name_parse(one->d_name, &name);
        count += name.kind != RECORDING_OTHER && name.kind != RECORDING_DRAFT;
    }
    return count;
}

void adopt_days_release(struct adopt_days *days)
{
    free(days->date);
    *days = (struct adopt_days){0};
}

static enum sting_status days_add(struct adopt_days *days, const char *date)
{
    char *one = array_add(&days->date, &days->count, sizeof *days->date);
    if (!one) {
        return STING_E_NOMEM;
    }
    (void)snprintf(one, sizeof *days->date, "%.10s", date);
    return STING_OK;
}

static int by_date(const void *left, const void *right)
{
    return strcmp(left, right);
}

enum sting_status adopt_days_list(int operation, const char *path,
                                  const char *from, const char *to,
                                  struct adopt_days *out)
{
    DIR *listing STING_AUTO(dir_close) = adopt_listing(operation, path);
    enum sting_status status = STING_OK;
    const struct dirent *one = NULL;
    while (!status && listing && (one = readdir(listing))) {
        if (recording_is_date(bytes_of_text(one->d_name)) &&
            strcmp(one->d_name, from) >= 0 && strcmp(one->d_name, to) <= 0) {
            status = days_add(out, one->d_name);
        }
    }
    if (out->count > 0) {
        qsort(out->date, out->count, sizeof *out->date, by_date);
    }
    return status;
}

bool adopt_has_day(int segments, const char *camera)
{
    bool has = false;
    DIR *listing STING_AUTO(dir_close) = adopt_listing(segments, camera);
    const struct dirent *one = NULL;
    while (listing && !has && (one = readdir(listing))) {
        has = recording_is_date(bytes_of_text(one->d_name)) &&
              adopt_files_count(dirfd(listing), one->d_name) > 0;
    }
    return has;
}
