/* sting import: what a box recorded, verified and taken in. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/options.h"
#include "ledger/line.h"
#include "operation/access.h"
#include "operation/box_hold.h"
#include "operation/boxes.h"

static const char help[] =
    "usage: sting import OP FOLDER [--by WHO] [--reason TEXT] [--json]\n"
    "                    [--fingerprint F --name N]\n"
    "\n"
    "Take in what a box recorded, or a closed operation: FOLDER is copied to\n"
    "OP/boxes/NAME, the copy is verified in a process that can do nothing\n"
    "else, and a line of the ledger tells what came, up to the last line that\n"
    "the box signed, under which root. After that, name OP/boxes/NAME to\n"
    "sting verify, unlock, dossier and release: the keys of OP open it, and\n"
    "the ledger of OP tells what was done with it. The record itself is never\n"
    "written.\n"
    "\n"
    "A box that went on recording is imported again: what comes has to go on\n"
    "where the last one ended, or where what that one had signed ended; where\n"
    "the last one has lines that nobody signed and that do not come again, it\n"
    "is kept beside, as OP/boxes/.NAME.1. Recordings that the box has erased\n"
    "since stay here, if they are as its lines say; else all that was here is\n"
    "kept beside. Refused are records that are cut,\n"
    "tampered with or unverifiable, that do not continue what is here, or "
    "that\n"
    "nothing says to be this operation's. One that a failing disk or a lost\n"
    "power cut off is told by sting verify, and finished by the same command\n"
    "again; what had come (OP/boxes/.coming) is kept until then.\n"
    "\n"
    "  --fingerprint F  of its case key, as it was written down; for a box "
    "that\n"
    "                   was not made with --office OP\n"
    "  --name N         what it is called here\n"
    "  --by WHO         who brought it; else the account's name. Both stand\n"
    "  --reason TEXT    in the ledger, in clear\n"
    "\n"
    "Exit code: 0 taken in; 3 refused.\n"
    "\n"
    "example: sting import ops/tank /media/stick/garage --by 'Head of "
    "stores'\n";

struct request {
    const char *office;
    struct box_order order;
    bool json;
};

static enum sting_status request_read(int argc, char **argv,
                                      struct request *request,
                                      struct fault *fault)
{
    struct box_order *order = &request->order;
    const struct option option[] = {
        {"--by", OPTION_WORDS, &order->change.by, 1, 0},
        {"--reason", OPTION_WORDS, &order->change.why, 0, 0},
        {"--fingerprint", OPTION_TEXT, &order->fingerprint, 0, 0},
        {"--name", OPTION_TEXT, &order->name, 0, 0},
        {"--json", OPTION_FLAG, &request->json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 2,
                              .most_words = 2,
                              .usage = "sting import OP FOLDER"};
    enum sting_status status = options_parse(argc, argv, &options, fault);
    if (!status) {
        request->office = options.word[0];
        order->folder = options.word[1];
    }
    return status;
}

static void progress(void *context, const struct verify_report *so_far)
{
    (void)context;
    fprintf(stderr, "\r%" PRIu64 " entries, %" PRIu64 " MB verified ",
            so_far->entries, so_far->bytes / 1000000);
}

static void time_add(struct json *json, const char *name, int64_t at_us)
{
    char text[LINE_TIME_SIZE];
    json_add_text(json, name, at_us ? line_time_text(at_us, text) : NULL);
}

static void print_json(const struct request *request,
                       const struct box_import *done)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct buffer line STING_AUTO(buffer_release) = {0};
    bool is_in = !done->is_refused;
    json_add_text(json, "folder", request->order.folder);
    json_add_text(json, "name", done->name[0] ? done->name : NULL);
    json_add_bool(json, "imported", is_in);
    json_add_text(json, "verdict", verify_verdict_text(done->report.verdict));
    json_add_integer(json, "entries", (int64_t)done->report.entries);
    json_add_integer(json, "tail_entries", (int64_t)done->report.tail_entries);
    json_add_integer(json, "files", (int64_t)done->files);
    json_add_integer(json, "left", (int64_t)done->left);
    json_add_integer(json, "bytes", (int64_t)done->bytes);
    json_add_integer(json, "kept", (int64_t)done->carried.recordings);
    json_add_integer(json, "kept_bytes", (int64_t)done->carried.bytes);
    time_add(json, "erased_first", done->carried.first_us);
    time_add(json, "erased_last", done->carried.last_us);
    json_add_integer(json, "unlike", (int64_t)done->carried.unlike);
    json_add_text(json, "aside", is_in && done->aside[0] ? done->aside : NULL);
    json_add_text(json, "case_key", done->report.case_key);
    if (json_line(json, &line) == STING_OK) {
        fputs(buffer_text(&line), stdout);
    }
}

static void tail_print(const struct verify_report *report)
{
    if (report->tail_entries > 0) {
        printf("Its last %" PRIu64 " entries nobody signed: they are kept, and "
               "stand for nothing. What the box signs later may go on without "
               "them.\n",
               report->tail_entries);
    }
}

static void kept_print(const struct box_carried *kept)
{
    char first[LINE_TIME_SIZE];
    char last[LINE_TIME_SIZE];
    if (kept->recordings == 0) {
        return;
    }
    line_time_text(kept->first_us, first);
    line_time_text(kept->last_us, last);
    bool is_one_day = !strncmp(first, last, 10);
    printf("%" PRIu64 " recordings that the box erased on %.10s%s%.10s are "
           "kept here, %.1f MB.\n",
           kept->recordings, first, is_one_day ? "" : " to ",
           is_one_day ? "" : last, (double)kept->bytes / 1e6);
}

static void aside_print(const struct request *request,
                        const struct box_import *done)
{
    if (done->has_tail) {
        printf("What was here had lines that nobody signed and that did not "
               "come: it is kept as %s/%s/%s.\n",
               request->office, BOXES_FOLDER, done->aside);
    }
    if (done->carried.unlike > 0) {
        printf("%" PRIu64 " files that were here and did not come are not as "
               "their lines say: what was here is kept as %s/%s/%s.\n",
               done->carried.unlike, request->office, BOXES_FOLDER,
               done->aside);
    }
}

static void waits_print(const struct request *request,
                        const struct box_import *done)
{
    if (done->waits) {
        printf("What an unfinished import left has files that are not as "
               "their lines say: it is kept as %s/%s/" BOX_COMING "@%s.\n",
               request->office, BOXES_FOLDER, done->name);
    }
}

static int told(const struct request *request, enum sting_status status,
                const struct box_import *done, struct fault *fault)
{
    if (status && !done->is_refused) {
        return command_failed(status, request->order.folder, fault);
    }
    command_locks_lacking("import", done->missing);
    if (done->left > 0) {
        fprintf(stderr,
                "sting: import: %" PRIu64 " files are none of a record, and "
                "were left there, the first \"%s\"\n",
                done->left, done->left_name);
    }
    if (request->json) {
        print_json(request, done);
    }
    if (done->is_refused) {
        return command_fail(EXIT_NO, request->order.folder, fault);
    }
    if (!request->json) {
        printf("%s: %s, %" PRIu64 " entries, %" PRIu64 " files, %.1f MB; it is "
               "%s/%s/%s now.\n",
               done->name, verify_verdict_text(done->report.verdict),
               done->report.entries, done->files, (double)done->bytes / 1e6,
               request->office, BOXES_FOLDER, done->name);
        tail_print(&done->report);
        kept_print(&done->carried);
        aside_print(request, done);
        waits_print(request, done);
    }
    return EXIT_DONE;
}

static int import_run(int argc, char **argv)
{
    struct operation *office STING_AUTO(operation_close) = NULL;
    struct request request = {.json = false};
    static struct box_import done;
    char user[ACCESS_NAME_SIZE];
    struct fault fault = {"", ""};
    if (request_read(argc, argv, &request, &fault)) {
        return command_fail(EXIT_USAGE, "import", &fault);
    }
    if (!request.order.change.by) {
        request.order.change.by = access_user(user);
    }
    bool shows = isatty(STDERR_FILENO);
    request.order.progress = shows ? progress : NULL;
    enum sting_status status = operation_open(request.office, &office, &fault);
    if (status) {
        return command_failed(status, request.office, &fault);
    }
    status = box_import(office, &request.order, &done, &fault);
    if (shows) {
        fputs("\r\033[K", stderr);
    }
    int code = told(&request, status, &done, &fault);
    verify_report_release(&done.report);
    return code;
}

const struct command command_import = {
    "import", "take in what a box recorded, verified", help, import_run};
