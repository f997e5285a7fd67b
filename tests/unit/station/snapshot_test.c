/* Single pictures, where their worker cannot be started. */
#include "tests/check.h"

#include "station/snapshot.h"
#include "station/viewing.h"
#include "tests/unit/station/no_fork.h"

static void pictures_that_no_worker_can_make_are_told_once(void **state)
{
    static struct place place;
    (void)state;
    place_make(&place);
    struct console *console = &place.console;
    const struct viewing_piece piece = {.end_us = 1, .starts_with_key = true};
    console->viewing = viewing_new();
    console->snapshot = calloc(1, sizeof *console->snapshot);
    assert_true(console->viewing && console->snapshot);
    *console->snapshot = (struct snapshot){.worker = WORKER_NONE, .camera = -1};
    viewing_init(&console->viewing->camera[0], bytes_of_text("ftyp moov"));
    viewing_add(&console->viewing->camera[0], &piece, bytes_of_text("moof"));
    struct moment now = clock_now();
    for (int64_t i = 1; i < 5; i++) {
        console->snapshot->wait[0] =
            (struct snapshot_wait){i, 0, now.boot_us + 1};
        snapshot_tick(console, now);
        now.boot_us += INT64_C(60) * 1000000; /* the pause is over */
    }
    no_fork_is_told_once(&place, "stills");
    viewing_free(&console->viewing);
    place_release(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_that_no_worker_can_make_are_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
