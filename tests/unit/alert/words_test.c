/* What alerts say, to whom, and when they do not. */
#include <string.h>

#include "alert/mail.h"
#include "alert/message.h"
#include "alert/policy.h"
#include "alert/storm.h"
#include "alert/template.h"
#include "base/json.h"
#include "operation/duty.h"
#include "tests/check.h"

#define S INT64_C(1000000)

static struct config_camera garage = {
    .name = "garage",
    .zones = 1,
    .zone = {{.name = "table",
              .bait = "water-tank",
              .copy = 7,
              .instruction = "Say \"nothing\".\\ Wait."}}};
static const struct config config = {.cameras = 1, .camera = &garage};

static struct message message_of(enum message_change change)
{
    return (struct message){.config = &config,
                            .alert = 12,
                            .change = change,
                            .incident = {.number = 3,
                                         .kind = INCIDENT_PAGE,
                                         .tier = INCIDENT_TOUCH,
                                         .start = {.utc_us = 1320178481 * S}},
                            .sent_utc_us = 1320178482 * S};
}

/* ---- what could be seen ---- */

static void of_whom_is_seen_it_is_told_what_could_be_and_of_no_blind_camera(
    void **state)
{
    (void)state;
    static const struct incident_sight dark = {
        .is_known = true, .contrast = 0.625, .size = 1};
    static const struct {
        enum incident_kind kind;
        const char *words; /* NULL: none */
    } row[] = {
        {INCIDENT_PERSON,
         "TOO POOR a view to see a person in ordinary clothes: from 62.5 %"},
        {INCIDENT_PAGE,
         "TOO POOR a view to see a person in ordinary clothes: from 62.5 %"},
        {INCIDENT_TAMPER, NULL},
        {INCIDENT_LOSS, NULL}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct buffer text STING_AUTO(buffer_release) = {0};
        struct message message = message_of(MESSAGE_OPENED);
        message.incident.kind = row[i].kind;
        message.incident.sight = dark;
        assert_int_equal(message_text(&message, &text), STING_OK);
        assert_int_equal(!strstr(buffer_text(&text), "can be seen"),
                         !row[i].words);
        assert_true(!row[i].words ||
                    strstr(buffer_text(&text), row[i].words) != NULL);
    }
}

static void sight_that_is_not_known_is_null_and_a_length_is_told_alone(
    void **state)
{
    (void)state;
    struct buffer none STING_AUTO(buffer_release) = {0};
    struct buffer some STING_AUTO(buffer_release) = {0};
    struct message message = message_of(MESSAGE_OPENED);
    assert_int_equal(message_json(&message, &none), STING_OK);
    assert_non_null(strstr(buffer_text(&none), "\"sight\":null"));
    message.incident.sight =
        (struct incident_sight){.px_m = 260, .class = "identify"};
    assert_int_equal(message_json(&message, &some), STING_OK);
    assert_non_null(strstr(buffer_text(&some),
                           "\"sight\":{\"contrast\":null,\"size\":null,"));
    assert_non_null(strstr(buffer_text(&some), "\"class\":\"identify\""));
}

/* ---- policy ---- */

static struct incident incident_of(enum incident_kind kind)
{
    return (struct incident){.number = 1,
                             .kind = kind,
                             .tier = incident_kind_tier((int)kind),
                             .cameras = 1};
}

/* Tuesday, 10:00. */
static const struct policy_time tuesday = {{1000 * S, 0}, 1, 600};

static enum policy policy_for(const struct config *now_config,
                              const struct config_alert *channel,
                              enum incident_kind kind, const struct duty *duty)
{
    char why[POLICY_WHY_SIZE];
    const struct incident incident = incident_of(kind);
    enum policy policy =
        policy_of(now_config, channel, &incident, duty, &tuesday, why);
    assert_int_equal(policy == POLICY_HOLD, why[0] != '\0');
    return policy;
}

static void a_channel_for_touches_never_hears_of_presence(void **state)
{
    (void)state;
    const struct duty duty = {0};
    const struct config_alert channel = {.tier = CONFIG_TOUCH};
    assert_int_equal(policy_for(&config, &channel, INCIDENT_PERSON, &duty),
                     POLICY_PASS);
    assert_int_equal(policy_for(&config, &channel, INCIDENT_PAGE, &duty),
                     POLICY_SEND);
}

