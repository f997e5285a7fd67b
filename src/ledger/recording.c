#include "ledger/recording.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/recording_state.h"

#define SEGMENT_US (8 * INT64_C(1000000))       /* cut at the next keyframe */
#define SEGMENT_MOST_US (12 * INT64_C(1000000)) /* cut anywhere */
#define HOLE_US 100000 /* a jump in time starts a new segment */

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
    if (!recording ||
        syncer_new(ledger_operation(ledger), &recording->syncer)) {
        free(recording);
        return fault_set(fault, STING_E_NOMEM, "", "out of memory");
    }
    recording->ledger = ledger;
    recording->row = row;
    recording->init = -1;
    *out = recording;
    return STING_OK;
}

enum sting_status recording_background(struct recording *recording,
                                       struct fault *fault)
{
    return syncer_start(recording->syncer, fault);
}

void recording_free(struct recording **recording)
{
    if (*recording) {
        syncer_free(&(*recording)->syncer);
        buffer_wipe(&(*recording)->segment.plain);
        buffer_wipe(&(*recording)->ended.plain);
        age_ahead_wipe(&(*recording)->ahead);
    }
    free(*recording);
    *recording = NULL;
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
        status = recording_tell_init(recording, now, &name, init, fault);
    }
    if (!status) {
        recording->init = recording->row->init++;
    }
    return status;
}

/* ---- segments ---- */

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

/* All of a segment. */
static struct told told_whole(const struct segment *segment)
{
    return (struct told){.segment = segment,
                         .part = -1,
                         .utc_us = segment->utc_us,
                         .pts_us = segment->pts_us,
                         .duration_us = segment->duration_us,
                         .frames = segment->frames,
                         .starts_with_key = segment->starts_with_key,
                         .has_clock = segment->has_clock,
                         .clock_us = segment->clock_us,
                         .pt = segment->pt};
}

/* The segment that has ended becomes one file, once there is room for it. */
static enum sting_status ended_put(struct recording *recording,
                                   struct fault *fault)
{
    struct segment *ended = &recording->ended;
    struct bytes plain = buffer_bytes(&ended->plain);
    if (ended->put || !syncer_has_room(recording->syncer, plain.size)) {
        return STING_OK;
    }
    ended->pt = digest_of(plain);
    const struct told told = told_whole(ended);
    enum sting_status status = recording_put(recording, &told, plain,
                                             &ended->made, &ended->put, fault);
    if (!status) {
        buffer_wipe(&ended->plain);
    }
    return status == STING_E_BUSY ? STING_OK : status;
}

/* The order is what makes a crash harmless: the file, its line, and only
 * then the parts go. */
static enum sting_status ended_settle(struct recording *recording,
                                      struct moment now, struct fault *fault)
{
    struct segment *ended = &recording->ended;
    const struct told told = told_whole(ended);
    enum sting_status status =
        recording_tell(recording, now, &told, &ended->made, fault);
    if (!status) {
        remove_parts(recording, ended);
        *ended = (struct segment){0};
        recording->row->segment++;
    }
    return status;
}

/* What is durable by now counts as recorded. */
static enum sting_status fresh_settle(struct recording *recording,
                                      uint64_t *durable, struct fault *fault)
{
    enum sting_status status =
        syncer_durable(recording->syncer, durable, fault);
    while (!status && recording->fresh_count > 0 &&
           recording->fresh[recording->fresh_first].put <= *durable) {
        recording->until_us = recording->fresh[recording->fresh_first].until_us;
        recording->fresh_first = (recording->fresh_first + 1) % MOST_FRESH;
        recording->fresh_count--;
    }
    return status;
}

/* Another fragment will come. */
static enum sting_status part_prepare(struct recording *recording,
                                      struct fault *fault)
{
    const struct age_to to = ledger_recipients(recording->ledger);
    enum sting_status status = age_ahead_make(
        &to, ledger_random(recording->ledger), &recording->ahead);
    return status ? fault_set(fault, status, "",
                              "a recording cannot be sealed: %s",
                              sting_status_text(status))
                  : STING_OK;
}

enum sting_status recording_settle(struct recording *recording,
                                   struct moment now, struct fault *fault)
{
    uint64_t durable = 0;
    enum sting_status status = STING_OK;
    if (recording->ended.is_open) {
        status = ended_put(recording, fault);
    }
    if (!status) {
        status = fresh_settle(recording, &durable, fault);
    }
    if (!status && recording->ended.put && recording->ended.put <= durable) {
        status = ended_settle(recording, now, fault);
    }
    if (!status && recording->segment.is_open) {
        status = part_prepare(recording, fault);
    }
    return status;
}

