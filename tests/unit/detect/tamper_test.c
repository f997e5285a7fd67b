#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/tamper.h"
#include "tests/check.h"

#define WIDE 480
#define HIGH 270
#define SECOND INT64_C(1000000)
#define FRAME_US INT64_C(200000)
#define KEY_FRAMES 5 /* a second, if nothing else is said */
#define MOST_HELD 40

/* A camera over a drawn room, its detector, and tamper beside it. */
struct rig {
    uint64_t chance;
    double light, sigma;
    int left;        /* it looks so far to the left */
    uint64_t page;   /* which lies on a bare table; 0: a room without one */
    int blur;        /* cells of the lens's blur */
    uint64_t place;  /* another one: another room */
    double masked;   /* a part of the picture, from above, is black */
    bool is_covered; /* something dark and near is before the lens */
    bool has_infrared;
    struct plane shown;
    struct plane kept[MOST_HELD];
    int held; /* pictures kept ...*/
    int play; /* ... and which is shown next; below 0: the room */
    int key_frames;
    struct detector *detector;
    struct tamper *tamper;
    int frame;
    bool wants_all;
    int begins, ends;
    int repeats; /* how often it was told that its pictures repeat */
    int64_t first_us;
    enum tamper_cause cause;
    int64_t beside_us; /* another stream showed the view then; 0: there is none,
                          ...*/
    bool is_beside;    /* ... or shows it all the time */
    bool is_check;     /* no detector sees it */
};

static double uniform(struct rig *r)
{
    r->chance = r->chance * 6364136223846793005U + 1442695040888963407U;
    return (double)(r->chance >> 11) * 0x1p-53;
}

static double lattice(int x, int y, uint64_t seed)
{
    uint64_t z = seed + (uint64_t)(uint32_t)x * 0x9e3779b97f4a7c15U +
                 (uint64_t)(uint32_t)y * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 29)) * 0x94d049bb133111ebU;
    return (double)((z ^ (z >> 32)) & 0xffff) / 65535;
}

/* Things of 12 and of 45 pixels, as shelves and tools are. */
static double room_at(const struct rig *r, int x, int y)
{
    x += r->left;
    bool is_page = x > 120 && x < 360 && y > 20 && y < 250;
    if (r->page) {
        return is_page ? 25 + 90 * lattice(x / 12, y / 12, r->page) : 70;
    }
    double v = 40 + 90 * lattice(x / 45, y / 45, 7 + r->place) +
               50 * lattice(x / 12, y / 12, 99 + r->place);
    return r->has_infrared ? 60 + 0.6 * v : v;
}

static double blurred_at(const struct rig *r, int x, int y)
{
    double sum = 0;
    int count = 0;
    for (int j = -r->blur; j <= r->blur; j += 3) {
        for (int i = -r->blur; i <= r->blur; i += 3) {
            sum += room_at(r, x + i, y + j);
            count++;
        }
    }
    return sum / count;
}

static double seen_at(const struct rig *r, int x, int y)
{
    return r->is_covered ? 30
           : r->blur     ? blurred_at(r, x, y)
                         : room_at(r, x, y);
}

static void room_draw(struct rig *r)
{
    int black = (int)(r->masked * HIGH);
    memset(plane_row(&r->shown, 0), 16,
           (size_t)black * (size_t)r->shown.stride);
    for (int y = black; y < HIGH; y++) {
        for (int x = 0; x < WIDE; x++) {
            double grain = uniform(r) + uniform(r) + uniform(r) - 1.5;
            double v = 16 + r->light * seen_at(r, x, y) + 2 * r->sigma * grain;
            plane_row(&r->shown, y)[x] = (uint8_t)(v < 0     ? 0
                                                   : v > 255 ? 255
                                                             : v);
        }
    }
}

static size_t picture_bytes(const struct rig *r)
{
    return (size_t)r->shown.stride * HIGH;
}

static void rig_begin(struct rig *r, const struct detect_zone *zone)
{
    *r = (struct rig){.chance = 5, .light = 0.6, .sigma = 3, .play = -1};
    r->wants_all = true;
    r->key_frames = KEY_FRAMES;
    assert_int_equal(plane_init(&r->shown, WIDE, HIGH), 0);
    assert_int_equal(detector_new(WIDE, HIGH, zone, zone ? 1 : 0, &r->detector),
                     0);
    assert_int_equal(tamper_new(WIDE, HIGH, zone, zone ? 1 : 0, &r->tamper), 0);
}

