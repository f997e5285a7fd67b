/* E8: each piece of a film is what a line says, and none is left out. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "exhibit/check_state.h"
#include "exhibit/erased.h"

#define HOLE_US 100000

struct film {
    const struct check_entry *entry;
    uint64_t offset;
    int64_t stream; /* number of its init; -1 before */
    bool has_before;
    int64_t n, ends_us; /* of the segment before */
};

struct reading {
    struct film film;
    bool *is_used; /* by entry */
    bool has_last;
    uint64_t last;
    size_t at;     /* of the lines: those before it are judged */
    bool is_again; /* the recording before it is gone, too */
    struct erased erased;
};

static const struct check_line *line_find(const struct check *check,
                                          uint64_t seq)
{
    size_t low = 0, high = check->lines;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool before = check->line[middle].seq < seq;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    return low < check->lines && check->line[low].seq == seq ? &check->line[low]
                                                             : NULL;
}

static enum sting_status film_end(struct check *check, struct film *film)
{
    bool is_whole = !film->entry || film->offset == film->entry->bytes;
    return is_whole ? STING_OK
                    : check_tampered(check, 8, "%.100s has another length",
                                     film->entry->path);
}

static enum sting_status film_begin(struct check *check,
                                    struct reading *reading, struct bytes name)
{
    char path[CHECK_PATH_SIZE];
    enum sting_status status = film_end(check, &reading->film);
    if (status) {
        return status;
    }
    bool fits = name.size < sizeof path;
    memcpy(path, name.data, fits ? name.size : 0);
    path[fits ? name.size : 0] = '\0';
    const struct check_entry *entry = check_find(check, path);
    size_t size = strlen(path);
    if (!entry || !entry->is_file || reading->is_used[entry - check->entry] ||
        size < 4 || strcmp(path + size - 4, ".mp4") != 0) {
        return check_tampered(check, 8, "a film is missing");
    }
    check->report->gaps += check->report->films > 0;
    check->report->films++;
    reading->is_used[entry - check->entry] = true;
    reading->film = (struct film){.entry = entry, .stream = -1};
    return STING_OK;
}

struct place {
    int64_t n, pts, us, init;
};

static bool place_read(const struct line *line, struct place *out)
{
    return !line_integer(line, "n", &out->n) &&
           !line_integer(line, "pts", &out->pts) &&
           !line_integer(line, "us", &out->us) &&
           !line_integer(line, "init", &out->init);
}

static bool is_of_camera(const struct check *check, const struct line *line)
{
    char camera[65];
    return !strcmp(line_text(line, "camera", camera, sizeof camera),
                   check->camera);
}

static void segment_step(struct film *film, const struct place *place)
{
    film->has_before = true;
    film->n = place->n;
    film->ends_us = place->pts + place->us;
}

/* A recording that is shown to have been, and is no piece. */
static enum sting_status gone_take(struct check *check, struct reading *reading,
                                   const struct line *line)
{
    struct place place;
    if (!check->may_be_erased || !is_of_camera(check, line) ||
        !place_read(line, &place)) {
        return check_tampered(check, 8, "a film or line without the other");
    }
    check->report->gaps += !reading->is_again;
    reading->is_again = true;
    if (place.init == reading->film.stream) {
        segment_step(&reading->film, &place);
    }
    return erased_gone(&reading->erased, line);
}

/* Lines before that one which are no piece: of recordings that are gone, and
 * what tells so. */
static enum sting_status gone_before(struct check *check,
                                     struct reading *reading, uint64_t seq)
{
    enum sting_status status = STING_OK;
    for (; !status && reading->at < check->lines &&
           check->line[reading->at].seq < seq;
         reading->at++) {
        const struct check_line *one = &check->line[reading->at];
        struct line line;
        if (!(one->is_seg || one->is_erase) || line_parse(one->text, &line)) {
            continue;
        }
        status = one->is_seg
                     ? gone_take(check, reading, &line)
                     : erased_told(&reading->erased, &line, check->camera);
    }
    return status == STING_E_FORMAT || status == STING_E_LIMIT
               ? check_tampered(check, 8, "what was erased is malformed")
               : status;
}

