#include "station/session.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "crypt/digest.h"

static struct secret hash_of(const struct secret *secret)
{
    struct secret hash;
    struct digest digest = digest_of(secret_bytes(secret));
    memcpy(hash.byte, digest.byte, SECRET_SIZE);
    return hash;
}

static bool is_over(const struct session *session, int64_t now_us)
{
    return now_us - session->seen_us > SESSION_IDLE_US ||
           now_us - session->began_us > SESSION_MOST_US;
}

static struct session *place(struct sessions *sessions, int64_t now_us)
{
    struct session *oldest = &sessions->session[0];
    for (size_t i = 0; i < SESSIONS_MOST; i++) {
        struct session *session = &sessions->session[i];
        if (!session->is_open || is_over(session, now_us)) {
            return session;
        }
        oldest = session->seen_us < oldest->seen_us ? session : oldest;
    }
    return oldest;
}

struct session *sessions_begin(struct sessions *sessions, const char *user,
                               int64_t now_us,
                               const struct random_source *random,
                               char out[ASK_SESSION_SIZE])
{
    struct secret secret STING_AUTO(secret_wipe) = random_secret(random);
    uint8_t csrf[(ASK_CSRF_SIZE - 1) / 2];
    struct session *session = place(sessions, now_us);
    random_fill(random, csrf, sizeof csrf);
    *session = (struct session){.is_open = true,
                                .number = ++sessions->numbers,
                                .hash = hash_of(&secret),
                                .began_us = now_us,
                                .seen_us = now_us};
    snprintf(session->user, sizeof session->user, "%s", user);
    hex_write((struct bytes){csrf, sizeof csrf}, session->csrf);
    hex_write(secret_bytes(&secret), out);
    return session;
}

/* All are compared, so that time tells nothing. */
struct session *sessions_find(struct sessions *sessions, const char *secret,
                              int64_t now_us)
{
    struct secret said;
    struct session *found = NULL;
    if (hex_read(bytes_of_text(secret), said.byte, SECRET_SIZE)) {
        return NULL;
    }
    const struct secret hash = hash_of(&said);
    for (size_t i = 0; i < SESSIONS_MOST; i++) {
        struct session *session = &sessions->session[i];
        if (secret_equal(&session->hash, &hash) && session->is_open &&
            !is_over(session, now_us)) {
            found = session;
        }
    }
    return found;
}

void session_see(struct session *session, int64_t now_us)
{
    session->seen_us = now_us;
}

const struct session *sessions_lookup(struct sessions *sessions,
                                      uint64_t number, int64_t now_us)
{
    for (size_t i = 0; i < SESSIONS_MOST; i++) {
        const struct session *session = &sessions->session[i];
        if (session->is_open && session->number == number &&
            !is_over(session, now_us)) {
            return session;
        }
    }
    return NULL;
}

void session_end(struct session *session)
{
    *session = (struct session){0};
}

size_t sessions_end_of(struct sessions *sessions, const char *user,
                       const struct session *but)
{
    size_t ended = 0;
    for (size_t i = 0; i < SESSIONS_MOST; i++) {
        struct session *session = &sessions->session[i];
        if (session->is_open && session != but &&
            !strcmp(session->user, user)) {
            session_end(session);
            ended++;
        }
    }
    return ended;
}
