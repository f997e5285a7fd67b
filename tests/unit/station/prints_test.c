/* What the pages of a bait look like, on its way to cameras that watch it. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "station/prints.h"

#include "station/camera.h"
#include "tests/check.h"
#include "wire/print.h"

#define SIDE PRINT_MOST_PX

static enum sting_status take(struct prints *prints, const char *bait,
                              int64_t page, int64_t width, int64_t height,
                              size_t grey)
{
    static uint8_t payload[SIDE * SIDE + CONFIG_NAME_SIZE + 10];
    struct fault fault = {"", ""};
    const struct wire_head head = {.kind = WIRE_CORE_PRINT,
                                   .number = {page, width, height}};
    size_t name = strlen(bait) + 1;
    memcpy(payload, bait, name);
    memset(payload + name, (int)page, grey);
    return prints_take(prints, &head, (struct bytes){payload, name + grey},
                       &fault);
}

static void what_is_no_page_is_refused(void **state)
{
    (void)state;
    struct prints prints = {.count = 0};
    struct fault fault = {"", ""};
    static const int64_t wrong[][4] = {{0, 10, 10, 100},
                                       {PRINT_MOST_PAGE + 1, 10, 10, 100},
                                       {1, 0, 10, 0},
                                       {1, 10, 10, 99},
                                       {1, SIDE + 1, 1, SIDE + 1},
                                       {1, -10, -10, 100},
                                       {1, INT64_MAX, 2, 100}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(take(&prints, "tank", wrong[i][0], wrong[i][1],
                              wrong[i][2], (size_t)wrong[i][3]),
                         STING_E_FORMAT);
    }
    assert_int_equal(take(&prints, "a-name-that-is-longer-than-any-bait-has", 1,
                          10, 10, 100),
                     STING_E_FORMAT);
    const struct wire_head head = {.number = {1, 2, 2}};
    assert_int_equal(prints_take(&prints, &head,
                                 (struct bytes){(const uint8_t *)"tank", 4},
                                 &fault),
                     STING_E_FORMAT);
    assert_int_equal(prints.count, 0);
    prints_wipe(&prints);
}

static void a_page_is_held_once_and_no_more_than_there_is_room(void **state)
{
    (void)state;
    struct prints prints = {.count = 0};
    for (int page = 1; page <= PRINTS_MOST; page++) {
        assert_int_equal(take(&prints, "tank", page, 10, 10, 100), STING_OK);
        assert_int_equal(take(&prints, "tank", page, 10, 10, 100), STING_OK);
    }
    assert_int_equal(prints.count, PRINTS_MOST);
    assert_int_equal(take(&prints, "pump", 1, 10, 10, 100), STING_E_LIMIT);
    prints_wipe(&prints);
    assert_int_equal(take(&prints, "pump", 1, 10, 10, 100), STING_OK);
    prints_wipe(&prints);
}

/* A worker that reads nothing: whoever waited for it would wait here for
 * ever. */
static void a_worker_that_does_not_read_is_not_waited_for(void **state)
{
    (void)state;
    static struct camera camera;
    static struct config_camera config = {
        .name = "yard",
        .zones = 3,
        .zone = {{.name = "table", .bait = "tank"},
                 {.name = "floor"},
                 {.name = "shelf", .bait = "tank"}}};
    struct prints prints = {.count = 0};
    struct wire_head head;
    struct buffer grey STING_AUTO(buffer_release) = {0};
    int end[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, end), 0);
    assert_int_equal(take(&prints, "pump", 1, 10, 10, 100), STING_OK);
    for (int page = 1; page <= 20; page++) {
        assert_int_equal(
            take(&prints, "tank", page, SIDE, SIDE, (size_t)SIDE * SIDE),
            STING_OK);
    }
    camera = (struct camera){.config = &config,
                             .worker = {.pid = 1, .channel = end[0]}};
    prints_hand(&prints, &camera);
    assert_int_equal(camera.prints, 0); /* no picture has come yet */
    camera.is_on = true;
    for (int page = 1; page <= 20; page++) {
        for (int tick = 0; tick < 5; tick++) {
            prints_hand(&prints, &camera);
        }
        assert_int_equal(camera.prints, page + 1); /* that of another too */
        assert_int_equal(wire_receive(end[1], &head, &grey), STING_OK);
        assert_int_equal(head.kind, WIRE_CAMERA_PRINT);
        assert_int_equal(head.number[0], 5);
        assert_int_equal(head.number[1], page);
        assert_int_equal(grey.size, SIDE * SIDE);
        assert_int_equal(grey.data[SIDE], page);
    }
    close(end[1]);
    close(end[0]);
    prints_wipe(&prints);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_page_is_refused),
        cmocka_unit_test(a_page_is_held_once_and_no_more_than_there_is_room),
        cmocka_unit_test(a_worker_that_does_not_read_is_not_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
