#include "operation/clock_seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define SAME_MS 100
#define MOST_MS (INT64_C(136) * 366 * 86400 * 1000) /* 1970 to 2106 */
#define LATER_US INT64_C(15000000)
#define MOST_US INT64_C(3600000000)

void clocks_seen_release(struct clocks_seen *clocks)
{
    free(clocks->run);
    *clocks = (struct clocks_seen){0};
}

static bool line_says(const struct line *line, struct clock_seen *out)
{
    int64_t us = 0;
    if (line_integer(line, "clock_ms", &out->off_ms) ||
        line_time(line, "t0", &out->from_us) || line_integer(line, "us", &us)) {
        return false;
    }
    out->to_us = out->from_us + us;
    return us > 0 && us <= MOST_US && llabs(out->off_ms) <= MOST_MS;
}

static bool is_same(const struct clock_seen *last, const struct clock_seen *one)
{
    return llabs(one->off_ms - last->off_ms) <= SAME_MS &&
           one->from_us >= last->from_us &&
           one->from_us <= last->to_us + LATER_US;
}

enum sting_status clocks_seen_take(struct clocks_seen *clocks,
                                   const struct line *line)
{
    struct clock_seen one;
    if (!line_says(line, &one)) {
        return STING_OK;
    }
    struct clock_seen *last =
        clocks->runs ? &clocks->run[clocks->runs - 1] : NULL;
    if (last && is_same(last, &one)) {
        last->to_us = one.to_us > last->to_us ? one.to_us : last->to_us;
        return STING_OK;
    }
    struct clock_seen *to = array_add_newest(&clocks->run, &clocks->runs,
                                             CLOCK_SEEN_MOST, sizeof one);
    if (!to) {
        return STING_E_NOMEM;
    }
    *to = one;
    return STING_OK;
}

bool clocks_seen_at(const struct clocks_seen *clocks, int64_t utc_us,
                    int64_t *off_ms)
{
    for (size_t i = clocks->runs; i-- > 0;) {
        const struct clock_seen *run = &clocks->run[i];
        if (utc_us >= run->from_us && utc_us <= run->to_us + LATER_US) {
            *off_ms = run->off_ms;
            return true;
        }
    }
    return false;
}
