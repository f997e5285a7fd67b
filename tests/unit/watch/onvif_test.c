/* Questions to cameras, and what their answers mean: what this reader of XML
 * takes, and what it refuses. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/check.h"
#include "watch/onvif.h"
#include "watch/xml.h"

/* All pieces of a text: "<a" "=x" ">a" "." or "!" at its end. */
static void pieces_must_be(const char *text, const char *want)
{
    struct xml x = {.rest = bytes_of_text(text)};
    struct buffer told STING_AUTO(buffer_release) = {0};
    struct bytes piece;
    enum xml_kind kind;
    char word[40];
    while ((kind = xml_next(&x, &piece)) < XML_END) {
        xml_text(piece, word, sizeof word);
        const char *name = xml_name(&x, 0);
        assert_int_equal(kind == XML_OPEN    ? buffer_printf(&told, "<%s", name)
                         : kind == XML_CLOSE ? buffer_printf(&told, ">%s", name)
                         : word[0]           ? buffer_printf(&told, "=%s", word)
                                             : STING_OK,
                         STING_OK);
    }
    assert_int_equal(buffer_text_append(&told, kind == XML_END ? "." : "!"), 0);
    assert_string_equal(buffer_text(&told), want);
    assert_int_equal(xml_next(&x, &piece), kind);
}

static void elements_text_and_asides_are_told_apart(void **state)
{
    (void)state;
    pieces_must_be("<?xml version='1.0'?><s:a b=\"1>2\"><!-- <c> --> x "
                   "<d/></s:a>\n",
                   "<a=x<d>d>a.");
    pieces_must_be("<a><![CDATA[<b>]]>&lt;&#65;&#x42;&amp;&bogus;</a>",
                   "<a=<b>=<AB&&bogus;>a.");
}

