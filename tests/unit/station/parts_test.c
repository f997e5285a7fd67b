/* Workers of the station as its pages show them. */
#include <string.h>

#include "ledger/line.h"
#include "station/console_health.h"
#include "tests/operation_fixture.h"

/* A station of one camera whose ledger tells of a worker that died. */
struct died {
    struct fixture fixture;
    struct operation *operation;
    struct core *core;
    struct teller teller;
    struct anchors *anchors;
    struct desk desk;
    struct config_camera config;
    struct camera camera;
    struct console console;
};

static void died_release(struct died *died)
{
    chronicle_free(&died->console.chronicle);
    core_free(&died->core);
    operation_close(&died->operation);
    fixture_release(&died->fixture);
}

static void died_make(struct died *died, const char *of, const char *camera)
{
    struct fault fault = {"", ""};
    const struct line_field field[] = {{"name", "player"},
                                       {"state", "died"},
                                       {"why", "was killed"},
                                       {"of", of},
                                       {"camera", camera}};
    died->fixture = fixture_make(NULL);
    died->operation = fixture_open(&died->fixture);
    assert_true(!core_open(died->operation, clock_now, &died->core, &fault));
    strcpy(died->config.name, "yard");
    died->camera.config = &died->config;
    died->desk.operation = died->operation;
    died->desk.core = died->core;
    died->desk.teller = &died->teller;
    died->desk.anchors = &died->anchors;
    died->console.desk = &died->desk;
    died->console.camera = &died->camera;
    died->console.cameras = 1;
    desk_line(&died->desk, clock_now(), "worker", field,
              sizeof field / sizeof *field);
    assert_false(died->desk.is_broken);
    assert_true(!chronicle_open(operation_dir(died->operation),
                                &died->console.chronicle, &fault));
    assert_int_equal(chronicle_follow(died->console.chronicle, 1000), STING_OK);
}

/* All that the page has of it: how many parts, and the last of them. */
static size_t shown(const struct died *died, struct part *out,
                    const struct health_worker **deaths)
{
    struct part part;
    const struct health_worker *of_it = NULL;
    size_t count = 0;
    for (size_t i = 0; i < PARTS_MOST; i++) {
        if (console_part(&died->console, i, &part, &of_it)) {
            *out = part;
            *deaths = of_it;
            count++;
        }
    }
    return count;
}

static void a_worker_that_died_at_once_is_shown_with_its_death(void **state)
{
    (void)state;
    static struct died died;
    struct part part;
    const struct health_worker *deaths = NULL;
    died_make(&died, "glimpse", NULL);
    assert_int_equal(shown(&died, &part, &deaths), 1);
    assert_string_equal(part.of, "glimpse");
    assert_false(part.runs);
    assert_int_equal(part.starts, 0);
    assert_int_equal(deaths->deaths, 1);
    assert_string_equal(deaths->why, "was killed");
    died_release(&died);
}

static void who_converts_a_camera_is_told_from_who_watches_it(void **state)
{
    (void)state;
    static struct died died;
    struct part part;
    const struct health_worker *deaths = NULL;
    died_make(&died, NULL, "yard");
    assert_int_equal(shown(&died, &part, &deaths), 1);
    assert_string_equal(part.of, "converting");
    assert_string_equal(part.camera, "yard");
    assert_string_equal(part.name, "player");
    assert_int_equal(deaths->deaths, 1);
    died_release(&died);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_that_died_at_once_is_shown_with_its_death),
        cmocka_unit_test(who_converts_a_camera_is_told_from_who_watches_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
