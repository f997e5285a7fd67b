/* Files beside the evidence: who changes them is told, who adds himself to the
 * recipients is refused. */
#include "ledger/reader.h"
#include "operation/change.h"
#include "operation/kept.h"
#include "operation/writer.h"
#include "tests/operation_fixture.h"
#include "tests/unit/ledger/intruder.h"

#define STRANGER                                                               \
    "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

static const struct line_field extend[] = {
    {"until", "2031-01-01"}, {"by", "Anna"}, {"why", "a test"}};

/* Lines of a kind, of an item when there is one; the last one's value. */
static int lines_of(const struct fixture *fixture, const char *kind,
                    const char *item, const char *key, char value[200])
{
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(fixture);
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    int count = 0;
    assert_true(!ledger_reader_open(operation_dir(operation), &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        char text[200];
        if (!strcmp(line.kind->name, kind) &&
            (!item ||
             !strcmp(line_text(&line, "item", text, sizeof text), item))) {
            count++;
            line_text(&line, key, value, 200);
        }
    }
    return count;
}

static enum sting_status write_line(const struct fixture *fixture)
{
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(fixture);
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct fault fault = {"", ""};
    enum sting_status status =
        writer_open(operation, clock_now, &writer, &fault);
    return status ? status
                  : writer_line(writer, "extend", extend, 3, NULL, &fault);
}

static void edit(const struct fixture *fixture, const char *before,
                 const char *after)
{
    char path[128];
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer changed STING_AUTO(buffer_release) = {0};
    snprintf(path, sizeof path, "%s/operation.yaml", fixture->path);
    assert_true(!file_read(AT_FDCWD, path, 65536, &text, NULL));
    char *at = strstr(buffer_text(&text), before);
    assert_non_null(at);
    assert_true(!buffer_append(
        &changed, (struct bytes){text.data, (size_t)(at - (char *)text.data)}));
    assert_true(!buffer_printf(&changed, "%s%s", after, at + strlen(before)));
    assert_true(
        !file_write(AT_FDCWD, path, buffer_bytes(&changed), 0600, NULL));
}

static void the_first_lines_name_what_was_made(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    char value[200], hash[DIGEST_TEXT_SIZE];
    static const char *const path[] = {"keys/identity", "keys/mark",
                                       "keys/case"};
    assert_int_equal(lines_of(&fixture, "config", NULL, "sha256", value), 1);
    assert_string_equal(value, operation_config_digest(operation));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(lines_of(&fixture, "custody", path[i], "after", value),
                         1);
        assert_true(
            !kept_digest(operation_dir(operation), path[i], hash, NULL));
        assert_string_equal(value, hash);
    }
    assert_true(!write_line(&fixture));
    assert_int_equal(lines_of(&fixture, "config", NULL, "why", value), 1);
    assert_int_equal(lines_of(&fixture, "custody", NULL, "state", value), 3);
}

static void an_edited_configuration_is_a_line_once(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    char value[200];
    edit(&fixture, "quiet_s: 10", "quiet_s: 11");
    assert_true(!write_line(&fixture));
    assert_true(!write_line(&fixture));
    assert_int_equal(lines_of(&fixture, "config", NULL, "why", value), 2);
    assert_string_equal(value, "changed by hand");
    edit(&fixture, "quiet_s: 11", "quiet_s: 10");
    assert_true(!write_line(&fixture));
    assert_int_equal(lines_of(&fixture, "config", NULL, "why", value), 3);
    assert_string_equal(value,
                        "a change did not reach the file, or was undone");
}

static void a_key_file_that_is_replaced_or_gone_is_told_once(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    char value[200], path[128];
    snprintf(path, sizeof path, "%s/keys/mark", fixture.path);
    assert_true(!file_write(AT_FDCWD, path, bytes_of_text("x"), 0600, NULL));
    assert_true(!write_line(&fixture));
    assert_true(!write_line(&fixture));
    assert_int_equal(lines_of(&fixture, "custody", "keys/mark", "state", value),
                     2);
    assert_string_equal(value, "changed");
    assert_int_equal(unlink(path), 0);
    assert_true(!write_line(&fixture));
    assert_true(!write_line(&fixture));
    assert_int_equal(lines_of(&fixture, "custody", "keys/mark", "state", value),
                     3);
    assert_string_equal(value, "missing");
}

