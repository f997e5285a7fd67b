/* The file in which facts are declared. */
#include <stdlib.h>
#include <string.h>

#include "bait/declare.h"
#include "base/plain.h"
#include "operation/sheet.h"

static enum sting_status refuse(struct fault *fault, size_t line,
                                const char *todo, const char *why)
{
    return fault_set(fault, STING_E_ARG, todo, "line %zu: %s", line, why);
}

static bool part_copy(struct bytes from, char *out, size_t size)
{
    if (from.size >= size || memchr(from.data, '\0', from.size)) {
        return false;
    }
    memcpy(out, from.data, from.size);
    out[from.size] = '\0';
    return from.size == 0 || sheet_text_is_valid(out);
}

/* Would a text that is typed off tell them apart? */
static bool reads_alike(const char *a, const char *b)
{
    struct plain x STING_AUTO(plain_release) = {0};
    struct plain y STING_AUTO(plain_release) = {0};
    return plain_add_text(&x, bytes_of_text(a)) ||
           plain_add_text(&y, bytes_of_text(b)) ||
           (x.size == y.size &&
            !memcmp(x.code, y.code, x.size * sizeof *x.code));
}

/* "grey|gray" or "4,2##". */
static enum sting_status values_take(struct fact *fact, struct bytes inside,
                                     size_t line, struct fault *fault)
{
    const uint8_t *end = inside.data + inside.size;
    const uint8_t *at = inside.data;
    while (at <= end) {
        const uint8_t *bar = memchr(at, '|', (size_t)(end - at));
        struct bytes value = {at, (size_t)((bar ? bar : end) - at)};
        if (fact->values == FACT_MOST_VALUES) {
            return refuse(fault, line, "use fewer", "more than 16 wordings");
        }
        char *out = fact->value[fact->values++];
        if (value.size == 0 || !part_copy(value, out, FACT_VALUE_SIZE) ||
            strpbrk(out, " \t")) {
            return refuse(fault, line, "write one word, up to 64 bytes",
                          "a wording in brackets is empty, too long or more "
                          "than one word");
        }
        for (uint32_t i = 0; i + 1 < fact->values; i++) {
            if (reads_alike(fact->value[i], out)) {
                return refuse(fault, line,
                              "capitals, quotes and dashes do not part them",
                              "a wording is there twice");
            }
        }
        at = bar ? bar + 1 : end + 1;
    }
    return STING_OK;
}

static enum sting_status digits_take(struct fact *fact, size_t line,
                                     struct fault *fault)
{
    for (uint32_t v = 0; v < fact->values; v++) {
        for (const char *c = fact->value[v]; *c; c++) {
            fact->digits += *c == '#';
        }
    }
    if (fact->digits > 0 && fact->values > 1) {
        return refuse(fault, line, "write them as two facts",
                      "# for digits stands beside other wordings");
    }
    if (fact->digits > FACT_MOST_DIGITS) {
        return refuse(fault, line, "use fewer", "more than 6 free digits");
    }
    return fact->digits == 0 && fact->values < 2
               ? refuse(fault, line, "as in [grey|gray] or [4,2##]",
                        "brackets hold nothing that differs")
               : STING_OK;
}

static enum sting_status line_take(struct fact *fact, struct bytes text,
                                   size_t line, struct fault *fault)
{
    const uint8_t *end = text.data + text.size;
    const uint8_t *open = memchr(text.data, '[', text.size);
    if (!open) {
        fact->values = 1;
        return memchr(text.data, ']', text.size) ||
                       !part_copy(text, fact->before, sizeof fact->before)
                   ? refuse(fault, line, "write up to 240 bytes of UTF-8",
                            "it is no fact")
                   : STING_OK;
    }
    const uint8_t *close = memchr(open, ']', (size_t)(end - open));
    if (!close || memchr(open + 1, '[', (size_t)(end - open - 1)) ||
        memchr(close + 1, ']', (size_t)(end - close - 1))) {
        return refuse(fault, line, "use one pair of brackets a line",
                      "its brackets do not match");
    }
    struct bytes before = {text.data, (size_t)(open - text.data)};
    struct bytes after = {close + 1, (size_t)(end - close - 1)};
    if (!part_copy(before, fact->before, sizeof fact->before) ||
        !part_copy(after, fact->after, sizeof fact->after) ||
        before.size + after.size < 8) {
        return refuse(fault, line, "write 8 to 240 bytes around the brackets",
                      "it is not clear where the fact stands");
    }
    struct bytes inside = {open + 1, (size_t)(close - open - 1)};
    enum sting_status status = values_take(fact, inside, line, fault);
    return status ? status : digits_take(fact, line, fault);
}

static struct bytes line_trimmed(struct bytes line)
{
    while (line.size > 0 && (line.data[line.size - 1] == '\r' ||
                             line.data[line.size - 1] == ' ')) {
        line.size--;
    }
    while (line.size > 0 && line.data[0] == ' ') {
        line.data++;
        line.size--;
    }
    return line;
}

static bool is_remark(struct bytes line)
{
    return line.size == 0 ||
           (line.data[0] == '#' && (line.size == 1 || line.data[1] == ' '));
}

static struct bytes without_mark(struct bytes text)
{
    bool has_mark = text.size >= 3 && !memcmp(text.data, "\xef\xbb\xbf", 3);
    size_t size = has_mark ? 3 : 0;
    return (struct bytes){text.data + size, text.size - size};
}

/* Every line into its fact; room is for FACTS_MOST. */
static enum sting_status lines_take(struct bytes text, struct fact *fact,
                                    uint32_t *facts, struct fault *fault)
{
    enum sting_status status = STING_OK;
    uint32_t count = 0;
    for (size_t line = 1; !status && text.size > 0; line++) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        size_t size = end ? (size_t)(end - text.data) : text.size;
        struct bytes now = line_trimmed((struct bytes){text.data, size});
        if (!is_remark(now) && count == FACTS_MOST) {
            status = fault_set(fault, STING_E_LIMIT, "use fewer",
                               "more than %d facts", FACTS_MOST);
        } else if (!is_remark(now)) {
            status = line_take(&fact[count++], now, line, fault);
        }
        size += end ? 1 : 0;
        text = (struct bytes){text.data + size, text.size - size};
    }
    *facts = count;
    return status;
}

enum sting_status declare_parse(struct bytes text, struct fact **out,
                                uint32_t *facts, struct fault *fault)
{
    struct fact *fact = calloc(FACTS_MOST, sizeof *fact);
    enum sting_status status =
        fact ? lines_take(without_mark(text), fact, facts, fault)
             : STING_E_NOMEM;
    if (!status && *facts == 0) {
        status = fault_set(fault, STING_E_ARG, "see sting bait declare --help",
                           "the file declares no fact");
    }
    if (status) {
        free(fact);
        return status;
    }
    *out = fact;
    return STING_OK;
}
