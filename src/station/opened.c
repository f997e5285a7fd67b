#include "station/opened.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "ledger/store.h"
#include "station/console_answer.h"

#define HELD_US INT64_C(3600000000)
#define LEAST_ROOM 30 /* for one more range, and for how many are left out */

void opened_wipe(struct opened *opened)
{
    for (size_t i = 0; i < opened->count; i++) {
        buffer_wipe(&opened->one[i].bytes);
    }
    free(opened->one);
    opened->one = NULL;
    opened->count = 0;
    opened->bytes = 0;
}

void opened_tick(struct opened *opened, struct moment now)
{
    if (opened->count && now.boot_us - opened->shown_us > HELD_US) {
        opened_wipe(opened);
    }
}

static struct opened_one *place_of(struct opened *opened, uint64_t key)
{
    for (size_t i = 0; i < opened->count; i++) {
        if (opened->one[i].key == key) {
            return &opened->one[i];
        }
    }
    if (opened->count == OPENED_MOST) {
        return NULL;
    }
    if (!opened->one) {
        opened->one = calloc(OPENED_MOST, sizeof *opened->one);
    }
    return opened->one ? &opened->one[opened->count++] : NULL;
}

void opened_take(struct opened *opened, uint64_t key, uint32_t incident,
                 struct bytes bytes, struct moment now)
{
    if (!bytes.size || bytes.size > OPENED_MOST_BYTES - opened->bytes) {
        return;
    }
    struct opened_one *one = place_of(opened, key);
    if (!one) {
        return;
    }
    opened->bytes -= one->bytes.size;
    buffer_wipe(&one->bytes);
    if (!buffer_append(&one->bytes, bytes)) {
        opened->bytes += bytes.size;
    }
    one->key = key;
    one->incident = incident;
    one->n = ++opened->n;
    opened->shown_us = now.boot_us;
}

/* Is he one whom it may be given to, once he has said why? */
static bool is_for(const struct opened_reader *reader,
                   const struct opened_one *one)
{
    return one->bytes.size > 0 &&
           console_sees_incident(reader->console, reader->user, one->incident);
}

/* Has he not said why yet? */
static bool waits(const struct opened_reader *reader,
                  const struct opened_one *one)
{
    return one->n > reader->session->read[reader->kind].upto &&
           is_for(reader, one);
}

const struct opened_one *opened_next(const struct opened *opened,
                                     const struct opened_reader *reader,
                                     size_t *at)
{
    while (*at < opened->count) {
        const struct opened_one *one = &opened->one[(*at)++];
        if (one->n <= reader->session->read[reader->kind].upto &&
            is_for(reader, one)) {
            return one;
        }
    }
    return NULL;
}

size_t opened_waiting(const struct opened *opened,
                      const struct opened_reader *reader)
{
    size_t count = 0;
    for (size_t i = 0; i < opened->count; i++) {
        count += waits(reader, &opened->one[i]);
    }
    return count;
}

/* The last of those from `at` on whose keys follow each other. */
static size_t range_end(const struct opened *opened,
                        const struct opened_reader *reader, size_t at)
{
    while (at + 1 < opened->count && waits(reader, &opened->one[at + 1]) &&
           opened->one[at + 1].key == opened->one[at].key + 1) {
        at++;
    }
    return at;
}

void opened_item(const struct opened *opened,
                 const struct opened_reader *reader, const char *what,
                 char out[OPENED_ITEM_SIZE])
{
    size_t size = (size_t)snprintf(out, OPENED_ITEM_SIZE, "%.40s", what);
    const char *between = " ";
    size_t left = 0;
    for (size_t i = 0; i < opened->count; i++) {
        if (!waits(reader, &opened->one[i])) {
            continue;
        }
        size_t end = range_end(opened, reader, i);
        if (size > OPENED_ITEM_SIZE - 2 * LEAST_ROOM) {
            left += end - i + 1;
        } else {
            size += (size_t)snprintf(
                out + size, OPENED_ITEM_SIZE - size,
                end > i ? "%s%" PRIu64 "-%" PRIu64 : "%s%" PRIu64, between,
                opened->one[i].key, opened->one[end].key);
        }
        between = ", ";
        i = end;
    }
    if (left) {
        (void)snprintf(out + size, OPENED_ITEM_SIZE - size, " and %zu more",
                       left);
    }
}

static void holder_take(struct opened *names, struct json *one,
                        struct moment now)
{
    const char *holder = json_text(one, "issued_to");
    double copy = json_number(one, "copy", 0);
    if (holder && copy >= 1 && copy <= UINT32_MAX) {
        opened_take(names, (uint64_t)copy, 0,
                    (struct bytes){(const uint8_t *)holder, strlen(holder) + 1},
                    now);
    }
    if (holder) {
        json_add_null(one, "issued_to");
    }
}

/* The one that is named, and all that are mixed. */
static enum sting_status finding_take(struct opened *names, struct json *one,
                                      struct moment now, struct buffer *out)
{
    struct json *copy = NULL;
    holder_take(names, one, now);
    for (size_t i = 0; (copy = json_item(one, "copies", i)); i++) {
        holder_take(names, copy, now);
        json_free(&copy);
    }
    return json_line(one, out);
}

enum sting_status opened_of_findings(struct opened *names,
                                     struct bytes findings, struct moment now,
                                     struct buffer *out)
{
    enum sting_status status = STING_OK;
    struct bytes line;
    while (!status && text_line_or_rest_take(&findings, &line)) {
        struct json *one STING_AUTO(json_free) = NULL;
        if (!json_read(line, &one)) {
            status = finding_take(names, one, now, out);
        }
    }
    return status;
}

bool opened_say(struct console *console, const struct asked *asked,
                const char *item, const char *why)
{
    struct fault fault = {"", ""};
    struct desk *desk = console->desk;
    const struct line_field field[] = {{"item", item},
                                       {"state", "shown"},
                                       {"by", asked->user->name},
                                       {"why", why}};
    if (!desk->core || desk->is_broken) {
        return false;
    }
    enum sting_status status =
        ledger_append(core_ledger(desk->core), asked->now, "custody", field,
                      sizeof field / sizeof *field, NULL, &fault);
    if (status && status != STING_E_ARG) {
        desk_break(desk, &fault);
    }
    return !status;
}
