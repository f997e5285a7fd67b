#include <stdio.h>
#include <string.h>

#include "media/encode.h"
#include "media/mp4.h"
#include "tests/check.h"
#include "watch/looker.h"
#include "watch/news.h"

#define SIDE 64
#define SECONDS 2

/* A stream of so many frames a second, a keyframe a second, and its looks. */
struct stream_of {
    struct looker_settings settings;
    struct looker *looker;
    int looks;
    int width_px, height_px;
    int tampers;      /* told */
    int seen;         /* looks at whole seconds: at keyframes */
    int stirred;      /* looks in which something changed */
    int came;         /* somebody did */
    int news;         /* as last told */
    int all;          /* looks of whatever kind */
    bool is_unmarked; /* no packet says that it is a keyframe */
};

static enum sting_status looked(void *context, int64_t at_us,
                                const struct detect_look *look)
{
    struct stream_of *s = context;
    s->all++;
    s->seen += at_us % 1000000 == 0;
    s->looks += look->wants_all; /* while it is learning, to its end */
    s->stirred += look->activity > 0;
    s->news = look->persons > 0 ? look->news : s->news;
    for (int i = 0; i < look->events; i++) {
        s->came +=
            look->event[i].kind == DETECT_PERSON && look->event[i].begins;
        s->tampers +=
            look->event[i].kind == DETECT_TAMPER && look->event[i].begins;
    }
    return STING_OK;
}

static enum sting_status packet_take(void *context,
                                     const struct encode_packet *encoded)
{
    struct stream_of *s = context;
    if (!s->looker) {
        struct stream stream;
        assert_int_equal(
            stream_of_h264(s->width_px, s->height_px, encoded->data, &stream),
            0);
        assert_int_equal(
            looker_new(&stream, &s->settings, looked, s, &s->looker, NULL), 0);
        stream_release(&stream);
    }
    struct packet packet;
    bool key = encoded->key && !s->is_unmarked;
    assert_int_equal(packet_new(encoded->data, encoded->pts_us, key, &packet),
                     0);
    enum sting_status status = looker_add(s->looker, &packet);
    packet_release(&packet);
    return status;
}

static void stream_end(struct stream_of *s, struct encoder **encoder,
                       struct video_frame *frame)
{
    assert_int_equal(encoder_finish(*encoder), 0);
    assert_int_equal(looker_finish(s->looker), 0);
    encoder_free(encoder);
    looker_free(&s->looker);
    video_frame_release(frame);
}

static int looks_of(int frames_per_s, bool look_at_all)
{
    struct stream_of s = {.settings = {.look_at_all = look_at_all},
                          .width_px = SIDE,
                          .height_px = SIDE};
    struct encoder *encoder = NULL;
    struct encode_settings set = {SIDE,         SIDE, frames_per_s,
                                  frames_per_s, 26,   false};
    struct video_frame frame = {0};
    assert_int_equal(video_frame_init(&frame, SIDE, SIDE, true), 0);
    assert_int_equal(encoder_new(&set, packet_take, &s, &encoder, NULL), 0);
    for (int i = 0; i < frames_per_s * SECONDS; i++) {
        memset(frame.y.data, 90 + i % 2,
               (size_t)frame.y.stride * (size_t)frame.y.height_px);
        frame.pts_us = INT64_C(1000000) * i / frames_per_s;
        assert_int_equal(encoder_frame(encoder, &frame), 0);
    }
    stream_end(&s, &encoder, &frame);
    return s.looks;
}

static void the_detector_sees_no_more_than_it_can_use(void **state)
{
    (void)state;
    assert_int_equal(looks_of(10, false), 10 * SECONDS);
    assert_int_equal(looks_of(15, false), 15 * SECONDS);
    assert_in_range(looks_of(25, false), 12 * SECONDS, 14 * SECONDS);
    assert_in_range(looks_of(30, false), 15 * SECONDS, 16 * SECONDS);
    assert_int_equal(looks_of(25, true), 25 * SECONDS);
}

