/* The only file that knows SQLite. */
#include "operation/catalog.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "ledger/reader.h"

#define FILE_NAME "catalog.db"
#define FORM 1 /* of the tables below; another form is made anew */
#define MOST_COLUMNS 16
#define VALUE_SIZE 1024

enum column_type { COLUMN_END, COLUMN_TEXT, COLUMN_INTEGER, COLUMN_TIME };

/* One table, filled from one kind of line. Columns are named as the keys are;
 * a time becomes microseconds. Before them stand seq and at_us. */
struct table {
    const char *kind;
    const char *unique; /* lines with the same value speak of one row */
    struct column {
        const char *key;
        enum column_type type;
    } column[MOST_COLUMNS];
};

static const struct table table[] = {
    {"session", NULL, {{"n", COLUMN_INTEGER}, {"boot", COLUMN_TEXT}}},
    {"seg",
     NULL,
     {{"camera", COLUMN_TEXT},
      {"date", COLUMN_TEXT},
      {"n", COLUMN_INTEGER},
      {"part", COLUMN_INTEGER},
      {"t0", COLUMN_TIME},
      {"pts", COLUMN_INTEGER},
      {"us", COLUMN_INTEGER},
      {"frames", COLUMN_INTEGER},
      {"bytes", COLUMN_INTEGER},
      {"looks", COLUMN_INTEGER},
      {"act", COLUMN_INTEGER},
      {"ct", COLUMN_TEXT}}},
    {"gap",
     NULL,
     {{"cause", COLUMN_TEXT},
      {"camera", COLUMN_TEXT},
      {"from", COLUMN_TIME},
      {"to", COLUMN_TIME}}},
    {"camera", NULL, {{"camera", COLUMN_TEXT}, {"state", COLUMN_TEXT}}},
    {"incident",
     "n",
     {{"n", COLUMN_INTEGER},
      {"state", COLUMN_TEXT},
      {"camera", COLUMN_TEXT},
      {"zone", COLUMN_TEXT},
      {"bait", COLUMN_TEXT},
      {"kind", COLUMN_TEXT},
      {"tier", COLUMN_TEXT},
      {"start", COLUMN_TIME},
      {"end", COLUMN_TIME},
      {"first_look", COLUMN_TIME},
      {"score", COLUMN_TEXT}}},
    {"alert",
     "n",
     {{"n", COLUMN_INTEGER},
      {"incident", COLUMN_INTEGER},
      {"tier", COLUMN_TEXT},
      {"channel", COLUMN_TEXT},
      {"state", COLUMN_TEXT},
      {"attempt", COLUMN_INTEGER},
      {"ms", COLUMN_INTEGER},
      {"blob", COLUMN_TEXT}}},
    {"note",
     NULL,
     {{"type", COLUMN_TEXT},
      {"incident", COLUMN_INTEGER},
      {"blob", COLUMN_TEXT}}},
    {"bait",
     "bait",
     {{"bait", COLUMN_TEXT},
      {"state", COLUMN_TEXT},
      {"original", COLUMN_TEXT},
      {"pages", COLUMN_INTEGER}}},
    {"issue",
     NULL,
     {{"bait", COLUMN_TEXT},
      {"first", COLUMN_INTEGER},
      {"count", COLUMN_INTEGER},
      {"root", COLUMN_TEXT}}},
    {"trace",
     NULL,
     {{"run", COLUMN_TEXT},
      {"pictures", COLUMN_INTEGER},
      {"tried", COLUMN_INTEGER},
      {"attributed", COLUMN_INTEGER},
      {"lead", COLUMN_INTEGER},
      {"none", COLUMN_INTEGER},
      {"blob", COLUMN_TEXT}}},
};
#define TABLES (sizeof table / sizeof *table)

struct catalog {
    sqlite3 *base;
    sqlite3_stmt *insert[TABLES];
    struct ledger_reader *reader;
    int64_t lines;
    struct digest last; /* SHA-256 of the last line taken in */
};

void catalog_close(struct catalog **catalog)
{
    if (*catalog) {
        for (size_t i = 0; i < TABLES; i++) {
            sqlite3_finalize((*catalog)->insert[i]);
        }
        sqlite3_close((*catalog)->base);
        ledger_reader_free(&(*catalog)->reader);
    }
    free(*catalog);
    *catalog = NULL;
}

static enum sting_status refused(const struct catalog *catalog,
                                 struct fault *fault)
{
    return fault_set(fault, STING_E_IO, "remove it and run sting reindex",
                     "%s cannot be used: %s", FILE_NAME,
                     sqlite3_errmsg(catalog->base));
}

static enum sting_status run(const struct catalog *catalog, const char *sql,
                             struct fault *fault)
{
    return sqlite3_exec(catalog->base, sql, NULL, NULL, NULL) == SQLITE_OK
               ? STING_OK
               : refused(catalog, fault);
}

