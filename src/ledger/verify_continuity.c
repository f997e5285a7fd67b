/* V9 and V11: do the recordings follow each other, and was one used twice? */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/recording_name.h"
#include "ledger/verify_state.h"

#define HOLE_US 100000
#define ARRIVAL_US 1000000 /* across streams, only our clock tells */
#define LAG_US 2000000     /* a crash may take so much without a word */
#define RESUME_US 20000000 /* until a keyframe, where recording goes on */

struct verify_camera *verify_camera_row(struct verify_run *run,
                                        const struct line *line)
{
    char name[LEDGER_CAMERA_SIZE];
    line_text(line, "camera", name, sizeof name);
    for (size_t i = 0; i < run->cameras; i++) {
        if (!strcmp(run->camera[i].name, name)) {
            return &run->camera[i];
        }
    }
    int most =
        verify_is_void(run, line) ? LEDGER_MOST_STRANGERS : LEDGER_MOST_CAMERAS;
    if (run->cameras >= (size_t)most) {
        verify_say(run, VERIFY_UNVERIFIABLE, line, "evidence/ledger",
                   "it names more than %d cameras: what is missing of this one "
                   "and of others cannot be told",
                   most);
        return NULL;
    }
    struct verify_camera *row = &run->camera[run->cameras++];
    *row = (struct verify_camera){.segment = -1, .init = -1, .head_n = -1};
    memcpy(row->name, name, sizeof name);
    return row;
}

/* Numbers only go up: a number used twice would hide a file behind another. */
static void check_number(struct verify_run *run, const struct line *line,
                         struct verify_camera *row, bool is_init)
{
    int64_t n = -1;
    int64_t part = -1;
    bool parted = !is_init && !line_integer(line, "part", &part);
    int64_t *last = is_init ? &row->init : &row->segment;
    bool higher = !line_integer(line, "n", &n) &&
                  (n > *last || (n == *last && parted && row->part >= 0 &&
                                 part > row->part));
    if (!higher) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the number of this recording was used before");
        return;
    }
    if (!recording_number_fits(n, *last + 1)) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the number of this recording leaves none for those that "
                   "follow");
        return;
    }
    *last = n;
    if (!is_init) {
        row->part = parted ? part : -1;
    }
}

static void say_unexplained(struct verify_run *run, const struct line *line,
                            const struct verify_camera *row, int64_t from_us,
                            int64_t to_us)
{
    struct verify_gap gap = {.seq = line->seq,
                             .cause = "unexplained",
                             .from_us = from_us,
                             .to_us = to_us};
    memcpy(gap.camera, row->name, sizeof gap.camera);
    verify_gap_add(run, &gap);
}

/* Do `gap` lines alone explain what is missing, up to where they say? */
static bool is_bounded(const struct verify_camera *row)
{
    return row->end_utc_us != 0 && row->is_explained && row->explained_to_us &&
           !row->is_stepped;
}

/* A hole between the end of the last recording and the start of this one. */
static void check_hole(struct verify_run *run, const struct line *line,
                       struct verify_camera *row)
{
    int64_t t0_us = 0;
    int64_t pts_us = 0;
    int64_t us = 0;
    if (line_time(line, "t0", &t0_us) || line_integer(line, "pts", &pts_us) ||
        line_integer(line, "us", &us) || us < 0) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the line lacks the times of its recording");
        return;
    }
    bool follows = row->end_utc_us != 0 && !row->is_explained;
    int64_t hole_us = row->is_new_clock ? t0_us - row->end_utc_us - ARRIVAL_US
                                        : pts_us - row->end_pts_us;
    if (follows && hole_us > HOLE_US) {
        say_unexplained(run, line, row, row->end_utc_us, t0_us);
    } else if (is_bounded(row) && t0_us - row->explained_to_us > RESUME_US) {
        say_unexplained(run, line, row, row->explained_to_us, t0_us);
    }
    row->end_pts_us = pts_us + us;
    row->end_utc_us = t0_us + us;
    row->is_explained = false;
    row->is_new_clock = false;
    row->is_stepped = false;
}

static void explain_row(struct verify_camera *row)
{
    row->is_explained = true;
    row->explained_to_us = 0;
    row->is_owed = false;
}

/* Lines that say why pictures may be missing, for one camera or for all. */
static void explain(struct verify_run *run, const struct line *line)
{
    struct verify_camera *row =
        line_has(line, "camera") ? verify_camera_row(run, line) : NULL;
    if (row) {
        explain_row(row);
        return;
    }
    for (size_t i = 0; i < run->cameras; i++) {
        explain_row(&run->camera[i]);
    }
}

/* ---- a session that was cut off ---- */

/* Until its crash is told, each camera that was recording owes a word. */
static void take_session(struct verify_run *run)
{
    run->is_cut = !run->has_stop;
    run->has_stop = false;
    for (size_t i = 0; i < run->cameras; i++) {
        struct verify_camera *row = &run->camera[i];
        row->is_owed = row->end_utc_us != 0 && !row->is_explained;
    }
}

