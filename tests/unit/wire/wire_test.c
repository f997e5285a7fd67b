#include "wire/wire.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/check.h"

struct ends {
    int ours;
    int theirs;
};

static struct ends ends_new(void)
{
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    return (struct ends){pair[0], pair[1]};
}

static void ends_close(struct ends *ends)
{
    fd_close(&ends->ours);
    fd_close(&ends->theirs);
}

static void raw_send(int fd, const void *bytes, size_t size)
{
    assert_int_equal(send(fd, bytes, size, 0), (ssize_t)size);
}

static void message_comes_out_as_it_went_in(void **state)
{
    (void)state;
    struct ends ends STING_AUTO(ends_close) = ends_new();
    struct buffer got STING_AUTO(buffer_release) = {0};
    struct wire_head head = {.kind = WIRE_DONE,
                             .number = {INT64_MIN, -1, 0, 1, 2, INT64_MAX}};
    assert_int_equal(wire_send(ends.ours, head, bytes_of_text("a page")),
                     STING_OK);
    struct wire_head out;
    assert_int_equal(wire_receive(ends.theirs, &out, &got), STING_OK);
    assert_int_equal(out.kind, WIRE_DONE);
    assert_memory_equal(out.number, head.number, sizeof head.number);
    assert_string_equal(buffer_text(&got), "a page");
}

static void payload_of_the_last_message_does_not_show_through(void **state)
{
    (void)state;
    struct ends ends STING_AUTO(ends_close) = ends_new();
    struct buffer got STING_AUTO(buffer_release) = {0};
    struct wire_head head = {.kind = WIRE_DONE};
    struct wire_head out;
    assert_int_equal(wire_send(ends.ours, head, bytes_of_text("first")), 0);
    assert_int_equal(wire_send(ends.ours, head, bytes_of_text("")), 0);
    assert_int_equal(wire_receive(ends.theirs, &out, &got), STING_OK);
    assert_int_equal(wire_receive(ends.theirs, &out, &got), STING_OK);
    assert_int_equal(got.size, 0);
    assert_string_equal(buffer_text(&got), "");
}

static void every_kind_has_a_name_and_holds_its_bound(void **state)
{
    (void)state;
    struct ends ends STING_AUTO(ends_close) = ends_new();
    static uint8_t nothing[1];
    for (uint32_t kind = 1; kind < WIRE_KINDS; kind++) {
        assert_string_not_equal(wire_name(kind), "unknown");
        size_t most = wire_most_bytes(kind);
        struct wire_head head = {.kind = kind};
        /* The bound is checked before a byte is read. */
        struct bytes over = {nothing, most + 1};
        assert_int_equal(wire_send(ends.ours, head, over), STING_E_ARG);
        head.payload_bytes = (uint32_t)most + 1;
        raw_send(ends.ours, &head, sizeof head);
        struct buffer got STING_AUTO(buffer_release) = {0};
        struct wire_head out;
        assert_int_equal(wire_receive(ends.theirs, &out, &got), STING_E_LIMIT);
        assert_true(got.capacity == 0);
    }
    assert_string_equal(wire_name(0), "unknown");
    assert_string_equal(wire_name(WIRE_KINDS), "unknown");
    assert_int_equal(wire_most_bytes(UINT32_MAX), 0);
}

static void unknown_kinds_are_malformed(void **state)
{
    (void)state;
    static const uint32_t kind[] = {0, WIRE_KINDS, 0x20202020, UINT32_MAX};
    for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
        struct ends ends STING_AUTO(ends_close) = ends_new();
        struct buffer got STING_AUTO(buffer_release) = {0};
        struct wire_head head = {.kind = kind[i]};
        struct wire_head out;
        assert_int_equal(wire_send(ends.ours, head, (struct bytes){0}),
                         STING_E_ARG);
        raw_send(ends.ours, &head, sizeof head);
        assert_int_equal(wire_receive(ends.theirs, &out, &got), STING_E_FORMAT);
    }
}

static void message_cut_anywhere_is_malformed(void **state)
{
    (void)state;
    struct {
        struct wire_head head;
        char payload[8];
    } whole = {{.kind = WIRE_DONE, .payload_bytes = 8}, "1234567"};
    for (size_t cut = 0; cut < sizeof whole; cut++) {
        struct ends ends STING_AUTO(ends_close) = ends_new();
        struct buffer got STING_AUTO(buffer_release) = {0};
        struct wire_head out;
        if (cut > 0) {
            raw_send(ends.ours, &whole, cut);
        }
        fd_close(&ends.ours);
        assert_int_equal(wire_receive(ends.theirs, &out, &got),
                         cut == 0 ? STING_E_ABSENT : STING_E_FORMAT);
    }
}

