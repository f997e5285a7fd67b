#include "operation/footage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/reader.h"

#define HOLE_US 100000 /* V9 of docs/formats/ledger.md */

/* A line that outlives the reader's next step: its text, to be parsed again. */
struct kept {
    uint8_t text[LINE_MOST_BYTES];
    size_t size;
};

/* The lines that matter, as the ledger is walked once from its start. */
struct found {
    const struct footage_stretch *stretch;
    struct kept *segment; /* owned; FOOTAGE_MOST_SEGMENTS of them */
    size_t segments;
    size_t inside; /* of them, how many hold some of the stretch */
    struct kept newest;
    uint64_t newest_seq; /* of the camera's newest `init` so far; 0: none */
    struct kept init;
    uint64_t init_seq;     /* of the init that `segment` plays with */
    uint64_t goes_on_line; /* of the next film's init; 0: there is none */
    int64_t goes_on_us;
};

void footage_release(struct footage *footage)
{
    buffer_wipe(&footage->init);
    buffer_wipe(&footage->fragments);
    free(footage->segment);
    *footage = (struct footage){0};
}

static void found_release(struct found *found)
{
    free(found->segment);
    found->segment = NULL;
}

static void keep(struct kept *kept, struct bytes text)
{
    memcpy(kept->text, text.data, text.size);
    kept->size = text.size;
}

static int64_t integer(const struct line *line, const char *key)
{
    int64_t value = 0;
    return line_integer(line, key, &value) ? 0 : value;
}

/* Decoding begins at a keyframe: what was kept before one goes, unless it is
 * inside the stretch. Another init inside it begins another film. */
static enum sting_status take_segment(struct found *found,
                                      const struct line *line,
                                      struct bytes text)
{
    int64_t t0_us = 0;
    if (found->goes_on_line || line_time(line, "t0", &t0_us) ||
        t0_us >= found->stretch->to_us) {
        return STING_OK;
    }
    bool is_new = found->newest_seq != found->init_seq;
    if (is_new && found->inside > 0) {
        found->goes_on_line = found->newest_seq;
        found->goes_on_us = t0_us;
        return STING_OK;
    }
    if (found->inside == 0 && (is_new || integer(line, "key"))) {
        found->segments = 0;
        found->init = found->newest;
        found->init_seq = found->newest_seq;
    }
    if (found->segments == FOOTAGE_MOST_SEGMENTS) {
        return STING_E_LIMIT;
    }
    keep(&found->segment[found->segments++], text);
    found->inside += t0_us + integer(line, "us") > found->stretch->from_us;
    return STING_OK;
}

static enum sting_status take_line(struct found *found, const struct line *line,
                                   struct bytes text)
{
    char camera[RECORDING_MOST_NAME + 1];
    line_text(line, "camera", camera, sizeof camera);
    if (strcmp(camera, found->stretch->camera) != 0 ||
        line->seq < found->stretch->since_line) {
        return STING_OK;
    }
    if (!strcmp(line->kind->name, "init")) {
        keep(&found->newest, text);
        found->newest_seq = line->seq;
        return STING_OK;
    }
    return strcmp(line->kind->name, "seg") ? STING_OK
                                           : take_segment(found, line, text);
}

static enum sting_status find(int operation, struct found *found,
                              struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    enum sting_status status = ledger_reader_open(operation, &reader, fault);
    while (!status && !(status = ledger_reader_next_known(reader, &line))) {
        status = take_line(found, &line, ledger_reader_text(reader));
    }
    if (status == STING_E_LIMIT) {
        return fault_set(fault, status, "take a shorter stretch",
                         "that is more than %d segments of recording",
                         FOOTAGE_MOST_SEGMENTS);
    }
    if (status == STING_E_ABSENT && found->inside == 0) {
        char from[CLOCK_TEXT_SIZE];
        return fault_set(fault, STING_E_ABSENT, "",
                         "camera %s has no sealed recording at %s",
                         found->stretch->camera,
                         clock_text(found->stretch->from_us, from));
    }
    return status == STING_E_ABSENT ? STING_OK : status;
}

static void describe(const struct line *line, struct footage_segment *out)
{
    out->seq = line->seq;
    out->pts_us = integer(line, "pts");
    out->duration_us = integer(line, "us");
    /* A line that was in the ledger parses; what it lacks stays zero. */
    (void)!line_time(line, "t0", &out->t0_us);
    (void)!line_hex(line, "ct", out->ct.byte, sizeof out->ct.byte);
    (void)!line_hex(line, "pt", out->pt.byte, sizeof out->pt.byte);
    (void)!recording_path(line, out->path);
}

