#include "dossier/dossier.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"

#define HOSTILE "</td><script>alert(1)</script>"
#define AT_US INT64_C(1795467881000000) /* 23 November 2026, 21:04:41 UTC */

static void pages_fill(struct page_seen *page, size_t pages)
{
    for (size_t i = 0; i < pages; i++) {
        page[i] = (struct page_seen){
            100 + i, AT_US, "lifted", "garage", "table", "water-tank", 2, 0, 1};
    }
}

static void slots_fill(char *const slot[], size_t slots, const char *text)
{
    for (size_t i = 0; i < slots; i++) {
        memcpy(slot[i], text, strlen(text) + 1);
    }
}

static struct dossier_incident incident_of(struct dossier_picture picture[2])
{
    return (struct dossier_incident){.seq = 41,
                                     .number = 1,
                                     .camera = "garage",
                                     .zone = "table",
                                     .bait = "water-tank",
                                     .kind = "page",
                                     .tier = "touch",
                                     .start_us = AT_US,
                                     .end_us = AT_US + 21000000,
                                     .alerts = 2,
                                     .picture = picture,
                                     .pictures = 2};
}

/* A page about one incident, three copies and two traces; the places where
 * people of the other side can put words hold `text`. */
static void form_of(const char *text, enum dossier_form form,
                    struct buffer *out)
{
    struct dossier_picture picture[] = {
        {.at_us = AT_US, .shows = "a person was seen"},
        {.at_us = AT_US + 9000000, .shows = "a document was touched"}};
    struct dossier_incident incident = incident_of(picture);
    struct dossier_copy copy[3] = {
        {1, "water-tank", "", AT_US, {0}},
        {2, "water-tank", "workshop", AT_US, {.state = HANDOVER_VERIFIED}},
        {3, "hose", "", AT_US, {0}}};
    struct bait_lain lain[] = {
        {"garage", "table", AT_US, AT_US + 86400000000, false},
        {"shed", "table", AT_US + 90000000000, AT_US + 99000000000, true}};
    struct bait_hours hours[] = {
        {.bait = "water-tank", .copy = 2, .lains = 1, .lain = lain},
        {.bait = "water-tank", .copy = 1, .lains = 1, .lain = lain + 1}};
    struct dossier_trace trace[] = {
        {50, AT_US, "", "attributed", "water-tank", "", 3, 2, 41.3, -38.2, 240},
        {51, AT_US, "plain.jpg", "none", "water-tank", "", 1, 0, -2.5, NAN,
         240}};
    struct dossier_remark remark[2] = {
        {20, AT_US, "asked", "water-tank", 0, "", "", 0},
        {21, AT_US, "subject", "", 0, "", "cleared: was abroad", 0}};
    static struct page_seen page[45];
    pages_fill(page, sizeof page / sizeof *page);
    struct dossier_deed deed = {60, AT_US, "release", ""};
    struct dossier_count count[] = {{"seg", 12}, {"trace", 2}};
    struct dossier dossier = {.goal = "Who takes the drawing",
                              .verdict = "INTACT",
                              .entries = 61,
                              .made_us = AT_US,
                              .incident = &incident,
                              .incidents = 1,
                              .copy = copy,
                              .copies = 3,
                              .watched.hours = {2, hours},
                              .page = page,
                              .pages = sizeof page / sizeof *page,
                              .trace = trace,
                              .traces = 2,
                              .remark = remark,
                              .remarks = 2,
                              .deed = &deed,
                              .deeds = 1,
                              .gap = &deed,
                              .gaps = 1,
                              .count = count,
                              .counts = 2};
    char *const slot[] = {
        copy[0].holder,     trace[0].picture, trace[0].issued_to,
        remark[0].by,       remark[0].text,   deed.words,
        dossier.reason,     dossier.goal,     dossier.decided_by,
        picture[0].why_not, remark[1].by};
    slots_fill(slot, sizeof slot / sizeof *slot, text);
    assert_int_equal(dossier_write(&dossier, form, out), STING_OK);
}

static void page_of(const char *text, struct buffer *out)
{
    form_of(text, DOSSIER_HTML, out);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)); at++) {
        count++;
    }
    return count;
}

static void hostile_words_stay_words(void **state)
{
    (void)state;
    struct buffer plain = {0};
    struct buffer hostile = {0};
    page_of("words", &plain);
    page_of(HOSTILE, &hostile);
    assert_null(strstr(buffer_text(&hostile), "<script"));
    assert_int_equal(count_of(buffer_text(&hostile), "<"),
                     count_of(buffer_text(&plain), "<"));
    assert_int_equal(count_of(buffer_text(&hostile), "&lt;script&gt;"),
                     count_of(buffer_text(&plain), "words"));
    buffer_release(&plain);
    buffer_release(&hostile);
}

