/* Who is let in, and what people do with their own password. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "crypt/digest.h"
#include "station/pending.h"

#define SECOND_US INT64_C(1000000)
#define FREE_TRIES 5
#define MOST_DELAY_US (60 * SECOND_US)

/* ---- who is there ---- */

static void session_add(struct json *out, const struct asked *asked)
{
    struct json *row = json_new_object();
    json_add_text(row, "user", asked->user->name);
    json_add_text(row, "role", ask_role_name(asked->user->role));
    json_add_text(row, "cameras", asked->user->cameras);
    json_add_bool(row, "has_totp", asked->user->has_totp);
    json_add_text(row, "csrf", asked->session->csrf);
    json_add_integer(
        row, "left_s",
        (asked->session->began_us + SESSION_MOST_US - asked->now.boot_us) /
            SECOND_US);
    json_add_child(out, "session", &row);
}

int console_hello(struct console *console, const struct asked *asked,
                  struct reply *reply)
{
    struct json *out = reply->json = json_new_object();
    json_add_text(out, "program", "sting");
    json_add_text(out, "version", STING_VERSION);
    json_add_text(out, "source",
                  STING_SOURCE[0] ? STING_SOURCE : "/source.tar.gz");
    json_add_bool(out, "is_first", console->users.count == 0);
    if (asked->user) {
        session_add(out, asked);
    } else {
        json_add_null(out, "session");
    }
    return 200;
}

static int session_give(struct console *console, const struct user *user,
                        struct moment now, struct reply *reply)
{
    const struct session *session = sessions_begin(
        &console->sessions, user->name, now.boot_us,
        operation_random(console->desk->operation), reply->session);
    const struct asked asked = {.session = (struct session *)(uintptr_t)session,
                                .user = (struct user *)(uintptr_t)user,
                                .now = now};
    reply->cookie = ASK_COOKIE_SET;
    return console_hello(console, &asked, reply);
}

/* ---- the first one ---- */

static bool is_first_link(const struct console *console, const char *link,
                          struct moment now)
{
    struct secret said, hash;
    if (console->users.count > 0 || now.boot_us > console->first_until_us ||
        hex_read(bytes_of_text(link), said.byte, SECRET_SIZE)) {
        return false;
    }
    struct digest digest = digest_of(secret_bytes(&said));
    memcpy(hash.byte, digest.byte, SECRET_SIZE);
    secret_wipe(&said);
    return secret_equal(&hash, &console->first);
}

int console_first(struct console *console, const struct asked *asked,
                  struct reply *reply)
{
    if (!is_first_link(console, asked->field[0], asked->now)) {
        return reply_refuse(reply, 403, "link",
                            "the link was used, or an hour has passed: start "
                            "the station again for another");
    }
    if (!config_name_is_valid(asked->field[1])) {
        return reply_refuse(reply, 400, "name", "use a-z, 0-9, - and _");
    }
    if (!is_strong_password(asked->field[2])) {
        return reply_weak(reply);
    }
    struct console_pending *pending = pending_begin(console, asked, FOR_FIRST);
    if (pending) {
        pending_salt(console, &pending->with);
        snprintf(pending->user, sizeof pending->user, "%s", asked->field[1]);
    }
    return pending_go(console, pending, asked->field[2], reply);
}

int first_hashed(struct console *console, struct console_pending *pending,
                 const uint8_t *hash, struct moment now, struct reply *reply)
{
    struct user *user = NULL;
    int http = 403;
    if (console->users.count > 0 ||
        users_add(&console->users, pending->user, &user)) {
        return reply_refuse(reply, 403, "link", "the link was used");
    }
    memcpy(pending->with.hash, hash, USERS_HASH_SIZE);
    user->role = ASK_ADMIN;
    user->password = pending->with;
    user->made_us = now.utc_us;
    if (!users_keep(console, reply, &http)) {
        users_remove(&console->users, pending->user);
        return http;
    }
    secret_wipe(&console->first);
    console->first_until_us = 0;
    console_line(console, now, "first", user, user->name, NULL);
    return session_give(console, user, now, reply);
}

/* ---- logging in and out ---- */

static unsigned delay_place(const char *name)
{
    return digest_of(bytes_of_text(name)).byte[0];
}

