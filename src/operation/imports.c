#include "operation/imports.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "ledger/line.h"
#include "ledger/reader.h"
#include "ledger/unsigned_lines.h"

void imports_release(struct imports *imports)
{
    free(imports->row);
    *imports = (struct imports){.rows = 0};
}

static enum sting_status row_add(struct imports *imports,
                                 const struct import *one)
{
    if (imports->rows == IMPORTS_MOST) {
        return STING_E_LIMIT;
    }
    struct import *row =
        array_add(&imports->row, &imports->rows, sizeof *imports->row);
    if (!row) {
        return STING_E_NOMEM;
    }
    *row = *one;
    return STING_OK;
}

static bool name_read(const struct line *line, char name[CONFIG_NAME_SIZE])
{
    struct bytes raw = line_raw(line, "name");
    line_text(line, "name", name, CONFIG_NAME_SIZE);
    return raw.size < CONFIG_NAME_SIZE && name[0] && name[0] != '.' &&
           !strchr(name, '/');
}

static enum sting_status line_take(struct imports *imports,
                                   const struct line *line)
{
    struct import one = {.seq = line->seq, .at_us = line->at.utc_us};
    int64_t size = 0;
    if (!name_read(line, one.name) || line_integer(line, "size", &size) ||
        size < 1 || line_hex(line, "root", one.root.byte, DIGEST_SIZE)) {
        return STING_OK; /* no line of ours is without them */
    }
    one.size = (uint64_t)size;
    line_text(line, "origin", one.origin, sizeof one.origin);
    line_text(line, "case", one.case_key, sizeof one.case_key);
    return row_add(imports, &one);
}

/* A line of the file that is an `import` line; other lines are not parsed. */
static bool import_parse(struct bytes text, struct line *out)
{
    static const char word[] = " import ";
    return memmem(text.data, text.size, word, sizeof word - 1) &&
           !line_parse(text, out) && !strcmp(out->kind->name, "import");
}

/* A station may have signed more since. */
static bool is_nobodys(struct unsigned_lines *lines, int folder, uint64_t seq)
{
    if (seq >= lines->signed_to) {
        unsigned_lines_refresh(lines, folder);
    }
    return unsigned_lines_has(lines, seq);
}

static enum sting_status lines_read(int folder, struct imports *out,
                                    struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct unsigned_lines nobodys STING_AUTO(unsigned_lines_release) = {0};
    struct line line;
    enum sting_status status = ledger_reader_open(folder, &reader, fault);
    if (!status) {
        status = unsigned_lines_read(folder, &nobodys, fault);
    }
    if (status) {
        return status;
    }
    for (uint64_t seq = 0; !status; seq++) {
        status = ledger_reader_skip(reader);
        if (!status && import_parse(ledger_reader_text(reader), &line) &&
            !is_nobodys(&nobodys, folder, seq)) {
            status = line_take(out, &line);
            if (status == STING_E_LIMIT) {
                return fault_set(fault, status, "keep no more in one operation",
                                 "more than %d records were imported",
                                 IMPORTS_MOST);
            }
        }
        status = status == STING_E_LIMIT ? STING_OK : status; /* too long */
    }
    return status == STING_E_ABSENT ? STING_OK : status;
}

static int import_order(const void *left, const void *right)
{
    const struct import *a = left;
    const struct import *b = right;
    int by_name = strcmp(a->name, b->name);
    return by_name              ? by_name
           : a->size != b->size ? (a->size < b->size ? -1 : 1)
           : a->seq != b->seq   ? (a->seq < b->seq ? -1 : 1)
                                : 0;
}

enum sting_status imports_read(int folder, struct imports *out,
                               struct fault *fault)
{
    enum sting_status status = lines_read(folder, out, fault);
    if (out->rows > 1) {
        qsort(out->row, out->rows, sizeof *out->row, import_order);
    }
    return status;
}

size_t imports_of_name(const struct imports *imports, size_t first)
{
    size_t count = 1;
    while (
        first + count < imports->rows &&
        !strcmp(imports->row[first].name, imports->row[first + count].name)) {
        count++;
    }
    return count;
}
