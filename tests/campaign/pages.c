/*
 * pages: one act at a table after another before page watch; what is told of
 * each as a JSON line, for pages.py.
 *
 * Usage: campaign_pages ACT FIRST_SEED TRIALS DPI LIGHT GRAIN [PDF]
 * ACT `quiet`: each trial is QUIET_S during which people pass, lean over and
 * lay hands on the page, shadows wander and lamps go on and off, and nobody
 * moves it; all between stretches of nothing, and planes are looked at as they
 * are. Single acts go through H.264 and the looker, as from a camera. Pages are
 * those of the PDF, drawn by poppler, or printed lines.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "detect/page_zones.h"
#include "detect/tamper.h"
#include "drill/paper.h"
#include "tests/campaign/page_camera.h"
#include "tests/campaign/page_sheet.h"

#define BEGIN_S 8.0

#define QUIET_S 1200.0
#define QUIET_LEAST_S 15.0 /* between acts, ... */
#define QUIET_MORE_S 60.0  /* ... and up to so much more */

#define MOST_PAGES 64

struct shelf {
    struct buffer pdf;
    int pages;
    double dpi;
    struct plane drawn[MOST_PAGES]; /* so far */
};

/* A page at about twice the picture's resolution; borrowed from the shelf. */
static const struct plane *page_get(struct shelf *shelf, uint64_t seed)
{
    bool has_pdf = shelf->pdf.size > 0;
    double dpi = shelf->dpi * 2 < 50 ? 50 : shelf->dpi * 2;
    struct fault fault = {"", ""};
    int pages = has_pdf ? shelf->pages : MOST_PAGES;
    int page =
        (int)(seed % (uint64_t)(pages < MOST_PAGES ? pages : MOST_PAGES));
    struct plane *out = &shelf->drawn[page];
    if (!out->data && has_pdf) {
        page_camera_must(
            !page_sheet_draw(buffer_bytes(&shelf->pdf), page, dpi, out, &fault),
            fault.why);
    } else if (!out->data) {
        page_camera_must(!plane_init(out, (int)(shelf->dpi * 16.6),
                                     (int)(shelf->dpi * 23.4)),
                         "memory");
        page_scene_print(out, (uint64_t)page);
    }
    return out;
}

struct session {
    struct page_scene *scene;
    bool has_camera; /* else planes are looked at as they are: */
    struct page_camera camera;
    struct detector *detector;
    struct page_zones *pages;
    struct tamper *tamper;
    double at_s;
    int told, tampers, persons;
    bool wants_all;
    double dpi;
};

static enum sting_status hear(void *context, int64_t at_us,
                              const struct detect_look *look)
{
    struct session *s = context;
    for (int i = 0; i < look->pages; i++) {
        const struct page_event *e = &look->page[i];
        printf("%s[%.1f,\"%s\"]", s->told++ ? "," : "", page_camera_s(at_us),
               page_event_name((int)e->kind, e->value));
        s->dpi = (double)e->dpi;
    }
    for (int i = 0; i < look->events; i++) {
        s->tampers +=
            look->event[i].kind == DETECT_TAMPER && look->event[i].begins;
        s->persons +=
            look->event[i].kind == DETECT_PERSON && look->event[i].begins;
    }
    s->wants_all = look->wants_all;
    return STING_OK;
}

static void session_begin(struct session *s)
{
    const struct detect_zone zone = page_camera_zone(s->scene);
    if (s->has_camera) {
        s->camera =
            (struct page_camera){.zone = zone, .hear = hear, .context = s};
        page_camera_begin(&s->camera, s->scene);
        return;
    }
    const struct plane *first = page_scene_draw(s->scene, 0);
    int width = first->width_px, height = first->height_px;
    page_camera_must(!detector_new(width, height, &zone, 1, &s->detector) &&
                         !page_zones_new(width, height, &zone, 1, &s->pages) &&
                         !tamper_new(width, height, &zone, 1, &s->tamper),
                     "memory");
}

static void session_end(struct session *s)
{
    if (s->has_camera) {
        page_camera_end(&s->camera);
    }
    detector_free(&s->detector);
    page_zones_free(&s->pages);
    tamper_free(&s->tamper);
    page_scene_free(&s->scene);
}

/* Keyframes while all is quiet, more looks when they are wanted: with a codec
 * the looker sees to that itself. */
