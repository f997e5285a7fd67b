#include "station/console.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/line.h"
#include "station/console_bait.h"
#include "station/console_config.h"
#include "station/console_deed.h"
#include "station/convert.h"
#include "station/play.h"
#include "station/snapshot.h"
#include "station/viewing.h"

#define CONSOLE_PHOTO (CONSOLE_FDS - 1) /* who keeps a photograph */

#define SECOND_US INT64_C(1000000)
#define MOST_QUEUE                                                             \
    ((size_t)96 << 20) /* a worker that does not read is ended                 \
                        */
#define MOST_ASKS 16   /* of one turn: recording comes first */
#define GRACE_MS 200
#define ODD_US (50 * SECOND_US)
#define MOST_PAUSE_US (30 * SECOND_US)
/* Lived so long: its next pause is short again. */
#define STEADY_US (60 * SECOND_US)

/* ---- the worker ---- */

static void worker_forget(struct console *console)
{
    buffer_release(&console->reader.payload);
    console->reader = (struct wire_reader){.head_bytes = 0};
    wire_queue_release(&console->queue);
    console_password_forget(console);
    console_photo_forget(console);
    if (console->viewing && console->snapshot) {
        memset(console->viewing->stream, 0, sizeof console->viewing->stream);
        snapshot_forget(console);
    }
    if (console->playing) {
        play_read_forget(console, 0);
    }
}

void console_release(struct console *console)
{
    worker_stop(&console->worker, GRACE_MS);
    worker_forget(console);
    passwords_free(&console->passwords);
    free(console->pending);
    console->pending = NULL;
    viewing_free(&console->viewing);
    if (console->snapshot) {
        snapshot_release(console->snapshot);
    }
    playing_free(&console->playing);
    converting_free(&console->converting);
    free(console->snapshot);
    console->snapshot = NULL;
    buffer_release(&console->certificate);
    buffer_wipe(&console->key);
    chronicle_free(&console->chronicle);
    bait_news_free(&console->baits);
    console_traces_free(&console->traces);
    console_names_free(console);
    fd_close(&console->listener);
}

static void worker_lost(struct console *console, struct moment now)
{
    if (now.boot_us - console->begun_us > STEADY_US) {
        console->deaths.count = 0;
    }
    death_tell(&console->deaths, console->desk, now, &console->worker, "pages",
               NULL);
    worker_forget(console);
}

static enum sting_status send_more(struct console *console,
                                   struct wire_head head, struct bytes payload)
{
    enum sting_status status =
        wire_queue_add(&console->queue, head, payload, MOST_QUEUE);
    if (!status) {
        status = wire_queue_flush(&console->queue, console->worker.channel);
    }
    return status == STING_E_BUSY ? STING_OK : status;
}

/* What it is told first: certificate NUL key NUL. */
static enum sting_status settings_write(const struct console *console,
                                        struct buffer *out)
{
    const struct buffer *const part[] = {&console->certificate, &console->key};
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < 2 && !status; i++) {
        status = buffer_append(out, buffer_bytes(part[i]));
        if (!status) {
            status = buffer_append(out, (struct bytes){(const uint8_t *)"", 1});
        }
    }
    return status;
}

bool console_send(struct console *console, struct wire_head head,
                  struct bytes payload)
{
    if (console->worker.channel < 0) {
        return false;
    }
    if (send_more(console, head, payload)) {
        worker_lost(console, clock_now());
        return false;
    }
    return true;
}

static void worker_begin(struct console *console, struct moment now)
{
    struct fault fault = {"", ""};
    struct buffer settings STING_AUTO(buffer_wipe) = {0};
    const struct worker_place place = {.input = console->listener};
    const struct wire_head head = {.kind = WIRE_WEB_START};
    enum sting_status status =
        worker_start_with(WORKER_WEB, &place, &console->worker, &fault);
    if (status) {
        const struct tale tale = {.event = "worker", .state = "failed"};
        tell(console->desk->teller, &tale, "%s", fault.why);
        console->deaths.again_us = now.boot_us + MOST_PAUSE_US;
        return;
    }
    status = settings_write(console, &settings);
    if (!status) {
        status = send_more(console, head, buffer_bytes(&settings));
    }
    console->begun_us = now.boot_us;
    console->starts++;
    if (status) {
        worker_lost(console, now);
    }
}

/* ---- answers ---- */

int reply_refuse(struct reply *reply, int http, const char *error,
                 const char *words)
{
    json_free(&reply->json);
    reply->json = json_new_object();
    json_add_text(reply->json, "error", error);
    json_add_text(reply->json, "words", words);
    return http;
}

void reply_release(struct reply *reply)
{
    json_free(&reply->json);
    buffer_release(&reply->body);
    secret_wipe_bytes(reply->session, sizeof reply->session);
}

