/* sting trace: our document? which page? whose copy? */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/access_options.h"
#include "cli/cmd_trace_text.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/time_left.h"
#include "cli/trace_files.h"
#include "cli/trace_give.h"
#include "cli/trace_waiting.h"
#include "trace/history.h"
#include "trace/question.h"
#include "trace/telling.h"

#define MOST_PICTURE_BYTES ((size_t)256 * 1024 * 1024)
#define RENEW_FILES 200 /* a worker has an hour of processor time */

static const char usage[] = "sting trace OP PICTURE...";

static const char help[] =
    "usage: sting trace OP PICTURE... [--report DIR] [--pack DIR]\n"
    "                   [--draw DIR] [--json] [--passphrase-file F]\n"
    "                   [--by WHO] [--reason TEXT]\n"
    "       sting trace OP --waiting [--report DIR] [--json]\n"
    "       sting trace --recheck PACK [--json]\n"
    "       sting trace OP --text FILE [--report DIR] [--pack DIR] [--json]\n"
    "                   [--passphrase-file F]\n"
    "\n"
    "Tells for each picture whether it shows a page of this operation, which\n"
    "page, and whose copy it was taken of. A PICTURE is\n"
    "\n"
    "  a photograph  JPEG, PNG, WebP, HEIC, AVIF, TIFF, to 128 megapixels\n"
    "  a scan        TIFF or PDF: every page is a picture\n"
    "  a video       of which up to 24 sharp and different frames are "
    "pictures\n"
    "  a folder      such as a seized memory card: every file in it, all the\n"
    "                way down; what is unreadable or no picture is listed,\n"
    "                with links, which are not followed\n"
    "\n"
    "  --report DIR    write DIR/report.html and DIR/report.pdf: what was "
    "found,\n"
    "                  how strong it is and why, what was counted, what it\n"
    "                  cannot show, for police, court and defence\n"
    "  --pack DIR      write for each copy named a file from which a third\n"
    "                  party recomputes commitment and strength, and learns\n"
    "                  nothing of other copies; with it anybody can make that\n"
    "                  one copy; of --text, what shows that its facts were\n"
    "                  planted before, with all facts of that document\n"
    "  --recheck PACK  recompute such a file; needs no operation and no key\n"
    "                  (tools/recheck.py and, of text, recheck_quote.py do "
    "the\n"
    "                  same in Python)\n"
    "  --draw DIR      write DIR/PICTURE-DIGITS.svg: the picture with each\n"
    "                  measured word drawn in (green agrees with the copy "
    "named,\n"
    "                  red does not); DIGITS of its SHA-256, as for packs\n"
    "  --text FILE     text that was typed off or read aloud, instead: whose\n"
    "                  planted facts does it quote? (sting bait declare)\n"
    "  --waiting       what was given at the console of a station (page Bait)\n"
    "                  and waits there sealed; what is found is shown there\n"
    "  --json          one object a line for each finding\n"
    "\n"
    "log10_lr is the likelihood ratio for \"this picture derives from that\n"
    "copy\" against \"from another copy, the unmarked original, or nothing of\n"
    "ours\"; log10_false bounds the chance that a run such as this one names\n"
    "a copy wrongly. A copy is named at -6, -3 is a lead that names nobody.\n"
    "This is not the probability that the holder gave it away; a copy is not\n"
    "a person, and can be imitated by whoever had it.\n"
    "\n"
    "Each picture is judged by itself; pictures of one page, and pages of one\n"
    "document, are also judged together, as lines of their own, unless they\n"
    "name different copies; what alone speaks for somebody else is left out\n"
    "and told. Where copies were mixed, each that shows itself is named.\n"
    "Without a copy it is told what a true one would have reached in\n"
    "this picture.\n"
    "\n"
    "Every run is written into the ledger before it is answered. Give all\n"
    "pictures at once: the question is the page, and asking about a page "
    "again,\n"
    "by whatever picture, is counted and weakens the answer: the k-th run on "
    "a\n"
    "page is charged k (k + 1), and log10_false rises by the logarithm of "
    "that,\n"
    "0.3, 0.8, 1.1, 1.3 ... A further quotation of a document (--text) is "
    "charged\n"
    "so too, whatever other words of it are quoted: put all that was typed "
    "off\n"
    "one document into one FILE. Hand-overs (sting bait confirm) are counted "
    "by\n"
    "themselves and weaken no trace of a page.\n"
    "DIR, each of them, lies outside OP; what stands there is never "
    "replaced.\n"
    "Exit code: 0 a copy is named, or the pack holds; 3 no copy is named, or "
    "the\n"
    "pack does not hold; 2 no picture could be read.\n"
    "\n"
    "example: sting trace garage photo.jpg --report report --pack packs\n"
    "         sting trace garage /media/card --json >card.jsonl\n";

