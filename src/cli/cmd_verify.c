/* sting verify: was the record changed, cut or made up later? */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/access_options.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/time_left.h"
#include "cli/verify_boxes.h"
#include "cli/verify_exhibit.h"
#include "cli/verify_outside.h"
#include "cli/verify_page.h"
#include "exhibit/check_folder.h"
#include "operation/check_boxes.h"
#include "operation/check_worker.h"
#include "operation/operation.h"

#define PROGRESS_EVERY_US 1000000

struct verify_command {
    const char *folder;
    struct access_options access;
    const char *report; /* a page to write; NULL */
    const char *case_key;
    bool inside;
    bool json;
    bool note;
    bool qr;
    bool boxes;
    struct outside outside;
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

struct progress {
    int64_t begun_us;
    int64_t told_us;
};

/* On a terminal, once a second. Files lie along the ledger as it grew: what
 * is left of it tells how long the rest will take. */
static void show_progress(void *context, const struct verify_report *so_far)
{
    struct progress *progress = context;
    int64_t now_us = clock_now().boot_us;
    double done = (double)so_far->read_bytes;
    double left = (double)so_far->ledger_bytes - done;
    if (now_us - progress->told_us < PROGRESS_EVERY_US) {
        return;
    }
    progress->told_us = now_us;
    fprintf(stderr, "\r\033[K%" PRIu64 " entries, %" PRIu64 " MB",
            so_far->entries, so_far->bytes / 1000000);
    if (done > 0 && left >= 0) {
        double share = done / (done + left);
        fprintf(stderr, ", %.0f %%", 100 * share);
        time_left_print((double)(now_us - progress->begun_us) / 1e6, share);
    }
}

/* The keys of a folder that is looked into, and whose ledger tells of it. */
struct inside {
    struct operation *operation; /* NULL: the outside alone is looked at */
    struct access access;
    struct operation_keys keys;
};

static void inside_release(struct inside *inside)
{
    operation_keys_wipe(&inside->keys);
    operation_close(&inside->operation);
}

static enum sting_status unlock(const struct verify_command *command,
                                struct inside *inside, struct fault *fault)
{
    inside->access = access_of(&command->access, "verify", NULL);
    enum sting_status status =
        operation_open(command->folder, &inside->operation, fault);
    return status ? status
                  : access_unlock(inside->operation, OPERATION_IDENTITY,
                                  &inside->access, &inside->keys, fault);
}

/* That sealed files were opened is a line, unless the folder is not to be
 * written to; then people are told that it is none. */
static void tell_opened(const struct inside *inside,
                        const struct verify_report *report)
{
    struct fault fault = {"", ""};
    enum sting_status status = STING_OK;
    if (report->verdict > VERIFY_GAPS) {
        status = fault_set(&fault, STING_E_FORGED, "",
                           "a record that is not intact is not written to");
    } else {
        status = access_tell(inside->operation, OPERATION_IDENTITY,
                             &inside->access, &fault);
    }
    if (status) {
        fprintf(stderr,
                "sting: verify: no line of this ledger tells that its files "
                "were opened: %s\n",
                fault.why[0] ? fault.why : sting_status_text(status));
    }
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

/* Who has the whole folder can make up another one, under another key. */
static void hold_to_case_key(const struct verify_command *command,
                             struct verify_report *report)
{
    if (!command->case_key || !report->case_key[0]) {
        return;
    }
    report->case_key_expected =
        fingerprint_fits(command->case_key, report->case_key);
    if (!report->case_key_expected) {
        report->verdict = VERIFY_TAMPERED;
        report->has_at = true;
        report->at = 0;
        report->file[0] = '\0';
        snprintf(report->reason, sizeof report->reason,
                 "the case key is not the one that was named: this is another "
                 "operation, or one made up whole");
    }
}

/* The records that it imported; gives the exit code for all of it. */
static int with_boxes(const struct verify_command *command, int folder,
                      const struct verify_report *report, struct fault *fault)
{
    int code = print_report(report, command->json);
    enum verify_verdict worst = report->verdict;
    size_t boxes = verify_boxes_count(folder);
    if (code == EXIT_FAILED) {
        return code;
    }
    if (!command->boxes) {
        if (boxes > 0 && !command->json) {
            printf("  imported records of which the lines alone were held to "
                   "what the ledger says: %zu (all of them: --boxes)\n",
                   boxes);
        }
        return code;
    }
    int64_t at_us =
        command->outside.at_us ? command->outside.at_us : clock_now().utc_us;
    return verify_boxes(folder, at_us, command->json, &worst, fault)
               ? command_fail(EXIT_FAILED, command->folder, fault)
               : exit_of(worst);
}

static enum sting_status write_page(const struct verify_command *command,
                                    const struct verify_report *report,
                                    struct fault *fault)
{
    const struct verify_page page = {.folder = command->folder,
                                     .has_identity = command->inside,
                                     .now_us = clock_now().utc_us};
    return verify_page_write(&page, report, command->report, fault);
}

static int verify_folder(const struct verify_command *command,
                         struct fault *fault)
{
    struct inside inside STING_AUTO(inside_release) = {0};
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    const int64_t now_us = clock_now().boot_us;
    struct progress progress = {now_us, now_us};
    bool shows = isatty(STDERR_FILENO);
    struct check_options options = {.progress = shows ? show_progress : NULL,
                                    .context = &progress};
    char missing[200] = "";
    int folder STING_AUTO(fd_close) =
        open(command->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        fault_errno(fault, STING_E_IO, "name the folder of an operation",
                    "the folder cannot be opened");
        return command_fail(EXIT_FAILED, command->folder, fault);
    }
    if (folder_is_exhibit(folder)) {
        return verify_exhibit(folder, command->folder, command->case_key,
                              &command->outside, command->json, fault);
    }
    enum sting_status status =
        command->inside ? unlock(command, &inside, fault) : STING_OK;
    if (status) {
        return command_failed(status, command->folder, fault);
    }
    options.identity = command->inside ? &inside.keys.identity : NULL;
    outside_set(&command->outside, &options.known);
    status = check_folder(folder, &options, &report, missing, fault);
    if (shows) {
        fputs("\r\033[K", stderr);
    }
    if (status) {
        return command_fail(EXIT_FAILED, command->folder, fault);
    }
    if (inside.operation) {
        tell_opened(&inside, &report);
    }
    command_locks_lacking("verify", missing);
    hold_to_case_key(command, &report);
    if (check_boxes(folder, &report, fault)) {
        return command_fail(EXIT_FAILED, command->folder, fault);
    }
    if (command->report && write_page(command, &report, fault)) {
        return command_fail(EXIT_FAILED, command->report, fault);
    }
    return with_boxes(command, folder, &report, fault);
}

/* What the words are for: a record, or a witness's own folder. */
static int words_run(struct verify_command *command, char **word, size_t words,
                     struct fault *fault)
{
    if (command->outside.witness_folder) {
        return words > 0
                   ? command_fail(EXIT_USAGE, word[0],
                                  fault_said(fault, "a witness reads none"))
                   : verify_witness(&command->outside, command->json);
    }
    if (words == 0) {
        return command_fail(EXIT_USAGE, "verify",
                            fault_said(fault, "name an operation"));
    }
    command->folder = word[0];
    command->inside =
        command->inside || command->access.passphrase_file.count > 0;
    if (command->note || command->qr) {
        return verify_note(command->folder, command->qr, command->json);
    }
    if (outside_load(&command->outside, fault)) {
        return command_fail(EXIT_USAGE, "verify", fault);
    }
    return verify_folder(command, fault);
}

static void words_release(struct verify_command *command)
{
    outside_release(&command->outside);
}

static int verify_run(int argc, char **argv)
{
    struct verify_command command STING_AUTO(words_release) = {0};
    struct fault fault = {.why = ""};
    const struct option option[] = {
        ACCESS_PASSPHRASE(&command.access),
        ACCESS_BY(&command.access),
        ACCESS_REASON(&command.access),
        {"--inside", OPTION_FLAG, &command.inside, 0, 0},
        {"--case-key", OPTION_TEXT, &command.case_key, 0, 0},
        {"--json", OPTION_FLAG, &command.json, 0, 0},
        {"--report", OPTION_TEXT, &command.report, 0, 0},
        {"--note", OPTION_FLAG, &command.note, 0, 0},
        {"--qr", OPTION_FLAG, &command.qr, 0, 0},
        {"--boxes", OPTION_FLAG, &command.boxes, 0, 0},
        {"--anchor", OPTION_EACH, &command.outside.anchor_file, 0, 0},
        {"--witness-key", OPTION_EACH, &command.outside.witness_key, 0, 0},
        {"--ca", OPTION_TEXT, &command.outside.ca_file, 0, 0},
        {"--at", OPTION_TIME, &command.outside.at_us, 0, 0},
        {"--witness", OPTION_TEXT, &command.outside.witness_folder, 0, 0},
        {"--listen", OPTION_TEXT, &command.outside.listen, 0, 0},
        {"--log", OPTION_EACH, &command.outside.log_key, 0, 0},
        {"--name", OPTION_TEXT, &command.outside.witness_name, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 0,
                              .most_words = 1,
                              .usage = "sting verify OP"};
    if (options_parse(argc, argv, &options, &fault)) {
        return command_fail(EXIT_USAGE, "verify", &fault);
    }
    return words_run(&command, options.word, options.words, &fault);
}

const struct command command_verify = {
    "verify", "say whether the record was changed, cut or made up later",
    "usage: sting verify OP [--inside] [--passphrase-file FILE]... [--json]\n"
    "                    [--by WHO] [--reason TEXT]\n"
    "                    [--anchor FILE] [--witness-key KEY] [--ca FILE]\n"
    "                    [--at TIME] [--case-key FINGERPRINT]\n"
    "                    [--report FILE.html] [--boxes]\n"
    "       sting verify OP --note | --qr [--json]\n"
    "       sting verify --witness DIR --listen ADDR:PORT --log KEY\n"
    "                    [--name NAME] [--json]\n"
    "       sting verify EXHIBIT [--case-key FINGERPRINT] [--json]\n"
    "                    [--witness-key KEY] [--ca FILE] [--at TIME]\n"
    "\n"
    "Checks every line, signature and file of an operation's evidence, also\n"
    "while a station is running. Needs no key; with --inside (or a passphrase\n"
    "file) it also opens every file and checks what is inside; an unlock line\n"
    "of this ledger tells so, once it was judged as it lay there, or the "
    "words\n"
    "say that none does (a closed or broken record, a backup). --report "
    "writes\n"
    "the answer as a page for who is no expert. The lines of each imported\n"
    "record (boxes/NAME) are held to what this ledger says of them; --boxes\n"
    "checks all of it, and the worst verdict is the exit code.\n"
    "\n"
    "INTACT (exit 0)             all of it is consistent and signed, up to "
    "the\n"
    "                            last checkpoint; what comes after it is told\n"
    "                            on the same line as NOT SIGNED\n"
    "INTACT WITH GAPS (exit 10)  and pictures are missing where listed, or "
    "were\n"
    "                            deleted although an incident lies in them\n"
    "CUT (exit 11)               something signed lies beyond the end\n"
    "TAMPERED (exit 12)          changed after it was written, and where\n"
    "UNVERIFIABLE (exit 13)      something needed is missing or unknown\n"
    "\n"
    "What outsiders said of it (docs/formats/anchors.md) is judged as of "
    "today,\n"
    "or of --at; it can show that something was cut off, and by when all was\n"
    "there. By default the keys that the record itself names are used:\n"
    "  --anchor FILE      checkpoints kept outside, three lines or whole "
    "notes,\n"
    "                     one behind the other (may be given again)\n"
    "  --witness-key KEY  only this witness counts (may be given again)\n"
    "  --ca FILE          only stamps of these authorities count (PEM, with\n"
    "                     lists of revoked certificates, if there are any)\n"
    "\n"
    "  --note   the newest checkpoint as three lines, to be kept outside\n"
    "  --qr     the same as a QR code for a terminal\n"
    "  --witness DIR   be a witness for others: cosign, over HTTP, the "
    "checkpoints\n"
    "           of the ledgers whose --log KEY is given, as long as they only "
    "grow;\n"
    "           DIR keeps the witness's key and what it has seen\n"
    "\n"
    "Compare the case key with the fingerprint written down when the\n"
    "operation was made, or name it with --case-key (32 digits at least):\n"
    "who has the whole folder and your keys can make up another one.\n"
    "\n"
    "An exhibit is checked by the rules of docs/formats/exhibit.md, as its "
    "own\n"
    "VERIFY.sh and verify.py do without sting; then what outsiders gave with "
    "it\n"
    "is judged, which changes no verdict.\n"
    "\n"
    "example: sting verify garden\n",
    verify_run};
