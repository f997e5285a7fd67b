/* What ends or binds a ledger: close, recipients, its version, its machine. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "ledger/store.h"
#include "ledger/verify.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"

#define assert_ok(call) assert_int_equal((call), STING_OK)

static const struct line_field closing[] = {{"by", "Anna"}};

static enum verify_verdict verdict_of(const struct garden *garden, char *reason)
{
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    const struct verify_options options = {0};
    struct fault fault;
    assert_ok(verify_operation(garden->dir, &options, &report, &fault));
    snprintf(reason, sizeof report.reason, "%s", report.reason);
    return report.verdict;
}

static enum sting_status append(struct garden *garden, struct ledger *ledger,
                                const char *kind,
                                const struct line_field *field, size_t fields)
{
    garden_wait(garden, 1000);
    return ledger_append(ledger, garden->now, kind, field, fields, NULL, NULL);
}

static void nothing_is_written_after_close(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    const struct line_field drill[] = {
        {"type", "t"}, {"trials", "1"}, {"hits", "1"}, {"seed", "1"}};
    struct fault fault = {"", ""};
    char reason[512];
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    assert_ok(append(&garden, ledger, "drill", drill, 4));
    assert_ok(append(&garden, ledger, "close", closing, 1));
    assert_int_equal(append(&garden, ledger, "drill", drill, 4),
                     STING_E_UNSUPPORTED);
    assert_ok(ledger_close(&ledger, garden.now, "closed", &fault));
    const struct ledger_context context = {.random = &random_kernel};
    assert_int_equal(
        ledger_open(garden.dir, &context, garden.now, &ledger, &fault),
        STING_E_UNSUPPORTED);
    assert_non_null(strstr(fault.why, "closed on "));
    assert_non_null(strstr(fault.why, "by Anna"));
    assert_int_equal(verdict_of(&garden, reason), VERIFY_INTACT);
}

static void close_line_without_its_checkpoint_is_signed_later(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    const struct verify_options options = {0};
    struct fault fault = {"", ""};
    garden_make(&garden, NULL);
    struct ledger *ledger STING_AUTO(ledger_free) = garden_open(&garden);
    assert_ok(append(&garden, ledger, "close", closing, 1));
    ledger_free(&ledger); /* as a crash would */
    const struct ledger_context context = {.random = &random_kernel};
    assert_int_equal(
        ledger_open(garden.dir, &context, garden.now, &ledger, &fault),
        STING_E_UNSUPPORTED);
    assert_ok(verify_operation(garden.dir, &options, &report, &fault));
    assert_int_equal(report.verdict, VERIFY_INTACT);
    assert_int_equal(report.tail_entries, 0);
}

/* The keys are gone: who adds a line signs it with nothing. With all keys:
 * v13 in rules_test.c. */
static void line_after_close_that_nobody_signed_is_unverifiable(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct buffer text STING_AUTO(buffer_release) = {0};
    char reason[512];
    struct fault fault;
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    assert_ok(append(&garden, ledger, "close", closing, 1));
    assert_ok(ledger_close(&ledger, garden.now, "closed", &fault));
    assert_ok(file_read(garden.dir, "evidence/ledger", 1 << 20, &text, NULL));
    const char *close = strstr(buffer_text(&text), " close by=Anna ");
    assert_non_null(close);
    /* A line that fits the chain, behind `close`. */
    struct buffer line STING_AUTO(buffer_release) = {0};
    struct line_head head = {.seq = 0, .at = garden.now};
    const char *p = buffer_text(&text);
    size_t lines = 0, last = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (p[i] == '\n') {
            lines++;
            last = i + 1 < text.size ? i + 1 : last;
        }
    }
    struct line parsed;
    assert_ok(line_parse((struct bytes){text.data + last, text.size - last},
                         &parsed));
    head.seq = lines;
    memcpy(head.boot, parsed.boot, sizeof head.boot);
    head.at = parsed.at;
    const uint8_t random[LINE_RANDOM_SIZE] = {7};
    const struct line_field worker[] = {{"name", "w"}, {"state", "s"}};
    assert_ok(line_begin(&line, &head, "worker", worker, 2));
    assert_ok(
        line_end(&line, random,
                 digest_of((struct bytes){text.data + last, text.size - last}),
                 parsed.prev_size));
    assert_ok(buffer_append(&text, buffer_bytes(&line)));
    assert_ok(file_write(garden.dir, "evidence/ledger", buffer_bytes(&text),
                         0600, NULL));
    assert_int_equal(verdict_of(&garden, reason), VERIFY_UNVERIFIABLE);
    assert_non_null(strstr(reason, "after the operation was closed"));
}

