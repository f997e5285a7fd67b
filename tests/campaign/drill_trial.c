/*
 * drill_trial: does a drill in one's own footage say what a camera would? The
 * same visit twice: somebody walks through a room before its camera films it,
 * and is put by the drill into what that camera filmed of the room alone. A
 * JSON line each, for drill.py.
 *
 * Usage: drill_trial FIRST_ROOM ROOMS FILM.mp4 [name=value ...]
 * with values as of watch_trial; FILM.mp4 is written over.
 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "drill/likeness.h"
#include "drill/plate.h"
#include "drill/reel.h"
#include "footage_room.h"
#include "watch_eye.h"

#define BEGINS_S 27.0 /* the scene is learned */
#define LATE_S 1.5

static double between(uint64_t seed, uint64_t n, double low, double high)
{
    return low + (high - low) * part_of(seed, n);
}

/* So faint and so small that about half of them are seen. */
static struct passerby who_comes(const struct watch *w)
{
    int width = w->shown.width_px, height = w->shown.height_px;
    uint64_t s = mix(w->seed, 7100);
    struct passerby who = {
        .seed = s,
        .height_px = height * 0.12 * pow(3.5, part_of(s, 1)),
        .speed = between(s, 2, 0.5, 0.95),
        .stay_s = between(s, 3, 3, 6),
        .from_left = mix(s, 4) & 1,
        .contrast = 0.003 * pow(12, part_of(s, 5)),
        .aim_px = width * between(s, 6, 0.25, 0.75),
    };
    who.foot_px = height * between(s, 7, 0.55, 0.95) + 0.2 * who.height_px;
    return who;
}

static double lasts_s(const struct passerby *who, int width_px)
{
    double all = passerby_lasts_s(who, width_px);
    return all < 30 ? all : 30;
}

/* Darker or lighter than what is behind him by one part of it. */
static float shade(const struct passerby *who)
{
    return 1 + (float)who->contrast * (who->seed & 1 ? 1 : -1);
}

/* ---- filmed ---- */

static void who_draw(struct watch *w, const struct passerby *who, double into_s)
{
    const struct plane_f *room = footage_world(w->footage);
    struct cutout *c = &w->who;
    eye_must(
        passerby_draw(who, into_s, w->shown.width_px, w->shown.height_px, c),
        "a figure");
    for (int i = 0; i < c->width * c->height; i++) {
        int x = c->left + i % c->width, y = c->top + i / c->width;
        c->level[i] = plane_f_row(room, y)[x] * shade(who);
    }
}

static bool camera_sees(uint64_t room, struct passerby *who)
{
    static struct watch w;
    eye_begin(&w, room, NULL);
    *who = who_comes(&w);
    eye_pass(&w, BEGINS_S);
    eye_forget(&w);
    int frames = (int)((lasts_s(who, w.shown.width_px) + LATE_S) * w.fps);
    for (int i = 0; i < frames; i++) {
        who_draw(&w, who, (double)i / w.fps);
        eye_frame(&w, &w.who);
    }
    bool is_seen = w.heard.begins[DETECT_PERSON] > 0;
    eye_end(&w);
    return is_seen;
}

static void room_film(uint64_t room, double seconds)
{
    static struct watch w;
    eye_begin(&w, room, NULL);
    eye_pass(&w, seconds);
    eye_end(&w);
}

/* ---- put in ---- */

struct drill {
    const struct passerby *who;
    double lasts_s;
    struct plate plate;
    struct cutout cutout;
    struct matte matte;
    struct encoder *encoder;
    struct looker *looker;
    int width_px, height_px;
    int early, told;
};

static enum sting_status looked(void *context, int64_t at_us,
                                const struct detect_look *look)
{
    struct drill *d = context;
    for (int i = 0; i < look->events; i++) {
        const struct detect_event *e = &look->event[i];
        bool is_person = e->begins && e->kind == DETECT_PERSON;
        d->early += is_person && (double)at_us / 1e6 < BEGINS_S;
        d->told += is_person && (double)at_us / 1e6 >= BEGINS_S;
    }
    return STING_OK;
}