static void stated_length_alone_makes_nobody_allocate(void **state)
{
    (void)state;
    struct ends ends STING_AUTO(ends_close) = ends_new();
    struct buffer got STING_AUTO(buffer_release) = {0};
    struct wire_head out;
    struct wire_head head = {.kind = WIRE_DONE};
    head.payload_bytes = (uint32_t)wire_most_bytes(WIRE_DONE);
    raw_send(ends.ours, &head, sizeof head);
    fd_close(&ends.ours);
    assert_int_equal(wire_receive(ends.theirs, &out, &got), STING_E_FORMAT);
    assert_true(got.capacity <= (size_t)4 << 20);
}

static void reader_takes_messages_byte_by_byte(void **state)
{
    (void)state;
    struct ends ends STING_AUTO(ends_close) = ends_new();
    struct wire_reader reader = {0};
    struct {
        struct wire_head head;
        char payload[8];
    } whole = {{.kind = WIRE_CAMERA_STATE, .payload_bytes = 8}, "1234567"};
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < sizeof whole; i++) {
            assert_int_equal(wire_reader_next(&reader, ends.theirs),
                             STING_E_BUSY);
            raw_send(ends.ours, (const char *)&whole + i, 1);
        }
        assert_int_equal(wire_reader_next(&reader, ends.theirs), STING_OK);
        assert_int_equal(reader.head.kind, WIRE_CAMERA_STATE);
        assert_string_equal(buffer_text(&reader.payload), "1234567");
    }
    assert_int_equal(wire_reader_next(&reader, ends.theirs), STING_E_BUSY);
    raw_send(ends.ours, &whole, 3);
    fd_close(&ends.ours);
    assert_int_equal(wire_reader_next(&reader, ends.theirs), STING_E_FORMAT);
    buffer_release(&reader.payload);
}

struct peer {
    int fd;
    struct wire_head answer;
    struct bytes payload;
};

static void *peer_answer(void *argument)
{
    struct peer *peer = argument;
    struct buffer got = {0};
    struct wire_head head;
    if (wire_receive(peer->fd, &head, &got) == STING_OK) {
        (void)!wire_send(peer->fd, peer->answer, peer->payload);
    }
    buffer_release(&got);
    close(peer->fd);
    return NULL;
}

/* Call a peer that answers so. */
static enum sting_status call(struct wire_head answer, struct bytes payload,
                              struct fault *fault)
{
    struct ends ends = ends_new();
    struct peer peer = {ends.theirs, answer, payload};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, peer_answer, &peer), 0);
    struct wire_answer got STING_AUTO(wire_answer_release) = {0};
    struct wire_head request = {.kind = WIRE_PDF_OPEN};
    enum sting_status status = wire_call(
        ends.ours, request, bytes_of_text("%PDF"), WIRE_DONE, &got, fault);
    pthread_join(thread, NULL);
    close(ends.ours);
    return status;
}

static void call_gives_the_answer_or_the_peer_s_fault(void **state)
{
    (void)state;
    struct fault fault = {0};
    struct wire_head done = {.kind = WIRE_DONE};
    assert_int_equal(call(done, bytes_of_text(""), &fault), STING_OK);
    struct wire_head failed = {.kind = WIRE_FAILED,
                               .number = {STING_E_UNSUPPORTED}};
    static const char text[] = "it is encrypted\0save it open";
    assert_int_equal(
        call(failed, (struct bytes){(const uint8_t *)text, sizeof text - 1},
             &fault),
        STING_E_UNSUPPORTED);
    assert_string_equal(fault.why, "it is encrypted");
    assert_string_equal(fault.todo, "save it open");
}

static void hostile_answers_become_plain_faults(void **state)
{
    (void)state;
    struct fault fault = {0};
    struct wire_head other = {.kind = WIRE_PICTURE_PLANE};
    assert_int_equal(call(other, bytes_of_text("x"), &fault), STING_E_FORMAT);
    /* A failure that claims success, or a status that does not exist. */
    static const int64_t claimed[] = {0, 1, -1000, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < sizeof claimed / sizeof *claimed; i++) {
        struct wire_head failed = {.kind = WIRE_FAILED, .number = {claimed[i]}};
        assert_int_equal(call(failed, bytes_of_text("why"), &fault),
                         STING_E_FORMAT);
    }
    struct wire_head failed = {.kind = WIRE_FAILED, .number = {STING_E_IO}};
    assert_int_equal(call(failed, bytes_of_text("\033[2Jgone\n"), &fault),
                     STING_E_IO);
    assert_string_equal(fault.why, "?[2Jgone?");
    assert_int_equal(call(failed, (struct bytes){0}, &fault), STING_E_IO);
    assert_string_equal(fault.why, "");
    assert_int_equal(
        call((struct wire_head){.kind = 9999}, (struct bytes){0}, &fault),
        STING_E_IO);
}

