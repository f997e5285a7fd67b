/* Other people: who may use the console, as an admin says. */
#include <stdio.h>
#include <string.h>

#include "station/pending.h"

#define SECOND_US INT64_C(1000000)

int console_users(struct console *console, const struct asked *asked,
                  struct reply *reply)
{
    struct json *list = json_new_array();
    (void)asked;
    for (size_t i = 0; i < console->users.count; i++) {
        const struct user *user = &console->users.user[i];
        struct json *row = json_new_object();
        json_add_text(row, "user", user->name);
        json_add_text(row, "role", ask_role_name(user->role));
        json_add_text(row, "cameras", user->cameras);
        json_add_bool(row, "has_totp", user->has_totp);
        json_add_time(row, "since", user->made_us);
        json_add_child(list, NULL, &row);
    }
    reply->json = json_new_object();
    json_add_child(reply->json, "users", &list);
    return 200;
}

/* Role and cameras as they are wanted; 0, or why not. */
static int order_read(struct console_pending *pending, const char *role,
                      const char *cameras, struct reply *reply)
{
    pending->role = ask_role_find(role);
    if (*role && !pending->role) {
        return reply_refuse(reply, 400, "role-word",
                            "viewer, operator, custodian, auditor or admin");
    }
    if (*cameras && !users_cameras_fit(cameras)) {
        return reply_refuse(reply, 400, "cameras",
                            "write * or names with commas");
    }
    snprintf(pending->cameras, sizeof pending->cameras, "%s", cameras);
    return 0;
}

int console_user_add(struct console *console, const struct asked *asked,
                     struct reply *reply)
{
    struct console_pending order = {.role = 0};
    int http = order_read(&order, asked->field[1], asked->field[2], reply);
    if (http) {
        return http;
    }
    if (!config_name_is_valid(asked->field[0])) {
        return reply_refuse(reply, 400, "name", "use a-z, 0-9, - and _");
    }
    if (users_find(&console->users, asked->field[0])) {
        return reply_refuse(reply, 409, "taken", "that name is taken");
    }
    if (!is_strong_password(asked->field[3])) {
        return reply_weak(reply);
    }
    struct console_pending *pending = pending_begin(console, asked, FOR_ADD);
    if (pending) {
        pending_salt(console, &pending->with);
        pending->role = order.role;
        snprintf(pending->user, sizeof pending->user, "%s", asked->field[0]);
        snprintf(pending->cameras, sizeof pending->cameras, "%s",
                 order.cameras[0] ? order.cameras : "*");
    }
    return pending_go(console, pending, asked->field[3], reply);
}

int add_hashed(struct console *console, struct console_pending *pending,
               const uint8_t *hash, struct moment now, struct reply *reply)
{
    struct user *user = NULL;
    int http = 0;
    if (users_add(&console->users, pending->user, &user)) {
        return reply_refuse(reply, 409, "taken",
                            "that name is taken, or there are too many");
    }
    memcpy(pending->with.hash, hash, USERS_HASH_SIZE);
    user->role = pending->role;
    user->password = pending->with;
    user->made_us = now.utc_us;
    snprintf(user->cameras, sizeof user->cameras, "%s", pending->cameras);
    if (!users_keep(console, reply, &http)) {
        users_remove(&console->users, pending->user);
        return http;
    }
    console_line(console, now, "user-added", user, pending->by, NULL);
    return reply_done(reply);
}

static bool is_last_admin(const struct console *console,
                          const struct user *user)
{
    return user->role == ASK_ADMIN &&
           users_with(&console->users, ASK_ADMIN) == 1;
}

static int last_admin(struct reply *reply)
{
    return reply_refuse(reply, 409, "last-admin",
                        "somebody has to be admin: name another first");
}

/* Rights that changed end the sessions that had others. */
static int change_make(struct console *console, struct user *user,
                       const struct console_pending *order, struct moment now,
                       struct reply *reply)
{
    int http = 0;
    const struct user before = *user;
    user->role = order->role ? order->role : user->role;
    if (order->cameras[0]) {
        snprintf(user->cameras, sizeof user->cameras, "%s", order->cameras);
    }
    if (order->with.log2_n) {
        user->password = order->with;
        user->has_totp = false; /* whoever lost both gets both anew */
    }
    if (!users_keep(console, reply, &http)) {
        *user = before;
        return http;
    }
    sessions_end_of(&console->sessions, user->name, NULL);
    console_line(console, now, "user-changed", user, order->by,
                 order->with.log2_n ? "another password" : NULL);
    return reply_done(reply);
}

