/* sting drill OP --walk: one of ours walks; was he told of, and in time? */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/cmd_drill.h"
#include "cli/drill_rate.h"
#include "ledger/line.h"
#include "ledger/reader.h"
#include "operation/operation.h"
#include "operation/writer.h"

#define LATE_US INT64_C(4000000) /* who is told of later was not told of */
#define TICK_MS 200
#define MOST_INCIDENTS 16
#define NAMES_SIZE ((size_t)MOST_INCIDENTS * 11)

struct walk {
    int64_t from_us, to_us;
    int64_t told_us;  /* an incident's line; 0: none */
    int64_t alert_us; /* the first alert of it that arrived; 0: none did */
    uint32_t incident[MOST_INCIDENTS];
    size_t incidents;
};

struct job {
    const struct drill_options *options;
    struct operation *operation;
    struct ledger_reader *reader;
    const char *place; /* where he walks */
    uint32_t open;     /* an incident there that goes on; 0 */
    struct walk walk;  /* from_us 0: nobody walks */
    struct watched_rate told, in_time;
};

static void job_release(struct job *job)
{
    ledger_reader_free(&job->reader);
    operation_close(&job->operation);
}

/* ---- the ledger, meanwhile ---- */

static bool is_there(const struct job *job, const struct line *line)
{
    const struct config *config = operation_config(job->operation);
    char name[CONFIG_NAME_SIZE];
    int at = config_camera_find(config,
                                line_text(line, "camera", name, sizeof name));
    return at >= 0 && !strcmp(config->camera[at].place, job->place);
}

static bool is(const struct line *line, const char *key, const char *value)
{
    return bytes_equal(line_raw(line, key), bytes_of_text(value));
}

static bool knows(const struct walk *walk, int64_t number)
{
    for (size_t i = 0; i < walk->incidents; i++) {
        if (walk->incident[i] == number) {
            return true;
        }
    }
    return false;
}

static void incident_take(struct job *job, const struct line *line,
                          int64_t number)
{
    struct walk *walk = &job->walk;
    bool is_over = is(line, "state", "closed");
    bool is_act = is(line, "kind", "person") || is(line, "kind", "page");
    if (!is_there(job, line)) {
        return;
    }
    job->open = is_over ? 0 : (uint32_t)number;
    if (walk->from_us == 0 || line->at.utc_us < walk->from_us || !is_act ||
        is_over || knows(walk, number) || walk->incidents == MOST_INCIDENTS) {
        return;
    }
    walk->incident[walk->incidents++] = (uint32_t)number;
    if (walk->told_us == 0) {
        walk->told_us = line->at.utc_us;
    }
}

static enum sting_status line_take(void *context, const struct line *line)
{
    struct job *job = context;
    int64_t number = 0;
    if (!strcmp(line->kind->name, "session")) {
        job->open = 0; /* what was open then is not any more */
    } else if (!strcmp(line->kind->name, "incident") &&
               !line_integer(line, "n", &number) && number > 0) {
        incident_take(job, line, number);
    } else if (!strcmp(line->kind->name, "alert") &&
               is(line, "state", "delivered") &&
               !line_integer(line, "incident", &number) &&
               knows(&job->walk, number) && job->walk.alert_us == 0) {
        job->walk.alert_us = line->at.utc_us;
    }
    return STING_OK;
}

static enum sting_status ledger_follow(struct job *job, struct fault *fault)
{
    int64_t told_us = job->walk.told_us;
    enum sting_status status =
        ledger_reader_follow(job->reader, SIZE_MAX, line_take, job);
    if (status) {
        return fault_set(fault, status, "", "the ledger cannot be read");
    }
    if (job->walk.told_us != told_us && !job->options->json) {
        printf("  told of after %.1f s, incident %" PRIu32 "\n",
               (double)(job->walk.told_us - job->walk.from_us) / 1e6,
               job->walk.incident[0]);
        (void)fflush(stdout);
    }
    return STING_OK;
}

/* ---- Enter ---- */

enum key { KEY_NONE, KEY_ENTER, KEY_END };

static enum key key_read(void)
{
    char byte = 0;
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    int ready = poll(&in, 1, TICK_MS);
    while (ready > 0) {
        ssize_t got = read(STDIN_FILENO, &byte, 1);
        if (got <= 0) {
            return KEY_END;
        }
        if (byte == '\n') {
            return KEY_ENTER;
        }
        ready = poll(&in, 1, 0);
    }
    return KEY_NONE;
}

