/* What may be set of operation.yaml from afar, and what stays the machine's. */
#include "operation/config_settings.h"

#include <stdio.h>
#include <string.h>

#include "tests/check.h"

#define HEAD                                                                   \
    "goal: g # ünder way\nlegal_basis: l\ndecided_by: d\nrecipients:\n"       \
    "  - age1lqz5p6lgkm8zm3jwcvgdd2p7q0lkklfgg8765q0w47vdv30w93wqnaswjw\n"     \
    "  - age1qesskf54ch724c7xjv6svys6huuwhvta3642f0km96vawcplxd6stl4wvv\n"
#define CAMERA                                                                 \
    "cameras:\n  - name: garage # left\n    url: a.mp4\n    zones:\n"          \
    "      - name: desk\n        polygon: [[0, 0], [1, 0], [1, 1]]\n"          \
    "        instruction: go in # quietly\n"
#define ALERT                                                                  \
    "alerts:\n  - webhook: https://a.example/secret\n"                         \
    "    quiet: [\"sa,su 00:00-24:00\"] # weekend\n"                           \
    "  - mail: smtp://m.example:587\n    to: a@b.example\n"                    \
    "    from: c@b.example\n"
#define KEEP "retention:\n  days: 30 # a month\n"

static struct bytes text_bytes(const char *text)
{
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

static const struct config_setting *find(const struct config_settings *in,
                                         const char *name)
{
    for (size_t i = 0; i < in->count; i++) {
        if (!strcmp(in->setting[i].name, name)) {
            return &in->setting[i];
        }
    }
    fail_msg("no setting %s", name);
    return NULL;
}

static void settings_are_read_as_they_are_written(void **state)
{
    (void)state;
    struct config_settings got STING_AUTO(config_settings_release) = {0};
    struct config_mistakes mistakes;
    assert_int_equal(config_settings_read(text_bytes(HEAD CAMERA ALERT KEEP),
                                          &got, &mistakes),
                     STING_OK);
    assert_string_equal(find(&got, "retention.days")->value, "30");
    assert_string_equal(find(&got, "record")->value, "");
    assert_string_equal(find(&got, "record")->otherwise, "always");
    assert_string_equal(find(&got, "alerts.1.quiet")->value,
                        "sa,su 00:00-24:00");
    assert_string_equal(find(&got, "alerts.2.quiet")->value, "");
    assert_string_equal(find(&got, "alerts.2.quiet")->of, "mail");
    const struct config_setting *zone =
        find(&got, "cameras.1.zones.1.instruction");
    assert_string_equal(zone->value, "go in");
    assert_string_equal(zone->of, "garage desk");
    for (size_t i = 0; i < got.count; i++) {
        assert_null(strstr(got.setting[i].value, "secret"));
        assert_null(strstr(got.setting[i].of, "secret"));
    }
}

static void check_set(const char *before, const char *wanted, const char *after)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct config_mistakes mistakes;
    struct fault fault = {"", ""};
    if (config_settings_set(text_bytes(before), wanted, &out, &mistakes,
                            &fault)) {
        fail_msg("%s: %s", wanted, fault.why);
    }
    assert_int_equal(
        buffer_append(&out, (struct bytes){(const uint8_t *)"", 1}), STING_OK);
    assert_string_equal((const char *)out.data, after);
}

static void what_is_not_set_stays_as_it_was_written(void **state)
{
    (void)state;
    check_set(HEAD CAMERA KEEP, "retention.days 90",
              HEAD CAMERA "retention:\n  days: 90 # a month\n");
    check_set(HEAD CAMERA, "false_alarms.presence_a_day 2",
              HEAD CAMERA "false_alarms:\n  presence_a_day: 2\n");
    check_set(HEAD ALERT CAMERA, "alerts.1.tier touch",
              HEAD "alerts:\n  - webhook: https://a.example/secret\n"
                   "    tier: touch\n"
                   "    quiet: [\"sa,su 00:00-24:00\"] # weekend\n"
                   "  - mail: smtp://m.example:587\n    to: a@b.example\n"
                   "    from: c@b.example\n" CAMERA);
    check_set(HEAD CAMERA, "quiet_s 20\nexit_criteria when \"all\" is known",
              HEAD CAMERA
              "quiet_s: 20\nexit_criteria: \"when \\\"all\\\" is known\"\n");
    check_set(HEAD "alerts: [{webhook: \"http://a.example\"}]\n",
              "alerts.1.after_s 60",
              HEAD "alerts: [{after_s: 60, webhook: \"http://a.example\"}]\n");
    check_set(HEAD ALERT, "retention.days ", HEAD ALERT);
}

static void schedules_are_lists_of_spans(void **state)
{
    (void)state;
    check_set(HEAD ALERT CAMERA,
              "alerts.2.quiet mo-fr 22:00-06:00;sa 00:00-24:00",
              HEAD "alerts:\n  - webhook: https://a.example/secret\n"
                   "    quiet: [\"sa,su 00:00-24:00\"] # weekend\n"
                   "  - mail: smtp://m.example:587\n"
                   "    quiet: [\"mo-fr 22:00-06:00\", \"sa 00:00-24:00\"]\n"
                   "    to: a@b.example\n"
                   "    from: c@b.example\n" CAMERA);
    check_set(HEAD ALERT CAMERA, "alerts.1.quiet ",
              HEAD "alerts:\n  - webhook: https://a.example/secret\n"
                   "    # weekend\n"
                   "  - mail: smtp://m.example:587\n    to: a@b.example\n"
                   "    from: c@b.example\n" CAMERA);
    check_set(HEAD "staff:\n  - name: the caretaker\n    hours:\n"
                   "      - \"mo 10:00-11:00\"\n      - \"tu 10:00-11:00\"\n"
                   "quiet_s: 9\n",
              "staff.1.hours we 10:00-12:00",
              HEAD "staff:\n  - name: the caretaker\n    hours:\n"
                   "      [\"we 10:00-12:00\"]\nquiet_s: 9\n");
}