/* Nothing is left out of an answer without a word. */
static void too_long_send(struct console *console, int64_t id)
{
    struct reply reply STING_AUTO(reply_release) = {0};
    int http = reply_refuse(&reply, 503, "too-long",
                            "the answer is longer than can be sent");
    reply_send(console, id, http, &reply);
}

void reply_send(struct console *console, int64_t id, int http,
                struct reply *reply)
{
    struct buffer payload STING_AUTO(buffer_wipe) = {0};
    const struct wire_head head = {
        .kind = WIRE_WEB_ANSWER,
        .number = {id, http, reply->retry_s, (int64_t)reply->kind,
                   (int64_t)reply->cookie, (int64_t)reply->cameras}};
    enum sting_status status =
        buffer_append(&payload, (struct bytes){(const uint8_t *)reply->session,
                                               strlen(reply->session) + 1});
    if (!status && reply->json) {
        status = json_line(reply->json, &payload);
    } else if (!status) {
        status = buffer_append(&payload, buffer_bytes(&reply->body));
    }
    if (!status && payload.size > wire_most_bytes(WIRE_WEB_ANSWER)) {
        too_long_send(console, id);
    } else if (status) {
        worker_lost(console, clock_now());
    } else {
        (void)console_send(console, head, buffer_bytes(&payload));
    }
}

void console_line(struct console *console, struct moment now, const char *what,
                  const struct user *user, const char *by, const char *why)
{
    const struct line_field field[] = {
        {"what", what},
        {"user", user ? user->name : NULL},
        {"role", user ? ask_role_name(user->role) : NULL},
        {"cameras",
         user && strcmp(user->cameras, "*") != 0 ? user->cameras : NULL},
        {"by", by},
        {"why", why}};
    desk_line(console->desk, now, "console", field,
              sizeof field / sizeof *field);
}

#define ANSWER(NAME, name, ...) [ASK_##NAME] = console_##name,
static console_answer *const answer[ASKS] = {ASK_ROWS(ANSWER)};
#undef ANSWER

/* The next text of a request, at most `most` bytes; NULL when it is longer or
 * has no NUL. */
static const char *text_take(struct bytes *from, size_t most)
{
    const uint8_t *end = from->size ? memchr(from->data, 0, from->size) : NULL;
    const char *text = (const char *)from->data;
    if (!end || (size_t)(end - from->data) > most) {
        return NULL;
    }
    from->size -= (size_t)(end - from->data) + 1;
    from->data = end + 1;
    return text;
}

/* Fields as the row wants them, and no byte behind. */
static bool fields_take(struct asked *asked, struct bytes from)
{
    const struct ask_row *row = &ask_row[asked->ask];
    for (size_t i = 0; i < ask_fields(asked->ask); i++) {
        const char *text = text_take(&from, row->field[i].most_bytes);
        if (!text || (row->field[i].is_needed && !*text)) {
            return false;
        }
        asked->field[i] = text;
    }
    return from.size == 0;
}

/* Who asks, and may he? 0: he may; else the HTTP status. */
static int rights_check(struct console *console, struct asked *asked,
                        const char *secret, const char *csrf,
                        struct reply *reply)
{
    const struct ask_row *row = &ask_row[asked->ask];
    asked->secret = secret;
    asked->session =
        *secret ? sessions_find(&console->sessions, secret, asked->now.boot_us)
                : NULL;
    bool is_post = strcmp(row->method, "POST") == 0;
    if (asked->session && (is_post || asked->is_here)) {
        session_see(asked->session, asked->now.boot_us);
    }
    asked->user = asked->session
                      ? users_find(&console->users, asked->session->user)
                      : NULL;
    if (!row->roles) {
        return 0;
    }
    if (!asked->user) {
        return reply_refuse(reply, 401, "no-session", "log in first");
    }
    if (!(row->roles & asked->user->role)) {
        return reply_refuse(reply, 403, "role",
                            "your role does not allow this");
    }
    if (is_post && strcmp(csrf, asked->session->csrf) != 0) {
        return reply_refuse(reply, 403, "csrf",
                            "load the page anew and do it again");
    }
    return 0;
}