int console_user_change(struct console *console, const struct asked *asked,
                        struct reply *reply)
{
    struct console_pending order = {.role = 0};
    struct user *user = users_find(&console->users, asked->field[0]);
    int http = order_read(&order, asked->field[1], asked->field[2], reply);
    if (http) {
        return http;
    }
    if (!user) {
        return reply_refuse(reply, 404, "user", "there is nobody of that name");
    }
    if (order.role && order.role != ASK_ADMIN && is_last_admin(console, user)) {
        return last_admin(reply);
    }
    snprintf(order.by, sizeof order.by, "%s", asked->user->name);
    if (!asked->field[3][0]) {
        return change_make(console, user, &order, asked->now, reply);
    }
    if (!is_strong_password(asked->field[3])) {
        return reply_weak(reply);
    }
    struct console_pending *pending = pending_begin(console, asked, FOR_CHANGE);
    if (pending) {
        pending_salt(console, &pending->with);
        pending->role = order.role;
        snprintf(pending->user, sizeof pending->user, "%s", user->name);
        snprintf(pending->cameras, sizeof pending->cameras, "%s",
                 order.cameras);
    }
    return pending_go(console, pending, asked->field[3], reply);
}

int change_hashed(struct console *console, struct console_pending *pending,
                  const uint8_t *hash, struct moment now, struct reply *reply)
{
    struct user *user = users_find(&console->users, pending->user);
    if (!user) {
        return reply_refuse(reply, 404, "user", "there is nobody of that name");
    }
    if (pending->role && pending->role != ASK_ADMIN &&
        is_last_admin(console, user)) {
        return last_admin(reply);
    }
    memcpy(pending->with.hash, hash, USERS_HASH_SIZE);
    return change_make(console, user, pending, now, reply);
}

int console_user_remove(struct console *console, const struct asked *asked,
                        struct reply *reply)
{
    int http = 0;
    struct user *user = users_find(&console->users, asked->field[0]);
    const struct users before = console->users;
    if (!user) {
        return reply_refuse(reply, 404, "user", "there is nobody of that name");
    }
    if (is_last_admin(console, user)) {
        return last_admin(reply);
    }
    const struct user gone = *user;
    char by[CONFIG_NAME_SIZE];
    snprintf(by, sizeof by, "%s", asked->user->name);
    users_remove(&console->users, gone.name);
    if (!users_keep(console, reply, &http)) {
        console->users = before;
        return http;
    }
    sessions_end_of(&console->sessions, gone.name, NULL);
    console_line(console, asked->now, "user-removed", &gone, by, NULL);
    return reply_done(reply);
}

int console_sessions(struct console *console, const struct asked *asked,
                     struct reply *reply)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < SESSIONS_MOST; i++) {
        const struct session *session = &console->sessions.session[i];
        int64_t now_us = asked->now.boot_us;
        if (!session->is_open ||
            !sessions_lookup(&console->sessions, session->number, now_us)) {
            continue;
        }
        struct json *row = json_new_object();
        json_add_text(row, "user", session->user);
        json_add_integer(row, "began_s_ago",
                         (now_us - session->began_us) / SECOND_US);
        json_add_integer(row, "seen_s_ago",
                         (now_us - session->seen_us) / SECOND_US);
        json_add_bool(row, "is_yours", session == asked->session);
        json_add_child(list, NULL, &row);
    }
    reply->json = json_new_object();
    json_add_child(reply->json, "sessions", &list);
    return 200;
}

int console_sessions_end(struct console *console, const struct asked *asked,
                         struct reply *reply)
{
    struct user *user = users_find(&console->users, asked->field[0]);
    if (!user) {
        return reply_refuse(reply, 404, "user", "there is nobody of that name");
    }
    size_t ended =
        sessions_end_of(&console->sessions, user->name, asked->session);
    console_line(console, asked->now, "sessions-ended", user, asked->user->name,
                 NULL);
    reply->json = json_new_object();
    json_add_integer(reply->json, "ended", (int64_t)ended);
    return 200;
}
