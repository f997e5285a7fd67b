#include "detect/page_ring.h"

#include <math.h>

#define FEWEST 4   /* looks, before what is known is known */
#define MOST 30    /* older ones fade */
#define LEAST 0.5F /* of less, coding may leave now more, now nothing */
#define LEFT 0.4F
#define TELLING 3.0F /* deviations: so strong it was */
#define SOON 3.0F    /* looks: so long it may be waited for */

static void follow(float *mean, int *looks, float value)
{
    *looks += *looks < MOST;
    *mean += (value - *mean) / (float)*looks;
}

void page_ring_follow(struct page_ring *ring, const struct page_evidence *seen,
                      bool is_in_view)
{
    if (is_in_view) {
        follow(&ring->known, &ring->known_looks, seen->ring_print);
        ring->since = 0;
        ring->since_looks = 0;
    } else {
        follow(&ring->since, &ring->since_looks, seen->ring_print);
    }
}

bool page_ring_is_gone(const struct page_ring *ring, float unsure)
{
    if (ring->known_looks < FEWEST || ring->since_looks == 0 ||
        ring->known < LEAST) {
        return false;
    }
    int looks = ring->since_looks;
    bool tells = ring->known > TELLING * unsure / sqrtf((float)looks);
    bool will_tell = ring->known > TELLING * unsure / sqrtf(SOON);
    return tells ? ring->since < LEFT * ring->known : will_tell;
}
