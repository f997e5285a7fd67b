/*
 * anchors_state: what the files of this room share.
 */
#ifndef STING_ANCHOR_ANCHORS_STATE_H
#define STING_ANCHOR_ANCHORS_STATE_H

#include "anchor/anchors.h"
#include "anchor/judge.h"
#include "ledger/anchor_file.h"
#include "ledger/consistency.h"
#include "ledger/line.h"
#include "ledger/store.h"
#include "operation/client.h"
#include "operation/queue_file.h"

#define ANCHORS_MOST_NEWS ((size_t)2 * CONFIG_MOST_ANCHORS)

enum outsider_step {
    OUTSIDER_RESTS,
    OUTSIDER_WAITS,     /* queued */
    OUTSIDER_IS_ASKED,  /* the net worker has it */
    OUTSIDER_IS_JUDGED, /* the check worker has its answer */
};

struct outsider {
    const struct outsider_kind *kind;
    const struct config_anchor *config;
    const char *address;
    char name[24]; /* "tsa-1" */
    enum outsider_step step;
    int64_t due_us;  /* boot time: of the next question or try */
    int64_t sent_us; /* boot time */
    int64_t asked;   /* number of the question on its way */
    int64_t judged;  /* and of the answer that is being judged */
    int attempts;
    bool failure_told;
    bool good_told; /* since its last failure */
    int64_t queued_utc_us;
    struct buffer note; /* the checkpoint asked about; owned */
    struct note head;   /* views into it */
    uint8_t nonce[TIME_STAMP_NONCE_SIZE];
    struct buffer answer; /* owned; as it came */
    int64_t http;
    uint64_t anchored_size; /* of the last checkpoint that it vouched for */
    struct growth seen;     /* by a witness */
    int64_t good_us, refused_us; /* UTC of its last word of each kind */
    uint32_t refusals;
    char why[ANCHORS_WHY_SIZE]; /* of the last refusal */
};

struct anchors {
    const struct operation *operation;
    struct core *core;
    struct secret key; /* of the queue */
    struct outsider outsider[CONFIG_MOST_ANCHORS];
    size_t outsiders;
    struct client net;
    struct client check;
    int64_t asked;  /* questions so far */
    int64_t judged; /* answers given to the check worker so far */
    char news[ANCHORS_MOST_NEWS][200]; /* not told yet, the oldest first */
    size_t told;
};

/* One kind of outsider. */
struct outsider_kind {
    const char *name;
    /* Make the question. Fails: E_IO, E_NOMEM and others, with why. */
    enum sting_status (*ask)(struct anchors *anchors, struct outsider *outsider,
                             char *address, const char **type,
                             struct buffer *body, struct fault *fault);
    /* Make what the check worker is asked about the answer; NULL: `judged` is
     * called at once. Fails with why: the answer is no good. */
    enum sting_status (*judge)(struct anchors *anchors,
                               struct outsider *outsider, struct moment now,
                               struct wire_head *head, struct buffer *payload,
                               struct fault *fault);
    /* Take the judgement: files and line, then OK. E_FORMAT with why when
     * the answer is no good; E_BUSY: ask again at once; E_IO. */
    enum sting_status (*judged)(struct anchors *anchors,
                                struct outsider *outsider, struct moment now,
                                const struct wire_head *head,
                                struct bytes payload, struct fault *fault);
};

extern const struct outsider_kind outsider_tsa;
extern const struct outsider_kind outsider_witness;
extern const struct outsider_kind outsider_beacon;

/* A file that the configuration names; "" gives nothing. */
STING_MUST_USE enum sting_status anchors_pem_read(const struct anchors *anchors,
                                                  const char *path,
                                                  struct buffer *out,
                                                  struct fault *fault);

/* How long it rests between two questions. */
int64_t outsider_every_us(const struct outsider *outsider);

/* Something for people to know, in words. */
__attribute__((format(printf, 2, 3))) void anchors_say(struct anchors *anchors,
                                                       const char *format, ...);

/* The text of the checkpoint asked about: its three lines. */
struct bytes outsider_said(const struct outsider *outsider);

/* An `anchor` line: queued, failed, refused, ... */
STING_MUST_USE enum sting_status anchors_line(
    struct anchors *anchors, const struct outsider *outsider, struct moment now,
    const char *state, const char *why, struct fault *fault);

/* OP/queue/anchor-NAME.age (anchor_queue.c). */
STING_MUST_USE enum sting_status anchor_queue_put(
    struct anchors *anchors, const struct outsider *outsider,
    struct fault *fault);
STING_MUST_USE enum sting_status anchor_queue_get(struct anchors *anchors,
                                                  struct outsider *outsider,
                                                  struct fault *fault);
/* What lies there for an outsider that is not configured any more goes, with
 * a line. */
STING_MUST_USE enum sting_status anchor_queue_sweep(struct anchors *anchors,
                                                    struct moment now,
                                                    struct fault *fault);
STING_MUST_USE enum sting_status anchor_queue_drop(
    struct anchors *anchors, const struct outsider *outsider,
    struct fault *fault);

/* Asking and taking in (anchors_send.c). */
STING_MUST_USE enum sting_status outsider_queue(struct anchors *anchors,
                                                struct outsider *outsider,
                                                struct moment now,
                                                struct fault *fault);
STING_MUST_USE enum sting_status outsider_ask(struct anchors *anchors,
                                              struct outsider *outsider,
                                              struct moment now,
                                              struct fault *fault);
STING_MUST_USE enum sting_status answers_take(struct anchors *anchors,
                                              struct moment now,
                                              struct fault *fault);
/* What was on its way with a worker that is gone is due again. */
void outsiders_due(struct anchors *anchors, enum outsider_step step);

/* The net or the check worker is gone: a line, and what it had is due. */
enum sting_status anchors_death(struct anchors *anchors,
                                const struct client *client, struct moment now,
                                const char *why, struct fault *fault);

#endif