static void rig_end(struct rig *r)
{
    plane_release(&r->shown);
    for (int i = 0; i < r->held; i++) {
        plane_release(&r->kept[i]);
    }
    detector_free(&r->detector);
    tamper_free(&r->tamper);
}

static int64_t now_us(const struct rig *r)
{
    return (int64_t)r->frame * FRAME_US + 10 * SECOND;
}

static void hear(struct rig *r, const struct detect_look *look)
{
    r->repeats += look->cause == TAMPER_REPEATS;
    for (int i = 0; i < look->events; i++) {
        if (look->event[i].kind != DETECT_TAMPER) {
            continue;
        }
        if (look->event[i].begins) {
            r->first_us = r->begins++ ? r->first_us : now_us(r);
            r->cause = (enum tamper_cause)look->cause;
        } else {
            r->ends++;
        }
    }
}

/* What was kept, from a keyframe on, or the room. */
static void picture_get(struct rig *r, bool key)
{
    if (r->play < 0) {
        room_draw(r);
        return;
    }
    int shown = r->play + (key ? 0 : r->frame % r->key_frames);
    memcpy(r->shown.data, r->kept[shown % r->held].data, picture_bytes(r));
    r->play = key ? (r->play + r->key_frames) % r->held : r->play;
}

static void picture_keep(struct rig *r)
{
    if (r->held < MOST_HELD) {
        struct plane *to = &r->kept[r->held++];
        assert_int_equal(plane_init(to, WIDE, HIGH), 0);
        memcpy(to->data, r->shown.data, picture_bytes(r));
    }
}

/* `keep`: what is seen is kept, to be shown again. */
static void pass(struct rig *r, double seconds, bool keep)
{
    for (int i = 0; i < (int)(seconds * SECOND / FRAME_US); i++, r->frame++) {
        bool key = r->frame % r->key_frames == 0;
        if (!key && !r->wants_all && !keep) {
            continue;
        }
        picture_get(r, key);
        if (keep) {
            picture_keep(r);
        }
        struct detect_look look = {0};
        if (!r->is_check) {
            detector_look(r->detector, &r->shown, now_us(r), key, &look);
        }
        if (r->is_beside || r->beside_us) {
            tamper_beside(r->tamper, r->is_beside ? now_us(r) : r->beside_us);
        }
        tamper_look(r->tamper, &r->shown, now_us(r), key, &look);
        hear(r, &look);
        r->wants_all = look.wants_all;
    }
}

static void quiet(struct rig *r)
{
    rig_begin(r, NULL);
    pass(r, 40, false);
    assert_int_equal(r->begins, 0);
}

/* Told within five seconds, as this. */
static void told(const struct rig *r, int64_t from_us, enum tamper_cause cause)
{
    assert_int_equal(r->begins, 1);
    assert_int_equal(r->cause, cause);
    assert_true(r->first_us - from_us <= 5 * SECOND);
}

static void covered_lens_is_told_and_its_end(void **state)
{
    (void)state;
    struct rig r;
    quiet(&r);
    int64_t from_us = now_us(&r);
    r.is_covered = true;
    pass(&r, 8, false);
    told(&r, from_us, TAMPER_COVERED);
    r.is_covered = false;
    pass(&r, 8, false);
    assert_int_equal(r.ends, 1);
    rig_end(&r);
}

static void somebody_before_the_lens_for_three_seconds_is_no_tamper(
    void **state)
{
    (void)state;
    struct rig r;
    quiet(&r);
    r.is_covered = true;
    pass(&r, 3, false);
    r.is_covered = false;
    pass(&r, 8, false);
    assert_int_equal(r.begins, 0);
    rig_end(&r);
}

static void turned_camera_is_told(void **state)
{
    (void)state;
    struct rig r;
    quiet(&r);
    int64_t from_us = now_us(&r);
    r.left = 70;
    pass(&r, 7, false);
    told(&r, from_us, TAMPER_TURNED);
    rig_end(&r);
}

static void another_picture_before_the_lens_is_told(void **state)
{
    (void)state;
    struct rig r;
    quiet(&r);
    int64_t from_us = now_us(&r);
    r.place = 1234;
    pass(&r, 7, false);
    told(&r, from_us, TAMPER_TURNED);
    rig_end(&r);
}

