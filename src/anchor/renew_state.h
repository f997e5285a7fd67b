/*
 * renew_state: what renewing and asking for its stamps share.
 */
#ifndef STING_ANCHOR_RENEW_STATE_H
#define STING_ANCHOR_RENEW_STATE_H

#include "anchor/judge.h"
#include "anchor/renew.h"
#include "ledger/archive.h"
#include "operation/client.h"
#include "operation/writer.h"

/* One run. */
struct renewing {
    const struct operation *operation;
    const struct config_anchor *tsa;
    const struct renew_settings *how;
    struct writer *writer;
    struct client net;
    struct client check;
    struct buffer ca, crl, tls; /* PEM */
    struct renewed *out;
    struct fault *fault;
};

/* Ask for a stamp over the hash and wait for it: its token, judged good.
 * Fails: E_ABSENT, E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status renew_stamp(struct renewing *renewing,
                                             const struct hash *hash,
                                             struct buffer *token);

#endif
