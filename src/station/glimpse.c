#include "station/glimpse.h"

#include <string.h>

/* End the worker, whatever it is at. */
static void player_end(struct glimpse *glimpse)
{
    worker_stop(&glimpse->player, 0);
    buffer_release(&glimpse->reader.payload);
    glimpse->reader = (struct wire_reader){.head_bytes = 0};
}

void glimpse_release(struct glimpse *glimpse)
{
    player_end(glimpse);
    buffer_release(&glimpse->picture);
    for (size_t i = 0; i < glimpse->films; i++) {
        buffer_release(&glimpse->film[i].clip);
    }
    glimpse->films = 0;
}

bool glimpse_is_wanted(const struct config *config)
{
    for (size_t i = 0; i < config->alerts; i++) {
        if (config->alert[i].attach != CONFIG_ATTACH_NONE) {
            return true;
        }
    }
    return false;
}

/* The stream's beginning and what is held of it; the time of its last picture
 * to *last_us. Too much of it: no film. */
static enum sting_status clip_make(const struct camera *camera,
                                   struct buffer *out, int64_t *last_us)
{
    enum sting_status status = buffer_append(out, buffer_bytes(&camera->init));
    for (size_t i = 0; i < camera->recent.count && !status; i++) {
        const struct roll_piece *piece =
            &camera->recent.piece[(camera->recent.first + i) % ROLL_MOST];
        if (out->size + piece->data.size > GLIMPSE_MOST_BYTES) {
            return STING_E_LIMIT;
        }
        status = buffer_append(out, buffer_bytes(&piece->data));
        *last_us = piece->facts.pts_us + piece->facts.duration_us - 1;
    }
    return camera->recent.count ? status : STING_E_ABSENT;
}

/* Have the last picture decoded. */
static enum sting_status picture_ask(struct glimpse *glimpse, struct desk *desk,
                                     struct moment now)
{
    const struct glimpse_film *film = &glimpse->film[0];
    const struct {
        uint32_t kind;
        struct bytes payload;
    } row[] = {{WIRE_PLAYER_LOAD, {NULL, 0}},
               {WIRE_PLAYER_ADD, buffer_bytes(&film->clip)},
               {WIRE_PLAYER_STILLS,
                {(const uint8_t *)&film->last_us, sizeof film->last_us}}};
    enum sting_status status =
        deaths_start(&glimpse->deaths, desk, now, WORKER_PLAYER,
                     &glimpse->player, "glimpse");
    for (size_t i = 0; i < sizeof row / sizeof *row && !status; i++) {
        const struct wire_head head = {.kind = row[i].kind};
        status = wire_send(glimpse->player.channel, head, row[i].payload);
    }
    return status;
}

/* ---- films that wait for their turn ---- */

/* The first is under way now. Without a worker the clip goes alone, and at
 * once. */
static void film_begin(struct glimpse *glimpse, struct desk *desk,
                       struct moment now)
{
    bool asked = picture_ask(glimpse, desk, now) == STING_OK;
    glimpse->until_us = asked ? now.boot_us + GLIMPSE_PATIENCE_US : now.boot_us;
}

static void film_drop(struct glimpse *glimpse, size_t at)
{
    buffer_release(&glimpse->film[at].clip);
    glimpse->films--;
    memmove(&glimpse->film[at], &glimpse->film[at + 1],
            (glimpse->films - at) * sizeof *glimpse->film);
}

static void refused_tell(const struct desk *desk,
                         const struct incident *incident, const char *why)
{
    const struct tale tale = {
        .event = "alert", .state = "failed", .incident = incident->number};
    tell(desk->teller, &tale, "no pictures follow of incident %u: %s",
         incident->number, why);
}

/* Its film is there as something as grave; one that waits as less is not
 * needed any more. */
static bool is_there(struct glimpse *glimpse, const struct incident *incident)
{
    for (size_t i = 0; i < glimpse->films; i++) {
        const struct incident *other = &glimpse->film[i].incident;
        if (other->number != incident->number) {
            continue;
        }
        if (other->tier >= incident->tier) {
            return true;
        }
        if (i > 0) {
            film_drop(glimpse, i);
            return false;
        }
    }
    return false;
}

