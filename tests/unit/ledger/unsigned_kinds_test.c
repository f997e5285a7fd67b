/* What nobody signed says nothing: anybody can append well-chained lines to a
 * copy and put files beside it. For every kind of line, what such a one does
 * to a verdict; the table is in docs/formats/ledger.md. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/check.h"
#include "tests/unit/ledger/intruder.h"
#include "tests/unit/ledger/judge.h"
#include "tests/unit/ledger/plot.h"

static struct garden garden;

/* What a key of any kind may say: of what is there, and of what is not. */
static const struct {
    const char *key, *of_what_is, *of_what_is_not;
} value[] = {
    {"camera", "garage", "cellar"},
    {"date", "2011-11-01", "2011-11-02"},
    {"bait", "tank", "well"},
    {"count", "1", "1000"},
    {"what", "recordings", "files"},
    {"cause", "crash", "torn"},
    {"state", "off", "step"},
    {"item", "keys/mark", "operation"},
    {"from", "2011-11-01T00:00:00.000000Z", "2011-11-01T20:04:41.250000Z"},
    {"to", "2011-11-03T00:00:00.000000Z", "2011-11-01T20:05:41.250000Z"},
    {"t0", "2011-11-01T20:04:41.250000Z", "2012-01-01T00:00:00.000000Z"},
    {"file", "evidence/ledger", "evidence/torn.9"},
    {"type", "tsa", "renewal"},
    {"slept_us", "86400000000", "1"},
    {"step_us", "86400000000", "-1"},
};

static bool is_hash(const char *key)
{
    static const char *const hash[] = {
        "ct",     "pt",       "blob",  "purpose_pt", "purpose",   "config",
        "sha256", "original", "bias",  "sealed",     "reference", "index",
        "root",   "register", "after", "before",     "next",      "note",
        "case",   "ca",       "crl",   "manifest",   "key"};
    for (size_t i = 0; i < sizeof hash / sizeof *hash; i++) {
        if (!strcmp(key, hash[i])) {
            return true;
        }
    }
    return false;
}

static const char *value_of(const char *key, bool is,
                            char hex[DIGEST_TEXT_SIZE])
{
    for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
        if (!strcmp(value[i].key, key)) {
            return is ? value[i].of_what_is : value[i].of_what_is_not;
        }
    }
    return is_hash(key) ? plot_hash(is ? "a tank" : key, hex) : "1";
}

/* A line of that kind, with the keys that it needs or all. */
static void add_kind(const struct line_kind *kind, bool all, bool is)
{
    struct line_field field[LINE_MOST_FIELDS];
    static char name[LINE_MOST_FIELDS][24];
    static char hex[LINE_MOST_FIELDS][DIGEST_TEXT_SIZE];
    size_t fields = 0;
    for (const char *at = kind->keys; *at;) {
        size_t size = strcspn(at, " ");
        bool needed = at[size - 1] == '!';
        if (needed || all) {
            snprintf(name[fields], sizeof *name, "%.*s", (int)(size - needed),
                     at);
            field[fields] = (struct line_field){
                name[fields], value_of(name[fields], is, hex[fields])};
            fields++;
        }
        at += size + (at[size] == ' ');
    }
    intruder_appends(garden.dir, kind->name, field, fields);
}

/* Each kind four times: with few and all keys, of what is and is not. */
static void each_kind(void (*try)(const struct line_kind *, bool, bool))
{
    size_t kinds = 0;
    for (const struct line_kind *kind; (kind = line_kind_at(kinds)); kinds++) {
        for (int way = 0; way < 4 && !kind->is_note; way++) {
            try(kind, way & 1, way & 2);
        }
    }
    assert_true(kinds > 40);
}

/* The record without that line. */
static struct verify_report before;

static off_t before_bytes;

static void remember(void)
{
    struct stat info;
    assert_true(!fstatat(garden.dir, "evidence/ledger", &info, 0));
    before_bytes = info.st_size;
    before = judge(&garden, false);
}

static void forget(void)
{
    verify_report_release(&before);
    garden_remove(&garden);
}

static void restore(void)
{
    int file STING_AUTO(fd_close) =
        openat(garden.dir, "evidence/ledger", O_WRONLY);
    assert_true(!ftruncate(file, before_bytes));
}

static void expect(const struct line_kind *kind, bool all, bool is,
                   enum verify_verdict least, enum verify_verdict most)
{
    add_kind(kind, all, is);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    if (report.verdict < least || report.verdict > most) {
        fail_msg("%s (%s keys, of what is%s): %s at %d: %s", kind->name,
                 all ? "all" : "few", is ? "" : " not",
                 verify_verdict_text(report.verdict), (int)report.at,
                 report.reason);
    }
    if (report.verdict == before.verdict) { /* nor is anything else told */
        assert_int_equal(report.said.gaps, before.said.gaps);
        assert_int_equal(report.erased, before.erased);
        assert_int_equal(report.unclaimed, before.unclaimed);
        assert_int_equal(report.said.config, before.said.config);
        assert_int_equal(report.said.changes, before.said.changes);
        assert_int_equal(report.altereds, before.altereds);
        assert_int_equal(report.said.clocks, before.said.clocks);
        assert_int_equal(report.beacons, before.beacons);
        assert_int_equal(report.said.stops, before.said.stops);
        assert_string_equal(report.reason, before.reason);
    }
    assert_int_equal(report.tail_entries, 1);
    restore();
}

