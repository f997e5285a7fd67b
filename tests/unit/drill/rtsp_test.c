#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drill/rtsp_session.h"
#include "tests/check.h"

static const char sdp[] = "v=0\r\n";

static enum sting_status say(struct rtsp_session *session, const char *text)
{
    assert_int_equal(buffer_text_append(&session->in, text), 0);
    return rtsp_session_serve(session, sdp, 4711);
}

static void forget(struct rtsp_session *session)
{
    session->out.size = 0;
}

static bool said(struct rtsp_session *session, const char *words)
{
    return strstr(buffer_text(&session->out), words) != NULL;
}

static void a_client_is_led_from_options_to_teardown(void **state)
{
    (void)state;
    struct rtsp_session s STING_AUTO(rtsp_session_release) = {0};
    assert_int_equal(say(&s, "OPTIONS rtsp://a/g RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
                     0);
    assert_true(said(&s, "RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: "));
    forget(&s);
    assert_int_equal(say(&s, "DESCRIBE rtsp://a/g RTSP/1.0\r\ncseq: 2\r\n\r\n"),
                     0);
    assert_true(said(&s, "Content-Length: 5\r\n\r\nv=0\r\n"));
    forget(&s);
    assert_int_equal(say(&s, "SETUP rtsp://a/g/track1 RTSP/1.0\r\nCSeq: 3\r\n"
                             "Transport: RTP/AVP/TCP;unicast;interleaved=4-5"
                             "\r\n\r\n"),
                     0);
    assert_true(said(&s, "interleaved=4-5\r\nSession: 4711"));
    assert_int_equal(s.rtp.channel, 4);
    forget(&s);
    assert_int_equal(say(&s, "PLAY rtsp://a/g RTSP/1.0\r\nCSeq: 4\r\n"
                             "Session: 4711\r\n\r\n"),
                     0);
    assert_true(s.is_playing && s.waits_for_key);
    assert_int_equal(say(&s, "TEARDOWN rtsp://a/g RTSP/1.0\r\nCSeq: 5\r\n"
                             "Session: 4711\r\n\r\n"),
                     0);
    assert_true(s.is_over && !s.is_playing);
}

static void a_request_may_come_byte_by_byte(void **state)
{
    (void)state;
    struct rtsp_session s STING_AUTO(rtsp_session_release) = {0};
    const char *text = "OPTIONS * RTSP/1.0\r\nCSeq: 9\r\nContent-Length: 2"
                       "\r\n\r\nab";
    for (size_t i = 0; text[i]; i++) {
        char one[2] = {text[i], 0};
        assert_int_equal(say(&s, one), 0);
        assert_int_equal(s.requests, text[i + 1] ? 0 : 1);
    }
    assert_int_equal(s.in.size, 0);
}

static void reports_between_requests_are_passed_over(void **state)
{
    (void)state;
    struct rtsp_session s STING_AUTO(rtsp_session_release) = {0};
    const uint8_t report[] = {'$', 1, 0, 3, 'x', '\r', '\n'};
    assert_int_equal(
        buffer_append(&s.in, (struct bytes){report, sizeof report}), 0);
    assert_int_equal(say(&s, "OPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n"), 0);
    assert_int_equal(s.requests, 1);
}

static void playing_needs_the_session_that_was_given(void **state)
{
    (void)state;
    struct rtsp_session s STING_AUTO(rtsp_session_release) = {0};
    assert_int_equal(say(&s, "PLAY * RTSP/1.0\r\nCSeq: 1\r\n\r\n"), 0);
    assert_true(said(&s, "454 Session Not Found"));
    assert_int_equal(say(&s, "PLAY * RTSP/1.0\r\nCSeq: 1\r\n"
                             "Session: 4711\r\n\r\n"),
                     0);
    assert_false(s.is_playing);
    assert_int_equal(say(&s, "SETUP * RTSP/1.0\r\nCSeq: 2\r\n"
                             "Transport: RTP/AVP;unicast;client_port=1-2"
                             "\r\n\r\n"),
                     0);
    assert_true(said(&s, "461 Unsupported Transport"));
    assert_false(s.is_set_up);
}

static void unknown_methods_are_told_so(void **state)
{
    (void)state;
    struct rtsp_session s STING_AUTO(rtsp_session_release) = {0};
    assert_int_equal(say(&s, "RECORD * RTSP/1.0\r\nCSeq: 1\r\n\r\n"), 0);
    assert_true(said(&s, "501 Not Implemented\r\nCSeq: 1"));
}

static void hostile_requests_end_the_connection(void **state)
{
    (void)state;
    static const char *const text[] = {
        "\r\n\r\n",
        "OPTIONS\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nCSeq: 1\r\n\r\n",
        " * RTSP/1.0\r\nCSeq: 1\r\n\r\n",
        "OPTIONS  RTSP/1.0\r\nCSeq: 1\r\n\r\n",
        "OPTIONS a b RTSP/1.0\r\nCSeq: 1\r\n\r\n",
        "OPTIONS * RTSP/1.0\r\n\r\n",
        "OPTIONS * RTSP/1.0\r\nCSeq: -1\r\n\r\n",
        "OPTIONS * RTSP/1.0\r\nCSeq: 1x\r\n\r\n",
        "OPTIONS * RTSP/1.0\r\nCSeq: 99999999999999999999\r\n\r\n",
        "OPTIONS * RTSP/1.0\r\nCSeq 1\r\n\r\n",
        "OPTIONS * RTSP/1.0\r\n: 1\r\n\r\n",
        "OPTIONS \x01 RTSP/1.0\r\nCSeq: 1\r\n\r\n",
        "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nA: \x7f\r\n\r\n",
        "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 2000\r\n\r\n",
    };
    static const char *const channels[] = {"255-256", "3-7", "-"};
    char setup[120];
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct rtsp_session s STING_AUTO(rtsp_session_release) = {0};
        assert_int_equal(say(&s, text[i]), STING_E_FORMAT);
        assert_int_equal(s.out.size, 0);
    }
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        struct rtsp_session s STING_AUTO(rtsp_session_release) = {0};
        snprintf(setup, sizeof setup,
                 "SETUP * RTSP/1.0\r\nCSeq: 1\r\n"
                 "Transport: RTP/AVP/TCP;interleaved=%s\r\n\r\n",
                 channels[i]);
        assert_int_equal(say(&s, setup), STING_E_FORMAT);
    }
}

