/*
 * evidence_record: time stamps over time stamps, so that proof outlives
 * certificates and hashes.
 *
 * A record speaks of one object (for sting: a manifest). Its first stamp is
 * over the object's hash. Before certificates end, a further stamp over the
 * last one joins the same chain; before a hash becomes weak, a new chain
 * begins, whose first stamp is over the object and all older chains under a
 * stronger hash.
 *
 * Source: RFC 4998: EvidenceRecord, sections 3 to 5; the stamps carry no
 * reduced hash tree, since each is of one object alone. Records with trees
 * are E_UNSUPPORTED.
 * Limits: EVIDENCE_MOST_STAMPS. Reading takes hostile input; views.
 */
#ifndef STING_LEDGER_EVIDENCE_RECORD_H
#define STING_LEDGER_EVIDENCE_RECORD_H

#include "base/base.h"
#include "base/buffer.h"
#include "crypt/hash.h"
#include "crypt/time_stamp.h"

#define EVIDENCE_MOST_STAMPS 256
#define EVIDENCE_MOST_BYTES ((size_t)4 * 1024 * 1024)

struct evidence_stamp {
    size_t chain;       /* from 0 */
    struct bytes token; /* ContentInfo */
};

struct evidence_record {
    size_t stamps; /* at least 1, in order */
    size_t chains;
    struct evidence_stamp stamp[EVIDENCE_MOST_STAMPS];
    struct bytes chain[EVIDENCE_MOST_STAMPS]; /* DER of each, whole */
};

/* Fails: E_FORMAT, E_LIMIT, E_UNSUPPORTED. */
STING_MUST_USE enum sting_status evidence_record_read(
    struct bytes der, struct evidence_record *out);

/* The hash of its last chain; HASH_KINDS when that is none of ours. */
enum hash_kind evidence_record_kind(const struct evidence_record *record);

/* The hash of the object under each kind; for objects that are files. */
struct evidence_object {
    struct hash hash[HASH_KINDS];
};

/* What is to be stamped next: a first stamp when `record` is NULL; a stamp
 * over the last one when `kind` is that of its chain; else a new chain. */
STING_MUST_USE enum sting_status evidence_next(
    const struct evidence_record *record, const struct evidence_object *object,
    enum hash_kind kind, struct hash *out);

/* Append the record with one more token, which stamps evidence_next().
 * Fails: E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status evidence_record_write(
    const struct evidence_record *record, struct bytes token,
    enum hash_kind kind, struct buffer *out);

struct evidence_finding {
    struct time_stamp first; /* the object existed then */
    struct time_stamp last;
    size_t bad;              /* the stamp at fault, from 1; 0: all hold */
    struct time_stamp fault; /* and what is wrong with it */
    enum hash_kind kind;     /* of the last chain */
};

/* Judge every stamp on the day of the next, the last on trust->at_us.
 * *out is always filled. */
void evidence_record_judge(const struct evidence_record *record,
                           const struct evidence_object *object,
                           const struct time_stamp_trust *trust,
                           struct evidence_finding *out);

#endif
