/* What a camera says before its pictures: messages, SDP, who may look. */
#include <stdio.h>
#include <string.h>

#include "media/login.h"
#include "media/rtsp_text.h"
#include "tests/check.h"

static bool text_is(struct bytes bytes, const char *text)
{
    return bytes_equal(bytes, bytes_of_text(text));
}

static enum sting_status read_text(const char *text, struct rtsp_message *out,
                                   size_t *used)
{
    return rtsp_message_read(bytes_of_text(text), out, used);
}

static void message_is_read_to_its_last_byte_and_no_further(void **state)
{
    static const char text[] = "RTSP/1.0 401 Unauthorized\r\nCSeq: 12\r\n"
                               "content-length: 4\r\n\r\nbody$more";
    struct rtsp_message message;
    size_t used = 0;
    (void)state;
    assert_int_equal(read_text(text, &message, &used), STING_OK);
    assert_int_equal(message.code, 401);
    assert_int_equal(message.cseq, 12);
    assert_true(text_is(message.body, "body"));
    assert_int_equal(used, sizeof text - 1 - 5);
    for (size_t size = 0; size < used; size++) {
        const struct bytes less = {(const uint8_t *)text, size};
        assert_int_equal(rtsp_message_read(less, &message, &used),
                         STING_E_ABSENT);
    }
}

static void what_is_no_message_is_refused(void **state)
{
    static char endless[RTSP_MOST_HEAD + 1];
    struct rtsp_message message;
    size_t used = 0;
    (void)state;
    assert_int_equal(read_text("HTTP/1.1 200 OK\r\n\r\n", &message, &used),
                     STING_E_FORMAT);
    assert_int_equal(read_text("RTSP/1.0 99 No\r\n\r\n", &message, &used),
                     STING_E_FORMAT);
    assert_int_equal(read_text("RTSP/1.0 200 OK\r\nContent-Length: 65537\r\n"
                               "\r\n",
                               &message, &used),
                     STING_E_LIMIT);
    memset(endless, 'A', sizeof endless);
    assert_int_equal(
        rtsp_message_read((struct bytes){(uint8_t *)endless, sizeof endless},
                          &message, &used),
        STING_E_LIMIT);
}

static void request_of_the_cameras_own_has_code_zero(void **state)
{
    struct rtsp_message message;
    size_t used = 0;
    (void)state;
    assert_int_equal(
        read_text("OPTIONS rtsp://a/ RTSP/1.0\nCSeq:7\n\n", &message, &used),
        STING_OK);
    assert_int_equal(message.code, 0);
    assert_int_equal(message.cseq, 7);
}

static void parameter_is_found_among_others(void **state)
{
    (void)state;
    const struct bytes transport =
        bytes_of_text("RTP/AVP/TCP;unicast; interleaved=2-3;ssrc=4");
    assert_int_equal(rtsp_parameter(transport, "interleaved", 0), 2);
    assert_int_equal(rtsp_parameter(transport, "timeout", 60), 60);
    assert_int_equal(
        rtsp_parameter(bytes_of_text("7;timeout=14"), "timeout", 60), 14);
    assert_int_equal(
        rtsp_parameter(bytes_of_text("7;timeout=soon"), "timeout", 60), 60);
}

static void only_the_first_video_is_left_of_a_description(void **state)
{
    char control[RTSP_MOST_URL], whole[RTSP_MOST_URL];
    struct buffer out STING_AUTO(buffer_release) = {0};
    (void)state;
    assert_int_equal(
        rtsp_sdp_video(bytes_of_text("v=0\r\nc=IN IP4 10.0.0.7\r\n"
                                     "a=control:rtsp://a/all\r\n"
                                     "m=audio 0 RTP/AVP 0\r\na=control:t0\r\n"
                                     "m=video 0 RTP/AVP 96\na=rtpmap:96 H264/9"
                                     "\na=control:t1\nm=video 0 RTP/AVP 97\n"
                                     "a=control:t2"),
                       &out, control, whole),
        STING_OK);
    assert_string_equal(buffer_text(&out), "v=0\r\nm=video 0 RTP/AVP 96\r\n"
                                           "a=rtpmap:96 H264/9\r\n");
    assert_string_equal(control, "t1");
    assert_string_equal(whole, "rtsp://a/all");
    assert_int_equal(rtsp_sdp_video(bytes_of_text("m=audio 0 RTP/AVP 0\r\n"),
                                    &out, control, whole),
                     STING_E_ABSENT);
}