/* One request of the worker. False: nonsense, it has to go. */
static bool ask_take(struct console *console, struct moment now)
{
    const struct wire_head *head = &console->reader.head;
    struct bytes payload = buffer_bytes(&console->reader.payload);
    struct reply reply STING_AUTO(reply_release) = {0};
    if (head->number[1] < 0 || head->number[1] >= ASKS) {
        return false;
    }
    struct asked asked = {.id = head->number[0],
                          .ask = (enum ask)head->number[1],
                          .is_here = head->number[2] == 1,
                          .now = now};
    const char *secret = text_take(&payload, ASK_SESSION_SIZE - 1);
    const char *csrf = secret ? text_take(&payload, ASK_CSRF_SIZE - 1) : NULL;
    if (!csrf) {
        return false;
    }
    int http = rights_check(console, &asked, secret, csrf, &reply);
    if (!http) {
        http = !fields_take(&asked, payload)
                   ? reply_refuse(&reply, 400, "fields",
                                  "a field is missing, too long or unknown")
                   : console_deed_refuse(console, &asked, &reply);
    }
    if (!http) {
        http = answer[asked.ask](console, &asked, &reply);
    }
    if (http) {
        reply_send(console, asked.id, http, &reply);
    }
    return true;
}

/* Strangers at the port: told once a minute, whatever the worker says. */
static void refused_tell(struct console *console, struct moment now)
{
    const int64_t *number = console->reader.head.number;
    const struct tale tale = {.event = "worker", .state = "refused"};
    if (console->odd_us && now.boot_us - console->odd_us < ODD_US) {
        return;
    }
    console->odd_us = now.boot_us;
    tell(
        console->desk->teller, &tale,
        "refused at the console: %lld that made no sense, %lld that were slow, "
        "%lld that read nothing",
        (long long)number[0], (long long)number[1], (long long)number[2]);
}

static bool message_take(struct console *console, struct moment now)
{
    const struct wire_head *head = &console->reader.head;
    if (head->kind == WIRE_WEB_GONE) {
        console_gone(console, head->number[0]);
        return true;
    }
    if (head->kind == WIRE_WEB_REFUSED) {
        refused_tell(console, now);
        return true;
    }
    return head->kind == WIRE_WEB_ASK && ask_take(console, now);
}

static void worker_serve(struct console *console, struct moment now)
{
    enum sting_status status = STING_OK;
    for (int i = 0; i < MOST_ASKS && !status; i++) {
        status = wire_reader_next(&console->reader, console->worker.channel);
        if (!status && !message_take(console, now)) {
            status = STING_E_FORMAT;
        }
        if (console->worker.channel < 0) {
            return; /* an answer could not be sent */
        }
    }
    if (status && status != STING_E_BUSY) {
        worker_lost(console, now);
    }
}

void console_wait(const struct console *console,
                  struct pollfd ready[CONSOLE_FDS])
{
    short waits = wire_queue_bytes(&console->queue) ? POLLIN | POLLOUT : POLLIN;
    int done = console->passwords ? passwords_fd(console->passwords) : -1;
    ready[0] = (struct pollfd){console->worker.channel, waits, 0};
    ready[1] = (struct pollfd){done, POLLIN, 0};
    ready[2] =
        (struct pollfd){snapshot_fd(console), snapshot_events(console), 0};
    int player = play_fd(console, &waits);
    ready[3] = (struct pollfd){player, waits, 0};
    convert_wait(console, ready + 4);
    ready[CONSOLE_PHOTO] =
        (struct pollfd){console_photo_fd(console), POLLIN, 0};
}

void console_serve(struct console *console,
                   const struct pollfd ready[CONSOLE_FDS], struct moment now)
{
    short waits = 0;
    if (ready[1].revents && console->passwords) {
        console_password_take(console, now);
    }
    if (ready[2].revents && ready[2].fd == snapshot_fd(console)) {
        snapshot_serve(console, now);
    }
    if (ready[3].revents && ready[3].fd == play_fd(console, &waits)) {
        play_serve(console, now);
    }
    convert_serve(console, ready + 4, now);
    if (ready[CONSOLE_PHOTO].revents &&
        ready[CONSOLE_PHOTO].fd == console_photo_fd(console)) {
        console_photo_take(console, now);
    }
    if (ready[0].fd != console->worker.channel || console->worker.channel < 0) {
        return;
    }
    if (ready[0].revents & POLLOUT &&
        wire_queue_flush(&console->queue, console->worker.channel) ==
            STING_E_IO) {
        worker_lost(console, now);
    } else if (ready[0].revents & (POLLIN | POLLHUP | POLLERR)) {
        worker_serve(console, now);
    }
}

void console_tick(struct console *console, struct moment now)
{
    if (console->listener >= 0) {
        console_chronicle_follow(console);
        console_bait_follow(console);
        console_traces_tick(console->traces, now);
        console_names_tick(console, now);
        parts_look(&console->parts, console, now);
        if (console->desk->core) {
            core_show_set(console->desk->core, console_show, console);
        }
    }
    if (console->listener >= 0 && console->worker.channel < 0 &&
        deaths_are_over(&console->deaths, now)) {
        worker_begin(console, now);
    }
    if (console->listener >= 0) {
        console_live_tick(console, now);
        snapshot_tick(console, now);
        play_tick(console, now);
        play_read_tick(console, now);
    }
}
