#include "mark/fact.h"

#include <math.h>
#include <string.h>

#include "crypt/stream.h"

static const double slip[] = {0.001, 0.03, 0.2};
#define SLIPS (sizeof slip / sizeof *slip)

uint32_t fact_choices(const struct fact *fact)
{
    uint32_t choices = 1;
    if (fact->digits == 0) {
        return fact->values;
    }
    for (uint32_t i = 0; i < fact->digits; i++) {
        choices *= 10;
    }
    return choices;
}

void fact_text(const struct fact *fact, uint32_t choice,
               char out[FACT_VALUE_SIZE])
{
    if (fact->digits == 0) {
        memcpy(out, fact->value[choice], FACT_VALUE_SIZE);
        return;
    }
    memcpy(out, fact->value[0], FACT_VALUE_SIZE);
    for (size_t i = strlen(out); i-- > 0;) {
        if (out[i] == '#') {
            out[i] = (char)('0' + choice % 10);
            choice /= 10;
        }
    }
}

void fact_choose(const struct secret *copy, const struct fact *fact,
                 size_t facts, uint32_t *choice)
{
    uint8_t stream[8 * FACTS_MOST];
    uint8_t nonce[CHACHA20_NONCE_SIZE] = {[7] = 0x80};
    if (facts == 0) {
        return;
    }
    chacha20(copy, nonce, 0, stream, 8 * facts);
    for (size_t i = 0; i < facts; i++) {
        uint64_t number = 0;
        for (size_t b = 8; b-- > 0;) {
            number = number << 8 | stream[8 * i + b];
        }
        choice[i] = (uint32_t)(number % fact_choices(&fact[i]));
    }
    secret_wipe_bytes(stream, sizeof stream);
}

double fact_log10_lr(const struct fact *fact, size_t facts, const int32_t *seen,
                     const uint32_t *choice)
{
    double sum[SLIPS] = {0};
    double most = -INFINITY;
    for (size_t i = 0; i < facts; i++) {
        double k = fact_choices(&fact[i]);
        if (seen[i] == FACT_UNSEEN || k < 2) {
            continue;
        }
        bool is_same = (uint32_t)seen[i] == choice[i];
        for (size_t e = 0; e < SLIPS; e++) {
            sum[e] += log(is_same ? (1 - slip[e]) * k : slip[e] * k / (k - 1));
        }
    }
    for (size_t e = 0; e < SLIPS; e++) {
        most = fmax(most, sum[e]);
    }
    const size_t slips = SLIPS;
    double total = 0;
    for (size_t e = 0; e < slips; e++) {
        total += exp(sum[e] - most);
    }
    return (most + log(total / (double)slips)) / M_LN10;
}

double fact_log10_power(const struct fact *fact, size_t facts,
                        const int32_t *seen)
{
    uint32_t choice[FACTS_MOST] = {0};
    for (size_t i = 0; i < facts; i++) {
        choice[i] = seen[i] == FACT_UNSEEN ? 0 : (uint32_t)seen[i];
    }
    return fact_log10_lr(fact, facts, seen, choice);
}