/* The words come before anything ends again. */
static void settle_owed(struct verify_run *run, const struct line *line)
{
    for (size_t i = 0; i < run->cameras; i++) {
        struct verify_camera *row = &run->camera[i];
        if (row->is_owed) {
            say_unexplained(run, line, row, row->end_utc_us, line->at.utc_us);
            explain_row(row);
        }
    }
}

/* A crash explains what is missing from `from_us` on: a camera that ended
 * long before the others has lost more than that. */
static void check_lag(struct verify_run *run, const struct line *line,
                      const struct verify_camera *row, int64_t from_us)
{
    if (row->is_owed && !row->is_stepped && from_us > 0 &&
        from_us - row->end_utc_us > LAG_US) {
        say_unexplained(run, line, row, row->end_utc_us, from_us);
    }
}

static void take_crash(struct verify_run *run, const struct line *line,
                       const struct verify_gap *gap)
{
    for (size_t i = 0; i < run->cameras; i++) {
        const struct verify_camera *row = &run->camera[i];
        if (!gap->camera[0] || !strcmp(gap->camera, row->name)) {
            check_lag(run, line, row, gap->from_us);
        }
    }
    explain(run, line);
}

/* A line that tells from when to when pictures are missing explains that, and
 * not what is missing before or after it. */
static void take_stretch(struct verify_run *run, const struct line *line,
                         const struct verify_gap *gap)
{
    struct verify_camera *row = verify_camera_row(run, line);
    if (!row || (row->is_explained && !row->explained_to_us)) {
        return; /* another line explains it, up to whenever */
    }
    int64_t end_us = row->is_explained ? row->explained_to_us : row->end_utc_us;
    if (end_us && !row->is_stepped && gap->from_us - end_us > LAG_US) {
        say_unexplained(run, line, row, end_us, gap->from_us);
    }
    explain_row(row);
    row->explained_to_us = gap->to_us > end_us ? gap->to_us : end_us;
}

static void take_gap(struct verify_run *run, const struct line *line)
{
    struct verify_gap gap = {.seq = line->seq};
    line_text(line, "camera", gap.camera, sizeof gap.camera);
    line_text(line, "cause", gap.cause, sizeof gap.cause);
    if (line_time(line, "from", &gap.from_us)) {
        gap.from_us = 0;
    }
    if (line_time(line, "to", &gap.to_us)) {
        gap.to_us = 0;
    }
    verify_gap_add(run, &gap);
    if (!strcmp(gap.cause, "altered") &&
        bytes_equal(line_raw(line, "why"), bytes_of_text(LEDGER_REPLACED)) &&
        !verify_is_anybodys(run, line->seq)) {
        verify_say(run, VERIFY_TAMPERED, line, "evidence/ledger",
                   "when the recorder came, lines that it had signed were not "
                   "there any more, or others were");
    }
    if (!strcmp(gap.cause, "crash")) {
        take_crash(run, line, &gap);
    } else if (gap.camera[0] && gap.from_us > 0 && gap.to_us > 0) {
        take_stretch(run, line, &gap);
    } else if (gap.camera[0]) { /* else it speaks of a file */
        explain(run, line);
    }
}

/* A remark is the worker's word: it explains no hole. */
static bool is_remark(const struct line *line)
{
    return bytes_equal(line_raw(line, "state"), bytes_of_text("remark"));
}

void verify_camera_source(struct verify_camera *row, const struct line *line)
{
    if (!is_remark(line)) {
        row->is_clip =
            bytes_equal(line_raw(line, "source"), bytes_of_text("clip"));
    }
}

static void take_camera(struct verify_run *run, const struct line *line)
{
    struct verify_camera *row = verify_camera_row(run, line);
    if (row && !is_remark(line)) {
        verify_camera_source(row, line);
        explain_row(row);
    }
}

static void take_recording(struct verify_run *run, const struct line *line,
                           bool is_init)
{
    struct verify_camera *row = verify_camera_row(run, line);
    if (!row) {
        return;
    }
    check_number(run, line, row, is_init);
    if (is_init) {
        row->is_new_clock = true;
        return;
    }
    verify_repeated_take(run, line, row);
    check_hole(run, line, row);
    row->is_owed = run->is_cut && line_has(line, "recovered");
}

void verify_continuity(struct verify_run *run, const struct line *line)
{
    const char *kind = line->kind->name;
    if (!strcmp(kind, "seg")) {
        take_recording(run, line, false);
    } else if (!strcmp(kind, "init")) {
        take_recording(run, line, true);
    } else if (!strcmp(kind, "gap")) {
        take_gap(run, line);
    } else if (!strcmp(kind, "camera")) {
        take_camera(run, line);
    } else if (!strcmp(kind, "rest") ||
               (!strcmp(kind, "clock") && line_has(line, "slept_us"))) {
        explain(run, line);
    } else if (!strcmp(kind, "stop")) {
        run->report->said.stops++;
        run->has_stop = true;
        settle_owed(run, line);
        explain(run, line);
    } else if (!strcmp(kind, "session")) {
        take_session(run);
    } else if (!strcmp(kind, "epoch")) {
        settle_owed(run, line);
    }
}
