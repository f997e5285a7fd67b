#include "watch_eye.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "footage_room.h"

static int options;
static char **option;

void eye_options(int count, char **words)
{
    options = count;
    option = words;
}

const char *eye_word(const char *name, const char *usual)
{
    size_t length = strlen(name);
    for (int i = 0; i < options; i++) {
        if (!strncmp(option[i], name, length) && option[i][length] == '=') {
            return option[i] + length + 1;
        }
    }
    return usual;
}

double eye_number(const char *name, double usual)
{
    const char *text = eye_word(name, NULL);
    return text ? strtod(text, NULL) : usual;
}

void eye_must(int status, const char *what)
{
    if (status) {
        fprintf(stderr, "watch_trial: %s: %d\n", what, status);
        exit(2);
    }
}

static double cpu_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double eye_now_s(const struct watch *w)
{
    return (double)w->frame / w->fps;
}

/* Somebody is there, or no more; after ten seconds they are others. */
static void presence_take(struct watch *w, bool begins)
{
    struct heard *h = &w->heard;
    if (begins && !w->present) {
        h->groups += eye_now_s(w) - h->last_end_s > 10;
    }
    w->present = begins;
    h->last_end_s = eye_now_s(w);
}

static void hear(struct watch *w, const struct detect_look *look)
{
    struct heard *h = &w->heard;
    h->persons = look->persons > h->persons ? look->persons : h->persons;
    for (int i = 0; i < look->events; i++) {
        const struct detect_event *e = &look->event[i];
        if (e->begins && h->begins[e->kind]++ == 0) {
            h->first_s[e->kind] = eye_now_s(w);
        }
        if (e->kind == DETECT_PERSON || e->kind == DETECT_PAGE) {
            presence_take(w, e->begins);
        }
        if (eye_number("tell", 0) > 0) {
            fprintf(stderr, "%.1f kind %d %s zone %d score %.2f\n",
                    eye_now_s(w), e->kind, e->begins ? "begins" : "ends",
                    e->zone, e->score);
        }
    }
}

void eye_forget(struct watch *w)
{
    w->heard = (struct heard){.last_end_s = w->present ? eye_now_s(w) : -1e9};
}

/* ---- through H.264 ---- */

static enum sting_status looked(void *context, int64_t at_us,
                                const struct detect_look *look)
{
    struct watch *w = context;
    (void)at_us;
    w->looks++;
    hear(w, look);
    return STING_OK;
}

static enum sting_status packet_take(void *context,
                                     const struct encode_packet *encoded)
{
    struct watch *w = context;
    w->bytes += (double)encoded->data.size;
    if (w->mp4) {
        return mp4_writer_add(w->mp4, encoded);
    }
    if (!w->looker) {
        struct stream stream;
        struct looker_settings none = {.zones = 0};
        eye_must(stream_of_h264(w->shown.width_px, w->shown.height_px,
                                encoded->data, &stream),
                 "stream");
        eye_must(looker_new(&stream, &none, looked, w, &w->looker, NULL),
                 "looker");
        stream_release(&stream);
    }
    struct packet packet;
    eye_must(packet_new(encoded->data, encoded->pts_us, encoded->key, &packet),
             "packet");
    double begin = cpu_now();
    enum sting_status status = looker_add(w->looker, &packet);
    w->cpu_s += cpu_now() - begin;
    packet_release(&packet);
    return status;
}

static void frame_encode(struct watch *w, const struct cutout *who)
{
    footage_draw(w->footage, eye_now_s(w), who, &w->shown);
    for (int y = 0; y < w->shown.height_px; y++) {
        memcpy(plane_row(&w->frame_out.y, y), plane_row(&w->shown, y),
               (size_t)w->shown.width_px);
    }
    w->frame_out.pts_us = (int64_t)(eye_now_s(w) * 1e6);
    eye_must(encoder_frame(w->encoder, &w->frame_out), "encoding");
}

