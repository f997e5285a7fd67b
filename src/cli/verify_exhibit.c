#include "cli/verify_exhibit.h"

#include <stdio.h>

#include "cli/command.h"
#include "exhibit/check_folder.h"
#include "exhibit/check_worker.h"

static int exit_of(enum verify_verdict verdict)
{
    return verdict == VERIFY_INTACT         ? EXIT_DONE
           : verdict == VERIFY_GAPS         ? EXIT_INTACT_WITH_GAPS
           : verdict == VERIFY_UNVERIFIABLE ? EXIT_UNVERIFIABLE
                                            : EXIT_TAMPERED;
}

int verify_exhibit(int folder, const char *name, const char *case_key,
                   const struct outside *outside, bool as_json,
                   struct fault *fault)
{
    struct verify_known known = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct check_report report;
    char expected[CHECK_EXPECTED_SIZE], missing[200] = "";
    if (outside->anchor_file.count > 0) {
        return command_fail(
            EXIT_USAGE, name,
            fault_said(fault, "--anchor is for operations: look for its three "
                              "lines in data/ledger/checkpoint.txt and "
                              "epochs.txt"));
    }
    outside_set(outside, &known);
    check_expected_read(case_key ? case_key : "", expected);
    enum sting_status status =
        exhibit_check_ask(folder, expected, &known, &report, missing, fault);
    if (!status) {
        status = as_json ? check_report_json(&report, &out)
                         : check_report_text(&report, &out);
    }
    if (status) {
        if (!fault->why[0]) {
            (void)fault_set(fault, status, "", "%s", sting_status_text(status));
        }
        return command_fail(EXIT_FAILED, name, fault);
    }
    command_locks_lacking("verify", missing);
    if (fputs(buffer_text(&out), stdout) == EOF) {
        return EXIT_FAILED;
    }
    return exit_of(report.verdict);
}
