#include "watch/news.h"

#include <stdlib.h>

#include "tests/check.h"

static uint8_t room[1 << 17];

struct stream {
    struct news news;
    int64_t at_us;
    uint32_t chance;
    int frame;
};

/* The next of ten packets a second, a keyframe every ten, sizes a little
 * uneven; does it call? */
static bool next(struct stream *s, size_t size)
{
    struct packet packet;
    bool calls = false, key = s->frame++ % 10 == 0;
    s->chance = s->chance * 1664525u + 1013904223u;
    size += size * (s->chance >> 24) / 2560; /* by a tenth at most */
    struct bytes data = {room, key ? 4 * size : size};
    assert_int_equal(packet_new(data, s->at_us, key, &packet), 0);
    assert_int_equal(news_add(&s->news, &packet, s->at_us, &calls), 0);
    packet_release(&packet);
    s->at_us += 100000;
    return calls;
}

static int calls_in(struct stream *s, int packets, size_t size)
{
    int calls = 0;
    for (int i = 0; i < packets; i++) {
        calls += next(s, size);
    }
    return calls;
}

static void steady_packets_never_call(void **state)
{
    (void)state;
    struct stream s = {.chance = 1};
    assert_int_equal(calls_in(&s, 20000, 2000), 0);
    news_release(&s.news);
}

static void a_larger_packet_calls_at_once(void **state)
{
    (void)state;
    struct stream s = {.chance = 1};
    assert_int_equal(calls_in(&s, 203, 2000), 0);
    assert_true(next(&s, 8000));
    assert_int_equal(s.news.count, 4); /* the keyframe and what followed */
    assert_true(s.news.held[0].key);
    assert_false(next(&s, 8000)); /* once is enough */
    news_release(&s.news);
}

static void who_calls_for_nothing_is_no_longer_heard(void **state)
{
    (void)state;
    struct stream s = {.chance = 1};
    int calls = 0;
    calls_in(&s, 203, 2000);
    for (int i = 0; i < 200; i++) {
        calls += next(&s, 4000);
        if (s.news.called_us == s.at_us - 100000) {
            news_judge(&s.news, false);
        }
        calls_in(&s, 49, 2000);
    }
    assert_true(calls >= 1 && calls <= 8);
    news_release(&s.news);
}

static void it_is_known_whether_sizes_tell_of_who_comes(void **state)
{
    (void)state;
    struct stream s = {.chance = 1};
    assert_int_equal(news_worth(&s.news), NEWS_UNKNOWN);
    calls_in(&s, 203, 2000);
    assert_true(next(&s, 8000));
    news_meet(&s.news, s.at_us + 500000);
    assert_int_equal(news_worth(&s.news), NEWS_TELL);
    for (int i = 0; i < 3; i++) { /* three come unheard */
        calls_in(&s, 100, 2000);
        news_meet(&s.news, s.at_us);
    }
    assert_int_equal(news_worth(&s.news), NEWS_NONE);
    for (int i = 0; i < 8; i++) { /* a better light: they are heard again */
        calls_in(&s, 99, 2000);
        s.news.called_us = s.at_us;
        news_meet(&s.news, s.at_us + 500000);
    }
    assert_int_equal(news_worth(&s.news), NEWS_TELL);
    for (int i = 0; i < 3; i++) {
        news_judge(&s.news, false);
    }
    assert_int_equal(news_worth(&s.news), NEWS_NONE);
    news_release(&s.news);
}

static void what_is_held_is_bounded(void **state)
{
    (void)state;
    struct stream s = {.chance = 1};
    calls_in(&s, 100, 2000);
    for (int i = 0; i < 1000; i++) {
        s.frame = 1; /* never a keyframe again */
        next(&s, 90000);
    }
    assert_true(s.news.count <= NEWS_MOST_HELD);
    assert_true(s.news.bytes <= NEWS_MOST_BYTES);
    news_release(&s.news);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(steady_packets_never_call),
        cmocka_unit_test(a_larger_packet_calls_at_once),
        cmocka_unit_test(who_calls_for_nothing_is_no_longer_heard),
        cmocka_unit_test(it_is_known_whether_sizes_tell_of_who_comes),
        cmocka_unit_test(what_is_held_is_bounded),
    };
    return cmocka_run_group_tests_name("news", test, NULL, NULL);
}
