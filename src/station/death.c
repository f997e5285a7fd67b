#include "station/death.h"

#include "ledger/line.h"
#include "station/desk.h"

#define SECOND_US INT64_C(1000000)
#define MOST_SHIFT 7
#define MOST_PAUSE_US (30 * SECOND_US)

static int64_t pause_us(unsigned count)
{
    int64_t pause = SECOND_US / 4 << (count < MOST_SHIFT ? count : MOST_SHIFT);
    return pause < MOST_PAUSE_US ? pause : MOST_PAUSE_US;
}

void death_tell(struct deaths *deaths, struct desk *desk, struct moment now,
                struct worker *worker, const char *of, const char *cause)
{
    const char *name = worker_name(worker->kind);
    const char *how = worker_stop_why(worker, 0);
    const struct tale tale = {.event = "worker", .state = "died"};
    how = cause ? cause : how;
    const struct line_field field[] = {
        {"name", name}, {"state", "died"}, {"why", how}, {"of", of}};
    deaths->again_us = now.boot_us + pause_us(deaths->count++);
    tell(desk->teller, &tale, "the %s worker (%s) %s", name, of, how);
    desk_line(desk, now, "worker", field, sizeof field / sizeof *field);
}

static void unstarted_tell(struct desk *desk, struct moment now,
                           enum worker_kind kind, const char *of,
                           const char *why)
{
    const struct tale tale = {.event = "worker", .state = "failed"};
    const struct line_field field[] = {{"name", worker_name(kind)},
                                       {"state", "failed"},
                                       {"why", why},
                                       {"of", of}};
    tell(desk->teller, &tale, "(%s) %s", of, why);
    desk_line(desk, now, "worker", field, sizeof field / sizeof *field);
}

enum sting_status deaths_start(struct deaths *deaths, struct desk *desk,
                               struct moment now, enum worker_kind kind,
                               struct worker *out, const char *of)
{
    struct fault fault = {"", ""};
    if (!deaths_are_over(deaths, now)) {
        return STING_E_BUSY;
    }
    enum sting_status status = worker_start(kind, out, &fault);
    if (status) {
        deaths->again_us = now.boot_us + pause_us(deaths->count++);
    }
    if (status && !deaths->is_unstarted) {
        unstarted_tell(desk, now, kind, of, fault.why);
    }
    deaths->is_unstarted = status != STING_OK;
    return status;
}

const char *death_cause(enum sting_status status)
{
    return status == STING_E_ABSENT || status == STING_E_IO
               ? NULL
               : "sent what makes no sense, or is cut";
}

bool deaths_are_over(const struct deaths *deaths, struct moment now)
{
    return now.boot_us >= deaths->again_us;
}