static void outside_its_hours_a_channel_is_not_used(void **state)
{
    (void)state;
    const struct duty duty = {0};
    struct config_alert channel = {.tier = CONFIG_PRESENCE};
    assert_true(!week_add(&channel.hours, "mo,we-su 00:00-24:00"));
    assert_int_equal(policy_for(&config, &channel, INCIDENT_PAGE, &duty),
                     POLICY_HOLD);
    assert_true(!week_add(&channel.hours, "tu 10:00-10:01"));
    assert_int_equal(policy_for(&config, &channel, INCIDENT_PAGE, &duty),
                     POLICY_SEND);
}

/* Who comes with intent begins with the camera. */
static void quiet_hours_and_staff_keep_back_people_and_nothing_else(
    void **state)
{
    (void)state;
    const struct duty duty = {0};
    struct config_alert quiet = {.tier = CONFIG_PRESENCE};
    const struct config_alert plain = {.tier = CONFIG_PRESENCE};
    struct config staffed = config;
    assert_true(!week_add(&quiet.quiet, "00:00-24:00"));
    staffed.staff_count = 1;
    assert_true(!week_add(&staffed.staff[0].hours, "tu 09:00-17:00"));
    const struct {
        const struct config *config;
        const struct config_alert *channel;
    } row[] = {{&config, &quiet}, {&staffed, &plain}};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(
            policy_for(row[i].config, row[i].channel, INCIDENT_PERSON, &duty),
            POLICY_HOLD);
        static const enum incident_kind woken[] = {
            INCIDENT_PAGE, INCIDENT_TAMPER, INCIDENT_LOSS};
        for (size_t k = 0; k < 3; k++) {
            assert_int_equal(
                policy_for(row[i].config, row[i].channel, woken[k], &duty),
                POLICY_SEND);
        }
    }
}

static void staff_of_one_camera_is_no_staff_at_another(void **state)
{
    (void)state;
    const struct duty duty = {0};
    const struct config_alert channel = {.tier = CONFIG_PRESENCE};
    struct config_camera cameras[2] = {{.name = "garage"}, {.name = "door"}};
    struct config two = {.cameras = 2, .camera = cameras, .staff_count = 1};
    char why[POLICY_WHY_SIZE];
    struct incident incident = incident_of(INCIDENT_PERSON);
    strcpy(two.staff[0].camera, "door");
    assert_true(!week_add(&two.staff[0].hours, "00:00-24:00"));
    for (uint64_t cameras_seen = 1; cameras_seen < 4; cameras_seen++) {
        incident.cameras = cameras_seen;
        assert_int_equal(
            policy_of(&two, &channel, &incident, &duty, &tuesday, why),
            cameras_seen == 2 ? POLICY_HOLD : POLICY_SEND);
    }
}

static void our_own_are_not_told_as_intruders_but_a_touch_is(void **state)
{
    (void)state;
    const struct duty duty = {0};
    const struct config_alert channel = {.tier = CONFIG_PRESENCE};
    static const struct {
        enum incident_kind kind;
        enum policy policy;
    } row[] = {{INCIDENT_PERSON, POLICY_HOLD},
               {INCIDENT_PAGE, POLICY_SEND},
               {INCIDENT_TAMPER, POLICY_SEND},
               {INCIDENT_LOSS, POLICY_SEND}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char why[POLICY_WHY_SIZE];
        struct incident incident = incident_of(row[i].kind);
        incident.team_us = 999 * S;
        strcpy(incident.team, "night shift");
        assert_int_equal(
            policy_of(&config, &channel, &incident, &duty, &tuesday, why),
            row[i].policy);
        assert_true(row[i].policy == POLICY_SEND ||
                    strstr(why, "night shift") != NULL);
    }
}

