/* Looking back at what is sealed: asked for here, confirmed on the machine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ledger/line.h"
#include "station/play.h"

#define SECOND_US INT64_C(1000000)
#define WAITS_US (600 * SECOND_US) /* a request, to be confirmed */
#define AGAIN_US (3 * SECOND_US)   /* between two of one session */
#define AS_TOLD_US 999             /* times are told in whole milliseconds */
#define MOST_JOBS 4                /* of one session at a time */

static const char *const state_word[] = {
    [PLAY_ASKED] = "asked", [PLAY_OPEN] = "open",     [PLAY_MAKING] = "making",
    [PLAY_MADE] = "made",   [PLAY_DENIED] = "denied", [PLAY_OVER] = "over",
};

/* Eight of 32 letters and digits that nobody mistakes for another. */
static void code_make(const struct random_source *random,
                      char out[PLAY_CODE_SIZE])
{
    static const char letter[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    uint8_t byte[8];
    random_fill(random, byte, sizeof byte);
    for (size_t i = 0; i < sizeof byte; i++) {
        out[i + (i > 3)] = letter[byte[i] % 32];
    }
    out[4] = '-';
    out[PLAY_CODE_SIZE - 1] = '\0';
}

/* All of them were recorded, and are his to see. */
static bool cameras_are_his(const struct console *console,
                            const struct user *user, const char *cameras)
{
    char name[CONFIG_NAME_SIZE];
    size_t found = 0;
    for (const char *at = cameras;; at++) {
        size_t size = strcspn(at, ",");
        bool is_there = false;
        snprintf(name, sizeof name, "%.*s",
                 (int)(size < sizeof name ? size : 0), at);
        for (size_t i = 0; i < chronicle_cameras(console->chronicle); i++) {
            is_there |=
                !strcmp(chronicle_camera(console->chronicle, i)->name, name);
        }
        if (!is_there || !user_sees(user, name) ||
            ++found > PLAY_MOST_CAMERAS) {
            return false;
        }
        at += size;
        if (!*at) {
            return true;
        }
    }
}

/* "ABC/1"; whoever makes the exhibit looks closer. */
static bool mark_fits(const char *mark)
{
    return strchr(mark, '/') && mark[0] != '/' &&
           mark[strspn(mark, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/")] == '\0';
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* What is wrong with it, told; 0: nothing. */
static int wish_check(const struct console *console, const struct asked *asked,
                      const struct play_wish *wish, struct play *out,
                      struct reply *reply)
{
    if (!console->chronicle) {
        reply->retry_s = 1;
        return reply_refuse(reply, 503, "busy",
                            "the ledger cannot be read now");
    }
    if (!cameras_are_his(console, asked->user, wish->cameras)) {
        return reply_refuse(reply, 404, "camera",
                            "there is no such camera, or it is not yours");
    }
    if (clock_parse(wish->from, &out->from_us) ||
        clock_parse(wish->to, &out->to_us) || out->from_us >= out->to_us ||
        is_blank(wish->why)) {
        return reply_refuse(reply, 400, "fields",
                            "from and to are times, from before to");
    }
    if (wish->mark[0] &&
        (!mark_fits(wish->mark) || strchr(wish->cameras, ','))) {
        return reply_refuse(reply, 400, "mark",
                            "an exhibit is of one camera, its mark capitals, "
                            "a stroke and a number: ABC/1");
    }
    return out->to_us - out->from_us > PLAY_MOST_US
               ? reply_refuse(reply, 400, "too-long-stretch",
                              "an hour at most at a time")
               : 0;
}

/* A place for it; that of the session's one before, which ends. NULL: wait. */
static struct play *place(struct console *console, const struct asked *asked,
                          enum play_kind kind, struct reply *reply)
{
    struct playing *playing = console->playing;
    struct play *play = play_of(playing, asked->session->number, kind);
    if (play && asked->now.boot_us - play->asked_us < AGAIN_US) {
        reply->retry_s = 3;
        return NULL;
    }
    if (play) {
        play_end(console, play, PLAY_OVER, asked->now);
        return play;
    }
    play = play_room(playing);
    reply->retry_s = play ? reply->retry_s : 60;
    return play;
}

static int request_keep(struct console *console, const struct asked *asked,
                        struct play *play, struct reply *reply)
{
    char item[PLAY_ITEM_SIZE];
    struct buffer why STING_AUTO(buffer_release) = {0};
    const struct tale tale = {.event = "play", .state = "asked"};
    static const char *const prefix[PLAY_KINDS] = {"", "exhibit ", "a cut"};
    static const char *const word[PLAY_KINDS] = {"to see", "for an exhibit of",
                                                 "for a cut of"};
    if (!console->desk->core || console->desk->is_broken ||
        buffer_printf(&why, "play %lld, %s%s%s%s: %s", (long long)play->number,
                      prefix[play->kind], play->mark,
                      play->kind != PLAY_TO_SEE ? " of " : "",
                      play_item(play, item), play->why)) {
        return reply_refuse(reply, 503, "record",
                            "the station cannot write its record");
    }
    console_line(console, asked->now, "play-asked", asked->user, play->user,
                 buffer_text(&why));
    if (console->desk->is_broken) {
        return reply_refuse(reply, 503, "record",
                            "the station cannot write its record");
    }
    play->state = PLAY_ASKED;
    tell(console->desk->teller, &tale,
         "%s asks in a browser %s the %s (%s): sting unlock confirms it",
         play->user, word[play->kind], item, play->why);
    return 0;
}

int play_wished(struct console *console, const struct asked *asked,
                const struct play_wish *wish, struct reply *reply)
{
    struct play made = {.state = PLAY_FREE,
                        .kind = wish->kind,
                        .session = asked->session->number,
                        .incident = wish->incident,
                        .is_plain = wish->is_plain,
                        .asked_us = asked->now.boot_us,
                        .until_us = asked->now.boot_us + WAITS_US};
    int http = wish_check(console, asked, wish, &made, reply);
    if (http) {
        return http;
    }
    struct play *play = place(console, asked, wish->kind, reply);
    if (!play) {
        return reply_refuse(reply, 429, "busy", "too many ask at once");
    }
    made.number = ++console->playing->numbers;
    snprintf(made.user, sizeof made.user, "%s", asked->user->name);
    snprintf(made.cameras, sizeof made.cameras, "%s", wish->cameras);
    snprintf(made.why, sizeof made.why, "%s", wish->why);
    snprintf(made.browser, sizeof made.browser, "%s", wish->browser);
    snprintf(made.mark, sizeof made.mark, "%s", wish->mark);
    snprintf(made.areas, sizeof made.areas, "%s", wish->areas);
    code_make(operation_random(console->desk->operation), made.code);
    *play = made;
    http = request_keep(console, asked, play, reply);
    return http ? http : console_play(console, asked, reply);
}

int console_play_ask(struct console *console, const struct asked *asked,
                     struct reply *reply)
{
    const char *mark = asked->field[5];
    const struct play_wish wish = {.kind = mark[0] ? PLAY_EXHIBIT : PLAY_TO_SEE,
                                   .cameras = asked->field[0],
                                   .from = asked->field[1],
                                   .to = asked->field[2],
                                   .why = asked->field[3],
                                   .browser = asked->field[4],
                                   .mark = mark,
                                   .areas = ""};
    return play_wished(console, asked, &wish, reply);
}

static void file_add(struct json *list, const struct play_file *file)
{
    struct json *row = json_new_object();
    json_add_text(row, "camera", file->camera);
    json_add_integer(row, "init", (int64_t)file->init);
    json_add_bool(row, "is_init", file->is_init);
    json_add_bool(row, "key", file->starts_with_key);
    json_add_integer(row, "t0_us", file->t0_us);
    json_add_integer(row, "pts_us", file->pts_us);
    json_add_integer(row, "us", file->duration_us);
    json_add_integer(row, "frames", file->frames);
    json_add_child(list, NULL, &row);
}

/* One request as its session is told of it. */
static void play_add(struct json *reply, const char *key,
                     const struct play *play, const struct asked *asked)
{
    bool has_files = asked->ask == ASK_PLAY && asked->field[0][0];
    struct json *files = json_new_array();
    struct json *out = json_new_object();
    bool is_live = play->state == PLAY_ASKED || play->state == PLAY_OPEN;
    json_add_integer(out, "play", play->number);
    json_add_text(out, "state", state_word[play->state]);
    json_add_text(out, "code", play->state == PLAY_ASKED ? play->code : NULL);
    json_add_text(out, "cameras", play->cameras);
    json_add_time(out, "from", play->from_us);
    json_add_time(out, "to", play->to_us);
    json_add_text(out, "why", play->why);
    json_add_text(out, "mark", play->mark[0] ? play->mark : NULL);
    json_add_integer(out, "incident", play->incident);
    json_add_text(out, "told", play->told[0] ? play->told : NULL);
    json_add_integer(out, "left_s",
                     is_live ? (play->until_us - asked->now.boot_us) / SECOND_US
                             : 0);
    json_add_integer(out, "missing", (int64_t)play->missing);
    for (size_t i = 0; i < play->files && has_files; i++) {
        file_add(files, &play->file[i]);
    }
    json_add_child(out, "files", &files);
    json_add_child(reply, key, &out);
}

int console_play(struct console *console, const struct asked *asked,
                 struct reply *reply)
{
    static const char *const key[PLAY_KINDS] = {"play", "exhibit", "release"};
    reply->json = json_new_object();
    for (int i = 0; i < PLAY_KINDS; i++) {
        const struct play *play = play_of(
            console->playing, asked->session->number, (enum play_kind)i);
        if (play) {
            play_add(reply->json, key[i], play, asked);
        } else {
            json_add_null(reply->json, key[i]);
        }
    }
    return 200;
}

/* The open one of that number, if it is this session's; else NULL, told. */
static struct play *open_one(struct console *console, const struct asked *asked,
                             struct reply *reply, int *http)
{
    const char *text = asked->field[0];
    uint32_t number = 0;
    struct play *play = digits_read(&text, 9, &number) && !*text
                            ? play_find(console->playing, number)
                            : NULL;
    if (!play || play->session != asked->session->number) {
        *http = reply_refuse(reply, 404, "play", "there is nothing of yours");
        return NULL;
    }
    if (play->state != PLAY_OPEN || asked->now.boot_us > play->until_us) {
        *http = reply_refuse(reply, 403, "not-open",
                             "it is not confirmed on the machine, or over");
        return NULL;
    }
    return play;
}

static int job_put(struct console *console, const struct asked *asked,
                   struct play_job *job, struct reply *reply)
{
    size_t waiting = 0;
    for (size_t i = 0; i < PLAY_JOBS; i++) {
        const struct play_job *other = &console->playing->job[i];
        waiting += other->id && other->play == job->play;
    }
    job->id = asked->id;
    if (asked->id <= 0 || waiting >= MOST_JOBS || !play_read(console, job)) {
        reply->retry_s = 1;
        return reply_refuse(reply, 429, "busy", "too many at once");
    }
    return 0;
}

int console_play_piece(struct console *console, const struct asked *asked,
                       struct reply *reply)
{
    int http = 0;
    uint32_t file = 0, at = 0;
    const char *file_text = asked->field[1], *at_text = asked->field[2];
    struct play *play = open_one(console, asked, reply, &http);
    if (!play) {
        return http;
    }
    if (!digits_read(&file_text, 5, &file) || *file_text ||
        file >= play->files ||
        (*at_text && (!digits_read(&at_text, 9, &at) || *at_text))) {
        return reply_refuse(reply, 404, "play", "there is no such file in it");
    }
    const struct play_file *is = &play->file[file];
    struct play_job job = {.play = play->number,
                           .file = file,
                           .at = at,
                           .is_h264 = asked->field[3][0] && !is->is_init,
                           .pts_us = is->pts_us};
    return job_put(console, asked, &job, reply);
}

/* The file that holds a moment of a camera; play->files: none does. */
static size_t file_at(const struct play *play, const char *camera,
                      int64_t utc_us)
{
    size_t i = 0;
    while (i < play->files &&
           (play->file[i].is_init ||
            utc_us + AS_TOLD_US < play->file[i].t0_us ||
            utc_us >= play->file[i].t0_us + play->file[i].duration_us ||
            strcmp(play->file[i].camera, camera) != 0)) {
        i++;
    }
    return i;
}

int console_play_still(struct console *console, const struct asked *asked,
                       struct reply *reply)
{
    int http = 0;
    int64_t utc_us = 0;
    struct play *play = open_one(console, asked, reply, &http);
    if (!play) {
        return http;
    }
    size_t file = clock_parse(asked->field[2], &utc_us)
                      ? play->files
                      : file_at(play, asked->field[1], utc_us);
    if (file == play->files) {
        return reply_refuse(reply, 404, "no-picture",
                            "nothing of that moment is open");
    }
    const struct play_file *is = &play->file[file];
    int64_t in_us = utc_us > is->t0_us ? utc_us - is->t0_us : 0;
    struct play_job job = {.play = play->number,
                           .file = file,
                           .is_still = true,
                           .utc_us = is->t0_us + in_us,
                           .pts_us = is->pts_us + in_us};
    return job_put(console, asked, &job, reply);
}

int console_play_end(struct console *console, const struct asked *asked,
                     struct reply *reply)
{
    struct play *play = play_of(console->playing, asked->session->number,
                                asked->field[0][0]   ? PLAY_EXHIBIT
                                : asked->field[1][0] ? PLAY_RELEASE
                                                     : PLAY_TO_SEE);
    if (play) {
        play_end(console, play, PLAY_OVER, asked->now);
    }
    reply->json = json_new_object();
    json_add_bool(reply->json, "ok", true);
    return 200;
}