static void endless_requests_end_the_connection(void **state)
{
    (void)state;
    struct rtsp_session s STING_AUTO(rtsp_session_release) = {0};
    enum sting_status status = STING_OK;
    for (int i = 0; i < 5000 && !status; i++) {
        status = say(&s, "A");
    }
    assert_int_equal(status, STING_E_LIMIT);
    assert_true(s.in.size <= RTSP_MOST_BYTES);
}

/* Every cut of a good request waits; every changed byte is survived. */
static void no_single_changed_byte_is_trusted(void **state)
{
    (void)state;
    static const char good[] =
        "SETUP rtsp://a/g RTSP/1.0\r\nCSeq: 3\r\nSession: 4711\r\n"
        "Transport: RTP/AVP/TCP;unicast;interleaved=4-5\r\n\r\n";
    const size_t size = sizeof good - 1;
    struct rtsp_request request;
    size_t used;
    for (size_t cut = 0; cut < size; cut++) {
        struct bytes in = {(const uint8_t *)good, cut};
        assert_int_equal(rtsp_request_read(in, &request, &used),
                         STING_E_ABSENT);
    }
    for (size_t i = 0; i < size; i++) {
        for (int value = 0; value < 256; value++) {
            uint8_t *bent = malloc(size); /* exact, for the sanitizer */
            assert_non_null(bent);
            memcpy(bent, good, size);
            bent[i] = (uint8_t)value;
            struct bytes in = {bent, size};
            enum sting_status status = rtsp_request_read(in, &request, &used);
            assert_true(status || used <= size);
            free(bent);
        }
    }
}

