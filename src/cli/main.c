/* sting: find the command in the table and run it. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/workers.h"
#include "operation/nearest.h"
#include "operation/operation.h"

static const struct command *const command[] = {
    &command_new,          &command_check,        &command_cameras,
    &command_bait_add,     &command_bait_declare, &command_bait_strength,
    &command_bait_issue,   &command_bait_list,    &command_bait_copy,
    &command_bait_confirm, &command_bait_receipt, &command_run,
    &command_log,          &command_ack,          &command_alert_test,
    &command_go,           &command_arm,          &command_disarm,
    &command_reindex,      &command_unlock,       &command_dossier,
    &command_exhibit,      &command_trace,        &command_release,
    &command_verify,       &command_renew,        &command_drill,
    &command_replay,       &command_passphrase,   &command_recipients,
    &command_extend,       &command_erase,        &command_backup,
    &command_restore,      &command_close,        &command_import,
    &command_version,
};
static const size_t commands = sizeof command / sizeof *command;

#define MOST_TYPED 64 /* bytes of a command that is told again */

const char *command_what(const char *what, char out[COMMAND_WHAT_SIZE])
{
    snprintf(out, COMMAND_WHAT_SIZE, "%s", what);
    text_clean(out);
    return out;
}

int command_fail(int code, const char *what, const struct fault *fault)
{
    char shown[COMMAND_WHAT_SIZE];
    fprintf(stderr, "sting: %s: %s%s%s\n", command_what(what, shown),
            fault->why, fault->todo[0] ? ": " : "", fault->todo);
    return code;
}

int command_failed(enum sting_status status, const char *what,
                   struct fault *fault)
{
    if (!fault->why[0]) {
        (void)fault_set(fault, status, "", "%s", sting_status_text(status));
    }
    return command_fail(status == STING_E_ARG ? EXIT_USAGE : EXIT_FAILED, what,
                        fault);
}

void command_locks_lacking(const char *what, const char *missing)
{
    if (missing[0]) {
        fprintf(stderr,
                "sting: %s: this kernel lacks %s: a folder made to do harm is "
                "held less tightly\n",
                what, missing);
    }
}

static int version_run(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    puts("sting " STING_VERSION);
    return EXIT_DONE;
}

const struct command command_version = {"version", "print the version",
                                        "usage: sting version\n", version_run};

static bool is_of_family(const struct command *row, const char *word)
{
    size_t length = strcspn(row->name, " ");
    return strlen(word) == length && !strncmp(word, row->name, length);
}

/* All commands, or those whose name begins with this word. */
static int help_print(FILE *out, const char *family)
{
    fputs("usage: sting COMMAND ...    (sting COMMAND --help tells more)\n\n",
          out);
    for (size_t i = 0; i < commands; i++) {
        if (!family || is_of_family(command[i], family)) {
            fprintf(out, "  %-13s  %s\n", command[i]->name,
                    command[i]->summary);
        }
    }
    return out == stdout ? EXIT_DONE : EXIT_USAGE;
}

/* Words of the command's name that argv matches; 0 when it is another. */
static int words_matched(const struct command *row, int argc, char **argv)
{
    const char *second = strchr(row->name, ' ');
    if (argc < 2 || !is_of_family(row, argv[1])) {
        return 0;
    }
    if (!second) {
        return 1;
    }
    return argc > 2 && !strcmp(argv[2], second + 1) ? 2 : 0;
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            return true;
        }
    }
    return false;
}

/* No command: which one was meant. */
static int unknown_tell(const char *typed)
{
    const char *name[sizeof command / sizeof *command];
    for (size_t i = 0; i < commands; i++) {
        name[i] = command[i]->name;
    }
    const char *near = nearest_word(typed, name, commands);
    char shown[COMMAND_WHAT_SIZE];
    fprintf(stderr, "sting: %s: there is no such command: %s%s%s\n",
            command_what(typed, shown),
            near ? "did you mean sting " : "see sting --help", near ? near : "",
            near ? "?" : "");
    return EXIT_USAGE;
}

/* The first word of several commands, alone or with another second word. */
static int family_tell(int argc, char **argv)
{
    char typed[MOST_TYPED];
    bool is_asked = wants_help(argc - 1, argv + 1);
    if (argc < 3 || is_asked) {
        return help_print(is_asked ? stdout : stderr, argv[1]);
    }
    snprintf(typed, sizeof typed, "%s %s", argv[1], argv[2]);
    return unknown_tell(typed);
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "--worker")) {
        return workers_run(argc - 1, argv + 1);
    }
    operation_guard_memory();
    signal(SIGPIPE, SIG_IGN); /* a peer that goes away is an error, no end */
    for (size_t i = 0; i < commands; i++) {
        int words = words_matched(command[i], argc, argv);
        if (words == 0) {
            continue;
        }
        if (wants_help(argc - words, argv + words)) {
            fputs(command[i]->help, stdout);
            return EXIT_DONE;
        }
        return command[i]->run(argc - words, argv + words);
    }
    if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
        !strcmp(argv[1], "help")) {
        return help_print(stdout, NULL);
    }
    if (!strcmp(argv[1], "--version")) {
        return version_run(0, NULL);
    }
    for (size_t i = 0; i < commands; i++) {
        if (is_of_family(command[i], argv[1])) {
            return family_tell(argc, argv);
        }
    }
    return unknown_tell(argv[1]);
}
