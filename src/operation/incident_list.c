#include "operation/incident_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/line.h"
#include "ledger/reader.h"

void incident_list_release(struct incident_list *list)
{
    free(list->entry);
    *list = (struct incident_list){0};
}

static struct incident_entry *lookup(const struct incident_list *list,
                                     uint32_t number)
{
    /* The newest is asked for most. */
    for (size_t i = list->count; i > 0; i--) {
        if (list->entry[i - 1].number == number) {
            return &list->entry[i - 1];
        }
    }
    return NULL;
}

const struct incident_entry *incident_list_find(
    const struct incident_list *list, uint32_t number)
{
    return lookup(list, number);
}

static enum sting_status add(struct incident_list *list, uint32_t number,
                             uint64_t seq, struct incident_entry **out)
{
    void *grown =
        reallocarray(list->entry, list->count + 1, sizeof *list->entry);
    if (!grown) {
        return STING_E_NOMEM;
    }
    list->entry = grown;
    *out = &list->entry[list->count++];
    **out = (struct incident_entry){.seq = seq, .number = number};
    return STING_OK;
}

/* A key that the line has replaces what was known. */
static void text_take(const struct line *line, const char *key, char *out,
                      size_t size)
{
    if (line_has(line, key)) {
        line_text(line, key, out, size);
    }
}

static void entry_take(struct incident_entry *entry, const struct line *line)
{
    char state[INCIDENT_WORD_SIZE];
    int64_t at_us = 0;
    bool was_touch = !strcmp(entry->tier, "touch");
    line_text(line, "state", state, sizeof state);
    text_take(line, "camera", entry->camera, sizeof entry->camera);
    text_take(line, "zone", entry->zone, sizeof entry->zone);
    text_take(line, "bait", entry->bait, sizeof entry->bait);
    text_take(line, "kind", entry->kind, sizeof entry->kind);
    text_take(line, "tier", entry->tier, sizeof entry->tier);
    if (!line_time(line, "start", &at_us)) {
        entry->start_us = at_us;
    }
    if (!was_touch && !strcmp(entry->tier, "touch")) {
        entry->raised_us = line->at.utc_us;
    }
    if (!strcmp(state, "closed")) {
        entry->end_us = line->at.utc_us;
        if (!line_time(line, "end", &at_us)) {
            entry->end_us = at_us;
        }
    }
}

/* What people say that an incident was; one that there is not has no mark. */
static void mark_take(const struct incident_list *list, const struct line *line)
{
    char is[INCIDENT_WORD_SIZE];
    int64_t number = 0;
    if (line_integer(line, "incident", &number) || number <= 0 ||
        number > UINT32_MAX) {
        return;
    }
    struct incident_entry *entry = lookup(list, (uint32_t)number);
    line_text(line, "false", is, sizeof is);
    if (entry) {
        (void)snprintf(entry->mark, sizeof entry->mark, "%s",
                       !strcmp(is, "known") ? "known-person"
                       : is[0]              ? "false-alarm"
                                            : "acknowledged");
    }
}

enum sting_status incident_list_take(struct incident_list *list,
                                     const struct line *line)
{
    bool is_alert = !strcmp(line->kind->name, "alert");
    int64_t number = 0;
    if (!strcmp(line->kind->name, "ack")) {
        mark_take(list, line);
        return STING_OK;
    }
    if (!is_alert && strcmp(line->kind->name, "incident") != 0) {
        return STING_OK;
    }
    if (line_integer(line, is_alert ? "incident" : "n", &number) ||
        number <= 0 || number > UINT32_MAX) {
        return STING_OK; /* conditions have number 0 */
    }
    struct incident_entry *entry = lookup(list, (uint32_t)number);
    if (is_alert) {
        char state[INCIDENT_WORD_SIZE];
        line_text(line, "state", state, sizeof state);
        if (entry && (!strcmp(state, "shown") || !strcmp(state, "delivered"))) {
            entry->alerts++;
        }
        return STING_OK;
    }
    enum sting_status status =
        entry ? STING_OK : add(list, (uint32_t)number, line->seq, &entry);
    if (!status) {
        entry_take(entry, line);
    }
    return status;
}

enum sting_status incident_list_read(int operation, struct incident_list *out,
                                     struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct incident_list list = {0};
    enum sting_status status = ledger_reader_open(operation, &reader, fault);
    if (status) {
        return status;
    }
    while (status != STING_E_ABSENT) {
        struct line line;
        status = ledger_reader_next(reader, &line);
        bool is_read = status == STING_OK;
        if (is_read) {
            status = incident_list_take(&list, &line);
        }
        if (status == STING_E_IO || status == STING_E_NOMEM) {
            incident_list_release(&list);
            return status;
        }
    }
    *out = list;
    return STING_OK;
}
