/* sting extend: a named person lets an operation go on. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "operation/change.h"

static const char help[] =
    "usage: sting extend OP --until DATE --by WHO --reason TEXT\n"
    "\n"
    "Set another end, later or earlier: past it nothing is recorded. Who and\n"
    "why stand in the ledger, in clear; operation.yaml is written anew and\n"
    "sealed beside the line. A station that runs goes by it at once, and\n"
    "records again where it was past its end.\n"
    "\n"
    "  --until DATE   2027-06-30 or 2027-06-30T18:00:00Z\n"
    "  --by WHO       who decided\n"
    "  --reason TEXT  why\n"
    "\n"
    "example:\n"
    "  sting extend ops/tank --until 2027-06-30 --by 'Head of security' \\\n"
    "    --reason 'two papers are still missing'\n";

static int extend_run(int argc, char **argv)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct change change = {NULL, NULL};
    struct fault fault = {"", ""};
    const char *until = NULL;
    const struct option option[] = {
        {"--until", OPTION_TEXT, &until, 0, 0},
        {"--by", OPTION_WORDS, &change.by, 1, 0},
        {"--reason", OPTION_WORDS, &change.why, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting extend OP --until DATE --by WHO "
                                       "--reason TEXT"};
    enum sting_status status = options_parse(argc, argv, &options, &fault);
    if (!status && (!until || !change.by || !change.why)) {
        status = fault_set(&fault, STING_E_ARG, "see sting extend --help",
                           "--until, --by and --reason are needed");
    }
    if (status) {
        return command_fail(EXIT_USAGE, "extend", &fault);
    }
    status = operation_open(options.word[0], &operation, &fault);
    if (!status) {
        status = change_until(operation, until, &change, &fault);
    }
    if (status) {
        return command_failed(status, options.word[0], &fault);
    }
    printf("It ends on %s now; the ledger tells who decided.\n", until);
    return EXIT_DONE;
}

const struct command command_extend = {
    "extend", "another end of the operation, by a named person", help,
    extend_run};