static void recipients_that_nobody_confirmed_stop_every_writer(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    char value[200];
    edit(&fixture, "recipients:\n", "recipients:\n  - " STRANGER "\n");
    assert_int_equal(write_line(&fixture), STING_E_FORGED);
    assert_int_equal(write_line(&fixture), STING_E_FORGED);
    assert_int_equal(lines_of(&fixture, "extend", NULL, "by", value), 0);
    assert_int_equal(
        lines_of(&fixture, "custody", "operation.yaml", "why", value), 1);
    assert_string_equal(value, "recipients: names " STRANGER);
    edit(&fixture, "  - " STRANGER "\n", "");
    assert_true(!write_line(&fixture));
}

static void a_recipient_that_is_left_out_stops_them_too(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    const char *second = operation_config(operation)->recipient[1];
    edit(&fixture, second, STRANGER);
    assert_int_equal(write_line(&fixture), STING_E_FORGED);
}

static void a_confirmed_list_is_what_is_sealed_to(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct fault fault = {"", ""};
    struct kept_recipients told;
    char other[CONFIG_RECIPIENT_SIZE];
    const struct change change = {"Anna", "a test"};
    edit(&fixture, "recipients:\n", "recipients:\n  - " STRANGER "\n");
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    const struct config *config = operation_config(operation);
    struct config_recipients wanted = {.count = config->recipients};
    memcpy(wanted.text, config->recipient, sizeof wanted.text);
    assert_int_equal(wanted.count, 3);
    assert_true(!change_recipients(operation, &wanted, &change, &fault));
    assert_true(!kept_recipients_read(operation, &told, &fault));
    assert_true(
        kept_same(told.to, config->recipient, config->recipients, other));
    assert_true(!write_line(&fixture));
}

/* By who can write into the folder, and has no key. */
static void intruder_names(const struct fixture *fixture, const char *kind,
                           const struct line_field field[], size_t fields)
{
    int dir STING_AUTO(fd_close) =
        open(fixture->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    intruder_appends(dir, kind, field, fields);
}

static void an_unsigned_line_confirms_no_recipient(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct kept_recipients told;
    char to[3 * CONFIG_RECIPIENT_SIZE];
    edit(&fixture, "recipients:\n", "recipients:\n  - " STRANGER "\n");
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    const struct config *config = operation_config(operation);
    assert_int_equal(config->recipients, 3);
    kept_list_text(config->recipient, config->recipients, to, sizeof to);
    const struct line_field field[] = {{"to", to}, {"by", "Anna"}};
    intruder_names(&fixture, "recipients", field, 2);
    for (int i = 0; i < 3; i++) { /* nor once a writer has signed the line */
        assert_int_equal(write_line(&fixture), STING_E_FORGED);
        assert_true(!kept_recipients_read(operation, &told, NULL));
        assert_null(strstr(told.to, STRANGER));
    }
}

static void an_unsigned_line_hides_no_change_of_a_file(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    char value[200];
    assert_true(!write_line(&fixture));
    edit(&fixture, "quiet_s: 10", "quiet_s: 11");
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    const char *now = operation_config_digest(operation);
    const struct line_field session[] = {
        {"n", "7"}, {"boot", "x"}, {"version", "1"}, {"config", now}};
    const struct line_field config[] = {{"sha256", now}, {"by", "Anna"}};
    intruder_names(&fixture, "session", session, 4);
    intruder_names(&fixture, "config", config, 2);
    assert_true(!write_line(&fixture));
    assert_int_equal(lines_of(&fixture, "config", NULL, "why", value), 3);
    assert_string_equal(value, "changed by hand");
}

static void lists_are_the_same_in_any_order(void **state)
{
    (void)state;
    static const char list[3][CONFIG_RECIPIENT_SIZE] = {"age1a", "age1b",
                                                        "age1c"};
    char other[CONFIG_RECIPIENT_SIZE];
    assert_true(kept_same("age1c,age1a,age1b", list, 3, other));
    assert_false(kept_same("age1c,age1a", list, 3, other));
    assert_string_equal(other, "age1b");
    assert_false(kept_same("age1a,age1b,age1c,age1d", list, 3, other));
    assert_string_equal(other, "age1d");
    assert_false(kept_same("", list, 1, other));
    assert_true(kept_same("", list, 0, other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_lines_name_what_was_made),
        cmocka_unit_test(an_edited_configuration_is_a_line_once),
        cmocka_unit_test(a_key_file_that_is_replaced_or_gone_is_told_once),
        cmocka_unit_test(recipients_that_nobody_confirmed_stop_every_writer),
        cmocka_unit_test(a_recipient_that_is_left_out_stops_them_too),
        cmocka_unit_test(a_confirmed_list_is_what_is_sealed_to),
        cmocka_unit_test(an_unsigned_line_confirms_no_recipient),
        cmocka_unit_test(an_unsigned_line_hides_no_change_of_a_file),
        cmocka_unit_test(lists_are_the_same_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