static enum sting_status refusal(const char *before, const char *wanted,
                                 struct config_mistakes *mistakes)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    enum sting_status status =
        config_settings_set(text_bytes(before), wanted, &out, mistakes, &fault);
    assert_int_equal(out.size, 0);
    return status;
}

static void files_addresses_and_keys_are_the_machines(void **state)
{
    (void)state;
    static const char *const wanted[] = {
        "alerts.1.password_file /etc/shadow",
        "alerts.1.token_file /etc/shadow",
        "alerts.1.webhook https://elsewhere.example",
        "alerts.1.to me@elsewhere.example",
        "alerts.1.attach clear",
        "cameras.1.url /etc/shadow",
        "cameras.1.password_file /etc/shadow",
        "recipients.1 age1x",
        "anchors.1.ca_file /etc/shadow",
        "ack_url https://elsewhere.example",
        "decided_by somebody else",
        "until 2099-01-01",
        "role box",
        "alerts.0.tier touch",
        "alerts.1",
        "alerts",
        "",
        "alerts.3.tier touch",
        "cameras.1.zones.2.instruction go",
        "record always: [x]",
        "quiet_s 9\nwebhook: x",
    };
    struct config_mistakes mistakes;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if (wanted[i][0]) {
            assert_int_not_equal(
                refusal(HEAD CAMERA ALERT, wanted[i], &mistakes), STING_OK);
        }
    }
}

static void a_value_stays_one_value(void **state)
{
    (void)state;
    static const char *const wanted[] = {
        "exit_criteria x\"\\nack_url: \"https://e.example",
        "exit_criteria x\", ack_url: \"https://e.example",
        "cameras.1.zones.1.instruction x\" # \" url: /etc/shadow",
        "cameras.1.zones.1.instruction \\",
        "staff.1.name x\", camera: \"garage",
    };
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct config_mistakes mistakes;
    struct fault fault = {"", ""};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        struct config *config STING_AUTO(config_free) = NULL;
        out.size = 0;
        if (config_settings_set(
                text_bytes(HEAD "staff: [{name: cleaner, hours: \"mo "
                                "10:00-11:00\"}]\n" CAMERA),
                wanted[i], &out, &mistakes, &fault)) {
            fail_msg("%s: %s: %s", wanted[i], fault.why,
                     mistakes.mistake[0].why);
        }
        assert_int_equal(config_parse(buffer_bytes(&out), &config, &mistakes),
                         STING_OK);
        assert_string_equal(config->ack_url, "");
        assert_string_equal(config->staff[0].camera, "");
        assert_string_equal(config->camera[0].url, "a.mp4");
    }
}

static void less_is_not_recorded_nor_kept(void **state)
{
    (void)state;
    struct config_mistakes mistakes;
    assert_int_equal(refusal(HEAD KEEP, "retention.days 29", &mistakes),
                     STING_E_ARG);
    assert_int_equal(refusal(HEAD, "record incidents", &mistakes), STING_E_ARG);
    assert_int_equal(refusal(HEAD, "retention.days 90", &mistakes),
                     STING_E_ARG);
    assert_int_equal(refusal(HEAD KEEP, "retention.bytes 64M", &mistakes),
                     STING_E_ARG);
    check_set(HEAD "record: incidents\n", "record always",
              HEAD "record: always\n");
}

static void mistakes_are_told_with_their_places(void **state)
{
    (void)state;
    struct config_mistakes mistakes;
    assert_int_equal(
        refusal(HEAD ALERT, "alerts.1.quiet mo-fr 25:00-26:00", &mistakes),
        STING_E_FORMAT);
    assert_int_equal(mistakes.count, 1);
    assert_int_equal(mistakes.mistake[0].line, 9);
    assert_non_null(strstr(mistakes.mistake[0].todo, "18:00-07:00"));
    assert_int_equal(refusal(HEAD KEEP, "retention.days many", &mistakes),
                     STING_E_FORMAT);
    assert_int_equal(refusal("goal:\n", "retention.days 9", &mistakes),
                     STING_E_FORMAT);
}

/* A page that offers words alone would take a second stream away. */
static void an_address_to_look_at_is_not_offered_as_a_choice(void **state)
{
    (void)state;
    static const char text[] =
        HEAD "cameras:\n  - name: g\n    url: rtsp://cam/1\n"
             "    look: rtsp://cam/2\n"
             "  - name: h\n    url: rtsp://cam/3\n    look: all\n";
    struct config_settings got STING_AUTO(config_settings_release) = {0};
    struct config_mistakes mistakes;
    assert_int_equal(config_settings_read(text_bytes(text), &got, &mistakes),
                     STING_OK);
    assert_non_null(find(&got, "cameras.2.look"));
    for (size_t i = 0; i < got.count; i++) {
        assert_string_not_equal(got.setting[i].name, "cameras.1.look");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_to_look_at_is_not_offered_as_a_choice),
        cmocka_unit_test(settings_are_read_as_they_are_written),
        cmocka_unit_test(what_is_not_set_stays_as_it_was_written),
        cmocka_unit_test(schedules_are_lists_of_spans),
        cmocka_unit_test(files_addresses_and_keys_are_the_machines),
        cmocka_unit_test(a_value_stays_one_value),
        cmocka_unit_test(less_is_not_recorded_nor_kept),
        cmocka_unit_test(mistakes_are_told_with_their_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
