/* Through the real, jailed worker of the real binary. */
#include "operation/check_worker.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "jail/worker.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"

/* A closed operation with recordings and a gap. */
static void make(struct garden *garden)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    const struct line_field gap[] = {{"cause", "lost"}, {"camera", "garage"}};
    garden_make(garden, NULL);
    struct ledger *ledger = garden_open(garden);
    recording = garden_camera(garden, ledger);
    assert_true(!garden_record(garden, recording, 0, 20, 5000));
    assert_true(!recording_close(recording, garden->now, NULL));
    assert_true(!ledger_append(ledger, garden->now, "gap", gap, 2, NULL, NULL));
    assert_true(!ledger_close(&ledger, garden->now, "done", NULL));
}

static struct verify_report check(struct garden *garden,
                                  const struct secret *identity)
{
    struct verify_report report;
    struct fault fault = {.why = ""};
    char missing[200] = "";
    const struct check_options options = {.identity = identity};
    if (check_folder(garden->dir, &options, &report, missing, &fault)) {
        fail_msg("%s", fault.why);
    }
    return report;
}

static void append_json(const struct verify_report *report, struct buffer *out)
{
    assert_true(!verify_report_json(report, out));
}

static void the_worker_tells_what_the_verifier_tells(void **state)
{
    (void)state;
    struct garden garden;
    make(&garden);
    for (int inside = 0; inside < 2; inside++) {
        struct buffer here STING_AUTO(buffer_release) = {0};
        struct buffer there STING_AUTO(buffer_release) = {0};
        struct verify_report own STING_AUTO(verify_report_release) = {0};
        const struct secret *identity = inside ? &garden.identity[1] : NULL;
        const struct verify_options options = {.identity = identity};
        assert_true(!verify_operation(garden.dir, &options, &own, NULL));
        append_json(&own, &here);
        struct verify_report report STING_AUTO(verify_report_release) =
            check(&garden, identity);
        append_json(&report, &there);
        assert_string_equal(buffer_text(&here), buffer_text(&there));
        assert_int_equal(report.verdict, VERIFY_GAPS);
        assert_int_equal(report.opened > 0, inside);
    }
    garden_remove(&garden);
}

static void a_key_that_opens_nothing_is_told(void **state)
{
    (void)state;
    struct garden garden;
    make(&garden);
    struct secret stranger = random_secret(&random_kernel);
    struct verify_report report STING_AUTO(verify_report_release) =
        check(&garden, &stranger);
    assert_int_equal(report.verdict, VERIFY_UNVERIFIABLE);
    garden_remove(&garden);
}

/* Put something else where evidence/ledger is. */
static void assert_refused(int (*put)(struct garden *garden))
{
    struct garden garden;
    make(&garden);
    assert_true(unlinkat(garden.dir, "evidence/ledger", 0) == 0);
    assert_true(put(&garden) == 0);
    struct verify_report report STING_AUTO(verify_report_release) =
        check(&garden, NULL);
    assert_int_equal(report.verdict, VERIFY_UNVERIFIABLE);
    garden_remove(&garden);
}

static int put_pipe(struct garden *garden)
{
    return mkfifoat(garden->dir, "evidence/ledger", 0600);
}

static int put_link(struct garden *garden)
{
    return symlinkat("/etc/passwd", garden->dir, "evidence/ledger");
}

static int put_folder(struct garden *garden)
{
    return mkdirat(garden->dir, "evidence/ledger", 0700);
}

static void what_is_no_regular_file_is_not_read(void **state)
{
    (void)state;
    assert_refused(put_pipe);
    assert_refused(put_link);
    assert_refused(put_folder);
}

static void a_link_in_place_of_a_folder_is_not_followed(void **state)
{
    (void)state;
    struct garden garden;
    make(&garden);
    assert_true(renameat(garden.dir, "evidence", garden.dir, "elsewhere") == 0);
    assert_true(symlinkat("elsewhere", garden.dir, "evidence") == 0);
    struct verify_report report STING_AUTO(verify_report_release) =
        check(&garden, NULL);
    assert_int_equal(report.verdict, VERIFY_UNVERIFIABLE);
    garden_remove(&garden);
}

static void recordings_behind_a_link_are_missing(void **state)
{
    (void)state;
    struct garden garden;
    make(&garden);
    assert_true(renameat(garden.dir, "evidence/segments/garage", garden.dir,
                         "garage") == 0);
    assert_true(
        symlinkat("../../garage", garden.dir, "evidence/segments/garage") == 0);
    struct verify_report report STING_AUTO(verify_report_release) =
        check(&garden, NULL);
    assert_int_equal(report.verdict, VERIFY_TAMPERED);
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worker_tells_what_the_verifier_tells),
        cmocka_unit_test(a_key_that_opens_nothing_is_told),
        cmocka_unit_test(what_is_no_regular_file_is_not_read),
        cmocka_unit_test(a_link_in_place_of_a_folder_is_not_followed),
        cmocka_unit_test(recordings_behind_a_link_are_missing),
    };
    worker_binary(STING_BINARY);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
