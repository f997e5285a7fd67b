#include "station/camera_sight.h"

#include <math.h>
#include <stdio.h>

#include "base/json.h"
#include "detect/sight.h"
#include "ledger/line.h"
#include "station/camera.h"

#define MOST 1000000 /* thousandths of anything that is told */
#define LOW 40       /* grey levels: of more, it is not the dark's fault */

static const char *const word[SIGHT_STATES] = {"unknown", "unknown", "good",
                                               "faint",   "dark",    "blind"};
static const char unquiet[] = "learned while somebody moved";

double camera_sight_pixels(const struct camera *camera, int zone)
{
    if (zone < 0 || camera->init_facts.width_px == 0) {
        return 0;
    }
    const struct config_length *length = &camera->config->zone[zone].length;
    double across =
        (length->to.x - length->from.x) * camera->init_facts.width_px;
    double down =
        (length->to.y - length->from.y) * camera->init_facts.height_px;
    return length->metres > 0 ? hypot(across, down) / length->metres : 0;
}

/* A state is left only when it is clear that it was. */
static enum sight_state state_of(const struct camera_sight *now)
{
    enum sight_state was = now->state;
    double blind = (double)SIGHT_BLIND * (was >= SIGHT_DARK ? 0.85 : 1);
    double faint = (double)SIGHT_PLAIN * (was >= SIGHT_FAINT ? 0.85 : 1);
    double dark = LOW * (was == SIGHT_DARK ? 1.15 : 1);
    return now->contrast <= 0       ? SIGHT_UNQUIET
           : now->contrast <= faint ? SIGHT_GOOD
           : now->contrast <= blind ? SIGHT_FAINT
           : now->level < dark      ? SIGHT_DARK
                                    : SIGHT_BLINDED;
}

static const char *zone_name(const struct camera *camera, int zone)
{
    return zone < 0 ? NULL : camera->config->zone[zone].name;
}

struct incident_sight camera_sight_of(const struct camera *camera, int zone)
{
    const struct camera_sight *sight = &camera->sight[zone + 1];
    struct incident_sight is = {.is_known = sight->state > SIGHT_UNQUIET,
                                .contrast = sight->contrast,
                                .size = sight->size,
                                .px_m = camera_sight_pixels(camera, zone)};
    snprintf(is.class, sizeof is.class, "%s",
             is.px_m > 0 ? sight_class(is.px_m) : "");
    return is;
}

void camera_sight_write(const struct incident_sight *sight,
                        struct camera_sight_text *out)
{
    bool is_marked = sight->px_m > 0;
    snprintf(out->text[0], sizeof out->text[0], "%.3f", sight->contrast);
    snprintf(out->text[1], sizeof out->text[1], "%.3f", sight->size);
    snprintf(out->text[2], sizeof out->text[2], "%.1f", sight->px_m);
    out->contrast = sight->is_known ? out->text[0] : NULL;
    out->size = sight->is_known ? out->text[1] : NULL;
    out->px_m = is_marked ? out->text[2] : NULL;
    out->class = is_marked ? sight->class : NULL;
}

static void line_write(struct camera *camera, int zone, struct moment now)
{
    const struct camera_sight *sight = &camera->sight[zone + 1];
    const struct incident_sight known = camera_sight_of(camera, zone);
    struct camera_sight_text is;
    char level[16];
    camera_sight_write(&known, &is);
    snprintf(level, sizeof level, "%.1f", sight->level);
    const struct line_field field[] = {
        {"camera", camera->config->name},
        {"zone", zone_name(camera, zone)},
        {"state", word[sight->state]},
        {"contrast", is.contrast},
        {"size", is.size},
        {"level", known.is_known ? level : NULL},
        {"px_m", is.px_m},
        {"class", is.class},
        {"why", known.is_known ? NULL : unquiet}};
    desk_line(camera->desk, now, "sight", field, sizeof field / sizeof *field);
}

