#include "watch/time_line.h"

#define MOST_EARLY_US INT64_C(1000000)
#define MOST_BACK_US INT64_C(1000000)
#define MOST_HOLE_US INT64_C(10000000)
#define USUAL_STEP_US INT64_C(40000)
#define FORGOTTEN 1000 /* one part in so many */

void time_line_begin(struct time_line *line, int64_t camera_us,
                     int64_t origin_us, struct moment now)
{
    *line = (struct time_line){.shift_us = origin_us - camera_us,
                               .last_us = origin_us,
                               .heard_us = now.boot_us,
                               .delay_us = now.boot_us - origin_us};
}

static bool has_jumped(const struct time_line *line, int64_t at_us,
                       struct moment now)
{
    return now.boot_us - at_us < line->delay_us - MOST_EARLY_US ||
           at_us < line->last_us - MOST_BACK_US ||
           at_us > line->last_us + MOST_HOLE_US;
}

int64_t time_line_add(struct time_line *line, int64_t camera_us,
                      struct moment now, bool *jumped)
{
    int64_t at_us = camera_us + line->shift_us;
    *jumped = has_jumped(line, at_us, now);
    if (*jumped) {
        /* Where it would lie by its arrival, but after all that lies there. */
        int64_t arrived_us = now.boot_us - line->delay_us;
        int64_t least_us = line->last_us + USUAL_STEP_US;
        at_us = arrived_us > least_us ? arrived_us : least_us;
        line->shift_us = at_us - camera_us;
    }
    int64_t delay_us = now.boot_us - at_us;
    line->delay_us +=
        (now.boot_us - line->heard_us + FORGOTTEN / 2) / FORGOTTEN;
    line->delay_us = delay_us < line->delay_us ? delay_us : line->delay_us;
    line->heard_us = now.boot_us;
    line->last_us = at_us > line->last_us ? at_us : line->last_us;
    return at_us;
}

struct moment time_line_host(const struct time_line *line, int64_t at_us,
                             struct moment now)
{
    int64_t boot_us = at_us + line->delay_us;
    return (struct moment){.utc_us = now.utc_us - now.boot_us + boot_us,
                           .boot_us = boot_us};
}