static void what_another_stream_does_not_show_is_told_at_once(void **state)
{
    (void)state;
    struct rig r;
    quiet(&r);
    assert_int_equal(tamper_own_us(r.tamper), now_us(&r) - 5 * FRAME_US);
    int64_t from_us = now_us(&r);
    r.is_beside = true;
    r.place = 1234;
    pass(&r, 7, false);
    told(&r, from_us, TAMPER_TURNED);
    assert_true(r.first_us - from_us <= 2 * FRAME_US);
    rig_end(&r);
    quiet(&r);
    from_us = now_us(&r);
    r.is_beside = true;
    r.blur = 9;
    pass(&r, 7, false);
    told(&r, from_us, TAMPER_BLURRED);
    assert_true(r.first_us - from_us <= 2 * FRAME_US);
    rig_end(&r);
}

static void black_that_another_stream_does_not_show_is_told(void **state)
{
    (void)state;
    struct rig r;
    quiet(&r);
    int64_t from_us = now_us(&r);
    r.is_check = true;
    r.light = 0.01;
    r.is_beside = true;
    pass(&r, 7, false);
    told(&r, from_us, TAMPER_COVERED);
    assert_true(tamper_own_us(r.tamper) == INT64_MIN);
    rig_end(&r);
}

/* Somebody may have come before the lens since. */
static void what_another_stream_showed_before_says_nothing(void **state)
{
    (void)state;
    struct rig r;
    quiet(&r);
    int64_t from_us = now_us(&r);
    r.beside_us = from_us;
    r.place = 1234;
    pass(&r, 3, false);
    assert_int_equal(r.begins, 0);
    pass(&r, 4, false);
    told(&r, from_us, TAMPER_TURNED);
    rig_end(&r);
}

static void lens_out_of_focus_is_told(void **state)
{
    (void)state;
    struct rig r;
    quiet(&r);
    int64_t from_us = now_us(&r);
    r.blur = 12;
    pass(&r, 7, false);
    told(&r, from_us, TAMPER_BLURRED);
    rig_end(&r);
}

/* So strong that no tile shows by itself that its fine structure is gone. */
static void lens_out_of_focus_in_strong_grain_is_told(void **state)
{
    (void)state;
    struct rig r;
    rig_begin(&r, NULL);
    r.light = 0.3;
    r.sigma = 10;
    pass(&r, 60, false);
    assert_int_equal(r.begins, 0);
    int64_t from_us = now_us(&r);
    r.blur = 9;
    pass(&r, 7, false);
    told(&r, from_us, TAMPER_BLURRED);
    rig_end(&r);
}

/* All that there is to see is the page; another one is another page. */
static void page_that_is_turned_is_no_tamper(void **state)
{
    (void)state;
    struct detect_zone zone = {
        .has_bait = true,
        .points = 4,
        .point = {{0.2f, 0.05f}, {0.8f, 0.05f}, {0.8f, 0.95f}, {0.2f, 0.95f}}};
    struct rig r;
    rig_begin(&r, &zone);
    r.page = 11;
    pass(&r, 40, false);
    r.page = 12;
    pass(&r, 9, false);
    assert_int_equal(r.begins, 0);
    r.page = 11;
    pass(&r, 20, false);
    int64_t from_us = now_us(&r);
    r.page = 0;
    pass(&r, 7, false);
    told(&r, from_us, TAMPER_TURNED);
    rig_end(&r);
}

static void held_picture_is_told(void **state)
{
    (void)state;
    struct rig r;
    quiet(&r);
    pass(&r, 1, true);
    int64_t from_us = now_us(&r);
    for (int i = 1; i < r.held; i++) { /* the last one, for ever */
        memcpy(r.kept[i].data, r.kept[0].data, picture_bytes(&r));
    }
    r.play = 0;
    pass(&r, 6, false);
    told(&r, from_us, TAMPER_HELD);
    rig_end(&r);
}

static void recording_played_again_is_told(void **state)
{
    (void)state;
    struct rig r;
    quiet(&r);
    pass(&r, 8, true);
    pass(&r, 20, false);
    int64_t from_us = now_us(&r);
    r.play = 0;
    pass(&r, 7, false);
    told(&r, from_us, TAMPER_PLAYED);
    rig_end(&r);
}

/* As `quiet`, of a camera whose keyframes are so far apart; what comes then
 * comes just after one. */
static int64_t quiet_far(struct rig *r, int seconds)
{
    rig_begin(r, NULL);
    r->key_frames = seconds * KEY_FRAMES;
    pass(r, 40 * seconds + 0.2, false);
    assert_int_equal(r->begins, 0);
    return now_us(r);
}

