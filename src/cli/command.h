/*
 * command: one row of the table of commands. Each cmd_*.c gives one row;
 * main.c lists them in the order in which help shows them.
 */
#ifndef STING_CLI_COMMAND_H
#define STING_CLI_COMMAND_H

#include "base/fault.h"

/* Exit codes that scripts rely on (docs/formats/json.md). */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_USAGE = 1,  /* wrong use or configuration */
    EXIT_FAILED = 2, /* it could not be done */
    EXIT_NO = 3,     /* the answer is "no" */
    EXIT_INTACT_WITH_GAPS = 10,
    EXIT_CUT = 11,
    EXIT_TAMPERED = 12,
    EXIT_UNVERIFIABLE = 13,
};

struct command {
    const char *name;    /* "bait add": one or two words */
    const char *summary; /* for the list of commands */
    const char *help;    /* usage, options, an example */
    /* argv[0] is the command's last word. Gives an exit code. */
    int (*run)(int argc, char **argv);
};

extern const struct command command_ack;
extern const struct command command_go;
extern const struct command command_alert_test;
extern const struct command command_arm;
extern const struct command command_backup;
extern const struct command command_bait_add;
extern const struct command command_bait_confirm;
extern const struct command command_bait_copy;
extern const struct command command_bait_declare;
extern const struct command command_bait_issue;
extern const struct command command_bait_list;
extern const struct command command_bait_receipt;
extern const struct command command_bait_strength;
extern const struct command command_disarm;
extern const struct command command_drill;
extern const struct command command_exhibit;
extern const struct command command_cameras;
extern const struct command command_check;
extern const struct command command_close;
extern const struct command command_erase;
extern const struct command command_extend;
extern const struct command command_import;
extern const struct command command_log;
extern const struct command command_new;
extern const struct command command_passphrase;
extern const struct command command_recipients;
extern const struct command command_reindex;
extern const struct command command_restore;
extern const struct command command_replay;
extern const struct command command_run;
extern const struct command command_trace;
extern const struct command command_unlock;
extern const struct command command_release;
extern const struct command command_renew;
extern const struct command command_verify;
extern const struct command command_dossier;
extern const struct command command_version;

#define COMMAND_WHAT_SIZE 4096

/* What a message is about, often a name that strangers gave, such that nothing
 * in it steers a terminal; cut where it is longer. Gives out back. */
const char *command_what(const char *what, char out[COMMAND_WHAT_SIZE]);

/* Print `sting: what: why: what to do` on stderr and give `code` back. */
int command_fail(int code, const char *what, const struct fault *fault);

/* The same for a status: a wrong argument is wrong use, all else could not be
 * done. A fault that says nothing is told by the status's own words. */
int command_failed(enum sting_status status, const char *what,
                   struct fault *fault);

/* Tell which locks this kernel lacks, that hold a worker which reads what
 * strangers gave; nothing when `missing` is "". */
void command_locks_lacking(const char *what, const char *missing);

#endif
