/* Zones as they are drawn, and operation.yaml with them. */
#include "operation/config_zones.h"

#include <stdio.h>
#include <string.h>

#include "tests/check.h"

#define HEAD                                                                   \
    "goal: g\nlegal_basis: l\ndecided_by: d\nrecipients:\n"                    \
    "  - age1lqz5p6lgkm8zm3jwcvgdd2p7q0lkklfgg8765q0w47vdv30w93wqnaswjw\n"     \
    "  - age1qesskf54ch724c7xjv6svys6huuwhvta3642f0km96vawcplxd6stl4wvv\n"
#define GARAGE "cameras:\n  - name: garage # left of the door\n    url: a.mp4\n"
#define DESK                                                                   \
    "    zones: # drawn at noon\n      # the desk\n      - name: desk\n"       \
    "        bait: tank\n        copy: 7 # since spring\n"                     \
    "        polygon: [[0.3, 0.5], [0.7, 0.5], [0.7, 0.9]]\n"
#define SHELF                                                                  \
    "      - name: shelf\n        polygon: [[0, 0], [0.2, 0],\n"               \
    "                  [0.2, 0.2]]\n"
#define YARD "\n  # the yard\n  - url: b.mp4\n    name: yard\n# end\n"

static const char drawn_desk[] = "desk tank 7 0.3,0.5 0.7,0.5 0.7,0.9\n";

static struct config_zones zones_of(const char *text)
{
    struct config_zones zones = {0};
    struct fault fault = {"", ""};
    if (config_zones_parse(text, &zones, &fault)) {
        fail_msg("%s", fault.why);
    }
    return zones;
}

static void zones_are_read_from_lines(void **state)
{
    (void)state;
    const struct config_zones zones =
        zones_of("desk tank 7 0.3,0.5 0.7,0.5 0.70004,0.9\nb - - 0,0 1,0 1,1");
    assert_int_equal(zones.count, 2);
    assert_string_equal(zones.zone[0].bait, "tank");
    assert_int_equal(zones.zone[0].copy, 7);
    assert_true(zones.zone[0].point[2].x == 0.7);
    assert_string_equal(zones.zone[1].bait, "");
    assert_int_equal(zones.zone[1].points, 3);
    assert_int_equal(zones_of("").count, 0);
}

static void nonsense_is_no_zone(void **state)
{
    (void)state;
    static const char *const text[] = {
        "desk",
        "desk -",
        "desk - - 0,0 1,1",
        "desk - - 0,0 1,1 1,2",
        "desk - - 0,0 1,1 1",
        "desk - - 0,0 1,1 nan,1",
        "desk - - 0,0 1,1 -0,1",
        "desk - - 0,0 1,1 0x1,1",
        "desk - - 0,0 1,1 1e-1,1",
        "desk - 0 0,0 1,1 1,0",
        "desk - 7x 0,0 1,1 1,0",
        "Desk - - 0,0 1,1 1,0",
        "desk ../keys - 0,0 1,1 1,0",
        "a - - 0,0 1,1 1,0\na - - 0,0 1,1 1,0",
        "\n",
    };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct config_zones zones = {.count = 9};
        struct fault fault = {"", ""};
        assert_int_equal(config_zones_parse(text[i], &zones, &fault),
                         STING_E_ARG);
        assert_int_equal(zones.count, 9);
    }
}

static void check_edit(const char *before, const char *camera,
                       const char *drawn, const char *after)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    const struct config_zones wanted = zones_of(drawn);
    enum sting_status status =
        config_zones_set(bytes_of_text(before), camera, &wanted, &out, &fault);
    if (status) {
        fail_msg("%s: %s", drawn, fault.why);
    }
    assert_string_equal(buffer_text(&out), after);
}

static void what_does_not_change_stays_as_it_was_written(void **state)
{
    (void)state;
    static const char all[] = HEAD GARAGE DESK SHELF YARD;
    check_edit(all, "garage",
               "shelf - - 0,0 0.2,0 0.2,0.2\ndesk tank 7 0.3,0.5 0.7,0.5 "
               "0.7,0.9\n",
               all);
    check_edit(HEAD GARAGE YARD, "yard", "", HEAD GARAGE YARD);
}

