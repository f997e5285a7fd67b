#include <stdio.h>
#include <string.h>

#include "operation/config.h"
#include "tests/check.h"

#define AGE_1 "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
#define AGE_2 "age1zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"

/* Seven lines; what a test adds starts in line 8, column 1. */
#define HEAD                                                                   \
    "goal: Find out who copies the water tank\n"                               \
    "legal_basis: \"Works agreement 12: section 3\"\n"                         \
    "decided_by: head of security\n"                                           \
    "\n"                                                                       \
    "recipients:\n"                                                            \
    "  - " AGE_1 "\n"                                                          \
    "  - " AGE_2 "\n"
#define ZONE                                                                   \
    "cameras:\n"                                                               \
    "  - name: garage\n"                                                       \
    "    url: rtsp://127.0.0.1:8554/g\n"                                       \
    "    zones:\n"                                                             \
    "      - name: table\n"

static struct config *read_good(const char *text)
{
    struct config *config = NULL;
    struct config_mistakes mistakes;
    enum sting_status status =
        config_parse(bytes_of_text(text), &config, &mistakes);
    if (status) {
        print_error("%d:%d %s\n", mistakes.mistake[0].line,
                    mistakes.mistake[0].column, mistakes.mistake[0].why);
    }
    assert_int_equal(status, STING_OK);
    return config;
}

static void a_full_configuration_is_read(void **state)
{
    (void)state;
    struct config *config STING_AUTO(config_free) = read_good(
        HEAD "until: 2027-03-31T18:00:00Z\n"
             "exit_criteria: the table is cleared\n"
             "role: single\n"
             "record: always\n"
             "quiet_s: 15\n"
             "audio: no\n" ZONE "        bait: water-tank\n"
             "        copy: 7\n"
             "        polygon: [[0.3, 0.5], [0.7, 0.5], [0.7, 1], [0.3, 1.0]]\n"
             "        length: {from: [0.3, 0.6], to: [0.7, 0.6], metres: 1.2}\n"
             "  - name: door\n"
             "    url: clips/door.mp4\n"
             "    user: watcher\n"
             "    password_file: keys/door\n"
             "    look: all\n"
             "alerts:\n"
             "  - webhook: https://example.org/sting\n"
             "    secret_file: keys/webhook\n"
             "    ca_file: keys/ca.pem\n"
             "false_alarms:\n"
             "  presence_a_day: 0.5\n"
             "retention:\n"
             "  days: 31\n"
             "  bytes: 2T\n");
    assert_string_equal(config->legal_basis, "Works agreement 12: section 3");
    assert_int_equal(config->until_utc_us, INT64_C(1806516000000000));
    assert_int_equal(config->quiet_us, 15000000);
    assert_int_equal(config->recipients, 2);
    assert_string_equal(config->recipient[1], AGE_2);
    assert_int_equal(config->cameras, 2);
    assert_int_equal(config->camera[0].zones, 1);
    assert_string_equal(config->camera[0].zone[0].bait, "water-tank");
    assert_int_equal(config->camera[0].zone[0].copy, 7);
    assert_int_equal(config->camera[0].zone[0].points, 4);
    assert_true(config->camera[0].zone[0].point[2].y == 1.0);
    assert_int_equal(config->camera[1].look, CONFIG_ALL_FRAMES);
    assert_string_equal(config->camera[1].url, "clips/door.mp4");
    assert_string_equal(config->alert[0].secret_file, "keys/webhook");
    assert_string_equal(config->alert[0].ca_file, "keys/ca.pem");
    assert_true(config->presence_a_day == 0.5);
    assert_true(config->camera[0].zone[0].length.metres == 1.2);
    assert_true(config->camera[0].zone[0].length.to.x == 0.7);
    assert_int_equal(config->retention_days, 31);
    assert_int_equal(config->retention_bytes, INT64_C(2) << 40);
    assert_int_equal(config_camera_find(config, "door"), 1);
    assert_int_equal(config_camera_find(config, "roof"), -1);
}

static void a_second_stream_of_the_same_camera_is_read(void **state)
{
    (void)state;
    struct config *config STING_AUTO(config_free) =
        read_good(HEAD "cameras:\n"
                       "  - name: garage\n"
                       "    look: rtsp://cam:554/small?x=1\n"
                       "    url: rtsp://cam:554/big\n"
                       "  - name: door\n"
                       "    url: rtsp://cam\n"
                       "    look: rtsp://cam/2\n");
    assert_string_equal(config->camera[0].look_url, "rtsp://cam:554/small?x=1");
    assert_int_equal(config->camera[0].look, CONFIG_KEYFRAMES);
    assert_string_equal(config->camera[1].look_url, "rtsp://cam/2");
}

