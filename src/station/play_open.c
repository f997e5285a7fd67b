/* What `sting unlock` asks over core.sock: who wants to see what; here are the
 * keys; no. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/line.h"
#include "ledger/recording.h"
#include "station/play.h"

#define SECOND_US INT64_C(1000000)
#define LEAST_S 10
#define MOST_S 3600

static void request_add(struct console *console, const struct play *play,
                        struct moment now, struct buffer *out,
                        enum sting_status *status)
{
    struct json *row STING_AUTO(json_free) = json_new_object();
    const struct user *user = users_find(&console->users, play->user);
    const struct session *session =
        sessions_lookup(&console->sessions, play->session, now.boot_us);
    json_add_integer(row, "play", play->number);
    json_add_text(row, "code", play->code);
    json_add_text(row, "user", play->user);
    json_add_text(row, "role", user ? ask_role_name(user->role) : NULL);
    json_add_text(row, "cameras", play->cameras);
    json_add_time(row, "from", play->from_us);
    json_add_time(row, "to", play->to_us);
    json_add_text(row, "why", play->why);
    json_add_text(row, "mark", play->mark[0] ? play->mark : NULL);
    if (play->kind == PLAY_RELEASE) {
        json_add_integer(row, "incident", play->incident);
        json_add_text(row, "areas", play->areas);
        json_add_integer(row, "plain", play->is_plain);
    }
    json_add_text(row, "browser", play->browser);
    json_add_integer(row, "asked_s_ago",
                     (now.boot_us - play->asked_us) / SECOND_US);
    json_add_integer(row, "session_s",
                     session ? (now.boot_us - session->began_us) / SECOND_US
                             : 0);
    *status = *status ? *status : json_line(row, out);
}

static enum sting_status list(struct console *console, struct buffer *out)
{
    enum sting_status status = STING_OK;
    struct moment now = clock_now();
    for (size_t i = 0; i < PLAYS_MOST; i++) {
        const struct play *play = &console->playing->play[i];
        if (play->state == PLAY_ASKED && now.boot_us <= play->until_us) {
            request_add(console, play, now, out, &status);
        }
    }
    return status;
}

/* The files of a request, as they come off its parts. */
struct opening {
    struct play *play;
    struct play_file *file;
    size_t files;
    struct fault *fault;
};

static void opening_release(struct opening *opening)
{
    if (opening->file) {
        secret_wipe_bytes(opening->file,
                          PLAY_MOST_PARTS * sizeof *opening->file);
    }
    free(opening->file);
    opening->file = NULL;
}

static int64_t integer(const struct line *line, const char *key)
{
    int64_t value = 0;
    return line_integer(line, key, &value) ? 0 : value;
}

/* The newest init of that camera so far; PLAY_MOST_PARTS: there is none. */
static size_t init_of(const struct opening *opening, const char *camera)
{
    for (size_t i = opening->files; i > 0; i--) {
        const struct play_file *file = &opening->file[i - 1];
        if (file->is_init && !strcmp(file->camera, camera)) {
            return i - 1;
        }
    }
    return PLAY_MOST_PARTS;
}

/* One file of the stretch that was asked for, and of no other. */
static bool file_take(struct opening *opening, const uint8_t *file_key,
                      const struct line *line)
{
    struct play_file *file = &opening->file[opening->files];
    char path[RECORDING_PATH_SIZE];
    if (opening->files == PLAY_MOST_PARTS || recording_path(line, path) ||
        line_hex(line, "ct", file->order.ct.byte, DIGEST_SIZE)) {
        return false;
    }
    line_text(line, "camera", file->camera, sizeof file->camera);
    snprintf(file->path, sizeof file->path, "%s", path);
    memcpy(file->order.file_key, file_key, AGE_FILE_KEY_BYTES);
    (void)!line_hex(line, "pt", file->order.pt.byte, DIGEST_SIZE);
    file->is_init = !strcmp(line->kind->name, "init");
    file->init =
        file->is_init ? opening->files : init_of(opening, file->camera);
    file->starts_with_key = integer(line, "key") == 1;
    file->pts_us = integer(line, "pts");
    file->duration_us = integer(line, "us");
    file->frames = integer(line, "frames");
    if (!file->is_init && (line_time(line, "t0", &file->t0_us) ||
                           file->t0_us >= opening->play->to_us)) {
        return false;
    }
    opening->files++;
    return file->init < PLAY_MOST_PARTS &&
           play_names(opening->play->cameras, file->camera);
}

static enum sting_status files_take(struct opening *opening, struct bytes parts)
{
    enum sting_status status = STING_OK;
    opening->file = calloc(PLAY_MOST_PARTS, sizeof *opening->file);
    if (!opening->file) {
        return STING_E_NOMEM;
    }
    while (!status) {
        const uint8_t *file_key = NULL;
        struct line line;
        status = play_parts_next(&parts, &file_key, &line);
        if (!status && !file_take(opening, file_key, &line)) {
            status = STING_E_FORMAT;
        }
    }
    if (status == STING_E_ABSENT && opening->files > 0) {
        return STING_OK;
    }
    return fault_set(opening->fault, STING_E_FORMAT, "",
                     "these are not the files that were asked for");
}

static int ct_order(const void *a, const void *b)
{
    return memcmp(a, b, DIGEST_SIZE);
}

/* SHA-256 over the hashes of all sealed files, least first. */
static bool files_hash(const struct opening *opening, struct digest *out)
{
    struct digest *ct = calloc(opening->files + 1, sizeof *ct);
    for (size_t i = 0; i < opening->files && ct; i++) {
        ct[i] = opening->file[i].order.ct;
    }
    if (ct) {
        qsort(ct, opening->files, sizeof *ct, ct_order);
        *out = digest_of(
            (struct bytes){(const uint8_t *)ct, opening->files * sizeof *ct});
    }
    bool is_done = ct != NULL;
    free(ct);
    return is_done;
}

