#include "operation/incident_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
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

uint64_t incident_list_bit(const struct incident_list *list, const char *camera)
{
    for (size_t c = 0; c < list->cameras; c++) {
        if (!strcmp(list->camera[c], camera)) {
            return UINT64_C(1) << c;
        }
    }
    return 0;
}

bool incident_list_is_by(const struct incident_list *list,
                         const struct incident_entry *entry, const char *camera)
{
    uint64_t bit = incident_list_bit(list, camera);
    return bit ? (entry->seen_by | entry->touched_by | entry->named_by) & bit
               : list->cameras == CONFIG_MOST_CAMERAS;
}

/* The same of a name that may be new; beyond the array 0. */
static uint64_t bit_of(struct incident_list *list, const char *camera)
{
    uint64_t bit = incident_list_bit(list, camera);
    if (bit == 0 && list->cameras < CONFIG_MOST_CAMERAS) {
        bit = UINT64_C(1) << list->cameras;
        (void)snprintf(list->camera[list->cameras++], CONFIG_NAME_SIZE, "%s",
                       camera);
    }
    return bit;
}

static uint64_t camera_bit(struct incident_list *list, const struct line *line)
{
    char camera[CONFIG_NAME_SIZE];
    return bit_of(list, line_text(line, "camera", camera, sizeof camera));
}

/* Cameras that give pictures, without those that are covered. */
static uint64_t watching(const struct incident_list *list)
{
    uint64_t bits = list->watching;
    for (size_t i = 0; i < list->cover.cameras; i++) {
        bits &= ~incident_list_bit(list, list->cover.camera[i].name);
    }
    return bits;
}