static void session_run(struct session *s, double end_s)
{
    while (s->at_s < end_s) {
        const struct plane *picture = page_scene_draw(s->scene, s->at_s);
        if (s->has_camera) {
            page_camera_add(&s->camera, picture, s->at_s);
            s->at_s += CAMERA_FRAME_S;
            continue;
        }
        int64_t at_us = (int64_t)((s->at_s + CAMERA_AHEAD_S) * 1e6);
        struct detect_look look;
        detector_look(s->detector, picture, at_us, !s->wants_all, &look);
        tamper_look(s->tamper, picture, at_us, !s->wants_all, &look);
        page_zones_look(s->pages, picture, at_us, &look);
        page_camera_must(!hear(s, at_us, &look), "memory");
        s->at_s += s->wants_all ? CAMERA_FRAME_S : CAMERA_KEY_S;
    }
}

/* Nothing touches the page, however much goes on around it. */
static void quiet_run(struct session *s, uint64_t seed)
{
    static const enum scene_act any[] = {ACT_PASS, ACT_REST,   ACT_LEAN,
                                         ACT_LAMP, ACT_SHADOW, ACT_BESIDE};
    uint64_t chance = seed * 0x9e3779b97f4a7c15U + 99;
    int acts = 0;
    while (s->at_s < QUIET_S) {
        chance = chance * 6364136223846793005U + 1442695040888963407U;
        double more = (double)(chance >> 40) / (double)(1 << 24);
        session_run(s, s->at_s + QUIET_LEAST_S + more * QUIET_MORE_S);
        page_scene_next(s->scene, any[(chance >> 33) % 6], s->at_s + 0.1);
        session_run(s, page_scene_truth(s->scene).end_s + 1);
        acts++;
    }
    printf("],\"acts\":%d,\"quiet_s\":%.0f", acts, s->at_s);
}

static void trial(const struct page_scene_settings *settings, bool is_quiet)
{
    /* Keyframes fall anywhere beside the act. */
    struct session s = {.scene = page_scene_new(settings),
                        .at_s = (double)(settings->seed % 10) / 10 - 1,
                        .has_camera = !is_quiet};
    struct page_truth truth = page_scene_truth(s.scene);
    session_begin(&s);
    printf("{\"act\":\"%s\",\"seed\":%llu,\"away_s\":%.1f,"
           "\"settled_s\":%.1f,\"told\":[",
           is_quiet ? "quiet" : scene_act_name(settings->act),
           (unsigned long long)settings->seed, truth.away_s, truth.settled_s);
    if (is_quiet) {
        quiet_run(&s, settings->seed);
    } else {
        session_run(&s, truth.end_s + 2);
        printf("]");
    }
    printf(",\"tampers\":%d,\"persons\":%d,\"dpi\":%.1f}\n", s.tampers,
           s.persons, s.dpi);
    fflush(stdout);
    session_end(&s);
}

static enum scene_act act_of(const char *name)
{
    int act = 0;
    while (act < SCENE_ACTS &&
           strcmp(scene_act_name((enum scene_act)act), name) != 0) {
        act++;
    }
    page_camera_must(act < SCENE_ACTS, "no such act");
    return (enum scene_act)act;
}

int main(int argc, char **argv)
{
    page_camera_must(argc == 7 || argc == 8,
                     "ACT FIRST_SEED TRIALS DPI LIGHT GRAIN [PDF]");
    struct shelf shelf = {.dpi = strtod(argv[4], NULL)};
    struct fault fault = {"", ""};
    if (argc == 8) {
        page_camera_must(
            !file_read(AT_FDCWD, argv[7], (size_t)64 << 20, &shelf.pdf, &fault),
            argv[7]);
        page_camera_must(
            !paper_pages(buffer_bytes(&shelf.pdf), &shelf.pages, &fault),
            fault.why);
    }
    bool is_quiet = strcmp(argv[1], "quiet") == 0;
    uint64_t seed = strtoull(argv[2], NULL, 10);
    for (long i = strtol(argv[3], NULL, 10); i > 0; i--, seed++) {
        const struct plane *front = page_get(&shelf, seed);
        const struct plane *other = page_get(&shelf, seed + 1 + seed % 3);
        trial(&(struct page_scene_settings){.seed = seed,
                                            .dpi = shelf.dpi,
                                            .light = strtod(argv[5], NULL),
                                            .grain = strtod(argv[6], NULL),
                                            .act = is_quiet ? ACT_NONE
                                                            : act_of(argv[1]),
                                            .begin_s = BEGIN_S,
                                            .front = front,
                                            .other = other},
              is_quiet);
    }
    for (int i = 0; i < MOST_PAGES; i++) {
        plane_release(&shelf.drawn[i]);
    }
    buffer_release(&shelf.pdf);
    return 0;
}
