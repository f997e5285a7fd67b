/*
 * login: user and password, the way that RTSP and HTTP ask for them: Basic,
 * or Digest with MD5 or SHA-256.
 *
 * Source: RFC 7617, RFC 7616, RFC 2617 for devices that know no qop;
 * WS-Security UsernameToken 1.0 for SOAP.
 * Limits: of several challenges the strongest is taken; auth-int is not known.
 */
#ifndef STING_MEDIA_LOGIN_H
#define STING_MEDIA_LOGIN_H

#include "base/buffer.h"

enum login_kind { LOGIN_NONE, LOGIN_BASIC, LOGIN_MD5, LOGIN_SHA256 };

/* What was asked of us; all zero before anybody asked. */
struct login {
    enum login_kind kind;
    char realm[128];
    char nonce[256];
    char opaque[256]; /* "" without */
    bool has_qop;
    unsigned uses; /* of this nonce */
};

/* Take the value of a WWW-Authenticate header. False: it asks for nothing
 * that we know, or for something weaker than *login holds. */
bool login_challenge(struct login *login, struct bytes value);

/* Append "Authorization: ...\r\n" for one request; nothing before anybody
 * asked. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status login_answer(
    struct login *login, const char *user, const char *password,
    const char *method, const char *uri, struct buffer *out);

/* Append what SOAP has in the place of a password: base64 of SHA-1 of nonce,
 * time and password. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status login_token(struct bytes nonce,
                                             const char *created,
                                             const char *password,
                                             struct buffer *out);

#endif
