/*
 * tamper_trial: a made camera, and everything that can be done to it, each from
 * the same moment on; a JSON line each, for tamper.py.
 *
 * Usage: tamper_trial acts|innocents ROOM LIGHT NOISE GOP_S [NAME]
 *        tamper_trial quiet|hours ROOM LIGHT NOISE GOP_S HOURS [name=value ...]
 * NAME: this one alone. The camera is left alone for 68 s first,
 * of which the last 40 s are taped; then comes what is done, a part of a
 * keyframe interval later that the room says. Each is a process of its own.
 * quiet: nothing happens; hours: the same without H.264. Beside it agc,
 * flicker, smooth, insects, rain, clock, as of footage.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "footage_room.h"
#include "tamper_acts.h"

#define LEARN_S 28

static struct tamper_tape tape;

static void pass(struct tamper_camera *c, int64_t frames)
{
    for (int64_t i = 0; i < frames; i++) {
        tamper_camera_live(c, NULL);
    }
}

/* All is well, until the moment. */
static void lead(struct tamper_camera *c)
{
    pass(c, (int64_t)LEARN_S * TAMPER_FPS / c->gop * c->gop);
    c->tape = &tape;
    pass(c, TAMPER_TAPE_FRAMES);
    c->tape = NULL;
    int late = (int)((double)c->gop * part_of(c->room, 8001));
    pass(c, late + c->gop - TAMPER_TAPE_FRAMES % c->gop);
}

static void act_play(struct tamper_camera *c, const struct tamper_act *act)
{
    int before = c->tampers;
    double from_s = tamper_camera_now_s(c);
    c->tampers = 0;
    act->play(c, &tape);
    printf("{\"kind\":\"%s\",\"before\":%d,\"tampers\":%d,\"late_s\":%.1f,"
           "\"cause\":%d}\n",
           act->name, before, c->tampers, c->tampers ? c->told_s - from_s : -1,
           c->tampers ? c->cause : 0);
    fflush(stdout);
}

/* In a process of its own, so that all begin alike. */
static void act_try(struct tamper_camera *c, const struct tamper_act *act)
{
    pid_t child = fork();
    tamper_must(child >= 0, "fork");
    if (child == 0) {
        act_play(c, act);
        _exit(0);
    }
    int how = 0;
    tamper_must(waitpid(child, &how, 0) == child && how == 0, act->name);
}

static void acts_try(struct tamper_camera *c, const struct tamper_act *act,
                     const char *name)
{
    lead(c);
    for (; act->name; act++) {
        if (!name || !strcmp(name, act->name)) {
            act_try(c, act);
        }
    }
}

static void quiet(struct tamper_camera *c, double hours, bool is_straight)
{
    for (int64_t i = 0; i < (int64_t)(hours * 3600 * TAMPER_FPS); i++) {
        if (is_straight) {
            tamper_camera_straight(c);
        } else {
            tamper_camera_live(c, NULL);
        }
    }
    printf("{\"kind\":\"quiet\",\"hours\":%.2f,\"tampers\":%d,\"late_s\":%.1f,"
           "\"cause\":%d}\n",
           hours, c->tampers, c->tampers ? c->told_s : -1,
           c->tampers ? c->cause : 0);
}

/* name=value among the words; else 0. */
static double number(int words, char **word, const char *name)
{
    size_t length = strlen(name);
    for (int i = 0; i < words; i++) {
        if (!strncmp(word[i], name, length) && word[i][length] == '=') {
            return strtod(word[i] + length + 1, NULL);
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    static struct tamper_camera camera;
    tamper_must(argc >= 6, "KIND ROOM LIGHT NOISE GOP_S [NAME|HOURS]");
    const struct tamper_camera_settings settings = {
        .room = strtoull(argv[2], NULL, 10),
        .light = strtod(argv[3], NULL),
        .noise = strtod(argv[4], NULL),
        .gop_s = strtod(argv[5], NULL),
        .agc = number(argc, argv, "agc"),
        .flicker = number(argc, argv, "flicker"),
        .smooth = number(argc, argv, "smooth"),
        .insects = number(argc, argv, "insects") > 0,
        .rain = number(argc, argv, "rain") > 0,
        .clock = number(argc, argv, "clock") > 0};
    const char *more = argc > 6 ? argv[6] : NULL;
    tamper_camera_begin(&camera, &settings);
    bool is_straight = !strcmp(argv[1], "hours");
    if (is_straight || !strcmp(argv[1], "quiet")) {
        quiet(&camera, more ? strtod(more, NULL) : 1, is_straight);
    } else {
        bool is_act = !strcmp(argv[1], "acts");
        acts_try(&camera, is_act ? tamper_acts : tamper_innocents, more);
    }
    tamper_camera_end(&camera);
    tamper_tape_release(&tape);
    return 0;
}
