#include "ledger/recording.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/recording_name.h"

#define SEGMENT_US (8 * INT64_C(1000000))       /* cut at the next keyframe */
#define SEGMENT_MOST_US (12 * INT64_C(1000000)) /* cut anywhere */
#define HOLE_US 100000 /* a jump in time starts a new segment */

/* The segment now open. */
struct segment {
    bool is_open;
    struct recording_name name;
    int64_t parts;  /* durable fragments */
    int64_t utc_us; /* of its first picture */
    int64_t pts_us;
    int64_t duration_us;
    int64_t frames;
    bool starts_with_key;
    unsigned looks;
    unsigned activity;
    struct buffer plain; /* all its fragments */
};

struct recording {
    struct ledger *ledger;     /* borrowed */
    struct ledger_camera *row; /* borrowed, of the ledger */
    int64_t init;              /* -1 before the first */
    struct segment ended;      /* to be sealed: its successor has begun */
    struct segment segment;
    bool is_alerted; /* cut at the next keyframe */
    int64_t until_us;
};

/* Numbers of a line as text, with room for each. */
struct numbers {
    char text[12][24];
    size_t used;
};

static const char *number(struct numbers *numbers, int64_t value)
{
    char *text = numbers->text[numbers->used++];
    snprintf(text, sizeof numbers->text[0], "%" PRId64, value);
    return text;
}

enum sting_status recording_new(struct ledger *ledger, const char *camera,
                                struct recording **out, struct fault *fault)
{
    struct ledger_camera *row = ledger_camera_row(ledger, camera);
    if (!row) {
        return fault_set(fault, STING_E_ARG,
                         "use at most 64 letters, digits, '-', '_' and '.'",
                         "this is no name for a camera, or there are too many");
    }
    struct recording *recording = calloc(1, sizeof *recording);
    if (!recording) {
        return fault_set(fault, STING_E_NOMEM, "", "out of memory");
    }
    recording->ledger = ledger;
    recording->row = row;
    recording->init = -1;
    *out = recording;
    return STING_OK;
}

void recording_free(struct recording **recording)
{
    if (*recording) {
        buffer_wipe(&(*recording)->segment.plain);
        buffer_wipe(&(*recording)->ended.plain);
    }
    free(*recording);
    *recording = NULL;
}

/* Seal plain bytes to a file that says in its header what it is. */
static enum sting_status write_sealed(struct ledger *ledger,
                                      const struct recording_name *name,
                                      const char *note, struct bytes plain,
                                      struct ledger_blob *out,
                                      struct fault *fault)
{
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct age_to to = ledger_recipients(ledger);
    char path[RECORDING_PATH_SIZE];
    to.note = note;
    enum sting_status status =
        age_seal_hashed(&to, ledger_random(ledger), plain, &sealed, &out->ct);
    if (status) {
        return fault_set(fault, status, "", "%zu bytes cannot be sealed: %s",
                         plain.size, sting_status_text(status));
    }
    out->bytes = sealed.size;
    return file_write(ledger_operation(ledger), recording_name_path(name, path),
                      buffer_bytes(&sealed), 0600, fault);
}

static enum sting_status make_folder(const struct recording *recording,
                                     struct fault *fault)
{
    char path[RECORDING_PATH_SIZE];
    snprintf(path, sizeof path, "evidence/segments/%.64s/%.10s",
             recording->row->name, recording->row->date);
    if (folder_make(ledger_operation(recording->ledger), path)) {
        return fault_errno(fault, STING_E_IO, "check space and permissions",
                           "%s cannot be made", path);
    }
    return STING_OK;
}

static struct recording_name new_name(struct recording *recording,
                                      enum recording_kind kind, int64_t n,
                                      int64_t utc_us)
{
    struct recording_name name = {.kind = kind, .n = n};
    ledger_date_advance(recording->row->date, utc_us);
    memcpy(name.camera, recording->row->name, sizeof name.camera);
    memcpy(name.date, recording->row->date, sizeof name.date);
    return name;
}

