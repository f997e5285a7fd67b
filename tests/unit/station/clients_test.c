/* Who asks over core.sock: keys that came leave no trace, whole or half. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "station/clients.h"
#include "tests/check.h"

#define KEY "the key of the shed, 32 bytes...."

static size_t wiped; /* how often the key was, as it lay there */

static bool holds_key(const volatile uint8_t *at, size_t size)
{
    for (size_t i = 0; i + strlen(KEY) <= size; i++) {
        size_t same = 0;
        while (same < strlen(KEY) && at[i + same] == (uint8_t)KEY[same]) {
            same++;
        }
        if (same == strlen(KEY)) {
            return true;
        }
    }
    return false;
}

static void wipe(void *at, size_t size)
{
    volatile uint8_t *byte = at;
    wiped += holds_key(byte, size);
    for (size_t i = 0; i < size; i++) {
        byte[i] = 0;
    }
}

/* In the place of the library's, by both of its names. */
void explicit_bzero(void *at, size_t size);
void explicit_bzero(void *at, size_t size)
{
    wipe(at, size);
}

/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
void __explicit_bzero_chk(void *at, size_t size, size_t most);
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
void __explicit_bzero_chk(void *at, size_t size, size_t most)
{
    assert_true(size <= most);
    wipe(at, size);
}

/* `sent` bytes of `size` announced, the key first; then the client goes. */
static void half_sent(uint32_t kind, uint32_t size, uint32_t sent)
{
    int end[2];
    static uint8_t payload[4 << 20];
    struct clients clients = {.listener = -1};
    struct desk desk = {.core = NULL};
    const struct pollfd nobody = {.fd = -1}; /* comes */
    const struct wire_head head = {.kind = kind, .payload_bytes = size};
    for (int i = 0; i < CLIENTS_MOST; i++) {
        clients.client[i].fd = -1;
    }
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, end), 0);
    clients.client[0].fd = end[0];
    memcpy(payload, KEY, sizeof KEY - 1);
    assert_int_equal(write(end[1], &head, sizeof head), sizeof head);
    for (uint32_t at = 0; at < sent; at += 65536) {
        uint32_t part = sent - at < 65536 ? sent - at : 65536;
        assert_int_equal(write(end[1], payload + at, part), part);
        clients_serve(&clients, &nobody, &desk);
    }
    close(end[1]);
    clients_serve(&clients, &nobody, &desk);
    clients_serve(&clients, &nobody, &desk);
    assert_int_equal(clients.client[0].fd, -1);
    clients_release(&clients);
}

static void half_received_keys_are_wiped(void **state)
{
    (void)state;
    wiped = 0;
    half_sent(WIRE_PLAY_OPEN, 65536, 4096);
    assert_int_equal(wiped, 1);
}

/* Each time that they are moved to where there is more room, too. */
static void no_copy_of_keys_is_left_as_they_grow(void **state)
{
    (void)state;
    wiped = 0;
    half_sent(WIRE_PLAY_OPEN, 4 << 20, 3 << 20);
    assert_true(wiped > 1);
}

/* Nothing can be written now; they were received all the same. */
static void keys_that_are_refused_are_wiped(void **state)
{
    (void)state;
    wiped = 0;
    half_sent(WIRE_PLAY_OPEN, 4096, 4096);
    assert_int_equal(wiped, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_received_keys_are_wiped),
        cmocka_unit_test(no_copy_of_keys_is_left_as_they_grow),
        cmocka_unit_test(keys_that_are_refused_are_wiped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
