#include "base/beat.h"

#define SECOND_US INT64_C(1000000)
#define STILL_US (3 * SECOND_US)
#define AFTER_US (10 * SECOND_US)

bool beat_take(struct beat *beat, int64_t boot_us)
{
    int64_t pause_us = beat->last_us > 0 ? boot_us - beat->last_us : 0;
    bool stood = pause_us > STILL_US;
    beat->last_us = boot_us;
    if (stood) {
        beat->stood_us = pause_us;
        beat->again_us = boot_us;
    }
    return stood;
}

bool beat_stood(const struct beat *beat, int64_t boot_us)
{
    return beat->again_us > 0 && boot_us - beat->again_us < AFTER_US;
}

int beat_stood_s(const struct beat *beat)
{
    return (int)((beat->stood_us + SECOND_US / 2) / SECOND_US);
}
