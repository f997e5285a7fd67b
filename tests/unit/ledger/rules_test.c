/* The verifier's rules, each by the name that docs/formats/ledger.md gives
 * it, against somebody who has every key that there ever was: all is chained
 * and signed, and one thing is not as the rule says. V8, V9 of recordings and
 * V11: rules_files_test.c. V10: anchors. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger/ledger_state.h"
#include "tests/check.h"
#include "tests/unit/ledger/forge.h"
#include "tests/unit/ledger/judge.h"

#define NOTES "evidence/checkpoints/2011-11-01.notes"
#define OTHER_BOOT "0badb007"

static struct forge forge; /* too large for the stack */
static struct garden garden;

static void make(size_t epochs)
{
    forge_make(&garden, &forge, epochs);
    assert_verdict(&garden, VERIFY_INTACT);
}

static void write_and_expect(enum verify_verdict expected, const char *words)
{
    forge_write(&garden, &forge);
    assert_reason(&garden, expected, words);
    garden_remove(&garden);
}

static void with_all_keys_an_honest_record_is_forged_whole(void **state)
{
    (void)state;
    make(4); /* what the other tests stand on: the forger alone is unseen */
    forge_write(&garden, &forge);
    assert_verdict(&garden, VERIFY_INTACT);
    garden_remove(&garden);
}

/* ---- V1 ---- */

static void v1_a_kind_or_key_of_a_later_version_is_unverifiable(void **state)
{
    (void)state;
    make(1);
    forge_change(&forge, forge_find(&forge, "camera", 0),
                 " camera camera=", " periscope camera=");
    write_and_expect(VERIFY_UNVERIFIABLE, "does not know");
    make(1);
    forge_change(&forge, forge_find(&forge, "camera", 0), " state=on",
                 " state=on lens=wide");
    write_and_expect(VERIFY_UNVERIFIABLE, "does not know");
}

static void v1_a_line_in_another_spelling_is_tampered(void **state)
{
    (void)state;
    static const char *const change[][2] = {
        {" state=on", " state=on "},         /* two blanks */
        {" state=on", " state=on state=on"}, /* a key twice */
        {" state=on", " state=%6fn"},        /* escaped without need */
        {" state=on", " state=o%00n"},       /* a NUL */
        {" state=on", " state=o\xd0\xbf"},   /* no ASCII: looks like it */
        {" state=on", " state=on prev=00"},  /* an end in the middle */
        {" state=on", " r=00 state=on"},     /* another */
        {" state=on", ""},                   /* a needed key is gone */
        {" camera=tap state=on", " state=on camera=tap"}, /* their order */
        {"camera=tap", "camera=tap\r"},                   /* CR */
        {"camera=tap", "camera=tap\tx"},                  /* tab */
        {"+", "+0"},                                      /* a leading zero */
        {"2011-11-01T", "2011-11-01t"},                   /* lower case */
        {"000Z ", "Z "},                                  /* other decimals */
    };
    for (size_t i = 0; i < sizeof change / sizeof *change; i++) {
        make(1);
        forge_change(&forge, forge_find(&forge, "camera", 0), change[i][0],
                     change[i][1]);
        write_and_expect(VERIFY_TAMPERED, "not one that sting writes");
    }
}

static void v1_a_line_put_into_a_line_is_tampered(void **state)
{
    (void)state;
    make(1);
    size_t at = forge_find(&forge, "camera", 0);
    forge_change(&forge, at, " state=on", "\n");
    write_and_expect(VERIFY_TAMPERED, "");
    make(1); /* escaped, it is text of a value and nothing else */
    forge_change(&forge, at, " state=on", " state=on%0aprev%3d00");
    forge_write(&garden, &forge);
    assert_verdict(&garden, VERIFY_INTACT);
    garden_remove(&garden);
}

/* A line of exactly so many bytes, by the length of a value. */
static void make_long(size_t size)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    make(1);
    char *line = forge.line[forge_find(&forge, "camera", 0)];
    char *found = strstr(line, " state=on") + strlen(" state=on");
    int more = (int)(size - strlen(line) - strlen(" source="));
    assert_true(!buffer_printf(&text, " source=%0*d%s", more, 7, found));
    memcpy(found, buffer_text(&text), text.size + 1);
    assert_int_equal(strlen(line), size);
}

static void v1_a_line_that_is_too_long_is_tampered(void **state)
{
    (void)state;
    make_long(LINE_MOST_BYTES);
    forge_write(&garden, &forge);
    assert_verdict(&garden, VERIFY_INTACT);
    garden_remove(&garden);
    make_long(LINE_MOST_BYTES + 1);
    write_and_expect(VERIFY_TAMPERED, "not one that sting writes");
}

