/* sting replay: the detector over a clip, as fast as it goes. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/clip_settings.h"
#include "cli/command.h"
#include "cli/options.h"
#include "detect/page_event.h"
#include "jail/worker.h"
#include "operation/incident.h"
#include "operation/operation.h"
#include "operation/page_touch.h"
#include "wire/wire.h"

struct replay {
    const struct config_camera *camera; /* NULL when there is none */
    struct incidents *incidents;
    struct page_touch touch;
    bool json;
    int64_t looks;
    int64_t last_us;
};

static struct moment moment_at(int64_t us)
{
    return (struct moment){us, us};
}

static double seconds(int64_t us)
{
    return (double)us * 1e-6;
}

static void incident_print_json(const struct replay *replay,
                                const struct incident *incident)
{
    struct json *line STING_AUTO(json_free) = json_new_object();
    struct buffer text STING_AUTO(buffer_release) = {0};
    if (incident->number > 0) {
        json_add_integer(line, "incident", incident->number);
    } else {
        json_add_null(line, "incident"); /* a condition */
    }
    const struct config_camera *camera = replay->camera;
    bool in_zone =
        camera && incident->zone >= 0 && (size_t)incident->zone < camera->zones;
    json_add_text(line, "camera", camera ? camera->name : NULL);
    json_add_text(line, "zone",
                  in_zone ? camera->zone[incident->zone].name : NULL);
    json_add_text(line, "kind", incident_kind_name((int)incident->kind));
    json_add_text(line, "tier", incident_tier_name((int)incident->tier));
    json_add_number(line, "start_s", seconds(incident->start.utc_us));
    json_add_number(line, "end_s", seconds(incident->end.utc_us));
    json_add_number(line, "first_look_s", seconds(incident->first_look.utc_us));
    json_add_number(line, "score", incident->score);
    if (incident->persons > 0) {
        json_add_integer(line, "persons", incident->persons);
    } else {
        json_add_null(line, "persons");
    }
    if (json_line(line, &text) == STING_OK) {
        fputs(buffer_text(&text), stdout);
    }
}

static void incident_print(const struct replay *replay,
                           const struct incident *incident)
{
    if (replay->json) {
        incident_print_json(replay, incident);
        return;
    }
    char number[16] = "-";
    if (incident->number > 0) {
        snprintf(number, sizeof number, "%u", (unsigned)incident->number);
    }
    printf("%4s  %-9s %8.2f s to %8.2f s  first look %8.2f s  score %.1f",
           number, incident_kind_name((int)incident->kind),
           seconds(incident->start.utc_us), seconds(incident->end.utc_us),
           seconds(incident->first_look.utc_us), incident->score);
    if (incident->persons > 1) {
        printf("  %d persons", incident->persons);
    }
    if (incident->kind == INCIDENT_PAGE && incident->tier != INCIDENT_TOUCH) {
        fputs("  nobody was seen", stdout);
    }
    putchar('\n');
}

static void closed_print(struct replay *replay)
{
    struct incident_event event;
    while (incidents_next(replay->incidents, &event)) {
        if (event.change == INCIDENT_CLOSED) {
            incident_print(replay, &event.incident);
        }
    }
}

static enum sting_status observe(struct replay *replay,
                                 const struct wire_head *head)
{
    const int64_t *n = head->number;
    struct observation observation = {
        .camera = 0,
        .zone = n[4] >= -1 && n[4] < CONFIG_MOST_ZONES ? (int)n[4] : -1,
        .kind = n[0] >= 0 && n[0] < INCIDENT_KINDS ? (enum incident_kind)n[0]
                                                   : INCIDENT_KINDS,
        .begins = n[1] == OBSERVATION_BEGINS,
        .is_cut = n[1] == OBSERVATION_CUT,
        .at = moment_at(n[5]),
        .looked = moment_at(replay->last_us),
        .score = (double)n[3] / 1000,
    };
    enum sting_status status =
        incidents_observe(replay->incidents, &observation);
    if (!status && observation.kind == INCIDENT_PERSON && observation.begins) {
        page_touch_join(&replay->touch, replay->incidents, 0,
                        observation.looked);
    }
    return status;
}