/* 554 is the port of rtsp:// where none is written, in any spelling. */
static void a_second_stream_may_spell_the_same_place_otherwise(void **state)
{
    (void)state;
    struct config *config STING_AUTO(config_free) =
        read_good(HEAD "cameras:\n"
                       "  - name: garage\n"
                       "    url: rtsp://Cam/1\n"
                       "    look: rtsp://cam:554/2\n"
                       "  - name: door\n"
                       "    url: \"rtsp://[fd00::7]:554/1\"\n"
                       "    look: \"rtsp://[fd00::7]\"\n");
    assert_string_equal(config->camera[0].look_url, "rtsp://cam:554/2");
    assert_string_equal(config->camera[1].look_url, "rtsp://[fd00::7]");
}

static void look_refused(const char *url, const char *look, const char *why,
                         const char *todo)
{
    char text[600];
    struct config *config = NULL;
    struct config_mistakes mistakes;
    snprintf(text, sizeof text,
             HEAD "cameras:\n  - name: g\n    url: \"%s\"\n    look: \"%s\"\n",
             url, look);
    assert_int_equal(config_parse(bytes_of_text(text), &config, &mistakes),
                     STING_E_FORMAT);
    assert_int_equal(mistakes.count, 1);
    assert_string_equal(mistakes.mistake[0].why, why);
    assert_non_null(strstr(mistakes.mistake[0].todo, todo));
}

static void a_second_stream_of_another_host_is_refused(void **state)
{
    (void)state;
    static const char other[] =
        "look: is at \"cam2\" and url: is not: the part "
        "that reads a camera reaches no other host";
    look_refused("rtsp://cam/1", "rtsp://cam2/1", other, "of its own");
    look_refused("rtsp://cam2x/1", "rtsp://cam2/1", other, "of its own");
    look_refused("clip.mp4", "rtsp://cam2/1", other, "of its own");
    look_refused("rtsp://cam/1", "rtsp://cam2:8554/1", other, "of its own");
}

static void a_second_stream_at_no_port_is_refused(void **state)
{
    (void)state;
    static const char none[] = "look: is at no port: it has to be 1 to 65535";
    look_refused("rtsp://cam/1", "rtsp://cam:0/2", none, "HOST:PORT");
    look_refused("rtsp://cam/1", "rtsp://cam:65536/2", none, "HOST:PORT");
    look_refused("rtsp://cam/1", "rtsp://cam:8554x/2", none, "HOST:PORT");
    look_refused("rtsp://cam/1", "rtsp://cam:/2", none, "HOST:PORT");
}

static void a_second_stream_may_be_at_another_port(void **state)
{
    (void)state;
    struct config *config STING_AUTO(config_free) =
        read_good(HEAD "cameras:\n"
                       "  - name: garage\n"
                       "    url: rtsp://cam/1\n"
                       "    look: rtsp://cam:8554/2\n"
                       "  - name: door\n"
                       "    url: \"rtsp://[fd00::7]:8554/1\"\n"
                       "    look: \"rtsp://[fd00::7]:65535\"\n");
    assert_string_equal(config->camera[0].look_url, "rtsp://cam:8554/2");
    assert_string_equal(config->camera[1].look_url, "rtsp://[fd00::7]:65535");
}

static void channels_and_their_hours_are_read(void **state)
{
    (void)state;
    struct config *config STING_AUTO(config_free) = read_good(
        HEAD "alerts:\n"
             "  - mail: smtp://mx.example.org:587\n"
             "    from: sting@example.org\n"
             "    to: night@example.org, day@example.org\n"
             "    user: sting\n"
             "    password_file: keys/mail\n"
             "    tier: touch\n"
             "    after_s: 120\n"
             "    hours: [\"mo-fr 18:00-07:00\", \"sa-su 00:00-24:00\"]\n"
             "  - mqtt: mqtt://127.0.0.1:1883\n"
             "    discovery: yes\n"
             "  - syslog: udp://127.0.0.1:514\n"
             "    quiet: 22:00-06:00\n"
             "  - webhook: https://example.org/hook\n"
             "    attach: sealed\n"
             "staff:\n"
             "  - name: gardeners\n"
             "    hours: mo-fr 08:00-12:00\n"
             "    camera: garage\n"
             "ack_url: https://192.0.2.7:8443\n");
    assert_int_equal(config->alerts, 4);
    assert_string_equal(config_alert_address(&config->alert[0]),
                        "smtp://mx.example.org:587");
    assert_int_equal(config->alert[0].tier, CONFIG_TOUCH);
    assert_int_equal(config->alert[0].after_us, 120000000);
    assert_int_equal(config->alert[3].attach, CONFIG_ATTACH_SEALED);
    assert_true(week_has(&config->alert[0].hours, 0, 1080));
    assert_false(week_has(&config->alert[0].hours, 0, 600));
    assert_true(config->alert[1].has_discovery);
    assert_string_equal(config->alert[1].topic, "sting");
    assert_true(week_has(&config->alert[2].quiet, 3, 0));
    assert_false(config->alert[2].hours.is_set);
    assert_int_equal(config->staff_count, 1);
    assert_string_equal(config->staff[0].camera, "garage");
    assert_string_equal(config->ack_url, "https://192.0.2.7:8443");
}