/* What the command line asks for, and what it opened. */
struct job {
    bool json;
    struct trace_give give;
    struct access_options access;
    bool asks_waiting;
    struct trace_waiting waiting; /* owned, all below */
    struct trace_files files;
    size_t at;       /* of the files, the one that is examined */
    bool is_watched; /* progress is shown */
    struct moment start;
    struct operation *operation;
    struct operation_keys keys;
    struct picture_worker *worker;
    struct library library;
    struct trace_run run;
};

static void job_release(struct job *job)
{
    trace_waiting_release(&job->waiting);
    trace_files_release(&job->files);
    trace_run_release(&job->run);
    library_release(&job->library);
    picture_worker_free(&job->worker);
    operation_keys_wipe(&job->keys);
    operation_close(&job->operation);
}

static enum sting_status job_open(struct job *job, const char *path,
                                  struct fault *fault)
{
    const struct access access = access_of(&job->access, "trace", NULL);
    enum sting_status status = operation_open(path, &job->operation, fault);
    if (!status && job->asks_waiting && job->give.pack &&
        operation_config(job->operation)->blind) {
        status = fault_set(fault, STING_E_ARG, "trace the file itself for it",
                           "what is waiting is told at the console, where "
                           "nobody opens names alone: no --pack with it");
    }
    if (!status) {
        status = trace_give_outside(job->operation, &job->give, fault);
    }
    if (!status) {
        status = trace_give_try(&job->give, fault);
    }
    if (!status) {
        /* A pack proves a name too: of a blind operation, both are needed. */
        unsigned names = job->give.pack ? OPERATION_NAMES : 0;
        status = access_open(job->operation,
                             OPERATION_IDENTITY | OPERATION_MARK | names,
                             &access, &job->keys, fault);
    }
    if (!status) {
        status = picture_worker_new(&job->worker, fault);
    }
    if (!status) {
        status = library_init(&job->library, job->operation, &job->keys,
                              job->worker, fault);
    }
    job->run.library = &job->library;
    if (!status && job->library.unindexed > 0) {
        fprintf(stderr,
                "sting: %zu pages had no index and were looked at now; "
                "sting bait add makes one\n",
                job->library.unindexed);
    }
    return status;
}

/* One line on a terminal, written over itself: how far, and how long yet. */
static void progress_show(const struct job *job, double done)
{
    double spent = (double)(clock_now().boot_us - job->start.boot_us) / 1e6;
    double all = (double)job->files.count;
    trace_waiting_progress(&job->waiting, job->operation, job->at, done);
    if (!job->is_watched || spent < 1) {
        return;
    }
    fprintf(stderr, "\r%.0f of %.0f files", done, all);
    time_left_print(spent, done / all);
    fputs("\033[K", stderr);
}

static void progress_sheet(void *context, int sheet, int sheets)
{
    const struct job *job = context;
    progress_show(job, (double)job->at + (double)sheet / sheets);
}

static void progress_clear(const struct job *job)
{
    if (job->is_watched) {
        fputs("\r\033[K", stderr);
    }
}

/* A file that cannot be had is a finding when it was found in a folder. */
static enum sting_status unread_add(struct job *job,
                                    const struct trace_file *file,
                                    enum sting_status status,
                                    struct fault *fault)
{
    struct trace_picture about = {.name = file->path, .run = 1, .at_us = -1};
    if (!file->is_found || status == STING_E_NOMEM) {
        return status;
    }
    snprintf(about.why, sizeof about.why, "%.199s", fault->why);
    *fault = (struct fault){0};
    return trace_run_take(&job->run, &about, NULL, fault);
}

static enum sting_status file_add(struct job *job,
                                  const struct trace_file *named,
                                  struct fault *fault)
{
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct history_question question = {.before = 0};
    enum sting_status status =
        named->why ? fault_set(fault, STING_E_IO, "", "%s", named->why)
                   : file_read(AT_FDCWD, named->path, MOST_PICTURE_BYTES, &file,
                               fault);
    if (status) {
        return unread_add(job, named, status, fault);
    }
    question.digest = digest_of(buffer_bytes(&file));
    status = history_count(job->operation, &question, 1, fault);
    if (!status) {
        status = trace_run_add(&job->run, named->path, buffer_bytes(&file),
                               question.before + 1, fault);
    }
    return status;
}

