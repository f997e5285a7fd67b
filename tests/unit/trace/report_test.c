/* What only several pictures together show is told like any other finding. */
#include "trace/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "trace/telling.h"

#define COPIES 4

static struct shelf shelf;
static struct register_batch batch;

static int shelf_open(void **state)
{
    static const char *const holder[COPIES] = {"Anna", "Ben", "Cleo", "Dan"};
    (void)state;
    strcpy(shelf.bait.name, "water-tank");
    batch.first = 1;
    batch.copies = COPIES;
    for (size_t i = 0; i < COPIES; i++) {
        assert_int_equal(
            holder_list_add(&batch.holder, bytes_of_text(holder[i])), STING_OK);
    }
    shelf.issued = (struct register_list){1, &batch};
    shelf.copies = COPIES;
    return 0;
}

static int shelf_close(void **state)
{
    (void)state;
    holder_list_release(&batch.holder);
    return 0;
}

/* Two pages that together name copies 3 and 2. */
static const struct trace_joint joint = {
    .pictures = 2,
    .parts = 2,
    .finding = {.verdict = TRACE_ATTRIBUTED,
                .page = -1,
                .run = 1,
                .score = {.copy = 3, .log10_lr = 10.8, .units = 176},
                .log10_false = -7,
                .names = 2,
                .name = {{3, 0, 10.8, -7}, {2, 1, 9.5, -6.2}}}};

static void page_make(struct trace_run *run, struct buffer *out)
{
    struct report report STING_AUTO(report_release) = {0};
    assert_int_equal(report_make(run, 0, &report, NULL), STING_OK);
    assert_int_equal(document_html(report.document, out), STING_OK);
}

static void assert_says(const struct buffer *page, const char *words)
{
    if (!strstr(buffer_text(page), words)) {
        fail_msg("the report does not say: %s", words);
    }
}

static void what_pictures_name_together_has_holder_and_strength(void **state)
{
    struct library library = {.shelf = &shelf, .shelves = 1};
    struct trace_joint of[] = {joint};
    struct trace_run run = {
        .library = &library, .tried = 16, .joint = of, .joints = 1};
    struct buffer page STING_AUTO(buffer_release) = {0};
    (void)state;
    run.joined = 1;
    page_make(&run, &page);
    assert_says(&page, "support to copy 3");
    assert_says(&page, "copy 3 was issued to: Cleo. This report does not say");
    assert_says(&page, "Copy 2 (issued to: Ben) is in these pictures too");
    assert_says(&page, "together that name a copy: 1.");
    assert_says(&page, "2 pictures of 2 pages together, copy 3");
    assert_says(&page, "176 places were measured. The likelihood ratio");
    assert_says(&page, "16 scores were made in this run");
    assert_says(&page, "Odds before");
    assert_null(strstr(buffer_text(&page), "No copy is named"));
    assert_null(strstr(buffer_text(&page), "0 of these places"));
}

static void what_is_left_out_or_adds_nothing_is_told(void **state)
{
    struct library library = {.shelf = &shelf, .shelves = 1};
    struct trace_picture of_shed = {.name = (char[]){"shed.jpg"}, .at_us = -1};
    struct trace_picture *picture[] = {&of_shed};
    size_t silent[] = {0};
    struct trace_joint of[] = {joint, joint};
    struct trace_run run = {.library = &library,
                            .pictures = 1,
                            .picture = picture,
                            .joint = of,
                            .joints = 1,
                            .joined = 2};
    struct trace_finding alone = {.share = TRACE_SHARE_PART};
    struct buffer page STING_AUTO(buffer_release) = {0};
    (void)state;
    of[0].silent = silent;
    of[0].silents = 1;
    of[1].is_withdrawn = true;
    of[1].left_out = 1;
    page_make(&run, &page);
    assert_says(&page, "1 of these 2 pictures adds nothing to this, for alone "
                       "it gives no support to that copy: shed.jpg.");
    assert_says(&page, "are not judged as one: alone, 1 of them speaks against "
                       "the copy that all together would name");
    assert_null(trace_share_text(&alone));
    alone.share = TRACE_SHARE_AGAINST;
    assert_non_null(strstr(trace_share_text(&alone), "it speaks against"));
}

static void without_any_name_there_is_no_strength(void **state)
{
    struct library library = {.shelf = &shelf, .shelves = 1};
    struct trace_run run = {.library = &library, .tried = 16};
    struct buffer page STING_AUTO(buffer_release) = {0};
    (void)state;
    page_make(&run, &page);
    assert_says(&page, "No copy is named, so there is no strength to tell.");
}

/* Our page, and no copy named: what is seen of it. */
static struct trace_finding none_of(double power, double log10_lr, double moved)
{
    return (struct trace_finding){
        .verdict = TRACE_NONE,
        .power = {.share = power},
        .score = {.log10_lr = log10_lr, .random_log10_lr = 2.6},
        .reading = {.moved = moved}};
}

static void no_copy_is_excluded_by_what_shows_too_little(void **state)
{
    struct library library = {.shelf = &shelf, .shelves = 1};
    const struct trace_run run = {.library = &library};
    const struct {
        double power, log10_lr, moved;
        bool excludes;
    } seen[] = {
        {0.09, -0.9, 9, false}, {0.09, 5.25, 0, false}, {0.89, -3, 9, false},
        {1, 0.1, 0, false},     {1, 2, 9, false},       {1, -0.1, 9, true},
        {1, -9, 0, true},       {1, 0.8, -9, true},     {1, 2.7, -9, false},
        {0.4, 0.8, -9, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        struct trace_finding finding =
            none_of(seen[i].power, seen[i].log10_lr, seen[i].moved);
        assert_int_equal(trace_finding_excludes(&run, &finding),
                         seen[i].excludes);
        finding.verdict = TRACE_LEAD;
        assert_false(trace_finding_excludes(&run, &finding));
    }
}

static void the_words_say_which_it_is(void **state)
{
    struct library library = {.shelf = &shelf, .shelves = 1};
    struct trace_joint of[2] = {{.finding = none_of(0.09, 5.25, 0)},
                                {.finding = none_of(1, -3, 9)}};
    const struct trace_run run = {
        .library = &library, .joint = of, .joints = 2, .joined = 2};
    struct buffer weak STING_AUTO(buffer_release) = {0};
    struct buffer sure STING_AUTO(buffer_release) = {0};
    (void)state;
    assert_int_equal(trace_joint_text(&run, 0, &weak), STING_OK);
    assert_int_equal(trace_joint_text(&run, 1, &sure), STING_OK);
    assert_says(&weak, "too little is seen to name or to exclude a copy");
    assert_null(strstr(buffer_text(&weak), "NO COPY OF OURS"));
    assert_says(&sure, "NO COPY OF OURS");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(what_pictures_name_together_has_holder_and_strength),
        cmocka_unit_test(what_is_left_out_or_adds_nothing_is_told),
        cmocka_unit_test(without_any_name_there_is_no_strength),
        cmocka_unit_test(no_copy_is_excluded_by_what_shows_too_little),
        cmocka_unit_test(the_words_say_which_it_is),
    };
    return cmocka_run_group_tests(test, shelf_open, shelf_close);
}
