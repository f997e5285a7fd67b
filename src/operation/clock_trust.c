#include "operation/clock_trust.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/line.h"

/* A lesser leap moves no day's end by much. */
#define LEAP_US (INT64_C(3600) * 1000000)

/* So much has passed at least: in another boot, all of that. */
static int64_t passed_us(struct moment last, struct moment now)
{
    return now.boot_us >= last.boot_us ? now.boot_us - last.boot_us
                                       : now.boot_us;
}

static void go_on(struct clock_trust *trust, struct moment now)
{
    int64_t passed = passed_us(trust->last, now);
    int64_t leap = now.utc_us - trust->last.utc_us - passed;
    trust->stood_us += passed;
    if (llabs(leap) > LEAP_US) {
        trust->ahead_us += leap;
        trust->stood_us = 0;
    } else if (trust->stood_us >= CLOCK_TRUST_US) {
        trust->ahead_us = 0;
    }
}

void clock_trust_take(struct clock_trust *trust, const struct line *line)
{
    if (trust->has_last) {
        go_on(trust, line->at);
    }
    if (!strcmp(line->kind->name, "clock") &&
        bytes_equal(line_raw(line, "source"), bytes_of_text("ntp"))) {
        trust->ahead_us = 0;
    }
    trust->has_last = true;
    trust->last = line->at;
}

int64_t clock_trust_ahead(const struct clock_trust *trust,
                          const struct clock_state *now)
{
    struct clock_trust then = *trust;
    if (!trust->has_last || now->sync == CLOCK_SYNCED) {
        return 0;
    }
    go_on(&then, now->at);
    return then.ahead_us > 0 ? then.ahead_us : 0;
}
