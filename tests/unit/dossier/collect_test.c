/* What of a ledger goes into a dossier. */
#include "dossier/collect.h"

#include "ledger/line.h"
#include "operation/writer.h"
#include "tests/operation_fixture.h"

static void incident(struct writer *writer, const char *number,
                     const char *state, const char *kind, const char *tier)
{
    const struct line_field field[] = {
        {"n", number},  {"state", state},
        {"kind", kind}, {"camera", "garage"},
        {"tier", tier}, {"start", "2011-11-01T20:04:41.250000Z"}};
    assert_true(!writer_line(writer, "incident", field,
                             sizeof field / sizeof *field, NULL, NULL));
}

/* It moved on to a zone that no length is marked in; then the lamp went out. */
static void sights(struct writer *writer)
{
    static const struct {
        const char *state, *zone, *sight, *px_m, *class, *unseen;
    } row[] = {{"opened", "table", "0.050", "96.0", "observe", NULL},
               {"raised", "door", "0.300", NULL, NULL, NULL},
               {"closed", "door", "0.900", NULL, NULL, "garage,yard"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const struct line_field field[] = {
            {"n", "2"},
            {"state", row[i].state},
            {"kind", "person"},
            {"camera", "garage"},
            {"zone", row[i].zone},
            {"tier", "presence"},
            {"start", "2011-11-01T20:04:41.250000Z"},
            {"sight", row[i].sight},
            {"size", "0.125"},
            {"px_m", row[i].px_m},
            {"class", row[i].class},
            {"unseen", row[i].unseen}};
        assert_true(!writer_line(writer, "incident", field,
                                 sizeof field / sizeof *field, NULL, NULL));
    }
}

/* What is sealed while the incident began, by a camera whose own clock is
 * slow. */
static void recording(struct writer *writer)
{
    static const char ct[] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    const struct line_field field[] = {{"camera", "garage"},
                                       {"date", "2011-11-01"},
                                       {"n", "1"},
                                       {"init", "1"},
                                       {"t0", "2011-11-01T20:04:36.000000Z"},
                                       {"pts", "0"},
                                       {"us", "8000000"},
                                       {"frames", "200"},
                                       {"key", "1"},
                                       {"bytes", "1000000"},
                                       {"ct", ct},
                                       {"clock_ms", "-15023"}};
    assert_true(!writer_line(writer, "seg", field, sizeof field / sizeof *field,
                             NULL, NULL));
}

static void write_ledger(const struct operation *operation)
{
    struct writer *writer = NULL;
    struct fault fault = {"", ""};
    assert_true(!writer_open(operation, clock_now, &writer, &fault));
    incident(writer, "0", "opened", "learning", "none");
    incident(writer, "0", "closed", "learning", "none");
    incident(writer, "1", "opened", "person", "presence");
    incident(writer, "0", "opened", "light", "none");
    recording(writer);
    incident(writer, "1", "closed", "person", "presence");
    sights(writer);
    assert_true(!writer_close(&writer, &fault));
}

static uint64_t lines_of(const struct dossier *dossier, const char *kind)
{
    for (size_t i = 0; i < dossier->counts; i++) {
        if (!strcmp(dossier->count[i].kind, kind)) {
            return dossier->count[i].lines;
        }
    }
    return 0;
}

static void collect(struct dossier *out, struct buffer *page)
{
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct fault fault = {"", ""};
    fixture_unlock(operation, &keys);
    write_ledger(operation);
    if (dossier_collect(operation, &keys, 1, out, &fault)) {
        fail_msg("%s", fault.why);
    }
    assert_int_equal(dossier_write(out, DOSSIER_HTML, page), STING_OK);
}

static void light_and_learning_are_no_incidents(void **state)
{
    (void)state;
    struct dossier dossier STING_AUTO(dossier_release) = {0};
    struct buffer page STING_AUTO(buffer_release) = {0};
    collect(&dossier, &page);
    assert_int_equal(dossier.incidents, 2);
    assert_string_equal(dossier.incident[0].kind, "person");
    assert_int_equal(lines_of(&dossier, "incident"), 5);
    assert_int_equal(lines_of(&dossier, "condition"), 3);
    assert_non_null(strstr(buffer_text(&page), "2 incidents were recorded"));
}

static void incident_tells_how_far_the_cameras_own_clock_was_off(void **state)
{
    (void)state;
    struct dossier dossier STING_AUTO(dossier_release) = {0};
    struct buffer page STING_AUTO(buffer_release) = {0};
    collect(&dossier, &page);
    assert_true(dossier.incident[0].has_clock);
    assert_int_equal(dossier.incident[0].clock_ms, -15023);
    assert_non_null(strstr(buffer_text(&page), "15.0 s slow when it began"));
}

static void incident_tells_what_could_be_seen_before_it_was_over(void **state)
{
    (void)state;
    struct dossier dossier STING_AUTO(dossier_release) = {0};
    struct buffer page STING_AUTO(buffer_release) = {0};
    collect(&dossier, &page);
    assert_non_null(strstr(buffer_text(&page), "unknown: not told in the"));
    assert_non_null(strstr(
        buffer_text(&page),
        "light enough only for a person who stands out: from 30.0 % contrast "
        "with what is behind (ordinary clothes have about 25 %), and from "
        "12.5 % of the picture"));
    assert_null(strstr(buffer_text(&page), "pixels a metre"));
}

static void an_end_that_was_not_seen_is_told_as_such(void **state)
{
    (void)state;
    struct dossier dossier STING_AUTO(dossier_release) = {0};
    struct buffer page STING_AUTO(buffer_release) = {0};
    collect(&dossier, &page);
    assert_string_equal(dossier.incident[0].unseen, "");
    assert_string_equal(dossier.incident[1].unseen, "garage, yard");
    assert_non_null(strstr(buffer_text(&page),
                           "was not seen by garage, yard, whose picture"));
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(an_end_that_was_not_seen_is_told_as_such),
        cmocka_unit_test(light_and_learning_are_no_incidents),
        cmocka_unit_test(incident_tells_how_far_the_cameras_own_clock_was_off),
        cmocka_unit_test(incident_tells_what_could_be_seen_before_it_was_over),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
