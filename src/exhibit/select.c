/* Which recordings, which checkpoint, which lines. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "exhibit/gathered.h"
#include "ledger/recording.h"

#define HOLE_US 100000         /* V9 of docs/formats/ledger.md */
#define HOLE_ACROSS_US 1100000 /* across inits, by our clock */
#define NONE SIZE_MAX

/* ---- recordings ---- */

/* Kept recordings in their order; the walk decides where a film begins. */
struct choosing {
    struct gathered *gathered;
    size_t newest_init; /* of the kept lines; NONE */
    size_t used_init;   /* that the film under way plays with; NONE */
    size_t from_key;    /* the keyframe before the stretch; NONE */
    size_t last;        /* segment chosen last; NONE */
};

static bool is_inside(const struct gathered *gathered, const struct line *line)
{
    int64_t t0_us = gathered_time(line, "t0");
    return t0_us < gathered->order->to_us &&
           t0_us + gathered_integer(line, "us") > gathered->order->from_us;
}

static enum sting_status piece_add(struct gathered *gathered, size_t line,
                                   bool is_gap)
{
    struct gathered_piece *piece =
        array_add(&gathered->piece, &gathered->pieces, sizeof *gathered->piece);
    if (!piece) {
        return STING_E_NOMEM;
    }
    *piece = (struct gathered_piece){.line = line, .is_gap = is_gap};
    gathered->line[line].is_shown = true;
    gathered->gaps += is_gap;
    gathered->film[gathered->films - 1].pieces++;
    return gathered->pieces > EXHIBIT_MOST_PIECES ? STING_E_LIMIT : STING_OK;
}

static enum sting_status film_begin(struct choosing *choosing)
{
    struct gathered *gathered = choosing->gathered;
    char stem[EXHIBIT_MARK_SIZE];
    struct gathered_film *film =
        array_add(&gathered->film, &gathered->films, sizeof *gathered->film);
    if (!film) {
        return STING_E_NOMEM;
    }
    (void)snprintf(stem, sizeof stem, "%s", gathered->order->mark);
    for (char *c = stem; *c; c++) {
        if (*c == '/') {
            *c = '-';
        }
    }
    (void)snprintf(film->path, sizeof film->path, "data/%s-film%zu.mp4", stem,
                   gathered->films);
    film->first = gathered->pieces;
    choosing->used_init = choosing->newest_init;
    return piece_add(gathered, choosing->newest_init, false);
}

/* Are pictures missing between two recordings of a camera? */
static bool is_hole(const struct line *a, const struct line *b)
{
    int64_t ends_us = gathered_integer(a, "pts") + gathered_integer(a, "us");
    bool same = gathered_integer(a, "init") == gathered_integer(b, "init");
    bool follows = gathered_integer(b, "n") == gathered_integer(a, "n") + 1 ||
                   (gathered_integer(b, "n") == gathered_integer(a, "n") &&
                    line_has(b, "part"));
    int64_t apart_us = gathered_integer(b, "pts") - ends_us;
    int64_t across_us = gathered_time(b, "t0") - gathered_time(a, "t0") -
                        gathered_integer(a, "us");
    return !follows || (same ? apart_us > HOLE_US : across_us > HOLE_ACROSS_US);
}

static enum sting_status segment_add(struct choosing *choosing, size_t index)
{
    struct gathered *gathered = choosing->gathered;
    struct line line = gathered_parse(gathered, index);
    bool is_gap = false;
    if (choosing->last != NONE) {
        struct line last = gathered_parse(gathered, choosing->last);
        is_gap = is_hole(&last, &line);
    }
    enum sting_status status = STING_OK;
    if (gathered->films == 0 || choosing->used_init != choosing->newest_init) {
        status = film_begin(choosing);
    }
    choosing->last = index;
    return status ? status : piece_add(gathered, index, is_gap);
}

/* Whoever reads the ledger alone does not know what was erased. */
static bool is_gone(const struct gathered *gathered, const struct line *line)
{
    char path[RECORDING_PATH_SIZE];
    struct stat info;
    return !recording_path(line, path) &&
           fstatat(operation_dir(gathered->operation), path, &info,
                   AT_SYMLINK_NOFOLLOW) != 0 &&
           errno == ENOENT;
}