/* Of a room whose left quarter may flicker, in so many looks was a change. */
static int stirred_with(const struct masks *masks, bool flickers)
{
    struct stream_of s = {.settings = {.look_at_all = true},
                          .width_px = 4 * SIDE,
                          .height_px = 2 * SIDE};
    struct encoder *encoder = NULL;
    struct encode_settings set = {4 * SIDE, 2 * SIDE, 10, 10, 20, false};
    struct video_frame frame = {0};
    s.settings.masks = *masks;
    assert_int_equal(video_frame_init(&frame, 4 * SIDE, 2 * SIDE, true), 0);
    assert_int_equal(encoder_new(&set, packet_take, &s, &encoder, NULL), 0);
    for (int i = 0; i < 300; i++) {
        for (int y = 0; y < 2 * SIDE; y++) {
            uint8_t *row = plane_row(&frame.y, y);
            for (int x = 0; x < 4 * SIDE; x++) {
                row[x] = (uint8_t)(60 + 11 * (x / 16 % 5) + 13 * (y / 16 % 4));
            }
            if (flickers && i >= 250 && i / 5 % 2) {
                memset(row, 230, SIDE);
            }
        }
        frame.pts_us = INT64_C(100000) * i;
        assert_int_equal(encoder_frame(encoder, &frame), 0);
    }
    stream_end(&s, &encoder, &frame);
    return s.stirred;
}

static void what_a_mask_hides_is_not_looked_at(void **state)
{
    (void)state;
    struct masks masks = {
        1, {{4, {{0, 0}, {0.26F, 0}, {0.26F, 1}, {0, 1}}}}, 0, 0};
    const struct masks none = {.count = 0};
    int seen = stirred_with(&none, true);
    int still = stirred_with(&masks, false);
    printf("changed in %d looks without a mask\n", seen);
    assert_true(seen > still + 10);
    assert_int_equal(stirred_with(&masks, true), still);
    masks.width_px = 16 * SIDE; /* drawn on a picture of the same shape */
    masks.height_px = 8 * SIDE;
    assert_int_equal(stirred_with(&masks, true), still);
}

static void grain_fill(struct plane *picture, uint32_t *seed)
{
    for (int y = 0; y < picture->height_px; y++) {
        for (int x = 0; x < picture->width_px; x++) {
            *seed = *seed * 1664525U + 1013904223U;
            plane_row(picture, y)[x] =
                (uint8_t)(60 + 11 * (x / 16 % 5) + 13 * (y / 16 % 4) +
                          (int)(*seed >> 28));
        }
    }
}

/* Nothing else is looked for, and few pictures are decoded. */
static void a_held_picture_is_told_by_a_check_of_keyframes(void **state)
{
    (void)state;
    struct stream_of s = {.settings = {.only_tamper = true},
                          .width_px = 4 * SIDE,
                          .height_px = 2 * SIDE};
    struct encoder *encoder = NULL;
    struct encode_settings set = {4 * SIDE, 2 * SIDE, 10, 10, 20, false};
    struct video_frame frame = {0};
    uint32_t seed = 1;
    int before = 0;
    assert_int_equal(video_frame_init(&frame, 4 * SIDE, 2 * SIDE, true), 0);
    assert_int_equal(encoder_new(&set, packet_take, &s, &encoder, NULL), 0);
    for (int i = 0; i < 350; i++) {
        if (i < 300) {
            grain_fill(&frame.y, &seed);
            before = s.tampers;
        }
        frame.pts_us = INT64_C(100000) * i;
        assert_int_equal(encoder_frame(encoder, &frame), 0);
    }
    assert_int_equal(before, 0);
    assert_int_equal(s.tampers, 1);
    assert_int_equal(s.looks, 0);
    stream_end(&s, &encoder, &frame);
}

/* A still room in grain, 10 pictures a second, a keyframe in each; the second
 * of two streams. */