/* What one column adds to the three statements. */
static enum sting_status column_write(const struct column *column, bool first,
                                      struct buffer *create,
                                      struct buffer *insert,
                                      struct buffer *update)
{
    const char *key = column->key;
    enum sting_status status =
        buffer_printf(create, ", \"%s\" %s", key,
                      column->type == COLUMN_TEXT ? "TEXT" : "INTEGER");
    if (!status) {
        status = buffer_printf(update,
                               "%s\"%s\" = coalesce(excluded.\"%s\", \"%s\")",
                               first ? "" : ", ", key, key, key);
    }
    return status ? status : buffer_text_append(insert, ", ?");
}

/* CREATE TABLE and INSERT of one table, from its row above. */
static enum sting_status statements_write(const struct table *row,
                                          struct buffer *create,
                                          struct buffer *insert)
{
    struct buffer update STING_AUTO(buffer_release) = {0};
    enum sting_status status = buffer_printf(
        create, "CREATE TABLE IF NOT EXISTS \"%s\" (seq INTEGER, at_us INTEGER",
        row->kind);
    if (!status) {
        status =
            buffer_printf(insert, "INSERT INTO \"%s\" VALUES (?, ?", row->kind);
    }
    for (size_t i = 0; row->column[i].type != COLUMN_END && !status; i++) {
        status = column_write(&row->column[i], i == 0, create, insert, &update);
    }
    if (!status) {
        status = row->unique
                     ? buffer_printf(create, ", UNIQUE (\"%s\"))", row->unique)
                     : buffer_text_append(create, ")");
    }
    if (!status) {
        status = buffer_text_append(insert, ")");
    }
    /* The first line of a row keeps its seq and at_us. */
    return status || !row->unique
               ? status
               : buffer_printf(insert, " ON CONFLICT (\"%s\") DO UPDATE SET %s",
                               row->unique, buffer_text(&update));
}

static enum sting_status tables_make(struct catalog *catalog,
                                     struct fault *fault)
{
    char form[64];
    snprintf(form, sizeof form, "PRAGMA user_version = %d", FORM);
    enum sting_status status = run(catalog, form, fault);
    for (size_t i = 0; i < TABLES && !status; i++) {
        struct buffer create STING_AUTO(buffer_release) = {0};
        struct buffer insert STING_AUTO(buffer_release) = {0};
        status = statements_write(&table[i], &create, &insert);
        if (!status) {
            status = run(catalog, buffer_text(&create), fault);
        }
        if (!status &&
            sqlite3_prepare_v2(catalog->base, buffer_text(&insert), -1,
                               &catalog->insert[i], NULL) != SQLITE_OK) {
            status = refused(catalog, fault);
        }
    }
    return status ? status
                  : run(catalog,
                        "CREATE TABLE IF NOT EXISTS progress (one INTEGER "
                        "PRIMARY KEY CHECK (one = 1), lines INTEGER, last "
                        "TEXT)",
                        fault);
}

/* A number from a query of one row and one column, `other` when none. */
static int64_t ask_number(const struct catalog *catalog, const char *sql,
                          int64_t other)
{
    sqlite3_stmt *query = NULL;
    if (sqlite3_prepare_v2(catalog->base, sql, -1, &query, NULL) == SQLITE_OK &&
        sqlite3_step(query) == SQLITE_ROW) {
        other = sqlite3_column_int64(query, 0);
    }
    sqlite3_finalize(query);
    return other;
}

static void column_bind(sqlite3_stmt *insert, int at, const struct line *line,
                        const char *key, enum column_type type)
{
    char text[VALUE_SIZE];
    int64_t number = 0;
    sqlite3_bind_null(insert, at); /* what stays when there is no value */
    if (!line_has(line, key)) {
        return;
    }
    if (type == COLUMN_TEXT) {
        sqlite3_bind_text(insert, at, line_text(line, key, text, sizeof text),
                          -1, SQLITE_TRANSIENT);
        return;
    }
    enum sting_status status = type == COLUMN_TIME
                                   ? line_time(line, key, &number)
                                   : line_integer(line, key, &number);
    if (!status) {
        sqlite3_bind_int64(insert, at, number);
    }
}

static enum sting_status line_insert(struct catalog *catalog,
                                     const struct line *line,
                                     struct fault *fault)
{
    size_t i = 0;
    while (i < TABLES && strcmp(table[i].kind, line->kind->name) != 0) {
        i++;
    }
    int64_t number = 1;
    if (i == TABLES ||
        (table[i].unique && line_integer(line, "n", &number) == STING_OK &&
         number == 0)) {
        return STING_OK; /* conditions have no number and no row */
    }
    sqlite3_stmt *insert = catalog->insert[i];
    sqlite3_reset(insert);
    sqlite3_bind_int64(insert, 1, (int64_t)line->seq);
    sqlite3_bind_int64(insert, 2, line->at.utc_us);
    for (int c = 0; table[i].column[c].type != COLUMN_END; c++) {
        column_bind(insert, c + 3, line, table[i].column[c].key,
                    table[i].column[c].type);
    }
    return sqlite3_step(insert) == SQLITE_DONE ? STING_OK
                                               : refused(catalog, fault);
}

