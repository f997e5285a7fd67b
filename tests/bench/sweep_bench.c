/* How long it takes to score every copy issued, on one core: a million codes
 * of a page of 830 words, beside the same key stream from OpenSSL alone, which
 * is what any program has to make to know the codes.
 * Prints: figure, value, peer or goal, its value. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>

#include "image/seeded.h"
#include "mark/code.h"
#include "mark/sweep.h"

#define UNITS 830
#define COPIES 1000000
#define AT_ONCE 10000
#define BLOCKS 14 /* of ChaCha20 a copy: its key, and 64 units each */
#define BLOCK_BYTES 64

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void must(bool holds)
{
    if (!holds) {
        fputs("sweep_bench: out of memory\n", stderr);
        exit(1);
    }
}

static struct sweep *page_of_words(void)
{
    static double a[UNITS];
    static uint8_t threshold[UNITS];
    struct seeded seeded = {4};
    struct secret document, bias;
    struct sweep *sweep = NULL;
    memset(&document, 0x5a, sizeof document);
    mark_bias_key(&document, 0, &bias);
    mark_bias(&bias, UNITS, threshold);
    for (int u = 0; u < UNITS; u++) {
        a[u] = round(SWEEP_ONE * seeded_normal(&seeded)) / SWEEP_ONE;
    }
    const struct sweep_page page = {0, UNITS, a, threshold};
    must(!sweep_new(&sweep, &document, &page, 1));
    return sweep;
}

/* Seconds to sweep them all, and the best sum, so that all were looked at. */
static double sweep_s(const struct sweep *sweep, double *best)
{
    static uint32_t copy[AT_ONCE];
    static double sum[AT_ONCE];
    double begin = now_s();
    for (uint32_t first = 1; first <= COPIES; first += AT_ONCE) {
        for (uint32_t i = 0; i < AT_ONCE; i++) {
            copy[i] = first + i;
        }
        sweep_copies(sweep, copy, AT_ONCE, sum);
        for (uint32_t i = 0; i < AT_ONCE; i++) {
            *best = fmax(*best, sum[i]);
        }
    }
    return now_s() - begin;
}

/* As much key stream by OpenSSL, under one key: it need not even change it. */
static double stream_s(void)
{
    static uint8_t zero[AT_ONCE * BLOCK_BYTES], out[sizeof zero];
    const uint8_t key[32] = {1}, iv[16] = {0};
    int size = 0;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    must(context && EVP_EncryptInit_ex(context, EVP_chacha20(), NULL, key, iv));
    double begin = now_s();
    for (uint32_t i = 0; i < (uint32_t)COPIES / AT_ONCE * BLOCKS; i++) {
        must(EVP_EncryptUpdate(context, out, &size, zero, sizeof zero));
    }
    double spent = now_s() - begin;
    EVP_CIPHER_CTX_free(context);
    return spent;
}

int main(void)
{
    struct sweep *sweep STING_AUTO(sweep_free) = page_of_words();
    double best = -INFINITY;
    double spent = sweep_s(sweep, &best);
    double limit = stream_s();
    fprintf(stderr, "best of %d sums: %.2f\n", COPIES, best);
    printf("10^6 copies of a page of %d words scored\t%.2f s\tgoal, one "
           "core\t1 s\t%s\n",
           UNITS, spent, spent < 1 ? "met" : "MISSED");
    printf("the same, key stream alone\t%.2f s\tChaCha20 of OpenSSL, one "
           "key\t%.2f s\n",
           spent, limit);
    return 0;
}
