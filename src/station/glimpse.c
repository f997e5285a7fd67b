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
static enum sting_status picture_ask(struct glimpse *glimpse, int64_t at_us)
{
    struct fault ignored;
    const struct {
        uint32_t kind;
        struct bytes payload;
    } row[] = {{WIRE_PLAYER_LOAD, {NULL, 0}},
               {WIRE_PLAYER_ADD, buffer_bytes(&glimpse->clip)},
               {WIRE_PLAYER_STILLS, {(const uint8_t *)&at_us, sizeof at_us}}};
    enum sting_status status =
        worker_start(WORKER_PLAYER, &glimpse->player, &ignored);
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
    bool asked = picture_ask(glimpse, last_us) == STING_OK;
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

void glimpse_serve(struct glimpse *glimpse, struct desk *desk,
                   struct moment now)
{
    bool is_done = glimpse->incident.number && now.boot_us >= glimpse->until_us;
    while (glimpse->incident.number && !is_done) {
        enum sting_status status =
            wire_reader_next(&glimpse->reader, glimpse->player.channel);
        const struct wire_head *head = &glimpse->reader.head;
        if (status == STING_E_BUSY) {
            return;
        }
        if (!status && head->kind == WIRE_PLAYER_STILL) {
            is_done = buffer_append(&glimpse->picture,
                                    buffer_bytes(&glimpse->reader.payload)) ==
                      STING_OK;
        }
        is_done = is_done || status || head->kind == WIRE_FAILED;
    }
    if (is_done) {
        glimpse_give(glimpse, desk, now);
    }
}
