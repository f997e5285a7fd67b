/* Is it the table that is seen, or somebody as dark? */
#include "detect/page_ring.h"

#include "tests/check.h"

static void look(struct page_ring *ring, float print, bool is_in_view)
{
    page_ring_follow(ring, &(struct page_evidence){.ring_print = print},
                     is_in_view);
}

static struct page_ring known(float print)
{
    struct page_ring ring = {0};
    for (int i = 0; i < 6; i++) {
        look(&ring, print + (i % 2 ? 0.1F : -0.1F), true);
    }
    return ring;
}

static void a_table_that_lost_its_structure_is_not_seen(void **state)
{
    (void)state;
    struct page_ring ring = known(0.9F);
    look(&ring, 0.1F, false);
    assert_true(page_ring_is_gone(&ring, 0.15F));
    look(&ring, 0.9F, true);
    look(&ring, 0.8F, false);
    assert_false(page_ring_is_gone(&ring, 0.15F));
}

/* One look tells nothing, three of them do. */
static void noise_is_averaged_over_looks(void **state)
{
    (void)state;
    struct page_ring ring = known(0.6F);
    const float unsure = 0.3F, there[] = {0.2F, 0.8F, 0.7F};
    look(&ring, there[0], false);
    assert_true(page_ring_is_gone(&ring, unsure)); /* not known yet */
    look(&ring, there[1], false);
    look(&ring, there[2], false);
    assert_false(page_ring_is_gone(&ring, unsure));
    look(&ring, 0.6F, true);
    look(&ring, 0.5F, false);
    look(&ring, -0.1F, false);
    look(&ring, 0.1F, false);
    assert_true(page_ring_is_gone(&ring, unsure));
}

static void a_plain_table_tells_nothing(void **state)
{
    (void)state;
    struct page_ring ring = known(0.2F), fresh = {0};
    for (int i = 0; i < 5; i++) {
        look(&ring, 0, false);
        look(&fresh, 0, false);
        assert_false(page_ring_is_gone(&ring, 0.5F));
        assert_false(page_ring_is_gone(&fresh, 0.1F));
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_table_that_lost_its_structure_is_not_seen),
        cmocka_unit_test(noise_is_averaged_over_looks),
        cmocka_unit_test(a_plain_table_tells_nothing),
    };
    return cmocka_run_group_tests_name("page_ring", test, NULL, NULL);
}