static void encoder_begin(struct watch *w)
{
    int width = w->shown.width_px, height = w->shown.height_px;
    struct encode_settings set = {
        width, height, w->fps, w->gop, (int)eye_number("crf", 26), false};
    eye_must(video_frame_init(&w->frame_out, width, height, true), "frame");
    memset(w->frame_out.u.data, 128,
           (size_t)w->frame_out.u.stride * (size_t)w->frame_out.u.height_px);
    memset(w->frame_out.v.data, 128,
           (size_t)w->frame_out.v.stride * (size_t)w->frame_out.v.height_px);
    eye_must(encoder_new(&set, packet_take, w, &w->encoder, NULL), "encoder");
}

/* ---- both ---- */

void eye_frame(struct watch *w, const struct cutout *who)
{
    bool key = w->frame % w->gop == 0;
    if (w->encoder) {
        frame_encode(w, who);
    } else if (key || w->all) {
        struct detect_look look;
        footage_draw(w->footage, eye_now_s(w), who, &w->shown);
        double begin = cpu_now();
        detector_look(w->detector, &w->shown, (int64_t)(eye_now_s(w) * 1e6),
                      key, &look);
        w->cpu_s += cpu_now() - begin;
        w->all = look.wants_all;
        w->looks++;
        w->looks_at_all += !key;
        hear(w, &look);
    }
    w->frame++;
}

void eye_pass(struct watch *w, double seconds)
{
    int frames = (int)(seconds * w->fps + 0.5);
    for (int i = 0; i < frames; i++) {
        eye_frame(w, NULL);
    }
}

void eye_begin(struct watch *w, uint64_t room, const struct extras *extras)
{
    int width = (int)eye_number("width", 1280), height = width * 9 / 16;
    struct footage_settings set = {
        .width_px = width,
        .height_px = height,
        .seed = room,
        .light = eye_number("light", 1),
        .noise = eye_number("noise", 1.5),
        .white = eye_number("white", 0) > 0,
        .drift = eye_number("drift", 0.015),
        .agc = eye_number("agc", 0),
        .flicker = eye_number("flicker", 0),
        .smooth = eye_number("smooth", 0),
        .insects = eye_number("insects", 0) > 0,
        .rain = eye_number("rain", 0) > 0,
        .clock = eye_number("clock", 0) > 0,
    };
    *w = (struct watch){
        .seed = room, .all = true, .zone = w->zone, .zones = w->zones};
    w->fps = (int)eye_number("fps", 10);
    w->gop = (int)(w->fps * eye_number("gop", 1));
    eye_must(footage_new(&set, &w->footage), "footage");
    eye_must(plane_init(&w->shown, width, height), "plane");
    if (eye_word("out", NULL)) {
        eye_must(mp4_writer_new(width, height, w->fps, &w->mp4), "film");
    }
    if (w->mp4 || eye_number("codec", 0) > 0) {
        encoder_begin(w);
    } else {
        eye_must(detector_new(width, height, w->zone, w->zones, &w->detector),
                 "detector");
    }
    if (extras && eye_number("still", 0) > 0) {
        footage_still(w->footage, extras_empty(extras), room);
    } else if (eye_number("bare", 0) > 0) {
        footage_bare(w->footage, room);
    } else {
        footage_room(w->footage, room);
    }
    eye_forget(w);
}

static void film_write(struct watch *w)
{
    struct buffer file STING_AUTO(buffer_release) = {0};
    const char *path = eye_word("out", NULL);
    eye_must(encoder_finish(w->encoder), "encoding");
    eye_must(mp4_writer_finish(w->mp4, &file), "writing");
    eye_must(file_write(AT_FDCWD, path, buffer_bytes(&file), 0644, NULL), path);
    mp4_writer_free(&w->mp4);
}

void eye_end(struct watch *w)
{
    if (w->mp4) {
        film_write(w);
    }
    footage_free(&w->footage);
    detector_free(&w->detector);
    encoder_free(&w->encoder);
    looker_free(&w->looker);
    video_frame_release(&w->frame_out);
    plane_release(&w->shown);
    cutout_release(&w->who);
}
