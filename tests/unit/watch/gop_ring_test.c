#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "watch/gop_ring.h"

static struct gop_ring ring;

static void add(int64_t at_us, bool key, size_t size)
{
    struct packet packet STING_AUTO(packet_release) = {0};
    uint8_t *data = calloc(1, size);
    assert_non_null(data);
    assert_int_equal(
        packet_new((struct bytes){data, size}, at_us, key, &packet), 0);
    free(data);
    gop_ring_add(&ring, &packet, at_us);
}

static void the_last_seven_seconds_are_held_from_a_keyframe_on(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        add((int64_t)i * 40000, i % 50 == 0, 1000);
    }
    const struct packet *oldest = gop_ring_at(&ring, 0);
    const struct packet *newest = gop_ring_at(&ring, ring.count - 1);
    assert_true(oldest->key);
    assert_true(newest->pts - oldest->pts >= GOP_RING_US);
    assert_true(newest->pts - oldest->pts < GOP_RING_US + 2100000);
    assert_int_equal(newest->pts, 999 * 40000);
    gop_ring_clear(&ring);
    assert_int_equal(ring.bytes, 0);
}

static void what_is_too_much_is_let_go(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++) { /* one keyframe, then none */
        add((int64_t)i * 40000, i == 0, (size_t)1024 * 1024);
        assert_true(ring.bytes <= GOP_RING_BYTES);
    }
    assert_int_equal(ring.count, 0);
    for (int i = 0; i < 2000; i++) {
        add((int64_t)i * 1000, i % 100 == 0, 10);
        assert_true(ring.count <= GOP_RING_MOST);
    }
    assert_true(gop_ring_at(&ring, 0)->key);
    add(2000000, true, GOP_RING_BYTES + 1);
    assert_true(ring.bytes <= GOP_RING_BYTES);
    gop_ring_clear(&ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_seven_seconds_are_held_from_a_keyframe_on),
        cmocka_unit_test(what_is_too_much_is_let_go),
    };
    return cmocka_run_group_tests_name("gop_ring", tests, NULL, NULL);
}