/* ---- V2 ---- */

static void v2_a_number_left_out_or_used_twice_is_tampered(void **state)
{
    (void)state;
    make(1);
    forge.keeps_numbers = true;
    forge_remove(&forge, forge_find(&forge, "camera", 0));
    write_and_expect(VERIFY_TAMPERED, "is numbered");
    make(1);
    forge.keeps_numbers = true;
    forge_insert_text(&forge, 4, forge.line[forge_find(&forge, "camera", 0)]);
    write_and_expect(VERIFY_TAMPERED, "is numbered");
}

static void v2_a_line_that_does_not_name_the_one_before_is_tampered(void **s)
{
    (void)s;
    make(2);
    forge.keeps_chain = true; /* and is signed so */
    forge_change(&forge, forge_find(&forge, "camera", 0), "camera=tap",
                 "camera=tip");
    write_and_expect(VERIFY_TAMPERED, "changed after it was written");
}

/* ---- V3 and V4 ---- */

static void v3_a_signed_root_of_other_lines_is_tampered(void **state)
{
    (void)state;
    make(3);
    forge.other_note = 2;
    forge.has_other_root = true;
    write_and_expect(VERIFY_TAMPERED, "not the ones that were signed");
}

static void v4_a_signature_by_another_key_is_tampered(void **state)
{
    (void)state;
    make(3); /* both keys are replaced: neither is the operation's */
    struct secret other = random_secret(&random_kernel);
    forge.other_note = 2;
    forge.other_key = &other;
    forge.other_epoch = 1;
    write_and_expect(VERIFY_TAMPERED, "another key than the epoch key");
    make(3);
    forge.log_key = random_secret(&random_kernel);
    write_and_expect(VERIFY_TAMPERED, "another key than the log key");
}

static void v4_a_checkpoint_without_a_signature_is_unverifiable(void **state)
{
    (void)state;
    make(3);
    forge.lacks_epoch_sig = true;
    write_and_expect(VERIFY_UNVERIFIABLE,
                     "lacks the signature of the epoch key");
}

/* ---- V5 ---- */

static void v5_an_epoch_closed_twice_or_never_is_tampered(void **state)
{
    (void)state;
    make(3); /* CVE-2023-31438: a close is left out, all else made good */
    forge_remove(&forge, forge_find(&forge, "epoch", 0));
    write_and_expect(VERIFY_TAMPERED, "");
    make(3);
    size_t at = forge_find(&forge, "epoch", 0);
    forge_insert_text(&forge, at + 1, forge.line[at]);
    write_and_expect(VERIFY_TAMPERED, "not closed in its turn");
}

static void v5_an_epoch_whose_closing_checkpoint_is_gone_is_unverifiable(
    void **state)
{
    (void)state;
    for (size_t note = 1; note <= 2; note++) {
        make(3);
        forge.skips_note = note;
        write_and_expect(VERIFY_UNVERIFIABLE, "that closes epoch");
    }
}

static void v5_a_checkpoint_that_closes_another_line_is_never_intact(void **s)
{
    (void)s;
    make(2); /* a line slips in between an epoch's line and its checkpoint */
    forge.late_note = 1;
    write_and_expect(VERIFY_TAMPERED, "another key than the epoch key");
}

/* ---- V6 ---- */

static void v6_an_old_entry_under_a_newer_key_is_tampered(void **state)
{
    (void)state;
    const struct line_field field[] = {{"camera", "tap"}, {"state", "on"}};
    char boot[LINE_BOOT_SIZE];
    make(4); /* CVE-2023-31439 */
    size_t at = forge_find(&forge, "stop", 0);
    struct moment old = forge_moment(&forge, 3, boot);
    forge_insert(&forge, at, boot, old, "camera", field, 2);
    write_and_expect(VERIFY_TAMPERED, "does not lie in its epoch");
}

static void v6_an_old_time_of_day_under_a_newer_key_is_tampered(void **state)
{
    (void)state;
    const struct line_field field[] = {{"camera", "tap"}, {"state", "on"}};
    char boot[LINE_BOOT_SIZE];
    make(4);
    size_t at = forge_find(&forge, "stop", 0);
    struct moment when = forge_moment(&forge, at, boot);
    when.utc_us -= INT64_C(120000000);
    forge_insert(&forge, at, boot, when, "camera", field, 2);
    write_and_expect(VERIFY_TAMPERED, "lies 120.0 s before its epoch");
    make(4); /* when a step is told both ways, it is so */
    when = forge_moment(&forge, at, boot);
    when.utc_us -= INT64_C(120000000);
    const struct line_field back[] = {{"state", "step"},
                                      {"step_us", "-120000000"}};
    const struct line_field forth[] = {{"state", "step"},
                                       {"step_us", "120000000"}};
    forge_insert(&forge, at, boot, when, "clock", back, 2);
    forge_insert(&forge, at + 1, boot, when, "camera", field, 2);
    forge_insert(&forge, at + 2, boot, forge_moment(&forge, at + 2, boot),
                 "clock", forth, 2);
    forge_write(&garden, &forge);
    assert_verdict(&garden, VERIFY_INTACT);
    assert_words(&garden, "set back by 120.0 s", "TAMPERED");
    garden_remove(&garden);
}