/* What an operation is for is not to be read on a box that is taken away. */
static void a_box_has_no_purpose_and_all_others_have_one(void **state)
{
    (void)state;
#define READERS "recipients:\n  - " AGE_1 "\n  - " AGE_2 "\n"
#define PURPOSE "goal: g\nlegal_basis: l\ndecided_by: d\n"
    static const struct {
        const char *text;
        const char *why; /* NULL: it is right */
    } row[] = {
        {"role: box\n" READERS, NULL},
        {READERS "role: box\n", NULL},
        {"role: office\n" PURPOSE READERS, NULL},
        {"role: office\n" READERS, "the file lacks \"goal\""},
        {READERS, "the file lacks \"goal\""},
        {"goal: g\n" READERS "role: box\n", "a box holds no \"goal\""},
        {"role: box\n" READERS "decided_by: d\n",
         "a box holds no \"decided_by\""},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct config *config STING_AUTO(config_free) = NULL;
        struct config_mistakes mistakes;
        enum sting_status status =
            config_parse(bytes_of_text(row[i].text), &config, &mistakes);
        assert_int_equal(status, row[i].why ? STING_E_FORMAT : STING_OK);
        if (row[i].why) {
            assert_string_equal(mistakes.mistake[0].why, row[i].why);
        }
    }
}

static void what_is_left_out_has_its_default(void **state)
{
    (void)state;
    struct config *config STING_AUTO(config_free) =
        read_good(HEAD "cameras:\n");
    assert_true(config->until_utc_us == INT64_MAX);
    assert_int_equal(config->role, CONFIG_SINGLE);
    assert_int_equal(config->record, CONFIG_ALWAYS);
    assert_int_equal(config->quiet_us, 10000000);
    assert_false(config->audio);
    assert_int_equal(config->cameras, 0);
}

struct seeded {
    const char *text;
    int line;
    int column;
    const char *why;  /* part of it */
    const char *todo; /* part of it */
};

