/* The table of the console, the document that tells it, and messages that
 * wait for a slow peer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/check.h"

#include "base/buffer.h"
#include "wire/ask.h"
#include "wire/queue.h"

/* A row as docs/formats/http.md has it. */
static void row_write(const struct ask_row *row, struct buffer *out)
{
    const char *who = row->roles == 0               ? "anybody"
                      : row->roles == ASK_EVERYBODY ? "all roles"
                                                    : NULL;
    out->size = 0;
    assert_int_equal(buffer_printf(out, "| %s | %s | ", row->method, row->path),
                     0);
    if (who) {
        assert_int_equal(buffer_printf(out, "%s ", who), 0);
    }
    for (unsigned i = 0; !who && i < ASK_ROLES; i++) {
        if (row->roles & 1u << i) {
            assert_int_equal(buffer_printf(out, "%s ", ask_role_name(1u << i)),
                             0);
        }
    }
    assert_int_equal(buffer_printf(out, "| "), 0);
    for (size_t i = 0; i < ASK_MOST_FIELDS && row->field[i].name; i++) {
        assert_int_equal(buffer_printf(out, "%s%s ", row->field[i].name,
                                       row->field[i].is_needed ? "!" : ""),
                         0);
    }
    assert_int_equal(buffer_printf(out, "|"), 0);
}

static void the_document_tells_every_row_and_no_other(void **state)
{
    static char text[64 * 1024];
    size_t told = 0;
    FILE *file = fopen(HTTP_MD, "r");
    (void)state;
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    for (const char *at = text; (at = strstr(at, "\n| GET | /")); at++) {
        told++;
    }
    for (const char *at = text; (at = strstr(at, "\n| POST | /")); at++) {
        told++;
    }
    assert_int_equal(told, ASKS);
    for (unsigned i = 0; i < ASKS; i++) {
        struct buffer row STING_AUTO(buffer_release) = {0};
        row_write(&ask_row[i], &row);
        if (!strstr(text, buffer_text(&row))) {
            fail_msg("not told: %s", buffer_text(&row));
        }
    }
}

static void a_row_is_found_by_its_method_and_path(void **state)
{
    bool other = false;
    (void)state;
    for (unsigned i = 0; i < ASKS; i++) {
        assert_int_equal(ask_find(ask_row[i].method, ask_row[i].path, &other),
                         i);
    }
    assert_int_equal(ask_find("GET", "/api/login", &other), ASKS);
    assert_true(other);
    assert_int_equal(ask_find("GET", "/api/login/", &other), ASKS);
    assert_false(other);
}

/* What is changed over HTTP is changed by POST, and needs a session unless it
 * makes one. */
static void only_six_rows_need_no_session(void **state)
{
    unsigned open = 0;
    (void)state;
    for (unsigned i = 0; i < ASKS; i++) {
        open += ask_row[i].roles == 0;
    }
    assert_int_equal(open, 6);
    assert_int_equal(ask_row[ASK_HEALTH].roles, 0);
    assert_int_equal(ask_row[ASK_HELLO].roles, 0);
    assert_int_equal(ask_row[ASK_FIRST].roles, 0);
    assert_int_equal(ask_row[ASK_LOGIN].roles, 0);
    /* Each with a right of its own. */
    assert_int_equal(ask_row[ASK_ACK_LINK].roles, 0);
    assert_int_equal(ask_row[ASK_METRICS].roles, 0);
}

static void roles_have_names_and_back(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ASK_ROLES; i++) {
        assert_int_equal(ask_role_find(ask_role_name(1u << i)), 1u << i);
    }
    assert_int_equal(ask_role_find("king"), 0);
    assert_int_equal(ask_role_find(""), 0);
    assert_string_equal(ask_role_name(3), "");
}

static void what_waits_for_a_slow_peer_arrives_whole_and_in_order(void **state)
{
    enum { MESSAGES = 300, BYTES = 20000 };
    struct wire_queue queue = {.sent = 0};
    struct wire_reader reader = {.head_bytes = 0};
    uint8_t *body = malloc(BYTES);
    int pair[2];
    int64_t seen = 0;
    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    for (int i = 0; i < MESSAGES; i++) {
        struct wire_head head = {.kind = WIRE_WEB_ANSWER, .number = {i}};
        memset(body, i, BYTES);
        assert_int_equal(
            wire_queue_add(&queue, head, (struct bytes){body, BYTES}, 8u << 20),
            STING_OK);
    }
    for (;;) {
        enum sting_status flushed = wire_queue_flush(&queue, pair[0]);
        assert_true(flushed == STING_OK || flushed == STING_E_BUSY);
        while (!wire_reader_next(&reader, pair[1])) {
            assert_int_equal(reader.head.number[0], seen);
            assert_int_equal(reader.payload.size, BYTES);
            assert_int_equal(reader.payload.data[BYTES - 1], (uint8_t)seen);
            seen++;
        }
        if (flushed == STING_OK && seen == MESSAGES) {
            break;
        }
    }
    assert_int_equal(wire_queue_bytes(&queue), 0);
    close(pair[1]);
    const struct wire_head cut = {.kind = WIRE_WEB_CUT};
    assert_int_equal(wire_queue_add(&queue, cut, (struct bytes){0}, 1000), 0);
    assert_int_equal(wire_queue_flush(&queue, pair[0]), STING_E_IO);
    close(pair[0]);
    wire_queue_release(&queue);
    buffer_release(&reader.payload);
    free(body);
}

static void no_more_waits_than_was_allowed(void **state)
{
    struct wire_queue queue = {.sent = 0};
    const struct wire_head head = {.kind = WIRE_WEB_CUT};
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(wire_queue_add(&queue, head, (struct bytes){0}, 170),
                         STING_OK);
    }
    assert_int_equal(wire_queue_add(&queue, head, (struct bytes){0}, 170),
                     STING_E_LIMIT);
    assert_int_equal(wire_queue_add(&queue, head, bytes_of_text("more"), 4096),
                     STING_E_ARG);
    assert_int_equal(wire_queue_bytes(&queue), 3 * sizeof head);
    wire_queue_release(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_tells_every_row_and_no_other),
        cmocka_unit_test(a_row_is_found_by_its_method_and_path),
        cmocka_unit_test(only_six_rows_need_no_session),
        cmocka_unit_test(roles_have_names_and_back),
        cmocka_unit_test(what_waits_for_a_slow_peer_arrives_whole_and_in_order),
        cmocka_unit_test(no_more_waits_than_was_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
