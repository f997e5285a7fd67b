/* sting drill OP: both rates, with their intervals. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interval.h"
#include "base/json.h"
#include "cli/cmd_drill.h"
#include "cli/time_left.h"
#include "drill/campaign.h"
#include "ledger/line.h"

/* One rate that was measured. */
struct rate {
    const char *type; /* in the ledger */
    const char *what; /* for people */
    uint32_t hits, trials;
};

struct job {
    const struct drill_options *options;
    struct operation *operation; /* owned, NULL without OP */
    struct operation_keys keys;
    int64_t begun_us; /* monotonic */
};

static void job_release(struct job *job)
{
    operation_keys_wipe(&job->keys);
    operation_close(&job->operation);
}

static double share(uint32_t done, int64_t all)
{
    return all > 0 ? (double)done / (double)all : 1;
}

/* Both kinds are tried side by side: the slower tells how long it takes. */
static void progress(void *context, uint32_t intruders, uint32_t photographs)
{
    const struct job *job = context;
    const struct drill_options *asked = job->options;
    if (!isatty(STDERR_FILENO)) {
        return;
    }
    double past_s = (double)(clock_now().boot_us - job->begun_us) / 1e6;
    fprintf(stderr,
            "\r\033[Kintruders %" PRIu32 " of %" PRId64 ", photographs %" PRIu32
            " of %" PRId64,
            intruders, asked->intruders, photographs, asked->photographs);
    time_left_print(past_s, fmin(share(intruders, asked->intruders),
                                 share(photographs, asked->photographs)));
}

static void rate_json(const struct rate *rate, const struct campaign *campaign,
                      int64_t seed, double team_s)
{
    struct buffer line STING_AUTO(buffer_release) = {0};
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct interval interval = interval_of(rate->hits, rate->trials, 0.95);
    json_add_text(json, "type", rate->type);
    json_add_text(json, "what", rate->what);
    json_add_integer(json, "hits", rate->hits);
    json_add_integer(json, "trials", rate->trials);
    json_add_number(json, "low", interval.low);
    json_add_number(json, "high", interval.high);
    json_add_integer(json, "seed", seed);
    if (!strcmp(rate->type, "in-time")) {
        json_add_number(json, "team_s", team_s);
    } else if (!strcmp(rate->type, "intruders")) {
        json_add_number(json, "median_s", campaign->median_s);
        json_add_integer(json, "false_alarms", campaign->false_alarms);
    } else {
        json_add_integer(json, "wrong", campaign->wrong);
    }
    if (!json_line(json, &line)) {
        fputs(buffer_text(&line), stdout);
    }
}

static void rate_words(const struct rate *rate, const struct campaign *campaign,
                       double team_s)
{
    struct interval interval = interval_of(rate->hits, rate->trials, 0.95);
    printf("%s: %" PRIu32 " of %" PRIu32 " (95 %% interval %.1f to %.1f %%)",
           rate->what, rate->hits, rate->trials, 100 * interval.low,
           100 * interval.high);
    if (!strcmp(rate->type, "in-time")) {
        printf("; of a team that needs %.0f s\n", team_s);
    } else if (!strcmp(rate->type, "intruders")) {
        printf("; %.1f s after the first step, as a rule; %" PRIu32
               " alarms before anybody came\n",
               campaign->median_s, campaign->false_alarms);
    } else {
        printf("; %" PRIu32 " traced to a wrong copy\n", campaign->wrong);
    }
}

/* The dossier counts every drill, also those that hurt. A drill takes minutes:
 * the configuration, which may have changed meanwhile, is read anew. */