static void page_print(const struct replay *replay,
                       const struct page_event *event)
{
    const struct config_camera *camera = replay->camera;
    const char *state = page_event_name((int)event->kind, event->value);
    const char *zone = camera && (size_t)event->zone < camera->zones
                           ? camera->zone[event->zone].name
                           : NULL;
    if (!replay->json) {
        printf("page  %-9s %8.2f s  since %8.2f s  zone %s\n", state,
               seconds(replay->last_us), seconds(event->at_us),
               zone ? zone : "-");
        return;
    }
    struct json *line STING_AUTO(json_free) = json_new_object();
    struct buffer text STING_AUTO(buffer_release) = {0};
    json_add_text(line, "page", state);
    json_add_text(line, "camera", camera ? camera->name : NULL);
    json_add_text(line, "zone", zone);
    json_add_number(line, "at_s", seconds(replay->last_us));
    json_add_number(line, "since_s", seconds(event->at_us));
    if (event->kind == PAGE_FLASHES) {
        json_add_integer(line, "count", event->value);
    }
    if (json_line(line, &text) == STING_OK) {
        fputs(buffer_text(&text), stdout);
    }
}

static enum sting_status page_observe(struct replay *replay,
                                      const struct wire_head *head)
{
    const int64_t *n = head->number;
    if (n[0] < 0 || n[0] >= CONFIG_MOST_ZONES || n[1] < 0 ||
        n[1] >= PAGE_EVENT_KINDS) {
        return STING_E_FORMAT;
    }
    const struct page_event event = {(enum page_event_kind)n[1], (int)n[0],
                                     (int)n[2], n[5], 0};
    page_print(replay, &event);
    page_touch_take(&replay->touch, &event, replay->incidents, 0,
                    moment_at(replay->last_us));
    return STING_OK;
}

/* Take what the worker says until the clip is over. */
static enum sting_status follow(struct replay *replay, int channel,
                                struct fault *fault)
{
    struct wire_head head;
    struct buffer payload STING_AUTO(buffer_release) = {0};
    for (;;) {
        enum sting_status status = wire_receive(channel, &head, &payload);
        if (status) {
            return fault_set(fault, STING_E_FORMAT, "",
                             "the worker that read the clip has ended");
        }
        if (head.kind == WIRE_CAMERA_LOOK) {
            replay->last_us = head.number[0];
            replay->looks = head.number[3];
            incidents_tick(replay->incidents, moment_at(replay->last_us));
            incidents_persons(replay->incidents, 0, (int)head.number[4],
                              moment_at(replay->last_us));
        } else if (head.kind == WIRE_CAMERA_OBSERVATION) {
            status = observe(replay, &head);
        } else if (head.kind == WIRE_CAMERA_PAGE) {
            status = page_observe(replay, &head);
        } else if (head.kind == WIRE_CAMERA_STATE &&
                   head.number[0] == CAMERA_STATE_ENDED) {
            return STING_OK;
        } else if (head.kind == WIRE_CAMERA_STATE &&
                   head.number[0] == CAMERA_STATE_LOST) {
            return fault_set(fault, STING_E_FORMAT, "", "%.200s",
                             buffer_text(&payload));
        }
        if (status) {
            return status;
        }
        closed_print(replay);
    }
}

static double cpu_of_children(void)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

