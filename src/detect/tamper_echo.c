#include "detect/tamper_echo.h"

#include <math.h>
#include <stdlib.h>

#define FOLLOWS 16    /* looks that the usual is made of */
#define KNOWN_LOOKS 8 /* before that nothing is compared */
#define JUMP 1.5F     /* times the usual tremble: another light, or somebody */
#define EDGE_PART 8   /* of the height, above and below: clocks tick there */
#define BLOCK_LEAST_PX 2
#define BLOCK_MOST_PX 8
#define PLAIN 4.0F /* times the tremble: little but noise is there */
#define FEWEST_PLACES 512
#define NEAREST 4 /* looks: cameras smooth in time */
#define FEWEST_LAGS 8
#define AT_ONCE 16       /* words: a byte of each has 8 ones at most */
#define MOST_OVER 5.25F  /* two looks are never heard: a lamp may flash */
#define CLIP 3.0F        /* of the usual: a few are echoes */
#define MOST_SPREAD 2.0F /* of all distances: light that beats, no echo */
#define DRIFT 1.5F       /* deviations a look; grain leaves 3 to 4 */
#define HEARD 8.0F       /* chance reaches that in exp(-2 * 1.5 * 8) */
#define MOST (1.75F * HEARD)

enum sting_status echo_init(struct echo *out)
{
    struct echo e = {.count = 0};
    e.ring = calloc(ECHO_RING, sizeof *e.ring);
    e.usual = calloc(ECHO_PLACES, sizeof *e.usual);
    e.last = calloc(ECHO_PLACES, sizeof *e.last);
    e.sum = calloc(ECHO_RING, sizeof *e.sum);
    if (!e.ring || !e.usual || !e.last || !e.sum) {
        echo_release(&e);
        return STING_E_NOMEM;
    }
    *out = e;
    return STING_OK;
}

void echo_release(struct echo *echo)
{
    free(echo->ring);
    free(echo->usual);
    free(echo->last);
    free(echo->sum);
    *echo = (struct echo){0};
}

static float block_sum(const struct plane *picture, int x, int y, int side)
{
    uint32_t sum = 0;
    for (int j = y; j < y + side; j++) {
        const uint8_t *row = plane_row(picture, j);
        for (int i = x; i < x + side; i++) {
            sum += row[i];
        }
    }
    return (float)sum / (float)(side * side);
}

/* Of two blocks side by side how much the right one is lighter, for as many
 * pairs as lie in the picture. Gives how many. */
static int pairs_take(const struct plane *picture, float *out)
{
    int edge = picture->height_px / EDGE_PART;
    int high = picture->height_px - 2 * edge, wide = picture->width_px;
    int side = (int)sqrtf((float)high * (float)wide / (2.0F * ECHO_PLACES));
    side = side < BLOCK_LEAST_PX  ? BLOCK_LEAST_PX
           : side > BLOCK_MOST_PX ? BLOCK_MOST_PX
                                  : side;
    int across = wide / (2 * side), down = high / side;
    int pairs = across * down;
    int most = pairs < ECHO_PLACES ? pairs : ECHO_PLACES;
    for (int i = 0; i < most; i++) { /* spread evenly */
        int pair = (int)((int64_t)i * pairs / most);
        int x = pair % across * 2 * side, y = edge + pair / across * side;
        out[i] = block_sum(picture, x + side, y, side) -
                 block_sum(picture, x, y, side);
    }
    return most;
}

static float tremble_of(const struct echo *e, const float *now, int pairs)
{
    float sum = 0;
    for (int i = 0; i < pairs; i++) {
        sum += fabsf(now[i] - e->last[i]);
    }
    return sum / (float)pairs;
}

/* *says: which places show little but noise. */
static void bits_take(const struct echo *e, const float *now, int pairs,
                      struct echo_look *out, uint64_t says[ECHO_WORDS])
{
    for (int i = 0; i < pairs; i++) {
        float off = now[i] - e->last[i];
        uint64_t bit = UINT64_C(1) << (i % 64);
        out->bits[i / 64] |= off > 0 ? bit : 0;
        says[i / 64] |=
            off != 0 && fabsf(e->usual[i]) < PLAIN * e->tremble ? bit : 0;
    }
}

