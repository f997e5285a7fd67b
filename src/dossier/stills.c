/* Pictures of incidents, from the recording, through the player worker. */
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

/* Evenly spread over the incident, the first soon after its beginning. */
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
        picture->at_us =
            incident->start_us + AFTER_FIRST_US +
            (count > 1 ? (int64_t)i * length_us / (int64_t)(count - 1) : 0);
        (void)snprintf(picture->shows, sizeof picture->shows,
                       "%.0f s after the beginning",
                       (double)(picture->at_us - incident->start_us) / 1e6);
    }
    return STING_OK;
}

struct taking {
    struct dossier_picture *picture;
    const struct footage *footage;
};

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
    struct dossier_picture *picture = &taking->picture[index];
    picture->at_us += pts_us - footage_pts(taking->footage, picture->at_us);
    picture->jpeg.size = 0;
    enum sting_status status = buffer_append(&picture->jpeg, jpeg);
    if (!status) {
        size_read(picture);
    }
    return status;
}

static enum sting_status stills_load(const struct taking *taking, size_t count,
                                     struct player_worker *worker,
                                     struct fault *fault)
{
    int64_t at_us[MOST_PICTURES];
    for (size_t i = 0; i < count; i++) {
        at_us[i] = footage_pts(taking->footage, taking->picture[i].at_us);
    }
    enum sting_status status =
        player_load(worker, buffer_bytes(&taking->footage->init),
                    buffer_bytes(&taking->footage->fragments), fault);
    return status ? status
                  : player_stills(worker, at_us, count, still_take,
                                  (void *)(uintptr_t)taking, fault);
}

/* A worker of its own for each piece: a recording that breaks one costs the
 * pictures of that piece. */
static void piece_take(const struct operation *operation,
                       const struct operation_keys *keys, const char *camera,
                       struct dossier_picture *picture, size_t count)
{
    struct footage footage STING_AUTO(footage_release) = {0};
    struct player_worker *worker STING_AUTO(player_worker_free) = NULL;
    struct fault fault = {"", ""};
    struct footage_stretch stretch = {camera, picture[0].at_us,
                                      picture[count - 1].at_us + 1};
    struct taking taking = {picture, &footage};
    enum sting_status status = footage_open(
        operation_dir(operation), &keys->identity, &stretch, &footage, &fault);
    if (!status) {
        status = player_worker_new(&worker, &fault);
    }
    if (!status) {
        status = stills_load(&taking, count, worker, &fault);
    }
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(picture[i].why_not, sizeof picture[i].why_not, "%s",
                       fault.why[0] ? fault.why
                       : status     ? sting_status_text(status)
                                    : "none was recorded at that moment");
    }
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
        size_t at_once = length_us > AT_ONCE_US ? 1 : incident->pictures;
        for (size_t at = 0; at < incident->pictures; at += at_once) {
            piece_take(operation, keys, incident->camera,
                       incident->picture + at, at_once);
        }
    }
    return STING_OK;
}
