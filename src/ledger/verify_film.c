/* V14: what is inside a recording is what its line says. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ledger/verify_state.h"

#define HOLE_US 100000
#define ROUNDING_US 3 /* three times are rounded to a microsecond each */

/* MPEG-4's own letters are also those of pictures in JPEG. */
static bool is_codec(const char *inside, const char *said)
{
    return !strcmp(inside, said) ||
           (!strcmp(inside, "mpeg4") && !strcmp(said, "mjpeg"));
}

void verify_film_begin(struct verify_run *run, enum verify_film_kind kind)
{
    struct verify_film *film = &run->film;
    film->kind = kind;
    film->head.size = 0;
    film->is_too_long = false;
    film->walk.facts = (struct boxes_facts){0};
    film->walk.held = 0;
    film->walk.skip = 0;
    film->walk.wants_mdat = false;
    film->walk.clocks = 0;
    film->walk.is_bad = false;
}

enum sting_status verify_film_put(struct verify_run *run, struct bytes plain)
{
    struct verify_film *film = &run->film;
    if (film->kind == VERIFY_FILM_PARTS) {
        boxes_walk_put(&film->walk, plain);
    }
    if (film->kind != VERIFY_FILM_HEAD || film->is_too_long) {
        return STING_OK;
    }
    film->is_too_long = film->head.size + plain.size > BOXES_MOST_HEAD;
    return film->is_too_long ? STING_OK : buffer_append(&film->head, plain);
}

