/* Lines in: what each says of where baits lie and who sees them. */
#include "operation/bait_hours_state.h"

#include <stdio.h>
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
    [SEEING_BLIND] = {"blind", "no person could be seen"},
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

static enum seeing site_seeing(const struct bait_watch *watch,
                               const struct site *site)
{
    const struct eye *eye = &watch->eye[site->eye];
    return !watch->is_open                         ? SEEING_NO_STATION
           : eye->is != SEEING_GOOD                ? eye->is
           : cover_has(&watch->cover, eye->camera) ? SEEING_COVERED
           : eye->is_learning                      ? SEEING_LEARNING
                                                   : site->sight;
}

/* Tell of what is seen otherwise now. */
static enum sting_status sites_tell(struct bait_watch *watch, int64_t at_us)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < watch->sites; i++) {
        struct site *site = &watch->site[i];
        enum seeing seeing = site_seeing(watch, site);
        if (seeing != site->now) {
            status = change_add(watch, (struct change){.at_us = at_us,
                                                       .what = CHANGE_SEES,
                                                       .which = i,
                                                       .value = (int)seeing});
            site->now = seeing;
        }
    }
    return status;
}

static bool is(const struct line *line, const char *key, const char *value)
{
    return bytes_equal(line_raw(line, key), bytes_of_text(value));
}

/* NULL when the line names none, or one too many. */
static struct eye *eye_of(struct bait_watch *watch, const struct line *line)
{
    char name[CONFIG_NAME_SIZE];
    line_text(line, "camera", name, sizeof name);
    for (size_t i = 0; i < watch->eyes; i++) {
        if (!strcmp(watch->eye[i].camera, name)) {
            return &watch->eye[i];
        }
    }
    if (!name[0] || watch->eyes == CONFIG_MOST_CAMERAS) {
        return NULL;
    }
    struct eye *eye = &watch->eye[watch->eyes++];
    *eye = (struct eye){.is = SEEING_OFF};
    memcpy(eye->camera, name, sizeof eye->camera);
    return eye;
}

