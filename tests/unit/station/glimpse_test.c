/* Pictures for alerts, where their worker dies again and again. */
#include "tests/check.h"

#include "station/desk.h"
#include "station/glimpse.h"

/* A clip that goes alone, while no player may be started, is no work of one:
 * the next pause stays the longer one. */
static void a_clip_without_a_player_makes_no_pause_short_again(void **state)
{
    (void)state;
    const struct moment now = {.utc_us = 1, .boot_us = 1000000};
    struct desk desk = {.alerts = NULL};
    struct glimpse glimpse = GLIMPSE_NONE;
    glimpse.deaths = (struct deaths){.count = 3, .again_us = 5000000};
    glimpse.incident.number = 1;
    glimpse_serve(&glimpse, &desk, now);
    assert_int_equal(glimpse.incident.number, 0); /* it went */
    assert_int_equal(glimpse.deaths.count, 3);
    glimpse_release(&glimpse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clip_without_a_player_makes_no_pause_short_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
