/* The one writer: a command itself, or the station that runs. */
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "ledger/store.h"
#include "operation/core.h"
#include "tests/operation_fixture.h"

static void a_sealed_line_can_be_opened_by_the_identity(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct writer *writer STING_AUTO(writer_free) = fixture_writer(operation);
    struct buffer last STING_AUTO(buffer_release) = {0};
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct line line;
    struct digest ct;
    const struct line_field field[] = {{"type", "note"}, {"incident", NULL}};
    assert_true(!writer_sealed_line(writer, "note", field, 2,
                                    bytes_of_text("hello"), &fault));
    assert_true(!writer_close(&writer, &fault));
    assert_int_equal(fixture_lines(operation, "note", &last), 1);
    assert_true(!line_parse(buffer_bytes(&last), &line));
    assert_true(!line_hex(&line, "blob", ct.byte, DIGEST_SIZE));
    fixture_unlock(operation, &keys);
    assert_true(!ledger_blob_open(operation_dir(operation), &keys.identity, ct,
                                  4096, &plain, &fault));
    assert_string_equal(buffer_text(&plain), "hello");
}

static const struct line_field extend[] = {
    {"until", "2031-01-01"}, {"by", "Anna"}, {"why", "a test"}};

static void a_line_that_the_ledger_refuses_is_told(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct writer *writer STING_AUTO(writer_free) = fixture_writer(operation);
    struct fault fault = {"", ""};
    const struct line_field field[] = {{"colour", "red"}};
    assert_int_equal(writer_line(writer, "nonsense", NULL, 0, NULL, &fault),
                     STING_E_ARG);
    assert_int_equal(writer_line(writer, "extend", field, 1, NULL, &fault),
                     STING_E_ARG);
    assert_true(!writer_line(writer, "extend", extend, 3, NULL, &fault));
    /* Only who holds the core itself ends an operation. */
    assert_int_equal(writer_line(writer, "close", NULL, 0, NULL, &fault),
                     STING_E_ARG);
}

/* Else the operation would go on to an end that nobody asked for. */
static void an_end_that_cannot_be_read_is_refused_and_not_written(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct buffer last STING_AUTO(buffer_release) = {0};
    struct buffer request STING_AUTO(buffer_release) = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct core *core STING_AUTO(core_free) = NULL;
    struct wire_head answer;
    struct fault fault = {"", ""};
    static const struct {
        const char *until;
        int64_t us; /* afterwards */
        uint32_t answer;
    } row[] = {
        {"soon", 0, WIRE_FAILED},
        {"2031-1-1", 0, WIRE_FAILED},
        {"2031-01-01", 1924992000000000, WIRE_DONE},
        {"2031-02-30", 1924992000000000, WIRE_FAILED},
    };
    const struct wire_head head = {.kind = WIRE_CORE_LINE};
    assert_true(!core_open(operation, clock_now, &core, &fault));
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const struct line_field field[] = {
            {"until", row[i].until}, {"by", "Anna"}, {"why", "a test"}};
        request.size = 0;
        assert_true(!core_line_write("extend", field, 3, &request));
        core_handle(core, &head, buffer_bytes(&request), &answer, &out);
        assert_int_equal(answer.kind, row[i].answer);
        assert_int_equal(core_until_us(core), row[i].us);
    }
    assert_int_equal(fixture_lines(operation, "extend", &last), 1);
}

/* A station in a process of its own: answers core.sock until killed. */
static pid_t station_start(const struct fixture *fixture)
{
    int ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct operation *operation = fixture_open(fixture);
        struct core *core = NULL;
        int listener = -1;
        if (core_open(operation, clock_now, &core, NULL) ||
            core_listen(operation, &listener, NULL) ||
            fcntl(listener, F_SETFL, 0) != 0 || write(ready[1], "r", 1) != 1) {
            _exit(1);
        }
        for (;;) {
            struct wire_head head;
            struct wire_head answer;
            struct buffer payload = {0};
            struct buffer out = {0};
            int peer = accept(listener, NULL, NULL);
            while (core_peer_is_ours(peer) &&
                   !wire_receive(peer, &head, &payload)) {
                core_handle(core, &head, buffer_bytes(&payload), &answer, &out);
                (void)!wire_send(peer, answer, buffer_bytes(&out));
            }
            close(peer);
        }
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return pid;
}

