#include "drill/intrusion.h"

#include "drill/judge.h"
#include "media/encode.h"
#include "media/mp4.h"
#include "media/source.h"
#include "watch/looker.h"

static const int frames_per_s = 5; /* half of what the live scene gives */
static const int64_t quiet_us = 10000000;

static double event_s(const struct play *play, enum play_kind kind)
{
    for (int i = 0; i < play->events; i++) {
        if (play->event[i].kind == kind) {
            return play->event[i].at_s;
        }
    }
    return 0;
}

/* ---- the clip ---- */

static enum sting_status clip_draw(struct scene *scene, double until_s,
                                   struct encoder *encoder)
{
    struct video_frame frame STING_AUTO(video_frame_release) = {0};
    enum sting_status status =
        video_frame_init(&frame, GARAGE_WIDTH, GARAGE_HEIGHT, true);
    int frames = (int)(until_s * frames_per_s);
    for (int i = 0; !status && i < frames; i++) {
        double at_s = (double)i / frames_per_s;
        frame.pts_us = (int64_t)i * 1000000 / frames_per_s;
        scene_draw(scene, at_s, &frame);
        status = encoder_frame(encoder, &frame);
    }
    return status ? status : encoder_finish(encoder);
}

static enum sting_status clip_make(struct scene *scene, double until_s,
                                   struct buffer *out, struct fault *fault)
{
    struct mp4_writer *writer STING_AUTO(mp4_writer_free) = NULL;
    struct encoder *encoder STING_AUTO(encoder_free) = NULL;
    struct encode_settings settings = {.width_px = GARAGE_WIDTH,
                                       .height_px = GARAGE_HEIGHT,
                                       .frames_per_s = frames_per_s,
                                       .gop_frames = frames_per_s,
                                       .crf = 29};
    enum sting_status status =
        mp4_writer_new(GARAGE_WIDTH, GARAGE_HEIGHT, frames_per_s, &writer);
    status = status ? status
                    : encoder_new(&settings, mp4_writer_add, writer, &encoder,
                                  fault);
    status = status ? status : clip_draw(scene, until_s, encoder);
    status = status ? status : mp4_writer_finish(writer, out);
    return status ? fault_set(fault, status, "", "the scene cannot be encoded")
                  : STING_OK;
}

/* ---- the watch ---- */

struct watch {
    const struct play *play;
    struct intrusion *told;
};

static void opened(void *context, double start_s, double told_s)
{
    struct watch *watch = context;
    double enter_s = event_s(watch->play, PLAY_ENTER);
    if (start_s < enter_s - 1) { /* the door moves a little before */
        watch->told->false_alarms++;
    } else if (!watch->told->caught &&
               told_s < event_s(watch->play, PLAY_LEAVE)) {
        watch->told->caught = true;
        watch->told->delay_s = told_s - enter_s;
        watch->told->spare_s = event_s(watch->play, PLAY_LEAVE) - told_s;
    }
}

static void zone_set(const struct garage *garage, struct looker_settings *out)
{
    float corner[GARAGE_MOST_CORNERS][2];
    int corners = garage_zone(garage, corner);
    out->zones = 1;
    out->zone[0] = (struct detect_zone){.has_bait = true, .points = corners};
    for (int i = 0; i < corners; i++) {
        out->zone[0].point[i] =
            (struct detect_point){corner[i][0], corner[i][1]};
    }
}

static enum sting_status packets_look(struct source *source,
                                      struct looker *looker,
                                      struct fault *fault)
{
    for (;;) {
        struct packet packet STING_AUTO(packet_release) = {0};
        bool is_new_stream = false;
        enum sting_status status =
            source_read(source, &packet, &is_new_stream, fault);
        if (status == STING_E_ABSENT) {
            return looker_finish(looker);
        }
        status = status ? status : looker_add(looker, &packet);
        if (status) {
            return status;
        }
    }
}

static enum sting_status clip_watch(struct bytes clip, struct judge *judge,
                                    const struct garage *garage,
                                    struct fault *fault)
{
    struct source *source STING_AUTO(source_free) = NULL;
    struct looker *looker STING_AUTO(looker_free) = NULL;
    struct source_settings from = {.memory = clip};
    struct looker_settings settings = {0};
    zone_set(garage, &settings);
    enum sting_status status = source_open(&from, &source, fault);
    status = status ? status
                    : looker_new(source_stream(source), &settings, judge_look,
                                 judge, &looker, fault);
    return status ? status : packets_look(source, looker, fault);
}

static enum sting_status watched_until(struct scene *scene, double until_s,
                                       struct intrusion *out,
                                       struct fault *fault)
{
    struct judge *judge STING_AUTO(judge_free) = NULL;
    struct buffer clip STING_AUTO(buffer_release) = {0};
    *out = (struct intrusion){0};
    struct watch watch = {scene_play(scene), out};
    enum sting_status status = judge_new(quiet_us, opened, &watch, &judge);
    status = status ? status : clip_make(scene, until_s, &clip, fault);
    status = status ? status
                    : clip_watch(buffer_bytes(&clip), judge,
                                 scene_garage(scene), fault);
    if (!status) {
        judge_finish(judge);
    }
    return status;
}

/* Most are told of within two seconds: the rest of the play need then not be
 * drawn. */
enum sting_status intrusion_run(struct scene *scene, struct intrusion *out,
                                struct fault *fault)
{
    const struct play *play = scene_play(scene);
    struct intrusion told;
    double enter_s = event_s(play, PLAY_ENTER);
    double leave_s = event_s(play, PLAY_LEAVE);
    enum sting_status status =
        watched_until(scene, enter_s + 2.6, &told, fault);
    if (!status && !told.caught) {
        status = watched_until(scene, leave_s + 1, &told, fault);
    }
    if (!status) {
        *out = told;
    }
    return status;
}