static enum sting_status files_examine(struct job *job, struct fault *fault)
{
    enum sting_status status = STING_OK;
    job->start = clock_now();
    job->run.tell = progress_sheet;
    job->run.context = job;
    for (job->at = 0; !status && job->at < job->files.count; job->at++) {
        progress_show(job, (double)job->at);
        if (job->at % RENEW_FILES == RENEW_FILES - 1) {
            picture_worker_renew(job->worker);
            job->library.open = 0;
        }
        status = file_add(job, &job->files.file[job->at], fault);
        job->files.file[job->at].end = job->run.pictures;
    }
    progress_clear(job);
    return status ? status
                  : trace_waiting_name(&job->waiting, &job->files, &job->run);
}

/* Nobody asked about what lies in a folder and is no picture, or could not be
 * read. */
static bool was_asked(const struct job *job, size_t number)
{
    const struct trace_picture *picture = job->run.picture[number];
    bool is_read = !digest_equal(picture->digest, (struct digest){{0}});
    return !trace_files_found(&job->files, number) ||
           (is_read && !picture->is_foreign);
}

/* Written before anything is shown. */
static enum sting_status run_record(struct job *job, struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    enum sting_status status =
        writer_open(job->operation, clock_now, &writer, fault);
    if (!status) {
        status = question_check(job->operation, &job->run, fault);
    }
    for (size_t i = 0; !status && i < job->run.pictures;) {
        size_t sheets = history_sheets(&job->run, i);
        if (was_asked(job, i)) {
            status = history_write(writer, &job->run, i, sheets, fault);
        }
        i += sheets;
    }
    if (!status) {
        status = question_write(writer, &job->run, fault);
    }
    return status ? status : writer_close(&writer, fault);
}

static enum sting_status picture_print(const struct job *job, size_t number)
{
    const struct trace_picture *picture = job->run.picture[number];
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < picture->findings; i++) {
        status = job->json ? trace_finding_json(&job->run, picture, i, &text)
                           : trace_finding_text(&job->run, picture, i, &text);
    }
    fputs(buffer_text(&text), stdout);
    if (picture->why[0] && !trace_files_found(&job->files, number)) {
        struct fault fault = {"", ""};
        (void)fault_set(&fault, STING_E_FORMAT,
                        picture->is_foreign
                            ? "give a photograph, a scan, a video or a folder"
                        : picture->todo[0] ? picture->todo
                                           : "save it again from its source",
                        "%s", picture->why);
        (void)command_fail(EXIT_FAILED, picture->name, &fault);
    }
    return status;
}

/* What a reader must know of any answer, once. */
static void limits_print(const struct trace_run *run)
{
    size_t count[TRACE_UNREADABLE + 2] = {0};
    size_t excluded = 0;
    for (size_t i = 0; i < run->pictures; i++) {
        const struct trace_picture *picture = run->picture[i];
        excluded += trace_finding_excludes(run, &picture->finding[0]);
        count[picture->is_foreign ? TRACE_UNREADABLE + 1
                                  : (int)picture->finding[0].verdict]++;
    }
    if (run->pictures > 1) {
        printf("\n%zu pictures: %zu attributed, %zu leads, %zu of our pages "
               "but no copy of ours,\n%zu of our pages with too little to name "
               "or to exclude a copy, %zu of no page of ours,\n%zu unreadable; "
               "%zu files are no pictures.\n",
               run->pictures - count[TRACE_UNREADABLE + 1],
               count[TRACE_ATTRIBUTED], count[TRACE_LEAD], excluded,
               count[TRACE_NONE] - excluded, count[TRACE_NO_PAGE],
               count[TRACE_UNREADABLE], count[TRACE_UNREADABLE + 1]);
    }
    struct buffer apart STING_AUTO(buffer_wipe) = {0};
    for (size_t i = run->joints; i < run->joined; i++) {
        (void)!trace_apart_text(run, i, &apart);
    }
    fputs(buffer_text(&apart), stdout);
    if (trace_run_names(run)) {
        puts("\nThis is not the probability that the holder gave it away. A "
             "copy is not a person,\nand can be imitated by whoever had it.");
    }
}

/* 0 when a copy is named; 2 when no picture could be read; else 3. */
static int exit_code(const struct trace_run *run)
{
    size_t unreadable = 0;
    for (size_t i = 0; i < run->pictures; i++) {
        for (size_t f = 0; f < run->picture[i]->findings; f++) {
            unreadable +=
                run->picture[i]->finding[f].verdict == TRACE_UNREADABLE;
        }
    }
    if (trace_run_names(run)) {
        return EXIT_DONE;
    }
    return unreadable == run->pictures ? EXIT_FAILED : EXIT_NO;
}

