#include "operation/page_seen.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"

static void tell(struct garden *garden, struct ledger *ledger, const char *copy,
                 const char *state, const char *count)
{
    const struct line_field field[] = {
        {"camera", "garage"}, {"zone", "table"},
        {"bait", "tank"},     {"copy", copy},
        {"state", state},     {"since", "2011-11-01T20:04:41.250000Z"},
        {"count", count},     {"dpi", "31"},
        {"incident", "4"}};
    garden_wait(garden, 1000000);
    assert_true(
        !ledger_append(ledger, garden->now, "page", field, 9, NULL, NULL));
}

static void touches_of_one_copy_are_found_in_order(void **state)
{
    (void)state;
    struct garden garden;
    struct fault fault = {"", ""};
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    tell(&garden, ledger, "7", "in-view", NULL);
    tell(&garden, ledger, "7", "lifted", NULL);
    tell(&garden, ledger, "8", "gone", NULL);
    tell(&garden, ledger, "7", "flashes", "3");
    tell(&garden, ledger, NULL, "turned", NULL);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    struct page_asked asked = {"tank", 7, {0}};
    assert_int_equal(pages_seen_read(garden.dir, &asked, 1, &fault), 0);
    const struct pages_seen seen = asked.seen;
    assert_int_equal(seen.count, 2);
    assert_string_equal(seen.seen[0].state, "lifted");
    assert_int_equal(seen.seen[0].since_us, 1320177881250000);
    assert_int_equal(seen.seen[0].incident, 4);
    assert_string_equal(seen.seen[1].state, "flashes");
    assert_int_equal(seen.seen[1].count, 3);
    assert_true(seen.seen[0].seq < seen.seen[1].seq);
    garden_remove(&garden);
}

static void other_document_and_other_copy_have_no_part_in_it(void **state)
{
    (void)state;
    struct garden garden;
    struct fault fault = {"", ""};
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    tell(&garden, ledger, "7", "lifted", NULL);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    struct page_asked asked[] = {
        {"pump", 7, {0}}, {"tank", 7, {0}}, {"tank", 6, {0}}};
    assert_int_equal(pages_seen_read(garden.dir, asked, 3, &fault), 0);
    assert_int_equal(asked[0].seen.count, 0);
    assert_int_equal(asked[1].seen.count, 1);
    assert_int_equal(asked[2].seen.count, 0);
    garden_remove(&garden);
}

static void more_than_are_kept_are_counted_and_the_newest_kept(void **state)
{
    (void)state;
    struct garden garden;
    struct fault fault = {"", ""};
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    for (int i = 0; i < PAGE_SEEN_MOST + 3; i++) {
        tell(&garden, ledger, "7", i < PAGE_SEEN_MOST + 2 ? "lifted" : "gone",
             NULL);
    }
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    struct page_asked asked = {"tank", 7, {0}};
    assert_int_equal(pages_seen_read(garden.dir, &asked, 1, &fault), 0);
    assert_int_equal(asked.seen.count, PAGE_SEEN_MOST + 3);
    for (int i = 1; i < PAGE_SEEN_MOST; i++) {
        assert_true(asked.seen.seen[i - 1].seq < asked.seen.seen[i].seq);
    }
    assert_string_equal(asked.seen.seen[PAGE_SEEN_MOST - 1].state, "gone");
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(touches_of_one_copy_are_found_in_order),
        cmocka_unit_test(other_document_and_other_copy_have_no_part_in_it),
        cmocka_unit_test(more_than_are_kept_are_counted_and_the_newest_kept),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
