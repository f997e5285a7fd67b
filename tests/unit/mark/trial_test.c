/* Copies that nobody gets: what packing tightly makes of them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "mark/budget.h"
#include "mark/trial.h"
#include "tests/check.h"

#define LINES 55
#define COPIES 100

static uint32_t dice(uint32_t *state, uint32_t sides)
{
    *state = *state * 1664525 + 1013904223;
    return (*state >> 8) % sides;
}

/* Words about a tank in lines that are filled to an edge. */
static void content_write(struct buffer *out)
{
    static const char *const word[] = {
        "the",   "tank",   "holds",   "water", "until",  "noon", "and",
        "valve", "at",     "its",     "foot",  "opens",  "when", "rain",
        "has",   "filled", "beds",    "near",  "fence",  "get",  "their",
        "share", "gravel", "under",   "pipe",  "drains", "what", "runs",
        "over",  "each",   "evening", "hose"};
    uint32_t state = 1;
    assert_int_equal(buffer_printf(out, "BT/F 10 Tf 72 780 Td\n"), 0);
    for (int line = 0; line < LINES; line++) {
        uint32_t words = 8 + dice(&state, 4);
        for (uint32_t i = 0; i < words; i++) {
            const char *one = word[dice(&state, sizeof word / sizeof *word)];
            assert_int_equal(i == 0
                                 ? buffer_printf(out, "[(%s)", one)
                                 : buffer_printf(out, "-%u(%s)",
                                                 260 + dice(&state, 100), one),
                             0);
        }
        assert_int_equal(buffer_printf(out, "]TJ 0 -12 Td\n"), 0);
    }
    assert_int_equal(buffer_printf(out, "ET"), 0);
}

/* The table of the five objects, in which readers find them. */
static void table_write(struct buffer *out)
{
    const size_t table = out->size;
    assert_int_equal(buffer_printf(out, "xref\n0 6\n0000000000 65535 f \n"), 0);
    for (int n = 1; n <= 5; n++) {
        char head[16];
        (void)snprintf(head, sizeof head, "\n%d 0 obj\n", n);
        const uint8_t *at = memmem(out->data, table, head, strlen(head));
        assert_non_null(at);
        assert_int_equal(buffer_printf(out, "%010zu 00000 n \n",
                                       (size_t)(at + 1 - out->data)),
                         0);
    }
    assert_int_equal(buffer_printf(out,
                                   "trailer\n<</Size 6/Root 1 0 R>>\n"
                                   "startxref\n%zu\n%%%%EOF\n",
                                   table),
                     0);
}

/* A page of it, compressed as well as zlib can. */
static void paper_make(struct buffer *out)
{
    struct buffer content STING_AUTO(buffer_release) = {0};
    uint8_t packed[8192];
    uLongf size = sizeof packed;
    content_write(&content);
    assert_int_equal(compress2(packed, &size, content.data, content.size, 9),
                     Z_OK);
    assert_int_equal(
        buffer_printf(out,
                      "%%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\n"
                      "endobj\n2 0 obj\n<</Type/Pages/Kids[4 0 R]/Count 1>>\n"
                      "endobj\n3 0 obj\n<</Type/Font/Subtype/Type1/BaseFont"
                      "/Times-Roman>>\nendobj\n4 0 obj\n<</Type/Page/Parent "
                      "2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources"
                      "<</Font<</F 3 0 R>>>>>>\nendobj\n5 0 obj\n<</Length %lu"
                      "/Filter/FlateDecode>>stream\n",
                      size),
        0);
    assert_int_equal(buffer_append(out, (struct bytes){packed, size}), 0);
    assert_int_equal(buffer_printf(out, "\nendstream\nendobj\n"), 0);
    table_write(out);
}

struct bench {
    struct buffer paper;
    struct mark_page page;
    struct trial trial;
};

