/* V6 and V9: does every line lie in its epoch, by both clocks? The order is
 * that of the lines; the wall clock may do what it wants, if that is told. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/verify_state.h"

/* The writer tells a jump of half a second. A time daemon may slow the clock
 * down or speed it up by less than a tenth. */
#define JUMP_US 1000000
#define SLEW_PART 10

static struct verify_boot *boot_row(struct verify_run *run,
                                    const struct line *line)
{
    for (size_t i = 0; i < run->boots; i++) {
        size_t at = (run->boot_newest + VERIFY_MOST_BOOTS - i) %
                    VERIFY_MOST_BOOTS; /* the newest first */
        if (!strcmp(run->boot_seen[at].id, line->boot)) {
            return &run->boot_seen[at];
        }
    }
    return NULL;
}

static struct verify_boot *boot_add(struct verify_run *run,
                                    const struct line *line)
{
    run->boot_newest = (run->boot_newest + 1) % VERIFY_MOST_BOOTS;
    run->boots += run->boots < VERIFY_MOST_BOOTS;
    struct verify_boot *row = &run->boot_seen[run->boot_newest];
    *row = (struct verify_boot){.boot_us = line->at.boot_us};
    memcpy(row->id, line->boot, sizeof row->id);
    return row;
}

/* V9, and no old line under a newer key: by the boot clock no line is older
 * than the one before, and only a session begins another boot. */
static void judge_boot(struct verify_run *run, const struct line *line,
                       bool is_session)
{
    bool is_other = strcmp(line->boot, run->boot) != 0;
    struct verify_boot *row = boot_row(run, line);
    if (is_other && !is_session && run->tree.leaves > 0) {
        verify_say(run, VERIFY_TAMPERED, line, "evidence/ledger",
                   "the line is of another start of the machine than its "
                   "session: it does not lie in its epoch");
    } else if (row && line->at.boot_us < row->boot_us) {
        verify_say(run, VERIFY_TAMPERED, line, "evidence/ledger",
                   "the line is older than the one before it: it does not "
                   "lie in its epoch");
    }
    row = row ? row : boot_add(run, line);
    row->boot_us = line->at.boot_us;
}

/* How far the wall clock went beyond the boot clock since the last line. */
static int64_t jump_of(const struct verify_run *run, const struct line *line)
{
    return line->at.utc_us - run->last.utc_us -
           (line->at.boot_us - run->last.boot_us);
}

static bool is_jump(const struct verify_run *run, const struct line *line,
                    int64_t us)
{
    int64_t passed_us = line->at.boot_us - run->last.boot_us;
    return llabs(us) > JUMP_US + llabs(passed_us) / SLEW_PART;
}

static void say_jump(struct verify_run *run, const struct line *line,
                     int64_t jump_us)
{
    verify_say(run, VERIFY_TAMPERED, line, "evidence/ledger",
               "by its time of day the line lies %.1f s %s its epoch, and no "
               "line tells of a step of the clock",
               (double)llabs(jump_us) / 1e6, jump_us < 0 ? "before" : "after");
}

/* ---- what the `clock` lines tell ---- */

static int64_t number_of(const struct line *line, const char *key)
{
    int64_t number = 0;
    return line_integer(line, key, &number) ? 0 : number;
}

static void clock_add(struct verify_run *run, const struct line *line,
                      int64_t step_us, int64_t slept_us)
{
    struct verify_report *report = run->report;
    struct verify_clock clock = {.seq = line->seq,
                                 .utc_us = line->at.utc_us,
                                 .step_us = step_us,
                                 .slept_us = slept_us};
    line_text(line, "state", clock.state, sizeof clock.state);
    line_text(line, "leap", clock.leap, sizeof clock.leap);
    if (report->said.clocks == VERIFY_MOST_CLOCKS) {
        report->said.clocks_more++;
    } else {
        report->clock[report->said.clocks++] = clock;
    }
}

/* Who kept the clock right, the last time that a line told. */
static void take_source(struct verify_run *run, const struct line *line)
{
    struct verify_report *report = run->report;
    if (!line_has(line, "source")) {
        return;
    }
    report->said.clock_at = line->seq;
    line_text(line, "source", report->said.clock_source,
              sizeof report->said.clock_source);
    if (line_integer(line, "error_us", &report->said.clock_error_us)) {
        report->said.clock_error_us = -1;
    }
}

/* A machine that sleeps records nothing. */
static void take_suspend(struct verify_run *run, const struct line *line)
{
    int64_t slept_us = number_of(line, "slept_us");
    struct verify_gap gap = {.seq = line->seq,
                             .cause = "suspend",
                             .from_us = line->at.utc_us - slept_us,
                             .to_us = line->at.utc_us};
    clock_add(run, line, 0, slept_us);
    if (run->cameras > 0) {
        verify_gap_add(run, &gap);
    }
}

static bool says(const struct line *line, const char *state)
{
    return bytes_equal(line_raw(line, "state"), bytes_of_text(state));
}

static void take_clock(struct verify_run *run, const struct line *line)
{
    bool is_start = says(line, "start");
    bool is_step = says(line, "step") || says(line, "back");
    int64_t jump_us = jump_of(run, line);
    take_source(run, line);
    if (is_step) {
        clock_add(run, line, number_of(line, "step_us"), 0);
        run->owes_clock = false;
        for (size_t i = 0; i < run->cameras; i++) {
            run->camera[i].end_utc_us +=
                run->camera[i].end_utc_us ? jump_us : 0;
            run->camera[i].is_stepped = true;
        }
    } else if (says(line, "suspend")) {
        take_suspend(run, line);
    }
    if (run->tells_clock && !is_step && is_jump(run, line, jump_us)) {
        say_jump(run, line, jump_us);
    }
    run->tells_clock = run->tells_clock || is_start;
}

/* ---- V6: the time of day ---- */

/* A session may begin at any time; where its clock is behind the line
 * before, its `clock` line comes next. */
static void take_session(struct verify_run *run, const struct line *line)
{
    run->tells_clock = false;
    run->owes_clock =
        run->tree.leaves > 0 && line->at.utc_us < run->last.utc_us;
}

static void judge_day(struct verify_run *run, const struct line *line)
{
    bool is_step = line->at.boot_us >= run->last.boot_us &&
                   is_jump(run, line, jump_of(run, line));
    if (run->owes_clock) {
        verify_say(run, VERIFY_TAMPERED, line, "evidence/ledger",
                   "the time of day went back with this session, and no line "
                   "tells of it");
    } else if (run->tells_clock && is_step && !run->is_closed) {
        say_jump(run, line, jump_of(run, line));
    }
    run->owes_clock = false;
}

void verify_clocks(struct verify_run *run, const struct line *line)
{
    bool is_session = !strcmp(line->kind->name, "session");
    judge_boot(run, line, is_session);
    if (is_session) {
        take_session(run, line);
    } else if (!strcmp(line->kind->name, "clock")) {
        take_clock(run, line);
    } else {
        judge_day(run, line);
    }
    memcpy(run->boot, line->boot, sizeof run->boot);
    run->last = line->at;
}
