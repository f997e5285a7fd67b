/*
 * duty: is the team on duty, and who has answered?
 *
 * A fold over `arm`, `ack`, `go` and `incident` lines: whether alerts go out
 * at all, until when they do not, which incidents somebody sees to, which links
 * were used for it, and who went into the room. The ledger is the only memory;
 * a station reads it once and takes what is said while it runs as it is said.
 *
 * Limits: the last DUTY_MOST acknowledgements, DUTY_MOST_GO of `go`. Reads no
 * clock.
 */
#ifndef STING_OPERATION_DUTY_H
#define STING_OPERATION_DUTY_H

#include "base/base.h"
#include "base/clock.h"
#include "operation/ack_link.h"
#include "operation/config.h"

#define DUTY_MOST 256
#define DUTY_MOST_GO 16
#define DUTY_BY_SIZE 64
#define DUTY_WHO_SIZE 48
#define DUTY_MOST_REST_US (INT64_C(7) * 24 * 3600 * 1000000)

struct line;
struct line_field;

struct duty_ack {
    uint32_t incident;
    char link[2 * ACK_LINK_NONCE + 1]; /* its nonce in hex; "": by no link */
};

/* A `go` line: somebody of our own went into a room, or came out. */
struct duty_go {
    int64_t at_us;                 /* UTC */
    uint32_t incident;             /* that it was said of; 0: of none */
    char camera[CONFIG_NAME_SIZE]; /* into whose room; "": into every one, or
                                      as recorders before told, that of the
                                      incident */
    bool is_out;
    char who[DUTY_WHO_SIZE];
};

/* Zero-initialised: on duty, nobody has said anything. */
struct duty {
    int64_t rests_until_us;   /* UTC; alerts go out from then on */
    struct moment rests_from; /* when that was said */
    char by[DUTY_BY_SIZE];    /* who said so last */
    struct duty_ack ack[DUTY_MOST];
    size_t acks; /* that were ever taken; the oldest are overwritten */
    struct duty_go go[DUTY_MOST_GO]; /* the last ones */
    size_t gos; /* that were ever taken; go[i % DUTY_MOST_GO] is the i-th */
};

/* Take a line of the ledger, or what has just become one; of other kinds only
 * that it is later than a rest, which is over then. */
void duty_take(struct duty *duty, const struct line *line);
void duty_said(struct duty *duty, struct moment now, const char *kind,
               const struct line_field *field, size_t fields);

/* Do alerts go out now? A clock that is set back prolongs no rest: it is over
 * too when it lasted as long as was said by the boot clock, and when it is
 * earlier than it was said, since nobody can tell how long it lasted. */
bool duty_is_armed(const struct duty *duty, struct moment now);
/* Somebody has acknowledged it, or went there. */
bool duty_has_ack(const struct duty *duty, uint32_t incident);
/* Our own went there: nobody further is woken. */
void duty_went(struct duty *duty, uint32_t incident);
/* Was this very link used before? */
bool duty_link_was_used(const struct duty *duty, const struct ack_link *link);

#endif
