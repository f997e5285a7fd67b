/* What a camera's worker says of a page belongs to its own room. */
#include <stdio.h>
#include <string.h>

#include "station/camera_page.h"

#include "station/camera.h"
#include "tests/check.h"

static int64_t told;
static char words[200];

static void hear(void *hearer, const struct tale *tale, int64_t utc_us,
                 const char *text)
{
    (void)hearer;
    (void)utc_us;
    snprintf(words, sizeof words, "%s", text);
    told = tale->incident;
}

static void somebody_is_at(struct incidents *incidents, int camera)
{
    const struct observation seen = {.camera = camera,
                                     .zone = -1,
                                     .kind = INCIDENT_PERSON,
                                     .begins = true,
                                     .at = clock_now(),
                                     .looked = clock_now()};
    assert_true(!incidents_observe(incidents, &seen));
}

static void a_page_belongs_to_the_incident_of_its_own_room(void **state)
{
    (void)state;
    static struct camera camera;
    static struct config_camera config = {.name = "yard", .zones = 1};
    const struct teller teller = {.heard = hear};
    struct incidents *incidents STING_AUTO(incidents_free) = NULL;
    assert_true(!incidents_new(10000000, 1, &incidents));
    struct desk desk = {.teller = &teller, .incidents = incidents};
    const struct moment now = clock_now();
    const struct wire_head lifted = {
        .number = {0, PAGE_STATE_IS, PAGE_LIFTED, now.utc_us}};
    incidents_place_set(incidents, 1, 1);
    camera.index = 1;
    camera.config = &config;
    camera.desk = &desk;
    somebody_is_at(incidents, 0);
    assert_true(camera_page_take(&camera, &lifted, now));
    assert_int_equal(told, 0);
    somebody_is_at(incidents, 1);
    assert_true(camera_page_take(&camera, &lifted, now));
    assert_int_equal(told, 2);
}

static void what_is_found_at_the_start_is_not_said_to_be_the_bait(void **state)
{
    (void)state;
    static struct camera camera;
    static struct config_camera config = {.name = "yard", .zones = 1};
    const struct teller teller = {.heard = hear};
    struct incidents *incidents STING_AUTO(incidents_free) = NULL;
    assert_true(!incidents_new(10000000, 1, &incidents));
    struct desk desk = {.teller = &teller, .incidents = incidents};
    const struct moment now = clock_now();
    const struct wire_head lies = {
        .number = {0, PAGE_STATE_IS, PAGE_IN_VIEW, now.utc_us}};
    const struct wire_head covered = {
        .number = {0, PAGE_STATE_IS, PAGE_COVERED, now.utc_us}};
    camera.config = &config;
    camera.desk = &desk;
    for (int connection = 0; connection < 2; connection++) {
        camera_page_begin(&camera);
        assert_true(camera_page_take(&camera, &lies, now));
        assert_non_null(strstr(words, "nothing has confirmed it"));
        assert_true(camera_page_take(&camera, &covered, now));
        assert_true(camera_page_take(&camera, &lies, now));
        assert_non_null(strstr(words, "the page lies in its place"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_belongs_to_the_incident_of_its_own_room),
        cmocka_unit_test(what_is_found_at_the_start_is_not_said_to_be_the_bait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
