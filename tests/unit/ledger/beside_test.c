#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/verify.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"

static const char yaml[] = "goal: who takes water at night?\n";

static enum verify_config config_of(struct garden *garden)
{
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    const struct verify_options options = {.identity = &garden->identity[0]};
    assert_true(!verify_operation(garden->dir, &options, &report, NULL));
    assert_int_equal(report.verdict, VERIFY_INTACT);
    return report.said.config;
}

static void put(struct garden *garden, const char *text)
{
    assert_true(!file_write(garden->dir, "operation.yaml", bytes_of_text(text),
                            0600, NULL));
}

/* A session that names the hash of the file. */
static void open_session(struct garden *garden, const char *text)
{
    char hex[DIGEST_TEXT_SIZE];
    struct fault fault = {.why = ""};
    struct ledger *ledger = NULL;
    const struct ledger_context context = {
        .random = &random_kernel,
        .boot = "0a1b2c3d-0000-4000-8000-000000000000",
        .version = "0.1.0",
        .config =
            text ? digest_text(digest_of(bytes_of_text(text)), hex) : NULL};
    garden_wait(garden, 1000000);
    if (ledger_open(garden->dir, &context, garden->now, &ledger, &fault)) {
        fail_msg("%s", fault.why);
    }
    assert_true(!ledger_close(&ledger, garden->now, "done", NULL));
}

static void a_changed_configuration_is_told_and_is_no_tampering(void **state)
{
    (void)state;
    struct garden garden;
    garden_make(&garden, NULL);
    open_session(&garden, NULL);
    put(&garden, yaml);
    assert_int_equal(config_of(&garden), VERIFY_CONFIG_UNKNOWN);
    open_session(&garden, yaml);
    assert_int_equal(config_of(&garden), VERIFY_CONFIG_SAME);
    put(&garden, "goal: who takes water at noon?\n");
    assert_int_equal(config_of(&garden), VERIFY_CONFIG_CHANGED);
    open_session(&garden, "goal: who takes water at noon?\n");
    assert_int_equal(config_of(&garden), VERIFY_CONFIG_SAME);
    assert_true(unlinkat(garden.dir, "operation.yaml", 0) == 0);
    assert_int_equal(config_of(&garden), VERIFY_CONFIG_ABSENT);
    garden_remove(&garden);
}

static enum verify_verdict verdict(struct garden *garden,
                                   const struct secret *identity,
                                   const char *file)
{
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    const struct verify_options options = {.identity = identity};
    assert_true(!verify_operation(garden->dir, &options, &report, NULL));
    if (report.verdict == VERIFY_TAMPERED) {
        assert_string_equal(report.file, file);
    }
    return report.verdict;
}

static void append_bait(struct garden *garden, const char *kind,
                        const struct line_field field[], size_t fields)
{
    struct ledger *ledger = garden_open(garden);
    assert_true(
        !ledger_append(ledger, garden->now, kind, field, fields, NULL, NULL));
    assert_true(!ledger_close(&ledger, garden->now, "done", NULL));
}

static void what_no_line_names_is_judged_by_who_can_open_it(void **state)
{
    (void)state;
    struct garden garden;
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    char hex[DIGEST_TEXT_SIZE];
    garden_make(&garden, NULL);
    const struct age_to to = {.recipient = garden.recipient, .recipients = 2};
    assert_true(
        !age_seal(&to, &random_kernel, bytes_of_text("a tank"), &sealed));
    digest_text(digest_of(buffer_bytes(&sealed)), hex);
    assert_true(!folder_make(garden.dir, "bait/tank"));
    static const char *const name[] = {"original.pdf.age", "reference.age",
                                       "index.age"};
    for (size_t i = 0; i < 3; i++) {
        char path[64];
        snprintf(path, sizeof path, "bait/tank/%s", name[i]);
        assert_true(
            !file_write(garden.dir, path, buffer_bytes(&sealed), 0600, NULL));
    }
    const struct line_field added[] = {{"bait", "tank"},  {"state", "added"},
                                       {"original", hex}, {"pages", "1"},
                                       {"sealed", hex},   {"reference", hex}};
    append_bait(&garden, "bait", added, 6);
    const char *index = "bait/tank/index.age";
    assert_int_equal(verdict(&garden, &garden.identity[0], index),
                     VERIFY_INTACT);
    sealed.data[sealed.size - 1] ^= 1;
    assert_true(
        !file_write(garden.dir, index, buffer_bytes(&sealed), 0600, NULL));
    assert_int_equal(verdict(&garden, NULL, index), VERIFY_INTACT);
    assert_int_equal(verdict(&garden, &garden.identity[0], index),
                     VERIFY_TAMPERED);
    garden_remove(&garden);
}

