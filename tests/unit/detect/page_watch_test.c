#include <stdlib.h>
#include <string.h>

#include "detect/page_flash.h"
#include "detect/page_watch.h"
#include "detect/page_zones.h"
#include "tests/campaign/page_scene.h"
#include "tests/check.h"

#define BEGIN_S 7.0
#define DPI 25.0
#define HALF_LIGHT 0.16
#define GRAIN 12.0 /* 4.5 after smearing */

struct seen {
    struct page_truth truth;
    int states;
    enum page_state state[20];
    double at_s[20];
    float dpi;
    bool screen;
};

static void page_print(struct plane *page, uint64_t seed)
{
    assert_int_equal(plane_init(page, (int)(20 * DPI), (int)(28 * DPI)), 0);
    page_scene_print(page, seed);
}

static struct detect_zone zone_of(const struct page_scene *scene)
{
    float corner[4][2];
    struct detect_zone zone = {.has_bait = true, .points = 4};
    page_scene_zone(scene, corner);
    for (int i = 0; i < 4; i++) {
        zone.point[i] = (struct detect_point){corner[i][0], corner[i][1]};
    }
    return zone;
}

static void watch(struct page_watch *watch, struct page_scene *scene,
                  struct seen *seen)
{
    double at = 0;
    while (at < seen->truth.end_s + 2) {
        struct page_look look;
        page_watch_look(watch, page_scene_draw(scene, at), (int64_t)(at * 1e6),
                        false, &look);
        seen->dpi = look.dpi;
        seen->screen = seen->screen || look.has_screen;
        if (look.is_new && seen->states < 20) {
            seen->state[seen->states] = look.state;
            seen->at_s[seen->states++] = at;
        }
        at += at < 6 ? 0.6 : 0.2;
    }
}

/* What is told of one act in half-light at 25 dots an inch. */
static struct seen act(enum scene_act what, uint64_t seed)
{
    struct plane front, other;
    struct seen seen = {0};
    page_print(&front, seed + 50);
    page_print(&other, seed + 90);
    const struct page_scene_settings settings = {.seed = seed,
                                                 .dpi = DPI,
                                                 .light = HALF_LIGHT,
                                                 .grain = GRAIN,
                                                 .act = what,
                                                 .begin_s = BEGIN_S,
                                                 .front = &front,
                                                 .other = &other};
    struct page_scene *scene = page_scene_new(&settings);
    struct page_watch *w = NULL;
    const struct plane *picture = page_scene_draw(scene, 0);
    struct detect_zone zone = zone_of(scene);
    assert_int_equal(
        page_watch_new(picture->width_px, picture->height_px, &zone, &w),
        STING_OK);
    seen.truth = page_scene_truth(scene);
    watch(w, scene, &seen);
    page_watch_free(&w);
    page_scene_free(&scene);
    plane_release(&front);
    plane_release(&other);
    return seen;
}

static bool tells(const struct seen *seen, enum page_state state, double after,
                  double before)
{
    for (int i = 0; i < seen->states; i++) {
        if (seen->state[i] == state && seen->at_s[i] >= after &&
            seen->at_s[i] <= before) {
            return true;
        }
    }
    return false;
}

static bool any_touch(const struct seen *seen)
{
    for (int i = 0; i < seen->states; i++) {
        if (page_state_is_touch(seen->state[i])) {
            return true;
        }
    }
    return false;
}

static void page_in_quiet_is_in_view_and_nothing_else(void **state)
{
    (void)state;
    struct seen seen = act(ACT_NONE, 1);
    assert_int_equal(seen.states, 1);
    assert_int_equal(seen.state[0], PAGE_IN_VIEW);
    assert_true(seen.dpi > 21 && seen.dpi < 29);
}

static void somebody_leaning_over_covers_page_and_touches_nothing(void **state)
{
    (void)state;
    struct seen seen = act(ACT_LEAN, 2);
    assert_true(tells(&seen, PAGE_COVERED, BEGIN_S, BEGIN_S + 3));
    assert_int_equal(seen.state[seen.states - 1], PAGE_IN_VIEW);
    assert_false(any_touch(&seen));
}

/* He darkens it before he hides it, and then is about as bright as the table.
 */
static void sleeve_like_the_table_is_no_page_that_left(void **state)
{
    (void)state;
    static const uint64_t seed[] = {4, 37, 74, 126};
    for (size_t i = 0; i < sizeof seed / sizeof *seed; i++) {
        struct seen seen = act(ACT_LEAN, seed[i]);
        assert_false(any_touch(&seen));
    }
}

static void lifted_page_is_told_within_two_seconds(void **state)
{
    (void)state;
    struct seen seen = act(ACT_LIFT, 2);
    double away = seen.truth.away_s;
    assert_true(tells(&seen, PAGE_LIFTED, away, away + 2));
    assert_true(tells(&seen, PAGE_MOVED, away, seen.truth.settled_s + 2));
}

