/* Recordings as sting makes them are walked; what has another form, or says
 * other than its line, is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/boxes.h"
#include "ledger/verify.h"
#include "tests/unit/ledger/boxes_same.h"
#include "tests/unit/ledger/garden.h"
#include "tests/unit/ledger/reel.h"

static struct boxes_walk walk;

static enum sting_status walked(struct bytes film, size_t piece,
                                struct boxes_facts *out)
{
    memset(&walk, 0, sizeof walk);
    for (size_t at = 0; at < film.size; at += piece) {
        size_t size = film.size - at < piece ? film.size - at : piece;
        boxes_walk_put(&walk, (struct bytes){film.data + at, size});
    }
    return boxes_walk_end(&walk, out);
}

static void three_fragments(struct buffer *film)
{
    film->size = 0;
    reel_fragment(7000000, 1000000, 1, 700, film);
    reel_fragment(8000000, 1000000, 2, 300, film);
    reel_fragment(9000000, 500000, 3, 900, film);
}

static void a_head_tells_track_scale_size_and_codec(void **state)
{
    (void)state;
    struct buffer head STING_AUTO(buffer_release) = {0};
    struct boxes_head facts;
    reel_head(1920, 1080, &head);
    assert_int_equal(boxes_head_read(buffer_bytes(&head), &facts), STING_OK);
    assert_int_equal(facts.track, 1);
    assert_int_equal(facts.ticks_per_s, REEL_TICKS);
    assert_int_equal(facts.width_px, 1920);
    assert_int_equal(facts.height_px, 1080);
    assert_string_equal(facts.codec, "h264");
}

static void a_head_cut_anywhere_is_none(void **state)
{
    (void)state;
    struct buffer head STING_AUTO(buffer_release) = {0};
    struct boxes_head facts;
    reel_head(1920, 1080, &head);
    for (size_t size = 0; size < head.size; size++) {
        assert_int_equal(
            boxes_head_read((struct bytes){head.data, size}, &facts),
            STING_E_FORMAT);
    }
    reel_head(1920, 1080, &head); /* and two of them are none either */
    assert_int_equal(boxes_head_read(buffer_bytes(&head), &facts),
                     STING_E_FORMAT);
}

static void fragments_tell_the_same_in_pieces_of_any_size(void **state)
{
    (void)state;
    struct buffer film STING_AUTO(buffer_release) = {0};
    three_fragments(&film);
    for (size_t piece = 1; piece <= film.size; piece++) {
        struct boxes_facts facts;
        assert_int_equal(walked(buffer_bytes(&film), piece, &facts), STING_OK);
        assert_int_equal(facts.fragments, 3);
        assert_int_equal(facts.frames, 3 * REEL_FRAMES);
        assert_true(facts.starts_with_key);
        assert_int_equal(facts.first_pts, 7 * REEL_TICKS);
        assert_int_equal(facts.last_pts, 9 * REEL_TICKS);
        assert_int_equal(facts.end_dts, 9 * REEL_TICKS + REEL_TICKS / 2);
        assert_int_equal(facts.widest, 0);
    }
}

static void fragments_cut_anywhere_else_are_not_whole(void **state)
{
    (void)state;
    struct buffer film STING_AUTO(buffer_release) = {0};
    three_fragments(&film);
    for (size_t size = 0; size < film.size; size++) {
        struct boxes_facts facts;
        bool is_border = size == 700 || size == 1000;
        assert_int_equal(walked((struct bytes){film.data, size}, 64, &facts),
                         is_border ? STING_OK : STING_E_FORMAT);
    }
}

/* Every byte of a moof is either a number that is told, or has one value;
 * the fragment's own number alone says nothing. */
static void a_changed_byte_of_a_moof_shows(void **state)
{
    (void)state;
    struct buffer film STING_AUTO(buffer_release) = {0};
    struct boxes_facts good;
    three_fragments(&film);
    assert_int_equal(walked(buffer_bytes(&film), 4096, &good), STING_OK);
    size_t silent = 0;
    for (size_t at = 700; at < 700 + REEL_LEAST_BYTES; at++) {
        struct boxes_facts facts;
        film.data[at] ^= 1;
        enum sting_status status = walked(buffer_bytes(&film), 4096, &facts);
        silent += !status && boxes_same(&facts, &good);
        film.data[at] ^= 1;
    }
    /* mfhd's 8 bytes; which of several frames is a keyframe and how the
     * payload and the time are shared out among them */
    assert_true(silent <= 8 + 16 * REEL_FRAMES);
    assert_true(silent >= 8);
}