static const struct seeded seeded[] = {
    {HEAD "recipents: []\n", 8, 1, "unknown key \"recipents\"", "recipients"},
    {HEAD "camera: []\n", 8, 1, "unknown key \"camera\"", "\"cameras\"?"},
    {HEAD "quite_s: 10\n", 8, 1, "unknown key \"quite_s\"", "\"quiet_s\"?"},
    {HEAD "Until: 2027-01-01\n", 8, 1, "unknown key", "\"until\"?"},
    {HEAD "legal-basis: x\n", 8, 1, "unknown key", "\"legal_basis\"?"},
    {HEAD "colour: red\n", 8, 1, "unknown key \"colour\"", "known here:"},
    {HEAD "quiet_s: ten\n", 8, 10, "not a whole number", "1 to 3600"},
    {HEAD "quiet_s: 0\n", 8, 10, "out of range", "1 to 3600"},
    {HEAD "quiet_s: 3601\n", 8, 10, "out of range", "1 to 3600"},
    {HEAD "quiet_s: 99999999999999999999\n", 8, 10, "out of range", ""},
    {HEAD "quiet_s:\n", 8, 9, "is empty", ""},
    {HEAD "quiet_s: [1]\n", 8, 10, "single value", ""},
    {HEAD "until: tomorrow\n", 8, 8, "not a date", "2027-03-31"},
    {HEAD "role: boxx\n", 8, 7, "cannot be \"boxx\"", "single"},
    {HEAD "record: never\n", 8, 9, "cannot be \"never\"", "always"},
    {HEAD "audio: yes\n", 8, 8, "no sound", "audio: no"},
    {HEAD "audio: maybe\n", 8, 8, "cannot be", "audio: no"},
    {HEAD "goal: again\n", 8, 1, "given twice", ""},
    {HEAD "cameras: garage\n", 8, 10, "not a list", "- name:"},
    {HEAD "cameras:\n  - garage\n", 9, 5, "not a list of keys", ""},
    {HEAD "cameras:\n  - name: garage\n", 9, 5, "lacks \"url\"", "rtsp://"},
    {HEAD "cameras:\n  - nmae: x\n    url: a.mp4\n", 9, 5, "unknown key",
     "\"name\"?"},
    {HEAD "cameras:\n  - name: The Garage\n    url: a.mp4\n", 9, 11,
     "cannot be a name", "a-z"},
    {HEAD "cameras:\n  - name: ../x\n    url: a.mp4\n", 9, 11,
     "cannot be a name", "a-z"},
    {HEAD "cameras:\n  - name: g\n    url: http://cam/\n", 10, 10,
     "only rtsp://", "rtsp://host"},
    {HEAD "cameras:\n  - name: g\n    url: rtsp://u:p@cam/\n", 10, 10,
     "holds a user", "password_file"},
    {HEAD "cameras:\n  - name: g\n    url: rtsp:///live\n", 10, 10, "no host",
     ""},
    {HEAD "cameras:\n  - name: g\n    url: a.mp4\n  - name: g\n"
          "    url: b.mp4\n",
     11, 5, "used twice", "own name"},
    {HEAD "cameras:\n  - name: g\n    url: a.mp4\n    password_file: k\n", 9, 5,
     "without user", "user:"},
    {HEAD ZONE "        polygon: [[0.1, 0.2], [0.3, 0.4]]\n", 13, 18,
     "2 entries", "[[0.1"},
    {HEAD ZONE "        polygon: [[0.1, 0.2], [0.3, 0.4], [0.5, 1.5]]\n", 13,
     43, "no corner inside", "from 0 to 1"},
    {HEAD ZONE "        polygon: [[0.1, 0.2], [0.3, nan], [0.5, 0.5]]\n", 13,
     31, "no corner inside", "from 0 to 1"},
    {HEAD ZONE "        polygon: [[0.1, 0.1], [0.2, 0.2], [0.3, 0.3]]\n", 13,
     18, "no area", "enclose"},
    {HEAD ZONE "        copy: 7\n"
               "        polygon: [[0, 0], [1, 0], [1, 1]]\n",
     12, 9, "of which bait", "bait:"},
    {HEAD ZONE "        bait: b\n        copy: 0\n"
               "        polygon: [[0, 0], [1, 0], [1, 1]]\n",
     14, 15, "out of range", "from 1"},
    {HEAD "alerts:\n  - webhook: example.org\n", 9, 14, "not a web address",
     "https://"},
    {HEAD "alerts:\n  - secret_file: k\n", 9, 5, "one channel", "mail:"},
    {HEAD "alerts:\n  - mail: smtp://h\n    mqtt: mqtt://h\n    from: a\n"
          "    to: b\n",
     9, 5, "one channel", "syslog:"},
    {HEAD "alerts:\n  - mail: smtp://h/x\n", 9, 11, "cannot be the address",
     "smtps://"},
    {HEAD "alerts:\n  - mail: smtp://h\n    from: a\n", 9, 5, "lacks from",
     "to:"},
    {HEAD "alerts:\n  - syslog: udp://h\n    attach: clear\n", 9, 5,
     "take attachments", ""},
    {HEAD "alerts:\n  - mqtt: mqtt://h\n    user: a\n", 9, 5, "come together",
     "other"},
    {HEAD "alerts:\n  - mqtt: mqtt://h\n    topic: a/#\n", 10, 12,
     "cannot be a topic", ""},
    {HEAD "alerts:\n  - webhook: http://h/\n    hours: mo 8-17\n", 10, 12,
     "no span", "mo-fr"},
    {HEAD "staff:\n  - name: gardeners\n", 9, 5, "without set times", "hours:"},
    {HEAD "false_alarms:\n  presence_a_day: 25\n", 9, 19, "no such number",
     "0.001 to 24"},
    {HEAD "retention:\n  bytes: 1M\n", 9, 10, "out of range", "64M"},
    {HEAD "retention:\n  bytes: 10P\n", 9, 10, "not a whole number", "k, M"},
    {HEAD "retention:\n  day: 3\n", 9, 3, "unknown key \"day\"", "\"days\"?"},
    {HEAD "x: [1, 2\n", 9, 1, "", "indentation"},
    {HEAD "\tx: 1\n", 8, 1, "", "indentation"},
    {HEAD "goal2: \"\x01\"\n", 8, 9, "control characters", ""},
    {HEAD "---\ngoal: y\n", 9, 1, "second document", "one document"},
    {"goal: x\nlegal_basis: y\nrecipients: [" AGE_1 ", " AGE_2 "]\n", 1, 1,
     "lacks \"decided_by\"", "name the person"},
    {"goal: \"  \"\nlegal_basis: y\ndecided_by: z\nrecipients: [" AGE_1
     ", " AGE_2 "]\n",
     1, 7, "is empty", "what the operation"},
    {"goal: x\nlegal_basis: y\ndecided_by: z\nrecipients: [" AGE_1 "]\n", 4, 13,
     "1 entries", "at least two"},
    {"goal: x\nlegal_basis: y\ndecided_by: z\nrecipients: [" AGE_1 ", " AGE_1
     "]\n",
     4, 78, "listed twice", "at least two"},
    {"goal: x\nlegal_basis: y\ndecided_by: z\nrecipients: [" AGE_1
     ", age1short]\n",
     4, 78, "no age recipient", "at least two"},
    {"goal: >\n  a\n\n  b\nlegal_basis: y\ndecided_by: z\nrecipients: [" AGE_1
     ", " AGE_2 "]\n",
     1, 7, "line break", "one line"},
    {"", 1, 1, "empty", "sting new"},
    {"just words\n", 1, 1, "not a list of keys", "key: value"},
};

