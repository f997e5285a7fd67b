/*
 * watch_trial: the detector before made footage, one room after another.
 * Prints one JSON object a line: a visit, a change of light, an hour of quiet.
 *
 * Usage: watch_trial visits|quiet|light|flicker|reach|ideal|film [name=value
 * ...] room=N, rooms=N, pair=1, lit=1, still=0|1, clip=FILE, person=1..6 (else
 * a figure), light, noise, white, drift, agc, flicker, smooth, insects, rain,
 * clock, gop=S, fps=N, hours=H, width=PX, codec=1, crf=N, out=FILE
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "footage_room.h"
#include "watch_eye.h"
#include "watch_sight.h"

/* ---- visits ---- */

struct visit {
    uint64_t seed;
    const struct extras *extras; /* NULL: a figure */
    struct passerby figure;
    struct extras_place place;
    double lasts_s, height_px;
    bool is_pair; /* two figures, who stand apart */
    struct passerby second;
};

static double between(uint64_t seed, uint64_t n, double low, double high)
{
    return low + (high - low) * part_of(seed, n);
}

static void figure_choose(const struct watch *w, struct visit *v)
{
    int width = w->shown.width_px, height = w->shown.height_px;
    uint64_t s = v->seed;
    double size = 0.12 * pow(6, part_of(s, 1)); /* 0.12 to 0.72 of the height */
    v->figure = (struct passerby){
        .seed = s,
        .height_px = eye_number("size", size) * height,
        .speed = between(s, 2, 0.35, 0.95),
        .stay_s = between(s, 3, 3, 9),
        .from_left = mix(s, 4) & 1,
        .contrast = eye_number("contrast", between(s, 5, 0.18, 0.6)),
        .aim_px = width * between(s, 6, 0.25, 0.75),
    };
    v->figure.foot_px =
        height * between(s, 7, 0.55, 0.95) + 0.2 * v->figure.height_px;
    double top = v->figure.foot_px - v->figure.height_px;
    v->figure.behind =
        footage_level(w->footage, 0, (int)top, width, (int)v->figure.height_px);
    passerby_dress(&v->figure);
    v->height_px = v->figure.height_px;
    v->lasts_s = passerby_lasts_s(&v->figure, width);
    v->lasts_s = v->lasts_s < 40 ? v->lasts_s : 40;
}

/* Somebody else, about as large, who comes from the other side and stands at
 * least a quarter of the picture away. */
static void second_choose(const struct watch *w, struct visit *v)
{
    int width = w->shown.width_px;
    double aim = v->figure.aim_px / width;
    v->is_pair = true;
    v->second = v->figure;
    v->second.seed = v->seed + 1;
    v->second.height_px *= between(v->seed, 20, 0.8, 1.25);
    v->second.from_left = !v->figure.from_left;
    v->figure.stay_s += 4;
    v->second.stay_s = v->figure.stay_s;
    v->second.aim_px =
        width * (aim < 0.5 ? aim + between(v->seed, 21, 0.25, 0.45)
                           : aim - between(v->seed, 21, 0.25, 0.45));
    v->second.contrast = between(v->seed, 22, 0.18, 0.6);
    passerby_dress(&v->second);
}

static void extra_choose(const struct watch *w, struct visit *v)
{
    int width = w->shown.width_px, height = w->shown.height_px;
    double most = (double)width / 768;
    v->place.scale = most * 0.3 * pow(3.3, part_of(v->seed, 1));
    v->place.mirrored = mix(v->seed, 2) & 1;
    bool left = mix(v->seed, 3) & 1;
    v->place.left_px = left ? 0 : width - 768 * v->place.scale;
    v->place.foot_px = height * between(v->seed, 4, 0.9, 1.05);
    v->lasts_s = extras_lasts_s(v->extras);
    v->height_px = 300 * v->place.scale;
}

static void pair_draw(struct watch *w, const struct visit *v, double into_s)
{
    static struct cutout one, two;
    int width = w->shown.width_px, height = w->shown.height_px;
    eye_must(passerby_draw(&v->figure, into_s, width, height, &one), "one");
    eye_must(passerby_draw(&v->second, into_s, width, height, &two), "another");
    eye_must(cutout_join(&one, &two, &w->who), "two");
}

static void visit_draw(struct watch *w, const struct visit *v, double into_s)
{
    int width = w->shown.width_px, height = w->shown.height_px;
    if (v->is_pair) {
        pair_draw(w, v, into_s);
    } else if (v->extras) {
        eye_must(
            extras_draw(v->extras, &v->place, into_s, width, height, &w->who),
            "somebody of the clip");
    } else {
        eye_must(passerby_draw(&v->figure, into_s, width, height, &w->who),
                 "a figure");
    }
}

#define VISIBLE 20.0 /* what chance shows somewhere in some ten minutes */