static void a_clock_stands_before_the_picture_that_it_speaks_of(void **state)
{
    (void)state;
    struct buffer film STING_AUTO(buffer_release) = {0};
    struct boxes_facts facts;
    uint8_t clock[32] = {0, 0, 0, 32, 'p', 'r', 'f', 't', 1};
    const uint64_t pts = UINT64_C(7) * REEL_TICKS;
    clock[15] = 1; /* track */
    for (size_t i = 0; i < 8; i++) {
        clock[24 + i] = (uint8_t)(pts >> (56 - 8 * i));
    }
    const struct bytes prft = {clock, sizeof clock};
    assert_true(!buffer_append(&film, prft));
    reel_fragment(7000000, 1000000, 1, 700, &film);
    assert_int_equal(walked(buffer_bytes(&film), 7, &facts), STING_OK);
    film.data[31] ^= 1; /* of another picture */
    assert_int_equal(walked(buffer_bytes(&film), 7, &facts), STING_E_FORMAT);
    film.data[31] ^= 1;
    film.data[15] = 2; /* of another track */
    assert_int_equal(walked(buffer_bytes(&film), 7, &facts), STING_E_FORMAT);
    film.data[15] = 1;
    assert_true(!buffer_append(&film, prft)); /* of none */
    assert_int_equal(walked(buffer_bytes(&film), 7, &facts), STING_E_FORMAT);
}

/* A fragment at 7 s behind so many clocks with these flags; `at` of the last
 * one is changed. */
static enum sting_status clocks_walked(const uint8_t *flags, size_t clocks,
                                       size_t at)
{
    struct buffer film STING_AUTO(buffer_release) = {0};
    struct boxes_facts facts;
    const uint64_t pts = UINT64_C(7) * REEL_TICKS;
    for (size_t n = 0; n < clocks; n++) {
        uint8_t clock[32] = {0, 0, 0, 32, 'p', 'r', 'f', 't', 1};
        clock[11] = flags[n];
        clock[15] = 1;
        for (size_t i = 0; i < 8; i++) {
            clock[16 + i] = (uint8_t)(n * 7 + i);
            clock[24 + i] = (uint8_t)(pts >> (56 - 8 * i));
        }
        clock[at] ^= at > 0 && n + 1 == clocks;
        assert_true(!buffer_append(&film, (struct bytes){clock, sizeof clock}));
    }
    reel_fragment(7000000, 1000000, 1, 700, &film);
    return walked(buffer_bytes(&film), 7, &facts);
}

static void cameras_own_clock_stands_behind_the_recorders(void **state)
{
    (void)state;
    static const uint8_t both[] = {0, 24, 24}, other[] = {24, 0}, same[2] = {0};
    assert_int_equal(clocks_walked(both, 2, 0), STING_OK);
    assert_int_equal(clocks_walked(both, 2, 20), STING_OK); /* whatever it is */
    assert_int_equal(clocks_walked(both, 2, 15), STING_E_FORMAT);
    assert_int_equal(clocks_walked(both, 2, 31), STING_E_FORMAT);
    assert_int_equal(clocks_walked(both, 2, 11), STING_E_FORMAT);
    assert_int_equal(clocks_walked(both, 3, 0), STING_E_FORMAT);
    assert_int_equal(clocks_walked(other, 1, 0), STING_E_FORMAT);
    assert_int_equal(clocks_walked(other, 2, 0), STING_E_FORMAT);
    assert_int_equal(clocks_walked(same, 2, 0), STING_E_FORMAT);
}

/* ---- against the line ---- */

/* One recording of four seconds whose line says what `lie` changed. */
static void record(struct garden *garden, int64_t pts_us, int64_t us,
                   int64_t frames, bool key, struct bytes data)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct ledger *ledger = garden_open(garden);
    recording = garden_camera(garden, ledger);
    const struct recording_fragment one = {.data = data,
                                           .pts_us = pts_us,
                                           .duration_us = us,
                                           .utc_us = garden->now.utc_us,
                                           .frames = frames,
                                           .starts_with_key = key};
    garden_wait(garden, us);
    assert_true(!recording_fragment(recording, garden->now, &one, NULL));
    assert_true(!recording_close(recording, garden->now, NULL));
    assert_true(!ledger_close(&ledger, garden->now, "done", NULL));
}

static void assert_told(int64_t pts_us, int64_t us, int64_t frames, bool key,
                        size_t bytes, const char *why)
{
    struct garden garden;
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    struct buffer film STING_AUTO(buffer_release) = {0};
    reel_fragment(5000000, 4000000, 9, 2000, &film);
    film.size = bytes;
    garden_make(&garden, NULL);
    record(&garden, pts_us, us, frames, key, buffer_bytes(&film));
    struct verify_options options = {.identity = NULL};
    assert_true(!verify_operation(garden.dir, &options, &report, NULL));
    assert_int_equal(report.verdict, VERIFY_INTACT);
    options.identity = &garden.identity[0];
    assert_true(!verify_operation(garden.dir, &options, &report, NULL));
    if (!why) {
        assert_int_equal(report.verdict, VERIFY_INTACT);
        assert_int_equal(report.films, 1);
    } else {
        assert_int_equal(report.verdict, VERIFY_GAPS);
        assert_int_equal(report.said.gaps, 1);
        assert_string_equal(report.gap[0].cause, "contradicts");
        assert_string_equal(report.gap[0].camera, "garage");
        assert_non_null(strstr(report.gap[0].why, why));
        assert_true(report.gap[0].to_us - report.gap[0].from_us == us);
    }
    garden_remove(&garden);
}

