#include "ledger/verify_erased.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "ledger/verify_state.h"

#define AROUND_US INT64_C(60000000) /* of an incident is kept by retention */
#define MOST_LONG_US INT64_C(86400000000) /* no recording is longer */
#define NEXT_US 1100000 /* apart, and recordings are one stretch */

/* As the lines up to here tell it. */
struct verify_incident {
    uint32_t number; /* 0: none is here */
    bool is_closed;
    char camera[LEDGER_CAMERA_SIZE]; /* of its last line */
    uint64_t by; /* bit w: run->witness[w] saw it, or could not any more */
    int64_t start_us;
    int64_t end_us; /* of one that is open: its last line */
};

/* ---- what lines tell ---- */

/* A greater number takes the place of a lesser one, never the other way round.
 * Fails: E_ABSENT when it has none, E_NOMEM. */
static enum sting_status incident_row(struct verify_run *run, uint32_t number,
                                      struct verify_incident **out)
{
    size_t place = number % VERIFY_MOST_INCIDENTS;
    if (!run->incident) {
        run->incident = calloc(VERIFY_MOST_INCIDENTS, sizeof *run->incident);
    }
    if (!run->incident) {
        return STING_E_NOMEM;
    }
    struct verify_incident *row = &run->incident[place];
    if (row->number > number) {
        return STING_E_ABSENT;
    }
    if (row->number != number) {
        *row = (struct verify_incident){.number = number};
    }
    run->incidents = place < run->incidents ? run->incidents : place + 1;
    *out = row;
    return STING_OK;
}

/* 0 of one that no incident names. */
static uint64_t witness_bit(const struct verify_run *run, const char *camera)
{
    for (size_t w = 0; w < run->witnesses; w++) {
        if (!strcmp(run->witness[w], camera)) {
            return UINT64_C(1) << w;
        }
    }
    return 0;
}

static void witness_add(struct verify_run *run, struct verify_incident *row,
                        const char *camera)
{
    uint64_t bit = witness_bit(run, camera);
    if (bit == 0 && run->witnesses < VERIFY_MOST_WITNESSES) {
        bit = UINT64_C(1) << run->witnesses;
        (void)snprintf(run->witness[run->witnesses++], LEDGER_CAMERA_SIZE,
                       "%.64s", camera);
    }
    row->by |= bit;
}

/* The line's own camera, and those that saw somebody so far. */
static void witnesses_take(struct verify_run *run, struct verify_incident *row,
                           const struct line *line)
{
    char names[VERIFY_MOST_WITNESSES * LEDGER_CAMERA_SIZE];
    char *rest = line_text(line, "cameras", names, sizeof names);
    for (char *at; (at = strsep(&rest, ",")) && *at;) {
        witness_add(run, row, at);
    }
    if (line_has(line, "camera")) {
        line_text(line, "camera", row->camera, sizeof row->camera);
        witness_add(run, row, row->camera);
    }
}

static bool is_state(const struct line *line, const char *state)
{
    return bytes_equal(line_raw(line, "state"), bytes_of_text(state));
}

/* A camera that was covered, gone or sees again has a begin of its own. */
static void times_take(struct verify_incident *row, const struct line *line)
{
    int64_t at_us = line->at.utc_us;
    bool is_first = row->start_us == 0;
    bool is_of_camera = is_state(line, "blinded") || is_state(line, "regained");
    if ((is_first || !is_of_camera) &&
        line_time(line, "start", &row->start_us) && is_first) {
        row->start_us = at_us;
    }
    if (is_state(line, "closed")) {
        row->is_closed = true;
        row->end_us = line_time(line, "end", &at_us) ? line->at.utc_us : at_us;
    } else if (!row->is_closed) {
        row->end_us = at_us > row->start_us ? at_us : row->start_us;
    }
}

/* Conditions have number 0. What nobody signed in time says nothing. */
enum sting_status verify_incident_take(struct verify_run *run,
                                       const struct line *line)
{
    int64_t number = 0;
    if (line_integer(line, "n", &number) || number <= 0 ||
        number > UINT32_MAX || verify_is_void(run, line)) {
        return STING_OK;
    }
    struct verify_incident *row = NULL;
    enum sting_status status = incident_row(run, (uint32_t)number, &row);
    if (status) {
        return status == STING_E_ABSENT ? STING_OK : status;
    }
    witnesses_take(run, row, line);
    times_take(row, line);
    return STING_OK;
}