/* Somebody is in view from the first frame with a fifth of a figure. */
static bool is_in_view(const struct watch *w, const struct visit *v)
{
    double sum = 0;
    for (int i = 0; i < w->who.width * w->who.height; i++) {
        sum += (double)w->who.cover[i];
    }
    return sum > 0.03 * v->height_px * v->height_px;
}

/* The picture just looked at, for eyes: FOLDER/room-visit.pgm. */
static void picture_keep(const struct watch *w, uint64_t number_of)
{
    char path[512];
    const char *folder = eye_word("pictures", NULL);
    if (!folder) {
        return;
    }
    snprintf(path, sizeof path, "%s/%llu-%llu.pgm", folder,
             (unsigned long long)w->seed, (unsigned long long)number_of);
    FILE *file = fopen(path, "wb");
    if (!file) {
        return;
    }
    fprintf(file, "P5 %d %d 255\n", w->shown.width_px, w->shown.height_px);
    for (int y = 0; y < w->shown.height_px; y++) {
        fwrite(plane_row(&w->shown, y), 1, (size_t)w->shown.width_px, file);
    }
    fclose(file);
}

static void visit_choose(const struct watch *w, struct visit *v)
{
    if (v->extras) {
        extra_choose(w, v);
    } else {
        figure_choose(w, v);
    }
    if (!v->extras && eye_number("pair", 0) > 0) {
        second_choose(w, v);
    }
}

/* When somebody of the visit was in view, and seen, first; -1: never. */
struct visit_times {
    double begin_s, visible_s;
};

static struct visit_times frames_play(struct watch *w, const struct visit *v,
                                      uint64_t number_of)
{
    struct visit_times t = {-1, -1};
    int frames = (int)(v->lasts_s * w->fps);
    for (int i = 0; i < frames; i++) {
        visit_draw(w, v, (double)i / w->fps);
        if (t.begin_s < 0 && is_in_view(w, v)) {
            t.begin_s = eye_now_s(w);
        }
        if (t.visible_s < 0 && t.begin_s >= 0 && w->frame % w->gop == 0 &&
            sight_evidence(w) > VISIBLE) {
            t.visible_s = eye_now_s(w);
        }
        eye_frame(w, &w->who);
        if (i == frames * 2 / 5) {
            picture_keep(w, number_of);
        }
    }
    return t;
}

static void visit_play(struct watch *w, uint64_t number_of,
                       const struct extras *extras)
{
    struct visit v = {.seed = mix(w->seed, 7000 + number_of), .extras = extras};
    visit_choose(w, &v);
    eye_pass(w, 20 + 7 * part_of(v.seed, 50));
    if (eye_number("lit", 0) > 0) {
        footage_lamp(w->footage, 1.2); /* and then comes in */
        eye_pass(w, 3 * part_of(v.seed, 51));
    }
    int early = w->heard.groups;
    if (w->present) {
        early++;
    }
    eye_forget(w);
    const struct visit_times t = frames_play(w, &v, number_of);
    double end_s = eye_now_s(w);
    bool found = w->heard.begins[DETECT_PERSON] > 0;
    double told_s = w->heard.first_s[DETECT_PERSON];
    printf("{\"visit\":%llu,\"room\":%llu,\"found\":%s,\"late_s\":%.2f,"
           "\"height\":%.3f,\"contrast\":%.2f,\"level\":%.0f,\"lasts_s\":%.1f,"
           "\"persons\":%d,\"early\":%d,\"groups\":%d,\"light\":%d,\"begin_s\":"
           "%.1f,"
           "\"visible_s\":%.1f,\"end_s\":%.1f,\"stream_s\":%.1f}\n",
           (unsigned long long)number_of, (unsigned long long)w->seed,
           found ? "true" : "false", found ? told_s - t.begin_s : -1,
           v.height_px / w->shown.height_px, v.figure.contrast, v.figure.behind,
           end_s - t.begin_s, w->heard.persons, early, w->heard.groups,
           w->heard.begins[DETECT_LIGHT], t.begin_s, t.visible_s, end_s,
           end_s + 14);
    fflush(stdout);
    eye_forget(w);
    footage_lamp(w->footage, 0);
    eye_pass(w, 14);
    w->heard.groups = 0;
}

static void visits(struct watch *w, const struct extras *extras)
{
    eye_pass(w, 21);
    eye_forget(w);
    for (uint64_t i = 0; i < (uint64_t)eye_number("visits", 6); i++) {
        visit_play(w, i, extras);
    }
}

/* ---- quiet ---- */