/* A recording of the stretch that is not there any more: its line is shown. */
static enum sting_status gone_add(struct choosing *choosing, size_t index)
{
    struct gathered *gathered = choosing->gathered;
    struct gathered_run *run =
        gathered->runs ? &gathered->run[gathered->runs - 1] : NULL;
    if (!run || choosing->last != run->last) {
        run = array_add(&gathered->run, &gathered->runs, sizeof *run);
        if (!run) {
            return STING_E_NOMEM;
        }
        *run = (struct gathered_run){.first = index, .piece = gathered->pieces};
        gathered->gaps++;
    }
    run->last = index;
    run->count++;
    gathered->line[index].is_shown = true;
    gathered->line[index].is_erased = true;
    choosing->last = index;
    return STING_OK;
}

/* Decoding begins at a keyframe: from the last one before the stretch on. */
static enum sting_status run_up_add(struct choosing *choosing, size_t until)
{
    enum sting_status status = STING_OK;
    for (size_t i = choosing->from_key; !status && i < until; i++) {
        struct line line = gathered_parse(choosing->gathered, i);
        if (gathered_is(&line, "seg")) {
            status = segment_add(choosing, i);
        }
    }
    choosing->from_key = NONE;
    return status;
}

static enum sting_status recording_take(struct choosing *choosing, size_t index)
{
    struct gathered *gathered = choosing->gathered;
    struct line line = gathered_parse(gathered, index);
    if (gathered_is(&line, "init")) {
        choosing->newest_init = line_has(&line, "pt") ? index : NONE;
        choosing->from_key = NONE;
        return STING_OK;
    }
    if (choosing->newest_init == NONE || !line_has(&line, "pt")) {
        return STING_OK;
    }
    bool is_in = is_inside(gathered, &line);
    if (is_gone(gathered, &line)) {
        choosing->from_key = NONE;
        return is_in ? gone_add(choosing, index) : STING_OK;
    }
    if (!is_in) {
        bool is_key = gathered_integer(&line, "key") != 0;
        choosing->from_key = is_key ? index : choosing->from_key;
        return STING_OK;
    }
    enum sting_status status = STING_OK;
    if (gathered->films == 0 && !gathered_integer(&line, "key") &&
        choosing->from_key != NONE) {
        status = run_up_add(choosing, index);
    }
    return status ? status : segment_add(choosing, index);
}

/* What a checkpoint signs: a station that runs writes on while we choose. */
static uint64_t signed_lines(const struct gathered *gathered)
{
    uint64_t most = 0;
    for (size_t i = 0; i < gathered->note_count; i++) {
        uint64_t lines = gathered->note[i].lines;
        most = lines > most && lines <= gathered->tree.leaves ? lines : most;
    }
    return most;
}

static enum sting_status not_signed(struct fault *fault)
{
    return fault_set(fault, STING_E_BUSY,
                     "wait a minute and say it again, or see sting verify",
                     "no checkpoint signs that recording yet");
}

static enum sting_status recordings_choose(struct gathered *gathered,
                                           struct fault *fault)
{
    struct choosing choosing = {gathered, NONE, NONE, NONE, NONE};
    enum sting_status status = STING_OK;
    uint64_t signed_to = signed_lines(gathered);
    bool is_later = false;
    for (size_t i = 0; !status && i < gathered->lines; i++) {
        bool is_film = gathered->line[i].why == WHY_FILM;
        bool is_signed = gathered->line[i].seq < signed_to;
        is_later = is_later || (is_film && !is_signed);
        if (is_film && is_signed) {
            status = recording_take(&choosing, i);
        }
    }
    if (status == STING_E_LIMIT) {
        return fault_set(fault, status, "take a shorter stretch",
                         "that is more than %d segments", EXHIBIT_MOST_PIECES);
    }
    if (!status && gathered->films == 0 && is_later) {
        return not_signed(fault);
    }
    if (!status && gathered->films == 0 && gathered->runs == 0) {
        return fault_set(fault, STING_E_ABSENT, "see sting log and the dossier",
                         "camera %s has no sealed recording in that time",
                         gathered->order->camera);
    }
    return status;
}

/* Of the stretch, there or gone. */
static uint64_t first_seq(const struct gathered *gathered)
{
    size_t piece = gathered->piece[0].line;
    size_t gone = gathered->runs ? gathered->run[0].first : piece;
    return gathered->line[gone < piece ? gone : piece].seq;
}

static uint64_t last_seq(const struct gathered *gathered)
{
    size_t piece = gathered->piece[gathered->pieces - 1].line;
    size_t gone =
        gathered->runs ? gathered->run[gathered->runs - 1].last : piece;
    return gathered->line[gone > piece ? gone : piece].seq;
}

static void ends_take(struct gathered *gathered)
{
    size_t last = gathered->piece[gathered->pieces - 1].line;
    struct line begins = gathered_parse(gathered, gathered->piece[1].line);
    struct line ends = gathered_parse(gathered, last);
    gathered->since_us = gathered_time(&begins, "t0");
    gathered->until_us =
        gathered_time(&ends, "t0") + gathered_integer(&ends, "us");
}

