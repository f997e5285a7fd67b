#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bait/declare.h"
#include "tests/check.h"

static enum sting_status parse(const char *text, struct fact **fact,
                               uint32_t *facts, struct fault *fault)
{
    *fact = NULL;
    *facts = 0;
    *fault = (struct fault){"", ""};
    return declare_parse(bytes_of_text(text), fact, facts, fault);
}

static void wordings_figures_and_plain_facts_are_read(void **state)
{
    (void)state;
    struct fact *fact = NULL;
    uint32_t facts = 0;
    struct fault fault;
    assert_true(!parse("# ours\r\n\r\nThe tank holds [4,2##] litres\r\n"
                       "painted [grey|gray|gr\xc3\xa9y] in spring\n"
                       "  set to 3.17 bar  ",
                       &fact, &facts, &fault));
    assert_int_equal(facts, 3);
    assert_string_equal(fact[0].before, "The tank holds ");
    assert_string_equal(fact[0].after, " litres");
    assert_int_equal(fact[0].digits, 2);
    assert_int_equal(fact_choices(&fact[0]), 100);
    assert_int_equal(fact[1].values, 3);
    assert_string_equal(fact[1].value[2], "gr\xc3\xa9y");
    assert_string_equal(fact[2].before, "set to 3.17 bar");
    assert_int_equal(fact_choices(&fact[2]), 1);
    free(fact);
}

static void mistakes_are_told_with_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } row[] = {
        {"", "declares no fact"},
        {"# only\n", "declares no fact"},
        {"a good fact\nbad [a|b\n", "line 2: its brackets"},
        {"bad a|b] here now\n", "line 1: it is no fact"},
        {"one [a|b] two [c|d]\n", "line 1: its brackets"},
        {"[a|b]\n", "line 1: it is not clear"},
        {"the tank is [a||b] again\n", "line 1: a wording"},
        {"the tank is [a|b c] again\n", "line 1: a wording"},
        {"the tank is [] again\n", "line 1: a wording"},
        {"the tank is [a] again\n", "line 1: brackets hold nothing"},
        {"the tank is [a|A] again\n", "line 1: a wording is there twice"},
        {"the tank is [1#|2#] again\n", "line 1: # for digits"},
        {"the tank is [#######] again\n", "line 1: more than 6"},
        {"the tank is \x01 again\n", "line 1: it is no fact"},
        {"the tank is \xff again\n", "line 1: it is no fact"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct fact *fact = NULL;
        uint32_t facts = 0;
        struct fault fault;
        assert_int_equal(parse(row[i].text, &fact, &facts, &fault),
                         STING_E_ARG);
        assert_non_null(strstr(fault.why, row[i].why));
        assert_null(fact);
    }
}

static void more_than_64_facts_are_refused(void **state)
{
    (void)state;
    char text[FACTS_MOST * 16 + 32];
    size_t size = 0;
    struct fact *fact = NULL;
    uint32_t facts = 0;
    struct fault fault;
    for (int i = 0; i < FACTS_MOST; i++) {
        size += (size_t)sprintf(text + size, "fact no %d\n", i);
    }
    assert_true(!parse(text, &fact, &facts, &fault));
    assert_int_equal(facts, FACTS_MOST);
    free(fact);
    sprintf(text + size, "one more");
    assert_int_equal(parse(text, &fact, &facts, &fault), STING_E_LIMIT);
}

static void a_sheet_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct fact_sheet sheet = {.bait = "tank"}, back = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer again STING_AUTO(buffer_release) = {0};
    struct fault fault;
    assert_true(!parse("The tank holds [4,2##] litres\npainted [grey|gray] so\n"
                       "set to 3.17 bar\n",
                       &sheet.fact, &sheet.facts, &fault));
    strcpy(sheet.fact[2].value[0], "-");
    sheet.fact[1].page = 4;
    sheet.fact[1].glyph = 77;
    sheet.fact[1].glyphs = 4;
    sheet.fact[2].page = 4;
    sheet.fact[2].glyph = 81;
    assert_true(!fact_sheet_write(&sheet, &text));
    assert_true(!fact_sheet_read(buffer_bytes(&text), &back));
    assert_int_equal(back.facts, 3);
    assert_int_equal(back.fact[0].digits, 2);
    assert_int_equal(back.fact[1].page, 4);
    assert_true(digest_equal(back.pt, digest_of(buffer_bytes(&text))));
    assert_true(!fact_sheet_write(&back, &again));
    assert_true(bytes_equal(buffer_bytes(&text), buffer_bytes(&again)));
    fact_sheet_release(&back);
    for (size_t size = 0; size < text.size; size++) {
        assert_int_equal(
            fact_sheet_read((struct bytes){text.data, size}, &back),
            STING_E_FORMAT);
    }
    fact_sheet_release(&sheet);
}

/* One word that is read would count as often as it is listed. */
static void facts_of_a_sheet_lie_apart_and_in_order(void **state)
{
    (void)state;
    struct fact fact[2] = {
        {.glyph = 10, .glyphs = 5, .values = 1, .value = {"-"}},
        {.glyph = 15, .glyphs = 5, .values = 1, .value = {"-"}}};
    struct fact_sheet sheet = {.bait = "tank", .facts = 2, .fact = fact};
    static const uint32_t glyph[] = {15, 14, 10, 3};
    for (size_t i = 0; i < sizeof glyph / sizeof *glyph; i++) {
        struct buffer text STING_AUTO(buffer_release) = {0};
        struct fact_sheet back STING_AUTO(fact_sheet_release) = {0};
        fact[1].glyph = glyph[i];
        assert_true(!fact_sheet_write(&sheet, &text));
        assert_int_equal(fact_sheet_read(buffer_bytes(&text), &back),
                         i == 0 ? STING_OK : STING_E_FORMAT);
    }
    fact[1].content = 1;
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct fact_sheet back STING_AUTO(fact_sheet_release) = {0};
    assert_true(!fact_sheet_write(&sheet, &text));
    assert_int_equal(fact_sheet_read(buffer_bytes(&text), &back), STING_OK);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(wordings_figures_and_plain_facts_are_read),
        cmocka_unit_test(mistakes_are_told_with_their_line),
        cmocka_unit_test(more_than_64_facts_are_refused),
        cmocka_unit_test(a_sheet_is_read_as_it_was_written),
        cmocka_unit_test(facts_of_a_sheet_lie_apart_and_in_order),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
