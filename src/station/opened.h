/*
 * opened: what a command unlocked on the machine and handed over for people at
 * the console: holders of copies, words of notes. In memory, for an hour after
 * the last, and given to nobody before he has said why: that is a `custody`
 * line, each time, which tells who, why, and which.
 *
 * Threads: the station's.
 */
#ifndef STING_STATION_OPENED_H
#define STING_STATION_OPENED_H

#include "base/buffer.h"
#include "base/clock.h"
#include "station/session.h"

#define OPENED_MOST 4096
#define OPENED_MOST_BYTES ((size_t)8 << 20)

struct console;
struct asked;
struct user;

/* One thing: of a copy, its holder; of a line of the ledger, its words. */
struct opened_one {
    uint64_t key;      /* the copy's or the line's number */
    uint32_t incident; /* that the line is about; 0: of none */
    uint64_t n;        /* the how many-th that was opened, from 1 */
    struct buffer bytes;
};

/* Zero-initialise. */
struct opened {
    struct opened_one *one; /* owned */
    size_t count;
    size_t bytes;
    uint64_t n; /* opened so far; never falls */
    int64_t shown_us;
};

/* Who reads. Words about an incident are for who sees its camera, all else
 * for who sees all cameras. */
struct opened_reader {
    const struct console *console;
    const struct user *user;
    const struct session *session;
    enum session_read_kind kind;
};

/* Take one in, in the place of what was opened of that key before. */
void opened_take(struct opened *opened, uint64_t key, uint32_t incident,
                 struct bytes bytes, struct moment now);
/* After an hour it goes. */
void opened_tick(struct opened *opened, struct moment now);
void opened_wipe(struct opened *opened);

/* What he has said why for: those up to session->read[kind].upto. The next one
 * from `*at` on; NULL: no more. */
const struct opened_one *opened_next(const struct opened *opened,
                                     const struct opened_reader *reader,
                                     size_t *at);
/* Those that he has not yet. */
size_t opened_waiting(const struct opened *opened,
                      const struct opened_reader *reader);

/* "names of copies 1-12, 40": those that wait for him; size is enough for a
 * line. */
#define OPENED_ITEM_SIZE 400
void opened_item(const struct opened *opened,
                 const struct opened_reader *reader, const char *what,
                 char out[OPENED_ITEM_SIZE]);

/* Holders that findings (lines of JSON) name are opened, and left out of what
 * is appended to *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status opened_of_findings(struct opened *names,
                                                    struct bytes findings,
                                                    struct moment now,
                                                    struct buffer *out);

/* A `custody` line: `item` is shown to who asks, because of `why`. False: it
 * could not be written, and nothing may be shown. */
bool opened_say(struct console *console, const struct asked *asked,
                const char *item, const char *why);

#endif
