#include "trace/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mark/code.h"
#include "mark/mixture.h"
#include "mark/strength.h"
#include "mark/sweep.h"

/* The evidence of a question, laid out for scoring; freed together. */
struct table {
    struct strength strength;
    struct sweep_page *page; /* owned, with what they point at */
    size_t pages;
    struct sweep *sweep; /* owned */
};

static void table_release(struct table *table)
{
    for (size_t i = 0; i < table->pages; i++) {
        free((void *)(uintptr_t)table->page[i].a);
        free((void *)(uintptr_t)table->page[i].threshold);
    }
    free(table->page);
    sweep_free(&table->sweep);
}

static void bytes_free(uint8_t **bytes)
{
    free(*bytes);
    *bytes = NULL;
}

static void numbers_free(double **number)
{
    free(*number);
    *number = NULL;
}

static void thresholds_fill(const struct secret *document, uint32_t page,
                            uint32_t units, uint8_t *threshold)
{
    struct secret bias;
    mark_bias_key(document, page, &bias);
    mark_bias(&bias, units, threshold);
    secret_wipe(&bias);
}

/* Room for one page's evidence: a and threshold. */
static enum sting_status page_init(struct sweep_page *page,
                                   const struct score_part *part,
                                   const struct secret *document, double **a,
                                   uint8_t **threshold)
{
    size_t room = (size_t)part->reading->units + 1;
    *a = calloc(room, sizeof **a);
    *threshold = calloc(room, 1);
    *page =
        (struct sweep_page){part->page, part->reading->units, *a, *threshold};
    if (!*a || !*threshold) {
        return STING_E_NOMEM;
    }
    thresholds_fill(document, part->page, page->units, *threshold);
    return STING_OK;
}

/* How many of the given copies have a one at each unit. */
static enum sting_status ones_count(const struct score_question *question,
                                    const struct sweep_page *page,
                                    uint8_t **ones)
{
    uint8_t *bit STING_AUTO(bytes_free) = calloc((size_t)page->units + 1, 1);
    *ones = calloc((size_t)page->units + 1, 1);
    if (!bit || !*ones) {
        return STING_E_NOMEM;
    }
    for (size_t g = 0; g < question->givens; g++) {
        struct secret key;
        mark_copy_key(question->document, question->given[g], &key);
        mark_code(&key, page->page, page->threshold, page->units, bit);
        secret_wipe(&key);
        for (uint32_t u = 0; u < page->units; u++) {
            (*ones)[u] = (uint8_t)((*ones)[u] + bit[u]);
        }
    }
    secret_wipe_bytes(bit, page->units);
    return STING_OK;
}

struct mixture_pages {
    struct mixture_page *page;
    uint8_t **ones; /* owned */
    size_t pages;
};

static void mixture_pages_release(struct mixture_pages *mixed)
{
    for (size_t i = 0; mixed->ones && i < mixed->pages; i++) {
        free(mixed->ones[i]);
    }
    free(mixed->ones);
    free(mixed->page);
}

/* Evidence for one copy of a mixture, the given ones' codes being known. */
static enum sting_status evidence_mixed(const struct score_question *question,
                                        const struct table *table, double **a)
{
    struct mixture_pages mixed STING_AUTO(mixture_pages_release) = {
        calloc(question->parts + 1, sizeof *mixed.page),
        calloc(question->parts + 1, sizeof *mixed.ones), question->parts};
    enum sting_status status =
        mixed.page && mixed.ones ? STING_OK : STING_E_NOMEM;
    for (size_t i = 0; !status && i < question->parts; i++) {
        status = ones_count(question, &table->page[i], &mixed.ones[i]);
        mixed.page[i] = (struct mixture_page){
            question->part[i].reading, table->page[i].threshold, mixed.ones[i]};
    }
    if (!status) {
        struct mixture mixture = mixture_fit(mixed.page, question->parts,
                                             (uint32_t)question->givens);
        for (size_t i = 0; i < question->parts; i++) {
            mixture_evidence(&mixture, &mixed.page[i], a[i]);
        }
    }
    return status;
}

static void evidence_plain(const struct score_question *question, double **a)
{
    for (size_t i = 0; i < question->parts; i++) {
        for (uint32_t u = 0; u < question->part[i].reading->units; u++) {
            a[i][u] = question->part[i].reading->unit[u].a;
        }
    }
}

/* Evidence of all parts, and its strength; nothing laid out yet. */
static enum sting_status table_fill(struct table *table,
                                    const struct score_question *question)
{
    double **a = calloc(question->parts + 1, sizeof *a);
    enum sting_status status = STING_OK;
    table->page = calloc(question->parts + 1, sizeof *table->page);
    if (!a || !table->page) {
        status = STING_E_NOMEM;
    }
    for (size_t i = 0; !status && i < question->parts; i++) {
        uint8_t *threshold;
        table->pages++;
        status = page_init(&table->page[i], &question->part[i],
                           question->document, &a[i], &threshold);
    }
    if (!status && (question->givens > 0 || question->is_mixed)) {
        status = evidence_mixed(question, table, a);
    } else if (!status) {
        evidence_plain(question, a);
    }
    free(a);
    strength_init(&table->strength);
    for (size_t i = 0; !status && i < table->pages; i++) {
        strength_add(&table->strength, table->page[i].a,
                     table->page[i].threshold, table->page[i].units);
    }
    return status;
}

