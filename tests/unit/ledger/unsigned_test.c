/* What nobody signed says nothing: anybody can append well-chained lines to a
 * copy and put files beside it. For every kind of line, what such a one does
 * to a verdict; the table is in docs/formats/ledger.md. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/note.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"
#include "tests/unit/ledger/judge.h"

#define FIRST "evidence/segments/garage/2011-11-01/00000000.m4s.age"
#define YAML "operation.yaml"
#define BAIT "bait/tank/"

static struct garden garden;

static char *hash_text(const char *text, char hex[DIGEST_TEXT_SIZE])
{
    return digest_text(digest_of(bytes_of_text(text)), hex);
}

static void put(const char *path, const char *text)
{
    assert_true(!file_write(garden.dir, path, bytes_of_text(text), 0600, NULL));
}

static void append(struct ledger *ledger, const char *kind,
                   const struct line_field field[], size_t fields)
{
    assert_true(
        !ledger_append(ledger, garden.now, kind, field, fields, NULL, NULL));
}

/* ---- a record with something of everything ---- */

static void add_bait(struct ledger *ledger)
{
    char hex[3][DIGEST_TEXT_SIZE];
    assert_true(!folder_make(garden.dir, BAIT "register"));
    put(BAIT "original.pdf.age", "a tank");
    put(BAIT "reference.age", "where words are");
    put(BAIT "index.age", "how it looks");
    put(BAIT "register/00000001-00000002.age", "who has it");
    const struct line_field added[] = {
        {"bait", "tank"},
        {"state", "added"},
        {"original", hash_text("plain", hex[0])},
        {"pages", "6"},
        {"sealed", hash_text("a tank", hex[1])},
        {"reference", hash_text("where words are", hex[2])}};
    append(ledger, "bait", added, 6);
    const struct line_field indexed[] = {
        {"bait", "tank"},
        {"state", "indexed"},
        {"original", hex[0]},
        {"pages", "6"},
        {"index", hash_text("how it looks", hex[1])}};
    append(ledger, "bait", indexed, 5);
    const struct line_field issued[] = {
        {"bait", "tank"},
        {"first", "1"},
        {"count", "2"},
        {"root", hex[0]},
        {"original", hex[0]},
        {"bias", hex[0]},
        {"register", hash_text("who has it", hex[2])}};
    append(ledger, "issue", issued, 7);
}

static void add_beside(struct ledger *ledger)
{
    char hex[DIGEST_TEXT_SIZE];
    put(YAML, "goal: water\n");
    put("keys/mark", "a key");
    const struct line_field config[] = {
        {"sha256", hash_text("goal: water\n", hex)}, {"by", "Anna"}};
    append(ledger, "config", config, 2);
    const struct line_field made[] = {{"item", "keys/mark"},
                                      {"state", "made"},
                                      {"after", hash_text("a key", hex)}};
    append(ledger, "custody", made, 3);
}

static void make(bool has_gap)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    /* In memory where there is such a folder: hundreds are made. */
    garden_make(&garden, access("/dev/shm", W_OK) ? NULL : "/dev/shm");
    struct ledger *ledger = garden_open(&garden);
    assert_true(!recording_new(ledger, "garage", &recording, NULL));
    assert_true(!garden_init(&garden, recording));
    assert_true(!garden_record(&garden, recording, 0, 10, 300));
    if (has_gap) {
        garden_wait(&garden, 5000000);
        assert_true(!garden_record(&garden, recording, 15, 10, 300));
    }
    assert_true(!recording_close(recording, garden.now, NULL));
    add_bait(ledger);
    add_beside(ledger);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_verdict(&garden, has_gap ? VERIFY_GAPS : VERIFY_INTACT);
}

/* ---- a line that fits the chain, without a key ---- */