/* That was no station, but a command that wrote: nothing has changed. */
static void session_forget(struct bait_watch *watch)
{
    size_t kept = watch->before;
    for (size_t i = kept; i < watch->changes; i++) {
        if (watch->change[i].what != CHANGE_SEES) {
            watch->change[kept++] = watch->change[i];
        }
    }
    watch->changes = kept;
    for (size_t i = 0; i < watch->sites; i++) {
        watch->site[i].now = SEEING_NO_STATION;
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
        status = sites_tell(watch, watch->last_us);
    }
    if (begins) {
        watch->before = watch->changes;
    } else if (watch->is_open && is(line, "why", "command")) {
        session_forget(watch);
    }
    watch->is_open = begins;
    for (size_t c = 0; c < watch->eyes; c++) {
        watch->eye[c].is = SEEING_OFF;
        watch->eye[c].is_learning = false;
    }
    for (size_t i = 0; i < watch->sites; i++) {
        watch->site[i].sight = SEEING_LEARNING;
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
           : is(line, "state", "dark")  ? SEEING_DARK
           : is(line, "state", "blind") ? SEEING_BLIND
                                        : SEEING_LEARNING;
}

static struct site *site_of(struct bait_watch *watch, const struct line *line)
{
    char zone[CONFIG_NAME_SIZE];
    const struct eye *eye = eye_of(watch, line);
    line_text(line, "zone", zone, sizeof zone);
    if (!eye) {
        return NULL;
    }
    for (size_t i = 0; i < watch->sites; i++) {
        if (&watch->eye[watch->site[i].eye] == eye &&
            !strcmp(watch->site[i].zone, zone)) {
            return &watch->site[i];
        }
    }
    struct site *site =
        array_add(&watch->site, &watch->sites, sizeof *watch->site);
    if (site) {
        *site = (struct site){.eye = (size_t)(eye - watch->eye),
                              .since_us = line->at.utc_us,
                              .spot = NOTHING,
                              .sight = SEEING_LEARNING};
        memcpy(site->zone, zone, sizeof site->zone);
    }
    return site;
}

/* The spot of that copy there, new or known; NOTHING without a bait. */
static enum sting_status spot_of(struct bait_watch *watch, size_t site,
                                 const char *bait, uint32_t copy, size_t *out)
{
    *out = NOTHING;
    for (size_t i = 0; i < watch->spots && *out == NOTHING; i++) {
        const struct spot *spot = &watch->spot[i];
        if (spot->site == site && spot->copy == copy &&
            !strcmp(spot->bait, bait)) {
            *out = i;
        }
    }
    if (!bait[0] || *out != NOTHING) {
        return STING_OK;
    }
    struct spot *spot =
        array_add(&watch->spot, &watch->spots, sizeof *watch->spot);
    if (!spot) {
        return STING_E_NOMEM;
    }
    *spot = (struct spot){.site = site, .copy = copy};
    (void)snprintf(spot->bait, sizeof spot->bait, "%s", bait);
    *out = watch->spots - 1;
    return STING_OK;
}

static enum sting_status lies_add(struct bait_watch *watch, size_t spot,
                                  int64_t at_us, int value)
{
    const struct change change = {
        .at_us = at_us, .what = CHANGE_LIES, .which = spot, .value = value};
    return spot == NOTHING ? STING_OK : change_add(watch, change);
}

/* A line says what lies there. What page watch names first has lain there since
 * the zone was: recorders of before told no more. */
static enum sting_status lay(struct bait_watch *watch, struct site *site,
                             const struct line *line)
{
    char bait[CONFIG_NAME_SIZE];
    int64_t copy = 0;
    size_t spot = NOTHING;
    bool is_first = !site->is_told && !strcmp(line->kind->name, "page");
    line_text(line, "bait", bait, sizeof bait);
    (void)!line_integer(line, "copy", &copy);
    enum sting_status status =
        spot_of(watch, (size_t)(site - watch->site), bait,
                copy > 0 && copy <= UINT32_MAX ? (uint32_t)copy : 0, &spot);
    if (status || (site->is_told && site->spot == spot)) {
        return status;
    }
    if (site->is_told) {
        status = lies_add(watch, site->spot, line->at.utc_us, -1);
    }
    site->is_told = true;
    site->spot = spot;
    return status ? status
                  : lies_add(watch, spot,
                             is_first ? site->since_us : line->at.utc_us, 1);
}

/* While no line has said it: what operation.yaml says now. */
static enum sting_status guess(struct bait_watch *watch, struct site *site)
{
    const struct config *config = watch->config;
    int at = config_camera_find(config, watch->eye[site->eye].camera);
    for (size_t z = 0; at >= 0 && z < config->camera[at].zones; z++) {
        const struct config_zone *zone = &config->camera[at].zone[z];
        if (!strcmp(zone->name, site->zone)) {
            return spot_of(watch, (size_t)(site - watch->site), zone->bait,
                           zone->copy, &site->spot);
        }
    }
    return STING_OK;
}

/* Lines that name a zone. */
static enum sting_status zone_take(struct bait_watch *watch,
                                   const struct line *line)
{
    bool says = !strcmp(line->kind->name, "laid") || line_has(line, "bait");
    if (!line_has(line, "zone") || !line_has(line, "camera")) {
        return STING_OK;
    }
    size_t known = watch->sites;
    struct site *site = site_of(watch, line);
    if (!site) {
        return watch->eyes < CONFIG_MOST_CAMERAS ? STING_E_NOMEM : STING_OK;
    }
    site->sight = sight_of(line, site->sight);
    if (says) {
        return lay(watch, site, line);
    }
    return watch->sites > known ? guess(watch, site) : STING_OK;
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
    struct change change = {
        .at_us = from_us, .what = CHANGE_MISSES, .which = camera, .value = 1};
    enum sting_status status = change_add(watch, change);
    change.at_us = to_us;
    change.value = -1;
    return status ? status : change_add(watch, change);
}

static const struct {
    const char *kind;
    enum sting_status (*take)(struct bait_watch *watch,
                              const struct line *line);
} row[] = {{"session", session_take}, {"stop", session_take},
           {"camera", camera_take},   {"sight", zone_take},
           {"page", zone_take},       {"laid", zone_take},
           {"gap", gap_take},         {"incident", learning_take}};

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
    status = status ? status : sites_tell(watch, line->at.utc_us);
    watch->last_us = line->at.utc_us;
    return status;
}

enum sting_status bait_watch_new(const struct config *config,
                                 struct bait_watch **out)
{
    struct bait_watch *watch = calloc(1, sizeof *watch);
    if (!watch) {
        return STING_E_NOMEM;
    }
    watch->config = config;
    *out = watch;
    return STING_OK;
}

void bait_watch_free(struct bait_watch **watch)
{
    if (*watch) {
        free((*watch)->site);
        free((*watch)->spot);
        free((*watch)->change);
    }
    free(*watch);
    *watch = NULL;
}
