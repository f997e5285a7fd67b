/* Exhibits of a made-up garden: made, checked, and every byte of their lists
 * changed. With a folder and a number of epochs as arguments: such an exhibit
 * is left there, to be measured. */
#include <inttypes.h>

#include "exhibit/check_folder.h"
#include "exhibit/exhibit.h"
#include "ledger/recording.h"
#include "operation/key_file.h"
#include "operation/writer.h"
#include "tests/operation_fixture.h"

#define SECOND INT64_C(1000000)
#define SEGMENTS_AN_EPOCH 7 /* of 8 s, and their lines */

static struct fixture fixture;
static struct operation *operation;
static struct operation_keys keys;
static struct secret log_key;
static struct moment now;
static int64_t began_us;

static void fragment(struct recording *recording, uint64_t number)
{
    uint8_t data[600];
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)(number * 31 + i * 7 + (i >> 8) * number);
    }
    const struct recording_fragment one = {
        .data = {data, sizeof data},
        .pts_us = (int64_t)number * 8 * SECOND,
        .duration_us = 8 * SECOND,
        .utc_us = began_us + (int64_t)number * 8 * SECOND,
        .frames = 96,
        .starts_with_key = true};
    struct fault fault = {"", ""};
    now.utc_us += 8 * SECOND;
    now.boot_us += 8 * SECOND;
    if (recording_fragment(recording, now, &one, &fault) ||
        recording_settle(recording, now, &fault)) {
        fail_msg("%s", fault.why);
    }
}

/* What a camera can see, as its worker says. */
static void sight(struct ledger *ledger, const char *camera, const char *state)
{
    const struct line_field field[] = {{"camera", camera},
                                       {"state", state},
                                       {"contrast", "0.250"},
                                       {"size", "0.100"},
                                       {"level", "20.0"}};
    assert_int_equal(ledger_append(ledger, now, "sight", field, 5, NULL, NULL),
                     STING_OK);
}

/* What became of a page, as its worker says. */
static void page(struct ledger *ledger, const char *camera)
{
    const struct line_field field[] = {
        {"camera", camera},  {"zone", "table"},
        {"bait", "tank"},    {"copy", "7"},
        {"state", "lifted"}, {"since", "2011-11-01T20:04:41.250000Z"}};
    assert_int_equal(ledger_append(ledger, now, "page", field, 6, NULL, NULL),
                     STING_OK);
}

/* A camera records for so many epochs of a minute. */
static void record(uint64_t epochs)
{
    const struct ledger_context context = {.random = &random_kernel};
    struct ledger *ledger = NULL;
    struct recording *recording = NULL;
    struct fault fault = {"", ""};
    now = clock_now();
    began_us = now.utc_us;
    if (ledger_open(operation_dir(operation), &context, now, &ledger, &fault) ||
        recording_new(ledger, "garage", &recording, &fault)) {
        fail_msg("%s", fault.why);
    }
    const struct recording_init init = {
        bytes_of_text("ftyp and moov"), 64, 48, "h264", 0, false};
    assert_int_equal(recording_init(recording, now, &init, &fault), STING_OK);
    sight(ledger, "garage", "faint");
    sight(ledger, "yard", "dark");
    page(ledger, "garage");
    page(ledger, "yard");
    for (uint64_t e = 0, n = 0; e < epochs; e++) {
        for (int i = 0; i < SEGMENTS_AN_EPOCH; i++) {
            fragment(recording, n++);
        }
        assert_int_equal(ledger_next_epoch(ledger, now, &fault), STING_OK);
    }
    assert_int_equal(recording_close(recording, now, &fault), STING_OK);
    recording_free(&recording);
    assert_int_equal(ledger_close(&ledger, now, "test", &fault), STING_OK);
}

static enum sting_status make_try(const char *folder, int64_t seconds,
                                  struct exhibit_made *made,
                                  struct fault *fault)
{
    const struct exhibit_order order = {.mark = "ABC/1",
                                        .camera = "garage",
                                        .from_us = began_us,
                                        .to_us = began_us + seconds * SECOND,
                                        .case_mark = "",
                                        .question = "",
                                        .transcript = "",
                                        .date = "2011-11-01",
                                        .log_key = &log_key};
    assert_int_equal(mkdir(folder, 0700), 0);
    int fd STING_AUTO(fd_close) = open(folder, O_RDONLY | O_DIRECTORY);
    return exhibit_make(operation, &keys, &order, fd, made, fault);
}