enum sting_status recording_wait(struct recording *recording, struct moment now,
                                 struct fault *fault)
{
    enum sting_status status = STING_OK;
    do {
        status = syncer_wait(recording->syncer, fault);
        if (!status) {
            status = recording_settle(recording, now, fault);
        }
    } while (!status && recording->ended.is_open);
    return status;
}

/* The open segment ends; recording_settle() seals it. */
static void cut(struct recording *recording)
{
    recording->ended = recording->segment;
    recording->segment = (struct segment){0};
    recording->is_alerted = false;
}

enum sting_status recording_close(struct recording *recording,
                                  struct moment now, struct fault *fault)
{
    enum sting_status status = recording_wait(recording, now, fault);
    if (!status && recording->segment.is_open) {
        cut(recording);
        status = recording_wait(recording, now, fault);
    }
    if (!status) {
        recording->is_alerted = false;
    }
    return status;
}

bool recording_has_room(struct recording *recording)
{
    return !recording->ended.is_open &&
           recording->fresh_count < SYNCER_MOST_FILES / 4 &&
           syncer_has_room(recording->syncer, SYNCER_MOST_BYTES / 2);
}

bool recording_ended(struct recording *recording)
{
    if (!recording->ended.is_open && recording->segment.is_open) {
        cut(recording);
    }
    return !recording->ended.is_open && recording->fresh_count == 0;
}

/* Is there no way to go on with the open segment? */
static bool cannot_go_on(const struct recording *recording,
                         const struct recording_fragment *next)
{
    const struct segment *segment = &recording->segment;
    int64_t jump_us = next->pts_us - (segment->pts_us + segment->duration_us);
    return segment->is_open &&
           (segment->plain.size + next->data.size > RECORDING_MOST_BYTES ||
            jump_us > HOLE_US || jump_us < -HOLE_US);
}

static bool must_cut(const struct recording *recording,
                     const struct recording_fragment *next)
{
    const struct segment *segment = &recording->segment;
    return cannot_go_on(recording, next) ||
           (segment->is_open &&
            (segment->duration_us >= SEGMENT_MOST_US ||
             (next->starts_with_key &&
              (segment->duration_us >= SEGMENT_US || recording->is_alerted))));
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
    struct fresh fresh = {0, fragment->utc_us + fragment->duration_us};
    const struct told told = {.segment = segment,
                              .part = segment->parts,
                              .utc_us = fragment->utc_us,
                              .pts_us = fragment->pts_us,
                              .duration_us = fragment->duration_us,
                              .frames = fragment->frames,
                              .starts_with_key = fragment->starts_with_key,
                              .has_clock = fragment->camera_us > 0,
                              .clock_us =
                                  fragment->camera_us - fragment->utc_us,
                              .pt = digest_of(fragment->data)};
    enum sting_status status =
        buffer_reserve(&segment->plain, fragment->data.size);
    if (status) {
        return fault_set(fault, status, "", "out of memory");
    }
    status = recording_put(recording, &told, fragment->data, NULL, &fresh.put,
                           fault);
    if (status) {
        return status;
    }
    recording->fresh[(recording->fresh_first + recording->fresh_count++) %
                     MOST_FRESH] = fresh;
    segment->parts++;
    segment->frames += fragment->frames;
    if (!segment->has_clock) {
        segment->has_clock = told.has_clock;
        segment->clock_us = told.clock_us;
    }
    segment->duration_us =
        fragment->pts_us + fragment->duration_us - segment->pts_us;
    return buffer_append(&segment->plain, fragment->data);
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
    if (!status && recording->ended.is_open &&
        cannot_go_on(recording, fragment)) {
        status = fault_set(fault, STING_E_BUSY, "", "the disk is too slow");
    } else if (!status && !recording->ended.is_open &&
               must_cut(recording, fragment)) {
        cut(recording);
    }
    if (!status && !recording->segment.is_open) {
        status = begin_segment(recording, fragment, fault);
    }
    if (!status) {
        status = add_part(recording, fragment, fault);
        recording->segment.is_open = recording->segment.parts > 0;
    }
    if (!status) { /* without a thread it is durable by now */
        uint64_t durable = 0;
        status = fresh_settle(recording, &durable, fault);
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
