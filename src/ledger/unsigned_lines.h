/*
 * unsigned_lines: which lines no checkpoint signed in time.
 *
 * Anybody can append a line that fits to a ledger that lies there. The next
 * writer signs what it finds, for recordings are in it; but its `session`
 * line tells with unsigned=N that the N lines before it were signed by
 * nobody when it came. Lines among them that instruct (line_instructs) are
 * void for ever, and so are those behind the last checkpoint. Of those that
 * name recordings it tells which files it saw (adopted_files.h).
 *
 * Up to where lines are signed: last_signed.h.
 *
 * Who appends lines can append such a `session` too. So marks are taken from
 * the end back: the last one is a writer's; what it names was anybody's, and no
 * mark among that counts; before its first line, the last one is a writer's.
 *
 * Bounds: a record with more than UNSIGNED_LINES_MOST marks of writers is not
 * read; of more lines whose file was not so, the older marks saw no file.
 * Format: docs/formats/ledger.md, "Found unsigned".
 */
#ifndef STING_LEDGER_UNSIGNED_LINES_H
#define STING_LEDGER_UNSIGNED_LINES_H

#include <time.h>

#include "base/base.h"
#include "base/fault.h"
#include "crypt/digest.h"
#include "ledger/last_signed.h"
#include "ledger/line.h"

#define UNSIGNED_LINES_MOST 262144

/* From `first` to just before `session`, the line that says so; up to before
 * `seen_to` its writer looked at the files of recordings. */
struct unsigned_range {
    uint64_t first;
    uint64_t session;
    uint64_t seen_to;
};

/* What grows with each checkpoint: the file that the last one is in, or the
 * folder, by another file. */
struct unsigned_seen {
    struct timespec folder;
    int64_t bytes;
};

struct unsigned_lines {
    uint64_t signed_to; /* lines that the last checkpoint speaks of */
    struct digest root; /* as it says */
    char notes[LAST_SIGNED_NOTES_SIZE]; /* and the file that it is in */
    struct unsigned_range *range;       /* owned, in order, apart */
    size_t ranges;
    uint64_t *unlike; /* owned, in order: lines whose file was not so */
    size_t unlikes;
    struct unsigned_seen seen; /* when they were read anew last */
};

/* Over checkpoints and signed lines, and back to the first mark, without a lock
 * or a secret.
 * Fails: as ledger_reader_open, E_IO, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status unsigned_lines_read(int operation,
                                                     struct unsigned_lines *out,
                                                     struct fault *fault);
void unsigned_lines_release(struct unsigned_lines *lines);

/* Have checkpoints come since, in that file or a newer one? Then all is read
 * anew, for they sign marks; as it was when it cannot be. Where nothing came it
 * is as cheap as two looks at the folder: anybody can append a million lines
 * that ask for it. */
void unsigned_lines_refresh(struct unsigned_lines *lines, int operation);

/* Is the line with this number one of them? */
bool unsigned_lines_has(const struct unsigned_lines *lines, uint64_t seq);

/* The `session` line that found it so; UINT64_MAX: none did. */
uint64_t unsigned_lines_finder(const struct unsigned_lines *lines,
                               uint64_t seq);

/* It is, and names a recording: did who adopted it find the file as the line
 * says, and does that writer's `session` line, signed, say so? */
bool unsigned_lines_file_seen(const struct unsigned_lines *lines, uint64_t seq);

#endif
