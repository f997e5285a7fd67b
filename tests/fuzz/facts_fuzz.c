/* A file of facts that is read gives facts within all bounds, and a sheet of
 * them is read again as it was written; a sheet that is read has choices that
 * can be written out; a text is searched for a fact without harm. */
#include <stdlib.h>
#include <string.h>

#include "bait/declare.h"
#include "trace/quote.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static void facts_hold(const struct fact *fact, uint32_t facts)
{
    char text[FACT_VALUE_SIZE];
    hold(facts <= FACTS_MOST);
    for (uint32_t i = 0; i < facts; i++) {
        uint32_t choices = fact_choices(&fact[i]);
        hold(choices >= 1 && choices <= 1000000);
        fact_text(&fact[i], choices - 1, text);
        hold(strlen(text) < FACT_VALUE_SIZE);
    }
}

static void declared_hold(struct bytes from)
{
    struct fact_sheet sheet STING_AUTO(fact_sheet_release) = {.bait = "tank"};
    struct fact_sheet back STING_AUTO(fact_sheet_release) = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    if (declare_parse(from, &sheet.fact, &sheet.facts, &fault)) {
        hold(fault.why[0] != '\0');
        return;
    }
    facts_hold(sheet.fact, sheet.facts);
    for (uint32_t i = 0; i < sheet.facts; i++) {
        sheet.fact[i].glyph = 100 * i; /* where they stand nobody looked up */
        if (fact_choices(&sheet.fact[i]) < 2) {
            memcpy(sheet.fact[i].value[0], "-", 2);
        }
    }
    hold(!fact_sheet_write(&sheet, &text));
    hold(!fact_sheet_read(buffer_bytes(&text), &back));
    hold(back.facts == sheet.facts);
}

static void sheet_hold(struct bytes from)
{
    struct fact_sheet sheet STING_AUTO(fact_sheet_release) = {0};
    struct buffer again STING_AUTO(buffer_release) = {0};
    struct plain plain STING_AUTO(plain_release) = {0};
    struct quote_place place;
    if (fact_sheet_read(from, &sheet)) {
        return;
    }
    facts_hold(sheet.fact, sheet.facts);
    hold(!fact_sheet_write(&sheet, &again));
    hold(!plain_add_text(&plain, from));
    for (uint32_t i = 0; i < sheet.facts && i < 4; i++) {
        hold(!quote_find(&plain, &sheet.fact[i], &place));
        hold(place.choice == FACT_UNSEEN ||
             (place.choice >= 0 && place.first <= place.last &&
              place.last < from.size &&
              (uint32_t)place.choice < fact_choices(&sheet.fact[i])));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    declared_hold((struct bytes){data, size});
    sheet_hold((struct bytes){data, size});
    return 0;
}