static void prompt(const struct job *job, const char *text)
{
    if (!job->options->json) {
        printf("%s\n", text);
        (void)fflush(stdout);
    }
}

/* Follows the ledger until Enter is pressed; false at the end of input. */
static enum sting_status enter_wait(struct job *job, bool *is_end,
                                    struct fault *fault)
{
    enum sting_status status = STING_OK;
    enum key key = KEY_NONE;
    while (!status && key == KEY_NONE) {
        key = key_read();
        status = ledger_follow(job, fault);
    }
    *is_end = key == KEY_END;
    return status;
}

/* ---- a walk ---- */

static const char *incident_names(const struct walk *walk,
                                  char text[NAMES_SIZE])
{
    size_t used = 0;
    for (size_t i = 0; i < walk->incidents; i++) {
        used += (size_t)snprintf(text + used, NAMES_SIZE - used, "%s%" PRIu32,
                                 used ? "," : "", walk->incident[i]);
    }
    return used ? text : NULL;
}

static double told_s(const struct walk *walk)
{
    return (double)(walk->told_us - walk->from_us) / 1e6;
}

/* The team starts when it is alerted; without a channel, when the station's
 * own terminal says so. */
static bool is_in_time(const struct job *job)
{
    const struct walk *walk = &job->walk;
    bool has_channel = operation_config(job->operation)->alerts > 0;
    int64_t known_us = has_channel ? walk->alert_us : walk->told_us;
    return known_us &&
           (double)(walk->to_us - known_us) / 1e6 >= job->options->team_s;
}

static enum sting_status walk_line(const struct job *job, struct writer *writer,
                                   const char *type, bool hit,
                                   struct fault *fault)
{
    const struct walk *walk = &job->walk;
    char user[ACCESS_NAME_SIZE];
    char names[NAMES_SIZE];
    char from[LINE_TIME_SIZE];
    char to[LINE_TIME_SIZE];
    char told[24];
    char team[24];
    snprintf(told, sizeof told, "%.1f", told_s(walk));
    snprintf(team, sizeof team, "%.1f", job->options->team_s);
    const char *by = job->options->access.by;
    const struct line_field field[] = {
        {"type", type},
        {"trials", "1"},
        {"hits", hit ? "1" : "0"},
        {"by", by ? by : access_user(user)},
        {"team_s", job->options->team_s >= 0 ? team : NULL},
        {"from", line_time_text(walk->from_us, from)},
        {"to", line_time_text(walk->to_us, to)},
        {"incidents", incident_names(walk, names)},
        {"told_s", walk->told_us ? told : NULL}};
    return writer_line(writer, "drill", field, sizeof field / sizeof *field,
                       NULL, fault);
}

static enum sting_status walk_record(const struct job *job, struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    enum sting_status status =
        writer_open(job->operation, clock_now, &writer, fault);
    status =
        status ? status
               : walk_line(job, writer, "walk", job->walk.told_us != 0, fault);
    if (!status && job->options->team_s >= 0) {
        status = walk_line(job, writer, "walk-in-time", is_in_time(job), fault);
    }
    return status ? status : writer_close(&writer, fault);
}

static void walk_json(const struct job *job)
{
    const struct walk *walk = &job->walk;
    struct json *row STING_AUTO(json_free) = json_new_object();
    struct json *list = json_new_array();
    json_add_text(row, "type", "walk");
    json_add_time(row, "from", walk->from_us);
    json_add_time(row, "to", walk->to_us);
    if (walk->told_us) {
        json_add_number(row, "told_s", told_s(walk));
    } else {
        json_add_null(row, "told_s");
    }
    if (job->options->team_s >= 0) {
        json_add_bool(row, "in_time", is_in_time(job));
    } else {
        json_add_null(row, "in_time");
    }
    for (size_t i = 0; i < walk->incidents; i++) {
        json_add_integer(list, NULL, walk->incident[i]);
    }
    json_add_child(row, "incidents", &list);
    drill_row_print(row);
}