static void v6_an_entry_of_another_start_of_the_machine_is_tampered(void **s)
{
    (void)s;
    const struct line_field field[] = {{"camera", "tap"}, {"state", "on"}};
    char boot[LINE_BOOT_SIZE];
    make(2);
    size_t at = forge_find(&forge, "stop", 0);
    struct moment when = forge_moment(&forge, at, boot);
    forge_insert(&forge, at, OTHER_BOOT, when, "camera", field, 2);
    write_and_expect(VERIFY_TAMPERED, "another start of the machine");
}

static void v6_an_old_epoch_signed_by_a_newer_key_is_tampered(void **state)
{
    (void)state;
    for (int own_name = 0; own_name < 2; own_name++) {
        make(4);
        forge.other_note = 2;
        forge.other_key = &forge.epoch_key[3];
        forge.other_epoch = own_name ? 1 : 3;
        write_and_expect(VERIFY_TAMPERED, "another key than the epoch key");
    }
}

static void v6_a_session_that_begins_in_the_past_must_tell(void **state)
{
    (void)state;
    make(1);
    struct ledger *ledger = NULL;
    const struct ledger_context context = {
        .random = &random_kernel,
        .boot = "0badb007-0000-4000-8000-000000000000"};
    struct moment past = {garden.now.utc_us - INT64_C(86400000000), 1000000};
    assert_true(!ledger_open(garden.dir, &context, past, &ledger, NULL));
    assert_true(!ledger_close(&ledger, past, "done", NULL));
    assert_verdict(&garden, VERIFY_INTACT);
    assert_words(&garden, "86400.0 s behind the entry before", NULL);
    assert_true(!ledger_key_read(garden.dir, "keys/epoch",
                                 &forge.epoch_key[forge.epochs++], NULL));
    forge_read(&garden, &forge);
    size_t at = forge_find(&forge, "clock", forge_find(&forge, "session", 2));
    assert_non_null(strstr(forge.line[at], "state=back"));
    forge_remove(&forge, at); /* `start` comes next: it still tells nothing */
    forge_remove(&forge, at);
    write_and_expect(VERIFY_TAMPERED, "went back with this session");
}

/* ---- V7 ---- */

static void v7_what_is_not_signed_is_told_and_nothing_signed_never_intact(
    void **state)
{
    (void)state;
    make(2);
    forge.skips_note = 3; /* the end of the second epoch is not signed */
    forge_write(&garden, &forge);
    garden_remove(&garden);
    make(1);
    struct ledger *ledger STING_AUTO(ledger_free) = garden_open(&garden);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_non_null(ledger);
    assert_int_equal(report.verdict, VERIFY_INTACT);
    assert_int_equal(report.tail_entries, 2);
    assert_words(&garden, "NOT SIGNED: 2 entries", "everything is signed");
    assert_true(!unlinkat(garden.dir, NOTES, 0));
    assert_verdict(&garden, VERIFY_UNVERIFIABLE);
    garden_remove(&garden);
}

/* ---- V12 ---- */

static void v12_a_genesis_that_the_case_key_did_not_sign_is_tampered(void **s)
{
    (void)s;
    make(1);
    forge_change(&forge, 0, " role=single", " role=office");
    write_and_expect(VERIFY_TAMPERED, "the case key did not sign");
}

static void v12_a_second_genesis_is_tampered(void **state)
{
    (void)state;
    make(2); /* at a time that fits */
    char text[LINE_MOST_BYTES + 1];
    const char *rest = strstr(forge.line[0], " genesis ");
    assert_non_null(rest);
    snprintf(text, sizeof text, "%.*s%s",
             (int)(strstr(forge.line[4], " camera ") - forge.line[4]),
             forge.line[4], rest);
    forge_insert_text(&forge, 4, text);
    write_and_expect(VERIFY_TAMPERED, "second genesis");
}

static void v12_another_log_key_than_the_one_in_the_genesis_is_tampered(
    void **state)
{
    (void)state;
    make(1);
    forge.log_key = random_secret(&random_kernel);
    write_and_expect(VERIFY_TAMPERED, "another key than the log key");
}