static enum sting_status table_init(struct table *out,
                                    const struct score_question *question)
{
    struct table table STING_AUTO(table_release) = {0};
    enum sting_status status = table_fill(&table, question);
    if (!status) {
        status = sweep_new(&table.sweep, question->document, table.page,
                           table.pages);
    }
    if (!status) {
        *out = table;
        table = (struct table){0};
    }
    return status;
}

enum sting_status score_copy(const struct score_question *question,
                             uint32_t copy, double *log10_lr)
{
    struct table table STING_AUTO(table_release) = {0};
    enum sting_status status = table_init(&table, question);
    if (!status) {
        double sum;
        sweep_copies(table.sweep, &copy, 1, &sum);
        *log10_lr = strength_log10_lr(&table.strength, sum);
    }
    return status;
}

enum sting_status score_evidence(const struct score_question *question,
                                 double *const *a)
{
    struct table table STING_AUTO(table_release) = {0};
    enum sting_status status = table_fill(&table, question);
    for (size_t i = 0; !status && i < table.pages; i++) {
        memcpy(a[i], table.page[i].a, table.page[i].units * sizeof **a);
    }
    return status;
}

static bool is_given(const struct score_question *question, uint32_t copy)
{
    for (size_t i = 0; i < question->givens; i++) {
        if (question->given[i] == copy) {
            return true;
        }
    }
    return false;
}

/* Keep the largest sums, best first; log10_lr holds the sum until the end. */
static void top_take(struct score *score, uint32_t copy, double sum)
{
    size_t at = score->tops;
    if (at == SCORE_TOPS && sum <= score->top[at - 1].log10_lr) {
        return;
    }
    at -= at == SCORE_TOPS;
    while (at > 0 && score->top[at - 1].log10_lr < sum) {
        score->top[at] = score->top[at - 1];
        at--;
    }
    score->top[at] = (struct score_top){copy, sum};
    score->tops += score->tops < SCORE_TOPS;
}

static void tops_find(const struct score_question *question, const double *sum,
                      struct score *score)
{
    double least = -INFINITY;
    for (size_t i = 0; i < question->copies; i++) {
        if (sum[i] > least && !is_given(question, question->copy[i])) {
            top_take(score, question->copy[i], sum[i]);
            least = score->tops == SCORE_TOPS
                        ? score->top[SCORE_TOPS - 1].log10_lr
                        : -INFINITY;
        }
    }
}

static void controls_fill(const struct table *table, double *sum,
                          struct score *score)
{
    static const uint32_t control = 0;
    double most = -INFINITY;
    sweep_copies(table->sweep, &control, 1, sum);
    score->control_log10_lr = strength_log10_lr(&table->strength, sum[0]);
    sweep_random(table->sweep, 1, SCORE_RANDOM_CODES, sum);
    for (size_t i = 0; i < SCORE_RANDOM_CODES; i++) {
        most = fmax(most, sum[i]);
    }
    score->random_log10_lr = strength_log10_lr(&table->strength, most);
}

enum sting_status score_run(const struct score_question *question,
                            struct score *out)
{
    struct table table STING_AUTO(table_release) = {0};
    struct score score = {.log10_lr = -INFINITY, .second_log10_lr = -INFINITY};
    enum sting_status status = table_init(&table, question);
    if (status) {
        return status;
    }
    double *sum STING_AUTO(numbers_free) =
        reallocarray(NULL, question->copies + SCORE_RANDOM_CODES, sizeof *sum);
    if (!sum) {
        return STING_E_NOMEM;
    }
    sweep_copies(table.sweep, question->copy, question->copies, sum);
    tops_find(question, sum, &score);
    for (size_t i = 0; i < score.tops; i++) {
        score.top[i].log10_lr =
            strength_log10_lr(&table.strength, score.top[i].log10_lr);
    }
    if (score.tops > 0) {
        score.copy = score.top[0].copy;
        score.log10_lr = score.top[0].log10_lr;
    }
    if (score.tops > 1) {
        score.second_log10_lr = score.top[1].log10_lr;
    }
    controls_fill(&table, sum, &score);
    score.units = table.strength.units;
    *out = score;
    return STING_OK;
}

enum sting_status score_page(const struct score_request *request,
                             const struct page_reading *reading,
                             struct score *out)
{
    const struct score_part part = {request->page, reading};
    const struct score_question question = {.document = request->document,
                                            .copy = request->copy,
                                            .copies = request->copies,
                                            .part = &part,
                                            .parts = 1};
    return score_run(&question, out);
}

enum sting_status score_code(const struct score_request *request, uint32_t copy,
                             uint32_t units, uint8_t *bit)
{
    struct secret key;
    uint8_t *threshold STING_AUTO(bytes_free) = calloc((size_t)units + 1, 1);
    if (!threshold) {
        return STING_E_NOMEM;
    }
    thresholds_fill(request->document, request->page, units, threshold);
    mark_copy_key(request->document, copy, &key);
    mark_code(&key, request->page, threshold, units, bit);
    secret_wipe(&key);
    return STING_OK;
}
