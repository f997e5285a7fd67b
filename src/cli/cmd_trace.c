/* sting trace: our document? which page? whose copy? */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/command.h"
#include "cli/options.h"
#include "trace/history.h"

#define MOST_PICTURE_BYTES ((size_t)256 * 1024 * 1024)
#define MOST_PICTURES 1024

static const char usage[] = "sting trace OP PICTURE...";

static const char help[] =
    "usage: sting trace OP PICTURE... [--draw DIR] [--json]\n"
    "                   [--passphrase-file F]\n"
    "\n"
    "Tells for each photograph (JPEG, PNG) whether it shows a page of this\n"
    "operation, which page, and whose copy it was taken of.\n"
    "\n"
    "  --draw DIR  write DIR/PICTURE.svg: the picture with each measured word\n"
    "              drawn in (green agrees with the copy named, red does not)\n"
    "  --json      one object a line for each finding\n"
    "\n"
    "log10_lr is the likelihood ratio for \"this picture derives from that\n"
    "copy\" against \"from another copy, the unmarked original, or nothing of\n"
    "ours\"; log10_false bounds the chance that a run such as this one names\n"
    "a copy wrongly. A copy is named at -6, -3 is a lead that names nobody.\n"
    "This is not the probability that the holder gave it away; a copy is not\n"
    "a person, and can be imitated by whoever had it.\n"
    "\n"
    "Each picture is judged by itself: two of one page add nothing to each\n"
    "other, and every one more raises what log10_false is charged.\n"
    "\n"
    "Every run is written into the ledger before it is answered; asking about\n"
    "the same picture again is counted and weakens the answer.\n"
    "Exit code: 0 a copy is named, 3 none is, 2 no picture could be read.\n"
    "\n"
    "example: sting trace garage photo.jpg --draw drawings\n";

/* What the command line asks for, and what it opened. */
struct job {
    bool json;
    const char *draw;
    const char *passphrase_file;
    struct operation *operation; /* owned, all below */
    struct operation_keys keys;
    struct picture_worker *worker;
    struct library library;
    struct trace_run run;
};

static void job_release(struct job *job)
{
    trace_run_release(&job->run);
    library_release(&job->library);
    picture_worker_free(&job->worker);
    operation_keys_wipe(&job->keys);
    operation_close(&job->operation);
}

static enum sting_status job_open(struct job *job, const char *path,
                                  struct fault *fault)
{
    enum sting_status status = operation_open(path, &job->operation, fault);
    if (!status) {
        status = operation_keys_open(job->operation,
                                     OPERATION_IDENTITY | OPERATION_MARK,
                                     job->passphrase_file, &job->keys, fault);
    }
    if (!status) {
        status = picture_worker_new(&job->worker, fault);
    }
    if (!status) {
        status = library_init(&job->library, job->operation, &job->keys,
                              job->worker, fault);
    }
    job->run.library = &job->library;
    return status;
}

static enum sting_status picture_add(struct job *job, const char *path,
                                     struct fault *fault)
{
    struct buffer file STING_AUTO(buffer_release) = {0};
    uint32_t before = 0;
    enum sting_status status =
        file_read(AT_FDCWD, path, MOST_PICTURE_BYTES, &file, fault);
    if (!status) {
        status = history_count(job->operation, digest_of(buffer_bytes(&file)),
                               &before, fault);
    }
    if (!status) {
        status = trace_run_add(&job->run, path, buffer_bytes(&file), before + 1,
                               fault);
    }
    return status;
}

/* Written before anything is shown. */
static enum sting_status run_record(struct job *job, struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    enum sting_status status =
        writer_open(job->operation, clock_now, &writer, fault);
    for (size_t i = 0; !status && i < job->run.pictures; i++) {
        status = history_write(writer, &job->run, job->run.picture[i], fault);
    }
    return status ? status : writer_close(&writer, fault);
}