static enum sting_status rates_record(const struct job *job,
                                      const struct rate *rate, size_t rates,
                                      struct fault *fault)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct writer *writer STING_AUTO(writer_free) = NULL;
    enum sting_status status =
        operation_open(job->options->operation, &operation, fault);
    status =
        status ? status : writer_open(operation, clock_now, &writer, fault);
    for (size_t i = 0; !status && i < rates; i++) {
        char hits[16];
        char trials[16];
        char seed[24];
        char team[24];
        snprintf(hits, sizeof hits, "%" PRIu32, rate[i].hits);
        snprintf(trials, sizeof trials, "%" PRIu32, rate[i].trials);
        snprintf(seed, sizeof seed, "%" PRId64, job->options->seed);
        snprintf(team, sizeof team, "%.1f", job->options->team_s);
        bool is_in_time = !strcmp(rate[i].type, "in-time");
        const struct line_field field[] = {
            {"type", rate[i].type},
            {"trials", trials},
            {"hits", hits},
            {"seed", seed},
            {"team_s", is_in_time ? team : NULL}};
        status = writer_line(writer, "drill", field,
                             sizeof field / sizeof *field, NULL, fault);
    }
    return status ? status : writer_close(&writer, fault);
}

/* What was measured; gives how many. */
static size_t rates_list(const struct job *job, const struct campaign *c,
                         struct rate out[3])
{
    const struct rate all[] = {
        {"intruders", "intruders told of before they left", c->caught,
         c->intruders},
        {"in-time", "intruders met by the team before they left", c->in_time,
         job->options->team_s >= 0 ? c->intruders : 0},
        {"photographs", "photographs traced to their copy", c->traced,
         c->photographs}};
    size_t rates = 0;
    for (size_t i = 0; i < 3; i++) {
        if (all[i].trials) {
            out[rates++] = all[i];
        }
    }
    return rates;
}

static int rates_tell(const struct job *job, const struct campaign *campaign)
{
    struct fault fault = {0};
    struct rate rate[3];
    size_t rates = rates_list(job, campaign, rate);
    double team_s = job->options->team_s;
    enum sting_status status =
        job->operation ? rates_record(job, rate, rates, &fault) : STING_OK;
    if (status) {
        return command_failed(status, job->options->operation, &fault);
    }
    for (size_t i = 0; i < rates; i++) {
        if (job->options->json) {
            rate_json(&rate[i], campaign, job->options->seed, team_s);
        } else {
            rate_words(&rate[i], campaign, team_s);
        }
    }
    return EXIT_DONE;
}

static enum sting_status job_open(struct job *job, struct fault *fault)
{
    const struct drill_options *options = job->options;
    if (!options->operation) {
        return STING_OK;
    }
    enum sting_status status =
        operation_open(options->operation, &job->operation, fault);
    const struct access access = access_of(&options->access, "drill", NULL);
    return status || !options->photographs
               ? status
               : access_open(job->operation,
                             OPERATION_IDENTITY | OPERATION_MARK, &access,
                             &job->keys, fault);
}

int drill_campaign(const struct drill_options *options)
{
    struct job job STING_AUTO(job_release) = {.options = options};
    struct campaign campaign = {0};
    struct fault fault = {0};
    if (options->photographs > 0 && !options->operation) {
        return drill_usage_fail("photographs need an operation's copies");
    }
    struct setting setting;
    if (options->setting && setting_find(options->setting, &setting, &fault)) {
        return command_fail(EXIT_USAGE, options->setting, &fault);
    }
    operation_guard_memory();
    enum sting_status status = job_open(&job, &fault);
    if (status) {
        return command_failed(status, options->operation, &fault);
    }
    struct campaign_settings settings = {
        .operation = job.operation,
        .keys = &job.keys,
        .setting = options->setting,
        .intruders = (uint32_t)options->intruders,
        .team_s = options->team_s,
        .photographs = (uint32_t)options->photographs,
        .seed = (uint64_t)options->seed,
        .tell = progress,
        .context = &job};
    job.begun_us = clock_now().boot_us;
    status = campaign_run(&settings, &campaign, &fault);
    if (isatty(STDERR_FILENO)) {
        fputc('\n', stderr);
    }
    if (status) {
        return command_fail(EXIT_FAILED, "drill", &fault);
    }
    int code = rates_tell(&job, &campaign);
    return code || !job.operation ? code : drill_watched(options);
}
