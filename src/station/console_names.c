/* Holders and what photographs will tell, and words of notes, as somebody who
 * unlocked them on the machine has them shown here: in memory, for an hour. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "operation/holder_list.h"
#include "station/console_bait.h"
#include "wire/show.h"

#define HELD_US INT64_C(3600000000)

void console_names_free(struct console *console)
{
    for (size_t i = 0; i < SESSION_READS; i++) {
        opened_wipe(&console->opened[i]);
    }
    buffer_wipe(&console->strength);
}

void console_names_tick(struct console *console, struct moment now)
{
    for (size_t i = 0; i < SESSION_READS; i++) {
        opened_tick(&console->opened[i], now);
    }
    if (now.boot_us - console->strength_us > HELD_US) {
        buffer_wipe(&console->strength);
    }
}

void console_names_take(struct console *console, const struct wire_head *head,
                        struct bytes bytes, struct moment now)
{
    uint64_t key = (uint64_t)head->number[1];
    bool is_text = bytes.size && !bytes.data[bytes.size - 1];
    if (head->number[0] == SHOW_STRENGTH) {
        buffer_wipe(&console->strength);
        (void)!buffer_append(&console->strength, bytes);
        console->strength_us = now.boot_us;
    } else if (head->number[0] == SHOW_NOTE && is_text) {
        int64_t about = head->number[2];
        opened_take(&console->opened[SESSION_READS_NOTES], key,
                    about > 0 && about <= UINT32_MAX ? (uint32_t)about : 0,
                    bytes, now);
    } else if (is_text && bytes.size <= HOLDER_SIZE) {
        opened_take(&console->opened[SESSION_READS_NAMES], key, 0, bytes, now);
    }
}

static struct opened_reader reader_of(const struct console *console,
                                      const struct asked *asked,
                                      enum session_read_kind kind)
{
    return (struct opened_reader){.console = console,
                                  .user = asked->user,
                                  .session = asked->session,
                                  .kind = kind};
}

int console_names(struct console *console, const struct asked *asked,
                  struct reply *reply)
{
    const struct opened *opened = &console->opened[SESSION_READS_NAMES];
    const struct opened_reader reader =
        reader_of(console, asked, SESSION_READS_NAMES);
    const struct opened_one *one = NULL;
    size_t at = 0;
    int http = console_bait_refuse(asked, reply);
    if (http) {
        return http;
    }
    struct json *list = json_new_array();
    struct json *strength = console_lines_of(&console->strength);
    while ((one = opened_next(opened, &reader, &at))) {
        struct json *row = json_new_object();
        json_add_integer(row, "copy", (int64_t)one->key);
        json_add_text(row, "holder", (const char *)one->bytes.data);
        json_add_child(list, NULL, &row);
    }
    reply->json = json_new_object();
    json_add_child(reply->json, "names", &list);
    json_add_child(reply->json, "strength", &strength);
    json_add_integer(reply->json, "waiting",
                     (int64_t)opened_waiting(opened, &reader));
    json_add_bool(reply->json, "is_read",
                  asked->session->read[SESSION_READS_NAMES].why[0] != '\0');
    return 200;
}

/* Words of notes, of those incidents that he sees. */
int console_notes(struct console *console, const struct asked *asked,
                  struct reply *reply)
{
    const struct opened *opened = &console->opened[SESSION_READS_NOTES];
    const struct opened_reader reader =
        reader_of(console, asked, SESSION_READS_NOTES);
    const struct opened_one *one = NULL;
    size_t at = 0;
    struct json *list = json_new_array();
    while ((one = opened_next(opened, &reader, &at))) {
        struct json *row = NULL;
        struct bytes text = {one->bytes.data, one->bytes.size - 1};
        if (!json_read(text, &row)) {
            json_add_integer(row, "line", (int64_t)one->key);
            json_add_child(list, NULL, &row);
        }
    }
    reply->json = json_new_object();
    json_add_child(reply->json, "notes", &list);
    json_add_integer(reply->json, "waiting",
                     (int64_t)opened_waiting(opened, &reader));
    return 200;
}

/* Somebody says why he reads them: a line, and from then on he does. */
int console_read(struct console *console, const struct asked *asked,
                 struct reply *reply)
{
    static const struct {
        const char *name, *item;
    } row[SESSION_READS] = {{"names", "names of copies"},
                            {"notes", "notes of lines"}};
    char item[OPENED_ITEM_SIZE];
    size_t kind = 0;
    while (kind < SESSION_READS &&
           strcmp(row[kind].name, asked->field[0]) != 0) {
        kind++;
    }
    const char *why = asked->field[1];
    if (kind == SESSION_READS || !why[strspn(why, " \t")]) {
        return reply_refuse(reply, 400, "fields", "names or notes, and why");
    }
    int http =
        kind == SESSION_READS_NAMES ? console_bait_refuse(asked, reply) : 0;
    if (http) {
        return http;
    }
    const struct opened_reader reader =
        reader_of(console, asked, (enum session_read_kind)kind);
    const struct opened *opened = &console->opened[kind];
    struct session_read *read = &asked->session->read[kind];
    if (opened_waiting(opened, &reader)) {
        opened_item(opened, &reader, row[kind].item, item);
        if (!opened_say(console, asked, item, why)) {
            return reply_refuse(reply, 503, "record",
                                "the station cannot write its record");
        }
    }
    read->upto = opened->n;
    memcpy(read->why, why, strlen(why) + 1);
    reply->json = json_new_object();
    json_add_bool(reply->json, "ok", true);
    return 200;
}
