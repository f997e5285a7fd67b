/* Keys under one passphrase or two, and what is left of them afterwards. */
#include "operation/access.h"

#include <sys/stat.h>

#include "ledger/line.h"
#include "ledger/reader.h"
#include "operation/key_file.h"
#include "operation/writer.h"
#include "tests/operation_fixture.h"

#define assert_ok(call) assert_int_equal((call), STING_OK)

static const struct secret key = {{1, 2, 3}};

static struct key_lock lock_of(const char *first, const char *second)
{
    return (struct key_lock){.first = bytes_of_text(first),
                             .second = bytes_of_text(second),
                             .log2_n = 4};
}

static void folder_of(struct fixture *fixture, int *dir)
{
    *fixture = fixture_make(NULL);
    *dir = open(fixture->path, O_RDONLY | O_DIRECTORY);
    assert_true(*dir >= 0);
}

static void key_under_two_passphrases_needs_both(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = {"", ""};
    int dir STING_AUTO(fd_close) = -1;
    struct secret got;
    const struct key_lock both = lock_of("anna", "bert");
    const struct {
        struct key_lock lock;
        enum sting_status status;
    } row[] = {
        {both, STING_OK},
        {lock_of("bert", "anna"), STING_E_FORGED},
        {lock_of("anna", "anna"), STING_E_FORGED},
        {lock_of("anna", ""), STING_E_FORMAT},
        {lock_of("bert", ""), STING_E_FORGED},
    };
    folder_of(&fixture, &dir);
    assert_ok(
        key_file_lock(dir, KEY_FILE_MARK, &key, &both, &random_kernel, NULL));
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        assert_int_equal(
            key_file_unlock(dir, KEY_FILE_MARK, &row[i].lock, &got, NULL),
            row[i].status);
    }
    assert_ok(key_file_unlock(dir, KEY_FILE_MARK, &both, &got, NULL));
    assert_true(secret_equal(&got, &key));
}

static void key_under_one_passphrase_is_not_taken_for_two(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = {"", ""};
    int dir STING_AUTO(fd_close) = -1;
    struct secret got;
    const struct key_lock both = lock_of(FIXTURE_PASSPHRASE, "bert");
    folder_of(&fixture, &dir);
    assert_int_equal(key_file_unlock(dir, KEY_FILE_MARK, &both, &got, NULL),
                     STING_E_FORMAT);
}

/* A second name for the file keeps what lies on the disk in sight. */
static void old_key_file_is_overwritten_where_it_lies(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = {"", ""};
    int dir STING_AUTO(fd_close) = -1;
    const struct key_lock lock = lock_of("anna", "");
    struct buffer left STING_AUTO(buffer_release) = {0};
    folder_of(&fixture, &dir);
    assert_int_equal(linkat(dir, KEY_FILE_MARK, dir, "old", 0), 0);
    assert_ok(
        key_file_lock(dir, KEY_FILE_MARK, &key, &lock, &random_kernel, NULL));
    assert_int_equal(linkat(dir, KEY_FILE_MARK, dir, "destroyed", 0), 0);
    assert_ok(key_file_destroy(dir, KEY_FILE_MARK, NULL));
    assert_ok(file_read(dir, "old", 65536, &left, NULL));
    assert_ok(file_read(dir, "destroyed", 65536, &left, NULL));
    assert_true(left.size > 200);
    for (size_t i = 0; i < left.size; i++) {
        assert_int_equal(left.data[i], 0);
    }
    assert_int_equal(key_file_destroy(dir, KEY_FILE_MARK, NULL),
                     STING_E_ABSENT);
}

/* The last `unlock` line of the ledger. */
static bool last_unlock(int dir, char *state, char *why, size_t size)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    bool found = false;
    assert_ok(ledger_reader_open(dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        if (!strcmp(line.kind->name, "unlock")) {
            line_text(&line, "state", state, size);
            line_text(&line, "why", why, size);
            found = true;
        }
    }
    return found;
}

static void key_is_given_only_after_its_line_is_written(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    char file[128], said[32], why[64];
    struct fault fault = {"", ""};
    (void)snprintf(file, sizeof file, "%s/passphrase", fixture.folder);
    assert_ok(file_write(AT_FDCWD, file, bytes_of_text(FIXTURE_PASSPHRASE),
                         0600, NULL));
    const char *const files[] = {file};
    const struct access access = {.command = "test",
                                  .why = "is it = the cleaner?",
                                  .passphrase_file = files,
                                  .passphrase_files = 1};
    assert_ok(
        access_open(operation, OPERATION_IDENTITY, &access, &keys, &fault));
    assert_true(keys.has & OPERATION_IDENTITY);
    assert_true(last_unlock(operation_dir(operation), said, why, sizeof said));
    assert_string_equal(said, "opened");
    assert_string_equal(why, "is it = the cleaner?");

    assert_int_equal(unlinkat(operation_dir(operation), KEY_FILE_LOG, 0), 0);
    assert_true(access_open(operation, OPERATION_IDENTITY, &access, &keys,
                            &fault) != STING_OK);
    assert_int_equal(keys.has, 0);
}

/* A line that no checkpoint signs tells nobody anything. */
static void key_is_not_given_when_its_line_cannot_be_signed(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct fault fault = {"", ""};
    char file[128], date[64], path[128];
    (void)snprintf(file, sizeof file, "%s/passphrase", fixture.folder);
    assert_ok(file_write(AT_FDCWD, file, bytes_of_text(FIXTURE_PASSPHRASE),
                         0600, NULL));
    const char *const files[] = {file};
    const struct access access = {
        .command = "test", .passphrase_file = files, .passphrase_files = 1};
    struct writer *writer STING_AUTO(writer_free) = NULL;
    assert_ok(writer_open(operation, clock_now, &writer, &fault));
    /* From here on no checkpoint can be written. */
    line_time_text(clock_now().utc_us, date);
    (void)snprintf(path, sizeof path, "evidence/checkpoints/%.10s.notes", date);
    (void)renameat(operation_dir(operation), path, operation_dir(operation),
                   "aside");
    assert_int_equal(mkdirat(operation_dir(operation), path, 0700), 0);
    const struct line_field field[] = {{"what", "identity"}, {"by", "Anna"}};
    assert_true(writer_line(writer, "unlock", field, 2, NULL, &fault) !=
                STING_OK);
    writer_free(&writer);
    assert_true(access_open(operation, OPERATION_IDENTITY, &access, &keys,
                            &fault) != STING_OK);
    assert_int_equal(keys.has, 0);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(key_under_two_passphrases_needs_both),
        cmocka_unit_test(key_under_one_passphrase_is_not_taken_for_two),
        cmocka_unit_test(old_key_file_is_overwritten_where_it_lies),
        cmocka_unit_test(key_is_given_only_after_its_line_is_written),
        cmocka_unit_test(key_is_not_given_when_its_line_cannot_be_signed),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