const char *gathered_short(const struct gathered *gathered,
                           char text[GATHERED_SHORT_SIZE])
{
    char until[LINE_TIME_SIZE], to[LINE_TIME_SIZE];
    bool is_erased =
        gathered->runs > 0 &&
        gathered->run[gathered->runs - 1].piece == gathered->pieces;
    text[0] = '\0';
    if (gathered->until_us < gathered->order->to_us) {
        (void)snprintf(
            text, GATHERED_SHORT_SIZE,
            "The recording goes up to %s, not to the end of the "
            "stretch that was asked for, %s: %s.",
            line_time_text(gathered->until_us, until),
            line_time_text(gathered->order->to_us, to),
            is_erased ? "what came behind it was deleted on purpose, as is "
                        "told below"
                      : "nothing later of it was recorded, or none of it was "
                        "sealed when this exhibit was made");
    }
    return text;
}

/* ---- the checkpoint ---- */

/* The last one within the limit when it holds the recording, else the
 * newest. */
static enum sting_status checkpoint_choose(struct gathered *gathered,
                                           uint64_t needed, struct fault *fault)
{
    size_t chosen = NONE;
    for (size_t i = 0; i < gathered->note_count; i++) {
        uint64_t lines = gathered->note[i].lines;
        bool fits = lines >= needed && lines <= gathered->tree.leaves;
        bool within = gathered->order->lines == 0 ||
                      lines <= gathered->order->lines || chosen == NONE;
        if (fits && within) {
            chosen = i;
        }
    }
    if (chosen == NONE) {
        return not_signed(fault);
    }
    gathered->final = chosen;
    return STING_OK;
}

/* ---- lines ---- */

/* The session in which the recording began, and the clock as known then. */
static uint64_t around_from(const struct gathered *gathered)
{
    uint64_t first = first_seq(gathered), from = 0;
    for (size_t i = 0; i < gathered->lines; i++) {
        struct line line = gathered_parse(gathered, i);
        if (line.seq < first && gathered_is(&line, "session")) {
            from = line.seq;
        }
    }
    return from;
}

static bool is_incident_shown(const struct gathered *gathered,
                              const struct line *line)
{
    const struct exhibit_order *order = gathered->order;
    bool is_it = gathered_is(line, "incident");
    int64_t number = gathered_integer(line, is_it ? "n" : "incident");
    if (order->incident) {
        return number == (int64_t)order->incident;
    }
    /* Alerts and answers carry no camera: their incidents are told by time
     * alone. */
    return line->at.utc_us >= order->from_us && line->at.utc_us < order->to_us;
}

static bool is_line_shown(const struct gathered *gathered, size_t index,
                          const struct line *line, bool is_around)
{
    const struct gathered_line *one = &gathered->line[index];
    bool is_shown = true;
    if (one->why == WHY_FILM) {
        is_shown = one->is_shown;
    } else if (one->why == WHY_AROUND) {
        is_shown = is_around || one->is_erasing;
    } else if (one->why == WHY_INCIDENT) {
        is_shown = is_incident_shown(gathered, line);
    }
    return is_shown && one->seq < gathered_final(gathered)->lines;
}

static void lines_choose(struct gathered *gathered)
{
    uint64_t from = around_from(gathered), to = last_seq(gathered);
    size_t clock = NONE;
    for (size_t i = 0; i < gathered->lines; i++) {
        struct gathered_line *one = &gathered->line[i];
        struct line line = gathered_parse(gathered, i);
        bool around = one->seq >= from && one->seq <= to;
        if (one->seq < from && gathered_is(&line, "clock")) {
            clock = i;
        }
        one->is_shown = is_line_shown(gathered, i, &line, around);
        if (gathered_is(&line, "gap") && one->is_shown) {
            gathered->gaps++;
        }
    }
    if (clock != NONE) {
        gathered->line[clock].is_shown = true;
    }
}

enum sting_status gathered_select(struct gathered *gathered,
                                  struct fault *fault)
{
    uint64_t needed = 0;
    enum sting_status status = recordings_choose(gathered, fault);
    if (!status && gathered->runs > 0) {
        status = gone_account(gathered, signed_lines(gathered), &needed, fault);
    }
    if (!status) {
        ends_take(gathered);
        uint64_t last = last_seq(gathered) + 1;
        status =
            checkpoint_choose(gathered, last > needed ? last : needed, fault);
    }
    if (!status) {
        lines_choose(gathered);
    }
    return status;
}
