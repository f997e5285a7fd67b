#include "cli/unlock_play.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/exhibit_request.h"
#include "cli/exhibit_seal.h"
#include "cli/out_new.h"
#include "cli/release_request.h"
#include "operation/core_socket.h"
#include "operation/play_parts.h"
#include "wire/wire.h"

#define MOST_REQUESTS 16
#define MOST_CODE 64
#define MOST_MARK 64
#define MOST_WORDS 150
#define MOST_AREAS 801

/* What is asked, as the station tells it; all owned. */
struct asks {
    struct json *row[MOST_REQUESTS];
    size_t count;
};

static void asks_release(struct asks *asks)
{
    for (size_t i = 0; i < asks->count; i++) {
        json_free(&asks->row[i]);
    }
    asks->count = 0;
}

static enum sting_status station_ask(const struct operation *operation,
                                     struct wire_head head,
                                     struct bytes payload,
                                     struct wire_answer *answer,
                                     struct fault *fault)
{
    int station STING_AUTO(fd_close) = -1;
    enum sting_status status = core_connect(operation, &station, fault);
    if (status == STING_E_ABSENT) {
        return fault_set(fault, STING_E_ABSENT,
                         "start it: sting run OP --listen ADDR",
                         "no station runs here");
    }
    return status ? status : core_call(station, head, payload, answer, fault);
}

static enum sting_status asks_read(const struct operation *operation,
                                   struct asks *asks, struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    const struct wire_head head = {.kind = WIRE_PLAY_LIST};
    enum sting_status status =
        station_ask(operation, head, (struct bytes){0}, &answer, fault);
    struct bytes left = buffer_bytes(&answer.payload);
    struct bytes line;
    while (!status && asks->count < MOST_REQUESTS &&
           text_line_or_rest_take(&left, &line)) {
        status = json_read(line, &asks->row[asks->count]);
        asks->count += !status;
    }
    return status;
}

/* Text of somebody afar goes to a terminal: no control characters. */
static char *clean(const struct json *row, const char *key, char *out,
                   size_t size)
{
    const char *text = json_text(row, key);
    (void)snprintf(out, size, "%s", text ? text : "");
    text_clean(out);
    return out;
}

static void row_print(const struct json *row, FILE *to)
{
    char user[64], role[32], cameras[600], why[320], browser[100], mark[64];
    char from[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE];
    fprintf(to,
            "request %.0f: %s (%s), logged in for %.0f min, asks in a browser "
            "%s%s\n"
            "  cameras: %s\n"
            "  time:    %.19s to %.19s UTC\n"
            "  why:     %s\n"
            "  browser: %s (as it calls itself)\n",
            json_number(row, "play", 0), clean(row, "user", user, sizeof user),
            clean(row, "role", role, sizeof role),
            json_number(row, "session_s", 0) / 60,
            json_text(row, "mark")    ? "for the exhibit "
            : json_text(row, "areas") ? "for a cut for the press"
                                      : "to see",
            clean(row, "mark", mark, sizeof mark),
            clean(row, "cameras", cameras, sizeof cameras),
            clean(row, "from", from, sizeof from),
            clean(row, "to", until, sizeof until),
            clean(row, "why", why, sizeof why),
            clean(row, "browser", browser, sizeof browser));
}

/* Without the code: whoever confirms takes it from the browser. */
static enum sting_status row_json(const struct json *row)
{
    static const char *const text[] = {"user", "role", "cameras", "from",
                                       "to",   "why",  "mark",    "browser"};
    struct json *out STING_AUTO(json_free) = json_new_object();
    struct buffer line STING_AUTO(buffer_release) = {0};
    json_add_integer(out, "request", (int64_t)json_number(row, "play", 0));
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        json_add_text(out, text[i], json_text(row, text[i]));
    }
    json_add_integer(out, "asked_s_ago",
                     (int64_t)json_number(row, "asked_s_ago", 0));
    json_add_integer(out, "session_s",
                     (int64_t)json_number(row, "session_s", 0));
    enum sting_status status = json_line(out, &line);
    fputs(buffer_text(&line), stdout);
    return status;
}

