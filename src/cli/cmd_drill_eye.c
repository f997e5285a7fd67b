/* sting drill OP --eye: can a person tell a copy from its original? */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/interval.h"
#include "base/json.h"
#include "cli/cmd_drill.h"
#include "drill/eye.h"
#include "ledger/line.h"

static const size_t most_answer_bytes = 1U << 20;
static const double picture_dpi = 150;

struct job {
    struct operation *operation; /* owned */
    struct operation_keys keys;
};

static void job_release(struct job *job)
{
    operation_keys_wipe(&job->keys);
    operation_close(&job->operation);
}

static enum sting_status job_open(const struct drill_options *options,
                                  struct job *job, struct fault *fault)
{
    operation_guard_memory();
    const struct access access =
        access_of(&options->access, "drill --eye", NULL);
    enum sting_status status =
        operation_open(options->operation, &job->operation, fault);
    return status ? status
                  : access_open(job->operation,
                                OPERATION_IDENTITY | OPERATION_MARK, &access,
                                &job->keys, fault);
}

static enum sting_status page_write(const struct drill_options *options,
                                    const struct job *job, struct fault *fault)
{
    struct buffer page STING_AUTO(buffer_release) = {0};
    struct eye_order order = {.operation = job->operation,
                              .keys = &job->keys,
                              .bait = options->bait,
                              .pairs = (uint32_t)options->pairs,
                              .dpi = picture_dpi};
    random_fill(operation_random(job->operation), order.session,
                sizeof order.session);
    enum sting_status status = eye_page(&order, &page, fault);
    return status ? status
                  : file_write(AT_FDCWD, options->eye, buffer_bytes(&page),
                               0600, fault);
}

int drill_eye(const struct drill_options *options)
{
    struct job job STING_AUTO(job_release) = {0};
    struct fault fault = {0};
    enum sting_status status = job_open(options, &job, &fault);
    if (status) {
        return command_failed(status, options->operation, &fault);
    }
    if (page_write(options, &job, &fault)) {
        return command_fail(EXIT_FAILED, options->operation, &fault);
    }
    if (!options->json) {
        printf("%s: open it in a browser, answer all %" PRId64
               " pairs, save the answers; then\n"
               "sting drill %s --eye-score answers.json\n",
               options->eye, options->pairs, options->operation);
    }
    return EXIT_DONE;
}

/* The dossier counts every drill, also those that hurt. */
static enum sting_status score_record(const struct job *job,
                                      const struct eye_score *score,
                                      struct fault *fault)
{
    char hits[16];
    char trials[16];
    char session[24];
    snprintf(hits, sizeof hits, "%" PRIu32, score->hits);
    snprintf(trials, sizeof trials, "%" PRIu32, score->trials);
    snprintf(session, sizeof session, "%" PRIu64, score->session);
    const struct line_field field[] = {
        {"type", "eye"}, {"trials", trials}, {"hits", hits}, {"seed", session}};
    return writer_note(job->operation, clock_now, "drill", field, 4, fault);
}

static void score_tell(const struct drill_options *options,
                       const struct eye_score *score)
{
    struct interval interval = interval_of(score->hits, score->trials, 0.95);
    if (!options->json) {
        printf("copies told from originals: %" PRIu32 " of %" PRIu32
               " (95 %% interval %.1f to %.1f %%; guessing gives 50 %%)\n",
               score->hits, score->trials, 100 * interval.low,
               100 * interval.high);
        return;
    }
    struct buffer line STING_AUTO(buffer_release) = {0};
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_text(json, "type", "eye");
    json_add_integer(json, "hits", score->hits);
    json_add_integer(json, "trials", score->trials);
    json_add_number(json, "low", interval.low);
    json_add_number(json, "high", interval.high);
    if (!json_line(json, &line)) {
        fputs(buffer_text(&line), stdout);
    }
}

int drill_eye_score(const struct drill_options *options)
{
    struct job job STING_AUTO(job_release) = {0};
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct eye_score score;
    struct fault fault = {0};
    enum sting_status status = file_read(AT_FDCWD, options->eye_score,
                                         most_answer_bytes, &file, &fault);
    if (status) {
        return command_fail(EXIT_FAILED, options->eye_score, &fault);
    }
    status = job_open(options, &job, &fault);
    if (status) {
        return command_failed(status, options->operation, &fault);
    }
    if (eye_answers(&job.keys.mark, buffer_bytes(&file), &score, &fault)) {
        return command_fail(EXIT_FAILED, options->eye_score, &fault);
    }
    if (score_record(&job, &score, &fault)) {
        return command_fail(EXIT_FAILED, options->operation, &fault);
    }
    score_tell(options, &score);
    return EXIT_DONE;
}