struct pair {
    struct stream_of s;
    struct beside beside;
    struct encoder *encoder;
    struct video_frame frame;
    uint32_t seed;
    int frames;
};

static void pair_begin(struct pair *p)
{
    struct encode_settings set = {4 * SIDE, 2 * SIDE, 10, 10, 20, false};
    *p = (struct pair){.s = {.width_px = 4 * SIDE, .height_px = 2 * SIDE},
                       .seed = 1};
    beside_begin(&p->beside);
    p->s.settings.beside = &p->beside;
    assert_int_equal(video_frame_init(&p->frame, 4 * SIDE, 2 * SIDE, true), 0);
    assert_int_equal(encoder_new(&set, packet_take, &p->s, &p->encoder, NULL),
                     0);
}

static void pair_pass(struct pair *p, int frames)
{
    for (int i = 0; i < frames; i++) {
        grain_fill(&p->frame.y, &p->seed);
        p->frame.pts_us = INT64_C(100000) * p->frames++;
        assert_int_equal(encoder_frame(p->encoder, &p->frame), 0);
    }
}

static void a_second_stream_is_looked_at_as_seldom_as_pays(void **state)
{
    (void)state;
    struct pair p;
    pair_begin(&p);
    pair_pass(&p, 300); /* it has learned */
    int before = p.s.seen;
    pair_pass(&p, 200);
    assert_in_range(p.s.seen - before, 20, 22);
    /* The recorded one's keyframes are cheap, and two seconds apart. */
    atomic_store(&p.beside.check_ns, 1);
    atomic_store(&p.beside.apart_us, 2000000);
    before = p.s.seen;
    pair_pass(&p, 200);
    assert_in_range(p.s.seen - before, 10, 11);
    stream_end(&p.s, &p.encoder, &p.frame);
}

static void who_checks_is_answered_between_two_keyframes(void **state)
{
    (void)state;
    struct pair p;
    pair_begin(&p);
    pair_pass(&p, 400);
    for (int i = 0; i < 2; i++) {
        /* In the second half of a keyframe's second that is not looked at. */
        atomic_store(&p.beside.check_ns, i);
        atomic_store(&p.beside.apart_us, 2000000);
        pair_pass(&p, 105 - p.frames % 10);
        int64_t before_us = p.frame.pts_us;
        assert_true(atomic_load(&p.beside.own_us) <= before_us - 400000);
        atomic_store(&p.beside.is_asked, true);
        pair_pass(&p, 2);
        assert_true(atomic_load(&p.beside.own_us) > before_us - 300000);
        assert_false(atomic_load(&p.beside.is_asked));
    }
    stream_end(&p.s, &p.encoder, &p.frame);
}

/* Looks in a quiet room in grain, of 10 pictures a second: in its first
 * `before_s`, and in the 10 s after those. */
struct looks_in {
    int before, after;
};

static struct looks_in looks_quiet(int before_s, int frames_a_key,
                                   bool is_unmarked)
{
    struct stream_of s = {.width_px = 4 * SIDE,
                          .height_px = 2 * SIDE,
                          .is_unmarked = is_unmarked};
    struct encoder *encoder = NULL;
    struct encode_settings set = {4 * SIDE,     2 * SIDE, 10,
                                  frames_a_key, 20,       false};
    struct video_frame frame = {0};
    uint32_t seed = 7;
    struct looks_in looks = {0, 0};
    assert_int_equal(video_frame_init(&frame, 4 * SIDE, 2 * SIDE, true), 0);
    assert_int_equal(encoder_new(&set, packet_take, &s, &encoder, NULL), 0);
    for (int i = 0; i < 10 * (before_s + 10); i++) {
        looks.before = i < 10 * before_s ? s.all : looks.before;
        grain_fill(&frame.y, &seed);
        frame.pts_us = INT64_C(100000) * i;
        assert_int_equal(encoder_frame(encoder, &frame), 0);
    }
    looks.after = s.all - looks.before;
    assert_int_equal(s.came + s.tampers, 0);
    stream_end(&s, &encoder, &frame);
    return looks;
}

