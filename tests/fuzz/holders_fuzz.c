/* Whoever a table of holders names has a plain name and a folder of its own;
 * the names written as one quoted column are read back the same. A table
 * gives the same fields however it is cut into pieces. */
#include <stdlib.h>
#include <string.h>

#include "bait/csv.h"
#include "bait/holders.h"
#include "operation/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static void names_hold(const struct holders *holders)
{
    char folder[HOLDER_SIZE], other[HOLDER_SIZE];
    for (uint32_t i = 0; i < holders->list.count; i++) {
        const char *name = holder_list_at(&holders->list, i);
        hold(sheet_text_is_valid(name) && strlen(name) < HOLDER_SIZE);
        holders_folder(name, folder);
        hold(folder[0] && folder[0] != '.' && !strpbrk(folder, "/\\"));
        hold(holders_find(holders, name) == (int64_t)i);
        for (uint32_t j = 0; j < i; j++) {
            holders_folder(holder_list_at(&holders->list, j), other);
            hold(strcmp(folder, other) != 0);
        }
    }
}

static void quoted_append(struct buffer *out, const char *name)
{
    hold(!buffer_text_append(out, "\""));
    for (; *name; name++) {
        hold(!buffer_printf(out, *name == '"' ? "\"\"" : "%c", *name));
    }
    hold(!buffer_text_append(out, "\"\r\n"));
}

static void again_hold(const struct holders *holders)
{
    struct holders again STING_AUTO(holders_release) = {0};
    struct buffer csv STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    hold(!buffer_text_append(&csv, "\"holder\"\r\n"));
    for (uint32_t i = 0; i < holders->list.count; i++) {
        quoted_append(&csv, holder_list_at(&holders->list, i));
    }
    hold(!holders_parse(&again, buffer_bytes(&csv), NULL, &fault));
    hold(again.list.count == holders->list.count);
    for (uint32_t i = 0; i < again.list.count; i++) {
        hold(!strcmp(holder_list_at(&again.list, i),
                     holder_list_at(&holders->list, i)));
    }
}

static enum sting_status field_note(void *context, size_t line, unsigned column,
                                    struct bytes field, bool is_last,
                                    struct fault *fault)
{
    struct buffer *out = context;
    (void)fault;
    hold(!buffer_printf(out, "%zu %u %d %zu:", line, column, is_last,
                        field.size));
    return buffer_append(out, field);
}

/* All fields of a table whose first line comes whole and whose rest comes in
 * pieces. */
static enum sting_status fields_of(struct bytes text, size_t piece,
                                   struct buffer *out)
{
    struct csv csv STING_AUTO(csv_release);
    struct fault fault = {"", ""};
    const uint8_t *end = text.size ? memchr(text.data, '\n', text.size) : NULL;
    size_t count = end ? (size_t)(end - text.data) + 1 : text.size;
    enum sting_status status = STING_OK;
    csv_init(&csv, field_note, out);
    do {
        status = csv_put(&csv, (struct bytes){text.data, count}, &fault);
        text = (struct bytes){text.data + count, text.size - count};
        count = text.size < piece ? text.size : piece;
    } while (!status && text.size > 0);
    return status ? status : csv_end(&csv, &fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = {data, size};
    struct holders holders STING_AUTO(holders_release) = {0};
    struct buffer whole STING_AUTO(buffer_release) = {0};
    struct buffer pieces STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    enum sting_status status = holders_parse(&holders, text, NULL, &fault);
    hold(!status || fault.why[0]);
    names_hold(&holders);
    again_hold(&holders);
    status = fields_of(text, size + 1, &whole);
    hold(fields_of(text, size ? data[size - 1] % 7 + (size_t)1 : 1, &pieces) ==
         status);
    hold(bytes_equal(buffer_bytes(&whole), buffer_bytes(&pieces)));
    return 0;
}