/* ---- the file that every player needs first ---- */

static enum sting_status append_init(struct recording *recording,
                                     struct moment now,
                                     const struct recording_name *name,
                                     const struct recording_init *init,
                                     struct fault *fault)
{
    struct buffer note STING_AUTO(buffer_release) = {0};
    struct numbers numbers = {.used = 0};
    struct ledger_blob made = {.bytes = 0};
    char ct[DIGEST_TEXT_SIZE];
    char pt[DIGEST_TEXT_SIZE];
    struct line_field field[] = {
        {"camera", name->camera},
        {"date", name->date},
        {"n", number(&numbers, name->n)},
        {"width", number(&numbers, init->width_px)},
        {"height", number(&numbers, init->height_px)},
        {"codec", init->codec},
        {"pt", digest_text(digest_of(init->file), pt)},
        {"bytes", NULL},
        {"ct", NULL},
        {"masks", init->masks > 0 ? number(&numbers, init->masks) : NULL},
    };
    const size_t fields = sizeof field / sizeof *field;
    if (line_note_write(&note, "head", field, fields)) {
        return fault_set(fault, STING_E_ARG, "", "the codec has no such name");
    }
    enum sting_status status = write_sealed(
        recording->ledger, name, buffer_text(&note), init->file, &made, fault);
    if (status) {
        return status;
    }
    field[7].value = number(&numbers, (int64_t)made.bytes);
    field[8].value = digest_text(made.ct, ct);
    return ledger_append(recording->ledger, now, "init", field, fields, NULL,
                         fault);
}

enum sting_status recording_init(struct recording *recording, struct moment now,
                                 const struct recording_init *init,
                                 struct fault *fault)
{
    enum sting_status status = recording_close(recording, now, fault);
    if (status) {
        return status;
    }
    struct recording_name name =
        new_name(recording, RECORDING_INIT, recording->row->init, now.utc_us);
    status = make_folder(recording, fault);
    if (!status) {
        status = append_init(recording, now, &name, init, fault);
    }
    if (!status) {
        recording->init = recording->row->init++;
    }
    return status;
}

/* ---- segments ---- */

/* What is said of a segment or of one of its parts. */
struct told {
    const struct segment *segment;
    int64_t part; /* -1 for a whole segment */
    int64_t utc_us;
    int64_t pts_us;
    int64_t duration_us;
    int64_t frames;
    bool starts_with_key;
    struct digest pt;
};

#define TOLD_FIELDS 15
#define TOLD_BYTES 13
#define TOLD_CT 14

static void tell(const struct recording *recording, const struct told *told,
                 struct numbers *numbers, char time[LINE_TIME_SIZE],
                 char pt[DIGEST_TEXT_SIZE], struct line_field *out)
{
    const struct segment *segment = told->segment;
    bool whole = told->part < 0;
    const struct line_field field[TOLD_FIELDS] = {
        {"camera", segment->name.camera},
        {"date", segment->name.date},
        {"n", number(numbers, segment->name.n)},
        {"part", whole ? NULL : number(numbers, told->part)},
        {"init", number(numbers, recording->init)},
        {"t0", line_time_text(told->utc_us, time)},
        {"pts", number(numbers, told->pts_us)},
        {"us", number(numbers, told->duration_us)},
        {"frames", number(numbers, told->frames)},
        {"key", told->starts_with_key ? "1" : "0"},
        {"pt", digest_text(told->pt, pt)},
        {"looks", whole ? number(numbers, segment->looks) : NULL},
        {"act", whole ? number(numbers, segment->activity) : NULL},
        {"bytes", NULL},
        {"ct", NULL},
    };
    memcpy(out, field, sizeof field);
}