/* What several pictures say together. */
static enum sting_status joints_print(const struct job *job)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < job->run.joints; i++) {
        status = job->json ? trace_joint_json(&job->run, i, &text)
                           : trace_joint_text(&job->run, i, &text);
    }
    fputs(buffer_text(&text), stdout);
    return status;
}

static int run_tell(struct job *job, struct fault *fault)
{
    enum sting_status status = question_count(job->operation, &job->run, fault);
    if (!status) {
        status = trace_run_judge(&job->run);
    }
    if (!status) {
        status = run_record(job, fault);
    }
    for (size_t i = 0; !status && i < job->run.pictures; i++) {
        status = picture_print(job, i);
    }
    if (!status && !job->json) {
        limits_print(&job->run);
    }
    status = status ? status : joints_print(job);
    if (!status) { /* it was asked and paid for, whatever becomes of these */
        status = trace_waiting_show(&job->waiting, job->operation, &job->files,
                                    &job->run, fault);
    }
    if (!status) {
        status = trace_give(&job->run, &job->files, &job->give, fault);
    }
    if (status) {
        return command_fail(EXIT_FAILED, "trace", fault);
    }
    return exit_code(&job->run);
}

/* The file at which the run broke off. */
static const char *fault_place(const struct job *job)
{
    return job->at > 0 ? job->files.file[job->at - 1].path : "trace";
}

/* Does it make sense together? */
static bool is_asked(const struct job *job, const struct options *options,
                     const char *recheck, struct fault *fault)
{
    bool has_files = options->words >= 2;
    if (recheck || options->words < 1 || has_files == job->asks_waiting) {
        (void)fault_set(fault, STING_E_ARG, usage,
                        recheck ? "a re-check takes a pack alone"
                        : job->asks_waiting
                            ? "--waiting takes an operation alone"
                            : "an operation and a picture are needed");
        return false;
    }
    return true;
}

/* Files and operation; 0, or an exit code. */
static int job_begin(struct job *job, const struct options *options,
                     struct fault *fault)
{
    for (size_t i = 1; i < options->words; i++) {
        if (trace_files_add(&job->files, options->word[i], fault)) {
            return command_fail(EXIT_FAILED, options->word[i], fault);
        }
    }
    if (job->files.count == 0 && !job->asks_waiting) {
        (void)fault_set(fault, STING_E_ABSENT, "", "there is no file in it");
        return command_fail(EXIT_FAILED, options->word[1], fault);
    }
    enum sting_status status = job_open(job, options->word[0], fault);
    bool is_misuse = status == STING_E_ARG;
    if (!status && job->asks_waiting) {
        status = trace_waiting_take(job->operation, &job->keys, &job->waiting,
                                    &job->files, fault);
    }
    return status ? command_fail(is_misuse ? EXIT_USAGE : EXIT_FAILED,
                                 options->word[0], fault)
                  : 0;
}

static int trace_run(int argc, char **argv)
{
    struct job job STING_AUTO(job_release) = {0};
    struct fault fault = {0};
    const char *recheck = NULL;
    const struct option option[] = {
        {"--json", OPTION_FLAG, &job.json, 0, 0},
        {"--draw", OPTION_TEXT, &job.give.draw, 0, 0},
        {"--report", OPTION_TEXT, &job.give.report, 0, 0},
        {"--pack", OPTION_TEXT, &job.give.pack, 0, 0},
        {"--recheck", OPTION_TEXT, &recheck, 0, 0},
        {"--waiting", OPTION_FLAG, &job.asks_waiting, 0, 0},
        ACCESS_PASSPHRASE(&job.access),
        ACCESS_BY(&job.access),
        ACCESS_REASON(&job.access),
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 0,
                              .most_words = TRACE_MOST_FILES + 1,
                              .usage = usage};
    if (trace_text_is_asked(argc, argv)) {
        return trace_text_run(argc, argv);
    }
    operation_guard_memory();
    if (options_parse(argc, argv, &options, &fault)) {
        return command_fail(EXIT_USAGE, "trace", &fault);
    }
    if (recheck && options.words == 0) {
        return trace_recheck(recheck, job.json);
    }
    if (!is_asked(&job, &options, recheck, &fault)) {
        return command_fail(EXIT_USAGE, "trace", &fault);
    }
    job.is_watched = isatty(2);
    int code = job_begin(&job, &options, &fault);
    if (code) {
        return code;
    }
    if (files_examine(&job, &fault)) {
        return command_fail(EXIT_FAILED, fault_place(&job), &fault);
    }
    return run_tell(&job, &fault);
}

const struct command command_trace = {
    "trace", "whose copy does a photograph show?", help, trace_run};