static void what_is_hidden_is_told_where_keyframes_are_far_apart(void **state)
{
    (void)state;
    struct rig r;
    int64_t from_us = quiet_far(&r, 2);
    r.is_covered = true;
    pass(&r, 7, false);
    told(&r, from_us, TAMPER_COVERED);
    rig_end(&r);
    from_us = quiet_far(&r, 2);
    r.blur = 12;
    pass(&r, 7, false);
    told(&r, from_us, TAMPER_BLURRED);
    rig_end(&r);
    from_us = quiet_far(&r, 2);
    r.place = 1234;
    pass(&r, 7, false);
    told(&r, from_us, TAMPER_TURNED);
    rig_end(&r);
}

static void what_is_held_or_played_is_told_where_keyframes_are_far_apart(
    void **state)
{
    (void)state;
    struct rig r;
    quiet_far(&r, 2);
    pass(&r, 0.2, true);
    int64_t from_us = now_us(&r);
    r.play = 0;
    pass(&r, 7, false);
    told(&r, from_us, TAMPER_HELD);
    rig_end(&r);
    quiet_far(&r, 2);
    pass(&r, 1.8, false);
    pass(&r, 8, true);
    pass(&r, 20.2, false);
    from_us = now_us(&r);
    r.play = 0;
    pass(&r, 7, false);
    told(&r, from_us, TAMPER_PLAYED);
    rig_end(&r);
}

/* A keyframe or two have to come first. */
static void what_is_done_is_told_late_where_keyframes_are_four_seconds_apart(
    void **state)
{
    (void)state;
    struct rig r;
    int64_t from_us = quiet_far(&r, 4);
    r.is_covered = true;
    pass(&r, 9, false);
    assert_int_equal(r.cause, TAMPER_COVERED);
    assert_true(r.first_us - from_us <= 7 * SECOND);
    rig_end(&r);
    quiet_far(&r, 4);
    pass(&r, 0.2, true);
    from_us = now_us(&r);
    r.play = 0;
    pass(&r, 9, false);
    assert_int_equal(r.cause, TAMPER_HELD);
    assert_true(r.first_us - from_us <= 8 * SECOND);
    rig_end(&r);
}

/* Of a camera that leaves little noise: seldom, and never once more. */
static void still_that_comes_twice_by_itself_is_told_once_at_most(void **state)
{
    (void)state;
    struct rig r;
    quiet_far(&r, 2);
    for (int i = 0; i < 6; i++) {
        r.held = 0;
        pass(&r, 1.8, false);
        pass(&r, 0.2, true);
        r.play = 0;
        pass(&r, 2, false);
        r.play = -1;
        pass(&r, 10, false);
        plane_release(&r.kept[0]);
    }
    r.held = 0;
    assert_int_equal(r.begins, 1);
    rig_end(&r);
}

/* Eight seconds are shown again, twenty later, through another lens and
 * encoder: every pixel a little off. */
static void play_again(struct rig *r)
{
    pass(r, 8, true);
    pass(r, 20, false);
    for (int i = 0; i < r->held; i++) {
        for (size_t k = 0; k < picture_bytes(r); k++) {
            r->kept[i].data[k] =
                (uint8_t)(r->kept[i].data[k] + (uniform(r) < 0.3 ? 1 : 0));
        }
    }
    r->play = 0;
    pass(r, 7, false);
}

static void recording_shown_again_with_new_noise_is_told_by_its_old(
    void **state)
{
    (void)state;
    struct rig r;
    quiet(&r);
    play_again(&r);
    assert_int_equal(r.cause, TAMPER_PLAYED);
    rig_end(&r);
}

/* Black is the same in all pictures, and most of these is black. */
static void what_is_masked_is_no_picture_played_again(void **state)
{
    (void)state;
    struct rig r;
    rig_begin(&r, NULL);
    r.masked = 0.7;
    pass(&r, 60, false);
    assert_int_equal(r.begins, 0);
    assert_int_equal(r.repeats, 0);
    play_again(&r);
    assert_int_equal(r.cause, TAMPER_PLAYED);
    rig_end(&r);
}

/* Not one grey level of noise: a shut lens, or a night without a lamp. The
 * second one is like the first, and nobody played it. */