enum sting_status unlock_play_list(const struct operation *operation,
                                   bool as_json, struct fault *fault)
{
    struct asks asks STING_AUTO(asks_release) = {.count = 0};
    enum sting_status status = asks_read(operation, &asks, fault);
    for (size_t i = 0; i < asks.count && !status; i++) {
        if (as_json) {
            status = row_json(asks.row[i]);
        } else {
            row_print(asks.row[i], stdout);
        }
    }
    if (!status && asks.count == 0 && !as_json) {
        puts("Nobody asks in a browser to see what is sealed.");
    }
    return status;
}

bool unlock_play_is_asked(const struct operation *operation)
{
    struct asks asks STING_AUTO(asks_release) = {.count = 0};
    struct fault ignored = {"", ""};
    return !asks_read(operation, &asks, &ignored) && asks.count > 0;
}

/* Is it the same code, as people type it? */
static bool code_is(const char *typed, const char *code)
{
    for (;; typed++, code++) {
        typed += strspn(typed, "- ");
        code += strspn(code, "- ");
        if (!*code || strncasecmp(typed, code, 1) != 0) {
            return !*code && !*typed;
        }
    }
}

static const struct json *row_of(const struct asks *asks, const char *typed)
{
    for (size_t i = 0; i < asks->count; i++) {
        const char *code = json_text(asks->row[i], "code");
        if (code && code_is(typed, code)) {
            return asks->row[i];
        }
    }
    return NULL;
}

static enum sting_status deny(const struct operation *operation,
                              const struct unlock_play *order, int64_t request,
                              struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    char user[ACCESS_NAME_SIZE];
    const char *by = order->access->by ? order->access->by : access_user(user);
    const struct wire_head head = {.kind = WIRE_PLAY_DENY, .number = {request}};
    enum sting_status status = station_ask(
        operation, head, (struct bytes){(const uint8_t *)by, strlen(by) + 1},
        &answer, fault);
    if (!status) {
        printf("Request %" PRId64 " is refused; the ledger tells.\n", request);
    }
    return status;
}

/* The stretch may reach into what is being recorded: that is sealed first. */
static enum sting_status seal_first(const struct operation *operation,
                                    const struct play_stretch *stretch,
                                    struct fault *fault)
{
    char name[CONFIG_NAME_SIZE];
    enum sting_status status = STING_OK;
    for (const char *at = stretch->cameras; *at && !status;) {
        size_t size = strcspn(at, ",");
        (void)snprintf(name, sizeof name, "%.*s", (int)size, at);
        const struct exhibit_order order = {.camera = name,
                                            .from_us = stretch->from_us,
                                            .to_us = stretch->to_us};
        status = exhibit_seal(operation, &order, fault);
        at += size + (at[size] == ',');
    }
    return status;
}

/* Why they are not there is not known here. */
static void missing_tell(const struct play_found *found)
{
    if (found->missing) {
        fprintf(stderr,
                "sting: unlock: %zu files of it are no longer there: sting "
                "verify tells whether they were deleted on purpose\n",
                found->missing);
    }
}

static enum sting_status give(const struct operation *operation,
                              const struct unlock_play *order, int64_t request,
                              const struct play_found *found,
                              struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    struct buffer payload STING_AUTO(buffer_wipe) = {0};
    char user[ACCESS_NAME_SIZE];
    const char *by = order->access->by ? order->access->by : access_user(user);
    const struct wire_head head = {
        .kind = WIRE_PLAY_OPEN,
        .number = {request, 60 * order->minutes, (int64_t)found->missing}};
    enum sting_status status =
        buffer_reserve(&payload, strlen(by) + 1 + found->parts.size);
    if (!status) {
        status = buffer_append(
            &payload, (struct bytes){(const uint8_t *)by, strlen(by) + 1});
    }
    if (!status) {
        status = buffer_append(&payload, buffer_bytes(&found->parts));
    }
    if (!status) {
        status = station_ask(operation, head, buffer_bytes(&payload), &answer,
                             fault);
    }
    if (!status) {
        printf("Open for %" PRId64 " min to that browser alone: %zu files.\n",
               order->minutes, found->count);
        missing_tell(found);
    }
    return status;
}

/* Tell the browser how far it is. Fails: nobody waits for it any more. */
static enum sting_status made_tell(const struct operation *operation,
                                   int64_t request, enum play_made made,
                                   const char *words, struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    char payload[MOST_WORDS + 2];
    const struct wire_head head = {.kind = WIRE_PLAY_TELL,
                                   .number = {request, made}};
    int size =
        snprintf(payload, sizeof payload, "%c%.*s", 0, MOST_WORDS, words);
    return station_ask(operation, head,
                       (struct bytes){(const uint8_t *)payload, (size_t)size},
                       &answer, fault);
}

