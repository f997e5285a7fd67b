/* What nobody signed says nothing: lines and files of single kinds, by what
 * they try to say. unsigned_kinds_test has every kind. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/note.h"
#include "tests/check.h"
#include "tests/unit/ledger/intruder.h"
#include "tests/unit/ledger/judge.h"
#include "tests/unit/ledger/plot.h"

static struct garden garden;

static void add_index(const char *text)
{
    struct plot_line field;
    plot_indexed(&field, "tank", text);
    intruder_appends(garden.dir, "bait", field.field, field.fields);
}

static void an_index_that_only_an_unsigned_line_names_is_unverifiable(void **s)
{
    (void)s;
    plot_make(&garden, false);
    add_index("another"); /* as a crash before the file leaves it */
    assert_verdict(&garden, VERIFY_INTACT);
    /* Or by anybody's hand. */
    plot_put(&garden, PLOT_BAIT "index.age", "another");
    assert_reason(&garden, VERIFY_UNVERIFIABLE, "which nobody signed");
    plot_put(&garden, PLOT_BAIT "index.age", "a third");
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

/* The line is signed before its file is there. */
static void an_index_of_before_its_last_line_is_no_tampering(void **state)
{
    (void)state;
    plot_make(&garden, false);
    struct ledger *ledger = garden_open(&garden);
    struct plot_line field;
    plot_indexed(&field, "tank", "anew");
    plot_append(&garden, ledger, "bait", field.field, field.fields);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_verdict(&garden, VERIFY_INTACT);
    plot_put(&garden, PLOT_BAIT "index.age", "anew");
    assert_verdict(&garden, VERIFY_INTACT);
    plot_put(&garden, PLOT_BAIT "index.age", "a third");
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

static void an_unsigned_bait_line_names_nothing_in_place_of_a_signed_one(
    void **state)
{
    (void)state;
    plot_make(&garden, false);
    struct plot_line field;
    plot_added(&field, "tank", "another", "where words are");
    intruder_appends(garden.dir, "bait", field.field, field.fields);
    assert_verdict(&garden, VERIFY_INTACT);
    plot_put(&garden, PLOT_BAIT "original.pdf.age", "another");
    assert_reason(&garden, VERIFY_UNVERIFIABLE, "which nobody signed");
    plot_put(&garden, PLOT_BAIT "original.pdf.age", "a third");
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

static void add_seg(void)
{
    char ct[DIGEST_TEXT_SIZE];
    const struct line_field field[] = {{"camera", "garage"},
                                       {"date", "2011-11-01"},
                                       {"n", "7"},
                                       {"init", "0"},
                                       {"t0", "2011-11-01T20:05:00.000000Z"},
                                       {"pts", "10000000"},
                                       {"us", "8000000"},
                                       {"frames", "200"},
                                       {"key", "1"},
                                       {"bytes", "10"},
                                       {"ct", plot_hash("", ct)}};
    intruder_appends(garden.dir, "seg", field, 11);
}

static void an_unsigned_line_of_a_file_that_is_not_here_accuses_nobody(void **s)
{
    (void)s;
    plot_make(&garden, false);
    add_seg();
    assert_reason(&garden, VERIFY_UNVERIFIABLE,
                  "nobody signed this line: the file that it names is missing");
    garden_remove(&garden);
}

/* A link in the chain that does not fit, behind the last checkpoint. */
static void an_unsigned_line_accuses_no_signed_one(void **state)
{
    (void)state;
    struct page page STING_AUTO(page_release) = {.lines = 0};
    plot_make(&garden, false);
    add_seg();
    page_read(&garden, &page);
    char *end = (char *)page.text.data + page.text.size - 2;
    *end = *end == '0' ? '1' : '0'; /* of its prev= */
    page_write(&garden, &page);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.verdict, VERIFY_UNVERIFIABLE);
    assert_int_equal(report.at, page.lines - 1);
    intruder_appends(
        garden.dir, "camera",
        (const struct line_field[]){{"camera", "tap"}, {"state", "on"}}, 2);
    struct verify_report more STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(more.verdict, VERIFY_UNVERIFIABLE);
    assert_int_equal(more.at, page.lines - 1);
    garden_remove(&garden);
}

static void a_change_that_only_unsigned_lines_tell_is_told_as_such(void **state)
{
    (void)state;
    char hex[DIGEST_TEXT_SIZE];
    plot_make(&garden, false);
    plot_put(&garden, PLOT_YAML, "goal: air\n");
    plot_put(&garden, "keys/mark", "a kez");
    assert_words(&garden, "operation.yaml was CHANGED after entry",
                 "is not signed");
    const struct line_field config[] = {
        {"sha256", plot_hash("goal: air\n", hex)}, {"by", "Eve"}};
    intruder_appends(garden.dir, "config", config, 2);
    const struct line_field relocked[] = {{"item", "keys/mark"},
                                          {"state", "relocked"},
                                          {"after", plot_hash("a kez", hex)}};
    intruder_appends(garden.dir, "custody", relocked, 3);
    assert_verdict(&garden, VERIFY_INTACT);
    assert_words(&garden, "operation.yaml was CHANGED after entry", "Eve");
    assert_words(&garden, "says so, and is not signed", NULL);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.config_unsigned_at, report.entries - 2);
    assert_int_equal(report.altered[0].unsigned_at, report.entries - 1);
    assert_int_equal(unlinkat(garden.dir, PLOT_YAML, 0), 0);
    assert_words(&garden, "operation.yaml is not here",
                 "operation.yaml was CHANGED");
    garden_remove(&garden);
}

