/*
 * onvif: what is asked of cameras that say where their pictures are, and what
 * their answers mean.
 *
 * Questions are written here; answers are read in the check worker alone
 * (onvif_serve), and the core believes of them only texts of bounded length.
 * Source: WS-Discovery 1.1 (2005/04), ONVIF Core 5 to 8, Media 5; WS-Security
 * UsernameToken 1.0. Limits: media service 1, RTSP.
 */
#ifndef STING_WATCH_ONVIF_H
#define STING_WATCH_ONVIF_H

#include "base/buffer.h"
#include "base/fault.h"
#include "wire/wire.h"

#define ONVIF_TEXT 512
#define ONVIF_MOST_PROFILES 12
#define ONVIF_MOST_BYTES ((size_t)256 * 1024)

enum onvif_question {
    ONVIF_PROBE,    /* who is there: addresses, name, hardware */
    ONVIF_SERVICES, /* where its media service is: address */
    ONVIF_PROFILES, /* token, name, codec, WIDTHxHEIGHT of each stream */
    ONVIF_URI,      /* the url of one stream */
    ONVIF_QUESTIONS
};

/* Who asks, if anybody; and what makes the question unlike any before. */
struct onvif_asker {
    const char *user; /* NULL: nobody says */
    const char *password;
    const char *created; /* now, RFC 3339 UTC */
    uint8_t nonce[16];
};

/* Append a question; `token` is that of the stream, for ONVIF_URI. Fails:
 * E_NOMEM. */
STING_MUST_USE enum sting_status onvif_ask(enum onvif_question question,
                                           const struct onvif_asker *asker,
                                           const char *token,
                                           struct buffer *out);

/* In the check worker: WIRE_CHECK_ONVIF question | answer -> DONE texts |
 * each with its NUL. Fails: E_FORMAT, E_FORGED when it refuses us,
 * E_UNSUPPORTED with its own words, E_ABSENT when it says nothing of it. */
wire_service onvif_serve;

/* The texts of an answer of that worker, which may be hostile too, each cut to
 * fit and clean; as many as *out holds. */
size_t onvif_texts(struct bytes payload, char (*out)[ONVIF_TEXT], size_t most);

#endif