static enum sting_status progress_write(const struct catalog *catalog,
                                        struct fault *fault)
{
    char sql[200];
    char last[DIGEST_TEXT_SIZE];
    snprintf(sql, sizeof sql,
             "INSERT OR REPLACE INTO progress VALUES (1, %lld, '%s')",
             (long long)catalog->lines, digest_text(catalog->last, last));
    return run(catalog, sql, fault);
}

/* Move the reader on by one line; E_ABSENT at the end. A line that does not
 * parse is counted and left to sting verify: *line has no kind then. */
static enum sting_status reader_step(struct catalog *catalog, struct line *line,
                                     struct fault *fault)
{
    enum sting_status status = ledger_reader_next(catalog->reader, line);
    if (status == STING_E_ABSENT) {
        return status;
    }
    if (status == STING_E_IO || status == STING_E_NOMEM) {
        return fault_set(fault, status, "", "the ledger cannot be read");
    }
    if (status) {
        line->kind = NULL;
    }
    catalog->lines++;
    catalog->last = digest_of(ledger_reader_text(catalog->reader));
    return STING_OK;
}

enum sting_status catalog_follow(struct catalog *catalog, struct fault *fault)
{
    struct line line;
    enum sting_status status = run(catalog, "BEGIN", fault);
    while (!status) {
        status = reader_step(catalog, &line, fault);
        if (!status && line.kind) {
            status = line_insert(catalog, &line, fault);
        }
    }
    if (status == STING_E_ABSENT) {
        status = progress_write(catalog, fault);
    }
    if (!status) {
        return run(catalog, "COMMIT", fault);
    }
    (void)sqlite3_exec(catalog->base, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

/* Skip what the index holds already; E_FORGED when the ledger tells another
 * story there. */
static enum sting_status skip(struct catalog *catalog, int64_t lines,
                              struct fault *fault)
{
    char sql[200];
    char last[DIGEST_TEXT_SIZE];
    struct line line;
    enum sting_status status = STING_OK;
    while (!status && catalog->lines < lines) {
        status = reader_step(catalog, &line, fault);
    }
    if (status) {
        return status == STING_E_ABSENT ? STING_E_FORGED : status;
    }
    snprintf(sql, sizeof sql, "SELECT 1 FROM progress WHERE last = '%s'",
             digest_text(catalog->last, last));
    return lines == 0 || ask_number(catalog, sql, 0) == 1 ? STING_OK
                                                          : STING_E_FORGED;
}

static enum sting_status try_open(const struct operation *operation,
                                  struct catalog **out, struct fault *fault)
{
    char path[PATH_MAX];
    struct catalog *catalog STING_AUTO(catalog_close) =
        calloc(1, sizeof *catalog);
    if (!catalog) {
        return STING_E_NOMEM;
    }
    snprintf(path, sizeof path, "%s/%s", operation_path(operation), FILE_NAME);
    if (sqlite3_open(path, &catalog->base) != SQLITE_OK) {
        return refused(catalog, fault);
    }
    sqlite3_busy_timeout(catalog->base, 5000);
    int64_t form = ask_number(catalog, "PRAGMA user_version", -1);
    if (form != FORM && form != 0) {
        return STING_E_FORGED; /* another form, or no database at all */
    }
    enum sting_status status = tables_make(catalog, fault);
    if (!status) {
        status = ledger_reader_open(operation_dir(operation), &catalog->reader,
                                    fault);
    }
    if (!status) {
        status =
            skip(catalog, ask_number(catalog, "SELECT lines FROM progress", 0),
                 fault);
    }
    if (!status) {
        status = catalog_follow(catalog, fault);
    }
    if (status) {
        return status;
    }
    *out = catalog;
    catalog = NULL;
    return STING_OK;
}

enum sting_status catalog_open(const struct operation *operation,
                               struct catalog **out, struct fault *fault)
{
    enum sting_status status = try_open(operation, out, fault);
    if (status != STING_E_FORGED) {
        return status;
    }
    status = catalog_drop(operation, fault);
    return status ? status : try_open(operation, out, fault);
}

enum sting_status catalog_drop(const struct operation *operation,
                               struct fault *fault)
{
    static const char *const name[] = {FILE_NAME, FILE_NAME "-journal"};
    for (size_t i = 0; i < 2; i++) {
        if (unlinkat(operation_dir(operation), name[i], 0) != 0 &&
            errno != ENOENT) {
            return fault_errno(fault, STING_E_IO, "check its permissions",
                               "%s cannot be removed", name[i]);
        }
    }
    return STING_OK;
}

int64_t catalog_lines(const struct catalog *catalog)
{
    return catalog->lines;
}

int64_t catalog_rows(struct catalog *catalog, const char *name)
{
    char sql[100];
    for (size_t i = 0; i < TABLES; i++) {
        if (!strcmp(table[i].kind, name)) {
            snprintf(sql, sizeof sql, "SELECT count(*) FROM \"%s\"", name);
            return ask_number(catalog, sql, -1);
        }
    }
    return -1;
}
