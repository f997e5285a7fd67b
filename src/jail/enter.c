/* The new worker locks itself in. */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "jail/jail.h"
#include "jail/report.h"

static void missing_add(struct report *report, const char *what)
{
    size_t used = strlen(report->missing);
    snprintf(report->missing + used, sizeof report->missing - used, "%s%s",
             used ? ", " : "", what);
}

/* A lock that the kernel lacks is named; one that it refuses ends us. */
static enum sting_status settle(struct report *report, const char *what,
                                enum sting_status status)
{
    if (status == STING_E_UNSUPPORTED) {
        missing_add(report, what);
        return STING_OK;
    }
    if (status) {
        report->error = errno;
        snprintf(report->missing, sizeof report->missing, "%s", what);
    }
    return status;
}

static uint16_t port_read(const char *text)
{
    unsigned long port = text ? strtoul(text, NULL, 10) : 0;
    return port <= UINT16_MAX ? (uint16_t)port : 0;
}

/* "554" or "554,8554". */
static void ports_read(const char *text, uint16_t out[JAIL_PORTS])
{
    const char *comma = text ? strchr(text, ',') : NULL;
    out[0] = port_read(text);
    out[1] = port_read(comma ? comma + 1 : NULL);
}

/* When the core dies, so do we. Whoever changes its user or capabilities
 * loses this wish, so it is made once more after that. */
static enum sting_status parent_follow(void)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 ? STING_OK : STING_E_IO;
}

static enum sting_status lock_in(const struct jail_row *row,
                                 const uint16_t port[JAIL_PORTS],
                                 struct report *report)
{
    bool has_ports = false;
    enum sting_status status =
        settle(report, "a user of its own", jail_privileges(row));
    if (!status) {
        status = settle(report, "parent", parent_follow());
    }
    if (!status) {
        status = settle(report, "limits", jail_limits(row));
    }
    if (!status) {
        status =
            settle(report, "Landlock", jail_landlock(row, port, &has_ports));
    }
    if (!status && !has_ports && (row->groups & JAIL_CONNECT)) {
        missing_add(report, "Landlock's port rule");
    }
    return status;
}

enum sting_status worker_enter(enum worker_kind kind, const char *ports,
                               char missing[200])
{
    struct report report = {.mark = REPORT_MARK};
    uint16_t port[JAIL_PORTS];
    if (kind >= WORKER_KINDS) {
        return STING_E_ARG;
    }
    const struct jail_row *row = &jail_row[kind];
    /* With TZ set, the C library reads its file now and never again, instead
     * of at each localtime(). */
    setenv("TZ", "UTC0", 1);
    tzset();
    /* A second heap, shrunk, would read /proc/sys/vm/overcommit_memory. */
    mallopt(M_ARENA_MAX, 1);
    ports_read(ports, port);
    enum sting_status status = lock_in(row, port, &report);
    if (!status) {
        status = settle(&report, "seccomp", jail_seccomp(row));
    }
    report.status = status;
    memcpy(missing, report.missing, sizeof report.missing);
    enum sting_status told = report_send(WORKER_CHANNEL_FD, &report, NULL);
    return status ? status : told;
}
