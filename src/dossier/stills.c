/* Pictures of incidents, from the recording, through the player worker. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "dossier/collect.h"
#include "operation/footage.h"
#include "operation/player_worker.h"

#define MOST_PICTURES 8                /* of one incident */
#define APART_US INT64_C(1500000)      /* nearer ones show the same */
#define AT_ONCE_US INT64_C(300000000)  /* opened in one piece */
#define OPEN_END_US INT64_C(60000000)  /* of an incident that goes on */
#define AFTER_FIRST_US INT64_C(200000) /* a figure fully in the picture */

static void words_set(struct dossier_picture *picture, int64_t start_us)
{
    int64_t after_us = picture->at_us - start_us;
    (void)snprintf(picture->shows, sizeof picture->shows,
                   "%.0f s %s the beginning", fabs((double)after_us) / 1e6,
                   after_us < 0 ? "before" : "after");
}

/* Evenly spread over the incident, the first soon after its beginning, and
 * the last before its end, which may be the recording's. */
static enum sting_status times_choose(struct dossier_incident *incident)
{
    int64_t end_us =
        incident->end_us ? incident->end_us : incident->start_us + OPEN_END_US;
    int64_t length_us = end_us - incident->start_us;
    size_t count =
        length_us < APART_US ? 1 : (size_t)(length_us / APART_US) + 1;
    count = count > MOST_PICTURES ? MOST_PICTURES : count;
    for (size_t i = 0; i < count; i++) {
        struct dossier_picture *picture = array_add(
            &incident->picture, &incident->pictures, sizeof *incident->picture);
        if (!picture) {
            return STING_E_NOMEM;
        }
        picture->at_us = incident->start_us + AFTER_FIRST_US;
        if (count > 1) {
            picture->at_us += (int64_t)i * (length_us - 2 * AFTER_FIRST_US) /
                              (int64_t)(count - 1);
        }
        words_set(picture, incident->start_us);
    }
    return STING_OK;
}

struct taking {
    struct dossier_picture *picture[MOST_PICTURES]; /* that can be there */
    size_t pictures;
    int64_t start_us; /* of the incident */
    struct footage footage;
};

static void taking_release(struct taking *taking)
{
    footage_release(&taking->footage);
}

/* Width and height as the JPEG's frame header has them; it comes from a worker
 * that read what strangers made. */
static void size_read(struct dossier_picture *picture)
{
    struct bytes left = buffer_bytes(&picture->jpeg);
    picture->width_px = picture->height_px = 0;
    if (left.size < 4 || left.data[0] != 0xff || left.data[1] != 0xd8) {
        return;
    }
    left = (struct bytes){left.data + 2, left.size - 2};
    while (left.size >= 9 && left.data[0] == 0xff) {
        uint8_t marker = left.data[1];
        size_t size = 2U + (size_t)(left.data[2] << 8 | left.data[3]);
        bool is_frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
                        marker != 0xc8 && marker != 0xcc;
        if (is_frame) {
            picture->height_px = left.data[5] << 8 | left.data[6];
            picture->width_px = left.data[7] << 8 | left.data[8];
            return;
        }
        if (size < 4 || size > left.size) {
            return;
        }
        left = (struct bytes){left.data + size, left.size - size};
    }
}

static enum sting_status still_take(void *context, size_t index, int64_t pts_us,
                                    struct bytes jpeg)
{
    struct taking *taking = context;
    if (index >= taking->pictures) {
        return STING_E_FORMAT;
    }
    /* The moment asked for may lie behind the picture shown then. */
    struct dossier_picture *picture = taking->picture[index];
    picture->at_us = footage_utc_us(&taking->footage, pts_us);
    words_set(picture, taking->start_us);
    picture->jpeg.size = 0;
    enum sting_status status = buffer_append(&picture->jpeg, jpeg);
    if (!status) {
        size_read(picture);
    }
    return status;
}

/* Of one film, those moments at which a picture was recorded. */
static enum sting_status film_take(struct taking *taking,
                                   struct dossier_picture *picture,
                                   size_t count, struct fault *fault)
{
    struct player_worker *worker STING_AUTO(player_worker_free) = NULL;
    const struct footage *footage = &taking->footage;
    int64_t at_us[MOST_PICTURES];
    for (size_t i = 0; i < count; i++) {
        int64_t *at = &at_us[taking->pictures];
        if (!footage_pts(footage, picture[i].at_us, at)) {
            taking->picture[taking->pictures++] = &picture[i];
        }
    }
    if (taking->pictures == 0) {
        return STING_OK;
    }
    enum sting_status status = player_worker_new(&worker, fault);
    if (!status) {
        status = player_load(worker, buffer_bytes(&footage->init),
                             buffer_bytes(&footage->fragments), fault);
    }
    return status ? status
                  : player_stills(worker, at_us, taking->pictures, still_take,
                                  taking, fault);
}

/* How many pictures lie before the camera's next film. */
static size_t before_next(const struct footage *footage,
                          const struct dossier_picture *picture, size_t count)
{
    size_t before = footage->goes_on_line ? 1 : count;
    while (before < count && picture[before].at_us < footage->goes_on_us) {
        before++;
    }
    return before;
}

/* A worker of its own for each film: a recording that breaks one costs the
 * pictures of that film. Gives how many pictures are done with. */
static size_t piece_take(const struct operation *operation,
                         const struct operation_keys *keys,
                         const struct dossier_incident *incident,
                         struct dossier_picture *picture, size_t count)
{
    struct taking taking STING_AUTO(taking_release) = {.start_us =
                                                           incident->start_us};
    struct fault fault = {"", ""};
    struct footage_stretch stretch = {incident->camera, picture[0].at_us,
                                      picture[count - 1].at_us + 1, 0};
    enum sting_status status =
        footage_open(operation_dir(operation), &keys->identity, &stretch,
                     &taking.footage, &fault);
    count = before_next(&taking.footage, picture, count);
    if (!status) {
        status = film_take(&taking, picture, count, &fault);
    }
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(
            picture[i].why_not, sizeof picture[i].why_not, "%s",
            fault.why[0] ? fault.why
            : status     ? sting_status_text(status)
                     : "the sealed recording has no picture of that moment");
    }
    return count;
}

enum sting_status dossier_stills(const struct operation *operation,
                                 const struct operation_keys *keys,
                                 struct dossier *dossier)
{
    for (size_t i = 0; i < dossier->incidents; i++) {
        struct dossier_incident *incident = &dossier->incident[i];
        enum sting_status status = times_choose(incident);
        if (status) {
            return status;
        }
        int64_t length_us = incident->picture[incident->pictures - 1].at_us -
                            incident->picture[0].at_us;
        size_t at = 0;
        while (at < incident->pictures) {
            size_t left = incident->pictures - at;
            at += piece_take(operation, keys, incident, incident->picture + at,
                             length_us > AT_ONCE_US ? 1 : left);
        }
    }
    return STING_OK;
}
