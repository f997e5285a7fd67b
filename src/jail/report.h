/*
 * report: what a new worker says on its channel before the first message:
 * that it is locked in, or why not.
 */
#ifndef STING_JAIL_REPORT_H
#define STING_JAIL_REPORT_H

#include "base/base.h"

#define REPORT_MARK 0x73746e67u
#define REPORT_PASSED 2 /* descriptors that may go with it */

struct report {
    uint32_t mark;
    int32_t status;    /* enum sting_status */
    int32_t error;     /* errno where status is E_IO, or 0 */
    char missing[200]; /* or, of what failed, its name */
};

/* Send a report, with those descriptors that come before a -1; NULL: none.
 * Fails: E_IO. */
STING_MUST_USE enum sting_status report_send(int channel,
                                             const struct report *report,
                                             const int passed[REPORT_PASSED]);

/* Wait for one; each of `passed` is then -1 or a descriptor that the caller
 * owns; it may be NULL. Fails: E_IO when none came whole within timeout_ms. */
STING_MUST_USE enum sting_status report_receive(int channel, int timeout_ms,
                                                struct report *out,
                                                int passed[REPORT_PASSED]);

#endif