static void a_disarmed_team_is_not_woken_even_by_a_touch(void **state)
{
    (void)state;
    const struct config_alert channel = {.tier = CONFIG_PRESENCE};
    const struct duty rests = {.rests_until_us = 1001 * S, .by = "gate"};
    const struct duty over = {.rests_until_us = 1000 * S, .by = "gate"};
    assert_int_equal(policy_for(&config, &channel, INCIDENT_PAGE, &rests),
                     POLICY_HOLD);
    assert_int_equal(policy_for(&config, &channel, INCIDENT_PAGE, &over),
                     POLICY_SEND);
}

/* ---- storms ---- */

static void a_storm_of_presence_is_folded_and_its_touches_are_not(void **state)
{
    (void)state;
    struct storm storm = {0};
    const struct incident person = incident_of(INCIDENT_PERSON);
    const struct incident page = incident_of(INCIDENT_PAGE);
    int told = 0;
    for (int i = 0; i < 100; i++) {
        told += storm_tells(&storm, &person, i * S);
    }
    assert_int_equal(told, STORM_PRESENCE);
    assert_true(storm_tells(&storm, &page, 100 * S));
    assert_int_equal(storm_take(&storm, 100 * S), 100 - STORM_PRESENCE);
    assert_false(storm_is_due(&storm, 100 * STORM_US));
    assert_true(storm_tells(&storm, &person, 101 * S + STORM_US));
}

static void a_storm_is_told_when_it_begins_then_every_ten_minutes(void **state)
{
    (void)state;
    struct storm storm = {0};
    const struct incident person = incident_of(INCIDENT_PERSON);
    for (int i = 0; i < STORM_PRESENCE; i++) {
        assert_true(storm_tells(&storm, &person, S));
        assert_false(storm_is_due(&storm, S));
        assert_int_equal(storm_take(&storm, S), 0);
    }
    assert_false(storm_tells(&storm, &person, 2 * S));
    assert_true(storm_is_due(&storm, 2 * S)); /* at once */
    assert_int_equal(storm_take(&storm, 2 * S), 1);
    assert_false(storm_tells(&storm, &person, 3 * S));
    assert_false(storm_tells(&storm, &person, 4 * S));
    assert_false(storm_is_due(&storm, 2 * S + STORM_US - 1));
    assert_true(storm_is_due(&storm, 2 * S + STORM_US));
    assert_int_equal(storm_take(&storm, 2 * S + STORM_US), 2);
    assert_false(storm_is_due(&storm, 100 * STORM_US));
}

static void even_touches_end_in_a_storm(void **state)
{
    (void)state;
    struct storm storm = {0};
    const struct incident page = incident_of(INCIDENT_PAGE);
    int told = 0;
    for (int i = 0; i < 1000; i++) {
        told += storm_tells(&storm, &page, i);
    }
    assert_int_equal(told, STORM_TOUCH);
    assert_int_equal(storm_take(&storm, 1000), 1000 - STORM_TOUCH);
}

/* ---- templates ---- */

static void every_ready_template_gives_json_whatever_is_put_in(void **state)
{
    static const char *const name[] = {"ntfy", "gotify", "telegram"};
    (void)state;
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        for (int change = 0; change < MESSAGE_CHANGES; change++) {
            struct buffer text STING_AUTO(buffer_release) = {0};
            struct json *json STING_AUTO(json_free) = NULL;
            struct fault fault;
            const struct message message =
                message_of((enum message_change)change);
            assert_non_null(template_ready(name[i]));
            assert_true(!template_fill(template_ready(name[i]), &message,
                                       "gar\"den\\", &text, &fault));
            assert_int_equal(json_read(buffer_bytes(&text), &json), STING_OK);
        }
    }
    assert_null(template_ready("pager"));
}

static void a_template_says_what_it_names(void **state)
{
    (void)state;
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct fault fault;
    const struct message message = message_of(MESSAGE_OPENED);
    assert_true(!template_fill("{{kind}} {{camera}}/{{zone}} {{bait}} {{copy}} "
                               "{{priority}} {{incident}} {{instruction}}",
                               &message, "", &text, &fault));
    assert_string_equal(buffer_text(&text),
                        "page garage/table water-tank 7 5 3 "
                        "Say \"nothing\".\\ Wait.");
    assert_int_equal(
        template_fill("{{passphrase}}", &message, "", &text, &fault),
        STING_E_FORMAT);
    text.size = 0;
    assert_true(!template_fill("{{kind", &message, "", &text, &fault));
    assert_string_equal(buffer_text(&text), "{{kind");
}

