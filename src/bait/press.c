#include "bait/press.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bait/holders.h"
#include "base/file.h"
#include "mark/code.h"
#include "pdf/packers.h"

void press_release(struct press *press)
{
    for (int p = 0; p < press->bait.pages; p++) {
        if (press->sign) {
            free(press->sign[p]);
        }
        if (press->threshold) {
            free(press->threshold[p]);
        }
    }
    free(press->sign);
    free(press->threshold);
    free(press->units);
    secret_wipe(&press->document);
    fact_sheet_release(&press->facts);
    bait_release(&press->bait);
    *press = (struct press){0};
}

static enum sting_status prepare_page(struct press *press, int p)
{
    struct secret bias STING_AUTO(secret_wipe);
    uint32_t units = press->bait.page[p].units;
    press->units[p] = units;
    press->sign[p] = calloc((size_t)units + 1, 1);
    press->threshold[p] = calloc((size_t)units + 1, 1);
    mark_bias_key(&press->document, (uint32_t)p, &bias);
    if (!press->sign[p] || !press->threshold[p]) {
        return STING_E_NOMEM;
    }
    mark_bias(&bias, units, press->threshold[p]);
    return STING_OK;
}

static enum sting_status prepare(struct press *press, struct fault *fault)
{
    size_t pages = (size_t)press->bait.pages;
    press->sign = calloc(pages, sizeof *press->sign);
    press->threshold = calloc(pages, sizeof *press->threshold);
    press->units = calloc(pages, sizeof *press->units);
    if (!press->sign || !press->threshold || !press->units) {
        return STING_E_NOMEM;
    }
    enum sting_status status = STING_OK;
    for (int p = 0; !status && p < press->bait.pages; p++) {
        status =
            picture_pdf_plan(press->worker, p, &press->bait.page[p], fault);
        if (!status) {
            status = prepare_page(press, p);
        }
    }
    return status;
}

enum sting_status press_init(struct press *press,
                             const struct operation *operation,
                             const struct operation_keys *keys,
                             const char *bait, struct picture_worker *worker,
                             struct fault *fault)
{
    struct buffer original STING_AUTO(buffer_wipe) = {0};
    int pages = 0;
    *press = (struct press){.worker = worker};
    enum sting_status status =
        bait_load(operation, keys, bait, &press->bait, fault);
    if (!status) {
        status =
            bait_original_load(operation, keys, &press->bait, &original, fault);
    }
    if (!status) {
        status =
            picture_pdf_open(worker, buffer_bytes(&original), &pages, fault);
    }
    if (!status && pages != press->bait.pages) {
        status = fault_set(fault, STING_E_FORMAT, "",
                           "the original of \"%s\" has %d pages, not %d", bait,
                           pages, press->bait.pages);
    }
    if (!status) {
        status = facts_load(operation, keys, bait, &press->facts, fault);
    }
    if (!status) {
        mark_document_key(&keys->mark, press->bait.original, &press->document);
        status = prepare(press, fault);
    }
    if (status) {
        press_release(press);
    }
    return status;
}

/* The copy's own wordings, where facts were declared. */
static enum sting_status plant(struct press *press, const struct secret *copy,
                               struct fault *fault)
{
    uint32_t choice[FACTS_MOST];
    if (press->facts.facts == 0) {
        return STING_OK;
    }
    fact_choose(copy, press->facts.fact, press->facts.facts, choice);
    return picture_pdf_swap(press->worker, press->facts.fact,
                            press->facts.facts, choice, fault);
}

enum sting_status press_pack(struct press *press, const char *packers,
                             struct fault *fault)
{
    return picture_pdf_pack(
        press->worker, (enum mark_packing)pdf_packers_packing(packers), fault);
}

enum sting_status press_copy(struct press *press, uint32_t number,
                             struct buffer *out, struct fault *fault)
{
    struct secret copy STING_AUTO(secret_wipe);
    mark_copy_key(&press->document, number, &copy);
    enum sting_status status = plant(press, &copy, fault);
    if (status) {
        return status;
    }
    for (int p = 0; p < press->bait.pages; p++) {
        uint8_t *bit = (uint8_t *)press->sign[p];
        mark_code(&copy, (uint32_t)p, press->threshold[p], press->units[p],
                  bit);
        for (uint32_t u = 0; u < press->units[p]; u++) {
            press->sign[p][u] = bit[u] ? 1 : -1;
        }
    }
    return picture_pdf_write(press->worker, (const int8_t *const *)press->sign,
                             press->units, press->bait.pages, out, fault);
}

enum sting_status press_check(struct press *press, struct fault *fault)
{
    return picture_pdf_rules(press->worker, press->bait.pages, fault);
}

enum sting_status press_path(const struct press *press, const char *folder,
                             const char *holder, char *out, size_t size,
                             struct fault *fault)
{
    char name[HOLDER_SIZE];
    holders_folder(holder, name);
    int needed =
        snprintf(out, size, "%s/%s/%s", folder, name, press->bait.file);
    if (needed < 0 || (size_t)needed >= size) {
        return fault_set(fault, STING_E_LIMIT, "choose a shorter --out",
                         "the path for \"%.80s\" is too long", holder);
    }
    return STING_OK;
}

static enum sting_status make_folder_of(const char *path, struct fault *fault)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (!slash || slash == folder) {
        return STING_OK;
    }
    *slash = '\0';
    return folder_make(AT_FDCWD, folder)
               ? fault_errno(fault, STING_E_IO, "check space and permissions",
                             "%.200s cannot be made", folder)
               : STING_OK;
}

enum sting_status press_date(const struct press *press, const char *path,
                             struct fault *fault)
{
    int64_t us = press->bait.modified_us;
    const struct timespec when = {.tv_sec = us / 1000000,
                                  .tv_nsec = us % 1000000 * 1000};
    const struct timespec both[2] = {when, when};
    return utimensat(AT_FDCWD, path, both, 0)
               ? fault_errno(fault, STING_E_IO, "", "%.200s cannot be dated",
                             path)
               : STING_OK;
}

enum sting_status press_save(const struct press *press, const char *path,
                             struct bytes copy, struct fault *fault)
{
    enum sting_status status = make_folder_of(path, fault);
    if (status) {
        return status;
    }
    if (!access(path, F_OK)) {
        return fault_set(fault, STING_E_BUSY, "choose another --out",
                         "%.200s is there already", path);
    }
    status = file_write(AT_FDCWD, path, copy, 0644, fault);
    return status ? status : press_date(press, path, fault);
}