static bool is_delayed(const struct console *console, const char *name,
                       struct moment now, struct reply *reply)
{
    int64_t left_us = console->delay[delay_place(name)].until_us - now.boot_us;
    reply->retry_s = left_us > 0 ? (int)(left_us / SECOND_US) + 1 : 0;
    return left_us > 0;
}

static void delay_more(struct console *console, const char *name,
                       struct moment now)
{
    unsigned place = delay_place(name);
    unsigned failures = ++console->delay[place].failures;
    if (failures >= FREE_TRIES) {
        unsigned doubled = failures - FREE_TRIES;
        int64_t pause_us = doubled < 6 ? SECOND_US << doubled : MOST_DELAY_US;
        console->delay[place].until_us = now.boot_us + pause_us;
    }
}

static int delayed(struct reply *reply)
{
    return reply_refuse(reply, 429, "delayed",
                        "too many wrong passwords; wait a moment");
}

int console_login(struct console *console, const struct asked *asked,
                  struct reply *reply)
{
    const char *name = asked->field[0];
    const struct user *user = users_find(&console->users, name);
    if (is_delayed(console, name, asked->now, reply)) {
        return delayed(reply);
    }
    struct console_pending *pending = pending_begin(console, asked, FOR_LOGIN);
    if (pending) {
        /* Who is unknown costs as much, so that time tells nothing. */
        pending_salt(console, &pending->with);
        pending->with = user ? user->password : pending->with;
        snprintf(pending->user, sizeof pending->user, "%s", name);
        snprintf(pending->code, sizeof pending->code, "%s", asked->field[2]);
    }
    return pending_go(console, pending, asked->field[1], reply);
}

static bool hash_fits(const struct user *user, const uint8_t *hash)
{
    struct secret is, wanted;
    memcpy(is.byte, hash, USERS_HASH_SIZE);
    memcpy(wanted.byte, user->password.hash, USERS_HASH_SIZE);
    return secret_equal(&is, &wanted);
}

static bool code_fits(struct user *user, const char *code, struct moment now)
{
    uint64_t around = (uint64_t)(now.utc_us / SECOND_US) / TOTP_STEP_S;
    uint64_t step = user->has_totp ? totp_step(&user->totp, around, code) : 1;
    if (!user->has_totp) {
        return true;
    }
    /* A code is good once. */
    if (step == 0 || step <= user->totp_used) {
        return false;
    }
    user->totp_used = step;
    return true;
}

int login_hashed(struct console *console, struct console_pending *pending,
                 const uint8_t *hash, struct moment now, struct reply *reply)
{
    struct user *user = users_find(&console->users, pending->user);
    bool knows = user && hash_fits(user, hash);
    if (knows && user->has_totp && !pending->code[0]) {
        return reply_refuse(reply, 401, "code-needed",
                            "type the six digits that your telephone shows");
    }
    if (!knows || !code_fits(user, pending->code, now)) {
        delay_more(console, pending->user, now);
        if (console->refused_us == 0 ||
            now.boot_us - console->refused_us > 60 * SECOND_US) {
            console->refused_us = now.boot_us; /* once a minute */
            console_line(console, now, "refused", user, NULL, NULL);
        }
        return reply_refuse(reply, 401, "wrong",
                            "name, password or code are wrong");
    }
    console->delay[delay_place(user->name)].failures = 0;
    console_line(console, now, "login", user, NULL, NULL);
    return session_give(console, user, now, reply);
}

int console_logout(struct console *console, const struct asked *asked,
                   struct reply *reply)
{
    (void)console;
    session_end(asked->session);
    reply->cookie = ASK_COOKIE_CLEAR;
    return reply_done(reply);
}

/* ---- one's own password and telephone ---- */

/* First the password that is in force is checked. */
static int own_check(struct console *console, const struct asked *asked,
                     enum purpose purpose, const char *more,
                     struct reply *reply)
{
    if (is_delayed(console, asked->user->name, asked->now, reply)) {
        return delayed(reply);
    }
    struct console_pending *pending = pending_begin(console, asked, purpose);
    if (pending) {
        pending->with = asked->user->password;
        snprintf(pending->user, sizeof pending->user, "%s", asked->user->name);
        snprintf(pending->secret, sizeof pending->secret, "%s", more);
    }
    return pending_go(console, pending, asked->field[0], reply);
}