/* Is the segment of this film's stream, and does it follow? */
static enum sting_status segment_follow(struct check *check,
                                        const struct line *line,
                                        struct reading *reading)
{
    struct film *film = &reading->film;
    struct place place;
    if (!place_read(line, &place) || place.init != film->stream) {
        return check_tampered(check, 8, "a segment of another stream");
    }
    enum sting_status status = gone_before(check, reading, line->seq);
    if (status) {
        return status;
    }
    bool follows = place.n - film->n == 1 || place.n == film->n;
    if (film->has_before && (!follows || place.pts - film->ends_us > HOLE_US)) {
        check->report->gaps++;
    }
    segment_step(film, &place);
    reading->at++; /* it is a piece */
    reading->is_again = false;
    return STING_OK;
}

static enum sting_status piece_take(struct check *check,
                                    struct reading *reading, uint64_t seq,
                                    uint64_t bytes)
{
    struct film *film = &reading->film;
    const struct check_line *one = line_find(check, seq);
    struct check_piece piece = {
        .offset = film->offset, .bytes = bytes, .seq = seq};
    struct line line;
    if (!one || !(film->stream < 0 ? one->is_init : one->is_seg) ||
        (reading->has_last && seq <= reading->last) ||
        line_parse(one->text, &line) || !is_of_camera(check, &line) ||
        line_hex(&line, "pt", piece.pt.byte, DIGEST_SIZE) ||
        bytes > film->entry->bytes - film->offset) {
        return check_tampered(check, 8, "a piece is of no such line");
    }
    piece.entry = (uint64_t)(film->entry - check->entry);
    film->offset += bytes;
    reading->has_last = true;
    reading->last = seq;
    enum sting_status status = STING_OK;
    if (film->stream >= 0) {
        status = segment_follow(check, &line, reading);
    } else if (line_integer(&line, "n", &film->stream)) {
        status = check_tampered(check, 8, "a piece is of no such line");
    }
    return status ? status
                  : buffer_append(
                        check->pieces,
                        (struct bytes){(const uint8_t *)&piece, sizeof piece});
}

static enum sting_status row_take(struct check *check, struct reading *reading,
                                  struct bytes row)
{
    struct bytes number;
    uint64_t seq = 0, bytes = 0;
    if (check_word(&row, "film ")) {
        return film_begin(check, reading, row);
    }
    if (!reading->film.entry || !check_word(&row, "piece ") ||
        !check_take(&row, " ", &number) || !check_number(number, &seq) ||
        !check_number(row, &bytes)) {
        return check_tampered(check, 8, "data/exhibit.txt is malformed");
    }
    return piece_take(check, reading, seq, bytes);
}

static enum sting_status none_left_out(struct check *check,
                                       struct reading *reading)
{
    uint64_t inits = 0;
    enum sting_status status = gone_before(check, reading, UINT64_MAX);
    for (size_t i = 0; i < check->lines; i++) {
        inits += check->line[i].is_init;
    }
    bool all = inits == check->report->films;
    for (size_t i = 0; all && i < check->entries; i++) {
        const char *path = check->entry[i].path;
        size_t size = strlen(path);
        all = reading->is_used[i] || !check->entry[i].is_file || size < 4 ||
              strcmp(path + size - 4, ".mp4") != 0;
    }
    if (!status && !all) {
        return check_tampered(check, 8, "a film or line without the other");
    }
    const struct erased_day *more = erased_rest(&reading->erased);
    return status || !more
               ? status
               : check_tampered(check, 8,
                                "of %s more is not shown than lines say was "
                                "erased",
                                more->date);
}

enum sting_status check_films_rule(struct check *check)
{
    struct reading reading = {.is_used =
                                  calloc(check->entries + 1, sizeof(bool))};
    struct bytes rest = check->films, row;
    enum sting_status status = reading.is_used ? STING_OK : STING_E_NOMEM;
    while (!status && check_take(&rest, "\n", &row)) {
        status = row_take(check, &reading, row);
    }
    if (!status && rest.size > 0) {
        status = check_tampered(check, 8, "data/exhibit.txt is malformed");
    }
    if (!status) {
        status = film_end(check, &reading.film);
    }
    if (!status) {
        status = none_left_out(check, &reading);
    }
    erased_release(&reading.erased);
    free(reading.is_used);
    check->report->last_piece = reading.last;
    return status;
}
