/* What a camera worker says. It decodes hostile streams, so every number is
 * held to what can be before it goes on. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ledger/boxes.h"
#include "ledger/line.h"
#include "station/camera.h"
#include "station/console.h"
#include "station/glimpse.h"
#include "station/viewing.h"

#define SECOND_US INT64_C(1000000)
#define MOST_LATE_US (60 * SECOND_US)
#define STILL_US (60 * SECOND_US) /* between two reasons that are told */
#define MOST_DURATION_US (60 * SECOND_US)
#define MOST_PTS_US (INT64_C(200) * 365 * 86400 * SECOND_US)
#define MOST_CAMERA_US INT64_C(2085978496000000) /* the end of NTP's era */
#define MOST_FRAMES 100000
#define MOST_PX 65535
#define MOST_LOOKS 1000000
#define TALK_US (10 * SECOND_US)
#define MOST_TALK 100 /* messages in that time that cost a line each */

/* The worker's word on when, as far as it can be true: no more than a
 * minute ago and not in the future. */
static int64_t utc_bounded(int64_t utc_us, struct moment now)
{
    bool is_likely = utc_us <= now.utc_us && utc_us > now.utc_us - MOST_LATE_US;
    return is_likely ? utc_us : now.utc_us;
}

static bool between(int64_t value, int64_t least, int64_t most)
{
    return value >= least && value <= most;
}

/* Something is odd about a camera that goes on. */
static void remark_tell(struct camera *camera, struct moment now,
                        const char *why)
{
    const struct line_field field[] = {
        {"camera", camera->config->name},
        {"state", "remark"},
        {"source", camera_url_source(&camera->url)},
        {"why", why}};
    const struct tale tale = {
        .event = "camera", .state = "remark", .camera = camera->config->name};
    tell(camera->desk->teller, &tale, "camera %s: %s", camera->config->name,
         why);
    desk_line(camera->desk, now, "camera", field, sizeof field / sizeof *field);
}

/* One that is tried again and again may change its reason as often. */
void camera_still_lost(struct camera *camera, struct moment now)
{
    char why[sizeof camera->why + 20];
    bool is_soon =
        camera->still_us && now.boot_us - camera->still_us < STILL_US;
    if (is_soon || !strcmp(camera->why, camera->told_why)) {
        return;
    }
    memcpy(camera->told_why, camera->why, sizeof camera->told_why);
    camera->still_us = now.boot_us;
    snprintf(why, sizeof why, "still NO PICTURE: %s", camera->why);
    remark_tell(camera, now, why);
}

static void remark(struct camera *camera, struct moment now)
{
    snprintf(camera->remark, sizeof camera->remark, "%s",
             buffer_text(&camera->from_worker.payload));
    text_clean(camera->remark);
    remark_tell(camera, now, camera->remark);
}

static void clock_take(struct camera *camera, struct moment now,
                       const struct recording_fragment *fragment)
{
    char why[CAMERA_CLOCK_SIZE];
    if (camera_clock_take(&camera->clock, fragment->utc_us, fragment->camera_us,
                          now, why)) {
        remark_tell(camera, now, why);
    }
}

static bool state_take(struct camera *camera, const struct wire_head *head,
                       struct moment now)
{
    int64_t state = head->number[0];
    if (!between(state, 0, CAMERA_STATES - 1) ||
        !between(head->number[1], 0, 1)) {
        return false;
    }
    if (state == CAMERA_STATE_LOST) {
        /* The relay's word on why is the better one, and came before. */
        if (camera->relay.pid > 0) {
            camera_relay_ready(camera, now);
        }
        if (!camera->why[0] || camera->is_why_old) {
            snprintf(camera->why, sizeof camera->why, "%s",
                     buffer_text(&camera->from_worker.payload));
            text_clean(camera->why);
            camera->is_why_old = false;
        }
        camera->is_soon = head->number[1] == 1;
        camera->is_ours = head->number[2] == 1 && !camera->is_lost;
        camera_lost(camera, now);
    }
    if (state == CAMERA_STATE_REMARK) {
        remark(camera, now);
    }
    if (state == CAMERA_STATE_ENDED && camera->url.kind == CAMERA_CLIP) {
        const struct tale tale = {
            .event = "camera", .state = "over", .camera = camera->config->name};
        tell(camera->desk->teller, &tale, "camera %s: the clip is over",
             camera->config->name);
        camera_stop(camera, now, "the clip is over");
    }
    return true;
}

static bool init_take(struct camera *camera, const struct wire_head *head,
                      struct moment now)
{
    const uint32_t tag = (uint32_t)head->number[2];
    const char letter[4] = {(char)tag, (char)(tag >> 8), (char)(tag >> 16),
                            (char)(tag >> 24)};
    if (!between(head->number[0], 1, MOST_PX) ||
        !between(head->number[1], 1, MOST_PX) ||
        head->number[3] != (int64_t)camera->config->masks ||
        !between(head->number[4], 0, camera->url.kind == CAMERA_DEVICE) ||
        camera->from_worker.payload.size == 0) {
        return false;
    }
    camera_rest_end(camera, now); /* what is held is of the stream before */
    roll_clear(&camera->recent);
    camera_page_begin(camera);
    camera->init.size = 0;
    if (buffer_append(&camera->init,
                      buffer_bytes(&camera->from_worker.payload))) {
        return false;
    }
    boxes_codec(letter, camera->codec);
    camera->init_facts =
        (struct recording_init){.file = buffer_bytes(&camera->init),
                                .width_px = (int)head->number[0],
                                .height_px = (int)head->number[1],
                                .codec = camera->codec,
                                .masks = (int)camera->config->masks,
                                .raw = head->number[4] == 1};
    camera->has_init = false;
    console_init(camera->desk->console, camera->index,
                 buffer_bytes(&camera->init));
    return true;
}

