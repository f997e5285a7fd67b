/* sting drill OP --footage CLIP: intruders put into the user's own pictures. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/clip_settings.h"
#include "cli/cmd_drill.h"
#include "cli/drill_rate.h"
#include "cli/footage_clip.h"
#include "cli/footage_rates.h"
#include "cli/time_left.h"
#include "drill/rehearsal_worker.h"
#include "ledger/line.h"
#include "operation/operation.h"
#include "operation/writer.h"

#define USUAL_INTRUDERS 60
#define MOST_SILENT_MS 600000
#define NOISE_LOST 0.85 /* less than this is told */

struct job {
    const struct drill_options *options;
    struct operation *operation; /* owned */
    struct footage_clip clip, people;
    struct footage_rates rates;
    struct worker worker[INTRUDER_VALUES];      /* one a light */
    struct wire_reader reader[INTRUDER_VALUES]; /* of what each says */
    uint32_t wanted[INTRUDER_VALUES], got[INTRUDER_VALUES]; /* of each */
    bool has_footage;
    struct rehearsal_footage footage;
    struct rehearsal_sum control[INTRUDER_VALUES]; /* of each light */
    int64_t begun_us;
};

static void job_release(struct job *job)
{
    for (int i = 0; i < INTRUDER_VALUES; i++) {
        worker_stop(&job->worker[i], 0);
        buffer_release(&job->reader[i].payload);
    }
    footage_rates_release(&job->rates);
    footage_clip_release(&job->clip);
    footage_clip_release(&job->people);
    operation_close(&job->operation);
}

static int64_t intruders_of(const struct job *job)
{
    int64_t asked = job->options->intruders;
    return asked > 0 ? asked : USUAL_INTRUDERS;
}

/* ---- how the footage is ---- */

/* Where nobody was put in; in the light as filmed. */
static enum sting_status control_words(const struct job *job,
                                       struct buffer *out)
{
    const struct rehearsal_sum *control = job->control;
    uint32_t weaker = control[1].false_alarms + control[2].false_alarms;
    double minutes = (double)control[0].quiet_us / 6e7;
    enum sting_status status =
        control[0].false_alarms == 0
            ? buffer_printf(out,
                            "control: in %.1f min of it with nobody put in, "
                            "nobody was told of%s\n",
                            minutes,
                            job->options->footage
                                ? ""
                                : ", as when it was chosen for that")
            : buffer_printf(out,
                            "CONTROL: THIS FOOTAGE IS NOT QUIET: in %.1f min "
                            "of it with nobody put in,\nsomebody was told of "
                            "%" PRIu32 " times. Nobody was put in at those "
                            "times.\n",
                            minutes, control[0].false_alarms);
    return status || weaker == 0
               ? status
               : buffer_printf(out,
                               "control: in a half and a quarter of its light, "
                               "somebody was told of %" PRIu32 " times\n",
                               weaker);
}

static enum sting_status noise_words(const struct job *job, struct buffer *out)
{
    return job->footage.noise_kept < NOISE_LOST
               ? buffer_printf(out,
                               "  Coded anew it keeps %.0f %% of its noise: "
                               "people are easier to see\n  in it than in the "
                               "camera's own pictures.\n",
                               100 * job->footage.noise_kept)
               : STING_OK;
}

/* ---- while it goes on ---- */

/* Both streams may be of one terminal. */
static void progress_clear(void)
{
    if (isatty(STDERR_FILENO)) {
        fputs("\r\033[K", stderr);
    }
}

static void progress(const struct job *job)
{
    uint32_t done = job->rates.told.trials;
    int64_t all = intruders_of(job);
    double past_s = (double)(clock_now().boot_us - job->begun_us) / 1e6;
    if (!isatty(STDERR_FILENO)) {
        return;
    }
    fprintf(stderr, "intruders %" PRIu32 " of %" PRId64, done, all);
    time_left_print(past_s, (double)done / (double)all);
}

static void footage_words(const struct job *job)
{
    const struct rehearsal_footage *f = &job->footage;
    struct buffer text STING_AUTO(buffer_release) = {0};
    printf("%s: %.1f min, %d x %d, a keyframe each %d pictures\n",
           job->clip.name, (double)f->us / 6e7, f->width_px, f->height_px,
           f->gop_frames);
    if (!noise_words(job, &text)) {
        fputs(buffer_text(&text), stdout);
    }
    (void)fflush(stdout);
}

