/* A looker that is too slow for what comes: each call of it waits at a gate.
 * Who gives packets never does: if it did, these would never end. */
#include "watch/look_thread.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/check.h"
#include "watch/looking.h"

#define GIVEN 2000
#define KEY_EVERY 10
#define MOST_TAKEN 3000

static struct {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int may, came; /* calls that may pass, and packets that it was given */
    int64_t at[MOST_TAKEN];
    bool key[MOST_TAKEN];
} gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};

enum sting_status __wrap_looker_add(struct looker *looker,
                                    const struct packet *packet);

enum sting_status __wrap_looker_add(struct looker *looker,
                                    const struct packet *packet)
{
    (void)looker;
    pthread_mutex_lock(&gate.lock);
    assert_true(gate.came < MOST_TAKEN);
    gate.at[gate.came] = packet->pts;
    gate.key[gate.came++] = packet->key;
    pthread_cond_broadcast(&gate.moved);
    while (gate.may < gate.came) {
        pthread_cond_wait(&gate.moved, &gate.lock);
    }
    pthread_mutex_unlock(&gate.lock);
    return STING_OK;
}

static void gate_reset(void)
{
    gate.may = gate.came = 0;
}

static void gate_open(int more)
{
    pthread_mutex_lock(&gate.lock);
    gate.may += more;
    pthread_cond_broadcast(&gate.moved);
    pthread_mutex_unlock(&gate.lock);
}

static void gate_wait(int came)
{
    pthread_mutex_lock(&gate.lock);
    while (gate.came < came) {
        pthread_cond_wait(&gate.moved, &gate.lock);
    }
    pthread_mutex_unlock(&gate.lock);
}

static void packet_make(int64_t n, size_t size, struct packet *out)
{
    static const uint8_t bytes[1 << 20] = {0};
    assert_int_equal(
        packet_new((struct bytes){bytes, size}, n, n % KEY_EVERY == 0, out), 0);
}

static struct stream stream_make(void)
{
    /* A sequence and a picture set of 64 x 64, as x264 writes them. */
    static const uint8_t first[] = {0,    0,    0,    1,    0x67, 0x42, 0xc0,
                                    0x0a, 0xdc, 0x11, 0xa0, 0,    0,    0,
                                    1,    0x68, 0xce, 0x3c, 0x80};
    struct stream stream;
    assert_int_equal(
        stream_of_h264(64, 64, (struct bytes){first, sizeof first}, &stream),
        0);
    return stream;
}

static enum sting_status nobody_hears(void *context, int64_t at_us,
                                      const struct detect_look *look)
{
    (void)context;
    (void)at_us;
    (void)look;
    return STING_OK;
}

static struct look_thread *thread_begin(void)
{
    static const struct looker_settings settings = {.look_at_all = true};
    struct stream stream = stream_make();
    struct looker *looker = NULL;
    struct look_thread *thread = NULL;
    gate_reset();
    assert_int_equal(
        looker_new(&stream, &settings, nobody_hears, NULL, &looker, NULL), 0);
    assert_int_equal(look_thread_new(&looker, &thread), 0);
    stream_release(&stream);
    return thread;
}

static struct look_behind give(struct look_thread *thread, int64_t from,
                               int count, size_t size)
{
    struct look_behind behind = {0};
    for (int i = 0; i < count; i++) {
        struct packet packet;
        packet_make(from + i, size, &packet);
        behind = look_thread_add(thread, &packet);
        packet_release(&packet);
    }
    return behind;
}

static void what_waits_is_bounded_and_what_was_left_out_is_counted(void **state)
{
    (void)state;
    struct look_thread *thread = thread_begin();
    assert_false(give(thread, 0, 1, 100).is_now);
    gate_wait(1); /* and there it stays */
    assert_false(give(thread, 1, LOOK_THREAD_MOST, 100).is_now);
    struct look_behind behind =
        give(thread, 1 + LOOK_THREAD_MOST, GIVEN - LOOK_THREAD_MOST - 1, 100);
    assert_true(behind.is_now);
    assert_int_equal(behind.unseen, GIVEN - LOOK_THREAD_MOST - 1);
    assert_int_equal(gate.came, 1);
    gate_open(MOST_TAKEN);
    look_thread_stop(&thread, true);
    assert_int_equal(gate.came, LOOK_THREAD_MOST + 1);
}

/* Half of what waits is looked at, and there is room again. */
static void it_goes_on_with_the_next_keyframe(void **state)
{
    (void)state;
    const int first = LOOK_THREAD_MOST + 1, half = LOOK_THREAD_MOST / 2;
    struct look_thread *thread = thread_begin();
    give(thread, 0, 1, 100);
    gate_wait(1);
    give(thread, 1, first, 100);
    gate_open(half);
    gate_wait(half + 1);
    struct look_behind behind = give(thread, first + 1, 2 * KEY_EVERY, 100);
    assert_true(behind.is_now); /* as long as most of it waits */
    assert_int_equal(behind.unseen, (KEY_EVERY - first % KEY_EVERY));
    gate_open(half + 1);
    gate_wait(first + 1);
    assert_true(gate.key[first]);
    assert_int_equal(gate.at[first - 1], first - 1);
    assert_int_equal(gate.at[first] % KEY_EVERY, 0);
    behind = give(thread, GIVEN, 1, 100);
    assert_false(behind.is_now);
    gate_open(MOST_TAKEN);
    look_thread_stop(&thread, true);
    assert_int_equal(gate.at[gate.came - 1], GIVEN);
}