static void what_is_cut_crossed_or_has_a_dtd_is_refused(void **state)
{
    static const char *const bad[] = {"<a>",        "<a></b>", "</a>",
                                      "<a",         "<>x</>",  "<a><b></a></b>",
                                      "<!-- never", "<a",      "<?pi",
                                      "<a b='</a>", "<a:/>"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct xml x = {.rest = bytes_of_text(bad[i])};
        struct bytes piece;
        enum xml_kind kind;
        while ((kind = xml_next(&x, &piece)) < XML_END) {
        }
        assert_int_equal(kind, XML_BAD);
    }
    pieces_must_be("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "!");
}

static void what_is_too_deep_is_refused(void **state)
{
    struct buffer deep STING_AUTO(buffer_release) = {0};
    struct bytes piece;
    (void)state;
    for (int i = 0; i <= XML_MOST_DEPTH; i++) {
        assert_int_equal(buffer_text_append(&deep, "<a>"), STING_OK);
    }
    struct xml x = {.rest = buffer_bytes(&deep)};
    for (int i = 0; i < XML_MOST_DEPTH; i++) {
        assert_int_equal(xml_next(&x, &piece), XML_OPEN);
    }
    assert_int_equal(xml_next(&x, &piece), XML_BAD);
}

static void attribute_is_found_by_its_whole_name(void **state)
{
    char value[8];
    const struct bytes all =
        bytes_of_text(" fixed = 'true' tt:token=\"a&gt;b\" tokens='c'");
    (void)state;
    assert_true(xml_attribute(all, "token", value, sizeof value));
    assert_string_equal(value, "a>b");
    assert_true(xml_attribute(all, "fixed", value, sizeof value));
    assert_string_equal(value, "true");
    assert_false(xml_attribute(all, "toke", value, sizeof value));
    assert_false(xml_attribute(bytes_of_text("a:"), "a", value, sizeof value));
}

/* What the worker would answer: its status, and the texts in *out. */
static enum sting_status answer(enum onvif_question question, const char *xml,
                                char (*out)[ONVIF_TEXT], size_t *texts,
                                struct fault *fault)
{
    int pair[2];
    const struct wire_head ask = {.kind = WIRE_CHECK_ONVIF,
                                  .number = {question}};
    struct wire_head head;
    struct buffer payload STING_AUTO(buffer_release) = {0};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    int near STING_AUTO(fd_close) = pair[0];
    int far STING_AUTO(fd_close) = pair[1];
    enum sting_status status =
        onvif_serve(&far, &ask, bytes_of_text(xml), fault);
    if (!status) {
        assert_int_equal(wire_receive(near, &head, &payload), STING_OK);
        *texts = onvif_texts(buffer_bytes(&payload), out, *texts);
        assert_int_equal(head.number[0], *texts);
    }
    return status;
}

static char text[4 * ONVIF_MOST_PROFILES][ONVIF_TEXT];

static void camera_tells_its_address_and_name(void **state)
{
    struct fault fault;
    size_t texts = 48;
    (void)state;
    assert_int_equal(
        answer(ONVIF_PROBE,
               "<e:E><d:Scopes>onvif://www.onvif.org/type/video "
               "onvif://www.onvif.org/name/Gate onvif://www.onvif.org/hardware/"
               "T-1</d:Scopes><d:XAddrs> http://192.0.2.7/onvif/device "
               "http://[fe80::1]/onvif </d:XAddrs></e:E>",
               text, &texts, &fault),
        STING_OK);
    assert_int_equal(texts, 3);
    assert_string_equal(text[0],
                        "http://192.0.2.7/onvif/device http://[fe80::1]/onvif");
    assert_string_equal(text[1], "Gate");
    assert_string_equal(text[2], "T-1");
}

#define ENCODER(codec, width, height)                                          \
    "<tt:VideoEncoderConfiguration token='e'><tt:Name>enc</tt:Name>"           \
    "<tt:Encoding>" codec "</tt:Encoding><tt:Resolution><tt:Width>" width      \
    "</tt:Width><tt:Height>" height "</tt:Height></tt:Resolution>"             \
    "</tt:VideoEncoderConfiguration>"

static void streams_are_told_with_codec_and_size(void **state)
{
    struct fault fault;
    size_t texts = 48;
    (void)state;
    assert_int_equal(
        answer(ONVIF_PROFILES,
               "<r><trt:Profiles fixed='1' token='p0'><tt:Name>main</tt:Name>"
               "<tt:VideoSourceConfiguration token='v'><tt:Name>x</tt:Name>"
               "</tt:VideoSourceConfiguration>" ENCODER(
                   "H264", "1920", "1080") "</trt:Profiles>"
                                           "<trt:Profiles token='p1'>" ENCODER(
                                               "JPEG", "640", "360") "</trt:"
                                                                     "Profiles>"
                                                                     "</r>",
               text, &texts, &fault),
        STING_OK);
    static const char *const want[] = {"p0", "main", "H264", "1920x1080",
                                       "p1", "",     "JPEG", "640x360"};
    assert_int_equal(texts, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_string_equal(text[i], want[i]);
    }
}

static void refusal_is_no_answer(void **state)
{
    struct fault fault;
    size_t texts = 48;
    (void)state;
    assert_int_equal(
        answer(ONVIF_URI,
               "<E><B><Fault><Code><Value>s:Sender</Value><Subcode><Value>"
               "ter:NotAuthorized</Value></Subcode></Code></Fault></B></E>",
               text, &texts, &fault),
        STING_E_FORGED);
    assert_int_equal(
        answer(ONVIF_URI,
               "<E><Fault><Reason><Text>no such\nstream</Text></Reason></Fault>"
               "<Uri>rtsp://a/</Uri></E>",
               text, &texts, &fault),
        STING_E_UNSUPPORTED);
    assert_non_null(strstr(fault.why, "no such?stream"));
    assert_int_equal(answer(ONVIF_URI, "<E/>", text, &texts, &fault),
                     STING_E_ABSENT);
    assert_int_equal(answer(ONVIF_URI, "<E>", text, &texts, &fault),
                     STING_E_FORMAT);
}

static void question_is_well_formed_whatever_the_names(void **state)
{
    const struct onvif_asker asker = {.user = "a<b>&c",
                                      .password = "d",
                                      .created = "2026-11-23T21:00:00Z",
                                      .nonce = {1, 2, 3}};
    (void)state;
    for (int i = 0; i < ONVIF_QUESTIONS; i++) {
        struct buffer out STING_AUTO(buffer_release) = {0};
        struct bytes piece;
        enum xml_kind kind;
        assert_int_equal(
            onvif_ask((enum onvif_question)i, &asker, "</x>", &out), STING_OK);
        struct xml x = {.rest = buffer_bytes(&out)};
        while ((kind = xml_next(&x, &piece)) < XML_END) {
        }
        assert_int_equal(kind, XML_END);
        assert_null(strstr(buffer_text(&out), "Digest\">d<"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_text_and_asides_are_told_apart),
        cmocka_unit_test(what_is_cut_crossed_or_has_a_dtd_is_refused),
        cmocka_unit_test(what_is_too_deep_is_refused),
        cmocka_unit_test(attribute_is_found_by_its_whole_name),
        cmocka_unit_test(camera_tells_its_address_and_name),
        cmocka_unit_test(streams_are_told_with_codec_and_size),
        cmocka_unit_test(refusal_is_no_answer),
        cmocka_unit_test(question_is_well_formed_whatever_the_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
