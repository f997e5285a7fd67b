/*
 * reader: the lines of a ledger in order, up to the last whole one.
 *
 * Needs no lock and no key: a writer may be appending meanwhile. Says of
 * each line whether it parses, not whether the record is true; that is
 * verify.h.
 */
#ifndef STING_LEDGER_READER_H
#define STING_LEDGER_READER_H

#include "base/base.h"
#include "base/fault.h"
#include "ledger/line.h"

struct ledger_reader;

/* Open OP/evidence/ledger for reading. Fails: E_ABSENT, E_UNSUPPORTED when it
 * is no regular file, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status ledger_reader_open(int operation,
                                                    struct ledger_reader **out,
                                                    struct fault *fault);
/* The same, and lines that instruct are left out where no checkpoint signed
 * them in time (unsigned_lines.h): for whoever goes by what lines say. */
STING_MUST_USE enum sting_status ledger_reader_open_signed(
    int operation, struct ledger_reader **out, struct fault *fault);
void ledger_reader_free(struct ledger_reader **reader);
/* A last line of which lost power took a sector (torn.h) is not there yet, but
 * for who judges or mends the file: told as any line that does not parse. */
void ledger_reader_tell_torn(struct ledger_reader *reader);

/* The next line; views in *out are good until the next call. Call again
 * after E_ABSENT to see what was appended since.
 * Fails: E_ABSENT at the end of the last whole line, E_FORMAT, E_LIMIT,
 * E_UNSUPPORTED (as line_parse; the reader moves past the line), E_IO. */
STING_MUST_USE enum sting_status ledger_reader_next(
    struct ledger_reader *reader, struct line *out);

/* The same for who is not to judge the record: lines that do not parse are
 * passed over, `sting verify` tells of them. Fails: E_ABSENT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status ledger_reader_next_known(
    struct ledger_reader *reader, struct line *out);

/* The same without parsing it: ledger_reader_text() has it. Fails: E_ABSENT,
 * E_LIMIT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status ledger_reader_skip(
    struct ledger_reader *reader);

/* The line before those that were given last: from there back, one a call.
 * There is no way forward again. Fails: E_ABSENT before the first line, E_LIMIT
 * for one that is too long, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status ledger_reader_back(
    struct ledger_reader *reader);

/* Give at most `lines` lines more to `each`, which stops it by failing; lines
 * that do not parse are passed over. Fails: E_BUSY when there are more, E_IO,
 * as `each`. */
STING_MUST_USE enum sting_status ledger_reader_follow(
    struct ledger_reader *reader, size_t lines,
    enum sting_status (*each)(void *context, const struct line *line),
    void *context);

/* The last line given, with its LF; where it begins in the file; bytes that
 * follow the last whole line (a line being written, or torn). */
struct bytes ledger_reader_text(const struct ledger_reader *reader);
uint64_t ledger_reader_offset(const struct ledger_reader *reader);
uint64_t ledger_reader_rest(const struct ledger_reader *reader);
/* Does the file end with the last line given? */
bool ledger_reader_is_last(const struct ledger_reader *reader);

#endif
