#include "tamper_camera.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CRF 28
#define GREY 128 /* no colour */
#define DRIFT 0.015

void tamper_must(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "tamper_trial: %s\n", what);
        exit(2);
    }
}

double tamper_camera_now_s(const struct tamper_camera *camera)
{
    return (double)camera->frame / TAMPER_FPS;
}

static enum sting_status hear(void *context, int64_t at_us,
                              const struct detect_look *look)
{
    struct tamper_camera *c = context;
    (void)at_us;
    for (int i = 0; i < look->events; i++) {
        const struct detect_event *e = &look->event[i];
        if (e->kind == DETECT_TAMPER && e->begins && c->tampers++ == 0) {
            c->told_s = tamper_camera_now_s(c);
            c->cause = look->cause;
        }
    }
    return STING_OK;
}

/* ---- the tape ---- */

static enum sting_status tape_see(void *context,
                                  const struct video_frame *frame)
{
    struct tamper_tape *t = ((struct tamper_camera *)context)->tape;
    if (!t || t->pictures == TAMPER_TAPE_FRAMES) {
        return STING_OK;
    }
    struct plane *to = &t->picture[t->pictures++];
    tamper_must(!plane_init(to, frame->y.width_px, frame->y.height_px),
                "memory");
    for (int y = 0; y < to->height_px; y++) {
        memcpy(plane_row(to, y), plane_row(&frame->y, y), (size_t)to->width_px);
    }
    return STING_OK;
}

static void tape_add(struct tamper_camera *c, const struct packet *packet,
                     struct bytes data)
{
    struct tamper_tape *t = c->tape;
    if (t->packets == TAMPER_TAPE_FRAMES || (!t->packets && !packet->key)) {
        return;
    }
    if (!c->decoder) {
        tamper_must(!decoder_new(&c->stream, tape_see, c, &c->decoder, NULL),
                    "decoder");
        decoder_set(c->decoder, DECODE_ALL);
    }
    t->is_key[t->packets] = packet->key;
    tamper_must(!buffer_append(&t->packet[t->packets++], data), "memory");
    tamper_must(!decoder_add(c->decoder, packet), "decoding");
}

void tamper_tape_release(struct tamper_tape *tape)
{
    for (int i = 0; i < TAMPER_TAPE_FRAMES; i++) {
        buffer_release(&tape->packet[i]);
        plane_release(&tape->picture[i]);
    }
}

/* ---- packets ---- */

static void looker_begin(struct tamper_camera *c, struct bytes keyframe)
{
    const struct looker_settings settings = {.zones = 0};
    tamper_must(
        !stream_of_h264(TAMPER_WIDE_PX, TAMPER_HIGH_PX, keyframe, &c->stream),
        "stream");
    tamper_must(!looker_new(&c->stream, &settings, hear, c, &c->looker, NULL),
                "looker");
}

static void packet_see(struct tamper_camera *c, struct bytes data, bool key)
{
    struct packet packet;
    tamper_must(
        !packet_new(data, c->frame * 1000000 / TAMPER_FPS, key, &packet),
        "packet");
    if (!c->looker) {
        looker_begin(c, data);
    }
    if (c->tape) {
        tape_add(c, &packet, data);
    }
    tamper_must(!looker_add(c->looker, &packet), "looking");
    packet_release(&packet);
}

static enum sting_status packet_take(void *context,
                                     const struct encode_packet *encoded)
{
    packet_see(context, encoded->data, encoded->key);
    return STING_OK;
}

/* ---- pictures ---- */

void tamper_camera_recode(struct tamper_camera *camera)
{
    const struct encode_settings set = {
        TAMPER_WIDE_PX, TAMPER_HIGH_PX, TAMPER_FPS, camera->gop, CRF, false};
    encoder_free(&camera->encoder);
    tamper_must(!encoder_new(&set, packet_take, camera, &camera->encoder, NULL),
                "encoder");
}

