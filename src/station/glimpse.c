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
    buffer_release(&glimpse->clip);
    buffer_release(&glimpse->picture);
    glimpse->incident.number = 0;
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
                                     struct moment now, int64_t at_us)
{
    const struct {
        uint32_t kind;
        struct bytes payload;
    } row[] = {{WIRE_PLAYER_LOAD, {NULL, 0}},
               {WIRE_PLAYER_ADD, buffer_bytes(&glimpse->clip)},
               {WIRE_PLAYER_STILLS, {(const uint8_t *)&at_us, sizeof at_us}}};
    enum sting_status status =
        deaths_start(&glimpse->deaths, desk, now, WORKER_PLAYER,
                     &glimpse->player, "glimpse");
    for (size_t i = 0; i < sizeof row / sizeof *row && !status; i++) {
        const struct wire_head head = {.kind = row[i].kind};
        status = wire_send(glimpse->player.channel, head, row[i].payload);
    }
    return status;
}

void glimpse_begin(struct glimpse *glimpse, const struct camera *camera,
                   const struct incident *incident, struct moment now)
{
    int64_t last_us = 0;
    if (glimpse->incident.number && glimpse->incident.tier >= incident->tier) {
        return;
    }
    glimpse->clip.size = 0;
    glimpse->picture.size = 0;
    if (clip_make(camera, &glimpse->clip, &last_us)) {
        return;
    }
    player_end(glimpse); /* it may be at work for another */
    glimpse->incident = *incident;
    /* Without a worker the clip goes alone, and at once. */
    bool asked = picture_ask(glimpse, camera->desk, now, last_us) == STING_OK;
    glimpse->until_us = asked ? now.boot_us + GLIMPSE_PATIENCE_US : now.boot_us;
}

static void glimpse_give(struct glimpse *glimpse, struct desk *desk,
                         struct moment now)
{
    struct fault fault = {"", ""};
    const struct alert_film given = {buffer_bytes(&glimpse->clip),
                                     buffer_bytes(&glimpse->picture)};
    if (desk->alerts && !desk->is_broken &&
        alerts_film(desk->alerts, &glimpse->incident, &given, now, &fault)) {
        const struct tale tale = {.event = "alert", .state = "failed"};
        tell(desk->teller, &tale, "the pictures could not be queued: %s",
             fault.why);
    }
    glimpse_release(glimpse); /* nothing is held of it, and no process */
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
    if (!glimpse->incident.number) {
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