static void a_zone_that_is_drawn_anew_keeps_its_comments(void **state)
{
    (void)state;
    check_edit(
        HEAD GARAGE DESK SHELF YARD, "garage",
        "desk tank 8 0.3,0.5 0.7,0.5 0.7,0.8\n"
        "shelf - - 0,0 0.2,0 0.2,0.2\n",
        HEAD GARAGE
        "    zones: # drawn at noon\n      # the desk\n"
        "      - name: desk\n        # since spring\n"
        "        bait: tank\n        copy: 8\n        polygon: "
        "[[0.3000, 0.5000], [0.7000, 0.5000], [0.7000, 0.8000]]\n" SHELF YARD);
}

static void a_comment_that_ends_the_file_is_kept_on_its_own(void **state)
{
    (void)state;
    check_edit(HEAD GARAGE "    zones:\n      - name: desk\n"
                           "        polygon: [[0, 0], [1, 0], [1, 1]] # mine",
               "garage", "desk - - 0,0 1,0 1,0.5\n",
               HEAD GARAGE "    zones:\n      - name: desk\n        # mine\n"
                           "        polygon: [[0.0000, 0.0000], [1.0000, "
                           "0.0000], [1.0000, 0.5000]]\n");
}

static void zones_come_and_go(void **state)
{
    (void)state;
    static const char chair[] =
        "      - name: chair\n        polygon: [[0.1000, 0.1000], [0.2000, "
        "0.1000], [0.2000, 0.3000]]\n";
    static const char drawn[] = "chair - - 0.1,0.1 0.2,0.1 0.2,0.3\n";
    char both[200];
    (void)snprintf(both, sizeof both, "%s%s", drawn_desk, drawn);
    struct buffer after STING_AUTO(buffer_release) = {0};
    assert_true(
        !buffer_printf(&after, "%s%s%s", HEAD GARAGE DESK, chair, YARD));
    check_edit(HEAD GARAGE DESK SHELF YARD, "garage", both,
               buffer_text(&after));
    after.size = 0;
    assert_true(
        !buffer_printf(&after, "%s    zones:\n%s%s", HEAD GARAGE, chair, YARD));
    check_edit(HEAD GARAGE YARD, "garage", drawn, buffer_text(&after));
    check_edit(HEAD GARAGE DESK SHELF YARD, "garage", "",
               HEAD GARAGE "    # drawn at noon\n      # the desk\n" YARD);
    after.size = 0;
    assert_true(!buffer_printf(
        &after, "%s    zones:\n%s# end\n",
        HEAD GARAGE DESK "\n  # the yard\n  - url: b.mp4\n    name: yard\n",
        chair));
    check_edit(HEAD GARAGE DESK YARD, "yard", drawn, buffer_text(&after));
}

static void what_is_laid_out_otherwise_is_left_to_a_person(void **state)
{
    (void)state;
    static const char *const text[] = {
        HEAD "cameras: [{name: garage, url: a.mp4}]\n",
        HEAD GARAGE "    zones: [{name: desk, polygon: [[0, 0], [1, 0], [1, "
                    "1]]}]\n",
        HEAD GARAGE "    zones:\n      - polygon: [[0, 0], [1, 0], [1, 1]]\n"
                    "        name: desk\n",
        HEAD GARAGE "    zones:\n      - {name: desk, polygon: [[0, 0], [1, "
                    "0], [1, 1]]}\n",
    };
    const struct config_zones wanted = zones_of(drawn_desk);
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct buffer out STING_AUTO(buffer_release) = {0};
        struct fault fault = {"", ""};
        assert_int_equal(config_zones_set(bytes_of_text(text[i]), "garage",
                                          &wanted, &out, &fault),
                         STING_E_UNSUPPORTED);
    }
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    assert_int_equal(config_zones_set(bytes_of_text(HEAD GARAGE), "cellar",
                                      &wanted, &out, &fault),
                     STING_E_ARG);
    assert_int_equal(config_zones_set(bytes_of_text("goal: g\n"), "garage",
                                      &wanted, &out, &fault),
                     STING_E_FORMAT);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(zones_are_read_from_lines),
        cmocka_unit_test(nonsense_is_no_zone),
        cmocka_unit_test(what_does_not_change_stays_as_it_was_written),
        cmocka_unit_test(a_zone_that_is_drawn_anew_keeps_its_comments),
        cmocka_unit_test(a_comment_that_ends_the_file_is_kept_on_its_own),
        cmocka_unit_test(zones_come_and_go),
        cmocka_unit_test(what_is_laid_out_otherwise_is_left_to_a_person),
    };
    return cmocka_run_group_tests_name("config_zones", test, NULL, NULL);
}