static void plane_fill(struct plane *plane, int value)
{
    memset(plane->data, value,
           (size_t)plane->stride * (size_t)plane->height_px);
}

void tamper_camera_begin(struct tamper_camera *camera,
                         const struct tamper_camera_settings *settings)
{
    const struct footage_settings set = {.width_px = TAMPER_WIDE_PX,
                                         .height_px = TAMPER_HIGH_PX,
                                         .seed = settings->room,
                                         .light = settings->light,
                                         .noise = settings->noise,
                                         .drift = DRIFT,
                                         .agc = settings->agc,
                                         .flicker = settings->flicker,
                                         .smooth = settings->smooth,
                                         .insects = settings->insects,
                                         .rain = settings->rain,
                                         .clock = settings->clock};
    *camera = (struct tamper_camera){
        .room = settings->room, .gop = (int)(TAMPER_FPS * settings->gop_s)};
    tamper_must(!footage_new(&set, &camera->footage), "footage");
    footage_room(camera->footage, settings->room);
    tamper_must(
        !plane_init(&camera->shown, set.width_px, set.height_px) &&
            !video_frame_init(&camera->out, set.width_px, set.height_px, true),
        "memory");
    plane_fill(&camera->out.u, GREY);
    plane_fill(&camera->out.v, GREY);
    tamper_camera_recode(camera);
}

void tamper_camera_end(struct tamper_camera *camera)
{
    encoder_free(&camera->encoder);
    looker_free(&camera->looker);
    decoder_free(&camera->decoder);
    stream_release(&camera->stream);
    detector_free(&camera->detector);
    tamper_free(&camera->watch);
    footage_free(&camera->footage);
    video_frame_release(&camera->out);
    plane_release(&camera->shown);
}

void tamper_camera_show(struct tamper_camera *camera,
                        const struct plane *picture)
{
    struct tamper_camera *c = camera;
    for (int y = 0; y < picture->height_px; y++) {
        memcpy(plane_row(&c->out.y, y), plane_row(picture, y),
               (size_t)picture->width_px);
    }
    c->out.pts_us = c->frame * 1000000 / TAMPER_FPS;
    tamper_must(!encoder_frame(c->encoder, &c->out), "encoding");
    c->frame++;
}

void tamper_camera_live(struct tamper_camera *camera,
                        const struct cutout *before)
{
    footage_draw(camera->footage, tamper_camera_now_s(camera), before,
                 &camera->shown);
    tamper_camera_show(camera, &camera->shown);
}

static void straight_begin(struct tamper_camera *c)
{
    tamper_must(
        !detector_new(TAMPER_WIDE_PX, TAMPER_HIGH_PX, NULL, 0, &c->detector) &&
            !tamper_new(TAMPER_WIDE_PX, TAMPER_HIGH_PX, NULL, 0, &c->watch),
        "memory");
    c->wants_all = true;
}

void tamper_camera_straight(struct tamper_camera *camera)
{
    struct tamper_camera *c = camera;
    bool is_key = c->frame % c->gop == 0;
    if (!c->detector) {
        straight_begin(c);
    }
    if (is_key || c->wants_all) {
        struct detect_look look;
        int64_t at_us = c->frame * 1000000 / TAMPER_FPS;
        footage_draw(c->footage, tamper_camera_now_s(c), NULL, &c->shown);
        detector_look(c->detector, &c->shown, at_us, is_key, &look);
        tamper_look(c->watch, &c->shown, at_us, is_key, &look);
        c->wants_all = look.wants_all;
        tamper_must(!hear(c, at_us, &look), "hearing");
    }
    c->frame++;
}

void tamper_camera_send(struct tamper_camera *camera,
                        const struct tamper_tape *tape, int number)
{
    const struct buffer *packet = &tape->packet[number];
    packet_see(camera, buffer_bytes(packet), tape->is_key[number]);
    camera->frame++;
}