/* Pictures behind a beginning: when, how long, a keyframe first, how many. */
static bool is_stretch(const struct camera *camera, const int64_t *number)
{
    return camera->init.size > 0 && camera->from_worker.payload.size > 0 &&
           between(number[0], -MOST_PTS_US, MOST_PTS_US) &&
           between(number[1], 1, MOST_DURATION_US) &&
           between(number[2], 0, 1) && between(number[3], 1, MOST_FRAMES);
}

/* For people who look now: nothing of it is recorded. */
static bool piece_take(struct camera *camera, const struct wire_head *head,
                       struct moment now)
{
    const int64_t *number = head->number;
    if (!is_stretch(camera, number)) {
        return false;
    }
    const struct viewing_piece piece = {.end_us = number[0] + number[1],
                                        .utc_us = utc_bounded(number[4], now),
                                        .duration_us = number[1],
                                        .starts_with_key = number[2] == 1};
    console_piece(camera->desk->console, camera->index, &piece,
                  buffer_bytes(&camera->from_worker.payload));
    return true;
}

static bool fragment_take(struct camera *camera, const struct wire_head *head,
                          struct moment now)
{
    const int64_t *number = head->number;
    if (!is_stretch(camera, number) || !between(number[5], 0, MOST_CAMERA_US)) {
        return false;
    }
    const struct recording_fragment fragment = {
        .data = buffer_bytes(&camera->from_worker.payload),
        .pts_us = number[0],
        .duration_us = number[1],
        .utc_us = utc_bounded(number[4], now),
        .camera_us = number[5],
        .frames = number[3],
        .starts_with_key = number[2] == 1};
    camera->alive_us = now.boot_us;
    if (!camera->is_on) {
        camera_found(camera, now, fragment.utc_us);
    }
    clock_take(camera, now, &fragment);
    if (camera->desk->films) { /* what does not fit is not sent */
        (void)!roll_add(&camera->recent, &fragment, GLIMPSE_BEFORE_US);
    }
    camera_record(camera, now, &fragment);
    return true;
}

static bool look_take(struct camera *camera, const struct wire_head *head,
                      struct moment now)
{
    int64_t looks = head->number[3] - camera->looks_seen;
    if (!between(head->number[2], 0, 255) || !between(looks, 0, MOST_LOOKS) ||
        !between(head->number[4], 0, INCIDENT_MOST_PERSONS) ||
        !between(head->number[5], 0, NEWS_WORTHS - 1)) {
        return false;
    }
    camera->news = (enum news_worth)head->number[5];
    incidents_persons(camera->desk->incidents, camera->index,
                      (int)head->number[4], now);
    camera->looks_seen = head->number[3];
    camera_looked(camera, (unsigned)looks, (unsigned)head->number[2]);
    return true;
}

static bool observation_take(struct camera *camera,
                             const struct wire_head *head, struct moment now)
{
    const int64_t *number = head->number;
    if (!between(number[0], 0, INCIDENT_KINDS - 1) ||
        number[0] == INCIDENT_LOSS ||
        !between(number[1], 0, OBSERVATION_EDGES - 1) ||
        !between(number[4], -1, (int64_t)camera->config->zones - 1)) {
        return false;
    }
    if (number[0] == INCIDENT_LEARNING) {
        camera->is_learning = number[1] == OBSERVATION_BEGINS;
    }
    int64_t utc_us = utc_bounded(number[2], now);
    const struct observation observation = {
        .camera = camera->index,
        .zone = (int)number[4],
        .kind = (enum incident_kind)number[0],
        .begins = number[1] == OBSERVATION_BEGINS,
        .is_cut = number[1] == OBSERVATION_CUT,
        .at = {utc_us, now.boot_us - (now.utc_us - utc_us)},
        .looked = now,
        .score = (double)number[3] / 1000};
    bool is_taken =
        incidents_observe(camera->desk->incidents, &observation) == STING_OK;
    if (observation.kind == INCIDENT_PERSON && observation.begins) {
        page_touch_join(camera->desk->touch, camera->desk->incidents,
                        camera->index, now);
    }
    return is_taken;
}

typedef bool (*take_function)(struct camera *camera,
                              const struct wire_head *head, struct moment now);

static const take_function take[WIRE_KINDS] = {
    [WIRE_CAMERA_STATE] = state_take,
    [WIRE_CAMERA_INIT] = init_take,
    [WIRE_CAMERA_FRAGMENT] = fragment_take,
    [WIRE_CAMERA_PIECE] = piece_take,
    [WIRE_CAMERA_LOOK] = look_take,
    [WIRE_CAMERA_OBSERVATION] = observation_take,
    [WIRE_CAMERA_SIGHT] = camera_sight_take,
    [WIRE_CAMERA_PAGE] = camera_page_take,
};

/* A worker that was taken over may not drown the ledger. */
static bool talks_too_much(struct camera *camera, uint32_t kind,
                           struct moment now)
{
    if (kind == WIRE_CAMERA_FRAGMENT || kind == WIRE_CAMERA_LOOK ||
        kind == WIRE_CAMERA_PIECE) {
        return false;
    }
    if (now.boot_us - camera->talk_us > TALK_US) {
        camera->talk_us = now.boot_us;
        camera->talk = 0;
    }
    return ++camera->talk > MOST_TALK;
}

bool camera_message_take(struct camera *camera, struct moment now)
{
    /* A copy: stopping the worker clears the reader. */
    const struct wire_head head = camera->from_worker.head;
    return head.kind < WIRE_KINDS && take[head.kind] &&
           !talks_too_much(camera, head.kind, now) &&
           take[head.kind](camera, &head, now);
}