enum sting_status verify_stretch_add(struct verify_run *run,
                                     struct verify_missing *row,
                                     const struct line *line)
{
    int64_t from_us = 0, length_us = 0;
    if (line_time(line, "t0", &from_us) ||
        line_integer(line, "us", &length_us) || length_us < 0 ||
        length_us > MOST_LONG_US) {
        return STING_OK; /* an init; nothing is to be seen in it */
    }
    struct verify_stretch *last =
        row->stretches ? &row->stretch[row->stretches - 1] : NULL;
    if (last && from_us >= last->from_us && from_us <= last->to_us + NEXT_US) {
        int64_t to_us = from_us + length_us;
        last->to_us = to_us > last->to_us ? to_us : last->to_us;
        return STING_OK;
    }
    if (run->stretches == VERIFY_MOST_STRETCHES) {
        run->report->gone.unheld++;
        return STING_OK;
    }
    struct verify_stretch *one =
        array_add(&row->stretch, &row->stretches, sizeof *row->stretch);
    if (!one) {
        return STING_E_NOMEM;
    }
    *one = (struct verify_stretch){from_us, from_us + length_us};
    run->stretches++;
    return STING_OK;
}

void verify_stretches_release(struct verify_run *run,
                              struct verify_missing *row)
{
    run->stretches -= row->stretches;
    free(row->stretch);
    row->stretch = NULL;
    row->stretches = 0;
}

static struct verify_erasure erasure_read(const struct line *line)
{
    struct verify_erasure one = {
        .seq = line->seq, .utc_us = line->at.utc_us, .count = -1, .bytes = -1};
    line_text(line, "camera", one.camera, sizeof one.camera);
    line_text(line, "date", one.date, sizeof one.date);
    line_text(line, "by", one.by, sizeof one.by);
    line_text(line, "why", one.why, sizeof one.why);
    one.count = line_integer(line, "count", &one.count) ? -1 : one.count;
    one.bytes = line_integer(line, "bytes", &one.bytes) ? -1 : one.bytes;
    return one;
}

void verify_erasure_take(struct verify_run *run, const struct line *line)
{
    struct verify_gone *gone = &run->report->gone;
    if (gone->erasures == VERIFY_MOST_ERASURES) {
        memmove(gone->erasure, gone->erasure + 1,
                (VERIFY_MOST_ERASURES - 1) * sizeof *gone->erasure);
        gone->erasures--;
        gone->erasures_more++;
    }
    gone->erasure[gone->erasures++] = erasure_read(line);
}

/* ---- does an incident lie in what is gone? ---- */

static void held_take(struct verify_held *held,
                      const struct verify_stretch *stretch)
{
    if (held->from_us == 0 || stretch->from_us < held->from_us) {
        held->from_us = stretch->from_us;
    }
    held->to_us = stretch->to_us > held->to_us ? stretch->to_us : held->to_us;
}

/* The stretch of an incident is what retention keeps (retention.h). */
static bool is_in(const struct verify_incident *one, uint64_t witness,
                  const struct verify_missing *row, struct verify_held *held)
{
    bool any = false;
    bool is_by = (one->by & witness) || !strcmp(one->camera, row->camera);
    if (one->number == 0 || !is_by) {
        return false;
    }
    for (size_t i = 0; i < row->stretches; i++) {
        const struct verify_stretch *stretch = &row->stretch[i];
        if (stretch->to_us > one->start_us - AROUND_US &&
            stretch->from_us < one->end_us + AROUND_US) {
            held_take(held, stretch);
            any = true;
        }
    }
    return any;
}

/* Deletion may be lawful, by a judge's order or after a close: a gap that is
 * told, no tampering. */
static void held_say(struct verify_run *run, const struct line *line,
                     const struct verify_held *held)
{
    char from[CLOCK_TEXT_SIZE], to[CLOCK_TEXT_SIZE], which[VERIFY_HELD_SIZE];
    verify_say(run, VERIFY_GAPS, line, "",
               "recordings of camera %s of %s to %s were erased although %s in "
               "them",
               held->last.camera, clock_text(held->from_us, from),
               clock_text(held->to_us, to), verify_held_words(held, which));
}

void verify_erased_judge(struct verify_run *run, const struct line *line,
                         const struct verify_missing *row)
{
    struct verify_gone *gone = &run->report->gone;
    struct verify_held held = {.last = erasure_read(line),
                               .lines = row->tellers};
    const uint64_t witness = witness_bit(run, row->camera);
    for (size_t i = 0; i < run->incidents; i++) {
        if (is_in(&run->incident[i], witness, row, &held) &&
            held.incidents++ < VERIFY_MOST_NUMBERS) {
            held.incident[held.incidents - 1] = run->incident[i].number;
        }
    }
    if (held.incidents == 0) {
        return;
    }
    memcpy(held.last.camera, row->camera, sizeof held.last.camera);
    held_say(run, line, &held);
    if (gone->helds == VERIFY_MOST_HELD) {
        gone->helds_more++;
    } else {
        gone->held[gone->helds++] = held;
    }
}