static void sight_tell(struct camera *camera, int zone, const struct tale *tale)
{
    static const char *const text[SIGHT_STATES] = {
        [SIGHT_GOOD] = "a person is seen",
        [SIGHT_FAINT] = "ONLY A PERSON WHO STANDS OUT IS SEEN",
        [SIGHT_DARK] = "TOO DARK TO SEE A PERSON",
        [SIGHT_BLINDED] = "A PERSON IS NOT SEEN"};
    const struct camera_sight *sight = &camera->sight[zone + 1];
    double px = camera_sight_pixels(camera, zone);
    char metres[64] = "";
    if (px > 0) {
        snprintf(metres, sizeof metres, "; %.0f pixels a metre (%s)", px,
                 sight_class(px));
    }
    tell(camera->desk->teller, tale,
         "camera %s%s%s: %s: from %.1f %% contrast, from %.1f %% of the "
         "picture's height%s",
         tale->camera, zone < 0 ? "" : ", ", zone < 0 ? "" : tale->zone,
         text[sight->state], 100 * sight->contrast, 100 * sight->size, metres);
}

static void unquiet_tell(struct camera *camera, const struct tale *tale)
{
    tell(camera->desk->teller, tale,
         "camera %s: NOT KNOWN YET WHAT CAN BE SEEN: %s; it is known once "
         "nobody has moved there for some seconds",
         tale->camera, unquiet);
}

/* Of the whole picture only what is wrong is told, where zones are; and once
 * for all of them that nothing is known. */
static void change_tell(struct camera *camera, int zone, enum sight_state was)
{
    const struct camera_sight *sight = &camera->sight[zone + 1];
    const struct tale tale = {.event = "sight",
                              .state = word[sight->state],
                              .camera = camera->config->name,
                              .zone = zone_name(camera, zone)};
    bool is_whole = zone < 0 && camera->config->zones > 0;
    if (sight->state == SIGHT_UNQUIET && zone < 0) {
        unquiet_tell(camera, &tale);
    } else if (sight->state != SIGHT_UNQUIET &&
               !(is_whole && was <= SIGHT_UNQUIET &&
                 sight->state == SIGHT_GOOD)) {
        sight_tell(camera, zone, &tale);
    }
}

bool camera_sight_take(struct camera *camera, const struct wire_head *head,
                       struct moment now)
{
    const int64_t *number = head->number;
    if (number[0] < -1 || number[0] >= (int64_t)camera->config->zones) {
        return false;
    }
    for (int i = 1; i < 5; i++) {
        if (number[i] < 0 || number[i] > MOST) {
            return false;
        }
    }
    int zone = (int)number[0];
    struct camera_sight *sight = &camera->sight[zone + 1];
    enum sight_state was = sight->state;
    sight->contrast = 1e-3 * (double)number[1];
    sight->size = 1e-3 * (double)number[2];
    sight->level = 0.1 * (double)number[4];
    sight->state = state_of(sight);
    if (sight->state != was) {
        change_tell(camera, zone, was);
        line_write(camera, zone, now);
    }
    return true;
}

bool camera_sight_is_covered(const struct camera *camera)
{
    return incidents_is_covered(camera->desk->incidents, camera->index);
}

void camera_sight_add(struct json *row, const struct camera *camera, int zone)
{
    const struct camera_sight *sight = &camera->sight[zone + 1];
    struct json *out = json_new_object();
    double px = camera_sight_pixels(camera, zone);
    bool is_covered = camera_sight_is_covered(camera);
    bool is_known = sight->state > SIGHT_UNQUIET && !is_covered;
    json_add_text(out, "state",
                  word[is_covered ? SIGHT_UNKNOWN : sight->state]);
    if (is_known) {
        json_add_number(out, "contrast", sight->contrast);
        json_add_number(out, "size", sight->size);
        json_add_number(out, "level", sight->level);
    } else {
        json_add_null(out, "contrast");
        json_add_null(out, "size");
        json_add_null(out, "level");
    }
    if (px > 0) {
        json_add_number(out, "px_a_metre", px);
    } else {
        json_add_null(out, "px_a_metre");
    }
    json_add_text(out, "class", px > 0 ? sight_class(px) : NULL);
    json_add_child(row, "sight", &out);
}
