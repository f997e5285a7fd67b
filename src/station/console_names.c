/* Holders and what photographs will tell, as somebody who unlocked them on the
 * machine has them shown here: in memory, for an hour. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "operation/holder_list.h"
#include "station/console_bait.h"
#include "wire/show.h"

#define MOST_NAMES 4096
#define HELD_US INT64_C(3600000000)

struct console_names {
    size_t count;
    struct {
        uint32_t copy;
        char holder[HOLDER_SIZE];
    } name[MOST_NAMES];
    struct buffer strength; /* JSON, a line each */
    int64_t shown_us;       /* boot time of the last */
};

void console_names_free(struct console_names **names)
{
    if (*names) {
        buffer_wipe(&(*names)->strength);
        secret_wipe_bytes(*names, sizeof **names);
    }
    free(*names);
    *names = NULL;
}

void console_names_tick(struct console_names **names, struct moment now)
{
    if (*names && now.boot_us - (*names)->shown_us > HELD_US) {
        console_names_free(names);
    }
}

static void name_take(struct console_names *names, uint32_t copy,
                      struct bytes holder)
{
    size_t i = 0;
    if (!holder.size || holder.size > HOLDER_SIZE ||
        holder.data[holder.size - 1]) {
        return;
    }
    while (i < names->count && names->name[i].copy != copy) {
        i++;
    }
    if (i < MOST_NAMES) {
        names->name[i].copy = copy;
        memcpy(names->name[i].holder, holder.data, holder.size);
        names->count += i == names->count;
    }
}

void console_names_take(struct console_names **names,
                        const struct wire_head *head, struct bytes bytes,
                        struct moment now)
{
    if (!*names) {
        *names = calloc(1, sizeof **names);
    }
    if (!*names) {
        return;
    }
    (*names)->shown_us = now.boot_us;
    if (head->number[0] == SHOW_NAME) {
        name_take(*names, (uint32_t)head->number[1], bytes);
    } else {
        buffer_wipe(&(*names)->strength);
        (void)!buffer_append(&(*names)->strength, bytes);
    }
}

int console_names(struct console *console, const struct asked *asked,
                  struct reply *reply)
{
    static const struct buffer nothing;
    const struct console_names *names = console->names;
    int http = console_bait_refuse(asked, reply);
    if (http) {
        return http;
    }
    struct json *list = json_new_array();
    struct json *strength =
        console_lines_of(names ? &names->strength : &nothing);
    for (size_t i = 0; names && i < names->count; i++) {
        struct json *row = json_new_object();
        json_add_integer(row, "copy", names->name[i].copy);
        json_add_text(row, "holder", names->name[i].holder);
        json_add_child(list, NULL, &row);
    }
    reply->json = json_new_object();
    json_add_child(reply->json, "names", &list);
    json_add_child(reply->json, "strength", &strength);
    return 200;
}
