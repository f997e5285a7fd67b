/* sting backup, sting restore: a copy that is kept, and goes on elsewhere. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/access_options.h"
#include "cli/command.h"
#include "operation/backup.h"

static const char backup_help[] =
    "usage: sting backup OP --to DIR [--by WHO] [--reason TEXT] [--json]\n"
    "\n"
    "Copy an operation to DIR, also while its station runs: whole lines of "
    "the\n"
    "ledger and every file that they name, then verified there as sting "
    "verify\n"
    "does. Given again, only what is new is copied; one that was cut off or "
    "ran\n"
    "out of room goes on. What retention deleted goes from DIR too. A line of\n"
    "the ledger tells of it.\n"
    "\n"
    "No secret lies in DIR in clear: keys that lie open in OP are sealed "
    "there\n"
    "to the recipients. Files that operation.yaml names (passwords,\n"
    "certificates) and alerts on their way are not in it. Nothing is written\n"
    "into DIR by other commands; sting verify DIR reads it, sting restore "
    "makes\n"
    "an operation of it.\n"
    "\n"
    "example: sting backup ops/tank --to /media/disk/tank\n";

static const char restore_help[] =
    "usage: sting restore DIR OP --by WHO --reason TEXT\n"
    "                     [--passphrase-file F]... [--json]\n"
    "\n"
    "Make the operation OP of the backup DIR: copied, verified, its signing "
    "keys\n"
    "opened with the operation's passphrase; sting run OP then goes on. A "
    "line\n"
    "of the ledger tells of it, and when.\n"
    "\n"
    "Only one may go on: the backup and what it was made of are the same "
    "record\n"
    "up to here, and two records from here on. An outsider's anchor of the "
    "one\n"
    "shows the other to be cut or made up (sting verify), and sting backup\n"
    "refuses to go on with either. The restored operation begins a fresh epoch "
    "at\n"
    "once. Until then the backup's key can sign what comes behind it: whoever "
    "holds\n"
    "DIR and the passphrase can go on in its place. Of what it was made of, "
    "that\n"
    "key signs no more than the seconds in which it was copied.\n"
    "\n"
    "example: sting restore /media/disk/tank ops/tank --by Anna \\\n"
    "           --reason 'the machine was stolen'\n";

struct request {
    const char *path;
    const char *to; /* of a backup: the folder; else the new operation */
    bool json;
    struct access_options access;
    struct backup_order order;
};

static void told(const struct request *request, const struct backup_done *done)
{
    if (done->missing[0]) {
        fprintf(stderr, "sting: this kernel lacks %s\n", done->missing);
    }
    if (!request->json) {
        printf("%s: %" PRIu64 " entries; %" PRIu64 " files, %.1f MB copied\n",
               verify_verdict_text(done->report.verdict), done->lines,
               done->files, (double)done->bytes / 1e6);
        if (done->left) {
            printf("Not in it: %" PRIu64 " messages that are still under way "
                   "from here.\n",
                   done->left);
        }
        return;
    }
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct buffer line STING_AUTO(buffer_release) = {0};
    json_add_text(json, "folder", request->to);
    json_add_text(json, "verdict", verify_verdict_text(done->report.verdict));
    json_add_integer(json, "entries", (int64_t)done->lines);
    json_add_integer(json, "files", (int64_t)done->files);
    json_add_integer(json, "bytes", (int64_t)done->bytes);
    json_add_integer(json, "under_way", (int64_t)done->left);
    if (json_line(json, &line) == STING_OK) {
        fputs(buffer_text(&line), stdout);
    }
}

static enum sting_status backup_read(int argc, char **argv,
                                     struct request *request,
                                     struct fault *fault)
{
    const struct option option[] = {
        {"--to", OPTION_TEXT, &request->to, 0, 0},
        {"--json", OPTION_FLAG, &request->json, 0, 0},
        ACCESS_BY(&request->access),
        ACCESS_REASON(&request->access),
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting backup OP --to DIR"};
    enum sting_status status = options_parse(argc, argv, &options, fault);
    if (!status && !request->to) {
        status = fault_set(fault, STING_E_ARG, "name a folder with --to DIR",
                           "a backup has to lie somewhere");
    }
    request->path = status ? NULL : options.word[0];
    request->order.folder = request->to;
    return status;
}

static int backup_run(int argc, char **argv)
{
    struct request request = {.json = false};
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct backup_done done = {0};
    struct fault fault = {"", ""};
    char user[ACCESS_NAME_SIZE];
    if (backup_read(argc, argv, &request, &fault)) {
        return command_fail(EXIT_USAGE, "backup", &fault);
    }
    request.order.change.by =
        request.access.by ? request.access.by : access_user(user);
    request.order.change.why = request.access.reason;
    enum sting_status status = operation_open(request.path, &operation, &fault);
    if (!status) {
        status = backup_make(operation, &request.order, &done, &fault);
    }
    if (!status) {
        told(&request, &done);
    }
    verify_report_release(&done.report);
    return status ? command_failed(status, request.path, &fault) : EXIT_DONE;
}

static enum sting_status restore_read(int argc, char **argv,
                                      struct request *request,
                                      struct fault *fault)
{
    const struct option option[] = {
        {"--json", OPTION_FLAG, &request->json, 0, 0},
        ACCESS_PASSPHRASE(&request->access),
        ACCESS_BY(&request->access),
        ACCESS_REASON(&request->access),
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 2,
                              .most_words = 2,
                              .usage = "sting restore DIR OP"};
    enum sting_status status = options_parse(argc, argv, &options, fault);
    if (!status && (!request->access.by || !request->access.reason)) {
        status = fault_set(fault, STING_E_ARG, "see sting restore --help",
                           "--by and --reason are needed");
    }
    if (!status) {
        request->path = options.word[0];
        request->to = options.word[1];
    }
    return status;
}

static int restore_run(int argc, char **argv)
{
    struct request request = {.json = false};
    struct backup_done done = {0};
    struct fault fault = {"", ""};
    if (restore_read(argc, argv, &request, &fault)) {
        return command_fail(EXIT_USAGE, "restore", &fault);
    }
    request.order = (struct backup_order){
        .folder = request.path,
        .change = {request.access.by, request.access.reason}};
    const struct access access = access_of(&request.access, "restore", NULL);
    enum sting_status status =
        backup_restore(&request.order, request.to, &access, &done, &fault);
    if (!status) {
        told(&request, &done);
    }
    verify_report_release(&done.report);
    return status ? command_failed(status, request.path, &fault) : EXIT_DONE;
}

const struct command command_backup = {
    "backup", "keep a verified copy of an operation elsewhere", backup_help,
    backup_run};
const struct command command_restore = {
    "restore", "make an operation of a backup", restore_help, restore_run};