/* Seal what a `told` speaks of to its file. Gives the fields of its line. */
static enum sting_status write_told(struct recording *recording,
                                    const struct told *told, struct bytes plain,
                                    struct ledger_blob *made,
                                    struct fault *fault)
{
    struct buffer note STING_AUTO(buffer_release) = {0};
    struct numbers numbers = {.used = 0};
    struct line_field field[TOLD_FIELDS];
    char time[LINE_TIME_SIZE];
    char pt[DIGEST_TEXT_SIZE];
    struct recording_name name = told->segment->name;
    name.kind = told->part < 0 ? RECORDING_SEGMENT : RECORDING_PART;
    name.part = told->part;
    tell(recording, told, &numbers, time, pt, field);
    enum sting_status status =
        line_note_write(&note, "part", field, TOLD_FIELDS);
    if (status) {
        return fault_set(fault, status, "", "the note of a recording: %s",
                         sting_status_text(status));
    }
    return write_sealed(recording->ledger, &name, buffer_text(&note), plain,
                        made, fault);
}

static enum sting_status append_seg(struct recording *recording,
                                    struct moment now, const struct told *told,
                                    const struct ledger_blob *made,
                                    struct fault *fault)
{
    struct numbers numbers = {.used = 0};
    struct line_field field[TOLD_FIELDS];
    char time[LINE_TIME_SIZE];
    char pt[DIGEST_TEXT_SIZE];
    char ct[DIGEST_TEXT_SIZE];
    tell(recording, told, &numbers, time, pt, field);
    field[TOLD_BYTES].value = number(&numbers, (int64_t)made->bytes);
    field[TOLD_CT].value = digest_text(made->ct, ct);
    return ledger_append(recording->ledger, now, "seg", field, TOLD_FIELDS,
                         NULL, fault);
}

static void remove_parts(const struct recording *recording,
                         const struct segment *segment)
{
    struct recording_name name = segment->name;
    char path[RECORDING_PATH_SIZE];
    name.kind = RECORDING_PART;
    for (name.part = 0; name.part < segment->parts; name.part++) {
        unlinkat(ledger_operation(recording->ledger),
                 recording_name_path(&name, path), 0);
    }
}

/* The order is what makes a crash harmless: the file, its line, and only
 * then the parts go. */
static enum sting_status seal(struct recording *recording,
                              struct segment *segment, struct moment now,
                              struct fault *fault)
{
    struct ledger_blob made = {.bytes = 0};
    if (!segment->is_open) {
        return STING_OK;
    }
    struct bytes plain = buffer_bytes(&segment->plain);
    const struct told told = {.segment = segment,
                              .part = -1,
                              .utc_us = segment->utc_us,
                              .pts_us = segment->pts_us,
                              .duration_us = segment->duration_us,
                              .frames = segment->frames,
                              .starts_with_key = segment->starts_with_key,
                              .pt = digest_of(plain)};
    enum sting_status status =
        write_told(recording, &told, plain, &made, fault);
    if (!status) {
        status = append_seg(recording, now, &told, &made, fault);
    }
    if (status) {
        return status;
    }
    remove_parts(recording, segment);
    buffer_wipe(&segment->plain);
    *segment = (struct segment){0};
    recording->row->segment++;
    return STING_OK;
}

enum sting_status recording_settle(struct recording *recording,
                                   struct moment now, struct fault *fault)
{
    return seal(recording, &recording->ended, now, fault);
}

enum sting_status recording_close(struct recording *recording,
                                  struct moment now, struct fault *fault)
{
    enum sting_status status = recording_settle(recording, now, fault);
    if (!status) {
        status = seal(recording, &recording->segment, now, fault);
    }
    if (!status) {
        recording->is_alerted = false;
    }
    return status;
}

