#include "ledger/line.h"
#include "operation/catalog.h"
#include "operation/writer.h"
#include "tests/operation_fixture.h"

static void incident_write(const struct operation *operation, const char *n,
                           const char *state, const char *end)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct fault fault = {"", ""};
    const struct line_field field[] = {
        {"n", n},           {"state", state},     {"camera", "garage"},
        {"kind", "person"}, {"tier", "presence"}, {"end", end}};
    assert_true(!writer_open(operation, clock_now, &writer, &fault));
    assert_true(!writer_line(writer, "incident", field, 6, NULL, &fault));
    assert_true(!writer_close(&writer, &fault));
}

static int64_t rows(const struct operation *operation, const char *table)
{
    struct catalog *catalog STING_AUTO(catalog_close) = NULL;
    struct fault fault = {"", ""};
    if (catalog_open(operation, &catalog, &fault)) {
        fail_msg("%s", fault.why);
    }
    return catalog_rows(catalog, table);
}

static void the_catalog_follows_the_ledger(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    assert_int_equal(rows(operation, "incident"), 0);
    incident_write(operation, "0", "opened", NULL); /* a condition */
    incident_write(operation, "1", "opened", NULL);
    incident_write(operation, "1", "closed", "2011-11-01T20:04:41.250000Z");
    incident_write(operation, "2", "opened", NULL);
    assert_int_equal(rows(operation, "incident"), 2);
    assert_int_equal(rows(operation, "session"), 4);
    assert_int_equal(rows(operation, "nonsense"), -1);
}

static void a_catalog_that_is_damaged_or_foreign_is_made_anew(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct fixture other STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *another STING_AUTO(operation_close) =
        fixture_open(&other);
    struct buffer foreign STING_AUTO(buffer_release) = {0};
    incident_write(operation, "1", "opened", NULL);
    incident_write(another, "1", "opened", NULL);
    incident_write(another, "2", "opened", NULL);
    assert_int_equal(rows(another, "incident"), 2);
    int dir = operation_dir(operation);
    assert_true(!file_write(dir, "catalog.db", bytes_of_text("no database"),
                            0600, NULL));
    assert_int_equal(rows(operation, "incident"), 1);
    assert_true(!file_read(operation_dir(another), "catalog.db", 1 << 20,
                           &foreign, NULL));
    assert_true(
        !file_write(dir, "catalog.db", buffer_bytes(&foreign), 0600, NULL));
    assert_int_equal(rows(operation, "incident"), 1);
    assert_int_equal(unlinkat(dir, "catalog.db", 0), 0);
    assert_int_equal(rows(operation, "incident"), 1);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(the_catalog_follows_the_ledger),
        cmocka_unit_test(a_catalog_that_is_damaged_or_foreign_is_made_anew),
    };
    return cmocka_run_group_tests_name("catalog", test, NULL, NULL);
}
