/* operation.yaml read again: in force with all its cameras, or not at all. */
#include <stdio.h>
#include <string.h>

#include "ledger/ledger_state.h"
#include "station/camera.h"
#include "station/reload.h"
#include "tests/unit/station/place.h"

#define GARAGE "  - name: garage\n    url: tank.mp4\n"
#define MORE                                                                   \
    "  - name: door\n    url: tank.mp4\n"                                      \
    "  - name: roof\n    url: tank.mp4\n"

static void config_put(const struct place *place, const char *cameras)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    char path[128];
    snprintf(path, sizeof path, "%s/operation.yaml", place->fixture.path);
    assert_true(!file_read(AT_FDCWD, path, 65536, &text, NULL));
    text.size = (size_t)(strstr(buffer_text(&text), "cameras:") -
                         (const char *)text.data);
    assert_true(!buffer_text_append(&text, "cameras:\n"));
    assert_true(!buffer_text_append(&text, cameras));
    assert_true(!file_write(AT_FDCWD, path, buffer_bytes(&text), 0600, NULL));
}

static void a_camera_that_cannot_be_added_leaves_all_as_it_was(void **state)
{
    (void)state;
    static struct camera camera[CONFIG_MOST_CAMERAS];
    struct place place;
    size_t cameras = 0;
    char name[20];
    place_make(&place);
    struct ledger *ledger = core_ledger(place.core);
    const struct reload reload = {place.operation, &place.desk, camera,
                                  &cameras};
    const struct config *before = operation_config(place.operation);
    config_put(&place, GARAGE MORE);
    for (int i = 0; ledger->cameras < LEDGER_MOST_CAMERAS - 1; i++) {
        snprintf(name, sizeof name, "tank-%d", i);
        assert_non_null(ledger_camera_row(ledger, name));
    }
    assert_false(reload_run(&reload, clock_now()));
    assert_int_equal(cameras, 0);
    assert_ptr_equal(operation_config(place.operation), before);
    place_release(&place);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_camera_that_cannot_be_added_leaves_all_as_it_was),
    };
    return cmocka_run_group_tests_name("reload", test, NULL, NULL);
}
