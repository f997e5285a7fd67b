#include "watch/pipeline.h"

#include <stdio.h>

#define JUMPS_TOLD_EVERY_US INT64_C(10000000)
#define LONG_GOP_US INT64_C(3500000)
#define NO_KEYFRAMES_US INT64_C(20000000)

static enum sting_status live_begin(struct pipeline *pipeline)
{
    return live_new(pipeline->stream, recorder_pts_us(pipeline->recorder, 0),
                    sender_piece, pipeline->sender, &pipeline->live);
}

/* Who looks is never a reason not to record. */
static enum sting_status live_serve(struct pipeline *pipeline,
                                    const struct packet *packet,
                                    struct moment now)
{
    enum sting_status status =
        live_want(pipeline->live, pipeline->is_looked_at);
    if (!status) {
        status = live_add(pipeline->live, packet, now.boot_us);
    }
    return status == STING_E_IO ? status : STING_OK;
}

void pipeline_end(struct pipeline *pipeline, bool finish)
{
    looking_end(&pipeline->looking, finish);
    if (pipeline->recorder) {
        /* If not, the core is gone, or will see that it is missing. */
        (void)!recorder_flush(pipeline->recorder);
    }
    live_free(&pipeline->live);
    pipeline->sender->recorder = NULL;
    recorder_free(&pipeline->recorder);
}

static enum sting_status stream_tell(const struct pipeline *pipeline)
{
    return sender_stream(pipeline->sender, pipeline->stream,
                         pipeline->settings->looker.masks.count,
                         source_encodes(pipeline->source) != NULL);
}

static enum sting_status recording_begin(struct pipeline *pipeline,
                                         const struct packet *first,
                                         struct moment came,
                                         struct fault *fault)
{
    pipeline_end(pipeline, false);
    enum sting_status status = stream_tell(pipeline);
    if (!status) {
        status = recorder_new(pipeline->stream, first, came, sender_fragment,
                              pipeline->sender, &pipeline->recorder);
        pipeline->sender->recorder = pipeline->recorder;
    }
    if (!status) {
        status = live_begin(pipeline);
    }
    return status ? status
                  : looking_begin(&pipeline->looking, pipeline->stream,
                                  pipeline->recorder, fault);
}

/* The camera's clock jumped: told, but not each time of one that does nothing
 * else. */
static enum sting_status jumps_tell(struct pipeline *pipeline,
                                    struct moment now)
{
    char why[100];
    const struct mend *mend =
        pipeline->masked ? pipeline->masked : recorder_mend(pipeline->recorder);
    if (mend->jumps == pipeline->jumps_told ||
        (pipeline->jump_told_us &&
         now.boot_us - pipeline->jump_told_us < JUMPS_TOLD_EVERY_US)) {
        return STING_OK;
    }
    snprintf(why, sizeof why, "its clock jumped by %.1f s%s",
             (double)mend->jumped_us / 1e6,
             mend->jumps > pipeline->jumps_told + 1 ? ", and before" : "");
    pipeline->jumps_told = mend->jumps;
    pipeline->jump_told_us = now.boot_us;
    return sender_state(pipeline->sender, CAMERA_STATE_REMARK, why);
}

/* Keyframes far apart are seen late and cost much to look at. */
static enum sting_status gop_tell(struct pipeline *pipeline,
                                  const struct packet *packet)
{
    char why[160];
    int64_t at_us = stream_us(pipeline->stream, packet->pts);
    int64_t apart_us = at_us - pipeline->key_us;
    bool none = apart_us > NO_KEYFRAMES_US;
    bool is_long = packet->key && apart_us > LONG_GOP_US;
    pipeline->key_us = packet->key ? at_us : pipeline->key_us;
    if (pipeline->gop_told || !(none || is_long)) {
        return STING_OK;
    }
    pipeline->gop_told = true;
    if (none) {
        snprintf(why, sizeof why, "it sends no keyframes; set one a second");
    } else {
        snprintf(why, sizeof why, "keyframes %.0f s apart; set one a second",
                 (double)apart_us / 1e6);
    }
    return sender_state(pipeline->sender, CAMERA_STATE_REMARK, why);
}

/* What the camera's own clock showed, also when the packet is a masked one. */
static int64_t clock_of(const struct pipeline *pipeline,
                        const struct packet *packet)
{
    int64_t at_us = stream_us(pipeline->stream, packet->pts);
    return source_clock_us(
        pipeline->source,
        pipeline->masked ? mend_undo_us(pipeline->masked, at_us) : at_us);
}

enum sting_status pipeline_take(struct pipeline *pipeline,
                                struct packet *packet, bool is_new,
                                struct fault *fault)
{
    struct moment now = clock_now();
    struct moment came = clock_when(now, source_came_us(pipeline->source));
    enum sting_status status = STING_OK;
    bool can_begin = packet->key || source_is_live(pipeline->source);
    if (!pipeline->recorder && !can_begin) {
        return STING_OK;
    }
    if ((is_new && can_begin) || !pipeline->recorder) {
        pipeline->jumps_told = pipeline->masked ? pipeline->jumps_told : 0;
        pipeline->key_us = stream_us(pipeline->stream, packet->pts);
        status = recording_begin(pipeline, packet, came, fault);
    }
    if (!status && !pipeline->is_on) {
        status = sender_state(pipeline->sender, CAMERA_STATE_ON, "");
        pipeline->is_on = true;
    }
    if (status) {
        return status;
    }
    status = recorder_add(pipeline->recorder, packet, came,
                          clock_of(pipeline, packet));
    if (!status) {
        status = live_serve(pipeline, packet, now);
    }
    if (!status) {
        status = jumps_tell(pipeline, now);
    }
    if (!status) {
        status = gop_tell(pipeline, packet);
    }
    enum sting_status looked = looking_add(&pipeline->looking, packet);
    return status && status != STING_E_FORMAT ? status : looked;
}