static enum sting_status add(struct incident_list *list, uint32_t number,
                             uint64_t seq, struct incident_entry **out)
{
    *out = array_add(&list->entry, &list->count, sizeof **out);
    if (!*out) {
        return STING_E_NOMEM;
    }
    **out = (struct incident_entry){.seq = seq,
                                    .number = number,
                                    .watching = watching(list),
                                    .dim = list->dim};
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

/* Names with commas between; "*" is any. */
static uint64_t cameras_take(struct incident_list *list,
                             const struct line *line, const char *key)
{
    char names[CONFIG_MOST_CAMERAS * CONFIG_NAME_SIZE];
    char *rest = line_text(line, key, names, sizeof names);
    uint64_t bits = 0;
    for (char *at; (at = strsep(&rest, ",")) && *at;) {
        bits |= strcmp(at, "*") == 0 ? UINT64_MAX : bit_of(list, at);
    }
    return bits;
}

/* 0 without the key. */
static double measure(const struct line *line, const char *key)
{
    char text[24];
    return strtod(line_text(line, key, text, sizeof text), NULL);
}

/* What could be seen there, as of a line of what happened: its four keys, and
 * none of an earlier line, which may be of another zone. */
static void could_see_take(struct incident_entry *entry,
                           const struct line *line)
{
    struct incident_sight sight = {.is_known = line_has(line, "sight") &&
                                               line_has(line, "size"),
                                   .contrast = measure(line, "sight"),
                                   .size = measure(line, "size"),
                                   .px_m = measure(line, "px_m")};
    line_text(line, "class", sight.class, sizeof sight.class);
    entry->sight = sight;
    entry->sight_us = sight.is_known || sight.px_m > 0 ? line->at.utc_us : 0;
}

static void entry_take(struct incident_list *list, struct incident_entry *entry,
                       const struct line *line)
{
    char state[INCIDENT_WORD_SIZE];
    int64_t at_us = 0;
    bool was_touch = !strcmp(entry->tier, "touch");
    line_text(line, "state", state, sizeof state);
    if (line_has(line, "camera")) {
        entry->named_by |= camera_bit(list, line);
    }
    if (!strcmp(state, "blinded") || !strcmp(state, "regained")) {
        return; /* of a camera there, not of what it is named after */
    }
    text_take(line, "camera", entry->camera, sizeof entry->camera);
    text_take(line, "zone", entry->zone, sizeof entry->zone);
    text_take(line, "bait", entry->bait, sizeof entry->bait);
    text_take(line, "kind", entry->kind, sizeof entry->kind);
    text_take(line, "tier", entry->tier, sizeof entry->tier);
    if (!line_time(line, "start", &at_us)) {
        entry->start_us = at_us;
    }
    if (!entry->team_us && !line_time(line, "team", &at_us)) {
        entry->team_us = at_us;
        text_take(line, "who", entry->team, sizeof entry->team);
    }
    if (!was_touch && !strcmp(entry->tier, "touch")) {
        entry->raised_us = line->at.utc_us;
    }
    if (!strcmp(state, "closed")) {
        entry->is_cut = false;
        entry->end_us = line->at.utc_us;
        if (!line_time(line, "end", &at_us)) {
            entry->end_us = at_us;
        }
        entry->unseen = cameras_take(list, line, "unseen");
    } else if (strcmp(state, "team") != 0) {
        could_see_take(entry, line);
    }
}

static void first_take(int64_t *at_us, const struct line *line)
{
    *at_us = *at_us ? *at_us : line->at.utc_us;
}

/* What people say that an incident was. */
static void ack_take(struct incident_list *list, struct incident_entry *entry,
                     const struct line *line)
{
    (void)list;
    char is[INCIDENT_WORD_SIZE];
    line_text(line, "false", is, sizeof is);
    (void)snprintf(entry->mark, sizeof entry->mark, "%s",
                   !strcmp(is, "known") ? "known-person"
                   : is[0]              ? "false-alarm"
                                        : "acknowledged");
    first_take(&entry->ack_us, line);
}

static void alert_take(struct incident_list *list, struct incident_entry *entry,
                       const struct line *line)
{
    (void)list;
    char state[INCIDENT_WORD_SIZE];
    line_text(line, "state", state, sizeof state);
    if (!strcmp(state, "shown")) {
        first_take(&entry->shown_us, line);
        entry->alerts++;
    } else if (!strcmp(state, "delivered")) {
        first_take(&entry->delivered_us, line);
        entry->alerts++;
    }
}

static bool is_state(const struct line *line, const char *state)
{
    return bytes_equal(line_raw(line, "state"), bytes_of_text(state));
}

static void set_bit(uint64_t *bits, uint64_t bit, bool is_set)
{
    *bits = is_set ? *bits | bit : *bits & ~bit;
}

/* Which cameras give pictures, and which of them see badly. */
static void cameras_end(struct incident_list *list, const struct line *line)
{
    (void)line;
    list->watching = list->dim = 0;
}

/* What goes on when a session begins was cut off with the one before. */
static void session_take(struct incident_list *list, const struct line *line)
{
    cameras_end(list, line);
    for (size_t i = 0; i < list->count; i++) {
        struct incident_entry *entry = &list->entry[i];
        if (!entry->end_us) {
            entry->is_cut = true;
            entry->end_us = list->last_us > entry->start_us ? list->last_us
                                                            : entry->start_us;
        }
    }
}

static void camera_take(struct incident_list *list, const struct line *line)
{
    if (!is_state(line, "remark")) {
        set_bit(&list->watching, camera_bit(list, line), is_state(line, "on"));
    }
}

static void sight_take(struct incident_list *list, const struct line *line)
{
    if (!line_has(line, "zone")) {
        set_bit(&list->dim, camera_bit(list, line), !is_state(line, "good"));
    }
}

/* Walk tests name what they were told as. */
static void walk_take(struct incident_list *list, const struct line *line)
{
    char type[INCIDENT_WORD_SIZE];
    char numbers[256];
    char *rest = line_text(line, "incidents", numbers, sizeof numbers);
    if (strcmp(line_text(line, "type", type, sizeof type), "walk") != 0) {
        return;
    }
    for (char *at; (at = strsep(&rest, ","));) {
        struct incident_entry *entry =
            lookup(list, (uint32_t)strtoul(at, NULL, 10));
        if (entry) {
            entry->is_walk = true;
        }
    }
}

/* Page watch is a sensor of its own; a flash or a screen is no touch. */
static void page_take(struct incident_list *list, struct incident_entry *entry,
                      const struct line *line)
{
    static const char *const touch[] = {"lifted", "moved", "turned", "changed",
                                        "gone"};
    for (size_t i = 0; i < sizeof touch / sizeof *touch; i++) {
        if (is_state(line, touch[i])) {
            entry->touched_by |= camera_bit(list, line);
        }
    }
}

static void go_take(struct incident_list *list, struct incident_entry *entry,
                    const struct line *line)
{
    (void)list;
    char state[INCIDENT_WORD_SIZE];
    if (!entry->team_us &&
        !strcmp(line_text(line, "state", state, sizeof state), "in")) {
        entry->team_us = line->at.utc_us;
        line_text(line, "who", entry->team, sizeof entry->team);
    }
}

/* What is said of an incident by lines of other kinds; of one that there is
 * not, nothing. */
static const struct {
    const char *kind;
    void (*take)(struct incident_list *list, struct incident_entry *entry,
                 const struct line *line);
} answer[] = {{"ack", ack_take},
              {"alert", alert_take},
              {"go", go_take},
              {"page", page_take}};

/* Lines that are about no incident, or about several. */
static const struct {
    const char *kind;
    void (*take)(struct incident_list *list, const struct line *line);
} other[] = {{"session", session_take},
             {"stop", cameras_end},
             {"camera", camera_take},
             {"sight", sight_take},
             {"drill", walk_take}};

static bool number_read(const struct line *line, const char *key, uint32_t *out)
{
    int64_t number = 0;
    bool is_one = !line_integer(line, key, &number) && number > 0 &&
                  number <= UINT32_MAX; /* conditions have number 0 */
    *out = is_one ? (uint32_t)number : 0;
    return is_one;
}

/* Is the line of a kind that says something of an incident? */
static bool answer_take(struct incident_list *list, const struct line *line)
{
    uint32_t number = 0;
    for (size_t i = 0; i < sizeof answer / sizeof *answer; i++) {
        if (!strcmp(line->kind->name, answer[i].kind)) {
            struct incident_entry *of = number_read(line, "incident", &number)
                                            ? lookup(list, number)
                                            : NULL;
            if (of) {
                answer[i].take(list, of, line);
            }
            return true;
        }
    }
    return false;
}

static bool other_take(struct incident_list *list, const struct line *line)
{
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        if (!strcmp(line->kind->name, other[i].kind)) {
            other[i].take(list, line);
            return true;
        }
    }
    return false;
}

