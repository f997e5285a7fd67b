#include "cli/unlock_pages.h"

#include <stdio.h>
#include <string.h>

#include "operation/baits.h"
#include "operation/picture_worker.h"
#include "operation/writer.h"
#include "wire/print.h"

/* The zones of all cameras in a row. */
static const struct config_zone *zone_at(const struct config *config, size_t at)
{
    for (size_t c = 0; c < config->cameras; c++) {
        if (at < config->camera[c].zones) {
            return &config->camera[c].zone[at];
        }
        at -= config->camera[c].zones;
    }
    return NULL;
}

/* The first zone that names its bait? */
static bool is_first(const struct config *config, size_t at)
{
    const char *bait = zone_at(config, at)->bait;
    bool is_named = bait[0] != '\0';
    for (size_t i = 0; i < at && is_named; i++) {
        is_named = strcmp(zone_at(config, i)->bait, bait) != 0;
    }
    return is_named;
}

/* A page larger than a sheet of paper is drawn smaller. */
static enum sting_status print_draw(struct picture_worker *worker, int page,
                                    struct plane *out, struct fault *fault)
{
    double dpi = PRINT_DPI;
    enum sting_status status =
        picture_pdf_render(worker, page, dpi, out, fault);
    int side = out->width_px > out->height_px ? out->width_px : out->height_px;
    if (!status && side > PRINT_MOST_PX) {
        plane_release(out);
        dpi *= (PRINT_MOST_PX - 1) / (double)side;
        status = picture_pdf_render(worker, page, dpi, out, fault);
    }
    return status;
}

static enum sting_status pages_hand(const struct operation *operation,
                                    struct picture_worker *worker,
                                    const char *bait, int pages,
                                    struct fault *fault)
{
    for (int i = 0; i < pages; i++) {
        struct plane print STING_AUTO(plane_release) = {0};
        enum sting_status status = print_draw(worker, i, &print, fault);
        if (!status) {
            status = writer_print(operation, bait, i + 1, &print, fault);
        }
        if (status) {
            return status;
        }
    }
    printf("%s: %d page%s; where 25 dots an inch reach the camera, it tells "
           "which lies there.\n",
           bait, pages, pages == 1 ? "" : "s");
    return STING_OK;
}

static enum sting_status bait_hand(const struct operation *operation,
                                   const struct operation_keys *keys,
                                   const char *name, struct fault *fault)
{
    struct bait bait STING_AUTO(bait_release) = {0};
    struct buffer original STING_AUTO(buffer_wipe) = {0};
    struct picture_worker *worker STING_AUTO(picture_worker_free) = NULL;
    int pages = 0;
    enum sting_status status = bait_load(operation, keys, name, &bait, fault);
    if (!status) {
        status = bait_original_load(operation, keys, &bait, &original, fault);
    }
    if (!status) {
        status = picture_worker_new(&worker, fault);
    }
    if (!status) {
        status =
            picture_pdf_open(worker, buffer_bytes(&original), &pages, fault);
    }
    return status ? status : pages_hand(operation, worker, name, pages, fault);
}

enum sting_status unlock_pages(const struct operation *operation,
                               const struct operation_keys *keys,
                               struct fault *fault)
{
    const struct config *config = operation_config(operation);
    size_t baits = 0;
    for (size_t i = 0; zone_at(config, i); i++) {
        if (is_first(config, i)) {
            enum sting_status status =
                bait_hand(operation, keys, zone_at(config, i)->bait, fault);
            if (status) {
                return status;
            }
            baits++;
        }
    }
    return baits ? STING_OK
                 : fault_set(fault, STING_E_ABSENT, "name it there: bait: NAME",
                             "no zone of operation.yaml has a bait");
}
