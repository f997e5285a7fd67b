/* sting drill --camera: a network camera in a garage that does not exist. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/cmd_drill.h"
#include "drill/scene_camera.h"

static const size_t most_pdf_bytes = 256U << 20;
static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

static void signals_take(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static void tell_words(const char *event, double at_s)
{
    char now[CLOCK_TEXT_SIZE];
    if (!strcmp(event, "listening")) {
        printf("listening %.0f\n", at_s);
    } else if (!strcmp(event, "first-frame")) {
        printf("first-frame %s\n", clock_text(clock_now().utc_us, now));
    } else {
        printf("%s %.2f\n", event, at_s);
    }
}

static void tell_json(const char *event, double at_s)
{
    struct buffer line STING_AUTO(buffer_release) = {0};
    struct json *json STING_AUTO(json_free) = json_new_object();
    bool port = !strcmp(event, "listening");
    json_add_text(json, "event", event);
    if (port) {
        json_add_integer(json, "port", (int64_t)at_s);
    } else {
        json_add_number(json, "at_s", at_s);
    }
    json_add_time(json, "utc", clock_now().utc_us);
    if (!json_line(json, &line)) {
        fputs(buffer_text(&line), stdout);
    }
}

static void tell(void *context, const char *event, double at_s)
{
    const struct drill_options *options = context;
    if (options->json) {
        tell_json(event, at_s);
    } else {
        tell_words(event, at_s);
    }
    fflush(stdout);
}

/* Where the pages lie in the picture, in parts of its width and height. */
static void zone_tell(void *context, float (*corner)[2], int corners)
{
    const struct drill_options *options = context;
    struct buffer line STING_AUTO(buffer_release) = {0};
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct json *points STING_AUTO(json_free) = json_new_array();
    if (!options->json) {
        fputs("zone", stdout);
    }
    for (int i = 0; i < corners; i++) {
        struct json *point STING_AUTO(json_free) = json_new_array();
        json_add_number(point, NULL, (double)corner[i][0]);
        json_add_number(point, NULL, (double)corner[i][1]);
        json_add_child(points, NULL, &point);
        if (!options->json) {
            printf(" %.4f,%.4f", (double)corner[i][0], (double)corner[i][1]);
        }
    }
    json_add_text(json, "event", "zone");
    json_add_child(json, "polygon", &points);
    if (options->json && !json_line(json, &line)) {
        fputs(buffer_text(&line), stdout);
    } else {
        putchar('\n');
    }
}

int drill_camera(const struct drill_options *options)
{
    struct fault fault = {0};
    struct buffer pdf STING_AUTO(buffer_release) = {0};
    if (options->pages &&
        file_read(AT_FDCWD, options->pages, most_pdf_bytes, &pdf, &fault)) {
        return command_fail(EXIT_FAILED, options->pages, &fault);
    }
    struct drill_options told = *options;
    struct scene_camera_settings settings = {
        .listen = options->camera,
        .scene = {.seed = (uint64_t)options->seed,
                  .quiet_s = options->quiet_s,
                  .light = 1,
                  .grain = 5,
                  .pdf = buffer_bytes(&pdf)},
        .frames_per_s = 10,
        .for_s = options->for_s,
        .tell = tell,
        .zone = zone_tell,
        .context = &told,
        .stop = &stopped};
    signals_take();
    enum sting_status status = scene_camera_serve(&settings, &fault);
    int code = status == STING_E_ARG ? EXIT_USAGE : EXIT_FAILED;
    return status ? command_fail(code, options->camera, &fault) : EXIT_DONE;
}