static struct exhibit_made make(const char *folder, int64_t seconds)
{
    struct exhibit_made made;
    struct fault fault = {"", ""};
    if (make_try(folder, seconds, &made, &fault)) {
        fail_msg("%s", fault.why);
    }
    return made;
}

static struct check_report check(const char *folder, const char *expected)
{
    struct check_report report;
    struct fault fault = {"", ""};
    const struct verify_known known = {.now_us = began_us};
    int fd STING_AUTO(fd_close) = open(folder, O_RDONLY | O_DIRECTORY);
    if (exhibit_check_folder(fd, expected, &known, &report, &fault)) {
        fail_msg("%s", fault.why);
    }
    return report;
}

static void begin(uint64_t epochs)
{
    struct fault fault = {"", ""};
    fixture = fixture_make(NULL);
    operation = fixture_open(&fixture);
    fixture_unlock(operation, &keys);
    assert_int_equal(
        key_file_load(operation_dir(operation), KEY_FILE_LOG, &log_key, &fault),
        STING_OK);
    record(epochs);
}

static void end(void)
{
    operation_keys_wipe(&keys);
    operation_close(&operation);
    fixture_release(&fixture);
}

static void a_mark_is_capitals_and_a_number(void **state)
{
    (void)state;
    static const char *const right[] = {"A/1", "ABC/1", "ABCDEF/12345",
                                        "ABC/1/W1", "ABC/10/COPY2"};
    static const char *const wrong[] = {"",
                                        "ABC",
                                        "/1",
                                        "ABC/",
                                        "ABC/0",
                                        "ABC/01",
                                        "abc/1",
                                        "ABC/1/",
                                        "ABC/1/1",
                                        "ABC/1/W",
                                        "ABC/1/W0",
                                        "ABC/1/W1/2",
                                        "../1",
                                        "A B/1",
                                        "ABC/1 ",
                                        "ABCDEFG/1",
                                        "ABC/1234567890123456789"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        assert_true(exhibit_mark_is_right(right[i]));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(exhibit_mark_is_right(wrong[i]));
    }
}

static void an_exhibit_of_many_epochs_is_intact(void **state)
{
    (void)state;
    char folder[128];
    begin(9);
    snprintf(folder, sizeof folder, "%s/exhibit", fixture.folder);
    struct exhibit_made made = make(folder, 100);
    struct check_report report = check(folder, made.case_key);
    assert_int_equal(report.verdict, VERIFY_INTACT);
    assert_true(report.epochs >= 10);
    assert_int_equal(report.films, 1);
    assert_true(report.is_expected);
    assert_int_equal(made.gaps, 0);
    end();
}

static void read_text(const char *folder, const char *name, struct buffer *out)
{
    struct fault fault = {"", ""};
    int fd STING_AUTO(fd_close) = open(folder, O_RDONLY | O_DIRECTORY);
    assert_int_equal(file_read(fd, name, 1 << 24, out, &fault), STING_OK);
}

/* An exhibit of the garage has the lines `kind` of its camera and of no other,
 * and its report says `first` and `second`. */
static void kind_is_told(const char *kind, const char *first,
                         const char *second)
{
    char folder[128];
    char line[64];
    struct buffer lines STING_AUTO(buffer_release) = {0};
    struct buffer words STING_AUTO(buffer_release) = {0};
    begin(2);
    snprintf(folder, sizeof folder, "%s/exhibit", fixture.folder);
    (void)make(folder, 40);
    read_text(folder, "data/ledger/lines.txt", &lines);
    read_text(folder, "data/REPORT.html", &words);
    snprintf(line, sizeof line, " %s camera=garage ", kind);
    assert_non_null(strstr(buffer_text(&lines), line));
    snprintf(line, sizeof line, " %s camera=yard ", kind);
    assert_null(strstr(buffer_text(&lines), line));
    assert_non_null(strstr(buffer_text(&words), first));
    assert_non_null(strstr(buffer_text(&words), second));
    end();
}

static void an_exhibit_tells_what_its_camera_could_see_and_no_other(
    void **state)
{
    (void)state;
    kind_is_told("sight", "faint", "faint");
}

static void an_exhibit_tells_what_became_of_the_page_then(void **state)
{
    (void)state;
    kind_is_told("page", "state lifted", "no camera reads that");
}

/* ---- recordings that were erased ---- */

static void date_of(char date[11])
{
    char text[CLOCK_TEXT_SIZE];
    snprintf(date, 11, "%.10s", clock_text(began_us, text));
}