static void footage_json(const struct job *job)
{
    const struct rehearsal_footage *f = &job->footage;
    struct json *row STING_AUTO(json_free) = json_new_object();
    char sha256[DIGEST_TEXT_SIZE];
    json_add_text(row, "type", "footage");
    json_add_text(row, "name", job->clip.name);
    json_add_text(row, "sha256", digest_text(job->clip.sha256, sha256));
    json_add_number(row, "seconds", (double)f->us / 1e6);
    json_add_integer(row, "width", f->width_px);
    json_add_integer(row, "height", f->height_px);
    json_add_integer(row, "gop_frames", f->gop_frames);
    json_add_integer(row, "crf", f->crf);
    json_add_number(row, "noise_kept", f->noise_kept);
    drill_row_print(row);
}

static void trial_json(const struct rehearsal_trial *trial)
{
    struct json *row STING_AUTO(json_free) = json_new_object();
    json_add_text(row, "type", "intruder");
    for (int i = 0; i < TRAITS; i++) {
        json_add_text(row, trait_name(i), trait_word(i, trial->who.trait[i]));
    }
    json_add_number(row, "height_px", (double)trial->who.height_px);
    json_add_number(row, "contrast", (double)trial->who.contrast[2]);
    json_add_number(row, "at_s", trial->at_s);
    json_add_bool(row, "told", trial->is_told != 0);
    if (trial->is_told) {
        json_add_number(row, "delay_s", trial->delay_s);
        json_add_number(row, "spare_s", trial->spare_s);
    } else {
        json_add_null(row, "delay_s");
        json_add_null(row, "spare_s");
    }
    drill_row_print(row);
}

/* ---- workers ---- */

static enum sting_status worker_begin(struct job *job, int light,
                                      struct bytes camera, struct fault *fault)
{
    int input STING_AUTO(fd_close) = -1;
    int people STING_AUTO(fd_close) = -1;
    int64_t all = intruders_of(job);
    int64_t mine = (all + INTRUDER_VALUES - 1 - light) / INTRUDER_VALUES;
    enum sting_status status = footage_clip_again(&job->clip, &input, fault);
    if (!status && job->people.fd >= 0) {
        status = footage_clip_again(&job->people, &people, fault);
    }
    if (status || mine == 0) {
        return status;
    }
    job->wanted[light] = (uint32_t)mine;
    const struct rehearsal_order order = {
        .input = input,
        .people = people,
        .camera = camera,
        .light = light,
        .quiet_us = operation_config(job->operation)->quiet_us,
        .trials = (uint32_t)mine,
        .seed =
            (uint64_t)job->options->seed * INTRUDER_VALUES + (uint64_t)light};
    return rehearsal_start(&order, &job->worker[light], fault);
}

static enum sting_status workers_begin(struct job *job,
                                       const struct config_camera *camera,
                                       struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        clip_settings_write(operation_config(job->operation), camera, &text);
    for (int i = 0; !status && i < INTRUDER_VALUES; i++) {
        status = worker_begin(job, i, buffer_bytes(&text), fault);
    }
    return status;
}

/* As many as were ordered, each in the light that was, and the footage first:
 * a worker that was taken over says what it likes. */
static bool is_in_order(const struct job *job, int light,
                        const struct rehearsal_message *heard)
{
    switch (heard->news) {
    case REHEARSAL_TRIAL:
        return job->has_footage && job->got[light] < job->wanted[light] &&
               heard->trial.who.trait[TRAIT_LIGHT] == light;
    case REHEARSAL_OVER:
        return job->got[light] == job->wanted[light];
    case REHEARSAL_FOOTAGE:
        return job->got[light] == 0;
    case REHEARSAL_AT:
        return true;
    }
    return false;
}

/* Take what one of them said. */
static enum sting_status heard_take(struct job *job, int light,
                                    const struct rehearsal_message *heard,
                                    struct fault *fault)
{
    enum sting_status status = STING_OK;
    if (!is_in_order(job, light, heard)) {
        return fault_set(
            fault, STING_E_FORMAT, "",
            "the worker that read the footage says what cannot be");
    }
    progress_clear();
    if (heard->news == REHEARSAL_FOOTAGE && !job->has_footage) {
        job->has_footage = true;
        job->footage = heard->footage;
        (job->options->json ? footage_json : footage_words)(job);
    } else if (heard->news == REHEARSAL_TRIAL) {
        job->got[light]++;
        status = footage_rates_take(&job->rates, &heard->trial);
        if (job->options->json) {
            trial_json(&heard->trial);
        }
    } else if (heard->news == REHEARSAL_OVER) {
        job->control[light] = heard->sum;
        worker_stop(&job->worker[light], 2000);
    }
    progress(job);
    return status;
}

