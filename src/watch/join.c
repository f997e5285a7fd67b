#include "watch/join.h"

int64_t join_place(struct join *join, int64_t at_us, struct moment came,
                   bool key, int64_t less_boot_us)
{
    bool jumped = false;
    bool is_first = !join->has_begun;
    if (is_first) {
        time_line_begin(&join->line, at_us, came.boot_us, came);
        join->has_begun = true;
    }
    int64_t line_us = time_line_add(&join->line, at_us, came, &jumped);
    int64_t taken_us = time_line_host(&join->line, line_us, came).boot_us;
    if (is_first || jumped || key) {
        int64_t place_us = taken_us + less_boot_us;
        if (!is_first && place_us <= join->last_us) {
            place_us = join->last_us + 1;
        }
        join->shift_us = place_us - at_us;
    }
    int64_t place_us = at_us + join->shift_us;
    join->last_us =
        is_first || place_us > join->last_us ? place_us : join->last_us;
    return place_us;
}
