/* sting verify: was the record changed, cut or made up later? */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/options.h"
#include "operation/check_worker.h"
#include "operation/operation.h"

#define PROGRESS_EVERY_S 1

struct verify_command {
    const char *folder;
    const char *passphrase_file;
    bool inside;
    bool json;
};

static int exit_of(enum verify_verdict verdict)
{
    static const int code[] = {
        [VERIFY_INTACT] = EXIT_DONE,
        [VERIFY_GAPS] = EXIT_INTACT_WITH_GAPS,
        [VERIFY_UNVERIFIABLE] = EXIT_UNVERIFIABLE,
        [VERIFY_CUT] = EXIT_CUT,
        [VERIFY_TAMPERED] = EXIT_TAMPERED,
    };
    return code[verdict];
}

/* On a terminal, once a second. */
static void show_progress(void *context, const struct verify_report *so_far)
{
    time_t *last = context;
    time_t now = time(NULL);
    if (now - *last >= PROGRESS_EVERY_S) {
        *last = now;
        fprintf(stderr, "\r%" PRIu64 " entries, %" PRIu64 " MB ",
                so_far->entries, so_far->bytes / 1000000);
    }
}

static enum sting_status unlock(const struct verify_command *command,
                                struct operation_keys *keys,
                                struct fault *fault)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    enum sting_status status =
        operation_open(command->folder, &operation, fault);
    return status ? status
                  : operation_keys_open(operation, OPERATION_IDENTITY,
                                        command->passphrase_file, keys, fault);
}

static int print_report(const struct verify_report *report, bool as_json)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    enum sting_status status = as_json ? verify_report_json(report, &out)
                                       : verify_report_text(report, &out);
    if (status || fputs(buffer_text(&out), stdout) == EOF) {
        return EXIT_FAILED;
    }
    return exit_of(report->verdict);
}

static int verify_folder(const struct verify_command *command,
                         struct fault *fault)
{
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    time_t last = time(NULL);
    bool shows = isatty(STDERR_FILENO);
    struct check_options options = {.progress = shows ? show_progress : NULL,
                                    .context = &last};
    char missing[200] = "";
    int folder STING_AUTO(fd_close) =
        open(command->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        fault_errno(fault, STING_E_IO, "name the folder of an operation",
                    "the folder cannot be opened");
        return command_fail(EXIT_FAILED, command->folder, fault);
    }
    if (command->inside && unlock(command, &keys, fault)) {
        return command_fail(EXIT_FAILED, command->folder, fault);
    }
    options.identity = command->inside ? &keys.identity : NULL;
    enum sting_status status =
        check_folder(folder, &options, &report, missing, fault);
    if (shows) {
        fputs("\r\033[K", stderr);
    }
    if (status) {
        return command_fail(EXIT_FAILED, command->folder, fault);
    }
    if (missing[0]) {
        fprintf(stderr,
                "sting: verify: this kernel lacks %s: a folder made to do harm "
                "is held less tightly\n",
                missing);
    }
    return print_report(&report, command->json);
}

static int verify_run(int argc, char **argv)
{
    struct verify_command command = {0};
    struct fault fault = {.why = ""};
    const struct option option[] = {
        {"--passphrase-file", OPTION_TEXT, &command.passphrase_file, 0, 0},
        {"--inside", OPTION_FLAG, &command.inside, 0, 0},
        {"--json", OPTION_FLAG, &command.json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting verify OP"};
    if (options_parse(argc, argv, &options, &fault)) {
        return command_fail(EXIT_USAGE, "verify", &fault);
    }
    command.folder = options.word[0];
    command.inside = command.inside || command.passphrase_file;
    return verify_folder(&command, &fault);
}

const struct command command_verify = {
    "verify", "say whether the record was changed, cut or made up later",
    "usage: sting verify OP [--inside] [--passphrase-file FILE] [--json]\n"
    "\n"
    "Checks every line, signature and file of an operation's evidence, also\n"
    "while a station is running. Needs no key; with --inside (or a passphrase\n"
    "file) it also opens every file and checks what is inside.\n"
    "\n"
    "INTACT (exit 0)             all of it is consistent and signed, up to "
    "the\n"
    "                            last checkpoint; what comes after it is told\n"
    "                            on the same line as NOT SIGNED\n"
    "INTACT WITH GAPS (exit 10)  and pictures are missing where listed\n"
    "CUT (exit 11)               something signed lies beyond the end\n"
    "TAMPERED (exit 12)          changed after it was written, and where\n"
    "UNVERIFIABLE (exit 13)      something needed is missing or unknown\n"
    "\n"
    "Compare the case key with the fingerprint written down when the\n"
    "operation was made: who has the whole folder and your keys can make up\n"
    "another one.\n"
    "\n"
    "example: sting verify garden\n",
    verify_run};