static void black_pictures_are_told_as_nothing_seen_not_as_played(void **state)
{
    (void)state;
    struct rig r;
    quiet(&r);
    for (int night = 1; night <= 2; night++) {
        r.light = r.sigma = 0;
        pass(&r, 12, false);
        assert_int_equal(r.begins, night);
        assert_int_equal(r.cause, TAMPER_BLANK);
        r.light = 0.6;
        r.sigma = 3;
        pass(&r, 40, false);
        assert_int_equal(r.ends, night);
    }
    rig_end(&r);
}

static void still_pictures_without_noise_are_no_tamper(void **state)
{
    (void)state;
    struct rig r;
    rig_begin(&r, NULL);
    r.sigma = 0;
    pass(&r, 60, false);
    assert_int_equal(r.begins, 0);
    assert_int_equal(r.repeats, 1); /* what cannot be told is told, once */
    rig_end(&r);
}

/* A camera that begins in the dark, or before its lens opens. */
static void black_pictures_at_first_switch_nothing_off(void **state)
{
    (void)state;
    struct rig r;
    rig_begin(&r, NULL);
    r.light = r.sigma = 0;
    pass(&r, 3, false);
    r.light = 0.6;
    r.sigma = 3;
    pass(&r, 40, false);
    assert_int_equal(r.repeats, 0);
    r.begins = 0;
    pass(&r, 1, true);
    int64_t from_us = now_us(&r);
    for (int i = 1; i < r.held; i++) {
        memcpy(r.kept[i].data, r.kept[0].data, picture_bytes(&r));
    }
    r.play = 0;
    pass(&r, 6, false);
    told(&r, from_us, TAMPER_HELD);
    rig_end(&r);
}

static void lamp_dusk_and_infrared_are_no_tamper(void **state)
{
    (void)state;
    struct rig r;
    quiet(&r);
    r.light = 1;
    pass(&r, 20, false);
    r.light = 0.35;
    pass(&r, 20, false);
    r.has_infrared = true;
    r.sigma = 5;
    pass(&r, 20, false);
    for (int i = 0; i < 200; i++) {
        r.light *= 0.995;
        pass(&r, 1, false);
    }
    assert_int_equal(r.begins, 0);
    rig_end(&r);
}

static void new_view_is_taken_over_after_a_while(void **state)
{
    (void)state;
    struct rig r;
    quiet(&r);
    r.place = 77;
    pass(&r, 320, false);
    assert_int_equal(r.begins, 1);
    assert_int_equal(r.ends, 1);
    r.place = 0;
    pass(&r, 8, false);
    assert_int_equal(r.begins, 2);
    rig_end(&r);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(covered_lens_is_told_and_its_end),
        cmocka_unit_test(
            somebody_before_the_lens_for_three_seconds_is_no_tamper),
        cmocka_unit_test(turned_camera_is_told),
        cmocka_unit_test(another_picture_before_the_lens_is_told),
        cmocka_unit_test(what_another_stream_does_not_show_is_told_at_once),
        cmocka_unit_test(black_that_another_stream_does_not_show_is_told),
        cmocka_unit_test(what_another_stream_showed_before_says_nothing),
        cmocka_unit_test(lens_out_of_focus_is_told),
        cmocka_unit_test(lens_out_of_focus_in_strong_grain_is_told),
        cmocka_unit_test(page_that_is_turned_is_no_tamper),
        cmocka_unit_test(held_picture_is_told),
        cmocka_unit_test(recording_played_again_is_told),
        cmocka_unit_test(what_is_hidden_is_told_where_keyframes_are_far_apart),
        cmocka_unit_test(
            what_is_held_or_played_is_told_where_keyframes_are_far_apart),
        cmocka_unit_test(
            what_is_done_is_told_late_where_keyframes_are_four_seconds_apart),
        cmocka_unit_test(still_that_comes_twice_by_itself_is_told_once_at_most),
        cmocka_unit_test(
            recording_shown_again_with_new_noise_is_told_by_its_old),
        cmocka_unit_test(what_is_masked_is_no_picture_played_again),
        cmocka_unit_test(black_pictures_are_told_as_nothing_seen_not_as_played),
        cmocka_unit_test(still_pictures_without_noise_are_no_tamper),
        cmocka_unit_test(black_pictures_at_first_switch_nothing_off),
        cmocka_unit_test(lamp_dusk_and_infrared_are_no_tamper),
        cmocka_unit_test(new_view_is_taken_over_after_a_while),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