static enum sting_status line_take(struct incident_list *list,
                                   const struct line *line)
{
    uint32_t number = 0;
    if (answer_take(list, line) || other_take(list, line) ||
        strcmp(line->kind->name, "incident") != 0 ||
        !number_read(line, "n", &number)) {
        return STING_OK;
    }
    struct incident_entry *entry = lookup(list, number);
    enum sting_status status =
        entry ? STING_OK : add(list, number, line->seq, &entry);
    if (!status) {
        entry_take(list, entry, line);
        entry->has_cameras = entry->has_cameras || line_has(line, "cameras");
        entry->seen_by |= cameras_take(list, line, "cameras");
    }
    return status;
}

enum sting_status incident_list_take(struct incident_list *list,
                                     const struct line *line)
{
    cover_take(&list->cover, line);
    enum sting_status status = line_take(list, line);
    list->last_us = line->at.utc_us;
    return status;
}

enum sting_status incident_list_read(int operation, struct incident_list *out,
                                     struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct incident_list list STING_AUTO(incident_list_release) = {0};
    struct line line;
    enum sting_status status =
        ledger_reader_open_signed(operation, &reader, fault);
    while (!status && !(status = ledger_reader_next_known(reader, &line))) {
        status = incident_list_take(&list, &line);
    }
    if (!reader || status != STING_E_ABSENT) {
        return status;
    }
    *out = list;
    list = (struct incident_list){0};
    return STING_OK;
}
