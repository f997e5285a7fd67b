/* What became of photographs that were given at the console: told of as whoever
 * unlocks what it takes, on the machine, goes through them (sting trace OP
 * --waiting). What was found is held in memory only, and for an hour. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "operation/inbox.h"
#include "station/console_traces.h"
#include "wire/show.h"

#define HELD_US INT64_C(3600000000)

static void shown_release(struct shown *shown)
{
    buffer_wipe(&shown->findings);
    for (size_t i = 0; i < MOST_PICTURES; i++) {
        buffer_wipe(&shown->picture[i]);
    }
    *shown = (struct shown){0};
}

void console_traces_free(struct console_traces **traces)
{
    for (size_t i = 0; *traces && i < MOST_SHOWN; i++) {
        shown_release(&(*traces)->shown[i]);
    }
    if (*traces) {
        photos_release(&(*traces)->photos);
        buffer_wipe(&(*traces)->together);
        buffer_wipe(&(*traces)->report);
    }
    free(*traces);
    *traces = NULL;
}

/* Room for another: a free one, else that which has been shown longest. */
static struct shown *shown_room(struct console_traces *traces)
{
    struct shown *oldest = NULL;
    for (size_t i = 0; i < MOST_SHOWN; i++) {
        struct shown *shown = &traces->shown[i];
        if (!shown->number) {
            return shown;
        }
        if (shown->done_us && (!oldest || shown->done_us < oldest->done_us)) {
            oldest = shown;
        }
    }
    return oldest;
}

struct shown *shown_of(struct console_traces *traces, uint32_t number)
{
    for (size_t i = 0; i < MOST_SHOWN; i++) {
        if (traces->shown[i].number == number) {
            return &traces->shown[i];
        }
    }
    struct shown *shown = shown_room(traces);
    if (shown) {
        shown_release(shown);
        shown->number = number;
    }
    return shown;
}

/* Those of an earlier session of the station wait sealed: numbers alone. */
enum sting_status console_traces_new(const struct operation *operation,
                                     struct console_traces **out,
                                     struct fault *fault)
{
    uint32_t number[INBOX_MOST];
    size_t count = 0;
    struct console_traces *traces = calloc(1, sizeof *traces);
    if (!traces) {
        return fault_set(fault, STING_E_NOMEM, "", "out of memory");
    }
    if (photo_keep_new(&traces->photos.keep)) {
        free(traces);
        return fault_set(fault, STING_E_IO, "", "no pipe can be made");
    }
    enum sting_status status = inbox_list(operation, number, &count, fault);
    for (size_t i = 0; !status && i < count; i++) {
        (void)shown_of(traces, number[i]);
    }
    *out = traces;
    return status;
}

void console_traces_tick(struct console_traces *traces, struct moment now)
{
    photos_tick(&traces->photos, now);
    for (size_t i = 0; i < MOST_SHOWN; i++) {
        if (traces->shown[i].done_us &&
            now.boot_us - traces->shown[i].done_us > HELD_US) {
            shown_release(&traces->shown[i]);
        }
    }
    if (traces->done_us && now.boot_us - traces->done_us > HELD_US) {
        buffer_wipe(&traces->together);
        buffer_wipe(&traces->report);
        traces->report_bytes = 0;
        traces->together_left = 0;
        traces->done_us = 0;
    }
}

/* ---- what was found ---- */

/* Another text in the place of what was there. */
static void keep(struct buffer *into, struct bytes bytes)
{
    buffer_wipe(into);
    (void)!buffer_append(into, bytes);
}

static void whole_take(struct console_traces *traces, enum show what, int64_t n,
                       struct bytes bytes, struct moment now)
{
    traces->done_us = now.boot_us;
    if (what == SHOW_FINDINGS) {
        keep(&traces->together, bytes);
        traces->together_left = n > 0 ? n : 0;
    } else if (what == SHOW_REPORT) {
        keep(&traces->report, bytes);
        traces->report_bytes = n;
    }
}

/* Of a photograph that was given to another session of the station too. */
static void about_take(struct shown *shown, struct bytes bytes)
{
    const uint8_t *end = memchr(bytes.data, 0, bytes.size);
    if (end) {
        snprintf(shown->name, sizeof shown->name, "%s",
                 (const char *)bytes.data);
    }
}

static void end_take(struct shown *shown, enum show what, struct bytes why,
                     struct moment now)
{
    shown->state = what;
    shown->done_us = now.boot_us;
    snprintf(shown->why, sizeof shown->why, "%.*s",
             (int)(why.size < 199 ? why.size : 199),
             why.size ? (const char *)why.data : "");
}

/* Of one photograph; `n` as wire/show.h says. */
static void shown_take(struct shown *shown, enum show what, int64_t n,
                       struct bytes bytes)
{
    if (what == SHOW_FINDINGS) {
        keep(&shown->findings, bytes);
    } else if (what == SHOW_PICTURE && n >= 0 && n < MOST_PICTURES) {
        keep(&shown->picture[n], bytes);
    } else if (what == SHOW_ABOUT && bytes.size) {
        about_take(shown, bytes);
    } else if (what == SHOW_WORK) {
        shown->state = what;
        shown->percent = n >= 0 && n <= 100 ? (int)n : 0;
    }
}