/* Files of recordings, each of 8 s, are not there any more. */
static void files_go(unsigned first, unsigned count)
{
    char path[256], date[11];
    date_of(date);
    for (unsigned n = first; n < first + count; n++) {
        snprintf(path, sizeof path, "%s/evidence/segments/garage/%s/%08u%s",
                 fixture.path, date, n, ".m4s.age");
        assert_int_equal(unlink(path), 0);
    }
}

/* An `erase` line of the garage's day, signed as the last line of a writer. */
static void erase_tell(const char *count)
{
    char date[11];
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct fault fault = {"", ""};
    date_of(date);
    const struct line_field field[] = {
        {"what", "recordings"}, {"camera", "garage"},  {"date", date},
        {"count", count},       {"bytes", "10000000"}, {"why", "retention"},
        {"by", "the gardener"}};
    if (writer_open(operation, clock_now, &writer, &fault) ||
        writer_line(writer, "erase", field, 7, NULL, &fault) ||
        writer_close(&writer, &fault)) {
        fail_msg("%s", fault.why);
    }
}

/* An exhibit of 14 recordings is made, tells so many gaps and `words`. */
static void gone_is_told(size_t gaps, const char *words)
{
    char folder[128];
    struct buffer lines STING_AUTO(buffer_release) = {0};
    struct buffer report STING_AUTO(buffer_release) = {0};
    struct buffer limits STING_AUTO(buffer_release) = {0};
    snprintf(folder, sizeof folder, "%s/exhibit", fixture.folder);
    struct exhibit_made made = make(folder, 112);
    struct check_report report_of = check(folder, made.case_key);
    if (report_of.verdict != VERIFY_GAPS) {
        fail_msg("E%d: %s", report_of.rule, report_of.why);
    }
    assert_int_equal(report_of.gaps, gaps);
    assert_int_equal(made.gaps, gaps);
    read_text(folder, "data/ledger/lines.txt", &lines);
    assert_non_null(strstr(buffer_text(&lines), " erase what=recordings "));
    read_text(folder, "data/REPORT.html", &report);
    assert_non_null(strstr(buffer_text(&report), words));
    read_text(folder, "LIMITS.txt", &limits);
    assert_non_null(strstr(buffer_text(&limits), words));
}

/* None is made, for this reason. */
static void gone_is_refused(const char *why)
{
    char folder[128];
    struct exhibit_made made;
    struct fault fault = {"", ""};
    snprintf(folder, sizeof folder, "%s/exhibit", fixture.folder);
    assert_int_equal(make_try(folder, 112, &made, &fault), STING_E_ABSENT);
    if (!strstr(fault.why, why)) {
        fail_msg("%s", fault.why);
    }
}

static void what_was_erased_in_the_middle_is_a_gap(void **state)
{
    (void)state;
    begin(2);
    files_go(3, 2);
    erase_tell("2");
    gone_is_told(1, "2 recordings were made then and deleted on purpose");
    end();
}

static void what_was_erased_twice_is_two_gaps(void **state)
{
    (void)state;
    begin(2);
    files_go(3, 2);
    erase_tell("2");
    files_go(8, 1);
    erase_tell("1");
    gone_is_told(2, "1 recording was made then and deleted on purpose");
    end();
}

static void what_was_erased_at_the_start_is_told_with_what_is_there(
    void **state)
{
    (void)state;
    begin(2);
    files_go(0, 5);
    erase_tell("5");
    gone_is_told(1, "The first recording that is there begins at ");
    end();
}

static void what_was_erased_at_the_end_is_told(void **state)
{
    (void)state;
    begin(2);
    files_go(12, 2);
    erase_tell("2");
    gone_is_told(1, "what came behind it was deleted on purpose");
    end();
}

static void more_gone_than_erased_is_refused(void **state)
{
    (void)state;
    begin(2);
    files_go(3, 3);
    erase_tell("2");
    gone_is_refused("1 more recordings of garage");
    end();
}

/* Anybody can append a line; who signs is the log key. */
static void an_erasure_that_no_checkpoint_signs_excuses_nothing(void **state)
{
    (void)state;
    char path[256], date[11];
    struct buffer notes STING_AUTO(buffer_release) = {0};
    begin(2);
    date_of(date);
    snprintf(path, sizeof path, "%s/evidence/checkpoints/%s.notes",
             fixture.path, date);
    assert_int_equal(file_read(AT_FDCWD, path, 1 << 24, &notes, NULL),
                     STING_OK);
    files_go(3, 2);
    erase_tell("2");
    assert_int_equal(
        file_write(AT_FDCWD, path, buffer_bytes(&notes), 0600, NULL), STING_OK);
    gone_is_refused("2 more recordings of garage");
    end();
}