static void quiet(struct watch *w, const struct extras *extras)
{
    (void)extras;
    double hours = eye_number("hours", 1);
    eye_pass(w, 21);
    eye_forget(w);
    w->looks = w->looks_at_all = 0;
    w->cpu_s = 0;
    for (int h = 0; h < hours; h++) {
        eye_pass(w, 3600 * fmin(1, hours - h));
    }
    printf("{\"room\":%llu,\"hours\":%.2f,\"persons\":%d,\"groups\":%d,"
           "\"light\":%d,\"tamper\":%d,\"looks\":%ld,\"looks_at_all\":%ld,"
           "\"cpu_ms_a_look\":%.3f}\n",
           (unsigned long long)w->seed, hours, w->heard.begins[DETECT_PERSON],
           w->heard.groups, w->heard.begins[DETECT_LIGHT],
           w->heard.begins[DETECT_TAMPER], w->looks, w->looks_at_all,
           1e3 * w->cpu_s / (double)w->looks);
    fflush(stdout);
}

/* ---- light ---- */

static void lamp_on(struct watch *w)
{
    footage_lamp(w->footage, 1.2);
}
static void lamp_off(struct watch *w)
{
    footage_lamp(w->footage, 0);
}
static void flash(struct watch *w)
{
    footage_light(w->footage, 2.2);
    eye_pass(w, 0.2);
    footage_light(w->footage, 1 / 2.2);
}
static void infrared_on(struct watch *w)
{
    footage_infrared(w->footage, true);
}
static void infrared_off(struct watch *w)
{
    footage_infrared(w->footage, false);
}
static void exposure_up(struct watch *w)
{
    for (int i = 0; i < 15; i++) {
        footage_light(w->footage, 1.04);
        eye_pass(w, 0.1);
    }
}
static void exposure_down(struct watch *w)
{
    for (int i = 0; i < 15; i++) {
        footage_light(w->footage, 1 / 1.04);
        eye_pass(w, 0.1);
    }
}

static const struct {
    const char *name;
    void (*change)(struct watch *);
} change[] = {
    {"lamp on", lamp_on},
    {"exposure up", exposure_up},
    {"flash", flash},
    {"lamp off", lamp_off},
    {"infrared on", infrared_on},
    {"exposure down", exposure_down},
    {"flash", flash},
    {"infrared off", infrared_off},
};

static void change_play(struct watch *w, const char *name,
                        void (*play)(struct watch *))
{
    eye_forget(w);
    play(w);
    eye_pass(w, 20);
    printf("{\"room\":%llu,\"change\":\"%s\",\"persons\":%d,\"light\":%d,"
           "\"tamper\":%d}\n",
           (unsigned long long)w->seed, name, w->heard.begins[DETECT_PERSON],
           w->heard.begins[DETECT_LIGHT], w->heard.begins[DETECT_TAMPER]);
}

static void lights(struct watch *w, const struct extras *extras)
{
    (void)extras;
    eye_pass(w, 40);
    for (size_t i = 0; i < sizeof change / sizeof *change; i++) {
        eye_pass(w, 3 * part_of(w->seed, 900 + i));
        change_play(w, change[i].name, change[i].change);
    }
    fflush(stdout);
}

/* A tube that fails: at its own rhythm, for six seconds. */
static void flickers(struct watch *w)
{
    for (uint64_t i = 0; i < 12; i++) {
        footage_light(w->footage, 1.2);
        eye_pass(w, 0.1 + 0.4 * part_of(w->seed, 950 + 2 * i));
        footage_light(w->footage, 1 / 1.2);
        eye_pass(w, 0.1 + 0.3 * part_of(w->seed, 951 + 2 * i));
    }
}

static void flicker(struct watch *w, const struct extras *extras)
{
    (void)extras;
    eye_pass(w, 40);
    for (uint64_t i = 0; i < 3; i++) {
        eye_pass(w, 3 * part_of(w->seed, 900 + i));
        change_play(w, "flicker", flickers);
    }
    fflush(stdout);
}

static const struct {
    const char *name;
    void (*run)(struct watch *, const struct extras *);
} kind[] = {{"visits", visits}, {"film", visits},     {"quiet", quiet},
            {"light", lights},  {"flicker", flicker}, {"reach", reach},
            {"ideal", ideal}};

int main(int argc, char **argv)
{
    eye_options(argc - 2, argv + 2);
    struct extras *extras STING_AUTO(extras_free) = NULL;
    int person = (int)eye_number("person", 0);
    if (person > 0) {
        eye_must(extras_load(eye_word("clip", ""), person, &extras), "clip");
    }
    for (size_t k = 0; argc > 1 && k < sizeof kind / sizeof *kind; k++) {
        uint64_t room = (uint64_t)eye_number("room", 1);
        uint64_t rooms = (uint64_t)eye_number("rooms", 1);
        for (uint64_t r = room;
             !strcmp(argv[1], kind[k].name) && r < room + rooms; r++) {
            static struct watch watch;
            watch.zone = kind[k].run == reach ? reach_zone : NULL;
            watch.zones = watch.zone ? REACH_ZONES : 0;
            eye_begin(&watch, r, extras);
            kind[k].run(&watch, extras);
            eye_end(&watch);
        }
    }
    return 0;
}