/* Once it has learned, keyframes are looked at, and a few pictures that are
 * larger than usual; where keyframes are 6 s apart, whoever came between two
 * would be gone again: each picture is. */
static void keyframes_too_far_apart_do_not_suffice(void **state)
{
    (void)state;
    assert_in_range(looks_quiet(30, 10, false).after, 10, 30);
    assert_in_range(looks_quiet(30, 40, false).after, 2, 25);
    struct looks_in looks = looks_quiet(30, 60, false);
    assert_in_range(looks.before, 299, 300); /* also as it has just learned */
    assert_in_range(looks.after, 99, 101);
}

/* It waits for one for 4 s, and for 4 s more with every picture wanted. */
static void without_any_keyframe_it_is_looked_at_all_the_same(void **state)
{
    (void)state;
    assert_int_equal(looks_quiet(4, 10, true).before, 0);
    struct looks_in looks = looks_quiet(10, 10, true);
    printf("%d looks in 10 s, then %d\n", looks.before, looks.after);
    assert_in_range(looks.before, 15, 61);
    assert_in_range(looks.after, 99, 101);
}

/* Somebody walks through a room of that much grain, six times; what is told
 * then of the sizes of packets? */
static enum news_worth walks_through(int grain)
{
    enum { WIDTH = 6 * SIDE, HEIGHT = 4 * SIDE, VISITS = 6, EACH = 300 };
    struct stream_of s = {.width_px = WIDTH, .height_px = HEIGHT};
    struct encoder *encoder = NULL;
    struct encode_settings set = {WIDTH, HEIGHT, 10, 20, 26, false};
    struct video_frame frame = {0};
    uint32_t seed = 5;
    assert_int_equal(video_frame_init(&frame, WIDTH, HEIGHT, true), 0);
    assert_int_equal(encoder_new(&set, packet_take, &s, &encoder, NULL), 0);
    for (int i = 0; i < VISITS * EACH; i++) {
        int left = i % EACH < 220 ? -99 : (i % EACH - 220) * 6 - 30;
        for (int y = 0; y < HEIGHT; y++) {
            uint8_t *row = plane_row(&frame.y, y);
            for (int x = 0; x < WIDTH; x++) {
                seed = seed * 1664525U + 1013904223U;
                int noise = grain ? (int)(seed >> 16) % grain : 0;
                bool is_he = x >= left && x < left + 30 && y > 90 && y < 210;
                int room = 70 + 11 * (x / 32 % 5) + 13 * (y / 32 % 4);
                row[x] = (uint8_t)((is_he ? room / 2 : room) + noise);
            }
        }
        frame.pts_us = INT64_C(100000) * i;
        assert_int_equal(encoder_frame(encoder, &frame), 0);
    }
    stream_end(&s, &encoder, &frame);
    assert_in_range(s.came, VISITS - 1, VISITS);
    return (enum news_worth)s.news;
}

static void it_is_told_whether_sizes_of_packets_tell(void **state)
{
    (void)state;
    assert_int_equal(walks_through(0), NEWS_TELL);
    assert_int_equal(walks_through(80), NEWS_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_detector_sees_no_more_than_it_can_use),
        cmocka_unit_test(what_a_mask_hides_is_not_looked_at),
        cmocka_unit_test(a_held_picture_is_told_by_a_check_of_keyframes),
        cmocka_unit_test(a_second_stream_is_looked_at_as_seldom_as_pays),
        cmocka_unit_test(who_checks_is_answered_between_two_keyframes),
        cmocka_unit_test(keyframes_too_far_apart_do_not_suffice),
        cmocka_unit_test(without_any_keyframe_it_is_looked_at_all_the_same),
        cmocka_unit_test(it_is_told_whether_sizes_of_packets_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
