/* Pictures that name different copies are no question of one copy. */
#include "trace/joint.h"

#include <stdlib.h>

#include "tests/check.h"

#define PICTURES 2

/* A run of two pictures of one page, and what they reach together. */
struct desk {
    struct trace_run run;
    struct trace_picture *picture[PICTURES];
};

static void names_set(struct trace_finding *finding, const uint32_t *copy,
                      size_t names)
{
    finding->names = names;
    finding->verdict = names ? TRACE_ATTRIBUTED : TRACE_NONE;
    for (size_t i = 0; i < names; i++) {
        finding->name[i].copy = copy[i];
    }
}

static void desk_open(struct desk *desk)
{
    *desk = (struct desk){.run.pictures = PICTURES};
    desk->run.picture = calloc(PICTURES, sizeof *desk->run.picture);
    desk->run.joint = calloc(1, sizeof *desk->run.joint);
    assert_non_null(desk->run.picture);
    assert_non_null(desk->run.joint);
    struct trace_joint *joint = desk->run.joint;
    desk->run.joints = desk->run.joined = 1;
    joint->picture = calloc(PICTURES, sizeof *joint->picture);
    joint->part = calloc(1, sizeof *joint->part);
    assert_non_null(joint->picture);
    for (size_t i = 0; i < PICTURES; i++) {
        desk->picture[i] = calloc(1, sizeof *desk->picture[i]);
        assert_non_null(desk->picture[i]);
        desk->run.picture[i] = desk->picture[i];
        desk->picture[i]->findings = desk->picture[i]->scored = 1;
        joint->picture[joint->pictures++] = i;
    }
}

/* Copies by number, ended by 0. */
struct named {
    uint32_t first[3], second[3], together[3];
};

static size_t count_of(const uint32_t copy[3])
{
    size_t count = 0;
    while (count < 3 && copy[count]) {
        count++;
    }
    return count;
}

/* How many findings of both pictures together are told. */
static size_t told(const struct named *named, struct trace_joint *out)
{
    struct desk desk;
    desk_open(&desk);
    names_set(&desk.picture[0]->finding[0], named->first,
              count_of(named->first));
    names_set(&desk.picture[1]->finding[0], named->second,
              count_of(named->second));
    names_set(&desk.run.joint->finding, named->together,
              count_of(named->together));
    assert_int_equal(joints_part(&desk.run), STING_OK);
    size_t count = desk.run.joints;
    assert_int_equal(desk.run.joined, 1);
    *out = *desk.run.joint;
    trace_run_release(&desk.run);
    return count;
}

static void pictures_of_one_copy_are_told_together(void **state)
{
    static const struct named named[] = {
        {{7}, {7}, {7}},       {{7}, {0}, {7}},          {{0}, {0}, {7}},
        {{0}, {0}, {0}},       {{2, 4}, {4, 2}, {2, 4}}, /* a mixture, twice */
        {{2, 4}, {4}, {4, 2}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        struct trace_joint joint;
        assert_int_equal(told(&named[i], &joint), 1);
        assert_int_equal(joint.aparts, 0);
    }
}

static void pictures_of_different_copies_are_not(void **state)
{
    static const struct named named[] = {
        {{1}, {2}, {1}}, {{1}, {2}, {1, 2}}, /* each is in one of them only */
        {{1}, {2}, {0}}, {{2, 1}, {2}, {2}}, {{1}, {2}, {3}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        struct trace_joint joint;
        assert_int_equal(told(&named[i], &joint), 0);
        assert_int_equal(joint.aparts, 2);
        assert_int_equal(joint.apart[0] + joint.apart[1], 3);
    }
}

static void nor_what_all_together_do_not_bear_out(void **state)
{
    static const struct named named = {{0}, {5}, {0}};
    struct trace_joint joint;
    (void)state;
    assert_int_equal(told(&named, &joint), 0);
    assert_int_equal(joint.aparts, 1);
    assert_int_equal(joint.apart[0], 5);
}

/* Of two pages, one pieced of two pictures that name nobody alone. */
static size_t told_with_page(uint32_t page_names)
{
    static const uint32_t whole_names = 1;
    struct desk desk;
    desk_open(&desk);
    desk.run.joint = reallocarray(desk.run.joint, 2, sizeof *desk.run.joint);
    assert_non_null(desk.run.joint);
    desk.run.joint[1] = (struct trace_joint){
        .finding = {.page = 3}, .part = calloc(1, sizeof(struct score_part))};
    assert_non_null(desk.run.joint[1].part);
    desk.run.joints = desk.run.joined = 2;
    desk.run.joint[0].finding.page = -1;
    names_set(&desk.run.joint[0].finding, &whole_names, 1);
    names_set(&desk.run.joint[1].finding, &page_names, 1);
    assert_int_equal(joints_part(&desk.run), STING_OK);
    size_t count = desk.run.joints;
    trace_run_release(&desk.run);
    return count;
}

static void pages_that_name_different_copies_are_not_one_document(void **state)
{
    (void)state;
    assert_int_equal(told_with_page(1), 2);
    assert_int_equal(told_with_page(2), 1);
}

/* A picture of a page that two documents have; the finding of each. */
static enum trace_share share_of(uint32_t other_copy, double other_log10_lr,
                                 size_t other_spot, uint32_t copy)
{
    struct shelf shelf[2] = {{.copies = 9}, {.copies = 9}};
    struct library library = {.shelf = shelf, .shelves = 2};
    struct desk desk;
    desk_open(&desk);
    desk.run.library = &library;
    struct trace_picture *picture = desk.picture[0];
    picture->findings = picture->scored = 2;
    names_set(&picture->finding[0], &copy, copy != 0);
    names_set(&picture->finding[1], &other_copy, other_copy != 0);
    picture->finding[1].shelf = 1;
    picture->finding[1].spot = other_spot;
    picture->finding[1].score.units = 40;
    picture->finding[1].score.log10_lr = other_log10_lr;
    joints_share(&desk.run);
    enum trace_share share = picture->finding[0].share;
    assert_int_equal(joint_takes(desk.run.joint, picture, 0),
                     share == TRACE_SHARE_PART);
    assert_false(joint_takes(desk.run.joint, picture, 1)); /* another bait */
    trace_run_release(&desk.run);
    return share;
}

static void what_another_document_names_is_part_of_no_joint(void **state)
{
    (void)state;
    assert_int_equal(share_of(0, 0.5, 0, 0), TRACE_SHARE_PART);
    assert_int_equal(share_of(4, 30, 0, 0), TRACE_SHARE_ALIKE);
    assert_int_equal(share_of(4, 30, 0, 7), TRACE_SHARE_ALIKE);
    assert_int_equal(share_of(4, 30, 1, 7), TRACE_SHARE_PART); /* elsewhere */
}

static void nor_is_what_leads_to_another_document(void **state)
{
    (void)state;
    assert_int_equal(share_of(0, 4.2, 0, 0), TRACE_SHARE_PART); /* of 9 */
    assert_int_equal(share_of(0, 4.3, 0, 0), TRACE_SHARE_ALIKE);
    assert_int_equal(share_of(0, 4.3, 0, 7), TRACE_SHARE_PART);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(pictures_of_one_copy_are_told_together),
        cmocka_unit_test(pictures_of_different_copies_are_not),
        cmocka_unit_test(nor_what_all_together_do_not_bear_out),
        cmocka_unit_test(pages_that_name_different_copies_are_not_one_document),
        cmocka_unit_test(what_another_document_names_is_part_of_no_joint),
        cmocka_unit_test(nor_is_what_leads_to_another_document),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