static void add_line(const char *kind, const struct line_field field[],
                     size_t fields)
{
    struct page page STING_AUTO(page_release) = {.lines = 0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    const uint8_t random[LINE_RANDOM_SIZE] = {7};
    struct line last;
    page_read(&garden, &page);
    assert_true(!line_parse(page.line[page.lines - 1], &last));
    struct line_head head = {.seq = page.lines, .at = last.at};
    memcpy(head.boot, last.boot, sizeof head.boot);
    if (line_begin(&text, &head, kind, field, fields)) {
        fail_msg("no line of kind %s can be made", kind);
    }
    assert_true(!line_end(&text, random, digest_of(page.line[page.lines - 1]),
                          last.prev_size));
    int file STING_AUTO(fd_close) =
        openat(garden.dir, "evidence/ledger", O_WRONLY | O_APPEND);
    assert_int_equal(write(file, text.data, text.size), text.size);
}

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
    return is_hash(key) ? hash_text(is ? "a tank" : key, hex) : "1";
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
    add_line(kind->name, field, fields);
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
    make(false);
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
    make(true);
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
    static const char *const gone[] = {FIRST, BAIT "original.pdf.age",
                                       BAIT "register/00000001-00000002.age"};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
        make(false);
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
    make(false);
    put(YAML, "a tank");
    put("keys/mark", "a tank");
    put(BAIT "register/00000003-00000004.age", "somebody else");
    assert_true(!folder_make(garden.dir, "evidence/blobs"));
    put("evidence/blobs/00.age", "a blob");
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.said.config, VERIFY_CONFIG_CHANGED);
    assert_int_equal(report.altereds, 1);
    assert_int_equal(report.unclaimed, 2);
    remember();
    each_kind(keeps_intact);
    forget();
}

/* ---- what the next writer signs ---- */

/* A writer that comes, finds the line, and signs what it found; or refuses. */
static bool adopt(void)
{
    struct ledger *ledger = NULL;
    const struct ledger_context context = {
        .random = &random_kernel,
        .boot = "0a1b2c3d-0000-4000-8000-000000000000",
        .version = "0.1.0"};
    garden_wait(&garden, 1000000);
    if (ledger_open(garden.dir, &context, garden.now, &ledger, NULL)) {
        return false;
    }
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    return true;
}

static size_t adopted;

/* Recording kinds are told as what they say, also as a gap. */
static void adopted_keeps_intact(const struct line_kind *kind, bool all,
                                 bool is)
{
    if (!all) {
        return;
    }
    make(false);
    put(YAML, "a tank");
    put("keys/mark", "a tank");
    add_kind(kind, all, is);
    adopted += adopt();
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
    make(false);
    assert_true(!unlinkat(garden.dir, FIRST, 0));
    add_kind(kind, all, is);
    adopted += adopt();
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.verdict, VERIFY_TAMPERED);
    assert_string_equal(report.file, FIRST);
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

/* ---- by name ---- */

static void add_index(const char *text)
{
    char hex[2][DIGEST_TEXT_SIZE];
    const struct line_field field[] = {{"bait", "tank"},
                                       {"state", "indexed"},
                                       {"original", hash_text("plain", hex[0])},
                                       {"pages", "6"},
                                       {"index", hash_text(text, hex[1])}};
    add_line("bait", field, 5);
}

