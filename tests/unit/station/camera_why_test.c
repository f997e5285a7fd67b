/* Why a camera is away is told anew when it is another reason by now. */
#include <stdio.h>
#include <string.h>

#include "station/camera.h"
#include "tests/unit/station/place.h"

#define SECOND_US INT64_C(1000000)

struct heard {
    int count;
    char text[500];
};

static void hear(void *hearer, const struct tale *tale, int64_t utc_us,
                 const char *text)
{
    struct heard *heard = hearer;
    (void)utc_us;
    assert_string_equal(tale->camera, "garage");
    snprintf(heard->text, sizeof heard->text, "%s", text);
    heard->count++;
}

/* Lost since `began`, for a reason that was told; so many seconds later it is
 * away for that one. */
static int told_after(struct camera *camera, struct heard *heard,
                      struct moment began, int seconds, const char *why)
{
    int before = heard->count;
    began.boot_us += seconds * SECOND_US;
    began.utc_us += seconds * SECOND_US;
    snprintf(camera->why, sizeof camera->why, "%s", why);
    camera_lost(camera, began);
    return heard->count - before;
}

static void another_reason_is_told_once_a_minute_at_most(void **state)
{
    (void)state;
    static struct camera camera;
    static const struct config_camera config = {.name = "garage"};
    struct heard heard = {.count = 0};
    struct moment began = clock_now();
    struct place place;
    place_make(&place);
    place.teller.heard = hear;
    place.teller.hearer = &heard;
    camera = (struct camera){.config = &config,
                             .desk = &place.desk,
                             .is_lost = true,
                             .why = "it does not answer",
                             .told_why = "it does not answer"};
    assert_int_equal(
        told_after(&camera, &heard, began, 1, "it does not answer"), 0);
    assert_int_equal(told_after(&camera, &heard, began, 2, "it refuses us"), 1);
    assert_string_equal(heard.text,
                        "camera garage: still NO PICTURE: it refuses us");
    assert_int_equal(told_after(&camera, &heard, began, 3, "it refuses us"), 0);
    assert_int_equal(told_after(&camera, &heard, began, 61, "it is busy"), 0);
    assert_int_equal(told_after(&camera, &heard, began, 62, "it is busy"), 1);
    assert_int_equal(told_after(&camera, &heard, began, 200, "it is busy"), 0);
    place_release(&place);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(another_reason_is_told_once_a_minute_at_most),
    };
    return cmocka_run_group_tests_name("camera_why", test, NULL, NULL);
}
