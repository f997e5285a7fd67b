#include "operation/laid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "ledger/line.h"
#include "ledger/reader.h"

void laid_release(struct laid *laid)
{
    free(laid->place);
    *laid = (struct laid){0};
}

static struct laid_place *find(const struct laid *laid, const char *camera,
                               const char *zone)
{
    for (size_t i = 0; i < laid->places; i++) {
        struct laid_place *place = &laid->place[i];
        if (!strcmp(place->camera, camera) && !strcmp(place->zone, zone)) {
            return place;
        }
    }
    return NULL;
}

enum sting_status laid_set(struct laid *laid, const struct laid_place *place)
{
    struct laid_place *known = find(laid, place->camera, place->zone);
    if (!place->bait[0]) {
        if (known && laid->place) {
            *known = laid->place[--laid->places];
        }
        return STING_OK;
    }
    known =
        known ? known : array_add(&laid->place, &laid->places, sizeof *known);
    if (!known) {
        return STING_E_NOMEM;
    }
    *known = *place;
    return STING_OK;
}

enum sting_status laid_take(struct laid *laid, const struct line *line)
{
    struct laid_place place;
    int64_t copy = 0;
    if (strcmp(line->kind->name, "laid") != 0) {
        return STING_OK;
    }
    line_text(line, "camera", place.camera, sizeof place.camera);
    line_text(line, "zone", place.zone, sizeof place.zone);
    line_text(line, "bait", place.bait, sizeof place.bait);
    (void)!line_integer(line, "copy", &copy);
    place.copy = copy > 0 && copy <= UINT32_MAX ? (uint32_t)copy : 0;
    return laid_set(laid, &place);
}

static enum sting_status line_take(void *context, const struct line *line)
{
    return laid_take(context, line);
}

enum sting_status laid_read(int operation, struct laid *out,
                            struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    enum sting_status status =
        ledger_reader_open_signed(operation, &reader, fault);
    status = status ? status
                    : ledger_reader_follow(reader, SIZE_MAX, line_take, out);
    return status && !fault->why[0]
               ? fault_set(fault, status, "", "the ledger cannot be read")
               : status;
}

static struct laid_place place_of(const struct config_camera *camera,
                                  const struct config_zone *zone)
{
    struct laid_place place = {.copy = zone->copy};
    (void)snprintf(place.camera, sizeof place.camera, "%s", camera->name);
    (void)snprintf(place.zone, sizeof place.zone, "%s", zone->name);
    (void)snprintf(place.bait, sizeof place.bait, "%s", zone->bait);
    return place;
}

/* All that the configuration says. */
static enum sting_status config_read(const struct config *config,
                                     struct laid *out)
{
    enum sting_status status = STING_OK;
    for (size_t c = 0; c < config->cameras; c++) {
        const struct config_camera *camera = &config->camera[c];
        for (size_t z = 0; z < camera->zones && !status; z++) {
            const struct laid_place place = place_of(camera, &camera->zone[z]);
            status = laid_set(out, &place);
        }
    }
    return status;
}

static enum sting_status add(struct laid *out, const struct laid_place *place)
{
    struct laid_place *to =
        array_add(&out->place, &out->places, sizeof *out->place);
    if (!to) {
        return STING_E_NOMEM;
    }
    *to = *place;
    return STING_OK;
}

static bool is_same(const struct laid_place *one, const struct laid_place *two)
{
    return one && two && !strcmp(one->bait, two->bait) &&
           one->copy == two->copy;
}

enum sting_status laid_changes(const struct laid *laid,
                               const struct config *config, struct laid *out)
{
    struct laid now STING_AUTO(laid_release) = {0};
    enum sting_status status = config_read(config, &now);
    for (size_t i = 0; i < laid->places && !status; i++) {
        struct laid_place gone = laid->place[i];
        if (!find(&now, gone.camera, gone.zone)) {
            gone.bait[0] = '\0';
            gone.copy = 0;
            status = add(out, &gone);
        }
    }
    for (size_t i = 0; i < now.places && !status; i++) {
        const struct laid_place *place = &now.place[i];
        if (!is_same(find(laid, place->camera, place->zone), place)) {
            status = add(out, place);
        }
    }
    return status;
}