static enum sting_status packet_look(void *context,
                                     const struct encode_packet *given)
{
    struct drill *d = context;
    struct packet packet STING_AUTO(packet_release) = {0};
    if (!d->looker) {
        struct stream stream STING_AUTO(stream_release) = {0};
        struct looker_settings none = {.zones = 0};
        eye_must(
            stream_of_h264(d->width_px, d->height_px, given->data, &stream),
            "stream");
        eye_must(looker_new(&stream, &none, looked, d, &d->looker, NULL),
                 "looker");
    }
    eye_must(packet_new(given->data, given->pts_us, given->key, &packet),
             "packet");
    return looker_add(d->looker, &packet);
}

static void matte_fill(struct drill *d, double into_s)
{
    const struct passerby *who = d->who;
    const struct plane_f *room = &d->plate.mean[0];
    struct cutout *c = &d->cutout;
    eye_must(passerby_draw(who, into_s, d->width_px, d->height_px, c),
             "a figure");
    eye_must(matte_begin(&d->matte, c->left, c->top, c->width, c->height),
             "matte");
    for (int i = 0; i < c->width * c->height; i++) {
        int x = c->left + i % c->width, y = c->top + i / c->width;
        d->matte.pixel[i] = (struct matte_pixel){
            c->cover[i], plane_f_row(room, y)[x] * shade(who), {0, 0}};
    }
}

static enum sting_status frame_put(void *context, struct video_frame *frame)
{
    struct drill *d = context;
    double into_s = (double)frame->pts_us / 1e6 - BEGINS_S;
    if (!d->plate.mean[0].data) {
        eye_must(plate_begin(&d->plate, frame), "plate");
    }
    plate_take(&d->plate, frame);
    if (into_s >= 0 && into_s < d->lasts_s) {
        matte_fill(d, into_s);
        plate_put(&d->plate, &d->matte, 1, frame);
    }
    return encoder_frame(d->encoder, frame);
}

static bool drill_sees(const char *film, const struct passerby *who,
                       struct likeness *likeness)
{
    struct likeness_sample sample = {.frames = 0};
    struct fault fault = {"", ""};
    struct reel reel;
    int input = open(film, O_RDONLY);
    eye_must(reel_survey(input, &reel, &sample, &fault), fault.why);
    struct encode_settings encode = {.width_px = reel.width_px,
                                     .height_px = reel.height_px,
                                     .frames_per_s = reel.frames_per_s,
                                     .gop_frames = reel.gop_frames};
    eye_must(likeness_find(&sample, &encode, likeness, &fault), fault.why);
    likeness_release(&sample);
    encode.crf = likeness->crf;
    struct drill d = {.who = who,
                      .lasts_s = lasts_s(who, reel.width_px),
                      .width_px = reel.width_px,
                      .height_px = reel.height_px};
    eye_must(encoder_new(&encode, packet_look, &d, &d.encoder, &fault),
             fault.why);
    eye_must(reel_play(input, frame_put, &d, &fault), fault.why);
    close(input);
    bool is_seen = d.told > 0;
    plate_release(&d.plate);
    cutout_release(&d.cutout);
    matte_release(&d.matte);
    encoder_free(&d.encoder);
    looker_free(&d.looker);
    return is_seen;
}

#define MOST_OPTIONS 16

int main(int argc, char **argv)
{
    char out[512];
    char codec[] = "codec=1";
    char *option[MOST_OPTIONS + 1];
    int options = argc - 4;
    eye_must(argc < 4 || options >= MOST_OPTIONS, "FIRST_ROOM ROOMS FILM.mp4");
    for (int i = 0; i < options; i++) {
        option[i] = argv[4 + i];
    }
    snprintf(out, sizeof out, "out=%s", argv[3]);
    uint64_t room = strtoull(argv[1], NULL, 10);
    for (long i = strtol(argv[2], NULL, 10); i > 0; i--, room++) {
        struct passerby who;
        struct likeness likeness = {0};
        option[options] = codec;
        eye_options(options + 1, option);
        int width = (int)eye_number("width", 1280);
        int height = width * 9 / 16;
        bool filmed = camera_sees(room, &who);
        option[options] = out;
        eye_options(options + 1, option);
        room_film(room, BEGINS_S + lasts_s(&who, width) + LATE_S);
        bool put = drill_sees(argv[3], &who, &likeness);
        printf("{\"seed\":%llu,\"tall\":%.3f,\"contrast\":%.4f,\"filmed\":%d,"
               "\"put\":%d,\"noise_kept\":%.3f}\n",
               (unsigned long long)room, who.height_px / height, who.contrast,
               filmed, put, likeness.noise_kept);
        fflush(stdout);
    }
    return 0;
}