/* Answers numbers that are even, refuses the others without a word of why. */
static enum sting_status serve_even(void *context,
                                    const struct wire_head *request,
                                    struct bytes payload, struct fault *fault)
{
    const int *fd = context;
    (void)payload;
    (void)fault;
    struct wire_head answer = {.kind = WIRE_DONE,
                               .number = {request->number[0] / 2}};
    return request->number[0] % 2 ? STING_E_ARG
                                  : wire_send(*fd, answer, (struct bytes){0});
}

static void served_requests_are_answered_or_refused_in_words(void **state)
{
    (void)state;
    struct ends ends STING_AUTO(ends_close) = ends_new();
    struct wire_head head;
    struct buffer payload STING_AUTO(buffer_release) = {0};
    for (int64_t n = 4; n < 6; n++) {
        struct wire_head request = {.kind = WIRE_PDF_PAGE, .number = {n}};
        assert_true(!wire_send(ends.ours, request, (struct bytes){0}));
    }
    assert_true(!wire_send(ends.ours, (struct wire_head){.kind = WIRE_STOP},
                           (struct bytes){0}));
    wire_serve(ends.theirs, serve_even, &ends.theirs);
    assert_true(!wire_receive(ends.ours, &head, &payload));
    assert_int_equal(head.kind, WIRE_DONE);
    assert_int_equal(head.number[0], 2);
    assert_true(!wire_receive(ends.ours, &head, &payload));
    assert_int_equal(head.kind, WIRE_FAILED);
    assert_int_equal(head.number[0], STING_E_ARG);
    assert_string_equal(buffer_text(&payload), sting_status_text(STING_E_ARG));
}

static void peer_that_died_is_a_status_and_no_signal(void **state)
{
    (void)state;
    struct ends ends STING_AUTO(ends_close) = ends_new();
    fd_close(&ends.theirs);
    struct wire_head head = {.kind = WIRE_STOP};
    assert_int_equal(wire_send(ends.ours, head, (struct bytes){0}), STING_E_IO);
}

/* Noise from outside never crashes, never yields a kind that is not ours. */
static void noise_is_refused(void **state)
{
    (void)state;
    srandom(7);
    for (int round = 0; round < 5000; round++) {
        struct ends ends STING_AUTO(ends_close) = ends_new();
        struct wire_reader reader = {0};
        uint8_t noise[256];
        for (size_t i = 0; i < sizeof noise; i++) {
            noise[i] = (uint8_t)random();
        }
        if (round % 2) { /* a likely head, so that payloads are reached */
            struct wire_head head = {
                .kind = (uint32_t)(random() % (WIRE_KINDS + 1)),
                .payload_bytes = (uint32_t)(random() % 300)};
            memcpy(noise, &head, sizeof head);
        }
        raw_send(ends.ours, noise, sizeof noise);
        fd_close(&ends.ours);
        enum sting_status status;
        while ((status = wire_reader_next(&reader, ends.theirs)) == STING_OK) {
            assert_true(reader.head.kind > 0 && reader.head.kind < WIRE_KINDS);
            assert_true(reader.payload.size <=
                        wire_most_bytes(reader.head.kind));
        }
        assert_true(status != STING_E_BUSY);
        buffer_release(&reader.payload);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(message_comes_out_as_it_went_in),
        cmocka_unit_test(payload_of_the_last_message_does_not_show_through),
        cmocka_unit_test(every_kind_has_a_name_and_holds_its_bound),
        cmocka_unit_test(unknown_kinds_are_malformed),
        cmocka_unit_test(message_cut_anywhere_is_malformed),
        cmocka_unit_test(stated_length_alone_makes_nobody_allocate),
        cmocka_unit_test(reader_takes_messages_byte_by_byte),
        cmocka_unit_test(call_gives_the_answer_or_the_peer_s_fault),
        cmocka_unit_test(hostile_answers_become_plain_faults),
        cmocka_unit_test(served_requests_are_answered_or_refused_in_words),
        cmocka_unit_test(peer_that_died_is_a_status_and_no_signal),
        cmocka_unit_test(noise_is_refused),
    };
    return cmocka_run_group_tests_name("wire", test, NULL, NULL);
}
