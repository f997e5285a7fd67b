/* Documents and copies, as the ledger tells of them in clear. */
#include "operation/bait_news.h"

#include "ledger/line.h"
#include "tests/operation_fixture.h"

#define HASH "0000000000000000000000000000000000000000000000000000000000000000"

static void said(struct writer *writer, const char *kind,
                 const struct line_field *field, size_t fields)
{
    struct fault fault = {"", ""};
    if (writer_line(writer, kind, field, fields, NULL, &fault)) {
        fail_msg("%s", fault.why);
    }
}

static void bait_said(struct writer *writer, const char *name,
                      const char *state)
{
    const struct line_field field[] = {
        {"bait", name}, {"state", state}, {"original", HASH}, {"pages", "6"}};
    said(writer, "bait", field, 4);
}

static void issue_said(struct writer *writer, const char *name,
                       const char *first, const char *count)
{
    const struct line_field field[] = {{"bait", name},     {"first", first},
                                       {"count", count},   {"root", HASH},
                                       {"original", HASH}, {"bias", HASH}};
    said(writer, "issue", field, 6);
}

static void copies_and_hand_overs_are_told_as_they_come(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct bait_news *news STING_AUTO(bait_news_free) = NULL;
    struct fault fault = {"", ""};
    const struct line_field handover[] = {
        {"bait", "pump"}, {"copy", "11"}, {"state", "verified"}};
    assert_true(!writer_open(operation, clock_now, &writer, &fault));
    bait_said(writer, "tank", "added");
    issue_said(writer, "tank", "1", "10");
    assert_true(!bait_news_open(operation_dir(operation), &news, &fault));
    while (bait_news_follow(news, 1) == STING_E_BUSY) {
    }
    assert_int_equal(news->baits, 1);
    assert_int_equal(news->bait[0].copies, 10);
    assert_false(news->bait[0].has_facts);
    bait_said(writer, "pump", "added");
    bait_said(writer, "pump", "declared");
    issue_said(writer, "pump", "11", "2");
    issue_said(writer, "tank", "13", "5");
    said(writer, "handover", handover, 3);
    assert_true(!bait_news_follow(news, 100));
    assert_int_equal(news->baits, 2);
    assert_int_equal(news->bait[0].copies, 15);
    assert_true(news->bait[1].has_facts);
    assert_int_equal(news->bait[1].pages, 6);
    assert_int_equal(news->batches, 3);
    assert_int_equal(news->batch[1].bait, 1);
    assert_int_equal(news->batch[2].first, 13);
    assert_int_equal(handover_find(&news->handovers, 11).state,
                     HANDOVER_VERIFIED);
    bait_said(writer, "pump", "added");
    assert_true(!bait_news_follow(news, 100));
    assert_false(news->bait[1].has_facts); /* those were of the old one */
    assert_true(!writer_close(&writer, &fault));
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(copies_and_hand_overs_are_told_as_they_come),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
