#include "drill/feed.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

struct feed feed_of(double wobble_mm, struct chance *chance)
{
    struct feed feed;
    double size = wobble_mm * sqrt(2.0 / FEED_WAVES);
    for (int i = 0; i < FEED_WAVES; i++) {
        feed.number[i] = 2 * pi / chance_between(chance, 5, 60);
        feed.phase[i] = chance_between(chance, 0, 2 * pi);
        feed.size_mm[i] = size;
    }
    return feed;
}

double feed_at(const struct feed *feed, double along_mm)
{
    double sum = 0;
    for (int i = 0; i < FEED_WAVES; i++) {
        sum +=
            feed->size_mm[i] * sin(feed->number[i] * along_mm + feed->phase[i]);
    }
    return sum;
}