static void walk_words(const struct job *job)
{
    const struct walk *walk = &job->walk;
    printf("  %.1f s in there, %s", (double)(walk->to_us - walk->from_us) / 1e6,
           walk->told_us ? "told of" : "NOT TOLD OF");
    if (job->options->team_s >= 0) {
        printf("; a team that needs %.0f s %s", job->options->team_s,
               is_in_time(job) ? "would have met him"
                               : "WOULD HAVE MISSED HIM");
        if (walk->told_us && !walk->alert_us &&
            operation_config(job->operation)->alerts > 0) {
            printf(": NO ALERT ARRIVED");
        }
    }
    putchar('\n');
}

static enum sting_status walk_end(struct job *job, struct fault *fault)
{
    struct walk *walk = &job->walk;
    enum sting_status status = STING_OK;
    walk->to_us = clock_now().utc_us;
    while (!status && clock_now().utc_us < walk->to_us + LATE_US) {
        (void)poll(NULL, 0, TICK_MS);
        status = ledger_follow(job, fault);
    }
    status = status ? status : walk_record(job, fault);
    if (status) {
        return status;
    }
    job->told.trials++;
    job->told.hits += walk->told_us != 0;
    job->in_time.trials += job->options->team_s >= 0;
    job->in_time.hits += job->options->team_s >= 0 && is_in_time(job);
    if (job->options->json) {
        walk_json(job);
    } else {
        walk_words(job);
    }
    (void)fflush(stdout);
    return STING_OK;
}

/* From one Enter to the other; *is_end when there is no more input. */
static enum sting_status walk_once(struct job *job, bool *is_end,
                                   struct fault *fault)
{
    prompt(job, "Enter at the door; end of input (Ctrl-D) ends.");
    enum sting_status status = enter_wait(job, is_end, fault);
    if (status || *is_end) {
        return status;
    }
    if (job->open) {
        fprintf(stderr,
                "sting: incident %" PRIu32 " goes on there: wait until it is "
                "over\n",
                job->open);
        return STING_OK;
    }
    job->walk = (struct walk){.from_us = clock_now().utc_us};
    prompt(job, "  he walks. Enter when he is out.");
    status = enter_wait(job, is_end, fault);
    if (!status && *is_end) {
        fprintf(stderr, "sting: that walk did not end: it does not count\n");
    } else if (!status) {
        status = walk_end(job, fault);
    }
    job->walk = (struct walk){.from_us = 0};
    return status;
}

/* ---- where ---- */

static enum sting_status place_choose(struct job *job, struct fault *fault)
{
    const struct config *config = operation_config(job->operation);
    const char *at = job->options->at;
    int camera = at ? config_camera_find(config, at) : 0;
    if (camera < 0 || config->cameras == 0) {
        return fault_set(fault, STING_E_ARG, "see operation.yaml",
                         "there is no camera %s", at ? at : "");
    }
    job->place = config->camera[camera].place;
    for (size_t i = 0; !at && i < config->cameras; i++) {
        if (strcmp(config->camera[i].place, job->place) != 0) {
            return fault_set(fault, STING_E_ARG, "give --at CAMERA",
                             "there are several rooms");
        }
    }
    return STING_OK;
}

static enum sting_status job_open(struct job *job, struct fault *fault)
{
    enum sting_status status =
        operation_open(job->options->operation, &job->operation, fault);
    status = status ? status : place_choose(job, fault);
    if (!status) {
        status = writer_station_seal(job->operation, WRITER_SIGN, fault);
        if (status == STING_E_ABSENT) {
            return fault_set(fault, status, "start sting run first",
                             "no station runs that could tell of anybody");
        }
    }
    status = status ? status
                    : ledger_reader_open(operation_dir(job->operation),
                                         &job->reader, fault);
    return status ? status : ledger_follow(job, fault);
}

int drill_walk(const struct drill_options *options)
{
    struct job job STING_AUTO(job_release) = {.options = options};
    struct fault fault = {"", ""};
    bool is_end = false;
    enum sting_status status = job_open(&job, &fault);
    if (status == STING_E_ARG) {
        return command_fail(
            EXIT_USAGE, job.operation ? "drill" : options->operation, &fault);
    }
    while (!status && !is_end) {
        status = walk_once(&job, &is_end, &fault);
    }
    if (status) {
        return command_fail(EXIT_FAILED, options->operation, &fault);
    }
    drill_walks_tell(&job.told, &job.in_time, options->json);
    return EXIT_DONE;
}
