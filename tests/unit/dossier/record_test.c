/* What a dossier says of people, drills, gaps and of what the other side
 * needs: also what hurts. */
#include "dossier/dossier.h"

#include <string.h>

#include "tests/check.h"

#define AT_US INT64_C(1795467881000000) /* 23 November 2026, 21:04:41 UTC */

static void html_of(const struct dossier *dossier, struct buffer *page)
{
    assert_int_equal(dossier_write(dossier, DOSSIER_HTML, page), STING_OK);
}

/* The text of one chapter or part, from its heading to the next of any kind. */
static void chapter_of(const struct buffer *page, const char *heading,
                       struct buffer *out)
{
    const char *at = strstr(buffer_text(page), heading);
    if (!at) {
        fail_msg("no heading \"%s\"", heading);
        return;
    }
    const char *from = at + strlen(heading);
    const char *end = strstr(from, "<h");
    size_t size = end ? (size_t)(end - from) : strlen(from);
    assert_int_equal(buffer_printf(out, "%.*s", (int)size, from), STING_OK);
}

static void assert_row(const char *text, const char *row)
{
    if (!strstr(text, row)) {
        fail_msg("no row \"%s\" in: %s", row, text);
    }
}

static void every_subject_is_told_with_all_that_became_of_them(void **state)
{
    (void)state;
    struct buffer page STING_AUTO(buffer_release) = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct dossier_remark remark[] = {
        {20, AT_US, "subject", "", 0, "Workshop 3", "asked on Monday", 0},
        {21, AT_US, "asked", "hose", 0, "Workshop 4", "wants the hose", 0},
        {22, AT_US, "subject", "", 0, "Workshop 5", "never came", 0},
        {23, AT_US, "subject", "", 0, "Workshop 3", "cleared: was abroad", 0}};
    const struct dossier dossier = {.remark = remark, .remarks = 4};
    html_of(&dossier, &page);
    chapter_of(&page, "Subjects, and what became of them", &text);
    const char *said = buffer_text(&text);
    const char *three = strstr(said, "<td>Workshop 3</td>");
    assert_non_null(three);
    assert_null(strstr(three + 1, "<td>Workshop 3</td>")); /* named once */
    const char *asked = strstr(three, "<td>asked on Monday</td>");
    const char *cleared = strstr(three, "<td>cleared: was abroad</td>");
    const char *five = strstr(three, "<td>Workshop 5</td>");
    assert_true(asked && cleared && five && asked < cleared && cleared < five);
    assert_non_null(strstr(five, "<td>never came</td>"));
    assert_null(strstr(said, "Workshop 4")); /* who asked is no subject */
    assert_non_null(strstr(said, "A name here is not a finding"));
}

static void that_nobody_is_a_subject_is_said(void **state)
{
    (void)state;
    struct buffer page STING_AUTO(buffer_release) = {0};
    const struct dossier dossier = {0};
    html_of(&dossier, &page);
    assert_non_null(
        strstr(buffer_text(&page), "Nobody was written down as a subject."));
}

static void drills_are_counted_and_told_with_hits_and_trials(void **state)
{
    (void)state;
    struct buffer page STING_AUTO(buffer_release) = {0};
    struct buffer counted STING_AUTO(buffer_release) = {0};
    struct buffer drills STING_AUTO(buffer_release) = {0};
    struct dossier_deed deed[] = {
        {60, AT_US, "drill", "type alarm, trials 40, hits 37"},
        {61, AT_US, "release", "a cut for the press"},
        {62, AT_US, "drill", "type walk, trials 1, hits 0"}};
    struct dossier_count count[] = {{"drill", 2}};
    const struct dossier dossier = {
        .deed = deed, .deeds = 3, .count = count, .counts = 1};
    html_of(&dossier, &page);
    chapter_of(&page, "Everything counted, also what hurts", &counted);
    chapter_of(&page, "Drills: known answers, and what was found", &drills);
    assert_row(buffer_text(&counted), "<td>Drills</td><td class=right>2</td>");
    const char *text = buffer_text(&drills);
    assert_row(text, "<td>type alarm, trials 40, hits 37</td>");
    assert_row(text, "<td>type walk, trials 1, hits 0</td>"); /* what hurts */
    assert_null(strstr(text, "a cut for the press"));
}

static void that_no_drill_was_made_is_said(void **state)
{
    (void)state;
    struct buffer page STING_AUTO(buffer_release) = {0};
    const struct dossier dossier = {0};
    html_of(&dossier, &page);
    assert_non_null(strstr(buffer_text(&page), "No drill was made here"));
}

static void each_gap_is_counted_and_told_with_its_cause(void **state)
{
    (void)state;
    struct buffer page STING_AUTO(buffer_release) = {0};
    struct buffer counted STING_AUTO(buffer_release) = {0};
    struct buffer gaps STING_AUTO(buffer_release) = {0};
    struct dossier_deed gap[] = {
        {31, AT_US, "gap", "cause crash, camera garage"},
        {47, AT_US + 60000000, "gap", "cause full, camera yard"}};
    const struct dossier dossier = {.gap = gap, .gaps = 2, .gaps_found = 3};
    html_of(&dossier, &page);
    chapter_of(&page, "Everything counted, also what hurts", &counted);
    chapter_of(&page, "Gaps</h", &gaps);
    assert_row(buffer_text(&counted),
               "<td>Gaps that the ledger tells of</td><td class=right>2</td>");
    const char *text = buffer_text(&gaps);
    assert_row(text, "The verification found 3 gaps; the ledger itself tells "
                     "of 2.");
    assert_row(text, "<td>cause crash, camera garage</td>");
    assert_row(text, "<td>cause full, camera yard</td>");
    assert_row(text, "31</td>");
    assert_row(text, "47</td>");
}

static void the_defence_is_told_all_that_it_needs(void **state)
{
    (void)state;
    static const char *const item[] = {
        "This dossier, and its SHA-256",
        "ledger, checkpoints, sealed recordings and texts",
        "The fingerprint of the case key, from the paper",
        "also of times when nothing is claimed to have happened",
        "sting trace --recheck PACK",
        "For findings that named nothing: the same pictures",
        "The campaigns and drills with their trials and intervals",
        "Who opened what"};
    struct buffer page STING_AUTO(buffer_release) = {0};
    struct buffer list STING_AUTO(buffer_release) = {0};
    const struct dossier dossier = {0};
    html_of(&dossier, &page);
    chapter_of(&page, "For the defence", &list);
    for (size_t i = 0; i < sizeof item / sizeof *item; i++) {
        assert_row(buffer_text(&list), item[i]);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(every_subject_is_told_with_all_that_became_of_them),
        cmocka_unit_test(that_nobody_is_a_subject_is_said),
        cmocka_unit_test(drills_are_counted_and_told_with_hits_and_trials),
        cmocka_unit_test(that_no_drill_was_made_is_said),
        cmocka_unit_test(each_gap_is_counted_and_told_with_its_cause),
        cmocka_unit_test(the_defence_is_told_all_that_it_needs),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