/* Of a camera whose pictures are large. */
static void so_are_the_bytes_that_wait(void **state)
{
    (void)state;
    const size_t size = (size_t)1 << 20;
    const int most = (int)(LOOK_THREAD_BYTES / size);
    struct look_thread *thread = thread_begin();
    give(thread, 0, 1, size);
    gate_wait(1);
    assert_false(give(thread, KEY_EVERY, most, size).is_now);
    struct look_behind behind = give(thread, 100, 50, size);
    assert_true(behind.is_now);
    assert_int_equal(behind.unseen, 50);
    gate_open(1);
    gate_wait(2);
    assert_true(give(thread, 200, 1, size).is_now); /* one is no end of it */
    gate_open(MOST_TAKEN);
    look_thread_stop(&thread, true);
    assert_int_equal(gate.came, most + 2);
}

/* Asked each second, from one moment to another: when did it hang first? */
static int hung_after(struct look_thread *thread, int *now_s, int seconds)
{
    int first = 0;
    for (int i = 1; i <= seconds; i++) {
        bool hangs =
            look_thread_hangs(thread, (int64_t)(++*now_s) * INT64_C(1000000));
        first = hangs && !first ? i : first;
    }
    return first;
}

static void who_was_called_and_does_not_come_hangs(void **state)
{
    (void)state;
    int now_s = 0;
    struct look_thread *thread = thread_begin();
    assert_int_equal(hung_after(thread, &now_s, 100), 0); /* nothing waits */
    give(thread, 0, 1, 100);
    gate_wait(1);
    assert_int_equal(hung_after(thread, &now_s, 100), 0); /* nor does now */
    give(thread, KEY_EVERY, 1, 100);
    now_s += 3600; /* all stood still */
    assert_int_equal(hung_after(thread, &now_s, 10), 0);
    gate_open(1);
    gate_wait(2); /* it came */
    give(thread, KEY_EVERY, 1, 100);
    assert_int_equal(hung_after(thread, &now_s, 100), 16);
    gate_open(MOST_TAKEN);
    look_thread_stop(&thread, true);
}

/* It ends when it goes on, and nobody waits for it. */
static void who_hangs_is_left_to_itself(void **state)
{
    (void)state;
    static struct look_thread *hung;
    struct look_thread *thread = thread_begin();
    give(thread, 0, 1, 100);
    gate_wait(1);
    give(thread, 1, KEY_EVERY, 100);
    struct look_thread *is = thread;
    look_thread_abandon(&thread, &hung);
    assert_null(thread);
    assert_ptr_equal(hung, is);
    assert_false(look_thread_is_over(is));
    gate_open(MOST_TAKEN);
    while (!look_thread_is_over(is)) {
        usleep(1000);
    }
    assert_int_equal(gate.came, 1); /* it took no more of what waited */
}

/* Remarks that the core was sent: their texts, one a line. */
static int remarks_read(int channel, char *text, size_t size)
{
    int remarks = 0;
    struct wire_head head;
    struct buffer payload STING_AUTO(buffer_release) = {0};
    text[0] = '\0';
    assert_int_equal(shutdown(channel, SHUT_WR), 0);
    while (wire_receive(channel, &head, &payload) == STING_OK) {
        bool is_one = head.kind == WIRE_CAMERA_STATE &&
                      head.number[0] == CAMERA_STATE_REMARK;
        size_t at = strlen(text);
        if (is_one) {
            snprintf(text + at, size - at, "%s\n", buffer_text(&payload));
            remarks++;
        }
        payload.size = 0;
    }
    return remarks;
}

static void looking_give(struct looking *looking, int64_t from, int count)
{
    for (int i = 0; i < count; i++) {
        struct packet packet;
        packet_make(from + i, 100, &packet);
        assert_int_equal(looking_add(looking, &packet), 0);
        packet_release(&packet);
    }
}

static void the_core_is_told_once_and_how_much_nobody_saw(void **state)
{
    (void)state;
    static const struct looker_settings settings = {.look_at_all = true};
    static const struct shelf shelf;
    struct stream stream = stream_make();
    struct sender sender;
    struct fault fault = {"", ""};
    char text[1000];
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    sender_init(&sender, pair[0]);
    gate_reset();
    struct looking looking = {
        .sender = &sender, .settings = &settings, .shelf = &shelf};
    assert_int_equal(looking_begin(&looking, &stream, NULL, &fault), 0);
    looking_give(&looking, 0, 1);
    gate_wait(1);
    looking_give(&looking, 1, GIVEN);
    gate_open(LOOK_THREAD_MOST + 1);
    gate_wait(LOOK_THREAD_MOST + 1);
    gate_open(MOST_TAKEN);
    looking_give(&looking, GIVEN + KEY_EVERY, KEY_EVERY);
    looking_end(&looking, true);
    close(pair[0]);
    assert_int_equal(remarks_read(pair[1], text, sizeof text), 2);
    printf("%s", text);
    assert_non_null(strstr(text, "LOOKING FALLS BEHIND"));
    assert_non_null(strstr(text, "again; 1400 pictures were not"));
    close(pair[1]);
    sender_release(&sender);
    stream_release(&stream);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(
            what_waits_is_bounded_and_what_was_left_out_is_counted),
        cmocka_unit_test(it_goes_on_with_the_next_keyframe),
        cmocka_unit_test(so_are_the_bytes_that_wait),
        cmocka_unit_test(who_was_called_and_does_not_come_hangs),
        cmocka_unit_test(who_hangs_is_left_to_itself),
        cmocka_unit_test(the_core_is_told_once_and_how_much_nobody_saw),
    };
    return cmocka_run_group_tests_name("look_thread", test, NULL, NULL);
}