static void sum_print(const struct replay *replay)
{
    if (!replay->json) {
        printf("%lld looks at %.1f s of video in %.2f s of processor time\n",
               (long long)replay->looks, seconds(replay->last_us),
               cpu_of_children());
        return;
    }
    struct json *line STING_AUTO(json_free) = json_new_object();
    struct buffer text STING_AUTO(buffer_release) = {0};
    json_add_integer(line, "looks", replay->looks);
    json_add_number(line, "stream_s", seconds(replay->last_us));
    json_add_number(line, "cpu_s", cpu_of_children());
    if (json_line(line, &text) == STING_OK) {
        fputs(buffer_text(&text), stdout);
    }
}

static enum sting_status clip_replay(struct replay *replay, const char *clip,
                                     const struct config *config,
                                     const struct config_camera *camera,
                                     struct fault *fault)
{
    int input STING_AUTO(fd_close) = open(clip, O_RDONLY | O_CLOEXEC);
    if (input < 0) {
        return fault_errno(fault, STING_E_IO, "", "it cannot be opened");
    }
    struct buffer settings STING_AUTO(buffer_release) = {0};
    struct worker worker STING_AUTO(worker_free) = WORKER_NONE;
    struct worker_place place = {.input = input};
    enum sting_status status = clip_settings_write(config, camera, &settings);
    if (!status) {
        status = worker_start_with(WORKER_CAMERA, &place, &worker, fault);
    }
    if (!status) {
        status = wire_send(worker.channel,
                           (struct wire_head){.kind = WIRE_CAMERA_START},
                           buffer_bytes(&settings));
    }
    if (!status) {
        status = follow(replay, worker.channel, fault);
    }
    worker_stop(&worker, 2000);
    incidents_finish(replay->incidents, moment_at(replay->last_us));
    closed_print(replay);
    return status;
}

static const struct config_camera *camera_find(const struct config *config,
                                               const char *name)
{
    int at = name ? config_camera_find(config, name)
                  : (config->cameras > 0 ? 0 : -1);
    return at >= 0 ? &config->camera[at] : NULL;
}

static int replay_in(const struct operation *operation, const char *clip,
                     const char *name, bool json)
{
    struct fault fault = {0};
    const struct config *config = operation_config(operation);
    const struct config_camera *camera = camera_find(config, name);
    if (name && !camera) {
        fault_set(&fault, STING_E_ABSENT, "see operation.yaml",
                  "there is no such camera");
        return command_fail(EXIT_USAGE, name, &fault);
    }
    struct incidents *incidents STING_AUTO(incidents_free) = NULL;
    if (incidents_new(config->quiet_us, 1, &incidents)) {
        return EXIT_FAILED;
    }
    struct replay replay = {
        .camera = camera,
        .incidents = incidents,
        .json = json,
    };
    if (clip_replay(&replay, clip, config, camera, &fault)) {
        return command_fail(EXIT_FAILED, clip, &fault);
    }
    sum_print(&replay);
    return EXIT_DONE;
}

static int replay_run(int argc, char **argv)
{
    const char *camera = NULL;
    bool json = false;
    struct fault fault = {0};
    const struct option option[] = {
        {"--camera", OPTION_TEXT, &camera, 0, 0},
        {"--json", OPTION_FLAG, &json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 2,
                              .most_words = 2,
                              .usage = "sting replay OP CLIP"};
    if (options_parse(argc, argv, &options, &fault)) {
        return command_fail(EXIT_USAGE, "replay", &fault);
    }
    struct operation *operation STING_AUTO(operation_close) = NULL;
    enum sting_status status =
        operation_open(options.word[0], &operation, &fault);
    if (status) {
        return command_failed(status, options.word[0], &fault);
    }
    return replay_in(operation, options.word[1], camera, json);
}

const struct command command_replay = {
    "replay", "look through a clip as if it were a camera",
    "usage: sting replay OP CLIP [--camera C] [--json]\n\n"
    "Shows what the detector makes of a recording, as fast as it goes. Zones\n"
    "are those of camera C, or of the first camera. Nothing is recorded.\n\n"
    "  sting replay garden saturday.mp4 --camera shed\n",
    replay_run};
