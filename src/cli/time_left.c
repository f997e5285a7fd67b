#include "cli/time_left.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>

#define LEAST_PAST_S 1.0

static const struct {
    double from_s, unit_s;
    const char *unit;
} scale[] = {{7200, 3600, "h"}, {120, 60, "min"}, {0, 1, "s"}};

void time_left_print(double past_s, double share)
{
    if (past_s < LEAST_PAST_S || !(share > 0)) {
        return;
    }
    double left_s = past_s * fmax(1 - share, 0) / share;
    size_t i = 0;
    while (left_s < scale[i].from_s) {
        i++;
    }
    fprintf(stderr, ", about %.0f %s left", left_s / scale[i].unit_s,
            scale[i].unit);
}