static void parts_are_called_by_their_urls(void **state)
{
    static const char *const row[][3] = {
        {"rtsp://a/b", "track1", "rtsp://a/b/track1"},
        {"rtsp://a/b/", "track1", "rtsp://a/b/track1"},
        {"rtsp://a/b", "*", "rtsp://a/b"},
        {"rtsp://a/b", "", "rtsp://a/b"},
        {"rtsp://a/b", "RTSP://c/d", "RTSP://c/d"},
    };
    char out[RTSP_MOST_URL], most[RTSP_MOST_URL];
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        assert_int_equal(rtsp_url_join(row[i][0], row[i][1], out), STING_OK);
        assert_string_equal(out, row[i][2]);
    }
    memset(most, 'a', sizeof most - 1);
    most[sizeof most - 1] = '\0';
    assert_int_equal(rtsp_url_join(most, "b", out), STING_E_LIMIT);
}

/* One challenge, and whether the answer to it holds `want`. */
static void answer_must(const char *challenge, const char *user,
                        const char *password, const char *want)
{
    struct login login = {.kind = LOGIN_NONE};
    struct buffer out STING_AUTO(buffer_release) = {0};
    assert_true(login_challenge(&login, bytes_of_text(challenge)));
    assert_int_equal(
        login_answer(&login, user, password, "GET", "/dir/index.html", &out),
        STING_OK);
    assert_non_null(strstr(buffer_text(&out), want));
}

#define OF_RFC                                                                 \
    "realm=\"http-auth@example.org\", qop=\"auth, auth-int\", "                \
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "                 \
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""

/* RFC 7617 2, RFC 2617 3.5 without qop, RFC 7616 3.9.1 with our own count in
 * the place of its cnonce. */
static void answers_are_those_of_the_documents(void **state)
{
    (void)state;
    answer_must("Basic realm=\"WallyWorld\"", "Aladdin", "open sesame",
                "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n");
    answer_must("Digest realm=\"testrealm@host.com\", "
                "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
                "Mufasa", "CircleOfLife",
                "response=\"1949323746fe6a43ef61f9606e7febea\"\r\n");
    answer_must("Digest algorithm=MD5, " OF_RFC, "Mufasa", "Circle of Life",
                "response=\"7ca6ca70fa5a6a5a7d017c4effb3e309\"");
    answer_must("Digest algorithm=SHA-256, " OF_RFC, "Mufasa", "Circle of Life",
                "response=\"a4e095711d4c8ee0db9d4c1c6c4b6025e7d453ecff27d87bf9"
                "baba8b8bc81db0\"");
}

static void stronger_of_two_challenges_is_answered(void **state)
{
    struct login login = {.kind = LOGIN_NONE};
    (void)state;
    assert_true(login_challenge(&login, bytes_of_text("Digest nonce=a")));
    assert_false(login_challenge(&login, bytes_of_text("Basic realm=b")));
    assert_true(login_challenge(
        &login, bytes_of_text("Digest nonce=a, algorithm=SHA-256")));
    assert_false(login_challenge(&login, bytes_of_text("Digest nonce=a")));
    assert_int_equal(login.kind, LOGIN_SHA256);
}

static void challenge_of_an_unknown_kind_is_refused(void **state)
{
    static const char *const bad[] = {
        "Bearer realm=\"a\"",
        "Digest realm=\"a\"",
        "",
        "Digest nonce=\"a\", algorithm=SHA-512-256",
        "Digest nonce=\"a\", qop=\"auth-int\"",
        "Digest nonce=\"a\r\nX: b\""};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct login login = {.kind = LOGIN_NONE};
        assert_false(login_challenge(&login, bytes_of_text(bad[i])));
        assert_int_equal(login.kind, LOGIN_NONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_is_read_to_its_last_byte_and_no_further),
        cmocka_unit_test(what_is_no_message_is_refused),
        cmocka_unit_test(request_of_the_cameras_own_has_code_zero),
        cmocka_unit_test(parameter_is_found_among_others),
        cmocka_unit_test(only_the_first_video_is_left_of_a_description),
        cmocka_unit_test(parts_are_called_by_their_urls),
        cmocka_unit_test(answers_are_those_of_the_documents),
        cmocka_unit_test(stronger_of_two_challenges_is_answered),
        cmocka_unit_test(challenge_of_an_unknown_kind_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
