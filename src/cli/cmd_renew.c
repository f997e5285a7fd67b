/* sting renew: proof that outlives certificates and hashes. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "anchor/renew.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/options.h"
#include "operation/check_worker.h"
#include "operation/operation.h"

static const char help[] =
    "usage: sting renew OP [--hash sha256|sha384|sha512] [--json]\n"
    "\n"
    "Certificates of time stamps end, hashes grow weak. This asks the first\n"
    "tsa: of operation.yaml for a stamp over all that is here (a list with\n"
    "SHA-512 of every file, and of the ledger so far), and each time it is "
    "run\n"
    "again, for a stamp over the last one. Run it before the certificates "
    "end:\n"
    "when that is, it says.\n"
    "\n"
    "  --hash NAME   the hash to stamp with; another one than before begins a\n"
    "                new chain over the files and all older stamps\n"
    "\n"
    "The records are EvidenceRecords (RFC 4998); sting verify judges them and\n"
    "says when a chain was not renewed in time. No stamp mends such a one: a\n"
    "new record over all that is here is begun, and it is told. What does not\n"
    "verify is not renewed.\n"
    "\n"
    "example: sting renew ops/tank\n";

struct renew_command {
    const char *folder;
    const char *hash;
    bool json;
};

/* Nothing is renewed that does not verify. */
static enum sting_status verify_first(const struct renew_command *command,
                                      struct verify_report *report,
                                      struct fault *fault)
{
    char missing[200];
    const struct check_options options = {
        .known = {.now_us = clock_now().utc_us}};
    int folder STING_AUTO(fd_close) =
        open(command->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return fault_errno(fault, STING_E_ABSENT,
                           "name the folder of an operation",
                           "the folder cannot be opened");
    }
    enum sting_status status =
        check_folder(folder, &options, report, missing, fault);
    if (!status && report->verdict > VERIFY_GAPS) {
        status = fault_set(fault, STING_E_FORGED, "see sting verify",
                           "it is %s, and is not renewed",
                           verify_verdict_text(report->verdict));
    }
    return status;
}

static int tell_json(const struct renewed *renewed)
{
    struct buffer line STING_AUTO(buffer_release) = {0};
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_integer(json, "renewed", (int64_t)renewed->records);
    json_add_integer(json, "begun", (int64_t)renewed->begun);
    json_add_integer(json, "broken", (int64_t)renewed->broken);
    json_add_text(json, "by", renewed->last.who);
    json_add_time(json, "time", renewed->last.at_us);
    json_add_time(json, "good_until", renewed->last.good_until_us);
    return json_line(json, &line) || fputs(buffer_text(&line), stdout) == EOF
               ? EXIT_FAILED
               : EXIT_DONE;
}

static int tell_words(const struct renewed *renewed)
{
    char time[CLOCK_TEXT_SIZE];
    if (renewed->records + renewed->begun == 0) {
        puts("There is nothing to renew.");
        return EXIT_DONE;
    }
    printf("%zu record%s renewed, %zu begun; by %s, %s.\n", renewed->records,
           renewed->records == 1 ? "" : "s", renewed->begun, renewed->last.who,
           clock_text(renewed->last.at_us, time));
    printf("Renew again before %.10s, when its certificate ends.\n",
           clock_text(renewed->last.good_until_us, time));
    if (renewed->broken > 0) {
        printf("%zu record%s broken: a certificate ended, or was revoked, "
               "before the next\nstamp. What %s showed of the years before "
               "counts no more; a new one speaks of\nall that is here from "
               "today on.\n",
               renewed->broken, renewed->broken == 1 ? " is" : "s are",
               renewed->broken == 1 ? "it" : "they");
    }
    return EXIT_DONE;
}

static int renew(const struct renew_command *command,
                 struct renew_settings *settings)
{
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    struct fault fault = {"", ""};
    struct renewed renewed;
    struct operation *operation STING_AUTO(operation_close) = NULL;
    enum sting_status status =
        operation_open(command->folder, &operation, &fault);
    if (!status) {
        status = verify_first(command, &report, &fault);
    }
    if (!status) {
        settings->broken = report.broken;
        settings->brokens = report.brokens;
        status = renew_run(operation, settings, &renewed, &fault);
    }
    if (status) {
        return command_failed(status, command->folder, &fault);
    }
    return command->json ? tell_json(&renewed) : tell_words(&renewed);
}

static int renew_words(int argc, char **argv)
{
    struct renew_command command = {.hash = NULL};
    struct renew_settings settings = {.kind = HASH_KINDS, .now = clock_now};
    struct fault fault = {"", ""};
    const struct option option[] = {
        {"--hash", OPTION_TEXT, &command.hash, 0, 0},
        {"--json", OPTION_FLAG, &command.json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting renew OP"};
    enum sting_status status = options_parse(argc, argv, &options, &fault);
    if (!status && command.hash) {
        settings.kind = hash_find(command.hash);
        if (settings.kind == HASH_KINDS) {
            status =
                fault_set(&fault, STING_E_ARG, "write sha256, sha384 or sha512",
                          "\"%.40s\" is no hash", command.hash);
        }
    }
    if (status) {
        return command_fail(EXIT_USAGE, "renew", &fault);
    }
    command.folder = options.word[0];
    return renew(&command, &settings);
}

const struct command command_renew = {
    "renew", "stamp what is here, before old stamps go out of date", help,
    renew_words};
