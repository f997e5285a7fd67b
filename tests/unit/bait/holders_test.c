#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bait/holders.h"
#include "tests/check.h"

static enum sting_status parse(const char *text, const char *column,
                               struct holders *out, struct fault *fault)
{
    *out = (struct holders){0};
    *fault = (struct fault){"", ""};
    return holders_parse(out, bytes_of_text(text), column, fault);
}

static const char *name(const struct holders *holders, uint32_t index)
{
    assert_in_range(index, 0, holders->list.count - 1);
    return holder_list_at(&holders->list, index);
}

static void a_column_called_holder_name_or_recipient_is_taken(void **state)
{
    (void)state;
    static const char *const table[] = {
        "holder,mail\nAnna,a@b\nBert,\n", "no;NAME\r\n1;Anna\r\n2;Bert",
        "mail\tRecipient\na\tAnna\nb\tBert\n", "Anna\nBert\n",
        "\xef\xbb\xbfholder\n\n Anna \n\nBert\n\n"};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct holders holders STING_AUTO(holders_release);
        struct fault fault;
        assert_true(!parse(table[i], NULL, &holders, &fault));
        assert_int_equal(holders.list.count, 2);
        assert_string_equal(name(&holders, 0), "Anna");
        assert_string_equal(name(&holders, 1), "Bert");
    }
}

static void a_column_asked_for_must_be_there(void **state)
{
    (void)state;
    struct holders holders STING_AUTO(holders_release);
    struct fault fault;
    assert_true(!parse("name,desk\nAnna,4\n", "desk", &holders, &fault));
    assert_string_equal(name(&holders, 0), "4");
    assert_string_equal(holders.column, "desk");
    holders_release(&holders);
    assert_int_equal(parse("name,desk\nAnna,4\n", "room", &holders, &fault),
                     STING_E_ARG);
    assert_non_null(strstr(fault.why, "\"room\""));
}

static void quotes_hold_commas_quotes_and_line_ends(void **state)
{
    (void)state;
    struct holders holders STING_AUTO(holders_release);
    struct fault fault;
    assert_true(
        !parse("holder,x\n\"Shed 3, left\",1\n\"A \"\"b\"\" c\",\"2\n3\""
               "\nEnd,4\n",
               NULL, &holders, &fault));
    assert_int_equal(holders.list.count, 3);
    assert_string_equal(name(&holders, 0), "Shed 3, left");
    assert_string_equal(name(&holders, 1), "A \"b\" c");
}

static void mistakes_are_told_with_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *table, *why;
        enum sting_status status;
    } row[] = {
        {"holder\nAnna\n\"x\ny\"\n", "line 4", STING_E_ARG},
        {"holder\nAnna\nanna\n", "line 3: holder \"anna\" would share",
         STING_E_ARG},
        {"holder\nAnna\nAnna\n", "line 3: holder \"Anna\" is listed twice",
         STING_E_ARG},
        {"holder\n..\n__\n._\n", "line 4: holder \"._\" would share",
         STING_E_ARG},
        {"no,holder\n1,A\n2\n", "line 3 has no holder", STING_E_ARG},
        {"holder\nAnna\nSmith, John\n", "line 3 has more columns", STING_E_ARG},
        {"no;holder\n1;Smith; John\n", "line 2 has more columns", STING_E_ARG},
        {"Anna\nSmith, John\n", "line 2 has more columns", STING_E_ARG},
        {"holder\n\"A\nB\nC\n", "line 2: a quote begins", STING_E_FORMAT},
        {"PK\x03\x04xx", "spreadsheet", STING_E_FORMAT},
        {"Mitarbeiter;Abteilung\nAnna;3\n", "none of the table's 2 columns",
         STING_E_ARG},
        {"holder\nJos\u00e9\nJose\u0301\n",
         "line 3: holder \"Jos\u00e9\" is listed twice", STING_E_ARG},
        {"holder\nAn\u202ena\n", "that reorders or hides", STING_E_ARG},
        {"holder\nAnna\n\x01\n", "line 3: holder 2 has no name", STING_E_ARG},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct holders holders STING_AUTO(holders_release);
        struct fault fault;
        assert_int_equal(parse(row[i].table, NULL, &holders, &fault),
                         row[i].status);
        assert_non_null(strstr(fault.why, row[i].why));
    }
}

static void a_table_read_in_any_pieces_gives_the_same(void **state)
{
    (void)state;
    char path[] = "/tmp/sting-holders-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    assert_non_null(file);
    fputs("holder\r\n", file);
    for (int i = 0; i < 40000; i++) {
        fprintf(file, "\"Bed %d, \"\"row\"\" %d\"\r\n", i, i % 7);
    }
    fclose(file);
    struct holders holders STING_AUTO(holders_release) = {0};
    struct fault fault = {"", ""};
    assert_true(!holders_load(&holders, path, NULL, &fault));
    remove(path);
    assert_int_equal(holders.list.count, 40000);
    assert_string_equal(name(&holders, 39999), "Bed 39999, \"row\" 1");
    assert_int_equal(holders_find(&holders, "bed 17, \"row\" 3"), 17);
    assert_int_equal(holders_find(&holders, "bed 17, \"row\" 4"), -1);
}

static void a_filter_keeps_who_is_to_stay(void **state)
{
    (void)state;
    struct holders holders STING_AUTO(holders_release);
    struct fault fault;
    const bool keep[] = {true, false, true};
    assert_true(!parse("a\nb\nc\n", NULL, &holders, &fault));
    assert_null(holders.column);
    assert_true(!holders_filter(&holders, keep));
    assert_int_equal(holders.list.count, 2);
    assert_string_equal(name(&holders, 1), "c");
    assert_int_equal(holders_find(&holders, "b"), -1);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_column_called_holder_name_or_recipient_is_taken),
        cmocka_unit_test(a_column_asked_for_must_be_there),
        cmocka_unit_test(quotes_hold_commas_quotes_and_line_ends),
        cmocka_unit_test(mistakes_are_told_with_their_line),
        cmocka_unit_test(a_table_read_in_any_pieces_gives_the_same),
        cmocka_unit_test(a_filter_keeps_who_is_to_stay),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
