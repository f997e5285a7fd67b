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

/* One camera with one zone, its desk, and no incident yet. */
struct bench {
    struct config_camera config;
    struct teller teller;
    struct desk desk;
    struct page_touch touch;
    struct camera camera;
};

static void bench_make(struct bench *bench, int64_t quiet_us,
                       struct incidents **incidents)
{
    assert_true(!incidents_new(quiet_us, 1, incidents));
    *bench = (struct bench){.config = {.name = "yard", .zones = 1},
                            .teller = {.heard = hear}};
    bench->desk = (struct desk){.teller = &bench->teller,
                                .incidents = *incidents,
                                .touch = &bench->touch};
    bench->camera.config = &bench->config;
    bench->camera.desk = &bench->desk;
}

static void a_page_belongs_to_the_incident_of_its_own_room(void **state)
{
    (void)state;
    static struct bench bench;
    struct camera *camera = &bench.camera;
    struct incidents *incidents STING_AUTO(incidents_free) = NULL;
    bench_make(&bench, 10000000, &incidents);
    const struct moment now = clock_now();
    const struct wire_head lifted = {
        .number = {0, PAGE_STATE_IS, PAGE_LIFTED, now.utc_us}};
    incidents_place_set(incidents, 1, 1);
    camera->index = 1;
    somebody_is_at(incidents, 0);
    assert_true(camera_page_take(camera, &lifted, now));
    assert_int_equal(told, 2); /* its own */
    somebody_is_at(incidents, 1);
    assert_true(camera_page_take(camera, &lifted, now));
    assert_int_equal(told, 2);
}

/* The tier of the incident that is open where that camera is. */
static enum incident_tier tier_at(const struct incidents *incidents, int camera)
{
    const struct incident *open = incidents_open_of(incidents, camera);
    return open ? open->tier : INCIDENT_NONE;
}

static void page_and_somebody_together_are_a_touch_in_any_order(void **state)
{
    (void)state;
    static const struct {
        int person_s; /* seen so long before the page was touched; below 0:
                         after it */
        int64_t kind, value;
        enum incident_tier tier;
    } row[] = {
        {0, PAGE_STATE_IS, PAGE_LIFTED, INCIDENT_TOUCH},
        {3, PAGE_STATE_IS, PAGE_GONE, INCIDENT_TOUCH},
        {-3, PAGE_STATE_IS, PAGE_TURNED, INCIDENT_TOUCH},
        {-12, PAGE_STATE_IS, PAGE_TURNED, INCIDENT_PRESENCE},
        {3, PAGE_STATE_IS, PAGE_COVERED, INCIDENT_PRESENCE},
        {3, PAGE_STATE_IS, PAGE_IN_VIEW, INCIDENT_PRESENCE},
        {3, PAGE_FLASHES, 1, INCIDENT_PRESENCE},
        {3, PAGE_FLASHES, 2, INCIDENT_PRESENCE},
        {3, PAGE_FLASHES, 3, INCIDENT_TOUCH},
        {3, PAGE_SCREEN, 1, INCIDENT_PRESENCE},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        static struct bench bench;
        struct camera *camera = &bench.camera;
        struct incidents *incidents STING_AUTO(incidents_free) = NULL;
        bench_make(&bench, 60000000, &incidents);
        struct moment now = clock_now();
        const struct wire_head page = {
            .number = {0, row[i].kind, row[i].value, now.utc_us}};
        if (row[i].person_s >= 0) {
            somebody_is_at(incidents, 0);
            now.boot_us += row[i].person_s * INT64_C(1000000);
        }
        assert_true(camera_page_take(camera, &page, now));
        if (row[i].person_s < 0) {
            assert_int_equal(tier_at(incidents, 0), INCIDENT_PRESENCE);
            somebody_is_at(incidents, 0);
            now.boot_us -= row[i].person_s * INT64_C(1000000);
            page_touch_join(&bench.touch, incidents, 0, now);
        }
        assert_int_equal(tier_at(incidents, 0), row[i].tier);
    }
}

static void somebody_before_another_camera_of_the_place_is_a_cue(void **state)
{
    (void)state;
    static const struct {
        int place;     /* of the other camera */
        bool is_first; /* its person, else the page */
        enum incident_tier tier;
    } row[] = {{0, true, INCIDENT_TOUCH},
               {0, false, INCIDENT_TOUCH},
               {1, true, INCIDENT_PRESENCE},
               {1, false, INCIDENT_PRESENCE}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        static struct bench bench;
        struct incidents *incidents STING_AUTO(incidents_free) = NULL;
        bench_make(&bench, 10000000, &incidents);
        const struct moment now = clock_now();
        const struct wire_head gone = {
            .number = {0, PAGE_STATE_IS, PAGE_GONE, now.utc_us}};
        incidents_place_set(incidents, 3, row[i].place);
        if (row[i].is_first) {
            somebody_is_at(incidents, 3);
        }
        assert_true(camera_page_take(&bench.camera, &gone, now));
        if (!row[i].is_first) {
            somebody_is_at(incidents, 3);
            page_touch_join(&bench.touch, incidents, 3, now);
        }
        assert_int_equal(tier_at(incidents, 0), row[i].tier);
    }
}

