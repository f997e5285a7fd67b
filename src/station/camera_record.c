/* What becomes of a camera's fragments: recorded, or, where only incidents
 * are recorded and there is none, held for a while and let go. */
#include <stdio.h>

#include "ledger/line.h"
#include "station/camera.h"

#define SECOND_US INT64_C(1000000)
#define BEFORE_US (10 * SECOND_US) /* recorded from before an incident */
#define REST_US (60 * SECOND_US)   /* told at least so often */
#define MOST_DROP_US (15 * SECOND_US)
#define MOST_AT_ONCE 4 /* of what was held: nobody waits long */

/* Give the recording its init before the first fragment of a stream. */
static bool recording_begin(struct camera *camera, struct moment now)
{
    struct fault fault = {"", ""};
    if (camera->has_init) {
        return true;
    }
    if (recording_init(camera->recording, now, &camera->init_facts, &fault)) {
        desk_break(camera->desk, &fault);
        return false;
    }
    camera->has_init = true;
    return true;
}

static bool can_record(const struct camera *camera)
{
    const struct desk *desk = camera->desk;
    return desk->core && !desk->is_broken && desk->has_room &&
           camera->recording;
}

/* The disk does not keep up: what comes is lost, and that is told. */
static void drop_begin(struct camera *camera, int64_t from_us)
{
    const struct tale tale = {
        .event = "record", .state = "slow", .camera = camera->config->name};
    camera->dropped_from_us = from_us;
    tell(camera->desk->teller, &tale,
         "camera %s: THE DISK IS TOO SLOW: PICTURES ARE LOST until it has "
         "written what waits",
         camera->config->name);
}

void camera_drop_end(struct camera *camera, struct moment now, int64_t to_us)
{
    const struct tale tale = {
        .event = "record", .state = "again", .camera = camera->config->name};
    if (!camera->dropped_from_us) {
        return;
    }
    camera_gap(camera, now, "lost", camera->dropped_from_us, to_us);
    tell(camera->desk->teller, &tale,
         "camera %s: recorded again; %.1f s are lost", camera->config->name,
         (double)(to_us - camera->dropped_from_us) / 1e6);
    camera->dropped_from_us = 0;
}

/* After losing some, go on once all is written, where a player can begin. */
static bool is_dropped(struct camera *camera, struct moment now,
                       const struct recording_fragment *fragment)
{
    if (!camera->dropped_from_us) {
        return false;
    }
    bool goes_on = recording_ended(camera->recording) &&
                   (fragment->starts_with_key ||
                    fragment->utc_us - camera->dropped_from_us > MOST_DROP_US);
    if (goes_on) {
        camera_drop_end(camera, now, fragment->utc_us);
    }
    return !goes_on;
}

void camera_settle(struct camera *camera, struct moment now)
{
    struct fault fault = {"", ""};
    if (camera->recording && camera->desk->core && !camera->desk->is_broken &&
        recording_settle(camera->recording, now, &fault)) {
        desk_break(camera->desk, &fault);
    }
}

static void record(struct camera *camera, struct moment now,
                   const struct recording_fragment *fragment)
{
    struct fault fault = {"", ""};
    if (!can_record(camera)) {
        return;
    }
    if (!camera->has_init && !fragment->starts_with_key &&
        now.boot_us < camera->key_until_us) {
        return; /* after a pause, go on where a player can begin */
    }
    camera_settle(camera, now);
    if (is_dropped(camera, now, fragment) || !recording_begin(camera, now)) {
        return;
    }
    enum sting_status status =
        recording_fragment(camera->recording, now, fragment, &fault);
    if (status == STING_E_BUSY) {
        drop_begin(camera, fragment->utc_us);
    } else if (status) {
        desk_break(camera->desk, &fault);
    }
    camera_settle(camera, now);
}

/* While the camera learns it cannot tell an incident. */
static bool is_kept(const struct camera *camera)
{
    const struct config *config = operation_config(camera->desk->operation);
    return config->record == CONFIG_ALWAYS || camera->is_learning ||
           incidents_open(camera->desk->incidents);
}

/* Watched and not kept from rest_from_us until then. */
static void rest_line(struct camera *camera, struct moment now, int64_t to_us)
{
    char from[LINE_TIME_SIZE], to[LINE_TIME_SIZE], looks[24], activity[8];
    snprintf(looks, sizeof looks, "%llu",
             (unsigned long long)camera->rest_looks);
    snprintf(activity, sizeof activity, "%u", camera->rest_activity);
    const struct line_field field[] = {
        {"camera", camera->config->name},
        {"from", line_time_text(camera->rest_from_us, from)},
        {"to", line_time_text(to_us, to)},
        {"looks", looks},
        {"act", activity}};
    if (to_us > camera->rest_from_us) {
        desk_line(camera->desk, now, "rest", field,
                  sizeof field / sizeof *field);
        camera->rest_from_us = to_us;
        camera->rest_looks = 0;
        camera->rest_activity = 0;
    }
}