static void lines_go_through_a_running_station(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct buffer last STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct core *core STING_AUTO(core_free) = NULL;
    uint64_t seq = 0;
    const struct line_field field[] = {{"type", "note"}};
    pid_t station = station_start(&fixture);
    assert_int_equal(core_open(operation, clock_now, &core, &fault),
                     STING_E_BUSY);
    struct writer *writer STING_AUTO(writer_free) = fixture_writer(operation);
    assert_true(!writer_sealed_line(writer, "note", field, 1,
                                    bytes_of_text("hello"), &fault));
    assert_true(!writer_line(writer, "extend", extend, 3, &seq, &fault));
    /* genesis, config, three keys; session, clock, note, extend */
    assert_int_equal(seq, 8);
    assert_int_equal(writer_line(writer, "nonsense", NULL, 0, NULL, &fault),
                     STING_E_ARG);
    assert_true(!writer_close(&writer, &fault));
    kill(station, SIGKILL);
    waitpid(station, NULL, 0);
    assert_int_equal(fixture_lines(operation, "note", &last), 1);
    /* The next command is the core again, over the dead socket. */
    writer = fixture_writer(operation);
    assert_true(!writer_line(writer, "extend", extend, 3, NULL, &fault));
}

static void malformed_requests_are_answered_with_a_fault(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct core *core STING_AUTO(core_free) = NULL;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct wire_head answer;
    struct fault fault;
    static const struct {
        uint32_t kind;
        const char *payload;
        size_t size;
    } row[] = {
        {WIRE_CORE_LINE, "", 0},
        {WIRE_CORE_LINE, "note", 4},
        {WIRE_CORE_LINE, "note\0type", 9},
        {WIRE_CORE_LINE, "note\0type\0", 10},
        {WIRE_CORE_LINE, "\0\0\0", 3},
        {WIRE_CAMERA_LOOK, "", 0},
        {9999, "x", 1},
    };
    assert_true(!core_open(operation, clock_now, &core, &fault));
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const struct wire_head head = {.kind = row[i].kind};
        core_handle(
            core, &head,
            (struct bytes){(const uint8_t *)row[i].payload, row[i].size},
            &answer, &out);
        assert_int_equal(answer.kind, WIRE_FAILED);
        assert_true(answer.number[0] < 0);
    }
}

static void asked_to_seal_the_core_signs_and_has_the_station_cut_once(
    void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct core *core STING_AUTO(core_free) = NULL;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault;
    assert_int_equal(writer_station_seal(operation, WRITER_CUT, &fault),
                     STING_E_ABSENT);
    assert_true(!core_open(operation, clock_now, &core, &fault));
    for (int cuts = 0; cuts < 2; cuts++) {
        struct wire_head answer;
        const struct wire_head head = {.kind = WIRE_CORE_SEAL,
                                       .number = {cuts}};
        core_handle(core, &head, (struct bytes){NULL, 0}, &answer, &out);
        assert_int_equal(answer.kind, WIRE_DONE);
        assert_int_equal(core_cut_taken(core), cuts);
        assert_false(core_cut_taken(core));
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_sealed_line_can_be_opened_by_the_identity),
        cmocka_unit_test(a_line_that_the_ledger_refuses_is_told),
        cmocka_unit_test(an_end_that_cannot_be_read_is_refused_and_not_written),
        cmocka_unit_test(lines_go_through_a_running_station),
        cmocka_unit_test(malformed_requests_are_answered_with_a_fault),
        cmocka_unit_test(
            asked_to_seal_the_core_signs_and_has_the_station_cut_once),
    };
    return cmocka_run_group_tests_name("core", test, NULL, NULL);
}