/* The camera sees nobody, for as long as it takes. */
static void a_page_alone_is_presence_and_with_flashes_a_touch(void **state)
{
    (void)state;
    struct act {
        int s;
        int64_t kind, value;
    };
    static const struct {
        struct act act[3];
        enum incident_tier tier;
    } row[] = {
        {{{0, PAGE_STATE_IS, PAGE_LIFTED}}, INCIDENT_PRESENCE},
        {{{0, PAGE_FLASHES, 3}}, INCIDENT_PRESENCE},
        {{{0, PAGE_FLASHES, 2}}, INCIDENT_NONE},
        {{{0, PAGE_STATE_IS, PAGE_COVERED}}, INCIDENT_NONE},
        {{{0, PAGE_STATE_IS, PAGE_LIFTED}, {5, PAGE_STATE_IS, PAGE_MOVED}},
         INCIDENT_PRESENCE},
        {{{0, PAGE_STATE_IS, PAGE_LIFTED}, {5, PAGE_FLASHES, 2}},
         INCIDENT_PRESENCE},
        {{{0, PAGE_STATE_IS, PAGE_LIFTED}, {5, PAGE_FLASHES, 3}},
         INCIDENT_TOUCH},
        {{{0, PAGE_FLASHES, 3}, {5, PAGE_STATE_IS, PAGE_GONE}}, INCIDENT_TOUCH},
        {{{0, PAGE_FLASHES, 3}, {15, PAGE_STATE_IS, PAGE_GONE}},
         INCIDENT_PRESENCE},
        {{{0, PAGE_STATE_IS, PAGE_LIFTED}, {30, PAGE_FLASHES, 3}},
         INCIDENT_TOUCH},
        {{{0, PAGE_STATE_IS, PAGE_LIFTED},
          {1, PAGE_STATE_IS, PAGE_IN_VIEW},
          {30, PAGE_FLASHES, 3}},
         INCIDENT_PRESENCE},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        static struct bench bench;
        struct incidents *incidents STING_AUTO(incidents_free) = NULL;
        bench_make(&bench, 60000000, &incidents);
        const struct moment begin = clock_now();
        for (size_t k = 0; k < 3; k++) {
            const struct act *act = &row[i].act[k];
            struct moment now = begin;
            now.boot_us += act->s * INT64_C(1000000);
            const struct wire_head page = {
                .number = {0, act->kind, act->value, now.utc_us}};
            assert_true(camera_page_take(&bench.camera, &page, now));
        }
        const struct incident *open = incidents_open_of(incidents, 0);
        assert_int_equal(tier_at(incidents, 0), row[i].tier);
        assert_true(!open || open->kind == INCIDENT_PAGE);
        assert_true(!open || open->seen_by == 0); /* no camera saw him */
    }
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
    static struct bench bench;
    struct camera *camera = &bench.camera;
    struct incidents *incidents STING_AUTO(incidents_free) = NULL;
    bench_make(&bench, 10000000, &incidents);
    const struct moment now = clock_now();
    const struct wire_head lies = {
        .number = {0, PAGE_STATE_IS, PAGE_IN_VIEW, now.utc_us}};
    const struct wire_head covered = {
        .number = {0, PAGE_STATE_IS, PAGE_COVERED, now.utc_us}};
    char text[400];
    for (int connection = 0; connection < 2; connection++) {
        camera_page_begin(camera);
        assert_true(camera_page_take(camera, &lies, now));
        assert_non_null(strstr(words, "nothing has confirmed it"));
        assert_non_null(strstr(zone_page(camera, text), "\"basis\":\"found\""));
        assert_true(camera_page_take(camera, &covered, now));
        assert_true(camera_page_take(camera, &lies, now));
        assert_non_null(strstr(words, "the page lies in its place"));
        assert_non_null(strstr(zone_page(camera, text), "\"basis\":null"));
    }
}

static bool looks_and_sees(struct camera *camera, enum page_state found,
                           int dpi)
{
    const struct moment now = clock_now();
    const struct wire_head is = {
        .number = {0, PAGE_STATE_IS, found, now.utc_us, (int64_t)dpi * 10}};
    camera_page_begin(camera);
    return camera_page_take(camera, &is, now);
}

