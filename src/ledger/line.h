/*
 * line: one fact, as one line of the ledger, in exactly one spelling.
 *
 *   seq time boot+seconds kind key=value ... r=RANDOM prev=HASH LF
 *
 * In a ledger of format 1, HASH is all of SHA-256 of the line before, in one
 * of format 2 its first half: what is signed is the tree over whole lines.
 *
 * ASCII only. What a kind is called and which keys it has, in which order,
 * stands in line_table.c; values are written as text with every byte that is
 * not a visible ASCII character, and '%' and '=', as %xx. A line that
 * parses, built again from its parts, gives the same bytes.
 *
 * Format: docs/formats/ledger.md. Parsing takes hostile bytes, allocates
 * nothing and keeps views into the line.
 */
#ifndef STING_LEDGER_LINE_H
#define STING_LEDGER_LINE_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "crypt/digest.h"

#define LINE_MOST_BYTES 4096 /* with its LF */
#define LINE_MOST_FIELDS 32
#define LINE_RANDOM_SIZE 16
#define LINE_BOOT_SIZE 9  /* eight hex digits of the boot's id, and NUL */
#define LINE_TIME_SIZE 28 /* "2011-11-01T20:04:41.250000Z" and NUL */
#define LINE_KIND_SIZE 16

/* One field to be written. A NULL value leaves the field out. */
struct line_field {
    const char *name;
    const char *value; /* any text; written escaped */
};

/* One kind of line. */
struct line_kind {
    const char *name;
    const char *keys; /* in their order, blanks between, "!" after needed */
    bool is_note;     /* stands in the header of a file, not in the ledger */
};

/* Of the format, as the genesis line's v= says: that of new ledgers. */
#define LINE_VERSION "2"
#define LINE_VERSIONS "1 and 2" /* that are read, and gone on with */
/* How many bytes of the hash before a line of that version has; 0 when this
 * sting does not know it. */
size_t line_prev_size(struct bytes version);

/* The kind with this name; NULL when there is none. */
const struct line_kind *line_kind_lookup(struct bytes name);
/* The kinds in table order; NULL past the last. */
const struct line_kind *line_kind_at(size_t index);

/* May a line of this kind stand behind `close`? What ends its session, and what
 * outsiders say of the record. */
bool line_may_follow_close(const char *kind);

/* Does a line of this kind instruct, excuse or accuse: what is sealed to whom,
 * what may be gone, who did what? It counts for nothing, ever, unless a
 * checkpoint signed it before the next writer came (unsigned_lines.h). */
bool line_instructs(const char *kind);

/* A parsed line: values as they are written, views into the line. */
struct line {
    uint64_t seq;
    struct moment at;
    char boot[LINE_BOOT_SIZE];
    const struct line_kind *kind; /* from the table */
    size_t fields;
    struct bytes key[LINE_MOST_FIELDS];
    struct bytes value[LINE_MOST_FIELDS];
    uint8_t random[LINE_RANDOM_SIZE];
    struct digest prev; /* its first prev_size bytes, then zeros */
    size_t prev_size;
};

/* Who and when of a line to be built. */
struct line_head {
    uint64_t seq;
    struct moment at;
    char boot[LINE_BOOT_SIZE];
};

/* Append a line up to its last field; fields in any order. E_ARG when the
 * kind or a key is unknown, a key is double or a needed one missing, or the
 * line would be too long; *out as before. */
STING_MUST_USE enum sting_status line_begin(struct buffer *out,
                                            const struct line_head *head,
                                            const char *kind,
                                            const struct line_field field[],
                                            size_t fields);

/* Append r=, prev= with so many bytes of `prev`, and the LF. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status line_end(
    struct buffer *out, const uint8_t random[LINE_RANDOM_SIZE],
    struct digest prev, size_t prev_size);

/* Does it follow a line with this hash, in a ledger with so many bytes of it?
 */
bool line_follows(const struct line *line, struct digest prev,
                  size_t prev_size);

/* Parse one line with its LF. Fails: E_FORMAT when it is not canonical,
 * E_LIMIT when it is too long, E_UNSUPPORTED when it is well formed but its
 * kind or a key is not in the table; then seq, at and prev are filled in. */
STING_MUST_USE enum sting_status line_parse(struct bytes text,
                                            struct line *out);

/* The same fields without head and end, "kind key=value ...", for the note
 * in the header of an age file. Fails: as line_begin. */
STING_MUST_USE enum sting_status line_note_write(
    struct buffer *out, const char *kind, const struct line_field field[],
    size_t fields);

/* Parse such a note: only kind and fields of *out are set. Fails as
 * line_parse. */
STING_MUST_USE enum sting_status line_note_parse(struct bytes text,
                                                 struct line *out);

/* A value as written, size 0 when absent (check with line_has). */
bool line_has(const struct line *line, const char *key);
struct bytes line_raw(const struct line *line, const char *key);
/* A value with its escapes undone, cut to size - 1 bytes; "" when absent. */
char *line_text(const struct line *line, const char *key, char *out,
                size_t size);
/* Fails: E_ABSENT, E_FORMAT; *out kept. */
STING_MUST_USE enum sting_status line_integer(const struct line *line,
                                              const char *key, int64_t *out);
STING_MUST_USE enum sting_status line_time(const struct line *line,
                                           const char *key, int64_t *utc_us);
STING_MUST_USE enum sting_status line_hex(const struct line *line,
                                          const char *key, uint8_t *out,
                                          size_t size);

/* "2011-11-01T20:04:41.250000Z", years 1970 to 9999; gives text back. */
char *line_time_text(int64_t utc_us, char text[LINE_TIME_SIZE]);
/* Exactly that spelling. Fails: E_FORMAT. */
STING_MUST_USE enum sting_status line_time_parse(struct bytes text,
                                                 int64_t *utc_us);

#endif
