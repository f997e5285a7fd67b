#include "station/back_off.h"

#define SECOND_US INT64_C(1000000)
#define LEAST_US (SECOND_US / 4)

static const int64_t most_us[] = {
    [BACK_OFF_OTHER] = 5 * SECOND_US,
    [BACK_OFF_SOON] = 3 * SECOND_US / 2, /* and a start, within 2 s */
    [BACK_OFF_AWAY] = LEAST_US};

int64_t back_off_us(unsigned failures, enum back_off_cause cause)
{
    int64_t pause_us = failures == 0 ? LEAST_US : SECOND_US * failures;
    return pause_us < most_us[cause] ? pause_us : most_us[cause];
}