static void an_index_that_only_an_unsigned_line_names_is_unverifiable(void **s)
{
    (void)s;
    make(false);
    add_index("another"); /* as a crash before the file leaves it */
    assert_verdict(&garden, VERIFY_INTACT);
    put(BAIT "index.age", "another"); /* or by anybody's hand */
    assert_reason(&garden, VERIFY_UNVERIFIABLE, "which nobody signed");
    put(BAIT "index.age", "a third");
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

/* The line is signed before its file is there. */
static void an_index_of_before_its_last_line_is_no_tampering(void **state)
{
    (void)state;
    char hex[2][DIGEST_TEXT_SIZE];
    make(false);
    struct ledger *ledger = garden_open(&garden);
    const struct line_field field[] = {{"bait", "tank"},
                                       {"state", "indexed"},
                                       {"original", hash_text("plain", hex[0])},
                                       {"pages", "6"},
                                       {"index", hash_text("anew", hex[1])}};
    append(ledger, "bait", field, 5);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_verdict(&garden, VERIFY_INTACT);
    put(BAIT "index.age", "anew");
    assert_verdict(&garden, VERIFY_INTACT);
    put(BAIT "index.age", "a third");
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

static void an_unsigned_bait_line_names_nothing_in_place_of_a_signed_one(
    void **state)
{
    (void)state;
    char hex[2][DIGEST_TEXT_SIZE];
    make(false);
    const struct line_field field[] = {
        {"bait", "tank"},
        {"state", "added"},
        {"original", hash_text("plain", hex[0])},
        {"pages", "6"},
        {"sealed", hash_text("another", hex[1])},
        {"reference", hash_text("where words are", hex[0])}};
    add_line("bait", field, 6);
    assert_verdict(&garden, VERIFY_INTACT);
    put(BAIT "original.pdf.age", "another");
    assert_reason(&garden, VERIFY_UNVERIFIABLE, "which nobody signed");
    put(BAIT "original.pdf.age", "a third");
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
                                       {"ct", hash_text("", ct)}};
    add_line("seg", field, 11);
}

static void an_unsigned_line_of_a_file_that_is_not_here_accuses_nobody(void **s)
{
    (void)s;
    make(false);
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
    make(false);
    add_seg();
    page_read(&garden, &page);
    char *end = (char *)page.text.data + page.text.size - 2;
    *end = *end == '0' ? '1' : '0'; /* of its prev= */
    page_write(&garden, &page);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.verdict, VERIFY_UNVERIFIABLE);
    assert_int_equal(report.at, page.lines - 1);
    add_line("camera",
             (const struct line_field[]){{"camera", "tap"}, {"state", "on"}},
             2);
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
    make(false);
    put(YAML, "goal: air\n");
    put("keys/mark", "a kez");
    assert_words(&garden, "operation.yaml was CHANGED after entry",
                 "is not signed");
    const struct line_field config[] = {
        {"sha256", hash_text("goal: air\n", hex)}, {"by", "Eve"}};
    add_line("config", config, 2);
    const struct line_field relocked[] = {{"item", "keys/mark"},
                                          {"state", "relocked"},
                                          {"after", hash_text("a kez", hex)}};
    add_line("custody", relocked, 3);
    assert_verdict(&garden, VERIFY_INTACT);
    assert_words(&garden, "operation.yaml was CHANGED after entry", "Eve");
    assert_words(&garden, "says so, and is not signed", NULL);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.config_unsigned_at, report.entries - 2);
    assert_int_equal(report.altered[0].unsigned_at, report.entries - 1);
    assert_int_equal(unlinkat(garden.dir, YAML, 0), 0);
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
    make(false);
    assert_true(!unlinkat(garden.dir, FIRST, 0));
    const struct line_field field[] = {
        {"what", "recordings"}, {"camera", "garage"}, {"date", "2011-11-01"}};
    add_line("erase", field, 3);
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
    make(false);
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
    char hex[3][DIGEST_TEXT_SIZE];
    for (int i = 0; i < count; i++) {
        char name[16], path[32];
        (void)snprintf(name, sizeof name, "b%d", i);
        (void)snprintf(path, sizeof path, "bait/%s", name);
        assert_true(!folder_make(garden.dir, path));
        const struct line_field made_up[] = {
            {"bait", name},
            {"state", "added"},
            {"original", hash_text("plain", hex[0])},
            {"pages", "6"},
            {"sealed", hash_text("none", hex[1])},
            {"reference", hash_text("nothing", hex[2])}};
        add_line("bait", made_up, 6);
    }
    assert_true(adopt());
}

static void adopted_baits_keep_no_later_one_from_being_judged(void **state)
{
    (void)state;
    char hex[3][DIGEST_TEXT_SIZE];
    make(false);
    adopt_baits(256);
    assert_true(!folder_make(garden.dir, "bait/well"));
    put("bait/well/original.pdf.age", "a well");
    put("bait/well/reference.age", "its words");
    struct ledger *ledger = garden_open(&garden);
    const struct line_field added[] = {
        {"bait", "well"},
        {"state", "added"},
        {"original", hash_text("plain", hex[0])},
        {"pages", "6"},
        {"sealed", hash_text("a well", hex[1])},
        {"reference", hash_text("its words", hex[2])}};
    append(ledger, "bait", added, 6);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_verdict(&garden, VERIFY_INTACT);
    put("bait/well/original.pdf.age", "another");
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

/* A crash between the line of a bait and its last file leaves no bait: who
 * says that copies of it are out does not make its files missing. */
static void an_unsigned_issue_makes_no_bait_of_what_was_broken_off(void **state)
{
    (void)state;
    char hex[3][DIGEST_TEXT_SIZE];
    make(false);
    struct ledger *ledger = garden_open(&garden);
    const struct line_field added[] = {
        {"bait", "well"},
        {"state", "added"},
        {"original", hash_text("plain", hex[0])},
        {"pages", "6"},
        {"sealed", hash_text("a well", hex[1])},
        {"reference", hash_text("its words", hex[2])}};
    append(ledger, "bait", added, 6);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_true(!folder_make(garden.dir, "bait/well/register"));
    put("bait/well/register/00000001-00000002.age", "nobody");
    assert_verdict(&garden, VERIFY_INTACT);
    const struct line_field issued[] = {
        {"bait", "well"},
        {"first", "1"},
        {"count", "2"},
        {"root", hex[0]},
        {"original", hex[0]},
        {"bias", hex[0]},
        {"register", hash_text("nobody", hex[1])}};
    add_line("issue", issued, 7);
    assert_verdict(&garden, VERIFY_INTACT);
    garden_remove(&garden);
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
