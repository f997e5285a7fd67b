/* Where a camera is: what operation.yaml may say, the station can use. */
#include <stdio.h>

#include "operation/config_lint.h"
#include "station/camera_url.h"
#include "tests/check.h"

#define AGE_1 "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
#define AGE_2 "age1zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"

static bool is_taken(const char *url)
{
    struct config *config STING_AUTO(config_free) = NULL;
    struct config_mistakes mistakes;
    char text[1000];
    snprintf(text, sizeof text,
             "goal: g\nlegal_basis: l\ndecided_by: d\n"
             "recipients: [" AGE_1 ", " AGE_2 "]\ncameras:\n"
             "  - name: garage\n    url: \"%s\"\n",
             url);
    if (config_parse(bytes_of_text(text), &config, &mistakes) == STING_OK) {
        config_reach_check(bytes_of_text(text), config, &mistakes);
    }
    return mistakes.count == 0;
}

static void the_configuration_takes_what_the_station_takes(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        bool is_one;
    } row[] = {
        {"rtsp://192.0.2.7/tank", true},
        {"rtsp://192.0.2.7", true},
        {"rtsp://tank.example:1?x=1", true},
        {"rtsp://tank:65535/a://b@c", true},
        {"rtsp://[fd00::7]:8554/x", true},
        {"rtsp://[fd00::7]", true},
        {"clips/tank.mp4", true},
        {"/dev/video0", true},
        {"rtsp://192.0.2.7:0/x", false},
        {"rtsp://192.0.2.7:65536/x", false},
        {"rtsp://192.0.2.7:99999/x", false},
        {"rtsp://192.0.2.7:18446744073709551617/x", false},
        {"rtsp://192.0.2.7:abc/x", false},
        {"rtsp://192.0.2.7:/x", false},
        {"rtsp://192.0.2.7:55 4/x", false},
        {"rtsp://[fd00::7/x", false},
        {"rtsp://[fd00::7", false},
        {"rtsp://[]/x", false},
        {"rtsp://[fd00::7]8554/x", false},
        {"rtsp://:554/x", false},
        {"rtsp:///x", false},
        {"rtsp://u@192.0.2.7/x", false},
        {"http://192.0.2.7/x", false},
        {"tank.d/a://b", false},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct camera_url url;
        bool is_used = camera_url_parse(row[i].url, &url) == STING_OK;
        if (is_taken(row[i].url) != row[i].is_one || is_used != row[i].is_one) {
            fail_msg("%s: the configuration %s it, the station %s it",
                     row[i].url, is_taken(row[i].url) ? "takes" : "refuses",
                     is_used ? "takes" : "refuses");
        }
    }
}

/* The text of that number, of a few signs. */
static void text_make(unsigned number, char out[20])
{
    static const char sign[] = "a7:/[]@?#.";
    snprintf(out, 20, "rtsp://");
    for (size_t i = 7; i < 12; i++, number /= 10) {
        out[i] = sign[number % 10];
        out[i + 1] = '\0';
    }
}

static void nothing_is_taken_that_cannot_be_watched(void **state)
{
    (void)state;
    size_t taken = 0;
    for (unsigned n = 0; n < 100000; n++) {
        char text[20];
        struct camera_url url;
        text_make(n, text);
        bool is_one = is_taken(text);
        taken += is_one;
        if (is_one && camera_url_parse(text, &url)) {
            fail_msg("%s is taken and cannot be watched", text);
        }
    }
    assert_true(taken > 1000);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(the_configuration_takes_what_the_station_takes),
        cmocka_unit_test(nothing_is_taken_that_cannot_be_watched),
    };
    return cmocka_run_group_tests_name("camera_url", test, NULL, NULL);
}