/* ---- the first bad time of day ---- */

static void a_bad_verdict_tells_a_time_of_day(void **state)
{
    (void)state;
    make(2);
    forge.keeps_chain = true;
    forge_change(&forge, forge_find(&forge, "camera", 0), "camera=tap",
                 "camera=tip");
    forge_write(&garden, &forge);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.verdict, VERIFY_TAMPERED);
    assert_true(report.at_us > 0);
    assert_words(&garden, "TAMPERED at entry 3 (2011-11-01T20:0", NULL);
    garden_remove(&garden);
}

static void v13_a_signed_line_behind_close_is_tampered(void **state)
{
    (void)state;
    char boot[LINE_BOOT_SIZE];
    const struct line_field field[] = {{"by", "Anna"}};
    make(1);
    size_t at = forge_find(&forge, "camera", 0);
    struct moment when = forge_moment(&forge, at, boot);
    forge_insert(&forge, at, boot, when, "close", field, 1);
    write_and_expect(VERIFY_TAMPERED, "after the operation was closed");
}

/* ---- the format before this one ---- */

static void a_record_of_format_1_is_read_and_goes_on_as_that(void **state)
{
    (void)state;
    make(2);
    forge_first_format(&garden, &forge);
    forge_write(&garden, &forge);
    assert_verdict(&garden, VERIFY_INTACT);
    struct ledger *ledger = garden_open(&garden);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_verdict(&garden, VERIFY_INTACT);
    size_t before = forge.lines;
    forge_read(&garden, &forge);
    assert_true(forge.lines >= before + 3);
    for (size_t at = 0; at < forge.lines; at++) {
        const char *prev = strstr(forge.line[at], " prev=");
        assert_int_equal(strlen(prev),
                         strlen(" prev=") + (size_t)2 * DIGEST_SIZE + 1);
    }
    garden_remove(&garden);
}

static void v2_a_line_of_another_format_is_tampered(void **state)
{
    (void)state;
    make(2);
    forge_first_format(&garden, &forge);
    forge.prev_size = 0;
    write_and_expect(VERIFY_TAMPERED, "changed after it was written");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_record_of_format_1_is_read_and_goes_on_as_that),
        cmocka_unit_test(v2_a_line_of_another_format_is_tampered),
        cmocka_unit_test(with_all_keys_an_honest_record_is_forged_whole),
        cmocka_unit_test(v1_a_kind_or_key_of_a_later_version_is_unverifiable),
        cmocka_unit_test(v1_a_line_in_another_spelling_is_tampered),
        cmocka_unit_test(v1_a_line_put_into_a_line_is_tampered),
        cmocka_unit_test(v1_a_line_that_is_too_long_is_tampered),
        cmocka_unit_test(v2_a_number_left_out_or_used_twice_is_tampered),
        cmocka_unit_test(
            v2_a_line_that_does_not_name_the_one_before_is_tampered),
        cmocka_unit_test(v3_a_signed_root_of_other_lines_is_tampered),
        cmocka_unit_test(v4_a_signature_by_another_key_is_tampered),
        cmocka_unit_test(v4_a_checkpoint_without_a_signature_is_unverifiable),
        cmocka_unit_test(v5_an_epoch_closed_twice_or_never_is_tampered),
        cmocka_unit_test(
            v5_an_epoch_whose_closing_checkpoint_is_gone_is_unverifiable),
        cmocka_unit_test(
            v5_a_checkpoint_that_closes_another_line_is_never_intact),
        cmocka_unit_test(v6_an_old_entry_under_a_newer_key_is_tampered),
        cmocka_unit_test(v6_an_old_time_of_day_under_a_newer_key_is_tampered),
        cmocka_unit_test(
            v6_an_entry_of_another_start_of_the_machine_is_tampered),
        cmocka_unit_test(v6_an_old_epoch_signed_by_a_newer_key_is_tampered),
        cmocka_unit_test(v6_a_session_that_begins_in_the_past_must_tell),
        cmocka_unit_test(
            v7_what_is_not_signed_is_told_and_nothing_signed_never_intact),
        cmocka_unit_test(
            v12_a_genesis_that_the_case_key_did_not_sign_is_tampered),
        cmocka_unit_test(v12_a_second_genesis_is_tampered),
        cmocka_unit_test(
            v12_another_log_key_than_the_one_in_the_genesis_is_tampered),
        cmocka_unit_test(v13_a_signed_line_behind_close_is_tampered),
        cmocka_unit_test(a_bad_verdict_tells_a_time_of_day),
    };
    return cmocka_run_group_tests_name("rules", test, NULL, NULL);
}
