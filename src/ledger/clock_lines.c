/* What becomes of the clock: its steps, its sleep, who keeps it right. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ledger/ledger_state.h"

/* A jump of the wall clock against the boot clock that is told. NTP turns
 * the clock more slowly than that between two lines of a minute. */
#define STEP_US 500000
/* Asleep for longer than that is told. */
#define SLEEP_US 500000
/* A caller's look at the clock may be so old; what is older was no look at
 * this clock. */
#define STALE_US INT64_C(60000000)

#define NUMBER_SIZE 24

struct moment ledger_moment(const struct ledger *ledger, struct moment now)
{
    int64_t behind_us = ledger->last_boot_us - now.boot_us;
    if (!ledger->has_offset || behind_us <= 0) {
        return now;
    }
    now.boot_us += behind_us;
    now.utc_us += behind_us < STALE_US ? behind_us : 0;
    return now;
}

/* One `clock` line; what is 0 or not known is left out. */
static enum sting_status append_clock(struct ledger *ledger, struct moment at,
                                      const char *state, int64_t step_us,
                                      int64_t slept_us, struct fault *fault)
{
    static const char *const source[] = {
        [CLOCK_UNKNOWN] = NULL, [CLOCK_FREE] = "free", [CLOCK_SYNCED] = "ntp"};
    static const char *const leap[] = {"out", NULL, "in"};
    const struct clock_state *clock = &ledger->clock;
    const int64_t number[] = {step_us, slept_us, clock->error_us,
                              clock->most_us};
    char text[4][NUMBER_SIZE];
    for (size_t i = 0; i < sizeof number / sizeof *number; i++) {
        snprintf(text[i], sizeof text[i], "%" PRId64, number[i]);
    }
    bool known = clock->sync != CLOCK_UNKNOWN;
    const struct line_field field[] = {{"state", state},
                                       {"step_us", step_us ? text[0] : NULL},
                                       {"source", source[clock->sync]},
                                       {"error_us", known ? text[2] : NULL},
                                       {"most_us", known ? text[3] : NULL},
                                       {"slept_us", slept_us ? text[1] : NULL},
                                       {"leap", leap[clock->leap + 1]}};
    return ledger_append_line(ledger, at, "clock", field,
                              sizeof field / sizeof *field, NULL, fault);
}

enum sting_status ledger_clock_step(struct ledger *ledger, struct moment at,
                                    struct fault *fault)
{
    int64_t step_us = at.utc_us - at.boot_us - ledger->offset_us;
    if (!ledger->tells_clock || !ledger->has_offset || ledger->is_closed ||
        llabs(step_us) < STEP_US) {
        return STING_OK;
    }
    return append_clock(ledger, at, "step", step_us, 0, fault);
}

/* Behind the last line, of whatever boot: told as `back`. Elsewhere, within
 * this boot, as a step. */
enum sting_status ledger_clock_start(struct ledger *ledger, struct moment now,
                                     const struct ledger_clock_before *before,
                                     struct fault *fault)
{
    struct moment at = ledger_moment(ledger, now);
    int64_t back_us = at.utc_us - before->utc_us;
    int64_t step_us = at.utc_us - at.boot_us - before->offset_us;
    enum sting_status status = STING_OK;
    if (back_us < 0) {
        status = append_clock(ledger, at, "back", back_us, 0, fault);
    } else if (before->has_offset && llabs(step_us) >= STEP_US) {
        status = append_clock(ledger, at, "step", step_us, 0, fault);
    }
    if (!status) {
        status = append_clock(ledger, at, "start", 0, 0, fault);
    }
    ledger->tells_clock = true;
    return status;
}

static int64_t asleep_us(const struct clock_state *clock)
{
    return clock->awake_us ? clock->at.boot_us - clock->awake_us : 0;
}

enum sting_status ledger_clock(struct ledger *ledger,
                               const struct clock_state *clock,
                               struct fault *fault)
{
    const struct clock_state before = ledger->clock;
    int64_t slept_us = before.awake_us && clock->awake_us
                           ? asleep_us(clock) - asleep_us(&before)
                           : 0;
    struct moment at = ledger_moment(ledger, clock->at);
    enum sting_status status = STING_OK;
    if (ledger->is_broken) {
        return ledger_refuse_broken(fault);
    }
    ledger->clock = *clock;
    status = ledger_clock_step(ledger, at, fault);
    if (!status && slept_us >= SLEEP_US) {
        status = append_clock(ledger, at, "suspend", 0, slept_us, fault);
    }
    bool is_other = clock->sync != before.sync || clock->leap != before.leap;
    if (!status && is_other) {
        status = append_clock(ledger, at, "sync", 0, 0, fault);
    }
    return status;
}
