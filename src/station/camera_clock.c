#include "station/camera_clock.h"

#include <stdio.h>
#include <stdlib.h>

#define SECOND_US INT64_C(1000000)
#define MUCH_US (2 * SECOND_US)
#define HOUR_US (3600 * SECOND_US)
#define MOST_TOLD 3

/* Is it another than what was told? */
static bool is_news(const struct camera_clock *clock, bool has_jumped)
{
    int64_t more_us = llabs(clock->off_us - clock->told_us);
    int64_t half_us = llabs(clock->told_us) / 2;
    return has_jumped ? more_us > MUCH_US
                      : more_us > (half_us > MUCH_US ? half_us : MUCH_US);
}

static bool may_tell(struct camera_clock *clock, struct moment now)
{
    if (clock->told == 0 || now.boot_us - clock->since_us > HOUR_US) {
        clock->since_us = now.boot_us;
        clock->told = 0;
    }
    return clock->told < MOST_TOLD;
}

bool camera_clock_take(struct camera_clock *clock, int64_t utc_us,
                       int64_t camera_us, struct moment now,
                       char out[CAMERA_CLOCK_SIZE])
{
    char off[CLOCK_OFF_SIZE];
    int64_t off_us = camera_us - utc_us;
    bool has_jumped =
        clock->is_known && llabs(off_us - clock->off_us) > MUCH_US;
    clock->is_known = camera_us > 0;
    if (!clock->is_known) {
        return false;
    }
    clock->off_us = off_us;
    if (!is_news(clock, has_jumped) || !may_tell(clock, now)) {
        return false;
    }
    bool is_right = llabs(off_us) <= MUCH_US;
    (void)snprintf(out, CAMERA_CLOCK_SIZE, "its own clock is %s",
                   is_right ? "right again"
                            : clock_off_text(off_us / 1000, off));
    clock->told_us = is_right ? 0 : off_us;
    clock->told++;
    return true;
}