/* What is held comes at once, and none of it shall be lost to a slow disk. */
static bool held_wait(struct camera *camera, struct moment now, bool all)
{
    struct fault fault = {"", ""};
    if (!can_record(camera) || recording_has_room(camera->recording)) {
        return true;
    }
    if (all && recording_wait(camera->recording, now, &fault)) {
        desk_break(camera->desk, &fault);
    }
    return all;
}

/* Record the oldest of what is held: all of it, or as much as goes at once
 * and as the disk takes. */
static void held_record(struct camera *camera, struct moment now, int most)
{
    const struct recording_fragment *piece;
    const bool all = most == ROLL_MOST;
    while (most-- > 0 && (piece = roll_oldest(&camera->roll)) &&
           held_wait(camera, now, all)) {
        record(camera, now, piece);
        roll_drop(&camera->roll);
    }
}

static void rest_begin(struct camera *camera, struct moment now,
                       const struct recording_fragment *fragment)
{
    struct fault fault = {"", ""};
    held_record(camera, now, ROLL_MOST);
    if (recording_close(camera->recording, now, &fault)) {
        desk_break(camera->desk, &fault);
    }
    camera_drop_end(camera, now, fragment->utc_us);
    int64_t until_us = recording_until_us(camera->recording);
    bool follows = camera->has_init && until_us > 0;
    camera->rest_from_us = follows ? until_us : fragment->utc_us;
    camera->rest_looks = 0;
    camera->rest_activity = 0;
    camera->has_init = false;
}

static void rest(struct camera *camera, struct moment now,
                 const struct recording_fragment *fragment)
{
    if (!camera->rest_from_us) {
        rest_begin(camera, now, fragment);
    }
    camera->rest_until_us = fragment->utc_us + fragment->duration_us;
    /* What does not fit is not held: then less is kept from before. */
    (void)!roll_add(&camera->roll, fragment, BEFORE_US);
    const struct recording_fragment *oldest = roll_oldest(&camera->roll);
    if (oldest && oldest->utc_us - camera->rest_from_us > REST_US) {
        rest_line(camera, now, oldest->utc_us);
    }
}

void camera_record(struct camera *camera, struct moment now,
                   const struct recording_fragment *fragment)
{
    if (!can_record(camera)) {
        return;
    }
    if (!is_kept(camera)) {
        rest(camera, now, fragment);
        return;
    }
    /* In order: behind what is still held from before the incident. */
    camera_keep(camera, now);
    if (!roll_oldest(&camera->roll) ||
        roll_add(&camera->roll, fragment, INT64_MAX / 2)) {
        held_record(camera, now, ROLL_MOST);
        record(camera, now, fragment);
    }
}

void camera_keep(struct camera *camera, struct moment now)
{
    if (!is_kept(camera) || !can_record(camera)) {
        return;
    }
    if (camera->rest_from_us) {
        const struct recording_fragment *oldest = roll_oldest(&camera->roll);
        rest_line(camera, now, oldest ? oldest->utc_us : camera->rest_until_us);
        camera->rest_from_us = 0;
    }
    held_record(camera, now, MOST_AT_ONCE);
}

/* A loss is an incident, which begins when this camera's pictures end. */
static bool is_held_kept(const struct camera *camera)
{
    return can_record(camera) &&
           (camera->is_lost || incidents_open(camera->desk->incidents));
}

void camera_rest_end(struct camera *camera, struct moment now)
{
    if (camera->rest_from_us && !is_held_kept(camera)) {
        roll_clear(&camera->roll);
    }
    if (camera->rest_from_us) {
        const struct recording_fragment *oldest = roll_oldest(&camera->roll);
        rest_line(camera, now, oldest ? oldest->utc_us : camera->rest_until_us);
        camera->lost_from_us = camera->rest_until_us;
    }
    camera->rest_from_us = 0;
    held_record(camera, now, ROLL_MOST);
}

void camera_looked(struct camera *camera, unsigned looks, unsigned activity)
{
    if (camera->rest_from_us) {
        camera->rest_looks += looks;
        if (activity > camera->rest_activity) {
            camera->rest_activity = activity;
        }
    } else if (camera->recording) {
        recording_look(camera->recording, looks, activity);
    }
}
