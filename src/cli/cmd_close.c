/* sting close: the last line, and the keys go. */
#include <stdio.h>

#include "anchor/anchors.h"
#include "base/clock.h"
#include "cli/command.h"
#include "cli/options.h"
#include "operation/closing.h"

#define OUTSIDERS_MS 20000

static const char help[] =
    "usage: sting close OP --by WHO --reason TEXT --keys-to DIR\n"
    "       sting close OP --by WHO --reason TEXT --destroy-keys\n"
    "\n"
    "End an operation for good: a last line and checkpoint, which outsiders\n"
    "of operation.yaml are asked to vouch for at once; then the keys that\n"
    "sign are overwritten and removed, and those that open what was recorded\n"
    "are handed over or destroyed too. Nothing can be written into it after\n"
    "that; sting verify goes on saying what it says, and age opens what was\n"
    "sealed. Stop the station first. If it is interrupted, do it again.\n"
    "Make exhibits before: later another operation has to import and sign it\n"
    "(sting exhibit --help).\n"
    "\n"
    "  --keys-to DIR    identity, mark and case key are copied there, still\n"
    "                   under their passphrases, and overwritten here: a "
    "stick\n"
    "                   for the safe. Never over keys that are there\n"
    "  --destroy-keys   they are overwritten. What was recorded then opens\n"
    "                   only to the other recipients\n"
    "  --by WHO         who decided; stands in the ledger, in clear\n"
    "  --reason TEXT    why\n"
    "\n"
    "Overwriting is what the file system lets anybody do: flash memory may\n"
    "keep old keys.\n"
    "\n"
    "example: sting close ops/tank --by 'Head of security' \\\n"
    "           --reason 'handed to the court' --keys-to /media/stick/tank\n";

/* Outsiders of operation.yaml are asked about the last line. */
static void outsiders_ask(void *context, struct core *core)
{
    struct anchors *anchors STING_AUTO(anchors_free) = NULL;
    const struct operation *operation = context;
    struct fault fault = {"", ""};
    if (operation_config(operation)->anchors == 0) {
        return;
    }
    enum sting_status status =
        anchors_new(operation, core, clock_now(), &anchors, &fault);
    if (!status) {
        status = anchors_finish(anchors, clock_now, OUTSIDERS_MS, &fault);
    }
    if (status || anchors_waiting(anchors) > 0) {
        fprintf(stderr,
                "sting: close: not every outsider of operation.yaml vouched "
                "for the last line%s%s: give its note to one by hand (sting "
                "verify --note)\n",
                fault.why[0] ? ": " : "", fault.why);
    }
}

static int close_run(int argc, char **argv)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct closing closing = {.last = outsiders_ask};
    struct closing_done done;
    struct fault fault = {"", ""};
    bool destroys = false;
    const struct option option[] = {
        {"--by", OPTION_WORDS, &closing.change.by, 1, 0},
        {"--reason", OPTION_WORDS, &closing.change.why, 0, 0},
        {"--keys-to", OPTION_TEXT, &closing.keys_to, 0, 0},
        {"--destroy-keys", OPTION_FLAG, &destroys, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting close OP --by WHO --reason TEXT "
                                       "--keys-to DIR"};
    enum sting_status status = options_parse(argc, argv, &options, &fault);
    if (!status && (!closing.change.by || !closing.change.why ||
                    destroys == (closing.keys_to != NULL))) {
        status = fault_set(&fault, STING_E_ARG, "see sting close --help",
                           "--by, --reason and one of --keys-to and "
                           "--destroy-keys are needed");
    }
    if (status) {
        return command_fail(EXIT_USAGE, "close", &fault);
    }
    status = operation_open(options.word[0], &operation, &fault);
    if (status) {
        return command_failed(status, options.word[0], &fault);
    }
    closing.context = operation;
    if (operation_end(operation, &closing, &done, &fault)) {
        return command_fail(EXIT_FAILED, options.word[0], &fault);
    }
    printf("%s: %zu key files handed over, %zu destroyed. Nothing can be "
           "written into it any more.\n",
           done.was_closed ? "It was closed before" : "Closed",
           done.handed_over, done.destroyed);
    return EXIT_DONE;
}

const struct command command_close = {
    "close", "the last line of an operation; its keys go", help, close_run};