static void recipients_line_changes_who_opens_what_follows(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct secret third = random_secret(&random_kernel);
    const struct agreement_key key = agreement_public(&third);
    char own[AGE_TEXT_SIZE], other[AGE_TEXT_SIZE], to[2 * AGE_TEXT_SIZE];
    struct ledger_blob before, after;
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    garden_make(&garden, NULL);
    age_recipient_text(&garden.recipient[0], own);
    age_recipient_text(&key, other);
    snprintf(to, sizeof to, "%s,%s", own, other);
    const struct line_field change[] = {{"to", to}, {"by", "Anna"}};
    const struct line_field alone[] = {{"to", own}, {"by", "Anna"}};
    struct ledger *ledger = garden_open(&garden);
    assert_ok(ledger_blob(ledger, bytes_of_text("old"), &before, &fault));
    assert_int_equal(append(&garden, ledger, "recipients", alone, 2),
                     STING_E_ARG);
    assert_ok(append(&garden, ledger, "recipients", change, 2));
    assert_ok(ledger_blob(ledger, bytes_of_text("new"), &after, &fault));
    assert_ok(ledger_close(&ledger, garden.now, "test", &fault));

    assert_ok(
        ledger_blob_open(garden.dir, &third, after.ct, 4096, &text, &fault));
    assert_string_equal(buffer_text(&text), "new");
    assert_int_not_equal(
        ledger_blob_open(garden.dir, &third, before.ct, 4096, &text, &fault),
        STING_OK);
    assert_ok(ledger_blob_open(garden.dir, &garden.identity[1], before.ct, 4096,
                               &text, &fault));
    assert_int_not_equal(ledger_blob_open(garden.dir, &garden.identity[1],
                                          after.ct, 4096, &text, &fault),
                         STING_OK);
    /* The next session knows it from the ledger. */
    ledger = garden_open(&garden);
    assert_ok(ledger_blob(ledger, bytes_of_text("later"), &after, &fault));
    assert_ok(ledger_close(&ledger, garden.now, "test", &fault));
    assert_ok(
        ledger_blob_open(garden.dir, &third, after.ct, 4096, &text, &fault));
}

static void later_format_is_refused_with_the_reason(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct ledger *ledger = NULL;
    char reason[512];
    garden_make(&garden, NULL);
    assert_ok(file_read(garden.dir, "evidence/ledger", 1 << 20, &text, NULL));
    char *version = strstr((char *)text.data, " v=2 ");
    assert_non_null(version);
    version[3] = '3';
    assert_ok(file_write(garden.dir, "evidence/ledger", buffer_bytes(&text),
                         0600, NULL));
    const struct ledger_context context = {.random = &random_kernel};
    assert_int_equal(
        ledger_open(garden.dir, &context, garden.now, &ledger, &fault),
        STING_E_UNSUPPORTED);
    assert_non_null(strstr(fault.why, "format 3"));
    assert_int_equal(verdict_of(&garden, reason), VERIFY_UNVERIFIABLE);
    assert_non_null(strstr(reason, "format 3"));
}

/* Another machine: another boot id, a clock since boot that begins anew. */
static void folder_that_moved_to_another_machine_goes_on_intact(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    const struct ledger_context there = {
        .random = &random_kernel,
        .boot = "5b1c7e0a-0000-4000-8000-000000000000"};
    struct fault fault = {"", ""};
    char reason[512];
    garden_make(&garden, NULL);
    garden_wait(&garden, INT64_C(90000000000));
    struct ledger *ledger = garden_open(&garden);
    assert_ok(ledger_close(&ledger, garden.now, "moved", &fault));
    garden.now.utc_us += INT64_C(3600000000);
    garden.now.boot_us = 1000000;
    assert_ok(ledger_open(garden.dir, &there, garden.now, &ledger, &fault));
    assert_string_equal(ledger_recovered(ledger), "");
    assert_ok(ledger_close(&ledger, garden.now, "test", &fault));
    assert_int_equal(verdict_of(&garden, reason), VERIFY_INTACT);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(nothing_is_written_after_close),
        cmocka_unit_test(close_line_without_its_checkpoint_is_signed_later),
        cmocka_unit_test(line_after_close_that_nobody_signed_is_unverifiable),
        cmocka_unit_test(recipients_line_changes_who_opens_what_follows),
        cmocka_unit_test(later_format_is_refused_with_the_reason),
        cmocka_unit_test(folder_that_moved_to_another_machine_goes_on_intact),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
