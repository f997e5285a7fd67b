/*
 * verify_settled: what lines say counts once a checkpoint signs them.
 *
 * Anybody can append well-chained lines to a copy. What is wrong by such a
 * line alone is UNVERIFIABLE at most (verify_say), what it excuses or names is
 * not believed (verify_is_signed), and what it tells is as if it were not
 * there: a verdict tells things as they were at the last checkpoint.
 * docs/formats/ledger.md, "What nobody signed".
 */
#ifndef STING_LEDGER_VERIFY_SETTLED_H
#define STING_LEDGER_VERIFY_SETTLED_H

#include "ledger/line.h"
#include "ledger/told.h"
#include "ledger/verify.h"

struct verify_run;

/* The report and the run, in so far as lines alone make them. */
struct verify_settled {
    struct verify_said said;
    struct told_files told;
    struct digest config; /* of operation.yaml */
};

/* A checkpoint was reached that the log key signed: keep it all. At the end:
 * back to what was kept last, and what gaps mean for the verdict; from then on
 * run->settled is what lines say that nobody signed. */
void verify_settled_take(struct verify_run *run);
void verify_settled_end(struct verify_run *run);

/* Does the checkpoint that is to come sign the line under the walk, did the
 * log key sign it, and did no later writer find the line unsigned? To be asked
 * after verify_notes_poll(). */
bool verify_is_signed(struct verify_run *run, const struct line *line);
/* Did a later writer find it unsigned? Then it is void for ever, if it is of a
 * kind that instructs. */
bool verify_is_void(struct verify_run *run, const struct line *line);
/* It names a recording, and whoever found it unsigned found the file as it
 * says: from then on it vouches for that file as any other line does. */
bool verify_file_seen(const struct verify_run *run, uint64_t seq);
/* Nothing signed it in time, as far as is known: anybody may have added it. */
bool verify_is_anybodys(struct verify_run *run, uint64_t seq);
/* Who found what unsigned; to be read before the walk. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status verify_marks_read(struct verify_run *run);

/* Say what is wrong, unless something as bad was said before. TAMPERED by a
 * line that nothing signs is UNVERIFIABLE. */
__attribute__((format(printf, 5, 6))) void verify_say(
    struct verify_run *run, enum verify_verdict verdict,
    const struct line *line, const char *file, const char *format, ...);
/* The same of what was done to a file: TAMPERED also by a line that nobody
 * signed in time, where whoever adopted it saw the file (verify_file_seen). */
__attribute__((format(printf, 5, 6))) void verify_say_file(
    struct verify_run *run, const struct line *line, bool was_seen,
    const char *file, const char *format, ...);
void verify_gap_add(struct verify_run *run, const struct verify_gap *gap);

/* A line that stands for a number only, when the line itself is no good. */
struct line verify_stand_in(uint64_t seq);

#endif
