#include "cli/cmd_trace_text.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/access_options.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/trace_give.h"
#include "cli/trace_names.h"
#include "trace/quote_pack.h"
#include "trace/quote_report.h"

bool trace_text_is_asked(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (!strcmp(argv[i], "--text") || !strncmp(argv[i], "--text=", 7)) {
            return true;
        }
    }
    return false;
}

static enum sting_status record(const struct operation *operation,
                                const struct quote *quote, struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    enum sting_status status =
        writer_open(operation, clock_now, &writer, fault);
    if (!status) {
        status = quote_is_next(operation, quote, fault);
    }
    if (!status) {
        status = quote_write(writer, quote, fault);
    }
    return status ? status : writer_close(&writer, fault);
}

static enum sting_status print(const struct quote *quote, bool json)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    enum sting_status status =
        json ? quote_json(quote, true, &text) : quote_words(quote, &text);
    fputs(buffer_text(&text), stdout);
    return status;
}

/* What is no text, or of another encoding, would be answered with a "no". */
static enum sting_status text_read(const char *file, struct buffer *out,
                                   struct fault *fault)
{
    enum sting_status status =
        file_read(AT_FDCWD, file, QUOTE_MOST_BYTES, out, fault);
    if (status == STING_E_LIMIT) {
        return fault_set(fault, status,
                         "give the typed text alone; a photograph or scan is "
                         "given without --text",
                         "it is larger than %zu KB", QUOTE_MOST_BYTES / 1024);
    }
    if (!status && out->size > 0 && memchr(out->data, 0, out->size)) {
        return fault_set(fault, STING_E_FORMAT, "save it as text in UTF-8",
                         "this is no plain text");
    }
    return !status && !utf8_is_all(buffer_text(out))
               ? fault_set(fault, STING_E_FORMAT, "save it as text in UTF-8",
                           "the text is in another encoding")
               : status;
}

static int exit_code(const struct quote *quote)
{
    for (size_t i = 0; i < quote->findings; i++) {
        if (quote->finding[i].verdict == TRACE_ATTRIBUTED) {
            return EXIT_DONE;
        }
    }
    return EXIT_NO;
}

/* What the command line asks for, and what it opened. */
struct job {
    const char *file;
    const char *pack, *report; /* folders, or NULL */
    bool json;
    struct access_options access;
    struct operation *operation; /* owned, all below */
    struct operation_keys keys;
    struct buffer text;
    bool is_read; /* the text */
    struct quote quote;
};

static void job_release(struct job *job)
{
    quote_release(&job->quote);
    buffer_release(&job->text);
    operation_keys_wipe(&job->keys);
    operation_close(&job->operation);
}

static enum sting_status job_open(struct job *job, const char *path,
                                  struct fault *fault)
{
    const struct access access = access_of(&job->access, "trace --text", NULL);
    /* A pack proves a name too: of a blind operation, both are needed. */
    unsigned names = job->pack ? OPERATION_NAMES : 0;
    const struct trace_give give = {.report = job->report, .pack = job->pack};
    enum sting_status status = text_read(job->file, &job->text, fault);
    job->is_read = !status;
    if (!status) {
        status = operation_open(path, &job->operation, fault);
    }
    if (!status) {
        status = trace_give_outside(job->operation, &give, fault);
    }
    if (!status) {
        status = trace_give_try(&give, fault);
    }
    return status ? status
                  : access_open(job->operation,
                                OPERATION_IDENTITY | OPERATION_MARK | names,
                                &access, &job->keys, fault);
}

/* FILE-XXXXXXXX-BAIT.recheck, the digits of the text's digest, and of further
 * runs their number: none takes another's place. */
static enum sting_status pack_give(struct job *job, size_t finding, int dir,
                                   struct fault *fault)
{
    const struct quote_finding *f = &job->quote.finding[finding];
    struct buffer pack STING_AUTO(buffer_wipe) = {0};
    struct buffer name STING_AUTO(buffer_release) = {0};
    char digest[DIGEST_TEXT_SIZE];
    enum sting_status status =
        quote_pack_make(job->operation, &job->keys, &job->quote, finding,
                        buffer_bytes(&job->text), &pack, fault);
    if (!status) {
        status = buffer_printf(&name, "%.80s-%.8s-%s", file_base(job->file),
                               digest_text(job->quote.digest, digest), f->bait);
    }
    if (!status) {
        status = trace_names_run(f->run, &name);
    }
    if (!status) {
        status = buffer_text_append(&name, ".recheck");
    }
    return status ? status
                  : trace_names_write(dir, buffer_text(&name),
                                      buffer_bytes(&pack), fault);
}

static enum sting_status packs_give(struct job *job, struct fault *fault)
{
    int dir STING_AUTO(fd_close) = -1;
    enum sting_status status =
        job->pack ? trace_give_folder(job->pack, &dir, fault) : STING_OK;
    for (size_t i = 0; job->pack && !status && i < job->quote.findings; i++) {
        if (quote_pack_is_due(&job->quote.finding[i])) {
            status = pack_give(job, i, dir, fault);
        }
    }
    return status;
}

static enum sting_status report_give(struct job *job, struct fault *fault)
{
    struct document *document STING_AUTO(document_free) = NULL;
    if (!job->report) {
        return STING_OK;
    }
    enum sting_status status = quote_report_make(
        &job->quote, buffer_bytes(&job->text), clock_now().utc_us, &document);
    return status ? status : trace_give_document(document, job->report, fault);
}

static int trace(struct job *job, const char *path)
{
    struct fault fault = {"", ""};
    enum sting_status status = job_open(job, path, &fault);
    bool is_misuse = status == STING_E_ARG;
    if (!status) {
        status = quote_run(job->operation, &job->keys, job->file,
                           buffer_bytes(&job->text), &job->quote, &fault);
    }
    if (!status) {
        status = record(job->operation, &job->quote, &fault);
    }
    if (!status) { /* whatever becomes of packs and report */
        status = print(&job->quote, job->json);
    }
    if (!status) {
        status = packs_give(job, &fault);
    }
    if (!status) {
        status = report_give(job, &fault);
    }
    if (status && !fault.why[0]) {
        (void)fault_set(&fault, status, "", "%s", sting_status_text(status));
    }
    /* What is at fault: once the text was read, what the operation lacks. */
    const char *what = job->is_read && !job->operation ? path : job->file;
    return status ? command_fail(is_misuse ? EXIT_USAGE : EXIT_FAILED, what,
                                 &fault)
                  : exit_code(&job->quote);
}

int trace_text_run(int argc, char **argv)
{
    struct job job STING_AUTO(job_release) = {0};
    struct fault fault = {"", ""};
    const struct option option[] = {
        {"--text", OPTION_TEXT, &job.file, 0, 0},
        {"--pack", OPTION_TEXT, &job.pack, 0, 0},
        {"--report", OPTION_TEXT, &job.report, 0, 0},
        {"--json", OPTION_FLAG, &job.json, 0, 0},
        ACCESS_PASSPHRASE(&job.access),
        ACCESS_BY(&job.access),
        ACCESS_REASON(&job.access),
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting trace OP --text FILE"};
    operation_guard_memory();
    if (options_parse(argc, argv, &options, &fault)) {
        return command_fail(EXIT_USAGE, "trace", &fault);
    }
    return trace(&job, options.word[0]);
}
