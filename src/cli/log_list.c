#include "cli/log_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "ledger/line.h"
#include "ledger/reader.h"
#include "ledger/store.h"
#include "operation/writer.h"

#define MOST_ENTRY_BYTES ((size_t)1024 * 1024)
#define MOST_SHOWN_BYTES ((size_t)64 * 1024)

/* Nothing that a terminal obeys. */
static void print_words(const char *text)
{
    bool is_shown = true;
    for (size_t size = 0; *text; text += size) {
        size = text_shown(text, &is_shown);
        (void)printf("%.*s", is_shown ? (int)size : 1, is_shown ? text : " ");
    }
}

static const char *type_of(const struct line *line, char *out, size_t size)
{
    char is[16];
    if (strcmp(line->kind->name, "ack") != 0) {
        return line_text(line, "type", out, size);
    }
    line_text(line, "false", is, sizeof is);
    (void)snprintf(out, size, "%s",
                   !strcmp(is, "known") ? "known-person"
                   : is[0]              ? "false-alarm"
                                        : "acknowledged");
    return out;
}

/* The sealed text, when there is a key for it. */
static struct json *entry_open(const struct operation *operation,
                               const struct operation_keys *keys,
                               const struct line *line)
{
    struct buffer plain STING_AUTO(buffer_wipe) = {0};
    struct json *entry = NULL;
    struct digest ct;
    if (!(keys->has & OPERATION_IDENTITY) ||
        line_hex(line, "blob", ct.byte, DIGEST_SIZE) ||
        ledger_blob_open(operation_dir(operation), &keys->identity, ct,
                         MOST_ENTRY_BYTES, &plain, NULL)) {
        return NULL;
    }
    if (json_read(buffer_bytes(&plain), &entry)) {
        /* Words that an incident was marked with at the console. */
        entry = json_new_object();
        json_add_text(entry, "text", buffer_text(&plain));
    }
    return entry;
}

static enum sting_status print_json(const struct line *line,
                                    const struct json *entry)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct buffer text STING_AUTO(buffer_release) = {0};
    char type[32], by[200];
    int64_t incident = 0;
    json_add_integer(json, "line", (int64_t)line->seq);
    json_add_time(json, "at", line->at.utc_us);
    json_add_text(json, "type", type_of(line, type, sizeof type));
    if (line_integer(line, "incident", &incident)) {
        json_add_null(json, "incident");
    } else {
        json_add_integer(json, "incident", incident);
    }
    line_text(line, "by", by, sizeof by);
    const char *who = entry ? json_text(entry, "by") : NULL;
    json_add_text(json, "by", who ? who : by[0] ? by : NULL);
    json_add_text(json, "text", entry ? json_text(entry, "text") : NULL);
    enum sting_status status = json_line(json, &text);
    fputs(buffer_text(&text), stdout);
    return status;
}

static void print_line(const struct line *line, const struct json *entry)
{
    char at[CLOCK_TEXT_SIZE], type[32], incident[24], by[200];
    line_text(line, "incident", incident, sizeof incident);
    line_text(line, "by", by, sizeof by);
    const char *who = entry ? json_text(entry, "by") : NULL;
    const char *said = entry ? json_text(entry, "text") : NULL;
    printf("%" PRIu64 "  %s  ", line->seq, clock_text(line->at.utc_us, at));
    print_words(type_of(line, type, sizeof type));
    if (incident[0]) {
        fputs("  incident ", stdout);
        print_words(incident);
    }
    if (who || by[0]) {
        fputs("  by ", stdout);
        print_words(who ? who : by);
    }
    fputs(": ", stdout);
    print_words(said ? said : "(sealed)");
    putchar('\n');
}

/* Whether somebody may look at it now, at the console. */
static bool entry_show(const struct operation *operation,
                       const struct line *line, const struct json *entry)
{
    char type[32];
    int64_t incident = 0;
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_text(json, "type", type_of(line, type, sizeof type));
    json_add_text(json, "who", json_text(entry, "by"));
    json_add_text(json, "text", json_text(entry, "text"));
    if (line_integer(line, "incident", &incident)) {
        incident = 0; /* of none: what no camera saw */
    }
    return line->seq <= UINT32_MAX && !json_line(json, &text) &&
           text.size <= MOST_SHOWN_BYTES &&
           writer_show(operation, SHOW_NOTE, (uint32_t)line->seq, incident,
                       (struct bytes){(const uint8_t *)buffer_text(&text),
                                      text.size + 1});
}

enum sting_status log_list(const struct operation *operation,
                           const struct access *access,
                           const struct log_look *look, struct fault *fault)
{
    size_t shown = 0;
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    enum sting_status status = STING_OK;
    if (access->passphrase_files > 0) {
        status =
            access_open(operation, OPERATION_IDENTITY, access, &keys, fault);
    }
    if (!status) {
        status =
            ledger_reader_open_signed(operation_dir(operation), &reader, fault);
    }
    while (!status && !(status = ledger_reader_next(reader, &line))) {
        bool is_entry =
            !strcmp(line.kind->name, "note") || !strcmp(line.kind->name, "ack");
        if (!is_entry) {
            continue;
        }
        struct json *entry STING_AUTO(json_free) =
            entry_open(operation, &keys, &line);
        shown += look->shows && entry && entry_show(operation, &line, entry);
        if (look->as_json) {
            status = print_json(&line, entry);
        } else {
            print_line(&line, entry);
        }
    }
    if (look->shows && !shown) {
        fputs("sting: nothing was shown: no station with a console runs, or "
              "nothing was opened\n",
              stderr);
    }
    return status == STING_E_ABSENT && reader ? STING_OK : status;
}