void console_show(void *context, const struct wire_head *head,
                  struct bytes bytes, struct moment now)
{
    struct console *console = context;
    struct console_traces *traces = console->traces;
    enum show what = (enum show)head->number[0];
    int64_t which = head->number[1];
    if (what == SHOW_NAME || what == SHOW_STRENGTH || what == SHOW_NOTE) {
        console_names_take(console, head, bytes, now);
        return;
    }
    if (!traces || which < 0 || which > UINT32_MAX) {
        return;
    }
    struct buffer findings STING_AUTO(buffer_wipe) = {0};
    if (what == SHOW_FINDINGS) { /* whom they name is read with a reason */
        if (opened_of_findings(&console->opened[SESSION_READS_NAMES], bytes,
                               now, &findings)) {
            return;
        }
        bytes = buffer_bytes(&findings);
    }
    struct shown *shown = which ? shown_of(traces, (uint32_t)which) : NULL;
    if (!which) {
        whole_take(traces, what, head->number[2], bytes, now);
    } else if (!shown) {
        return; /* too many are held already */
    } else if (what == SHOW_DONE || what == SHOW_FAILED) {
        end_take(shown, what, bytes, now);
    } else {
        shown_take(shown, what, head->number[2], bytes);
    }
}

struct json *console_lines_of(const struct buffer *lines)
{
    struct json *list = json_new_array();
    struct bytes rest = buffer_bytes(lines);
    struct bytes line;
    while (text_line_or_rest_take(&rest, &line)) {
        struct json *one = NULL;
        if (!json_read(line, &one)) {
            json_add_child(list, NULL, &one);
        }
    }
    return list;
}

static struct json *shown_row(const struct shown *shown)
{
    static const char *const word[SHOWS] = {[SHOW_WORK] = "at-work",
                                            [SHOW_DONE] = "done",
                                            [SHOW_FAILED] = "failed"};
    struct json *row = json_new_object();
    struct json *findings = console_lines_of(&shown->findings);
    int64_t pictures = 0;
    while (pictures < MOST_PICTURES && shown->picture[pictures].size > 0) {
        pictures++;
    }
    json_add_integer(row, "photo", shown->number);
    json_add_text(row, "name", shown->name[0] ? shown->name : NULL);
    json_add_text(row, "by", shown->by[0] ? shown->by : NULL);
    json_add_time(row, "at", shown->at_us);
    json_add_integer(row, "bytes", (int64_t)shown->bytes);
    json_add_text(row, "state",
                  word[shown->state] ? word[shown->state] : "waiting");
    json_add_integer(row, "percent", shown->percent);
    json_add_text(row, "why", shown->why[0] ? shown->why : NULL);
    json_add_integer(row, "pictures", pictures);
    json_add_child(row, "findings", &findings);
    return row;
}

int console_traces(struct console *console, const struct asked *asked,
                   struct reply *reply)
{
    const struct console_traces *traces = console->traces;
    int http = console_bait_refuse(asked, reply);
    if (http) {
        return http;
    }
    struct json *list = json_new_array();
    struct json *together = console_lines_of(&traces->together);
    for (size_t i = 0; i < MOST_SHOWN; i++) {
        if (traces->shown[i].number) {
            struct json *row = shown_row(&traces->shown[i]);
            json_add_child(list, NULL, &row);
        }
    }
    reply->json = json_new_object();
    json_add_child(reply->json, "photos", &list);
    json_add_child(reply->json, "together", &together);
    json_add_integer(reply->json, "together_left", traces->together_left);
    json_add_bool(reply->json, "has_report", traces->report.size > 0);
    if (traces->report_bytes > 0) {
        json_add_integer(reply->json, "report_bytes", traces->report_bytes);
    } else {
        json_add_null(reply->json, "report_bytes");
    }
    return 200;
}

/* The report names holders: each time it is given out is a line. */
static int report_tell(struct console *console, const struct asked *asked,
                       const struct buffer *report, struct reply *reply)
{
    const char *why = asked->session->read[SESSION_READS_NAMES].why;
    if (report->size == 0) {
        return 0;
    }
    if (!*why) {
        return reply_refuse(reply, 403, "not-read", "say why first");
    }
    return opened_say(console, asked, "report on photographs", why)
               ? 0
               : reply_refuse(reply, 503, "record",
                              "the station cannot write its record");
}

/* A picture with what was measured drawn in; of photograph 0, the report. */
int console_trace_file(struct console *console, const struct asked *asked,
                       struct reply *reply)
{
    const struct console_traces *traces = console->traces;
    const struct buffer *found = NULL;
    const char *digits[] = {asked->field[0], asked->field[1]};
    uint32_t number = 0;
    uint32_t n = 0;
    int http = console_bait_refuse(asked, reply);
    if (http) {
        return http;
    }
    bool is_number = digits_read(&digits[0], 9, &number) && !*digits[0] &&
                     digits_read(&digits[1], 1, &n) && !*digits[1];
    if (is_number && number == 0) {
        found = &traces->report;
        http = report_tell(console, asked, found, reply);
        if (http) {
            return http;
        }
    }
    for (size_t i = 0; is_number && number && i < MOST_SHOWN; i++) {
        if (traces->shown[i].number == number && n < MOST_PICTURES) {
            found = &traces->shown[i].picture[n];
        }
    }
    if (!found || found->size == 0) {
        return reply_refuse(reply, 404, "photo", "there is no such picture");
    }
    reply->kind = number ? ASK_BODY_SVG : ASK_BODY_PDF;
    return buffer_append(&reply->body, buffer_bytes(found))
               ? reply_refuse(reply, 503, "memory", "out of memory")
               : 200;
}
