/* Lines in: what each says of where baits lie and who sees them. */
#include "operation/bait_hours_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "ledger/line.h"

static const struct {
    const char *name, *words;
} seeing_text[SEEING_STATES] = {
    [SEEING_NO_STATION] = {"no-station", "no station ran"},
    [SEEING_OFF] = {"off", "no camera was on"},
    [SEEING_LOST] = {"lost", "the camera was lost"},
    [SEEING_UNRECORDED] = {"unrecorded", "nothing was recorded"},
    [SEEING_COVERED] = {"covered", "the camera was tampered with"},
    [SEEING_LEARNING] = {"learning", "the detector was still learning"},
    [SEEING_DARK] = {"dark", "too dark to see a person"},
    [SEEING_FAINT] = {"faint", "only who stands out was seen"},
    [SEEING_GOOD] = {"good", "a person was seen"},
};

const char *seeing_words(enum seeing seeing)
{
    return seeing_text[seeing].words;
}

const char *seeing_name(enum seeing seeing)
{
    return seeing_text[seeing].name;
}

static enum sting_status change_add(struct bait_watch *watch,
                                    struct change change)
{
    change.order = watch->changes;
    struct change *one =
        array_add(&watch->change, &watch->changes, sizeof *watch->change);
    if (!one) {
        return STING_E_NOMEM;
    }
    *one = change;
    return STING_OK;
}

static enum seeing spot_seeing(const struct bait_watch *watch,
                               const struct spot *spot)
{
    const struct eye *eye = &watch->eye[spot->camera];
    const char *name = watch->config->camera[spot->camera].name;
    return !watch->is_open                  ? SEEING_NO_STATION
           : eye->is != SEEING_GOOD         ? eye->is
           : cover_has(&watch->cover, name) ? SEEING_COVERED
           : eye->is_learning               ? SEEING_LEARNING
                                            : spot->sight;
}

/* Tell of what is seen otherwise now. */
static enum sting_status spots_tell(struct bait_watch *watch, int64_t at_us)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < watch->spots; i++) {
        struct spot *spot = &watch->spot[i];
        enum seeing seeing = spot_seeing(watch, spot);
        if (seeing != spot->now) {
            status = change_add(
                watch,
                (struct change){.at_us = at_us, .which = i, .seeing = seeing});
            spot->now = seeing;
        }
    }
    return status;
}

static bool is(const struct line *line, const char *key, const char *value)
{
    return bytes_equal(line_raw(line, key), bytes_of_text(value));
}

/* NULL when the line names none that operation.yaml knows. */
static struct eye *eye_of(const struct bait_watch *watch,
                          const struct line *line)
{
    char name[CONFIG_NAME_SIZE];
    int at = config_camera_find(watch->config,
                                line_text(line, "camera", name, sizeof name));
    return at < 0 ? NULL : &watch->eye[at];
}

/* That was no station, but a command that wrote: nothing has changed. */
static void session_forget(struct bait_watch *watch)
{
    size_t kept = watch->before;
    for (size_t i = kept; i < watch->changes; i++) {
        if (watch->change[i].missing != 0) {
            watch->change[kept++] = watch->change[i];
        }
    }
    watch->changes = kept;
    for (size_t i = 0; i < watch->spots; i++) {
        watch->spot[i].now = SEEING_NO_STATION;
    }
}

/* A session that begins where one was open: it broke off. */
static enum sting_status session_take(struct bait_watch *watch,
                                      const struct line *line)
{
    enum sting_status status = STING_OK;
    bool begins = !strcmp(line->kind->name, "session");
    if (watch->is_open && begins) {
        watch->is_open = false;
        status = spots_tell(watch, watch->last_us);
    }
    if (begins) {
        watch->before = watch->changes;
    } else if (watch->is_open && is(line, "why", "command")) {
        session_forget(watch);
    }
    watch->is_open = begins;
    for (size_t c = 0; c < watch->config->cameras; c++) {
        watch->eye[c] = (struct eye){.is = SEEING_OFF};
    }
    for (size_t i = 0; i < watch->spots; i++) {
        watch->spot[i].sight = SEEING_LEARNING;
    }
    return status;
}

static enum sting_status camera_take(struct bait_watch *watch,
                                     const struct line *line)
{
    struct eye *eye = eye_of(watch, line);
    if (eye && !is(line, "state", "remark")) {
        eye->is = is(line, "state", "on")     ? SEEING_GOOD
                  : is(line, "state", "lost") ? SEEING_LOST
                                              : SEEING_OFF;
    }
    return STING_OK;
}