/* Behind the one that is under way, and those that are as grave. */
static void film_add(struct glimpse *glimpse, const struct desk *desk,
                     const struct glimpse_film *film)
{
    size_t at = glimpse->films;
    while (at > 1 &&
           glimpse->film[at - 1].incident.tier < film->incident.tier) {
        at--;
    }
    if (at < GLIMPSE_MOST && glimpse->films == GLIMPSE_MOST) {
        refused_tell(desk, &glimpse->film[GLIMPSE_MOST - 1].incident,
                     "too many incidents at once");
        film_drop(glimpse, GLIMPSE_MOST - 1);
    }
    memmove(&glimpse->film[at + 1], &glimpse->film[at],
            (glimpse->films - at) * sizeof *glimpse->film);
    glimpse->film[at] = *film;
    glimpse->films++;
}

void glimpse_begin(struct glimpse *glimpse, const struct camera *camera,
                   const struct incident *incident, struct moment now)
{
    struct glimpse_film film = {.incident = *incident};
    if (is_there(glimpse, incident)) {
        return;
    }
    enum sting_status status = clip_make(camera, &film.clip, &film.last_us);
    bool is_full =
        glimpse->films == GLIMPSE_MOST &&
        glimpse->film[GLIMPSE_MOST - 1].incident.tier >= incident->tier;
    if (status == STING_E_LIMIT || (!status && is_full)) {
        refused_tell(camera->desk, incident,
                     is_full ? "too many incidents at once"
                             : "its film is too large");
    }
    if (status || is_full) {
        buffer_release(&film.clip);
        return;
    }
    film_add(glimpse, camera->desk, &film);
    if (glimpse->films == 1) {
        film_begin(glimpse, camera->desk, now);
    }
}

/* The first goes; nothing is held of it, and no process. */
static void glimpse_give(struct glimpse *glimpse, struct desk *desk,
                         struct moment now)
{
    struct fault fault = {"", ""};
    const struct glimpse_film *film = &glimpse->film[0];
    const struct alert_film given = {buffer_bytes(&film->clip),
                                     buffer_bytes(&glimpse->picture)};
    if (desk->alerts && !desk->is_broken &&
        alerts_film(desk->alerts, &film->incident, &given, now, &fault)) {
        const struct tale tale = {.event = "alert", .state = "failed"};
        tell(desk->teller, &tale, "the pictures could not be queued: %s",
             fault.why);
    }
    player_end(glimpse);
    buffer_release(&glimpse->picture);
    film_drop(glimpse, 0);
    if (glimpse->films > 0) {
        film_begin(glimpse, desk, now);
    }
}

/* What the player said: STING_OK, the picture is there; E_BUSY: not yet. */
static enum sting_status picture_take(struct glimpse *glimpse)
{
    enum sting_status status = STING_OK;
    while (!status) {
        status = wire_reader_next(&glimpse->reader, glimpse->player.channel);
        if (!status && glimpse->reader.head.kind == WIRE_PLAYER_STILL) {
            return buffer_append(&glimpse->picture,
                                 buffer_bytes(&glimpse->reader.payload));
        }
        if (!status && glimpse->reader.head.kind == WIRE_FAILED) {
            return STING_OK; /* this one it cannot show */
        }
    }
    return status;
}

void glimpse_serve(struct glimpse *glimpse, struct desk *desk,
                   struct moment now)
{
    bool is_late = now.boot_us >= glimpse->until_us;
    if (glimpse->films == 0) {
        return;
    }
    enum sting_status status =
        glimpse->player.channel < 0 ? STING_OK : picture_take(glimpse);
    if (status == STING_E_BUSY && !is_late) {
        return;
    }
    if (status) {
        death_tell(&glimpse->deaths, desk, now, &glimpse->player, "glimpse",
                   status == STING_E_BUSY ? "gave no picture in time"
                                          : death_cause(status));
    } else if (glimpse->player.channel >= 0) {
        glimpse->deaths.count = 0;
    }
    glimpse_give(glimpse, desk, now);
}
