#include "drill/chance.h"

#include <math.h>

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

struct chance chance_of(uint64_t seed, uint64_t stream)
{
    struct chance out = {.has_spare = false};
    uint64_t state = seed ^ (stream * 0xd1342543de82ef95U);
    for (int i = 0; i < 4; i++) {
        out.state[i] = splitmix(&state);
    }
    return out;
}

static uint64_t rotated(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

uint64_t chance_bits(struct chance *chance)
{
    uint64_t *s = chance->state;
    uint64_t out = rotated(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return out;
}

double chance_uniform(struct chance *chance)
{
    return (double)(chance_bits(chance) >> 11) * 0x1p-53;
}

double chance_between(struct chance *chance, double low, double high)
{
    return low + (high - low) * chance_uniform(chance);
}

int chance_below(struct chance *chance, int bound)
{
    return (int)(chance_uniform(chance) * bound);
}

/* Marsaglia's polar method: two normals from one point in the unit disc. */
double chance_normal(struct chance *chance)
{
    if (chance->has_spare) {
        chance->has_spare = false;
        return chance->spare;
    }
    double x;
    double y;
    double square;
    do {
        x = chance_between(chance, -1, 1);
        y = chance_between(chance, -1, 1);
        square = x * x + y * y;
    } while (square >= 1 || square <= 0);
    double scale = sqrt(-2 * log(square) / square);
    chance->spare = y * scale;
    chance->has_spare = true;
    return x * scale;
}

double chance_poisson(struct chance *chance, double mean)
{
    if (mean > 40) {
        double drawn = mean + sqrt(mean) * chance_normal(chance);
        return drawn > 0 ? floor(drawn + 0.5) : 0;
    }
    double limit = exp(-mean);
    double product = chance_uniform(chance);
    int count = 0;
    while (product > limit) {
        product *= chance_uniform(chance);
        count++;
    }
    return count;
}