static void a_bare_table_where_a_page_lay_is_told_once_and_is_presence(
    void **state)
{
    (void)state;
    static struct bench bench;
    struct camera *camera = &bench.camera;
    struct incidents *incidents STING_AUTO(incidents_free) = NULL;
    char text[400];
    bench_make(&bench, 10000000, &incidents);
    bench.config.zone[0] =
        (struct config_zone){.name = "table", .bait = "tank", .copy = 7};
    assert_true(looks_and_sees(camera, PAGE_NO_SHEET, 0));
    assert_non_null(strstr(words, "NO SHEET IS SEEN IN ZONE table: see"));
    assert_int_equal(tier_at(incidents, 0), INCIDENT_NONE);
    assert_non_null(strstr(zone_page(camera, text), "\"no-sheet\""));
    assert_true(looks_and_sees(camera, PAGE_IN_VIEW, 40));
    assert_non_null(strstr(words, "WHERE NONE WAS SEEN at"));
    assert_true(looks_and_sees(camera, PAGE_IN_VIEW, 42));
    assert_null(strstr(words, "OF ANOTHER SIZE"));
    assert_true(looks_and_sees(camera, PAGE_IN_VIEW, 60));
    assert_non_null(strstr(words, "OF ANOTHER SIZE than at"));
    assert_int_equal(tier_at(incidents, 0), INCIDENT_NONE);
    assert_true(looks_and_sees(camera, PAGE_NO_SHEET, 0));
    assert_non_null(strstr(words, "IN ZONE table, where copy 7 of tank lay"));
    assert_int_equal(tier_at(incidents, 0), INCIDENT_PRESENCE);
    incidents_finish(incidents, clock_now());
    assert_true(looks_and_sees(camera, PAGE_NO_SHEET, 0));
    assert_null(strstr(words, "where copy 7"));
    assert_int_equal(tier_at(incidents, 0), INCIDENT_NONE);
}

static void another_copy_is_not_missed_where_it_never_lay(void **state)
{
    (void)state;
    static struct bench bench;
    struct incidents *incidents STING_AUTO(incidents_free) = NULL;
    bench_make(&bench, 10000000, &incidents);
    bench.config.zone[0] =
        (struct config_zone){.name = "table", .bait = "tank", .copy = 7};
    assert_true(looks_and_sees(&bench.camera, PAGE_IN_VIEW, 40));
    bench.config.zone[0].copy = 8;
    assert_true(looks_and_sees(&bench.camera, PAGE_NO_SHEET, 0));
    assert_null(strstr(words, "where copy"));
    assert_int_equal(tier_at(incidents, 0), INCIDENT_NONE);
}

static void the_page_that_was_read_is_told_until_it_may_be_another(void **state)
{
    (void)state;
    static struct bench bench;
    struct camera *camera = &bench.camera;
    struct incidents *incidents STING_AUTO(incidents_free) = NULL;
    bench_make(&bench, 10000000, &incidents);
    bench.config.zone[0] =
        (struct config_zone){.name = "table", .bait = "tank", .copy = 7};
    const struct moment now = clock_now();
    char text[400];
    const struct wire_head read = {.number = {0, PAGE_READ, 3, now.utc_us}};
    const struct wire_head none = {.number = {0, PAGE_READ, 0, now.utc_us}};
    static const enum page_state keeps[] = {PAGE_IN_VIEW, PAGE_COVERED,
                                            PAGE_MOVED};
    for (int s = 0; s < PAGE_STATES; s++) {
        const struct wire_head becomes = {
            .number = {0, PAGE_STATE_IS, s, now.utc_us}};
        bool is_kept = false;
        for (size_t i = 0; i < sizeof keeps / sizeof *keeps; i++) {
            is_kept |= (int)keeps[i] == s;
        }
        assert_true(camera_page_take(camera, &read, now));
        assert_non_null(strstr(words, "page 3 of copy 7 is in view"));
        assert_true(camera_page_take(camera, &becomes, now));
        assert_non_null(strstr(zone_page(camera, text),
                               is_kept ? "\"page\":3" : "\"page\":null"));
    }
    assert_true(camera_page_take(camera, &read, now));
    camera_page_begin(camera);
    assert_non_null(strstr(zone_page(camera, text), "\"page\":null"));
    assert_false(camera_page_take(camera, &none, now));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_belongs_to_the_incident_of_its_own_room),
        cmocka_unit_test(page_and_somebody_together_are_a_touch_in_any_order),
        cmocka_unit_test(somebody_before_another_camera_of_the_place_is_a_cue),
        cmocka_unit_test(a_page_alone_is_presence_and_with_flashes_a_touch),
        cmocka_unit_test(what_is_found_at_the_start_is_not_said_to_be_the_bait),
        cmocka_unit_test(
            a_bare_table_where_a_page_lay_is_told_once_and_is_presence),
        cmocka_unit_test(another_copy_is_not_missed_where_it_never_lay),
        cmocka_unit_test(
            the_page_that_was_read_is_told_until_it_may_be_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
