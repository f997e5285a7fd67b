/* Holders out of a table. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "bait/csv.h"
#include "bait/holders.h"

#define MOST_CSV_BYTES ((size_t)1 << 30)
#define CHUNK ((size_t)64 << 10)

/* The rows as they come; the first one says which column is wanted. */
struct rows {
    struct holders *holders;
    const char *column;  /* asked for, or NULL */
    int64_t wanted;      /* -1 until the first row is read */
    unsigned columns;    /* of the first row */
    struct buffer first; /* the first row's first field */
    bool has_heading, has_holder, has_text;
};

static bool is_called(struct bytes field, const char *name)
{
    return field.size == strlen(name) &&
           !strncasecmp((const char *)field.data, name, field.size);
}

/* What the wanted column is called; NULL: it is another. */
static const char *heading_of(const struct rows *rows, struct bytes field)
{
    static const char *const usual[] = {"holder", "name", "recipient"};
    if (rows->column) {
        return is_called(field, rows->column) ? rows->column : NULL;
    }
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        if (is_called(field, usual[i])) {
            return usual[i];
        }
    }
    return NULL;
}

/* A fault of a row is told with its line. */
static enum sting_status row_add(struct rows *rows, size_t line,
                                 struct bytes field, struct fault *fault)
{
    struct fault bare = {"", ""};
    enum sting_status status = holders_add(rows->holders, field, &bare);
    return status ? fault_set(fault, status, bare.todo, "line %zu: %.280s",
                              line, bare.why)
                  : STING_OK;
}

static enum sting_status heading_take(struct rows *rows, size_t line,
                                      unsigned column, struct bytes field,
                                      bool is_last, struct fault *fault)
{
    enum sting_status status = STING_OK;
    const char *heading = heading_of(rows, field);
    if (rows->wanted < 0 && heading) {
        rows->wanted = column;
        rows->holders->column = heading;
    }
    if (column == 0) {
        status = buffer_append(&rows->first, field);
    }
    if (status || !is_last) {
        return status;
    }
    rows->has_heading = true;
    rows->columns = column + 1;
    if (rows->wanted >= 0) {
        return STING_OK;
    }
    if (rows->column) {
        return fault_set(fault, STING_E_ARG, "see its first line",
                         "the table has no column \"%.60s\"", rows->column);
    }
    if (column > 0) {
        return fault_set(fault, STING_E_ARG,
                         "say which holds the names: --column NAME",
                         "none of the table's %u columns is called holder, "
                         "name or recipient",
                         column + 1);
    }
    rows->wanted = 0;
    return rows->first.size == 0
               ? STING_OK
               : row_add(rows, line, buffer_bytes(&rows->first), fault);
}

static enum sting_status field_take(void *context, size_t line, unsigned column,
                                    struct bytes field, bool is_last,
                                    struct fault *fault)
{
    struct rows *rows = context;
    enum sting_status status = STING_OK;
    if (!rows->has_heading) {
        return heading_take(rows, line, column, field, is_last, fault);
    }
    if (column == rows->columns) {
        return fault_set(fault, STING_E_ARG,
                         "put a name that holds a comma in quotes",
                         "line %zu has more columns than the first line", line);
    }
    rows->has_text = rows->has_text || field.size > 0;
    if (column == rows->wanted && field.size > 0) {
        rows->has_holder = true;
        status = row_add(rows, line, field, fault);
    }
    if (!status && is_last && rows->has_text && !rows->has_holder) {
        status = fault_set(fault, STING_E_ARG, "fill it in, or leave it out",
                           "line %zu has no holder", line);
    }
    if (is_last) {
        rows->has_text = rows->has_holder = false;
    }
    return status;
}

/* What spreadsheets write that is not UTF-8. */
static enum sting_status check_kind(struct bytes *text, struct fault *fault)
{
    if (text->size >= 3 && !memcmp(text->data, "\xef\xbb\xbf", 3)) {
        text->data += 3;
        text->size -= 3;
    }
    bool is_wide = text->size >= 2 && (!memcmp(text->data, "\xff\xfe", 2) ||
                                       !memcmp(text->data, "\xfe\xff", 2));
    bool is_zip = text->size >= 4 && !memcmp(text->data, "PK\x03\x04", 4);
    return is_wide || is_zip
               ? fault_set(fault, STING_E_FORMAT, "save it as CSV in UTF-8",
                           is_zip ? "it is a spreadsheet, no CSV"
                                  : "it is in UTF-16")
               : STING_OK;
}

enum sting_status holders_parse(struct holders *holders, struct bytes text,
                                const char *column, struct fault *fault)
{
    struct rows rows = {.holders = holders, .column = column, .wanted = -1};
    struct csv csv STING_AUTO(csv_release);
    csv_init(&csv, field_take, &rows);
    enum sting_status status = check_kind(&text, fault);
    if (!status) {
        status = csv_put(&csv, text, fault);
    }
    if (!status) {
        status = csv_end(&csv, fault);
    }
    buffer_release(&rows.first);
    return status;
}

static ssize_t read_full(int fd, uint8_t *out, size_t size)
{
    size_t got = 0;
    while (got < size) {
        ssize_t now = read(fd, out + got, size - got);
        if (now < 0 && errno == EINTR) {
            continue;
        }
        if (now < 0) {
            return -1;
        }
        if (now == 0) {
            break;
        }
        got += (size_t)now;
    }
    return (ssize_t)got;
}

static enum sting_status pieces_read(int fd, struct csv *csv,
                                     struct fault *fault)
{
    static uint8_t piece[CHUNK];
    enum sting_status status = STING_OK;
    for (size_t all = 0; !status; all += CHUNK) {
        ssize_t got = read_full(fd, piece, sizeof piece);
        struct bytes bytes = {piece, got > 0 ? (size_t)got : 0};
        if (got < 0) {
            return fault_errno(fault, STING_E_IO, "", "it cannot be read");
        }
        if (got == 0) {
            return csv_end(csv, fault);
        }
        if (all > MOST_CSV_BYTES) {
            return fault_set(fault, STING_E_LIMIT, "split it",
                             "the table is larger than 1 GiB");
        }
        status = all == 0 ? check_kind(&bytes, fault) : STING_OK;
        if (!status) {
            status = csv_put(csv, bytes, fault);
        }
    }
    return status;
}

enum sting_status holders_load(struct holders *holders, const char *path,
                               const char *column, struct fault *fault)
{
    struct rows rows = {.holders = holders, .column = column, .wanted = -1};
    struct csv csv STING_AUTO(csv_release);
    int fd STING_AUTO(fd_close) = open(path, O_RDONLY | O_CLOEXEC);
    csv_init(&csv, field_take, &rows);
    if (fd < 0) {
        return fault_errno(fault, STING_E_IO, "name a table of holders",
                           "%.200s cannot be read", path);
    }
    enum sting_status status = pieces_read(fd, &csv, fault);
    buffer_release(&rows.first);
    return status;
}
