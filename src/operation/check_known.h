/*
 * check_known: what the caller of sting verify knows of outsiders, on its way
 * to the worker that reads the folder.
 *
 * Numbers 1 to 3 of the head: the day, witnesses, anchors; payload: keys as
 * text NUL, anchors NUL, authorities.
 */
#ifndef STING_OPERATION_CHECK_KNOWN_H
#define STING_OPERATION_CHECK_KNOWN_H

#include "ledger/verify.h"
#include "wire/wire.h"

#define CHECK_MOST_KNOWN 16 /* witnesses */

/* Append, and fill in the numbers. Fails: E_LIMIT, E_FORMAT for an anchor
 * with a NUL in it, E_NOMEM. */
STING_MUST_USE enum sting_status check_known_pack(
    const struct verify_known *known, struct wire_head *head,
    struct buffer *payload);

/* Views are into the payload. */
struct check_known {
    struct verify_known known;
    struct vkey *keys;    /* owned */
    struct bytes *anchor; /* owned */
};

/* Fails: E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status check_known_unpack(
    const struct wire_head *head, struct bytes payload,
    struct check_known *out);
void check_known_release(struct check_known *known);

#endif
