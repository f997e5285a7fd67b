#include "pdf/flate_sum.h"

#define ADLER 65521

struct flate_sums flate_sums_of(const uint8_t *byte, size_t size)
{
    struct flate_sums sums = {.size = (uint32_t)size};
    uint64_t first = 0, second = 0;
    for (size_t i = 0; i < size; i++) {
        first += byte[i];
        second += first;
        if ((i & 4095) == 4095) {
            first %= ADLER;
            second %= ADLER;
        }
    }
    sums.first = (uint32_t)(first % ADLER);
    sums.second = (uint32_t)(second % ADLER);
    return sums;
}

void flate_sums_add(struct flate_sums *all, const struct flate_sums *more)
{
    uint64_t first = all->first;
    uint64_t second = all->second + first * more->size + more->second;
    all->size += more->size;
    all->first = (uint32_t)((first + more->first) % ADLER);
    all->second = (uint32_t)(second % ADLER);
}

/* The sum of RFC 1950 begins at 1, which each byte then adds once more. */
uint32_t flate_sums_check(const struct flate_sums *all)
{
    uint32_t first = (all->first + 1) % ADLER;
    uint32_t second = (all->second + all->size % ADLER) % ADLER;
    return second << 16 | first;
}
