#include "operation/handover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "ledger/line.h"
#include "ledger/reader.h"

static const char *const state_text[] = {"none", "claimed", "receipt",
                                         "verified", "refused"};
#define MOST_BYTES ((size_t)9 * 1024 * 1024)
#define STATES (sizeof state_text / sizeof *state_text)

const char *handover_text(enum handover_state state)
{
    return state_text[state];
}

const char *handover_words(const struct handover *handover,
                           char text[HANDOVER_TEXT_SIZE])
{
    char when[CLOCK_TEXT_SIZE];
    if (handover->state == HANDOVER_NONE) {
        return handover_text(HANDOVER_NONE);
    }
    clock_text(handover->at_utc_us, when);
    snprintf(text, HANDOVER_TEXT_SIZE, "%s, in the ledger since %.10s %.5s UTC",
             handover_text(handover->state), when, when + 11);
    return text;
}

void handover_add(struct json *json, struct handover handover)
{
    json_add_text(json, "handover", handover_text(handover.state));
    if (handover.state == HANDOVER_NONE) {
        json_add_null(json, "handover_at");
    } else {
        json_add_time(json, "handover_at", handover.at_utc_us);
    }
}

void handover_list_release(struct handover_list *list)
{
    free(list->handover);
    *list = (struct handover_list){0};
}

static size_t place_of(const struct handover_list *list, uint32_t copy)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (list->handover[middle].copy < copy) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct handover handover_find(const struct handover_list *list, uint32_t copy)
{
    size_t at = place_of(list, copy);
    return at < list->count && list->handover[at].copy == copy
               ? list->handover[at]
               : (struct handover){.copy = copy};
}

/* The entry of a copy, made when there is none; NULL without memory. */
static struct handover *entry_of(struct handover_list *list, uint32_t copy)
{
    size_t at = place_of(list, copy);
    if (at < list->count && list->handover[at].copy == copy) {
        return &list->handover[at];
    }
    if (!array_add(&list->handover, &list->count, sizeof *list->handover)) {
        return NULL;
    }
    memmove(&list->handover[at + 1], &list->handover[at],
            (list->count - 1 - at) * sizeof *list->handover);
    list->handover[at] = (struct handover){.copy = copy};
    return &list->handover[at];
}

enum sting_status handover_list_take(struct handover_list *list,
                                     const struct line *line)
{
    int64_t copy = 0;
    char word[16];
    size_t state = 0;
    line_text(line, "state", word, sizeof word);
    while (state < STATES && strcmp(word, state_text[state]) != 0) {
        state++;
    }
    if (strcmp(line->kind->name, "handover") != 0 || state == STATES ||
        line_integer(line, "copy", &copy) || copy < 1 || copy > UINT32_MAX) {
        return STING_OK;
    }
    struct handover *entry = entry_of(list, (uint32_t)copy);
    if (!entry) {
        return STING_E_NOMEM;
    }
    entry->refused += state == HANDOVER_REFUSED;
    if (state != HANDOVER_REFUSED && state > (size_t)entry->state) {
        entry->state = (enum handover_state)state;
        entry->at_utc_us = line->at.utc_us;
        entry->blob = (struct digest){{0}};
        (void)!line_hex(line, "blob", entry->blob.byte, DIGEST_SIZE);
    }
    return STING_OK;
}

enum sting_status handover_load(const struct operation *operation,
                                struct handover_list *out, struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct handover_list list STING_AUTO(handover_list_release) = {0};
    struct line line;
    enum sting_status status =
        ledger_reader_open_signed(operation_dir(operation), &reader, fault);
    while (!status && !(status = ledger_reader_next_known(reader, &line))) {
        status = handover_list_take(&list, &line);
    }
    if (!reader || status != STING_E_ABSENT) {
        return status;
    }
    *out = list;
    list = (struct handover_list){0};
    return STING_OK;
}

static bool is_refusal(const struct line *line, struct digest picture)
{
    struct digest offered;
    return !strcmp(line->kind->name, "handover") &&
           bytes_equal(line_raw(line, "state"),
                       bytes_of_text(handover_text(HANDOVER_REFUSED))) &&
           !line_hex(line, "question", offered.byte, DIGEST_SIZE) &&
           digest_equal(offered, picture);
}

enum sting_status handover_refused(const struct operation *operation,
                                   struct digest picture, int64_t *at_us,
                                   struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    enum sting_status status =
        ledger_reader_open(operation_dir(operation), &reader, fault);
    *at_us = 0;
    while (!status && !(status = ledger_reader_next_known(reader, &line))) {
        if (is_refusal(&line, picture)) {
            *at_us = line.at.utc_us;
            return STING_OK;
        }
    }
    return reader && status == STING_E_ABSENT ? STING_OK : status;
}

enum sting_status handover_read(const struct operation *operation,
                                const struct operation_keys *keys,
                                const struct handover *handover,
                                struct buffer *out, struct fault *fault)
{
    char path[120];
    char hex[DIGEST_TEXT_SIZE];
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    if (digest_equal(handover->blob, (struct digest){{0}})) {
        return STING_E_ABSENT;
    }
    snprintf(path, sizeof path, "evidence/blobs/%s.age",
             digest_text(handover->blob, hex));
    enum sting_status status =
        file_read(operation_dir(operation), path, MOST_BYTES, &sealed, fault);
    return status ? status
                  : operation_unseal(keys, path, buffer_bytes(&sealed), out,
                                     fault);
}

enum sting_status handover_write(struct writer *writer,
                                 const struct handover_note *note,
                                 struct fault *fault)
{
    char copy[12];
    char picture[DIGEST_TEXT_SIZE];
    snprintf(copy, sizeof copy, "%u", note->copy);
    const struct line_field field[] = {
        {"bait", note->bait},
        {"copy", copy},
        {"state", handover_text(note->state)},
        {"by", note->by},
        {"question",
         note->picture ? digest_text(*note->picture, picture) : NULL},
    };
    const size_t fields = sizeof field / sizeof *field;
    return note->plain.size > 0
               ? writer_sealed_line(writer, "handover", field, fields,
                                    note->plain, fault)
               : writer_line(writer, "handover", field, fields, NULL, fault);
}