/* A cup as bright as paper touches the sheet, or stands on a corner of it. */
static void page_beside_a_cup_is_turned_all_the_same(void **state)
{
    (void)state;
    const uint64_t has_cup[] = {32, 34};
    for (size_t i = 0; i < 2; i++) {
        struct seen seen = act(ACT_TURN, has_cup[i]);
        double settled = seen.truth.settled_s;
        assert_true(tells(&seen, PAGE_TURNED, BEGIN_S, settled + 2));
    }
}

static void page_laid_face_down_is_turned(void **state)
{
    (void)state;
    struct seen seen = act(ACT_TURN, 1);
    double at = seen.truth.settled_s;
    assert_true(tells(&seen, PAGE_TURNED, seen.truth.away_s, at + 2));
    assert_int_equal(seen.state[seen.states - 1], PAGE_TURNED);
}

static void page_taken_away_is_gone(void **state)
{
    (void)state;
    struct seen seen = act(ACT_TAKE, 2);
    double at = seen.truth.settled_s;
    assert_true(tells(&seen, PAGE_GONE, seen.truth.away_s, at + 2));
    assert_int_equal(seen.state[seen.states - 1], PAGE_GONE);
}

static void other_page_on_top_is_another_print(void **state)
{
    (void)state;
    struct seen seen = act(ACT_SWAP, 2);
    assert_int_equal(seen.state[seen.states - 1], PAGE_CHANGED);
}

/* An arm across the picture. */
static void arm_lay(struct plane *picture)
{
    int high = picture->height_px;
    for (int y = high * 2 / 5; y < high * 3 / 5; y++) {
        memset(plane_row(picture, y), 45, (size_t)picture->width_px);
    }
}

/* Another page is laid there and stays; ten seconds later an arm passes. */
static void other_page_stays_another_when_an_arm_has_passed(void **state)
{
    (void)state;
    struct plane front, other;
    page_print(&front, 52);
    page_print(&other, 92);
    const struct page_scene_settings settings = {.seed = 2,
                                                 .dpi = DPI,
                                                 .light = HALF_LIGHT,
                                                 .grain = GRAIN,
                                                 .act = ACT_SWAP,
                                                 .begin_s = BEGIN_S,
                                                 .front = &front,
                                                 .other = &other};
    struct page_scene *scene = page_scene_new(&settings);
    struct plane picture;
    struct page_watch *w = NULL;
    const struct detect_zone zone = zone_of(scene);
    assert_int_equal(plane_init(&picture, page_scene_draw(scene, 0)->width_px,
                                page_scene_draw(scene, 0)->height_px),
                     0);
    assert_int_equal(
        page_watch_new(picture.width_px, picture.height_px, &zone, &w), 0);
    double passes_s = page_scene_truth(scene).end_s + 10;
    bool is_covered = false;
    int64_t changed_us = 0;
    struct page_look look = {0};
    double at = 0;
    while (at < passes_s + 5) {
        memcpy(picture.data, page_scene_draw(scene, at)->data,
               (size_t)picture.stride * (size_t)picture.height_px);
        if (at > passes_s && at < passes_s + 2) {
            arm_lay(&picture);
        }
        page_watch_look(w, &picture, (int64_t)(at * 1e6), false, &look);
        is_covered =
            is_covered || (look.state == PAGE_COVERED && at > passes_s);
        changed_us = at < passes_s ? look.since_us : changed_us;
        assert_true(at < passes_s || look.state != PAGE_IN_VIEW);
        at += at < 6 ? 0.6 : 0.2;
    }
    assert_true(is_covered);
    assert_int_equal(look.state, PAGE_CHANGED);
    assert_int_equal(look.since_us, changed_us); /* not anew */
    page_watch_free(&w);
    page_scene_free(&scene);
    plane_release(&picture);
    plane_release(&front);
    plane_release(&other);
}

static void lamp_and_shadow_touch_nothing(void **state)
{
    (void)state;
    struct seen lamp = act(ACT_LAMP, 1), dark = act(ACT_LAMP, 2);
    struct seen shadow = act(ACT_SHADOW, 1);
    assert_false(any_touch(&lamp) || any_touch(&dark) || any_touch(&shadow));
    assert_int_equal(lamp.state[lamp.states - 1], PAGE_IN_VIEW);
    assert_int_equal(dark.state[dark.states - 1], PAGE_IN_VIEW);
}

static void bright_screen_over_page_is_seen(void **state)
{
    (void)state;
    assert_true(act(ACT_SCREEN, 1).screen);
    assert_false(act(ACT_REST, 1).screen);
}

static void empty_table_is_never_a_page(void **state)
{
    (void)state;
    struct plane picture;
    struct page_watch *w = NULL;
    struct detect_zone zone = {
        .has_bait = true,
        .points = 4,
        .point = {{0.2F, 0.2F}, {0.8F, 0.2F}, {0.8F, 0.8F}, {0.2F, 0.8F}}};
    assert_int_equal(plane_init(&picture, 320, 240), 0);
    assert_int_equal(page_watch_new(320, 240, &zone, &w), 0);
    uint64_t chance = 7;
    for (int look = 0; look < 40; look++) {
        struct page_look out;
        for (int i = 0; i < 320 * 240; i++) {
            chance = chance * 6364136223846793005U + 1442695040888963407U;
            picture.data[i] = (uint8_t)(90 + (chance >> 33) % 9);
        }
        page_watch_look(w, &picture, look * 300000LL, false, &out);
        assert_int_equal(out.state, PAGE_LEARNING);
    }
    page_watch_free(&w);
    plane_release(&picture);
}