/* The line is told as a gap: what it says was recorded is not what was. */
__attribute__((format(printf, 3, 4))) static void contradict(
    struct verify_run *run, const struct line *line, const char *format, ...)
{
    struct verify_gap gap = {.seq = line->seq, .cause = "contradicts"};
    int64_t us = 0;
    line_text(line, "camera", gap.camera, sizeof gap.camera);
    if (!line_time(line, "t0", &gap.from_us) &&
        !line_integer(line, "us", &us) && us > 0 &&
        us < INT64_MAX - gap.from_us) {
        gap.to_us = gap.from_us + us;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(gap.why, sizeof gap.why, format, arguments);
    va_end(arguments);
    verify_gap_add(run, &gap);
}

/* ---- an init ---- */

static void judge_head(struct verify_run *run, const struct line *line,
                       struct verify_camera *row)
{
    struct verify_film *film = &run->film;
    struct boxes_head head;
    char codec[16];
    int64_t width = 0;
    int64_t height = 0;
    row->head_n = -1;
    row->has_end = false;
    row->has_lead = false;
    if (film->is_too_long ||
        boxes_head_read(buffer_bytes(&film->head), &head)) {
        contradict(run, line, "the file is no head of a recording");
        return;
    }
    line_text(line, "codec", codec, sizeof codec);
    if (line_integer(line, "width", &width) || width != head.width_px ||
        line_integer(line, "height", &height) || height != head.height_px ||
        !is_codec(head.codec, codec)) {
        contradict(run, line,
                   "its pictures are %d x %d of %s, the line says %" PRId64
                   " x %" PRId64 " of %.15s",
                   head.width_px, head.height_px, head.codec, width, height,
                   codec);
    }
    row->head = head;
    if (line_integer(line, "n", &row->head_n)) {
        row->head_n = -1;
    }
}

/* ---- fragments ---- */

struct times {
    int64_t pts_us;
    int64_t us;
    int64_t frames;
    int64_t key;
};

#define MOST_S (INT64_C(1) << 40) /* so that microseconds can be added */

/* To the nearest below; what no camera has ever counted to is held down. */
static int64_t ticks_us(const struct boxes_head *head, int64_t ticks)
{
    int64_t a_second = head->ticks_per_s;
    int64_t s = ticks / a_second;
    s = s > MOST_S ? MOST_S : s;
    s = s < -MOST_S ? -MOST_S : s;
    return s * 1000000 + ticks % a_second * 1000000 / a_second;
}

static bool is_near(int64_t a, int64_t b, int64_t most)
{
    int64_t apart = 0;
    return !__builtin_sub_overflow(a, b, &apart) && apart <= most &&
           apart >= -most;
}

static bool judge_count(struct verify_run *run, const struct line *line,
                        const struct boxes_facts *facts,
                        const struct times *says)
{
    if ((uint64_t)says->frames != facts->frames) {
        contradict(run, line,
                   "there are %" PRIu64 " frames in it, the line says %" PRId64,
                   facts->frames, says->frames);
        return false;
    }
    if ((says->key != 0) != facts->starts_with_key) {
        contradict(run, line, "it %s with a keyframe, the line says otherwise",
                   facts->starts_with_key ? "begins" : "does not begin");
        return false;
    }
    return true;
}

/* Where a recording lies by the camera's clock. */
struct place {
    int64_t pts_us;
    int64_t us;
};

/* By decoding times, and one lead for the whole stream: the first of its
 * recordings that is seen says how much. */
static struct place place_of(const struct verify_camera *row,
                             const struct boxes_facts *facts,
                             const struct times *says)
{
    int64_t dts_us = ticks_us(&row->head, facts->first_dts);
    int64_t lead_us = row->has_lead ? row->lead_us : says->pts_us - dts_us;
    int64_t least_us = ticks_us(&row->head, facts->least_ahead);
    int64_t most_us = ticks_us(&row->head, facts->most_ahead);
    if (!row->has_lead) {
        lead_us = lead_us < least_us ? least_us : lead_us;
        lead_us = lead_us > most_us ? most_us : lead_us;
    }
    return (struct place){
        dts_us + lead_us,
        ticks_us(&row->head, facts->end_dts - facts->first_dts)};
}

/* By the picture that is shown first, as older recorders told it. */
static struct place place_of_old(const struct boxes_head *head,
                                 const struct boxes_facts *facts)
{
    int64_t pts_us = ticks_us(head, facts->first_pts);
    return (struct place){pts_us,
                          ticks_us(head, facts->last_pts) - pts_us +
                              ticks_us(head, facts->end_dts - facts->last_dts)};
}

static bool is_place(struct place place, const struct times *says)
{
    return is_near(place.pts_us, says->pts_us, ROUNDING_US) &&
           is_near(place.us, says->us, ROUNDING_US);
}

/* Times by the camera's clock: where it begins, how long it is, that its
 * fragments follow each other. */
static bool judge_times(struct verify_run *run, const struct line *line,
                        struct verify_camera *row,
                        const struct boxes_facts *facts,
                        const struct times *says)
{
    const struct boxes_head *head = &row->head;
    struct place place = place_of(row, facts, says);
    bool is_new = is_place(place, says);
    if (facts->track != head->track) {
        contradict(run, line,
                   "it is of track %" PRIu32 ", its head of %" PRIu32,
                   facts->track, head->track);
        return false;
    }
    if (!is_new && !is_place(place_of_old(head, facts), says)) {
        contradict(run, line,
                   "it begins at %" PRId64 " us and lasts %" PRId64
                   ", the line says %" PRId64 " and %" PRId64,
                   place.pts_us, place.us, says->pts_us, says->us);
        return false;
    }
    if (is_new && !row->has_lead) {
        row->has_lead = true;
        row->lead_us = says->pts_us - ticks_us(head, facts->first_dts);
    }
    if (ticks_us(head, facts->widest) > HOLE_US) {
        contradict(run, line,
                   "its fragments do not follow each other: %" PRId64 " us",
                   ticks_us(head, facts->widest));
        return false;
    }
    return true;
}

/* Decoding goes on where the recording before ended, or both its fragments
 * and the lines say how much later. Lines count by presentation, which may lie
 * before or behind by as much as pictures are reordered. */
static void judge_next(struct verify_run *run, const struct line *line,
                       const struct verify_camera *row,
                       const struct boxes_facts *facts,
                       const struct times *says)
{
    int64_t inside_us = ticks_us(&row->head, facts->first_dts - row->end_dts);
    int64_t said_us = says->pts_us - row->film_end_us;
    int64_t reordered = facts->most_ahead - facts->least_ahead;
    reordered = row->reordered > reordered ? row->reordered : reordered;
    if (row->has_end && !is_near(inside_us, said_us,
                                 HOLE_US + ticks_us(&row->head, reordered))) {
        contradict(run, line,
                   "it begins %" PRId64 " us behind the one before, the lines "
                   "say %" PRId64,
                   inside_us, said_us);
    }
}

static void judge_parts(struct verify_run *run, const struct line *line,
                        struct verify_camera *row)
{
    struct boxes_facts facts;
    struct times says = {0};
    int64_t init = -1;
    if (line_integer(line, "pts", &says.pts_us) ||
        line_integer(line, "us", &says.us) ||
        line_integer(line, "frames", &says.frames) ||
        line_integer(line, "key", &says.key) ||
        line_integer(line, "init", &init)) {
        return; /* V9 says so */
    }
    bool had_end = row->has_end;
    row->has_end = false;
    if (boxes_walk_end(&run->film.walk, &facts)) {
        contradict(run, line, "it is not made of whole fragments of video");
        return;
    }
    run->report->films++;
    if (!judge_count(run, line, &facts, &says) || init != row->head_n ||
        !judge_times(run, line, row, &facts, &says)) {
        return;
    }
    row->has_end = had_end;
    judge_next(run, line, row, &facts, &says);
    row->has_end = true;
    row->end_dts = facts.end_dts;
    row->reordered = facts.most_ahead - facts.least_ahead;
    row->film_end_us = says.pts_us + says.us;
}

void verify_film_judge(struct verify_run *run, const struct line *line)
{
    struct verify_camera *row = verify_camera_row(run, line);
    if (row && run->film.kind == VERIFY_FILM_HEAD) {
        judge_head(run, line, row);
    } else if (row && run->film.kind == VERIFY_FILM_PARTS) {
        judge_parts(run, line, row);
    }
}
