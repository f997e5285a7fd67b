#include "cli/access_options.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct access access_of(const struct access_options *options,
                        const char *command, const char *of)
{
    return (struct access){
        .command = command,
        .of = of,
        .by = options->by,
        .why = options->reason,
        .passphrase_file = options->passphrase_file.text,
        .passphrase_files = options->passphrase_file.count,
    };
}

static bool is_blank(const char *text)
{
    return !text || text[strspn(text, " \t\r\n")] == '\0';
}

enum sting_status access_reason_need(struct access_options *options,
                                     struct fault *fault)
{
    static char line[ACCESS_MOST_REASON + 2];
    if (is_blank(options->reason) && isatty(STDIN_FILENO) &&
        isatty(STDERR_FILENO)) {
        fputs("Why is it opened? (stands in the ledger) ", stderr);
        if (fgets(line, sizeof line, stdin)) {
            line[strcspn(line, "\r\n")] = '\0';
            options->reason = line;
        }
    }
    return is_blank(options->reason)
               ? fault_set(fault, STING_E_ARG, "say it with --reason TEXT",
                           "people will see what was recorded: why?")
               : STING_OK;
}