/* A table, plain or of boards, with the camera's noise. */
static void table_draw(struct plane *picture, bool is_plain, uint64_t *chance)
{
    for (int i = 0; i < picture->width_px * picture->height_px; i++) {
        int x = i % picture->width_px, y = i / picture->width_px;
        int wood = is_plain ? 0 : ((x * 7919 + y / 9 * 104729) >> 5) % 40;
        *chance = *chance * 6364136223846793005U + 1442695040888963407U;
        picture->data[(size_t)y * (size_t)picture->stride + (size_t)x] =
            (uint8_t)(90 + wood + (int)((*chance >> 33) % 9));
    }
}

static void bare_table_is_told_once_as_one_without_a_sheet(void **state)
{
    (void)state;
    const struct detect_zone zone = {
        .has_bait = true,
        .points = 4,
        .point = {{0.2F, 0.2F}, {0.8F, 0.2F}, {0.8F, 0.8F}, {0.2F, 0.8F}}};
    for (int is_plain = 0; is_plain < 2; is_plain++) {
        struct plane picture;
        struct page_zones *zones = NULL;
        uint64_t chance = 7;
        int told = 0;
        assert_int_equal(plane_init(&picture, 320, 240), 0);
        assert_int_equal(page_zones_new(320, 240, &zone, 1, &zones), 0);
        for (int at = 0; at < 80; at++) {
            struct detect_look look = {0};
            table_draw(&picture, is_plain, &chance);
            page_zones_look(zones, &picture, at * 300000LL, &look);
            for (int i = 0; i < look.pages; i++) {
                assert_int_equal(look.page[i].kind, PAGE_STATE_IS);
                assert_int_equal(look.page[i].value, PAGE_NO_SHEET);
                told++;
            }
        }
        assert_int_equal(told, 1);
        page_zones_free(&zones);
        plane_release(&picture);
    }
}

static void zone_too_small_for_page_is_refused(void **state)
{
    (void)state;
    struct page_watch *w = NULL;
    struct detect_zone zone = {
        .has_bait = true,
        .points = 3,
        .point = {{0.5F, 0.5F}, {0.51F, 0.5F}, {0.51F, 0.51F}}};
    assert_int_equal(page_watch_new(640, 360, &zone, &w), STING_E_LIMIT);
    assert_null(w);
}

/* Flashes of a grey picture at these looks, 4 a second. */
static int flashes(const char *looks, int *count)
{
    struct plane picture;
    struct page_flash flash = {0};
    struct patch_place place = {10, 10, 90, 90, 80, 80};
    int told = 0;
    assert_int_equal(plane_init(&picture, 100, 100), 0);
    for (int i = 0; looks[i]; i++) {
        memset(picture.data,
               looks[i] == '!'   ? 180
               : looks[i] == '_' ? 50
                                 : 80 + i % 3,
               10000);
        told += page_flash_look(&flash, &place, &picture, i * 250000LL);
    }
    *count = flash.count;
    plane_release(&picture);
    return told;
}

static void flashes_are_counted_and_a_lamp_is_none(void **state)
{
    (void)state;
    int count = 0;
    assert_int_equal(flashes("...............!.......!.....!....", &count), 3);
    assert_int_equal(count, 3);
    assert_int_equal(flashes("...............!!!!!!!!!!!!!!!!!.....", &count),
                     0);
    assert_int_equal(count, 0);
    assert_int_equal(flashes("...............______________!........", &count),
                     0); /* a shadow goes away */
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(page_in_quiet_is_in_view_and_nothing_else),
        cmocka_unit_test(somebody_leaning_over_covers_page_and_touches_nothing),
        cmocka_unit_test(sleeve_like_the_table_is_no_page_that_left),
        cmocka_unit_test(lifted_page_is_told_within_two_seconds),
        cmocka_unit_test(page_laid_face_down_is_turned),
        cmocka_unit_test(page_beside_a_cup_is_turned_all_the_same),
        cmocka_unit_test(page_taken_away_is_gone),
        cmocka_unit_test(other_page_on_top_is_another_print),
        cmocka_unit_test(other_page_stays_another_when_an_arm_has_passed),
        cmocka_unit_test(lamp_and_shadow_touch_nothing),
        cmocka_unit_test(bright_screen_over_page_is_seen),
        cmocka_unit_test(empty_table_is_never_a_page),
        cmocka_unit_test(bare_table_is_told_once_as_one_without_a_sheet),
        cmocka_unit_test(zone_too_small_for_page_is_refused),
        cmocka_unit_test(flashes_are_counted_and_a_lamp_is_none),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
