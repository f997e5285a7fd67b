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

static pending_done *const hashed[] = {
    [FOR_LOGIN] = login_hashed,   [FOR_FIRST] = first_hashed,
    [FOR_OLD] = own_checked,      [FOR_OWN] = own_hashed,
    [FOR_ADD] = add_hashed,       [FOR_CHANGE] = change_hashed,
    [FOR_TOTP_NEW] = own_checked, [FOR_TOTP_OFF] = own_checked,
};

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
            int http = ok ? hashed[pending.purpose](console, &pending, hash,
                                                    now, &reply)
                          : reply_refuse(&reply, 503, "memory",
                                         "out of memory; try again");
            if (http) {
                reply_send(console, pending.id, http, &reply);
            }
            secret_wipe_bytes(&pending, sizeof pending);
        }
    }
    secret_wipe_bytes(hash, sizeof hash);
}