static enum sting_status open_kept(int operation, const struct secret *identity,
                                   const struct kept *kept, struct buffer *out,
                                   struct footage_segment *segment,
                                   struct fault *fault)
{
    struct line line;
    enum sting_status status =
        line_parse((struct bytes){kept->text, kept->size}, &line);
    if (status) {
        return status;
    }
    if (segment) {
        describe(&line, segment);
    }
    return recording_open(operation, identity, &line, out, fault);
}

static enum sting_status open_all(int operation, const struct secret *identity,
                                  const struct found *found,
                                  struct footage *out, struct fault *fault)
{
    out->segment = calloc(found->segments + 1, sizeof *out->segment);
    if (!out->segment) {
        return STING_E_NOMEM;
    }
    enum sting_status status =
        open_kept(operation, identity, &found->init, &out->init, NULL, fault);
    for (size_t i = 0; !status && i < found->segments; i++) {
        status = open_kept(operation, identity, &found->segment[i],
                           &out->fragments, &out->segment[i], fault);
        out->segments = i + 1;
        if (!status && out->fragments.size > FOOTAGE_MOST_BYTES) {
            status = fault_set(fault, STING_E_LIMIT, "take a shorter stretch",
                               "that is more than %zu MB of recording",
                               FOOTAGE_MOST_BYTES / 1024 / 1024);
        }
    }
    return status;
}

enum sting_status footage_open(int operation, const struct secret *identity,
                               const struct footage_stretch *stretch,
                               struct footage *out, struct fault *fault)
{
    struct found found STING_AUTO(found_release) = {.stretch = stretch};
    found.segment = calloc(FOOTAGE_MOST_SEGMENTS, sizeof *found.segment);
    if (!found.segment) {
        return STING_E_NOMEM;
    }
    enum sting_status status = find(operation, &found, fault);
    if (status) {
        return status;
    }
    struct footage footage = {0};
    status = open_all(operation, identity, &found, &footage, fault);
    if (status) {
        footage_release(&footage);
        return status;
    }
    footage.goes_on_line = found.goes_on_line;
    footage.goes_on_us = found.goes_on_us;
    *out = footage;
    return STING_OK;
}

/* The last segment that began by then, or the first. */
static const struct footage_segment *segment_at(const struct footage *footage,
                                                int64_t utc_us)
{
    size_t i = 0;
    while (i + 1 < footage->segments &&
           footage->segment[i + 1].t0_us <= utc_us) {
        i++;
    }
    return &footage->segment[i];
}

int64_t footage_pts_nearest(const struct footage *footage, int64_t utc_us)
{
    const struct footage_segment *segment = segment_at(footage, utc_us);
    int64_t into_us = utc_us - segment->t0_us;
    if (into_us < 0) {
        into_us = 0;
    }
    if (into_us >= segment->duration_us) {
        into_us = segment->duration_us > 0 ? segment->duration_us - 1 : 0;
    }
    return segment->pts_us + into_us;
}

/* Our clock wobbles against the recording's: it is the latter that tells
 * whether one segment goes on in the next. */
static bool is_joined(const struct footage *footage,
                      const struct footage_segment *segment)
{
    bool is_last = segment == &footage->segment[footage->segments - 1];
    return !is_last && segment[1].pts_us - segment->pts_us <=
                           segment->duration_us + HOLE_US;
}

enum sting_status footage_pts(const struct footage *footage, int64_t utc_us,
                              int64_t *pts_us)
{
    const struct footage_segment *segment = segment_at(footage, utc_us);
    int64_t into_us = utc_us - segment->t0_us;
    if (into_us < 0 ||
        (into_us >= segment->duration_us && !is_joined(footage, segment))) {
        return STING_E_ABSENT;
    }
    *pts_us = footage_pts_nearest(footage, utc_us);
    return STING_OK;
}

int64_t footage_utc_us(const struct footage *footage, int64_t pts_us)
{
    size_t i = 0;
    while (i + 1 < footage->segments &&
           footage->segment[i + 1].pts_us <= pts_us) {
        i++;
    }
    return footage->segment[i].t0_us + pts_us - footage->segment[i].pts_us;
}

int64_t footage_start_us(const struct footage *footage)
{
    return footage->segment[0].t0_us;
}

int64_t footage_end_us(const struct footage *footage)
{
    const struct footage_segment *last =
        &footage->segment[footage->segments - 1];
    return last->t0_us + last->duration_us;
}