static void an_index_that_a_line_names_is_judged_by_everybody(void **state)
{
    (void)state;
    struct garden garden;
    char hex[DIGEST_TEXT_SIZE];
    garden_make(&garden, NULL);
    digest_text(digest_of(bytes_of_text("a tank")), hex);
    assert_true(!folder_make(garden.dir, "bait/tank"));
    static const char *const path[] = {"bait/tank/original.pdf.age",
                                       "bait/tank/reference.age",
                                       "bait/tank/index.age"};
    for (size_t i = 0; i < 3; i++) {
        assert_true(!file_write(garden.dir, path[i], bytes_of_text("a tank"),
                                0600, NULL));
    }
    const struct line_field added[] = {{"bait", "tank"},  {"state", "added"},
                                       {"original", hex}, {"pages", "1"},
                                       {"sealed", hex},   {"reference", hex}};
    const struct line_field indexed[] = {{"bait", "tank"},
                                         {"state", "indexed"},
                                         {"original", hex},
                                         {"pages", "1"},
                                         {"index", hex}};
    append_bait(&garden, "bait", added, 6);
    append_bait(&garden, "bait", indexed, 5);
    assert_int_equal(verdict(&garden, NULL, path[2]), VERIFY_INTACT);
    assert_true(
        !file_write(garden.dir, path[2], bytes_of_text("a tonk"), 0600, NULL));
    assert_int_equal(verdict(&garden, NULL, path[2]), VERIFY_TAMPERED);
    assert_true(unlinkat(garden.dir, path[2], 0) == 0); /* it is made again */
    assert_int_equal(verdict(&garden, NULL, path[2]), VERIFY_INTACT);
    garden_remove(&garden);
}

static void changes_beside_are_told_and_are_no_tampering(void **state)
{
    (void)state;
    struct garden garden;
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    const struct verify_options options = {.identity = NULL};
    char hex[DIGEST_TEXT_SIZE];
    garden_make(&garden, NULL);
    digest_text(digest_of(bytes_of_text("a key")), hex);
    const struct line_field made[] = {
        {"item", "keys/mark"}, {"state", "made"}, {"by", "x"}, {"after", hex}};
    const struct line_field config[] = {
        {"sha256", hex}, {"why", "warmer"}, {"by", "Anna"}};
    append_bait(&garden, "config", config, 3);
    append_bait(&garden, "custody", made, 4);
    append_bait(&garden, "config", config, 3);
    assert_true(!file_write(garden.dir, "keys/mark", bytes_of_text("a kez"),
                            0600, NULL));
    assert_true(!verify_operation(garden.dir, &options, &report, NULL));
    assert_int_equal(report.verdict, VERIFY_INTACT);
    assert_int_equal(report.said.changes, 1); /* the first word is no change */
    assert_string_equal(report.said.change[0].by, "Anna");
    assert_string_equal(report.said.change[0].why, "warmer");
    assert_int_equal(report.altereds, 1);
    assert_string_equal(report.altered[0].file, "keys/mark");
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_changed_configuration_is_told_and_is_no_tampering),
        cmocka_unit_test(what_no_line_names_is_judged_by_who_can_open_it),
        cmocka_unit_test(an_index_that_a_line_names_is_judged_by_everybody),
        cmocka_unit_test(changes_beside_are_told_and_are_no_tampering),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
