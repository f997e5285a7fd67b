/*
 * outsider: what an outsider said of one checkpoint, judged: a time stamp
 * over its text, cosignatures of witnesses.
 *
 * Whether that checkpoint is of the lines in question is the caller's to say.
 * Replies, notes and certificates are hostile input: judge them in a worker.
 * Format: docs/formats/anchors.md.
 */
#ifndef STING_LEDGER_OUTSIDER_H
#define STING_LEDGER_OUTSIDER_H

#include "crypt/time_stamp.h"
#include "ledger/verify.h"

#define OUTSIDER_MOST_JUDGED 256 /* checkpoints, the newest */

/* Witnesses whose word counts; borrowed. */
struct outsider_keys {
    const struct vkey *key;
    size_t keys;
    int64_t at_us; /* the day on which they are judged */
};

/* Judge a reply over `said`, the three lines of a checkpoint. Fills all of
 * *out but its entries and file. */
void outsider_stamp(struct bytes reply, struct bytes said,
                    const struct time_stamp_trust *trust,
                    struct verify_anchor *out);

/* Add each cosignature of a note of `origin` to the report; those of unknown
 * witnesses are told and do not count. */
void outsider_cosignatures(const struct note *note, const char *origin,
                           const struct outsider_keys *known, const char *file,
                           struct verify_report *report);

/* Add to what is told of outsiders, and to how far they vouch. */
void outsider_add(struct verify_report *report,
                  const struct verify_anchor *anchor);

#endif