/* The line is there before anything can be seen. */
static enum sting_status opened_tell(struct console *console,
                                     struct opening *opening, struct moment now)
{
    char item[PLAY_ITEM_SIZE], sha256[DIGEST_TEXT_SIZE];
    const struct play *play = opening->play;
    struct digest hash = {{0}};
    if (!files_hash(opening, &hash)) {
        return STING_E_NOMEM;
    }
    const struct line_field field[] = {{"item", play_item(play, item)},
                                       {"state", "shown"},
                                       {"by", play->user},
                                       {"after", digest_text(hash, sha256)},
                                       {"why", play->why}};
    if (console->desk->core && !console->desk->is_broken) {
        desk_line(console->desk, now, "custody", field,
                  sizeof field / sizeof *field);
    }
    return console->desk->core && !console->desk->is_broken
               ? STING_OK
               : fault_set(opening->fault, STING_E_IO,
                           "see what the station says",
                           "the station cannot write its record");
}

static enum sting_status open_it(struct console *console, struct play *play,
                                 const struct wire_head *request,
                                 struct bytes parts, struct fault *fault)
{
    struct moment now = clock_now();
    struct opening opening STING_AUTO(opening_release) = {.play = play,
                                                          .fault = fault};
    if (play->kind != PLAY_TO_SEE) {
        return fault_set(fault, STING_E_ARG, "", "it is not to be played");
    }
    if (request->number[1] < LEAST_S || request->number[1] > MOST_S) {
        return fault_set(fault, STING_E_ARG, "", "for %d to %d s", LEAST_S,
                         MOST_S);
    }
    enum sting_status status = files_take(&opening, parts);
    if (!status) {
        status = opened_tell(console, &opening, now);
    }
    if (status) {
        return status;
    }
    play->file = opening.file;
    play->files = opening.files;
    opening.file = NULL;
    play->missing = request->number[2] > 0 ? (size_t)request->number[2] : 0;
    play->until_us = now.boot_us + request->number[1] * SECOND_US;
    play->state = PLAY_OPEN;
    return STING_OK;
}

static enum sting_status deny(struct console *console, struct play *play,
                              const char *by)
{
    char why[96];
    snprintf(why, sizeof why, "play %lld", (long long)play->number);
    console_line(console, clock_now(), "play-denied",
                 users_find(&console->users, play->user), by, why);
    play_end(console, play, PLAY_DENIED, clock_now());
    return STING_OK;
}

/* How far an exhibit is; its lines are written by who makes it. */
static enum sting_status made_tell(const struct console *console,
                                   const struct wire_head *request,
                                   struct bytes words, struct fault *fault)
{
    static const enum play_state state[] = {
        [PLAY_BEGUN] = PLAY_MAKING,
        [PLAY_MADE_IT] = PLAY_MADE,
        [PLAY_FAILED] = PLAY_OVER,
    };
    struct play *play = play_find(console->playing, request->number[0]);
    int64_t made = request->number[1];
    if (!play || play->kind == PLAY_TO_SEE || made < PLAY_BEGUN ||
        made > PLAY_FAILED ||
        (play->state != PLAY_ASKED && play->state != PLAY_MAKING)) {
        return fault_set(fault, STING_E_ABSENT, "have it asked again",
                         "nobody waits for that any more");
    }
    snprintf(play->told, sizeof play->told, "%.*s", (int)words.size,
             (const char *)words.data);
    play->state = state[made];
    return STING_OK;
}

/* Open or deny: who says so, and which request is meant. */
static enum sting_status decide(struct console *console,
                                const struct wire_head *request,
                                struct bytes payload, struct fault *fault)
{
    struct moment now = clock_now();
    const uint8_t *end =
        payload.size ? memchr(payload.data, 0, payload.size) : NULL;
    struct play *play = play_find(console->playing, request->number[0]);
    if (!end) {
        return fault_set(fault, STING_E_FORMAT, "", "the request is malformed");
    }
    if (request->kind == WIRE_PLAY_TELL) {
        return made_tell(
            console, request,
            (struct bytes){end + 1,
                           payload.size - (size_t)(end - payload.data) - 1},
            fault);
    }
    if (!play || play->state != PLAY_ASKED || now.boot_us > play->until_us ||
        !sessions_lookup(&console->sessions, play->session, now.boot_us)) {
        return fault_set(fault, STING_E_ABSENT, "have it asked again",
                         "nobody waits for that any more");
    }
    struct bytes parts = {end + 1,
                          payload.size - (size_t)(end - payload.data) - 1};
    return request->kind == WIRE_PLAY_OPEN
               ? open_it(console, play, request, parts, fault)
               : deny(console, play, (const char *)payload.data);
}

void play_client(struct console *console, const struct wire_head *request,
                 struct bytes payload, struct wire_head *answer,
                 struct buffer *out)
{
    struct fault fault = {"", ""};
    enum sting_status status = STING_OK;
    out->size = 0;
    *answer = (struct wire_head){.kind = WIRE_DONE};
    if (!console || console->listener < 0) {
        status = fault_set(&fault, STING_E_ABSENT, "start it with --listen",
                           "the station has no console");
    } else if (request->kind == WIRE_PLAY_LIST) {
        status = list(console, out);
    } else {
        status = decide(console, request, payload, &fault);
    }
    if (status) {
        answer->kind = WIRE_FAILED;
        answer->number[0] = status;
        out->size = 0;
        /* Without memory the status has to do. */
        (void)!buffer_printf(out, "%s%c%s", fault.why, 0, fault.todo);
    }
    answer->payload_bytes = (uint32_t)out->size;
}