/* A checkpoint over so many lines that nobody of ours signed, at the end. */
static void make_up_checkpoint(uint64_t size)
{
    struct buffer notes STING_AUTO(buffer_release) = {0};
    struct buffer made STING_AUTO(buffer_release) = {0};
    struct note note;
    char origin[64];
    const char *path = "evidence/checkpoints/2011-11-01.notes";
    struct secret key = random_secret(&random_kernel);
    assert_true(!file_read(garden.dir, path, 1000000, &notes, NULL));
    assert_true(!note_parse(buffer_bytes(&notes), &note));
    (void)snprintf(origin, sizeof origin, "%.*s", (int)note.origin.size,
                   (const char *)note.origin.data);
    assert_true(!note_write(&made, origin, size, (struct digest){{0}}));
    assert_true(!note_sign(&made, 0, "anybody", &key));
    assert_true(!note_close(&made));
    assert_true(!buffer_append(&notes, buffer_bytes(&made)));
    assert_true(
        !file_write(garden.dir, path, buffer_bytes(&notes), 0600, NULL));
}

/* A checkpoint that nobody of ours signed signs no line. */
static void a_checkpoint_made_up_excuses_nothing(void **state)
{
    (void)state;
    struct page page STING_AUTO(page_release) = {.lines = 0};
    plot_make(&garden, false);
    assert_true(!unlinkat(garden.dir, PLOT_FIRST, 0));
    const struct line_field field[] = {
        {"what", "recordings"}, {"camera", "garage"}, {"date", "2011-11-01"}};
    intruder_appends(garden.dir, "erase", field, 3);
    page_read(&garden, &page);
    make_up_checkpoint(page.lines);
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

/* Nor does it accuse the last line, which a crash left without its end. */
static void a_checkpoint_made_up_says_nothing_of_a_torn_line(void **state)
{
    (void)state;
    struct page page STING_AUTO(page_release) = {.lines = 0};
    plot_make(&garden, false);
    page_read(&garden, &page);
    int file STING_AUTO(fd_close) =
        openat(garden.dir, "evidence/ledger", O_WRONLY | O_APPEND);
    assert_int_equal(write(file, "17 2011-11", 10), 10);
    assert_verdict(&garden, VERIFY_INTACT);
    make_up_checkpoint(page.lines + 1);
    assert_reason(&garden, VERIFY_UNVERIFIABLE,
                  "lacks the signature of the log key");
    garden_remove(&garden);
}

/* Lines of baits that somebody made up. */
static void adopt_baits(int count)
{
    for (int i = 0; i < count; i++) {
        char name[16], path[32];
        (void)snprintf(name, sizeof name, "b%d", i);
        (void)snprintf(path, sizeof path, "bait/%s", name);
        assert_true(!folder_make(garden.dir, path));
        struct plot_line made_up;
        plot_added(&made_up, name, "none", "nothing");
        intruder_appends(garden.dir, "bait", made_up.field, made_up.fields);
    }
    assert_true(plot_adopt(&garden));
}

static void adopted_baits_keep_no_later_one_from_being_judged(void **state)
{
    (void)state;
    plot_make(&garden, false);
    adopt_baits(256);
    assert_true(!folder_make(garden.dir, "bait/well"));
    plot_put(&garden, "bait/well/original.pdf.age", "a well");
    plot_put(&garden, "bait/well/reference.age", "its words");
    struct ledger *ledger = garden_open(&garden);
    struct plot_line added;
    plot_added(&added, "well", "a well", "its words");
    plot_append(&garden, ledger, "bait", added.field, added.fields);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_verdict(&garden, VERIFY_INTACT);
    plot_put(&garden, "bait/well/original.pdf.age", "another");
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

/* A crash between the line of a bait and its last file leaves no bait: who
 * says that copies of it are out does not make its files missing. */
static void an_unsigned_issue_makes_no_bait_of_what_was_broken_off(void **state)
{
    (void)state;
    plot_make(&garden, false);
    struct ledger *ledger = garden_open(&garden);
    struct plot_line added;
    plot_added(&added, "well", "a well", "its words");
    plot_append(&garden, ledger, "bait", added.field, added.fields);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_true(!folder_make(garden.dir, "bait/well/register"));
    plot_put(&garden, "bait/well/register/00000001-00000002.age", "nobody");
    assert_verdict(&garden, VERIFY_INTACT);
    struct plot_line issued;
    plot_issued(&issued, "well", "nobody");
    intruder_appends(garden.dir, "issue", issued.field, issued.fields);
    assert_verdict(&garden, VERIFY_INTACT);
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(
            an_index_that_only_an_unsigned_line_names_is_unverifiable),
        cmocka_unit_test(an_index_of_before_its_last_line_is_no_tampering),
        cmocka_unit_test(
            an_unsigned_bait_line_names_nothing_in_place_of_a_signed_one),
        cmocka_unit_test(
            an_unsigned_line_of_a_file_that_is_not_here_accuses_nobody),
        cmocka_unit_test(an_unsigned_line_accuses_no_signed_one),
        cmocka_unit_test(
            a_change_that_only_unsigned_lines_tell_is_told_as_such),
        cmocka_unit_test(a_checkpoint_made_up_excuses_nothing),
        cmocka_unit_test(a_checkpoint_made_up_says_nothing_of_a_torn_line),
        cmocka_unit_test(
            an_unsigned_issue_makes_no_bait_of_what_was_broken_off),
        cmocka_unit_test(adopted_baits_keep_no_later_one_from_being_judged),
    };
    return cmocka_run_group_tests_name("unsigned", test, NULL, NULL);
}
