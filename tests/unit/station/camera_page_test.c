/* What a camera's worker says of a page belongs to its own room. */
#include <stdio.h>
#include <string.h>

#include "station/camera_page.h"

#include "base/json.h"
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

static const char *zone_page(const struct camera *camera, char out[400])
{
    struct json *row STING_AUTO(json_free) = json_new_object();
    struct buffer text STING_AUTO(buffer_release) = {0};
    camera_page_add(row, camera, 0, clock_now());
    assert_true(!json_line(row, &text));
    snprintf(out, 400, "%s", buffer_text(&text));
    return out;
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
    char text[400];
    camera.config = &config;
    camera.desk = &desk;
    for (int connection = 0; connection < 2; connection++) {
        camera_page_begin(&camera);
        assert_true(camera_page_take(&camera, &lies, now));
        assert_non_null(strstr(words, "nothing has confirmed it"));
        assert_non_null(
            strstr(zone_page(&camera, text), "\"basis\":\"found\""));
        assert_true(camera_page_take(&camera, &covered, now));
        assert_true(camera_page_take(&camera, &lies, now));
        assert_non_null(strstr(words, "the page lies in its place"));
        assert_non_null(strstr(zone_page(&camera, text), "\"basis\":null"));
    }
}

static void the_page_that_was_read_is_told_until_it_may_be_another(void **state)
{
    (void)state;
    static struct camera camera;
    static struct config_camera config = {
        .name = "yard",
        .zones = 1,
        .zone = {{.name = "table", .bait = "tank", .copy = 7}}};
    const struct teller teller = {.heard = hear};
    struct incidents *incidents STING_AUTO(incidents_free) = NULL;
    assert_true(!incidents_new(10000000, 1, &incidents));
    struct desk desk = {.teller = &teller, .incidents = incidents};
    const struct moment now = clock_now();
    char text[400];
    const struct wire_head read = {.number = {0, PAGE_READ, 3, now.utc_us}};
    const struct wire_head none = {.number = {0, PAGE_READ, 0, now.utc_us}};
    camera.config = &config;
    camera.desk = &desk;
    static const enum page_state keeps[] = {PAGE_IN_VIEW, PAGE_COVERED,
                                            PAGE_MOVED};
    for (int s = 0; s < PAGE_STATES; s++) {
        const struct wire_head becomes = {
            .number = {0, PAGE_STATE_IS, s, now.utc_us}};
        bool is_kept = false;
        for (size_t i = 0; i < sizeof keeps / sizeof *keeps; i++) {
            is_kept |= (int)keeps[i] == s;
        }
        assert_true(camera_page_take(&camera, &read, now));
        assert_non_null(strstr(words, "page 3 of copy 7 is in view"));
        assert_true(camera_page_take(&camera, &becomes, now));
        assert_non_null(strstr(zone_page(&camera, text),
                               is_kept ? "\"page\":3" : "\"page\":null"));
    }
    assert_true(camera_page_take(&camera, &read, now));
    camera_page_begin(&camera);
    assert_non_null(strstr(zone_page(&camera, text), "\"page\":null"));
    assert_false(camera_page_take(&camera, &none, now));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_belongs_to_the_incident_of_its_own_room),
        cmocka_unit_test(what_is_found_at_the_start_is_not_said_to_be_the_bait),
        cmocka_unit_test(
            the_page_that_was_read_is_told_until_it_may_be_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