static bool must_cut(const struct recording *recording,
                     const struct recording_fragment *next)
{
    const struct segment *segment = &recording->segment;
    int64_t expected_us = segment->pts_us + segment->duration_us;
    int64_t jump_us = next->pts_us - expected_us;
    if (!segment->is_open) {
        return false;
    }
    return segment->duration_us >= SEGMENT_MOST_US ||
           segment->plain.size + next->data.size > RECORDING_MOST_BYTES ||
           jump_us > HOLE_US || jump_us < -HOLE_US ||
           (next->starts_with_key &&
            (segment->duration_us >= SEGMENT_US || recording->is_alerted));
}

static enum sting_status begin_segment(struct recording *recording,
                                       const struct recording_fragment *first,
                                       struct fault *fault)
{
    struct segment *segment = &recording->segment;
    segment->name = new_name(recording, RECORDING_SEGMENT,
                             recording->row->segment + recording->ended.is_open,
                             first->utc_us);
    enum sting_status status = make_folder(recording, fault);
    if (status) {
        return status;
    }
    segment->is_open = true;
    segment->utc_us = first->utc_us;
    segment->pts_us = first->pts_us;
    segment->starts_with_key = first->starts_with_key;
    return STING_OK;
}

static enum sting_status add_part(struct recording *recording,
                                  const struct recording_fragment *fragment,
                                  struct fault *fault)
{
    struct segment *segment = &recording->segment;
    struct ledger_blob made = {.bytes = 0};
    const struct told told = {.segment = segment,
                              .part = segment->parts,
                              .utc_us = fragment->utc_us,
                              .pts_us = fragment->pts_us,
                              .duration_us = fragment->duration_us,
                              .frames = fragment->frames,
                              .starts_with_key = fragment->starts_with_key,
                              .pt = digest_of(fragment->data)};
    enum sting_status status =
        buffer_reserve(&segment->plain, fragment->data.size);
    if (status) {
        return fault_set(fault, status, "", "out of memory");
    }
    status = write_told(recording, &told, fragment->data, &made, fault);
    if (status) {
        return status;
    }
    segment->parts++;
    segment->frames += fragment->frames;
    segment->duration_us =
        fragment->pts_us + fragment->duration_us - segment->pts_us;
    recording->until_us = fragment->utc_us + fragment->duration_us;
    return buffer_append(&segment->plain, fragment->data);
}

/* The open segment ends; recording_settle() seals it. */
static void cut(struct recording *recording)
{
    recording->ended = recording->segment;
    recording->segment = (struct segment){0};
    recording->is_alerted = false;
}

enum sting_status recording_fragment(struct recording *recording,
                                     struct moment now,
                                     const struct recording_fragment *fragment,
                                     struct fault *fault)
{
    if (fragment->data.size > RECORDING_MOST_BYTES) {
        return fault_set(fault, STING_E_LIMIT, "",
                         "a fragment of %zu bytes is too large",
                         fragment->data.size);
    }
    if (recording->init < 0 || fragment->data.size == 0 ||
        fragment->duration_us < 0 || fragment->frames < 0 ||
        fragment->utc_us < 0) {
        return fault_set(fault, STING_E_ARG, "",
                         "this is no fragment of a recording");
    }
    enum sting_status status = recording_settle(recording, now, fault);
    if (!status && must_cut(recording, fragment)) {
        cut(recording);
    }
    if (!status && !recording->segment.is_open) {
        status = begin_segment(recording, fragment, fault);
    }
    if (!status) {
        status = add_part(recording, fragment, fault);
        recording->segment.is_open = recording->segment.parts > 0;
    }
    return status;
}

void recording_look(struct recording *recording, unsigned looks,
                    unsigned activity)
{
    struct segment *segment = &recording->segment;
    activity = activity > 255 ? 255 : activity;
    segment->looks += looks;
    segment->activity =
        activity > segment->activity ? activity : segment->activity;
}

void recording_alert(struct recording *recording)
{
    recording->is_alerted = recording->segment.is_open;
}

int64_t recording_until_us(const struct recording *recording)
{
    return recording->until_us;
}
