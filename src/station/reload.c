#include "station/reload.h"

#include <string.h>

#include "operation/kept.h"
#include "station/camera_settings.h"
#include "station/glimpse.h"
#include "station/incidents.h"

/* Why the new settings cannot take the place of the old; NULL: they can. */
static const char *what_holds(const struct config *old,
                              const struct config *new)
{
    if (new->role != old->role || new->blind != old->blind ||
        new->two_people != old->two_people) {
        return "role, blind and two_people stay as they were made";
    }
    if (new->cameras < old->cameras) {
        return "a camera was taken out: start the station again for that";
    }
    for (size_t i = 0; i < old->cameras; i++) {
        if (strcmp(old->camera[i].name, new->camera[i].name) != 0) {
            return "cameras were renamed or moved: start the station again "
                   "for that, or add new ones at the end";
        }
    }
    return NULL;
}

/* What a camera's worker goes by. A password that cannot be read is as none:
 * the worker's next start tells. */
static void settings_of(const struct operation *operation, size_t index,
                        struct buffer *out)
{
    struct fault ignored;
    const struct config_camera *camera =
        &operation_config(operation)->camera[index];
    if (camera_settings_write(operation, camera, camera->url, camera->look_url,
                              out, &ignored)) {
        out->size = 0;
    }
}

static bool is_as_it_was(const struct operation *old,
                         const struct operation *new, size_t index)
{
    struct buffer before STING_AUTO(buffer_wipe) = {0};
    struct buffer after STING_AUTO(buffer_wipe) = {0};
    settings_of(old, index, &before);
    settings_of(new, index, &after);
    return before.size > 0 &&
           bytes_equal(buffer_bytes(&before), buffer_bytes(&after));
}

/* The new text, if it may be gone by. */
static enum sting_status text_take(const struct reload *reload,
                                   struct moment now, struct operation **again,
                                   struct fault *fault)
{
    const struct kept_order order = {.now = now};
    struct desk *desk = reload->desk;
    if (!desk->core || desk->is_broken) {
        return fault_set(fault, STING_E_IO, "",
                         "the record cannot be kept just now");
    }
    enum sting_status status =
        operation_open(operation_path(reload->operation), again, fault);
    status = status ? status : operation_watch_check(*again, fault);
    if (status) {
        return status;
    }
    const char *why = what_holds(operation_config(reload->operation),
                                 operation_config(*again));
    return why ? fault_set(fault, STING_E_UNSUPPORTED, "", "%s", why)
               : kept_check(*again, core_ledger(desk->core), &order, fault);
}

/* All cameras that were added to the configuration in force, or none. */
static enum sting_status cameras_add(const struct reload *reload,
                                     struct moment now, struct fault *fault)
{
    size_t before = *reload->cameras;
    size_t wanted = operation_config(reload->operation)->cameras;
    enum sting_status status = STING_OK;
    while (*reload->cameras < wanted && !status) {
        size_t index = (*reload->cameras)++;
        struct camera *camera = &reload->camera[index];
        status = camera_init(camera, (int)index, reload->desk, fault);
        camera->try_at_us = now.boot_us;
        camera->lost_from_us = now.utc_us;
    }
    while (status && *reload->cameras > before) {
        camera_release(&reload->camera[--*reload->cameras]);
    }
    return status;
}

/* Which zone each one of before is now, by its name; -1: it is gone. */
static void zones_move(struct incidents *incidents, int index,
                       const struct config_camera *before,
                       const struct config_camera *now)
{
    int zone_now[CONFIG_MOST_ZONES];
    for (size_t i = 0; i < before->zones; i++) {
        zone_now[i] = -1;
        for (size_t k = 0; k < now->zones; k++) {
            if (!strcmp(before->zone[i].name, now->zone[k].name)) {
                zone_now[i] = (int)k;
            }
        }
    }
    incidents_camera_anew(incidents, index, zone_now, before->zones);
}

/* The new text takes the old one's place with all its cameras, or not at all;
 * *again then holds the other. */
static enum sting_status config_take(const struct reload *reload,
                                     struct moment now,
                                     struct operation **again,
                                     struct fault *fault)
{
    enum sting_status status = text_take(reload, now, again, fault);
    if (status) {
        return status;
    }
    operation_config_swap(reload->operation, *again);
    status = cameras_add(reload, now, fault);
    if (status) {
        operation_config_swap(reload->operation, *again);
    }
    return status;
}

/* Cameras that were there before go by what is in force now. */
static void cameras_change(const struct reload *reload,
                           const struct operation *old, size_t cameras,
                           struct moment now)
{
    for (size_t i = 0; i < cameras; i++) {
        bool is_changed = !is_as_it_was(old, reload->operation, i);
        if (is_changed) {
            zones_move(reload->desk->incidents, (int)i,
                       &operation_config(old)->camera[i],
                       &operation_config(reload->operation)->camera[i]);
        }
        camera_settings_take(&reload->camera[i], is_changed, now);
    }
}

bool reload_run(const struct reload *reload, struct moment now)
{
    struct operation *again STING_AUTO(operation_close) = NULL;
    struct fault fault = {"", ""};
    size_t before = *reload->cameras;
    if (config_take(reload, now, &again, &fault)) {
        const struct tale tale = {.event = "config", .state = "refused"};
        tell(reload->desk->teller, &tale,
             "operation.yaml is not gone by, the settings of before stay: %s",
             fault.why);
        return false;
    }
    cameras_change(reload, again, before, now);
    incidents_quiet_set(reload->desk->incidents,
                        operation_config(reload->operation)->quiet_us);
    incidents_places(reload->desk->incidents,
                     operation_config(reload->operation));
    alerts_reconfigured(reload->desk->alerts, now);
    reload->desk->films =
        glimpse_is_wanted(operation_config(reload->operation));
    const struct tale tale = {.event = "config", .state = "taken"};
    tell(reload->desk->teller, &tale,
         "operation.yaml was read again and is in force: %zu cameras, "
         "%zu alerts",
         operation_config(reload->operation)->cameras,
         operation_config(reload->operation)->alerts);
    return true;
}
