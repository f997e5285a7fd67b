#include "watch/time_line.h"

#define MOST_EARLY_US INT64_C(1000000)
#define MOST_BACK_US INT64_C(1000000)
#define MOST_HOLE_US INT64_C(10000000)
#define USUAL_STEP_US INT64_C(40000)
#define FORGOTTEN 1000 /* one part in so many */
#define LEARNS_US INT64_C(10000000)

void time_line_begin(struct time_line *line, int64_t camera_us,
                     int64_t origin_us, struct moment now)
{
    *line = (struct time_line){.shift_us = origin_us - camera_us,
                               .last_us = origin_us,
                               .heard_us = now.boot_us,
                               .delay_us = now.boot_us - origin_us,
                               .back_us = now.boot_us};
}

/* Before one that was there already, by less than what is a jump anyway. Who
 * does so in its first seconds, or twice in as many, sends pictures in another
 * order than it takes them. */
static bool is_set_back(struct time_line *line, int64_t at_us,
                        struct moment now)
{
    if (at_us >= line->last_us || line->reorders) {
        return false;
    }
    line->reorders = now.boot_us - line->back_us < LEARNS_US;
    line->back_us = now.boot_us;
    return !line->reorders;
}

static bool has_jumped(struct time_line *line, int64_t at_us, struct moment now)
{
    return now.boot_us - at_us < line->delay_us - MOST_EARLY_US ||
           at_us < line->last_us - MOST_BACK_US ||
           at_us > line->last_us + MOST_HOLE_US ||
           is_set_back(line, at_us, now);
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