static void a_stretch_of_which_all_was_erased_is_refused(void **state)
{
    (void)state;
    begin(2);
    files_go(0, 14);
    erase_tell("14");
    gone_is_refused("all 14 recordings");
    end();
}

static bool is_signed_list(const char *path)
{
    static const char *const list[] = {
        "data/ledger/lines.txt", "data/ledger/proofs.txt",
        "data/ledger/epochs.txt", "data/ledger/checkpoint.txt",
        "signature.txt"};
    bool is_listed = false;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        is_listed = is_listed || !strcmp(path, list[i]);
    }
    return is_listed;
}

static void assert_a_flip_is_found(struct check_folder *all, size_t entry,
                                   size_t at)
{
    struct buffer pieces STING_AUTO(buffer_release) = {0};
    struct check_report report;
    uint8_t *byte = (uint8_t *)(uintptr_t)all->entry[entry].content.data + at;
    *byte ^= (uint8_t)(1 << at % 8);
    assert_int_equal(
        exhibit_check(all->entry, all->entries, "", &report, &pieces),
        STING_OK);
    *byte ^= (uint8_t)(1 << at % 8);
    if (report.verdict <= VERIFY_GAPS) {
        fail_msg("byte %zu of %s", at, all->entry[entry].path);
    }
}

/* Whoever could forge every hash of the manifests would still be found. */
static void each_byte_of_the_lists_is_under_a_signature(void **state)
{
    (void)state;
    char folder[128];
    struct fault fault = {"", ""};
    struct check_folder all = {0};
    begin(3);
    snprintf(folder, sizeof folder, "%s/exhibit", fixture.folder);
    (void)make(folder, 40);
    int fd STING_AUTO(fd_close) = open(folder, O_RDONLY | O_DIRECTORY);
    assert_int_equal(check_folder_read(fd, &all, &fault), STING_OK);
    size_t flipped = 0;
    for (size_t e = 0; e < all.entries; e++) {
        bool is_listed = is_signed_list(all.entry[e].path);
        size_t size = all.entry[e].content.size;
        for (size_t at = 0; is_listed && at < size; at += 3) {
            assert_a_flip_is_found(&all, e, at);
            flipped++;
        }
    }
    assert_true(flipped > 1000);
    check_folder_release(&all);
    end();
}

static void a_fingerprint_is_read_as_people_write_it(void **state)
{
    (void)state;
    char out[CHECK_EXPECTED_SIZE];
    check_expected_read("6DDC 6a94-896e:d317", out);
    assert_string_equal(out, "6ddc6a94896ed317");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_mark_is_capitals_and_a_number),
        cmocka_unit_test(a_fingerprint_is_read_as_people_write_it),
        cmocka_unit_test(an_exhibit_of_many_epochs_is_intact),
        cmocka_unit_test(
            an_exhibit_tells_what_its_camera_could_see_and_no_other),
        cmocka_unit_test(an_exhibit_tells_what_became_of_the_page_then),
        cmocka_unit_test(what_was_erased_in_the_middle_is_a_gap),
        cmocka_unit_test(what_was_erased_twice_is_two_gaps),
        cmocka_unit_test(
            what_was_erased_at_the_start_is_told_with_what_is_there),
        cmocka_unit_test(what_was_erased_at_the_end_is_told),
        cmocka_unit_test(more_gone_than_erased_is_refused),
        cmocka_unit_test(an_erasure_that_no_checkpoint_signs_excuses_nothing),
        cmocka_unit_test(a_stretch_of_which_all_was_erased_is_refused),
        cmocka_unit_test(each_byte_of_the_lists_is_under_a_signature),
    };
    if (argc == 4) {
        begin(strtoull(argv[2], NULL, 10));
        struct exhibit_made made =
            make(argv[1], (int64_t)strtoull(argv[3], NULL, 10));
        printf("%" PRIu64 " lines, %zu segments, %" PRIu64 " bytes\n",
               made.lines, made.pieces, made.bytes);
        end();
        return 0;
    }
    return cmocka_run_group_tests_name("exhibit", test, NULL, NULL);
}