/* ---- mail ---- */

/* A word in the mail cannot end its head or its part. */
static void a_mail_is_ascii_in_lines_that_end_as_they_must(void **state)
{
    (void)state;
    static const uint8_t film[200] = {0xff, '\r', '\n', '.', '\r', '\n'};
    struct buffer text STING_AUTO(buffer_release) = {0};
    const struct secret key = {{9}};
    const struct mail_part part = {
        "before.mp4.age", "application/octet-stream", {film, sizeof film}};
    const struct mail mail = {"a@garden.example", "b@garden.example", &key,
                              &part, 1};
    struct message message = message_of(MESSAGE_RAISED);
    strcpy(message.link, "https://192.0.2.7/ack/00");
    assert_true(!mail_write(&message, &mail, &text));
    size_t line = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = text.data[i];
        assert_true(c == '\r' || c == '\n' || (c >= 0x20 && c < 0x7f));
        assert_int_equal(c == '\n', i > 0 && text.data[i - 1] == '\r');
        line = c == '\n' ? 0 : line + 1;
        assert_true(line < 200);
    }
    assert_non_null(strstr(buffer_text(&text), "\r\nX-Priority: 1\r\n"));
    assert_non_null(strstr(buffer_text(&text), "filename=\"before.mp4.age\""));
    assert_non_null(strstr(buffer_text(&text),
                           "\r\nDate: Tue, 1 Nov 2011 20:14:42 +0000\r\n"));
}

/* Its thread's name as the first mail's Message-ID has it. */
static void thread_of(const struct message *message, char out[33])
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    const struct secret key = {{9}};
    const struct mail mail = {"a@x", "b@x", &key, NULL, 0};
    assert_true(!mail_write(message, &mail, &text));
    const char *at = strstr(buffer_text(&text), "References: <");
    at = at ? at + 13 : strstr(buffer_text(&text), "Message-ID: <") + 13;
    memcpy(out, at, 32);
    out[32] = '\0';
}

static void mails_about_one_incident_are_one_thread(void **state)
{
    (void)state;
    char thread[3][33];
    struct message opened = message_of(MESSAGE_OPENED);
    struct message closed = message_of(MESSAGE_CLOSED);
    struct message other = message_of(MESSAGE_OPENED);
    other.incident.number = 4;
    thread_of(&opened, thread[0]);
    thread_of(&closed, thread[1]);
    thread_of(&other, thread[2]);
    assert_string_equal(thread[0], thread[1]);
    assert_string_not_equal(thread[0], thread[2]);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(
            of_whom_is_seen_it_is_told_what_could_be_and_of_no_blind_camera),
        cmocka_unit_test(
            sight_that_is_not_known_is_null_and_a_length_is_told_alone),
        cmocka_unit_test(a_channel_for_touches_never_hears_of_presence),
        cmocka_unit_test(outside_its_hours_a_channel_is_not_used),
        cmocka_unit_test(
            quiet_hours_and_staff_keep_back_people_and_nothing_else),
        cmocka_unit_test(staff_of_one_camera_is_no_staff_at_another),
        cmocka_unit_test(our_own_are_not_told_as_intruders_but_a_touch_is),
        cmocka_unit_test(a_disarmed_team_is_not_woken_even_by_a_touch),
        cmocka_unit_test(a_storm_of_presence_is_folded_and_its_touches_are_not),
        cmocka_unit_test(a_storm_is_told_when_it_begins_then_every_ten_minutes),
        cmocka_unit_test(even_touches_end_in_a_storm),
        cmocka_unit_test(every_ready_template_gives_json_whatever_is_put_in),
        cmocka_unit_test(a_template_says_what_it_names),
        cmocka_unit_test(a_mail_is_ascii_in_lines_that_end_as_they_must),
        cmocka_unit_test(mails_about_one_incident_are_one_thread),
    };
    return cmocka_run_group_tests_name("words", test, NULL, NULL);
}