int console_password(struct console *console, const struct asked *asked,
                     struct reply *reply)
{
    return is_strong_password(asked->field[1])
               ? own_check(console, asked, FOR_OLD, asked->field[1], reply)
               : reply_weak(reply);
}

int console_totp_new(struct console *console, const struct asked *asked,
                     struct reply *reply)
{
    return own_check(console, asked, FOR_TOTP_NEW, "", reply);
}

int console_totp_off(struct console *console, const struct asked *asked,
                     struct reply *reply)
{
    return own_check(console, asked, FOR_TOTP_OFF, "", reply);
}

static int totp_offer(struct console *console, struct user *user,
                      struct reply *reply)
{
    char text[TOTP_TEXT_SIZE];
    struct buffer uri STING_AUTO(buffer_wipe) = {0};
    random_fill(operation_random(console->desk->operation),
                user->totp_offer.byte, TOTP_SECRET_SIZE);
    user->has_offer = true;
    totp_text(&user->totp_offer, text);
    if (buffer_printf(&uri, "otpauth://totp/sting:%s?secret=%s&issuer=sting",
                      user->name, text)) {
        return reply_refuse(reply, 503, "memory", "out of memory");
    }
    reply->json = json_new_object();
    json_add_text(reply->json, "secret", text);
    json_add_text(reply->json, "uri", buffer_text(&uri));
    return 200;
}

int console_totp_set(struct console *console, const struct asked *asked,
                     struct reply *reply)
{
    struct user *user = asked->user;
    uint64_t around = (uint64_t)(asked->now.utc_us / SECOND_US) / TOTP_STEP_S;
    int http = 0;
    if (!user->has_offer ||
        !totp_step(&user->totp_offer, around, asked->field[0])) {
        return reply_refuse(reply, 400, "code", "these are not the digits");
    }
    const struct user before = *user;
    user->has_totp = true;
    user->totp = user->totp_offer;
    if (!users_keep(console, reply, &http)) {
        *user = before;
        return http;
    }
    user->has_offer = false;
    console_line(console, asked->now, "totp-on", user, user->name, NULL);
    return reply_done(reply);
}

int own_hashed(struct console *console, struct console_pending *pending,
               const uint8_t *hash, struct moment now, struct reply *reply)
{
    int http = 0;
    struct user *user = users_find(&console->users, pending->user);
    if (!user) {
        return reply_refuse(reply, 404, "user", "you are gone");
    }
    memcpy(pending->with.hash, hash, USERS_HASH_SIZE);
    const struct user before = *user;
    user->password = pending->with;
    if (!users_keep(console, reply, &http)) {
        *user = before;
        return http;
    }
    const struct session *session =
        sessions_lookup(&console->sessions, pending->session, now.boot_us);
    sessions_end_of(&console->sessions, user->name, session);
    console_line(console, now, "password", user, pending->by, NULL);
    return reply_done(reply);
}

static int totp_off(struct console *console, struct user *user,
                    struct moment now, struct reply *reply)
{
    int http = 0;
    const struct user before = *user;
    user->has_totp = false;
    if (!users_keep(console, reply, &http)) {
        *user = before;
        return http;
    }
    console_line(console, now, "totp-off", user, user->name, NULL);
    return reply_done(reply);
}

/* The password in force was right: what it was asked for. */
int own_checked(struct console *console, struct console_pending *pending,
                const uint8_t *hash, struct moment now, struct reply *reply)
{
    struct user *user = users_find(&console->users, pending->user);
    if (!user) {
        return reply_refuse(reply, 404, "user", "you are gone");
    }
    if (!hash_fits(user, hash)) {
        delay_more(console, user->name, now);
        return reply_refuse(reply, 403, "wrong", "the password is wrong");
    }
    if (pending->purpose == FOR_TOTP_NEW) {
        return totp_offer(console, user, reply);
    }
    if (pending->purpose == FOR_TOTP_OFF) {
        return totp_off(console, user, now, reply);
    }
    const struct asked asked = {
        .id = pending->id,
        .session = (struct session *)(uintptr_t)sessions_lookup(
            &console->sessions, pending->session, now.boot_us),
        .user = user};
    struct console_pending *next = pending_begin(console, &asked, FOR_OWN);
    if (next) {
        pending_salt(console, &next->with);
        snprintf(next->user, sizeof next->user, "%s", user->name);
    }
    return pending_go(console, next, pending->secret, reply);
}