/* The same that `sting exhibit` does, with what was asked in the browser. */
static enum sting_status exhibit(const struct operation *operation,
                                 const struct unlock_play *order,
                                 const struct json *row, struct fault *fault)
{
    char mark[MOST_MARK], out[MOST_MARK], words[DIGEST_TEXT_SIZE + 80];
    char sha256[DIGEST_TEXT_SIZE];
    struct digest digest = {{0}};
    int64_t number = (int64_t)json_number(row, "play", 0);
    struct exhibit_request request = {.path = operation_path(operation),
                                      .camera = json_text(row, "cameras"),
                                      .mark = mark,
                                      .out = order->out ? order->out : out,
                                      .access = *order->access};
    clean(row, "mark", mark, sizeof mark);
    clean(row, "mark", out, sizeof out);
    for (char *at = strchr(out, '/'); at; at = strchr(at, '/')) {
        *at = '-';
    }
    request.access.reason = json_text(row, "why");
    if (!exhibit_mark_is_right(mark) || !request.camera ||
        clock_parse(json_text(row, "from"), &request.from_us) ||
        clock_parse(json_text(row, "to"), &request.to_us)) {
        return fault_set(fault, STING_E_ARG,
                         "have another asked for: capitals, / and a number",
                         "\"%.30s\" is no mark of an exhibit", mark);
    }
    /* What was withdrawn meanwhile, or is over, is not made. */
    enum sting_status status =
        made_tell(operation, number, PLAY_BEGUN, "", fault);
    if (status) {
        return status;
    }
    status = exhibit_request_do(operation, &request, &digest, fault);
    (void)snprintf(words, sizeof words, "%.60s, sha256 %s", request.out,
                   digest_text(digest, sha256));
    struct fault ignored = {"", ""};
    (void)!made_tell(operation, number, status ? PLAY_FAILED : PLAY_MADE_IT,
                     status ? fault->why : words, &ignored);
    return status;
}

/* Whom the browser of a cut is told of. */
struct cutting {
    const struct operation *operation;
    int64_t request;
};

static void cutting_tell(void *context, int percent)
{
    const struct cutting *cutting = context;
    struct fault ignored = {"", ""};
    char words[16];
    (void)snprintf(words, sizeof words, "%d %%", percent);
    (void)!made_tell(cutting->operation, cutting->request, PLAY_BEGUN, words,
                     &ignored);
}

/* "X,Y,W,H X,Y,W,H" as options have them; the text is cut. */
static void areas_split(char *text, struct option_texts *out)
{
    for (char *at = strtok(text, " "); at && out->count < OPTIONS_MOST_TEXTS;
         at = strtok(NULL, " ")) {
        out->text[out->count++] = at;
    }
}

/* The same that `sting release` does, with what was asked in the browser. */
static enum sting_status cut(const struct operation *operation,
                             const struct unlock_play *order,
                             const struct json *row, struct fault *fault)
{
    char out[48], areas[MOST_AREAS], words[MOST_WORDS];
    char sha256[DIGEST_TEXT_SIZE];
    struct option_texts list = {0};
    struct digest digest = {{0}};
    size_t films = 0;
    struct cutting cutting = {operation, (int64_t)json_number(row, "play", 0)};
    struct play_stretch stretch = {.cameras = json_text(row, "cameras")};
    struct release_request request = {
        .path = operation_path(operation),
        .out = order->out ? order->out : out,
        .camera = stretch.cameras,
        .access = *order->access,
        .areas = &list,
        .incident = (int64_t)json_number(row, "incident", 0),
        .plain = json_number(row, "plain", 0) != 0,
        .progress = cutting_tell,
        .context = &cutting};
    (void)snprintf(out, sizeof out, "incident-%" PRId64 ".mp4",
                   request.incident);
    areas_split(clean(row, "areas", areas, sizeof areas), &list);
    request.access.reason = json_text(row, "why");
    if (!request.camera ||
        clock_parse(json_text(row, "from"), &request.from_us) ||
        clock_parse(json_text(row, "to"), &request.to_us)) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the station answered in another form");
    }
    stretch.from_us = request.from_us;
    stretch.to_us = request.to_us;
    enum sting_status status = out_new(request.out, fault);
    if (!status) {
        status = made_tell(operation, cutting.request, PLAY_BEGUN, "", fault);
    }
    if (!status) {
        status = seal_first(operation, &stretch, fault);
    } else {
        return status;
    }
    if (!status) {
        status =
            release_request_do(operation, &request, &digest, &films, fault);
    }
    int used = snprintf(words, sizeof words, "%.60s, sha256 %s", request.out,
                        digest_text(digest, sha256));
    if (films > 1) {
        (void)snprintf(words + used, sizeof words - (size_t)used,
                       ", film 1 of %zu", films);
    }
    struct fault ignored = {"", ""};
    (void)!made_tell(operation, cutting.request,
                     status ? PLAY_FAILED : PLAY_MADE_IT,
                     status ? fault->why : words, &ignored);
    return status;
}

