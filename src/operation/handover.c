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
#define SHOWS_SIZE 400 /* of a picture's copies, as numbers */
#define STATES (sizeof state_text / sizeof *state_text)

const char *handover_text(enum handover_state state)
{
    return state_text[state];
}

void handover_list_release(struct handover_list *list)
{
    free(list->handover);
    free(list->swap);
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

static enum sting_status swap_take(struct handover_list *list,
                                   const struct handover_swap *told)
{
    struct handover *shown = entry_of(list, told->shows);
    struct handover_swap *swap =
        array_add(&list->swap, &list->swaps, sizeof *list->swap);
    if (!shown || !swap) {
        return STING_E_NOMEM;
    }
    shown->shown++;
    *swap = *told;
    return STING_OK;
}

/* The next of "1,22,303", and what is left; 0: none. */
static uint32_t number_next(const char **text)
{
    char *end = NULL;
    unsigned long number = strtoul(*text, &end, 10);
    *text = *end == ',' ? end + 1 : end;
    return number > UINT32_MAX ? 0 : (uint32_t)number;
}

/* Which copies a photograph shows that was refused as one of this copy. */
static enum sting_status swaps_take(struct handover_list *list,
                                    const struct line *line, uint32_t copy)
{
    char text[SHOWS_SIZE];
    struct handover_swap swap = {.given_for = copy,
                                 .at_utc_us = line->at.utc_us};
    enum sting_status status = STING_OK;
    line_text(line, "shows", text, sizeof text);
    for (const char *at = text; *at && (swap.shows = number_next(&at)) > 0;) {
        swap.is_beside |= swap.shows == copy;
    }
    for (const char *at = text;
         !status && *at && (swap.shows = number_next(&at)) > 0;) {
        status = swap.shows == copy ? STING_OK : swap_take(list, &swap);
    }
    return status;
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
        line_integer(line, "copy", &copy) || copy < 0 || copy > UINT32_MAX) {
        return STING_OK;
    }
    if (copy == 0) { /* its holder has none */
        return state == HANDOVER_REFUSED ? swaps_take(list, line, 0) : STING_OK;
    }
    struct handover *entry = entry_of(list, (uint32_t)copy);
    if (!entry) {
        return STING_E_NOMEM;
    }
    if (state == HANDOVER_REFUSED) {
        entry->refused++;
        return swaps_take(list, line, (uint32_t)copy);
    }
    if (state == HANDOVER_VERIFIED || state > (size_t)entry->state) {
        entry->blob_utc_us = line->at.utc_us;
        entry->blob = (struct digest){{0}};
        (void)!line_hex(line, "blob", entry->blob.byte, DIGEST_SIZE);
    }
    if (state > (size_t)entry->state) {
        entry->state = (enum handover_state)state;
        entry->at_utc_us = line->at.utc_us;
        entry->traced_utc_us = 0;
        (void)!line_time(line, "traced", &entry->traced_utc_us);
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
    char traced[LINE_TIME_SIZE];
    char shows[SHOWS_SIZE] = "";
    size_t used = 0;
    for (size_t i = 0; i < note->shown && used + 12 < sizeof shows; i++) {
        used += (size_t)snprintf(shows + used, sizeof shows - used, "%s%u",
                                 i ? "," : "", note->shows[i]);
    }
    snprintf(copy, sizeof copy, "%u", note->copy);
    const struct line_field field[] = {
        {"bait", note->bait},
        {"copy", copy},
        {"state", handover_text(note->state)},
        {"shows", shows[0] ? shows : NULL},
        {"traced", note->traced_utc_us > 0
                       ? line_time_text(note->traced_utc_us, traced)
                       : NULL},
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