static void keeps_intact(const struct line_kind *kind, bool all, bool is)
{
    expect(kind, all, is, VERIFY_INTACT, VERIFY_UNVERIFIABLE);
}

static void no_unsigned_line_makes_an_intact_record_tampered(void **state)
{
    (void)state;
    plot_make(&garden, false);
    remember();
    each_kind(keeps_intact);
    forget();
}

static void keeps_gaps(const struct line_kind *kind, bool all, bool is)
{
    expect(kind, all, is, VERIFY_GAPS, VERIFY_UNVERIFIABLE);
}

static void no_unsigned_line_makes_a_record_with_gaps_better(void **state)
{
    (void)state;
    plot_make(&garden, true);
    remember();
    each_kind(keeps_gaps);
    forget();
}

static void stays_tampered(const struct line_kind *kind, bool all, bool is)
{
    expect(kind, all, is, VERIFY_TAMPERED, VERIFY_TAMPERED);
}

static void no_unsigned_line_makes_a_tampered_record_better(void **state)
{
    (void)state;
    static const char *const gone[] = {PLOT_FIRST, PLOT_BAIT "original.pdf.age",
                                       PLOT_BAIT
                                       "register/00000001-00000002.age"};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
        plot_make(&garden, false);
        assert_true(!unlinkat(garden.dir, gone[i], 0));
        remember();
        each_kind(stays_tampered);
        forget();
    }
}

/* What was changed beside the evidence, and what was put there. */
static void no_unsigned_line_hides_what_was_changed(void **state)
{
    (void)state;
    plot_make(&garden, false);
    plot_put(&garden, PLOT_YAML, "a tank");
    plot_put(&garden, "keys/mark", "a tank");
    plot_put(&garden, PLOT_BAIT "register/00000003-00000004.age",
             "somebody else");
    assert_true(!folder_make(garden.dir, "evidence/blobs"));
    plot_put(&garden, "evidence/blobs/00.age", "a blob");
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.said.config, VERIFY_CONFIG_CHANGED);
    assert_int_equal(report.altereds, 1);
    assert_int_equal(report.unclaimed, 2);
    remember();
    each_kind(keeps_intact);
    forget();
}

static size_t adopted;

/* Recording kinds are told as what they say, also as a gap. */
static void adopted_keeps_intact(const struct line_kind *kind, bool all,
                                 bool is)
{
    if (!all) {
        return;
    }
    plot_make(&garden, false);
    plot_put(&garden, PLOT_YAML, "a tank");
    plot_put(&garden, "keys/mark", "a tank");
    add_kind(kind, all, is);
    adopted += plot_adopt(&garden);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    if (report.verdict > VERIFY_UNVERIFIABLE) {
        fail_msg("%s of what is%s: %s at %d: %s", kind->name, is ? "" : " not",
                 verify_verdict_text(report.verdict), (int)report.at,
                 report.reason);
    }
    assert_int_equal(report.said.config, VERIFY_CONFIG_CHANGED);
    assert_int_equal(report.altereds, 1);
    assert_int_equal(report.said.changes, 0);
    assert_int_equal(report.beacons, 0);
    garden_remove(&garden);
}

static void no_adopted_line_makes_an_intact_record_tampered(void **state)
{
    (void)state;
    adopted = 0;
    each_kind(adopted_keeps_intact);
    assert_true(adopted > 60);
}

static void adopted_stays_tampered(const struct line_kind *kind, bool all,
                                   bool is)
{
    if (!all || !is || !line_instructs(kind->name)) {
        return;
    }
    plot_make(&garden, false);
    assert_true(!unlinkat(garden.dir, PLOT_FIRST, 0));
    add_kind(kind, all, is);
    adopted += plot_adopt(&garden);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.verdict, VERIFY_TAMPERED);
    assert_string_equal(report.file, PLOT_FIRST);
    assert_int_equal(report.erased, 0);
    garden_remove(&garden);
}

static void no_adopted_line_makes_a_tampered_record_better(void **state)
{
    (void)state;
    adopted = 0;
    each_kind(adopted_stays_tampered);
    assert_true(adopted > 15);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(no_unsigned_line_makes_an_intact_record_tampered),
        cmocka_unit_test(no_unsigned_line_makes_a_record_with_gaps_better),
        cmocka_unit_test(no_unsigned_line_makes_a_tampered_record_better),
        cmocka_unit_test(no_unsigned_line_hides_what_was_changed),
        cmocka_unit_test(no_adopted_line_makes_an_intact_record_tampered),
        cmocka_unit_test(no_adopted_line_makes_a_tampered_record_better),
    };
    return cmocka_run_group_tests_name("unsigned kinds", test, NULL, NULL);
}
