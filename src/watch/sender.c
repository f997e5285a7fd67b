#include "watch/sender.h"

#include <math.h>
#include <stdio.h>

#include "detect/tamper.h"
#include "wire/camera_state.h"

void sender_init(struct sender *out, int channel)
{
    *out = (struct sender){.channel = channel};
    pthread_mutex_init(&out->sending, NULL);
}

void sender_release(struct sender *sender)
{
    pthread_mutex_destroy(&sender->sending);
}

static enum sting_status send(struct sender *sender, struct wire_head head,
                              struct bytes payload)
{
    pthread_mutex_lock(&sender->sending);
    enum sting_status status = wire_send(sender->channel, head, payload);
    pthread_mutex_unlock(&sender->sending);
    return status;
}

enum sting_status sender_state(struct sender *sender, enum camera_state state,
                               const char *why)
{
    return send(sender, (struct wire_head){WIRE_CAMERA_STATE, 0, {state}},
                bytes_of_text(why));
}

enum sting_status sender_lost(struct sender *sender, bool is_soon, bool is_ours,
                              const char *why)
{
    return send(sender,
                (struct wire_head){WIRE_CAMERA_STATE,
                                   0,
                                   {CAMERA_STATE_LOST, is_soon, is_ours}},
                bytes_of_text(why));
}

/* ---- what is recorded, and what people see ---- */

enum sting_status sender_stream(struct sender *sender,
                                const struct stream *stream, int64_t masks,
                                bool encodes)
{
    struct buffer head STING_AUTO(buffer_release) = {0};
    enum sting_status status = fragment_head(stream, &head);
    if (status) {
        return status;
    }
    struct wire_head message = {
        WIRE_CAMERA_INIT,
        0,
        {stream->width_px, stream->height_px, stream->tag, masks, encodes}};
    return send(sender, message, buffer_bytes(&head));
}

enum sting_status sender_fragment(void *context,
                                  const struct fragment *fragment,
                                  struct fragment_times taken)
{
    struct wire_head head = {WIRE_CAMERA_FRAGMENT,
                             0,
                             {fragment->pts_us, fragment->duration_us,
                              fragment->key, fragment->frames, taken.utc_us,
                              taken.camera_us}};
    return send(context, head, fragment->data);
}

enum sting_status sender_piece(void *context, const struct fragment *fragment)
{
    struct sender *sender = context;
    int64_t end_us = fragment->pts_us + fragment->duration_us;
    struct wire_head head = {WIRE_CAMERA_PIECE,
                             0,
                             {fragment->pts_us, fragment->duration_us,
                              fragment->key, fragment->frames,
                              recorder_utc_us(sender->recorder, end_us)}};
    return send(sender, head, fragment->data);
}

/* ---- what is looked at ---- */

/* Times of what is looked at: the recording's and UTC; in a replay, which
 * records nothing, from the clip's begin. */
static int64_t pts_of(const struct sender *sender, int64_t at_us)
{
    return sender->recorder ? recorder_pts_us(sender->recorder, at_us)
                            : at_us + sender->replay_us;
}

static int64_t utc_of(const struct sender *sender, int64_t pts_us)
{
    return sender->recorder ? recorder_utc_us(sender->recorder, pts_us)
                            : pts_us;
}

static enum sting_status event_send(struct sender *sender,
                                    const struct detect_event *event,
                                    bool is_cut)
{
    int64_t pts_us = pts_of(sender, event->at_us);
    struct wire_head head = {WIRE_CAMERA_OBSERVATION,
                             0,
                             {event->kind,
                              event->begins ? OBSERVATION_BEGINS
                              : is_cut      ? OBSERVATION_CUT
                                            : OBSERVATION_ENDS,
                              utc_of(sender, pts_us),
                              (int64_t)(event->score * 1000), event->zone,
                              pts_us}};
    return send(sender, head, (struct bytes){0});
}

static enum sting_status sight_send(struct sender *sender, int64_t pts_us,
                                    const struct detect_sight *sight)
{
    long contrast = lround(1e3 * sight->contrast);
    struct wire_head head = {WIRE_CAMERA_SIGHT,
                             0,
                             {sight->zone,
                              sight->is_unquiet ? 0
                              : contrast < 1    ? 1
                                                : contrast,
                              lround(1e3 * sight->size),
                              lround(1e3 * sight->tall),
                              lround(10.0 * sight->level), pts_us}};
    return send(sender, head, (struct bytes){0});
}

static enum sting_status page_send(struct sender *sender,
                                   const struct page_event *event)
{
    int64_t pts_us = pts_of(sender, event->at_us);
    struct wire_head head = {WIRE_CAMERA_PAGE,
                             0,
                             {event->zone, event->kind, event->value,
                              utc_of(sender, pts_us),
                              (int64_t)(event->dpi * 10), pts_us}};
    return send(sender, head, (struct bytes){0});
}

enum sting_status sender_look(void *context, int64_t at_us,
                              const struct detect_look *look)
{
    struct sender *sender = context;
    int64_t pts_us = pts_of(sender, at_us);
    sender->looks_made++;
    struct wire_head head = {WIRE_CAMERA_LOOK,
                             0,
                             {pts_us, utc_of(sender, pts_us), look->activity,
                              sender->looks_made, look->persons, look->news}};
    enum sting_status status = send(sender, head, (struct bytes){0});
    if (!status && look->cause) {
        status = sender_state(sender, CAMERA_STATE_REMARK,
                              tamper_sentence((enum tamper_cause)look->cause));
    }
    for (int i = 0; !status && i < look->events; i++) {
        status = event_send(sender, &look->event[i], look->is_cut);
    }
    for (int i = 0; !status && i < look->sights; i++) {
        status = sight_send(sender, pts_us, &look->sight[i]);
    }
    for (int i = 0; !status && i < look->pages; i++) {
        status = page_send(sender, &look->page[i]);
    }
    return status;
}

enum sting_status sender_check(struct sender *sender,
                               const struct detect_look *look)
{
    enum sting_status status = STING_OK;
    char why[160];
    if (look->cause) {
        snprintf(why, sizeof why, "what is recorded of it: %s",
                 tamper_sentence((enum tamper_cause)look->cause));
        status = sender_state(sender, CAMERA_STATE_REMARK, why);
    }
    for (int i = 0; !status && i < look->events; i++) {
        status = event_send(sender, &look->event[i], look->is_cut);
    }
    return status;
}