static void every_seeded_mistake_is_told_where_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof seeded / sizeof *seeded; i++) {
        const struct seeded *want = &seeded[i];
        struct config *config = NULL;
        struct config_mistakes got;
        enum sting_status status =
            config_parse(bytes_of_text(want->text), &config, &got);
        const struct config_mistake *first = &got.mistake[0];
        bool good =
            status == STING_E_FORMAT && !config && got.count == 1 &&
            first->line == want->line && first->column == want->column &&
            strstr(first->why, want->why) && strstr(first->todo, want->todo);
        if (!good) {
            fail_msg("seed %zu: %zu mistakes, first %d:%d: %s: %s", i,
                     got.count, first->line, first->column, first->why,
                     first->todo);
        }
    }
}

static void several_mistakes_are_told_in_one_reading(void **state)
{
    (void)state;
    struct config *config = NULL;
    struct config_mistakes got;
    assert_int_equal(
        config_parse(bytes_of_text(HEAD "quiet_s: 0\nrole: x\nfoo: 1\n"),
                     &config, &got),
        STING_E_FORMAT);
    assert_int_equal(got.count, 3);
    assert_int_equal(got.mistake[2].line, 10);
}

/* No cut or changed byte of a good text may crash the reader. */
static void cut_and_changed_texts_are_survived(void **state)
{
    (void)state;
    static const char good[] =
        HEAD ZONE "        polygon: [[0, 0], [1, 0], [1, 1]]\n"
                  "alerts: [&a {webhook: 'http://x/'}, *a]\n";
    char text[sizeof good];
    for (size_t i = 0; i < sizeof good - 1; i++) {
        struct config_mistakes mistakes;
        struct config *cut STING_AUTO(config_free) = NULL;
        struct config *changed STING_AUTO(config_free) = NULL;
        memcpy(text, good, sizeof good);
        (void)!config_parse((struct bytes){(const uint8_t *)good, i}, &cut,
                            &mistakes);
        text[i] = (char)(text[i] ^ (1 << (i % 8)));
        (void)!config_parse(
            (struct bytes){(const uint8_t *)text, sizeof good - 1}, &changed,
            &mistakes);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_full_configuration_is_read),
        cmocka_unit_test(a_second_stream_of_the_same_camera_is_read),
        cmocka_unit_test(a_second_stream_may_spell_the_same_place_otherwise),
        cmocka_unit_test(a_second_stream_of_another_host_is_refused),
        cmocka_unit_test(a_second_stream_at_no_port_is_refused),
        cmocka_unit_test(a_second_stream_may_be_at_another_port),
        cmocka_unit_test(channels_and_their_hours_are_read),
        cmocka_unit_test(a_box_has_no_purpose_and_all_others_have_one),
        cmocka_unit_test(what_is_left_out_has_its_default),
        cmocka_unit_test(every_seeded_mistake_is_told_where_it_is),
        cmocka_unit_test(several_mistakes_are_told_in_one_reading),
        cmocka_unit_test(cut_and_changed_texts_are_survived),
    };
    return cmocka_run_group_tests_name("config", test, NULL, NULL);
}
