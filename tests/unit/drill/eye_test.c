#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "drill/eye.h"
#include "tests/check.h"

static struct secret key_of(uint8_t filler)
{
    struct secret key;
    memset(&key, filler, sizeof key);
    return key;
}

static void sides_follow_from_key_and_session(void **state)
{
    (void)state;
    struct secret key = key_of(1);
    struct secret other = key_of(2);
    uint32_t right = 0;
    uint32_t same = 0;
    for (uint8_t session = 0; session < 20; session++) {
        uint8_t number[EYE_SESSION_SIZE] = {session};
        for (uint32_t i = 0; i < EYE_MOST_PAIRS; i++) {
            bool is_right = eye_is_right(&key, number, i);
            assert_int_equal(is_right, eye_is_right(&key, number, i));
            right += is_right;
            same += is_right == eye_is_right(&other, number, i);
        }
    }
    assert_in_range(right, 1850, 2150); /* 4000 fair coins, five deviations */
    assert_in_range(same, 1850, 2150);
}

static enum sting_status score(const char *text, struct eye_score *out)
{
    struct secret key = key_of(1);
    struct fault fault;
    return eye_answers(&key, bytes_of_text(text), out, &fault);
}

static void right_answers_are_counted(void **state)
{
    (void)state;
    struct secret key = key_of(1);
    uint8_t session[EYE_SESSION_SIZE] = {0xab, 1, 2, 3};
    char answers[11] = "";
    char hex[2 * EYE_SESSION_SIZE + 1];
    char text[200];
    struct eye_score got;
    for (uint32_t i = 0; i < 10; i++) {
        bool says_right = eye_is_right(&key, session, i) != (i < 3);
        answers[i] = says_right ? 'R' : 'L'; /* the first three are wrong */
    }
    hex_write((struct bytes){session, sizeof session}, hex);
    snprintf(text, sizeof text, "{\"session\":\"%s\",\"answers\":\"%s\"}", hex,
             answers);
    assert_int_equal(score(text, &got), 0);
    assert_int_equal(got.trials, 10);
    assert_int_equal(got.hits, 7);
    assert_true(got.session == 0xab01020300000000);
}

static void what_is_no_answers_file_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "hello",
        "{}",
        "[]",
        "{\"session\":\"00\",\"answers\":\"L\"}",
        "{\"session\":\"000102030405060708090a0b0c0d0e0f\",\"answers\":\"\"}",
        "{\"session\":\"000102030405060708090a0b0c0d0e0f\",\"answers\":\"LX\"}",
        "{\"session\":\"000102030405060708090a0b0c0d0e0f\",\"answers\":7}",
        "{\"session\":\"000102030405060708090A0B0C0D0E0F\",\"answers\":\"L\"}",
    };
    struct eye_score got;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(score(bad[i], &got), STING_E_FORMAT);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(sides_follow_from_key_and_session),
        cmocka_unit_test(right_answers_are_counted),
        cmocka_unit_test(what_is_no_answers_file_is_refused),
    };
    return cmocka_run_group_tests_name("eye", test, NULL, NULL);
}