static void bench_begin(struct bench *bench)
{
    struct fault fault = {"", ""};
    struct pdf_text text;
    *bench = (struct bench){.page = {0}};
    struct trial *trial = &bench->trial;
    paper_make(&bench->paper);
    assert_int_equal(
        pdf_file_open(buffer_bytes(&bench->paper), &trial->file, &fault), 0);
    assert_int_equal(pdf_file_text(trial->file, 0, &text, &fault), 0);
    assert_int_equal(mark_plan(&text, MARK_FULL, &bench->page), 0);
    mark_plan_judge(&text, &bench->page);
    trial->pages = 1;
    trial->page = &bench->page;
    trial->moves = calloc(1, sizeof *trial->moves);
    trial->move = calloc(1, sizeof *trial->move);
    assert_true(trial->moves && trial->move);
    assert_int_equal(trial_make_room(trial, 0, text.words), 0);
    assert_true(bench->page.units > 200);
}

static void bench_end(struct bench *bench)
{
    pdf_file_close(&bench->trial.file);
    trial_release(&bench->trial);
    mark_page_release(&bench->page);
    buffer_release(&bench->paper);
}

/* As a part of the original's size; the codes of a copy are as good as these.
 */
static double growth_of_copy(struct bench *bench, uint32_t seed)
{
    struct buffer copy STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct trial *trial = &bench->trial;
    int8_t *sign = calloc((size_t)bench->page.units + 1, 1);
    assert_non_null(sign);
    for (uint32_t u = 0; u < bench->page.units; u++) {
        sign[u] = dice(&seed, 256) < (dice(&seed, 2) ? 202 : 54) ? 1 : -1;
    }
    mark_moves(&bench->page, sign, trial->move[0], trial->moves[0].moves);
    free(sign);
    assert_int_equal(pdf_file_write(trial->file, trial->moves, &copy, &fault),
                     0);
    return (double)copy.size / (double)bench->paper.size - 1;
}

static double mean_of_copies(struct bench *bench, double *most)
{
    double sum = 0;
    *most = -1;
    for (uint32_t i = 0; i < COPIES; i++) {
        double growth = growth_of_copy(bench, 1000 + i);
        sum += growth;
        *most = growth > *most ? growth : *most;
    }
    return sum / COPIES;
}

static void tight_copies_are_smaller_and_grow_by_what_the_trial_says(
    void **state)
{
    (void)state;
    struct bench bench;
    struct fault fault = {"", ""};
    bool fits = false;
    double most = 0;
    bench_begin(&bench);
    bench.page.units /= 4;
    assert_int_equal(trial_try_prepared(&bench.trial, &fits, &fault), 0);
    double quick = mean_of_copies(&bench, &most);
    assert_int_equal(trial_try_tight(&bench.trial, &fits, &fault), 0);
    double tight = mean_of_copies(&bench, &most);
    assert_true(tight < quick);
    assert_true(fabs(bench.trial.growth - tight) < 0.003);
    bench_end(&bench);
}

static void of_what_is_far_beyond_the_budget_the_growth_is_told(void **state)
{
    (void)state;
    struct bench bench;
    struct fault fault = {"", ""};
    bool fits = true;
    double most = 0;
    bench_begin(&bench);
    assert_int_equal(trial_try_tight(&bench.trial, &fits, &fault), 0);
    double mean = mean_of_copies(&bench, &most);
    assert_false(fits);
    assert_true(mean > 5 * MARK_GROWTH);
    assert_true(fabs(bench.trial.growth - mean) < 0.2 * mean);
    bench_end(&bench);
}

/* Fewer and fewer units, until the trial says so. */
static void where_it_fits_no_copy_outgrows_the_budget(void **state)
{
    (void)state;
    struct bench bench;
    struct fault fault = {"", ""};
    double most = 0;
    bool fits = false;
    int part = 32;
    bench_begin(&bench);
    uint32_t all = bench.page.units;
    while (part > 0 && !fits) {
        part--;
        bench.page.units = all * (uint32_t)part / 32;
        assert_int_equal(trial_try_tight(&bench.trial, &fits, &fault), 0);
    }
    assert_in_range(part, 1, 30);
    (void)mean_of_copies(&bench, &most);
    assert_true(most <= MARK_GROWTH);
    assert_true(most > 0);
    bench_end(&bench);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(
            tight_copies_are_smaller_and_grow_by_what_the_trial_says),
        cmocka_unit_test(of_what_is_far_beyond_the_budget_the_growth_is_told),
        cmocka_unit_test(where_it_fits_no_copy_outgrows_the_budget),
    };
    return cmocka_run_group_tests_name("trial", test, NULL, NULL);
}