static void an_attributed_picture_is_named_and_another_is_not(void **state)
{
    (void)state;
    struct buffer page = {0};
    page_of("words", &page);
    const char *text = buffer_text(&page);
    assert_non_null(strstr(text, "page 3 of copy 2"));
    assert_non_null(strstr(text, "<td>verified</td>"));
    assert_non_null(strstr(text, "page 1, no copy named"));
    assert_non_null(strstr(text, "1 attributed to a copy, 0 a lead only, 1 "
                                 "named no copy"));
    assert_non_null(strstr(text, "at least 10\xe2\x81\xb4\xc2\xb9 times"));
    assert_null(strstr(text, "nan"));
    buffer_release(&page);
}

static void a_finding_on_several_pictures_says_so(void **state)
{
    (void)state;
    struct buffer page = {0};
    page_of("", &page);
    const char *text = buffer_text(&page);
    assert_non_null(strstr(text, "<td>pictures together</td>"));
    assert_non_null(strstr(text, "strongest finding (pictures together)"));
    buffer_release(&page);
}

static void a_document_has_one_row_of_the_matrix(void **state)
{
    (void)state;
    struct buffer page = {0};
    page_of("words", &page);
    assert_int_equal(count_of(buffer_text(&page), "<tr><td>water-tank</td>"),
                     1);
    assert_int_equal(count_of(buffer_text(&page), "<tr><td>hose</td>"), 1);
    buffer_release(&page);
}

/* The camera saw a sheet; that it was the copy, a line of operation.yaml says.
 */
static void a_copy_is_not_said_to_be_seen_where_it_was_only_laid(void **state)
{
    (void)state;
    struct buffer page = {0};
    page_of("garage", &page);
    const char *text = buffer_text(&page);
    assert_null(strstr(text, "that copy: lifted"));
    assert_non_null(strstr(text, "where that copy was laid: page lifted"));
    assert_non_null(strstr(text, "the camera does not read it"));
    assert_non_null(strstr(text, "and 5 times more, by the ledger"));
    assert_null(strstr(text, "entry 144"));
    buffer_release(&page);
}

/* Each row says which copy, where, and when with its date: another lies there
 * now, and zones of two cameras may have one name. */
static void what_lay_there_then_is_told_of_that_copy(void **state)
{
    (void)state;
    struct buffer page = {0};
    page_of("words", &page);
    const char *text = buffer_text(&page);
    assert_non_null(strstr(text, "copy 2: zone table of camera garage, from 23 "
                                 "November 2026, 21:04:41 UTC to 24 November "
                                 "2026, 21:04:41 UTC"));
    assert_non_null(strstr(text, "copy 1: zone table of camera shed, since 24 "
                                 "November 2026, 22:04:41 UTC"));
    assert_non_null(strstr(text, "page lifted, copy 2, zone table of camera "
                                 "garage, 23 November 2026, 21:04:41 UTC"));
    assert_non_null(strstr(text, "incident 1: page, copy 2, zone table of "
                                 "camera garage, 23 November 2026"));
    buffer_release(&page);
}

static void nothing_is_fetched_and_no_script_runs(void **state)
{
    (void)state;
    struct buffer page = {0};
    page_of("words", &page);
    assert_non_null(strstr(buffer_text(&page), "default-src 'none'"));
    assert_null(strstr(buffer_text(&page), "http:"));
    assert_null(strstr(buffer_text(&page), "https:"));
    buffer_release(&page);
}

static void facts_about_nothing_still_make_a_page(void **state)
{
    (void)state;
    struct dossier dossier = {0};
    struct buffer page = {0};
    assert_int_equal(dossier_write(&dossier, DOSSIER_HTML, &page), STING_OK);
    assert_non_null(strstr(buffer_text(&page), "No incident was recorded"));
    assert_non_null(strstr(buffer_text(&page), "A copy names a copy"));
    buffer_release(&page);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(hostile_words_stay_words),
        cmocka_unit_test(an_attributed_picture_is_named_and_another_is_not),
        cmocka_unit_test(a_finding_on_several_pictures_says_so),
        cmocka_unit_test(a_document_has_one_row_of_the_matrix),
        cmocka_unit_test(a_copy_is_not_said_to_be_seen_where_it_was_only_laid),
        cmocka_unit_test(what_lay_there_then_is_told_of_that_copy),
        cmocka_unit_test(nothing_is_fetched_and_no_script_runs),
        cmocka_unit_test(facts_about_nothing_still_make_a_page),
    };
    const char *look = getenv("DOSSIER_LOOK"); /* to see it: a file's name */
    FILE *file = look ? fopen(look, "w") : NULL;
    if (file) {
        struct buffer page = {0};
        page_of("words from outside", &page);
        (void)fputs(buffer_text(&page), file);
        (void)fclose(file);
        buffer_release(&page);
    }
    return cmocka_run_group_tests(test, NULL, NULL);
}