/* All that one of them has said by now. */
static enum sting_status worker_hear(struct job *job, int light,
                                     struct fault *fault)
{
    enum sting_status status = STING_OK;
    while (!status && job->worker[light].channel >= 0) {
        struct rehearsal_message heard;
        status = rehearsal_hear(&job->worker[light], &job->reader[light],
                                &heard, fault);
        status = status ? status : heard_take(job, light, &heard, fault);
    }
    return status == STING_E_BUSY ? STING_OK : status;
}

/* Until one of them has said something. Gives how many run; negative: all are
 * silent. */
static int workers_wait(const struct job *job,
                        struct pollfd wait[INTRUDER_VALUES])
{
    int running = 0, ready = 0;
    for (int i = 0; i < INTRUDER_VALUES; i++) {
        wait[i] = (struct pollfd){job->worker[i].channel, POLLIN, 0};
        running += job->worker[i].channel >= 0;
    }
    if (running > 0) {
        do {
            ready = poll(wait, INTRUDER_VALUES, MOST_SILENT_MS);
        } while (ready < 0 && errno == EINTR);
    }
    return running > 0 && ready <= 0 ? -1 : running;
}

/* Until all of them are done. */
static enum sting_status workers_hear(struct job *job, struct fault *fault)
{
    enum sting_status status = STING_OK;
    int running = 1;
    while (!status && running > 0) {
        struct pollfd wait[INTRUDER_VALUES];
        running = workers_wait(job, wait);
        if (running < 0) {
            return fault_set(fault, STING_E_IO, "",
                             "the worker that reads the footage is silent");
        }
        for (int i = 0; !status && running > 0 && i < INTRUDER_VALUES; i++) {
            status = wait[i].revents ? worker_hear(job, i, fault) : STING_OK;
        }
    }
    return status;
}

/* ---- what came of it ---- */

static enum sting_status rate_line(const struct job *job, struct writer *writer,
                                   const char *type,
                                   const struct watched_rate *rate,
                                   struct bytes report, struct fault *fault)
{
    char hits[16];
    char trials[16];
    char seed[24];
    char team[24];
    char noise[24];
    char control[24];
    char alarms[16];
    char stay[FOOTAGE_STAY_SIZE];
    bool is_in_time = rate == &job->rates.in_time;
    snprintf(hits, sizeof hits, "%" PRIu32, rate->hits);
    snprintf(trials, sizeof trials, "%" PRIu32, rate->trials);
    snprintf(seed, sizeof seed, "%" PRId64, job->options->seed);
    snprintf(team, sizeof team, "%.1f", job->options->team_s);
    footage_stay_text(&job->rates.team, stay);
    snprintf(noise, sizeof noise, "%.2f", job->footage.noise_kept);
    snprintf(control, sizeof control, "%.0f",
             (double)job->control[0].quiet_us / 1e6);
    snprintf(alarms, sizeof alarms, "%" PRIu32, job->control[0].false_alarms);
    const struct line_field field[] = {{"type", type},
                                       {"trials", trials},
                                       {"hits", hits},
                                       {"seed", seed},
                                       {"team_s", is_in_time ? team : NULL},
                                       {"noise_kept", noise},
                                       {"control_s", control},
                                       {"false_alarms", alarms},
                                       {"stay_s", is_in_time ? stay : NULL}};
    return writer_sealed_line(writer, "drill", field,
                              sizeof field / sizeof *field, report, fault);
}

/* The footage by its hash, and all rates, are sealed with each line. */
static enum sting_status report_write(const struct job *job, struct buffer *out)
{
    char sha256[DIGEST_TEXT_SIZE];
    enum sting_status status = buffer_printf(
        out, "footage sha256 %s\nplayed %" PRIu32 " times with intruders\n",
        digest_text(job->clip.sha256, sha256), job->control[0].passes);
    status = status ? status : noise_words(job, out);
    status = status ? status : control_words(job, out);
    return status ? status : footage_rates_words(&job->rates, out);
}

/* A drill takes long: the configuration is read anew. */
static enum sting_status rates_record(const struct job *job,
                                      struct fault *fault)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct buffer report STING_AUTO(buffer_release) = {0};
    enum sting_status status = report_write(job, &report);
    status = status
                 ? status
                 : operation_open(job->options->operation, &operation, fault);
    status =
        status ? status : writer_open(operation, clock_now, &writer, fault);
    status = status ? status
                    : rate_line(job, writer, "footage", &job->rates.told,
                                buffer_bytes(&report), fault);
    if (!status && job->rates.in_time.trials > 0) {
        status = rate_line(job, writer, "footage-in-time", &job->rates.in_time,
                           buffer_bytes(&report), fault);
    }
    return status ? status : writer_close(&writer, fault);
}