static void usual_follow(struct echo *e, const float *now, int pairs,
                         float tremble)
{
    int most = e->looks + 1 < FOLLOWS ? e->looks + 1 : FOLLOWS;
    for (int i = 0; i < pairs; i++) {
        e->usual[i] += (now[i] - e->usual[i]) / (float)most;
        e->last[i] = now[i];
    }
    if (e->looks > 0) {
        e->tremble += (tremble - e->tremble) / (float)most *
                      (e->looks == 1 ? (float)most : 1.0F);
    }
    e->looks++;
}

/* Ones of each byte. */
static uint64_t byte_ones(uint64_t word)
{
    word -= word >> 1 & 0x5555555555555555U;
    word = (word & 0x3333333333333333U) + (word >> 2 & 0x3333333333333333U);
    return (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0fU;
}

/* In which of those that say something the two differ; bytes are summed while
 * they hold that, which goes by vectors. */
static int differing(const uint64_t *a, const uint64_t *b, const uint64_t *says)
{
    uint64_t all = 0;
    for (int i = 0; i < ECHO_WORDS; i += AT_ONCE) {
        uint64_t bytes = 0;
        for (int k = i; k < i + AT_ONCE; k++) {
            bytes += byte_ones(says[k] & (a[k] ^ b[k]));
        }
        bytes =
            (bytes & 0x00ff00ff00ff00ffU) + (bytes >> 8 & 0x00ff00ff00ff00ffU);
        all += bytes * 0x0001000100010001U >> 48;
    }
    return (int)all;
}

static int bits_in(const uint64_t word[ECHO_WORDS])
{
    static const uint64_t none[ECHO_WORDS] = {0};
    return differing(word, none, word);
}

/* How far over chance they agree, in deviations. */
static float agreement(const struct echo_look *a, const struct echo_look *b,
                       const uint64_t says[ECHO_WORDS], int places)
{
    int other = differing(a->bits, b->bits, says);
    return (float)(places - 2 * other) / sqrtf((float)places);
}

/* Beside what is usual among all distances; false: that says nothing. */
static bool usual_remove(float *over, const bool *known, int most)
{
    float sum = 0, squares = 0;
    int count = 0;
    for (int lag = NEAREST; lag <= most; lag++) {
        if (known[lag]) {
            float part = fmaxf(-CLIP, fminf(over[lag], CLIP));
            sum += part;
            squares += part * part;
            count++;
        }
    }
    if (count < FEWEST_LAGS) {
        return false;
    }
    float mean = sum / (float)count;
    float spread = sqrtf(fmaxf(squares / (float)count - mean * mean, 1));
    for (int lag = NEAREST; lag <= most; lag++) {
        over[lag] =
            known[lag] ? fminf((over[lag] - mean) / spread, MOST_OVER) : 0;
    }
    return spread < MOST_SPREAD;
}

static void lags_judge(struct echo *e, const struct echo_look *now,
                       const uint64_t says[ECHO_WORDS])
{
    float over[ECHO_RING] = {0};
    bool known[ECHO_RING] = {false};
    int most = e->count < ECHO_RING ? e->count : ECHO_RING - 1;
    int places = bits_in(says);
    for (int lag = NEAREST; lag <= most; lag++) {
        const struct echo_look *then = &e->ring[(e->count - lag) % ECHO_RING];
        known[lag] = now->is_known && then->is_known && places >= FEWEST_PLACES;
        over[lag] = known[lag] ? agreement(now, then, says, places) : 0;
    }
    bool is_usual = usual_remove(over, known, most);
    for (int lag = NEAREST; lag <= most; lag++) {
        float sum = e->sum[lag] + (is_usual ? over[lag] : 0) - DRIFT;
        e->sum[lag] = fmaxf(0, fminf(sum, MOST));
        e->is_heard |= e->sum[lag] > HEARD;
    }
}

void echo_look(struct echo *echo, const struct plane *picture)
{
    struct echo *e = echo;
    float now[ECHO_PLACES];
    struct echo_look look = {.is_known = false};
    uint64_t says[ECHO_WORDS] = {0};
    int pairs = pairs_take(picture, now);
    float tremble = tremble_of(e, now, pairs);
    if (e->looks >= KNOWN_LOOKS && tremble > JUMP * e->tremble + 0.05F) {
        e->looks = 0;
    }
    look.is_known = e->looks >= KNOWN_LOOKS;
    bits_take(e, now, pairs, &look, says);
    e->is_heard = false;
    lags_judge(e, &look, says);
    usual_follow(e, now, pairs, tremble);
    e->ring[e->count++ % ECHO_RING] = look;
}
