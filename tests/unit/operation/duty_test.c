#include "operation/ack_link.h"
#include "operation/duty.h"

#include "base/buffer.h"
#include "base/text.h"
#include "ledger/line.h"
#include "tests/check.h"
#include "tests/operation_fixture.h"

#define NOW_S INT64_C(1320178481)
#define US INT64_C(1000000)

static const struct secret KEY = {{1, 2, 3}};
static const struct secret OTHER = {{1, 2, 4}};

/* So long after, by the wall clock and by the boot clock. */
static struct moment at(int64_t wall_s, int64_t boot_s)
{
    return (struct moment){(NOW_S + wall_s) * US, (1000 + boot_s) * US};
}

static void a_link_gives_its_incident_back(void **state)
{
    (void)state;
    char text[ACK_LINK_SIZE];
    struct ack_link link = {0};
    struct fault fault;
    ack_link_write(&KEY, 77, NOW_S, &random_kernel, text);
    assert_int_equal(strlen(text), ACK_LINK_SIZE - 1);
    assert_true(!ack_link_read(&KEY, text, NOW_S + 5, &link, &fault));
    assert_int_equal(link.incident, 77);
    assert_int_equal(link.expires_s, NOW_S + ACK_LINK_VALID_S);
}

/* Whatever single digit is another, and whoever signed it otherwise. */
static void a_link_that_was_changed_or_is_anothers_is_refused(void **state)
{
    (void)state;
    char text[ACK_LINK_SIZE];
    struct ack_link link;
    struct fault fault;
    ack_link_write(&KEY, 77, NOW_S, &random_kernel, text);
    for (size_t i = 0; i < ACK_LINK_SIZE - 1; i++) {
        char was = text[i];
        text[i] = was == 'a' ? 'b' : 'a';
        assert_int_equal(ack_link_read(&KEY, text, NOW_S, &link, &fault),
                         STING_E_FORGED);
        text[i] = was;
    }
    assert_int_equal(ack_link_read(&OTHER, text, NOW_S, &link, &fault),
                     STING_E_FORGED);
    text[ACK_LINK_SIZE - 2] = '\0';
    assert_int_equal(ack_link_read(&KEY, text, NOW_S, &link, &fault),
                     STING_E_FORMAT);
    assert_int_equal(ack_link_read(&KEY, "../../etc", NOW_S, &link, &fault),
                     STING_E_FORMAT);
}

static void a_link_ends_after_a_day(void **state)
{
    (void)state;
    char text[ACK_LINK_SIZE];
    struct ack_link link;
    struct fault fault;
    ack_link_write(&KEY, 77, NOW_S, &random_kernel, text);
    assert_true(!ack_link_read(&KEY, text, NOW_S + ACK_LINK_VALID_S - 1, &link,
                               &fault));
    assert_int_equal(
        ack_link_read(&KEY, text, NOW_S + ACK_LINK_VALID_S, &link, &fault),
        STING_E_LIMIT);
}

static void a_team_is_on_duty_until_somebody_says_otherwise(void **state)
{
    (void)state;
    struct duty duty = {0};
    char until[LINE_TIME_SIZE];
    const struct line_field off[] = {
        {"state", "disarmed"},
        {"by", "night desk"},
        {"until", line_time_text((NOW_S + 60) * US, until)}};
    const struct line_field on[] = {{"state", "armed"}, {"by", "gate"}};
    assert_true(duty_is_armed(&duty, at(0, 0)));
    duty_said(&duty, at(0, 0), "arm", off, 3);
    assert_false(duty_is_armed(&duty, at(0, 0)));
    assert_true(duty_is_armed(&duty, at(60, 60)));
    assert_string_equal(duty.by, "night desk");
    duty_said(&duty, at(0, 0), "arm", on, 2);
    assert_true(duty_is_armed(&duty, at(0, 0)));
}

static void a_clock_that_is_set_back_prolongs_no_rest(void **state)
{
    (void)state;
    struct duty duty = {0};
    char until[LINE_TIME_SIZE];
    const struct line_field off[] = {
        {"state", "disarmed"},
        {"by", "gate"},
        {"until", line_time_text((NOW_S + 3600) * US, until)}};
    duty_said(&duty, at(0, 0), "arm", off, 3);
    assert_false(duty_is_armed(&duty, at(3599, 3599)));
    assert_false(duty_is_armed(&duty, at(600, 1200)));   /* by ten minutes */
    assert_true(duty_is_armed(&duty, at(3000, 3602)));   /* an hour is over */
    assert_true(duty_is_armed(&duty, at(-86400, 5)));    /* by a day */
    assert_true(duty_is_armed(&duty, at(-NOW_S, -990))); /* a dead battery */
    assert_false(duty_is_armed(&duty, at(0, -990)));     /* a quick new start */
}

static void take(struct duty *duty, struct moment when, const char *kind,
                 const struct line_field *field, size_t fields)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    const struct line_head head = {.at = when, .boot = "01234567"};
    const uint8_t random[LINE_RANDOM_SIZE] = {0};
    struct line line;
    assert_true(!line_begin(&out, &head, kind, field, fields));
    assert_true(!line_end(&out, random, (struct digest){{0}},
                          line_prev_size(bytes_of_text("2"))));
    assert_true(!line_parse(buffer_bytes(&out), &line));
    duty_take(duty, &line);
}