static enum sting_status confirm(const struct operation *operation,
                                 const struct unlock_play *order,
                                 const struct json *row, struct fault *fault)
{
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct play_found found STING_AUTO(play_found_release) = {.count = 0};
    char of[48];
    int64_t request = (int64_t)json_number(row, "play", 0);
    struct play_stretch stretch = {.cameras = json_text(row, "cameras")};
    struct access access = access_of(order->access, "unlock", of);
    access.why = json_text(row, "why");
    (void)snprintf(of, sizeof of, "play %" PRId64, request);
    if (!stretch.cameras ||
        clock_parse(json_text(row, "from"), &stretch.from_us) ||
        clock_parse(json_text(row, "to"), &stretch.to_us)) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the station answered in another form");
    }
    enum sting_status status = seal_first(operation, &stretch, fault);
    if (!status) {
        status =
            access_open(operation, OPERATION_IDENTITY, &access, &keys, fault);
    }
    if (!status) {
        status = play_parts_find(operation_dir(operation), &keys.identity,
                                 &stretch, &found, fault);
    }
    operation_keys_wipe(&keys);
    return status ? status : give(operation, order, request, &found, fault);
}

static enum sting_status ask_terminal(const struct asks *asks,
                                      char typed[MOST_CODE],
                                      struct fault *fault)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
        return fault_set(fault, STING_E_ARG, "say it with --code CODE",
                         "%zu ask in a browser to see what is sealed: the code "
                         "that it shows is needed",
                         asks->count);
    }
    for (size_t i = 0; i < asks->count; i++) {
        row_print(asks->row[i], stderr);
    }
    fputs("Type the code that this browser shows, \"no\" to refuse: ", stderr);
    if (!fgets(typed, MOST_CODE, stdin)) {
        typed[0] = '\0';
    }
    typed[strcspn(typed, "\r\n")] = '\0';
    return typed[0] ? STING_OK
                    : fault_set(fault, STING_E_ARG, "",
                                "nothing was said; it is asked on");
}

enum sting_status unlock_play(const struct operation *operation,
                              const struct unlock_play *order,
                              struct fault *fault)
{
    struct asks asks STING_AUTO(asks_release) = {.count = 0};
    char typed[MOST_CODE] = "";
    const char *code = order->code;
    if (order->deny) {
        return deny(operation, order, order->deny, fault);
    }
    enum sting_status status = asks_read(operation, &asks, fault);
    if (!status && asks.count == 0) {
        status = fault_set(fault, STING_E_ABSENT, "",
                           "nobody asks in a browser to see what is sealed");
    }
    if (!status && !code) {
        status = ask_terminal(&asks, typed, fault);
        code = typed;
    }
    if (status) {
        return status;
    }
    if (!strcmp(code, "no") && asks.count == 1) {
        return deny(operation, order,
                    (int64_t)json_number(asks.row[0], "play", 0), fault);
    }
    const struct json *row = row_of(&asks, code);
    if (!row) {
        return fault_set(fault, STING_E_ARG,
                         "see the browser, or refuse with --deny REQUEST",
                         "nobody's browser shows that code");
    }
    if (order->code) {
        row_print(row, stdout);
    }
    return json_text(row, "mark")    ? exhibit(operation, order, row, fault)
           : json_text(row, "areas") ? cut(operation, order, row, fault)
                                     : confirm(operation, order, row, fault);
}