static struct bytes next_packet(struct bytes *from)
{
    assert_true(from->size > 16 && from->data[0] == '$');
    size_t size = (size_t)(from->data[2] << 8 | from->data[3]);
    struct bytes packet = {from->data + 4, size};
    assert_true(from->size >= 4 + size);
    *from = (struct bytes){from->data + 4 + size, from->size - 4 - size};
    return packet;
}

static void a_picture_is_the_same_after_the_network(void **state)
{
    (void)state;
    static uint8_t picture[6000] = {0, 0, 0, 1, 0x67, 1,   2,
                                    3, 0, 0, 0, 1,    0x65};
    for (size_t i = 13; i < sizeof picture; i++) {
        picture[i] = (uint8_t)(1 + i % 255);
    }
    struct rtp rtp = {
        .source = 7, .origin = 100, .number = 65534, .channel = 2};
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct bytes all = {picture, sizeof picture};
    assert_int_equal(rtp_picture_append(&rtp, all, 1000000, &out), 0);

    struct bytes rest = buffer_bytes(&out);
    struct bytes first = next_packet(&rest);
    assert_int_equal(first.size, 12 + 4);
    assert_memory_equal(first.data + 12, picture + 4, 4);
    assert_int_equal(first.data[1], 96); /* no marker yet */
    assert_int_equal(first.data[7], (90000 + 100) & 0xff);

    struct buffer unit STING_AUTO(buffer_release) = {0};
    uint16_t number = 65535;
    while (rest.size) {
        struct bytes p = next_packet(&rest);
        assert_int_equal(p.data[2] << 8 | p.data[3], number++);
        assert_int_equal(p.data[12] & 0x1f, 28);
        assert_int_equal(p.data[13] & 0x1f, 5);
        assert_int_equal((p.data[13] & 0x80) != 0, unit.size == 0);
        assert_int_equal((p.data[13] & 0x40) != 0, rest.size == 0);
        assert_int_equal((p.data[1] & 0x80) != 0, rest.size == 0);
        if (!unit.size) {
            uint8_t head = (uint8_t)((p.data[12] & 0xe0) | 5);
            assert_int_equal(buffer_append(&unit, (struct bytes){&head, 1}), 0);
        }
        assert_int_equal(
            buffer_append(&unit, (struct bytes){p.data + 14, p.size - 14}), 0);
    }
    assert_int_equal(unit.size, sizeof picture - 12);
    assert_memory_equal(unit.data, picture + 12, unit.size);
}

static void a_description_needs_both_parameter_sets(void **state)
{
    (void)state;
    static const uint8_t header[] = {0,    0, 0, 1, 0x67, 0x64, 0x00, 0x1f,
                                     0xaa, 0, 0, 0, 1,    0x68, 0xee, 0x3c};
    struct buffer out STING_AUTO(buffer_release) = {0};
    assert_int_equal(rtsp_sdp_write((struct bytes){header, 9}, &out),
                     STING_E_FORMAT);
    assert_int_equal(
        rtsp_sdp_write((struct bytes){header, sizeof header}, &out), 0);
    assert_non_null(strstr(buffer_text(&out), "profile-level-id=64001F;"
                                              "sprop-parameter-sets=Z2QAH6o=,"
                                              "aO48\r\n"));
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_client_is_led_from_options_to_teardown),
        cmocka_unit_test(a_request_may_come_byte_by_byte),
        cmocka_unit_test(reports_between_requests_are_passed_over),
        cmocka_unit_test(playing_needs_the_session_that_was_given),
        cmocka_unit_test(unknown_methods_are_told_so),
        cmocka_unit_test(hostile_requests_end_the_connection),
        cmocka_unit_test(endless_requests_end_the_connection),
        cmocka_unit_test(no_single_changed_byte_is_trusted),
        cmocka_unit_test(a_picture_is_the_same_after_the_network),
        cmocka_unit_test(a_description_needs_both_parameter_sets),
    };
    return cmocka_run_group_tests_name("rtsp", test, NULL, NULL);
}