static enum sting_status picture_print(const struct job *job,
                                       const struct trace_picture *picture)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < picture->findings; i++) {
        status = job->json ? trace_finding_json(&job->run, picture, i, &text)
                           : trace_finding_text(&job->run, picture, i, &text);
    }
    fputs(buffer_text(&text), stdout);
    if (picture->why[0]) {
        fprintf(stderr, "sting: %s: %s: give a JPEG or PNG photograph\n",
                picture->name, picture->why);
    }
    return status;
}

static enum sting_status picture_draw(int dir,
                                      const struct trace_picture *picture,
                                      struct fault *fault)
{
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct buffer svg STING_AUTO(buffer_release) = {0};
    struct buffer name STING_AUTO(buffer_release) = {0};
    const char *slash = strrchr(picture->name, '/');
    enum sting_status status =
        file_read(AT_FDCWD, picture->name, MOST_PICTURE_BYTES, &file, fault);
    if (!status) {
        status = trace_picture_draw(picture, buffer_bytes(&file), &svg);
    }
    if (!status) {
        status =
            buffer_printf(&name, "%s.svg", slash ? slash + 1 : picture->name);
    }
    return status ? status
                  : file_write(dir, buffer_text(&name), buffer_bytes(&svg),
                               0600, fault);
}

static enum sting_status run_draw(const struct job *job, struct fault *fault)
{
    int dir STING_AUTO(fd_close) = -1;
    enum sting_status status = folder_make(AT_FDCWD, job->draw);
    dir = open(job->draw, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (status || dir < 0) {
        return fault_errno(fault, STING_E_IO, "name a folder that can be made",
                           "the drawings have no place");
    }
    for (size_t i = 0; !status && i < job->run.pictures; i++) {
        if (job->run.picture[i]->width_px > 0) {
            status = picture_draw(dir, job->run.picture[i], fault);
        }
    }
    return status;
}

/* 0 when a copy is named; 2 when no picture could be read; else 3. */
static int exit_code(const struct trace_run *run)
{
    size_t unreadable = 0;
    for (size_t i = 0; i < run->pictures; i++) {
        for (size_t f = 0; f < run->picture[i]->findings; f++) {
            enum trace_verdict verdict = run->picture[i]->finding[f].verdict;
            if (verdict == TRACE_ATTRIBUTED) {
                return EXIT_DONE;
            }
            unreadable += verdict == TRACE_UNREADABLE;
        }
    }
    return unreadable == run->pictures ? EXIT_FAILED : EXIT_NO;
}

static int run_tell(struct job *job, struct fault *fault)
{
    enum sting_status status = trace_run_judge(&job->run);
    if (!status) {
        status = run_record(job, fault);
    }
    if (!status && job->draw) {
        status = run_draw(job, fault);
    }
    for (size_t i = 0; !status && i < job->run.pictures; i++) {
        status = picture_print(job, job->run.picture[i]);
    }
    if (status) {
        return command_fail(EXIT_FAILED, "trace", fault);
    }
    return exit_code(&job->run);
}

static int trace_run(int argc, char **argv)
{
    struct job job STING_AUTO(job_release) = {0};
    struct fault fault = {0};
    const struct option option[] = {
        {"--json", OPTION_FLAG, &job.json, 0, 0},
        {"--draw", OPTION_TEXT, &job.draw, 0, 0},
        {"--passphrase-file", OPTION_TEXT, &job.passphrase_file, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 2,
                              .most_words = MOST_PICTURES + 1,
                              .usage = usage};
    operation_guard_memory();
    if (options_parse(argc, argv, &options, &fault)) {
        return command_fail(EXIT_USAGE, "trace", &fault);
    }
    if (job_open(&job, options.word[0], &fault)) {
        return command_fail(EXIT_FAILED, options.word[0], &fault);
    }
    for (size_t i = 1; i < options.words; i++) {
        if (picture_add(&job, options.word[i], &fault)) {
            return command_fail(EXIT_FAILED, options.word[i], &fault);
        }
    }
    return run_tell(&job, &fault);
}

const struct command command_trace = {
    "trace", "whose copy does a photograph show?", help, trace_run};
