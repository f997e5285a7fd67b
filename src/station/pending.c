/* Passwords at work beside the loop, and the requests that wait for them. */
#include "station/pending.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypt/secret.h"

#define MOST_PENDING (PASSWORDS_MOST + 1)

void console_password_forget(struct console *console)
{
    if (console->pending) {
        secret_wipe_bytes(console->pending,
                          MOST_PENDING * sizeof *console->pending);
    }
}

struct console_pending *pending_begin(struct console *console,
                                      const struct asked *asked,
                                      enum purpose purpose)
{
    if (!console->pending) {
        console->pending = calloc(MOST_PENDING, sizeof *console->pending);
    }
    for (size_t i = 0; console->pending && i < MOST_PENDING; i++) {
        struct console_pending *pending = &console->pending[i];
        if (!pending->is_open) {
            *pending = (struct console_pending){
                .number = ++console->pendings,
                .purpose = purpose,
                .id = asked->id,
                .session = asked->session ? asked->session->number : 0};
            snprintf(pending->by, sizeof pending->by, "%s",
                     asked->user ? asked->user->name : "");
            return pending;
        }
    }
    return NULL;
}

static int busy(struct reply *reply)
{
    reply->retry_s = 2;
    return reply_refuse(reply, 429, "busy", "too many at once; try again");
}

int pending_go(struct console *console, struct console_pending *pending,
               const char *password, struct reply *reply)
{
    if (!pending || passwords_ask(console->passwords, pending->number, password,
                                  &pending->with)) {
        return busy(reply);
    }
    pending->is_open = true;
    return 0;
}

void pending_salt(struct console *console, struct user_password *with)
{
    with->log2_n = USERS_LOG2_N;
    random_fill(operation_random(console->desk->operation), with->salt,
                USERS_SALT_SIZE);
}

bool is_strong_password(const char *password)
{
    return strlen(password) >= USERS_LEAST_PASSWORD;
}

int reply_weak(struct reply *reply)
{
    return reply_refuse(reply, 400, "weak-password",
                        "a password has 12 characters at least");
}

int reply_done(struct reply *reply)
{
    reply->json = json_new_object();
    json_add_bool(reply->json, "ok", true);
    return 200;
}

bool users_keep(struct console *console, struct reply *reply, int *http)
{
    struct fault fault = {"", ""};
    if (users_save(operation_dir(console->desk->operation), &console->users,
                   &fault)) {
        *http = reply_refuse(reply, 503, "disk", fault.why);
        return false;
    }
    return true;
}

/* What becomes of a hash, and who must still be there who asked for it. */
enum asker { ANYBODY, SOMEBODY, AN_ADMIN };
static const struct {
    pending_done *done;
    enum asker asker;
} hashed[] = {
    [FOR_LOGIN] = {login_hashed, ANYBODY},
    [FOR_FIRST] = {first_hashed, ANYBODY},
    [FOR_OLD] = {own_checked, SOMEBODY},
    [FOR_OWN] = {own_hashed, SOMEBODY},
    [FOR_ADD] = {add_hashed, AN_ADMIN},
    [FOR_CHANGE] = {change_hashed, AN_ADMIN},
    [FOR_TOTP_NEW] = {own_checked, SOMEBODY},
    [FOR_TOTP_OFF] = {own_checked, SOMEBODY},
};

/* Whoever asked may have been shut out while the password was at work. */
static bool is_still_there(struct console *console,
                           const struct console_pending *pending,
                           struct moment now)
{
    enum asker asker = hashed[pending->purpose].asker;
    const struct session *session =
        sessions_lookup(&console->sessions, pending->session, now.boot_us);
    const struct user *user =
        session ? users_find(&console->users, session->user) : NULL;
    return asker == ANYBODY ||
           (user && (asker == SOMEBODY || user->role == ASK_ADMIN));
}

/* The hash of it has come. */
static int pending_end(struct console *console, struct console_pending *pending,
                       const uint8_t *hash, struct moment now,
                       struct reply *reply)
{
    if (!hash) {
        return reply_refuse(reply, 503, "memory", "out of memory; try again");
    }
    if (!is_still_there(console, pending, now)) {
        return reply_refuse(reply, 401, "no-session", "log in first");
    }
    return hashed[pending->purpose].done(console, pending, hash, now, reply);
}

void console_password_take(struct console *console, struct moment now)
{
    uint64_t number = 0;
    uint8_t hash[USERS_HASH_SIZE];
    bool ok = false;
    while (passwords_take(console->passwords, &number, &ok, hash)) {
        for (size_t i = 0; console->pending && i < MOST_PENDING; i++) {
            struct console_pending pending = console->pending[i];
            struct reply reply STING_AUTO(reply_release) = {0};
            if (!pending.is_open || pending.number != number) {
                continue;
            }
            secret_wipe_bytes(&console->pending[i], sizeof pending);
            int http =
                pending_end(console, &pending, ok ? hash : NULL, now, &reply);
            if (http) {
                reply_send(console, pending.id, http, &reply);
            }
            secret_wipe_bytes(&pending, sizeof pending);
        }
    }
    secret_wipe_bytes(hash, sizeof hash);
}