/* What the line says of it, or what was known. */
static enum seeing sight_of(const struct line *line, enum seeing known)
{
    if (strcmp(line->kind->name, "sight") != 0) {
        return known;
    }
    return is(line, "state", "good")    ? SEEING_GOOD
           : is(line, "state", "faint") ? SEEING_FAINT
                                        : SEEING_DARK;
}

/* Lines that name a zone: the bait lies there from then on. */
static enum sting_status zone_take(struct bait_watch *watch,
                                   const struct line *line)
{
    struct eye *eye = eye_of(watch, line);
    for (size_t i = 0; eye && i < watch->spots; i++) {
        struct spot *spot = &watch->spot[i];
        if (&watch->eye[spot->camera] != eye ||
            !is(line, "zone", spot->zone->name)) {
            continue;
        }
        spot->first_us = spot->first_us ? spot->first_us : line->at.utc_us;
        spot->sight = sight_of(line, spot->sight);
    }
    return STING_OK;
}

static enum sting_status learning_take(struct bait_watch *watch,
                                       const struct line *line)
{
    struct eye *eye = eye_of(watch, line);
    if (eye && is(line, "n", "0") && is(line, "kind", "learning")) {
        eye->is_learning = !is(line, "state", "closed");
    }
    return STING_OK;
}

static enum sting_status gap_take(struct bait_watch *watch,
                                  const struct line *line)
{
    struct eye *eye = eye_of(watch, line);
    int64_t from_us = 0;
    int64_t to_us = 0;
    if ((!eye && line_has(line, "camera")) ||
        line_time(line, "from", &from_us) || line_time(line, "to", &to_us)) {
        return STING_OK;
    }
    size_t camera = eye ? (size_t)(eye - watch->eye) : ALL_CAMERAS;
    enum sting_status status = change_add(
        watch,
        (struct change){.at_us = from_us, .which = camera, .missing = 1});
    return status ? status
                  : change_add(watch, (struct change){.at_us = to_us,
                                                      .which = camera,
                                                      .missing = -1});
}

static const struct {
    const char *kind;
    enum sting_status (*take)(struct bait_watch *watch,
                              const struct line *line);
} row[] = {{"session", session_take}, {"stop", session_take},
           {"camera", camera_take},   {"sight", zone_take},
           {"page", zone_take},       {"incident", learning_take},
           {"gap", gap_take}};

enum sting_status bait_watch_take(struct bait_watch *watch,
                                  const struct line *line)
{
    enum sting_status status = STING_OK;
    cover_take(&watch->cover, line);
    for (size_t i = 0; !status && i < sizeof row / sizeof *row; i++) {
        if (!strcmp(row[i].kind, line->kind->name)) {
            status = row[i].take(watch, line);
        }
    }
    status = status ? status : spots_tell(watch, line->at.utc_us);
    watch->last_us = line->at.utc_us;
    return status;
}

static size_t spots_count(const struct config *config, struct spot *spot)
{
    size_t count = 0;
    for (size_t c = 0; c < config->cameras; c++) {
        for (size_t z = 0; z < config->camera[c].zones; z++) {
            const struct config_zone *zone = &config->camera[c].zone[z];
            if (zone->bait[0] && spot) {
                spot[count] = (struct spot){
                    .camera = c, .zone = zone, .sight = SEEING_LEARNING};
            }
            count += zone->bait[0] != '\0';
        }
    }
    return count;
}

enum sting_status bait_watch_new(const struct config *config,
                                 struct bait_watch **out)
{
    struct bait_watch *watch = calloc(1, sizeof *watch);
    if (!watch) {
        return STING_E_NOMEM;
    }
    watch->config = config;
    watch->spots = spots_count(config, NULL);
    watch->eye = calloc(config->cameras + 1, sizeof *watch->eye);
    watch->spot = calloc(watch->spots + 1, sizeof *watch->spot);
    if (!watch->eye || !watch->spot) {
        bait_watch_free(&watch);
        return STING_E_NOMEM;
    }
    (void)spots_count(config, watch->spot);
    *out = watch;
    return STING_OK;
}

void bait_watch_free(struct bait_watch **watch)
{
    if (*watch) {
        free((*watch)->eye);
        free((*watch)->spot);
        free((*watch)->change);
    }
    free(*watch);
    *watch = NULL;
}