/* A machine whose clock is wrong after a new start, by what it wrote before. */
static void a_rest_that_the_ledger_has_outlived_is_over(void **state)
{
    (void)state;
    struct duty duty = {0};
    char until[LINE_TIME_SIZE];
    const struct line_field off[] = {
        {"state", "disarmed"},
        {"by", "gate"},
        {"until", line_time_text((NOW_S + 3600) * US, until)}};
    const struct line_field on[] = {{"camera", "garage"}, {"state", "on"}};
    take(&duty, at(0, 0), "arm", off, 3);
    take(&duty, at(3000, 3000), "camera", on, 2);
    assert_false(duty_is_armed(&duty, at(60, -990)));
    take(&duty, at(3600, 3600), "camera", on, 2);
    assert_true(duty_is_armed(&duty, at(60, -990)));
}

/* A disarming that names no end, or nonsense, disarms nothing. */
static void a_rest_without_an_end_is_none(void **state)
{
    (void)state;
    struct duty duty = {0};
    const struct line_field off[] = {
        {"state", "disarmed"}, {"by", "x"}, {"until", "for ever"}};
    duty_said(&duty, at(0, 0), "arm", off, 3);
    assert_true(duty_is_armed(&duty, at(0, 0)));
    duty_said(&duty, at(0, 0), "arm", off, 2);
    assert_true(duty_is_armed(&duty, at(0, 0)));
}

static void a_used_link_is_known_again(void **state)
{
    (void)state;
    struct duty duty = {0};
    struct ack_link link = {.incident = 4, .nonce = {0xab, 1}};
    char nonce[2 * ACK_LINK_NONCE + 1];
    hex_write((struct bytes){link.nonce, sizeof link.nonce}, nonce);
    const struct line_field ack[] = {
        {"incident", "4"}, {"by", "x"}, {"link", nonce}};
    assert_false(duty_link_was_used(&duty, &link));
    assert_false(duty_has_ack(&duty, 4));
    duty_said(&duty, at(0, 0), "ack", ack, 3);
    assert_true(duty_link_was_used(&duty, &link));
    assert_true(duty_has_ack(&duty, 4));
    assert_false(duty_has_ack(&duty, 5));
    link.nonce[7] = 1;
    assert_false(duty_link_was_used(&duty, &link));
}

static void each_who_goes_is_known_also_when_they_go_at_once(void **state)
{
    (void)state;
    struct duty duty = {0};
    const struct line_field in[] = {{"state", "in"},
                                    {"who", "night shift"},
                                    {"incident", "4"},
                                    {"camera", "garage"}};
    const struct line_field out[] = {{"state", "out"}, {"who", "gate"}};
    duty_said(&duty, at(0, 0), "go", in, 4);
    duty_said(&duty, at(0, 0), "go", out, 2);
    assert_int_equal(duty.gos, 2);
    assert_int_equal(duty.go[0].at_us, NOW_S * US);
    assert_int_equal(duty.go[0].incident, 4);
    assert_string_equal(duty.go[0].who, "night shift");
    assert_string_equal(duty.go[0].camera, "garage");
    assert_false(duty.go[0].is_out);
    assert_true(duty.go[1].is_out);
    assert_int_equal(duty.go[1].incident, 0);
    assert_string_equal(duty.go[1].camera, "");
    for (int i = 0; i < DUTY_MOST_GO; i++) {
        duty_said(&duty, at(i, i), "go", in, 4);
    }
    assert_int_equal(duty.gos, DUTY_MOST_GO + 2);
    assert_int_equal(duty.go[1].at_us, (NOW_S + DUTY_MOST_GO - 1) * US);
}

static void where_our_own_went_nobody_further_is_woken(void **state)
{
    (void)state;
    struct duty duty = {0};
    duty_went(&duty, 4);
    duty_went(&duty, 4);
    assert_true(duty_has_ack(&duty, 4));
    assert_false(duty_has_ack(&duty, 5));
    assert_int_equal(duty.acks, 1);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_link_gives_its_incident_back),
        cmocka_unit_test(a_link_that_was_changed_or_is_anothers_is_refused),
        cmocka_unit_test(a_link_ends_after_a_day),
        cmocka_unit_test(a_team_is_on_duty_until_somebody_says_otherwise),
        cmocka_unit_test(a_clock_that_is_set_back_prolongs_no_rest),
        cmocka_unit_test(a_rest_that_the_ledger_has_outlived_is_over),
        cmocka_unit_test(a_rest_without_an_end_is_none),
        cmocka_unit_test(a_used_link_is_known_again),
        cmocka_unit_test(each_who_goes_is_known_also_when_they_go_at_once),
        cmocka_unit_test(where_our_own_went_nobody_further_is_woken),
    };
    return cmocka_run_group_tests_name("duty", test, NULL, NULL);
}