static enum sting_status quiet_words(const struct job *job)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status = control_words(job, &text);
    if (!status) {
        fputs(buffer_text(&text), stdout);
        puts("Weaker light is foretold: as noisy as a camera is that keeps "
             "its pictures as\nbright. Figures throw no shadow; who is there "
             "does.");
    }
    return status;
}

static enum sting_status quiet_json(const struct job *job)
{
    struct json *row STING_AUTO(json_free) = json_new_object();
    json_add_text(row, "type", "footage-quiet");
    json_add_number(row, "seconds", (double)job->control[0].quiet_us / 1e6);
    json_add_integer(row, "false_alarms", job->control[0].false_alarms);
    json_add_integer(row, "false_alarms_weaker",
                     (int64_t)job->control[1].false_alarms +
                         job->control[2].false_alarms);
    json_add_integer(row, "passes", job->control[0].passes);
    drill_row_print(row);
    return STING_OK;
}

static enum sting_status rates_tell(const struct job *job)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        (job->options->json ? footage_rates_json
                            : footage_rates_words)(&job->rates, &text);
    if (!status) {
        fputs(buffer_text(&text), stdout);
        status = (job->options->json ? quiet_json : quiet_words)(job);
    }
    return status;
}

static enum sting_status job_run(struct job *job,
                                 const struct config_camera *camera,
                                 struct fault *fault)
{
    if (camera && camera->look_url[0]) {
        fprintf(stderr,
                "sting: %s: its second stream is what is looked at: "
                "give footage of that one\n",
                camera->name);
    }
    enum sting_status status = footage_clip_open(job->options, job->operation,
                                                 camera, &job->clip, fault);
    if (!status && job->options->people) {
        status = footage_clip_file(job->options->people, &job->people, fault);
    }
    job->begun_us = clock_now().boot_us;
    status = status ? status : workers_begin(job, camera, fault);
    status = status ? status : workers_hear(job, fault);
    progress_clear();
    status = status ? status : footage_clip_same(&job->clip, fault);
    status = status ? status : rates_tell(job);
    return status ? status : rates_record(job, fault);
}

/* What was asked that cannot be, or NULL. */
static const char *what_is_wrong(const struct drill_options *options)
{
    bool has_stretch = options->from_us || options->to_us;
    if (!options->footage &&
        (!options->at || options->to_us <= options->from_us)) {
        return "what was recorded needs --at CAMERA, --from and --to";
    }
    return options->footage && has_stretch ? "--footage, or --from and --to"
           : options->intruders == 0 || options->intruders > FOOTAGE_RATES_MOST
               ? "so many intruders cannot come in"
               : NULL;
}

/* The camera whose zones they are; -1: there is none. Fails: E_ARG. */
static enum sting_status camera_choose(const struct job *job, int *at,
                                       struct fault *fault)
{
    const struct config *config = operation_config(job->operation);
    const char *name = job->options->at;
    *at = name                   ? config_camera_find(config, name)
          : config->cameras == 1 ? 0
                                 : -1;
    if (name && *at < 0) {
        return fault_set(fault, STING_E_ARG, "see operation.yaml",
                         "there is no such camera");
    }
    return !name && config->cameras > 1
               ? fault_set(fault, STING_E_ARG, "give --at CAMERA",
                           "there are several cameras")
               : STING_OK;
}

int drill_footage(const struct drill_options *options)
{
    struct job job STING_AUTO(job_release) = {
        .options = options,
        .rates.team = {options->team_s, options->stay_s},
        .clip = FOOTAGE_CLIP_NONE,
        .people = FOOTAGE_CLIP_NONE,
        .worker = {WORKER_NONE, WORKER_NONE, WORKER_NONE}};
    struct fault fault = {0};
    const char *wrong = what_is_wrong(options);
    int at = -1;
    if (wrong) {
        return drill_usage_fail(wrong);
    }
    enum sting_status status =
        operation_open(options->operation, &job.operation, &fault);
    if (status) {
        return command_failed(status, options->operation, &fault);
    }
    if (camera_choose(&job, &at, &fault)) {
        return command_fail(EXIT_USAGE, options->at ? options->at : "drill",
                            &fault);
    }
    const struct config *config = operation_config(job.operation);
    operation_guard_memory();
    status = job_run(&job, at >= 0 ? &config->camera[at] : NULL, &fault);
    return status
               ? command_failed(
                     status, options->footage ? options->footage : options->at,
                     &fault)
               : EXIT_DONE;
}