static void what_a_line_says_of_its_recording_is_compared(void **state)
{
    (void)state;
    assert_told(5000000, 4000000, REEL_FRAMES, true, 2000, NULL);
    assert_told(5000004, 4000000, REEL_FRAMES, true, 2000,
                "it begins at 5000000 us");
    assert_told(5000000, 4000004, REEL_FRAMES, true, 2000,
                "lasts 4000000, the line says 5000000 and 4000004");
    assert_told(5000000, 4000000, REEL_FRAMES + 1, true, 2000, "frames");
    assert_told(5000000, 4000000, REEL_FRAMES, false, 2000, "keyframe");
    assert_told(5000000, 4000000, REEL_FRAMES, true, 1999, "whole fragments");
}

static void a_head_that_is_none_is_told(void **state)
{
    (void)state;
    struct garden garden;
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    struct buffer head STING_AUTO(buffer_release) = {0};
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    assert_true(!recording_new(ledger, "garage", &recording, NULL));
    reel_head(640, 480, &head);
    const struct recording_init init[] = {
        {buffer_bytes(&head), 640, 480, "hevc", 0, false},
        {buffer_bytes(&head), 640, 481, "h264", 0, false},
        {{head.data, 20}, 640, 480, "h264", 0, false},
        {buffer_bytes(&head), 640, 480, "h264", 0, false},
    };
    for (size_t i = 0; i < 4; i++) {
        assert_true(!recording_init(recording, garden.now, &init[i], NULL));
    }
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    const struct verify_options options = {.identity = &garden.identity[0]};
    assert_true(!verify_operation(garden.dir, &options, &report, NULL));
    assert_int_equal(report.verdict, VERIFY_GAPS);
    assert_int_equal(report.said.gaps, 3);
    garden_remove(&garden);
}

/* A second recording whose fragments go on half a second late, by decoding
 * times, while the lines say that it follows at once. */
static void decoding_times_go_on_from_one_recording_to_the_next(void **state)
{
    (void)state;
    struct garden garden;
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    struct buffer film STING_AUTO(buffer_release) = {0};
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    recording = garden_camera(&garden, ledger);
    for (int64_t i = 0; i < 3; i++) {
        film.size = 0;
        reel_fragment(9000000 * i, 9000000, 1, 500, &film);
        if (i == 2) { /* shown on time, decoded half a second early */
            const int64_t dts = (18 * REEL_TICKS) - REEL_TICKS / 2;
            for (size_t k = 0; k < 8; k++) {
                film.data[60 + k] = (uint8_t)(dts >> (56 - 8 * k));
            }
            for (size_t k = 0; k < REEL_FRAMES; k++) {
                film.data[88 + 16 * k + 14] = REEL_TICKS / 2 >> 8;
                film.data[88 + 16 * k + 15] = (uint8_t)(REEL_TICKS / 2);
            }
        }
        const struct recording_fragment one = {.data = buffer_bytes(&film),
                                               .pts_us = 9000000 * i,
                                               .duration_us = 9000000,
                                               .utc_us = garden.now.utc_us,
                                               .frames = REEL_FRAMES,
                                               .starts_with_key = true};
        garden_wait(&garden, 9000000);
        assert_true(!recording_fragment(recording, garden.now, &one, NULL));
    }
    assert_true(!recording_close(recording, garden.now, NULL));
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    const struct verify_options options = {.identity = &garden.identity[0]};
    assert_true(!verify_operation(garden.dir, &options, &report, NULL));
    assert_int_equal(report.films, 3);
    assert_int_equal(report.verdict, VERIFY_GAPS);
    assert_int_equal(report.said.gaps, 1);
    assert_non_null(strstr(report.gap[0].why, "behind the one before"));
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_tells_track_scale_size_and_codec),
        cmocka_unit_test(a_head_cut_anywhere_is_none),
        cmocka_unit_test(fragments_tell_the_same_in_pieces_of_any_size),
        cmocka_unit_test(fragments_cut_anywhere_else_are_not_whole),
        cmocka_unit_test(a_changed_byte_of_a_moof_shows),
        cmocka_unit_test(a_clock_stands_before_the_picture_that_it_speaks_of),
        cmocka_unit_test(cameras_own_clock_stands_behind_the_recorders),
        cmocka_unit_test(what_a_line_says_of_its_recording_is_compared),
        cmocka_unit_test(a_head_that_is_none_is_told),
        cmocka_unit_test(decoding_times_go_on_from_one_recording_to_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
