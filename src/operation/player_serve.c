/* The player worker's side: bytes in, stills and cuts out. */
#include <math.h>
#include <string.h>

#include "crypt/start.h"
#include "media/still.h"
#include "operation/footage.h"
#include "operation/player_convert.h"
#include "operation/player_cut.h"
#include "operation/player_unseal.h"
#include "wire/wire.h"

#define STILL_QUALITY 85
#define MOST_READ ((int64_t)4 << 20) /* bytes of one answer */

struct player {
    int channel;
    struct buffer recording;
    struct player_unseal unseal;   /* of what is being loaded */
    struct player_convert convert; /* of what is live */
};

/* Stills are asked for in the order of their times: the newest picture is
 * kept until one comes that is later than the moment asked for. */
struct stills {
    int channel;
    int64_t at_us[PLAYER_MOST_STILLS];
    size_t count;
    size_t next;
    struct video_frame kept;
    bool has_kept;
};

static enum sting_status still_send(struct stills *stills)
{
    struct buffer jpeg STING_AUTO(buffer_release) = {0};
    enum sting_status status = still_jpeg(&stills->kept, STILL_QUALITY, &jpeg);
    struct wire_head head = {
        .kind = WIRE_PLAYER_STILL,
        .number = {(int64_t)stills->next, stills->kept.pts_us}};
    return status ? status
                  : wire_send(stills->channel, head, buffer_bytes(&jpeg));
}

static enum sting_status still_keep(struct stills *stills,
                                    const struct video_frame *frame)
{
    video_frame_release(&stills->kept);
    stills->has_kept = false;
    enum sting_status status =
        video_frame_init(&stills->kept, frame->y.width_px, frame->y.height_px,
                         frame->u.data != NULL);
    if (status) {
        return status;
    }
    video_frame_copy(&stills->kept, frame);
    stills->has_kept = true;
    return STING_OK;
}

/* Give all stills whose moment lies before `until_us`. */
static enum sting_status stills_give(struct stills *stills, int64_t until_us)
{
    enum sting_status status = STING_OK;
    while (!status && stills->next < stills->count &&
           stills->at_us[stills->next] < until_us) {
        if (stills->has_kept) {
            status = still_send(stills);
        }
        stills->next++;
    }
    return status;
}

/* A copy of a picture costs less than its decoding; only pictures that may
 * be shown at a moment asked for are kept: those within a second before. */
static enum sting_status stills_take(void *context,
                                     const struct video_frame *frame)
{
    struct stills *stills = context;
    enum sting_status status = stills_give(stills, frame->pts_us);
    if (status) {
        return status;
    }
    if (stills->next == stills->count) {
        return STING_E_BUSY;
    }
    if (!stills->has_kept ||
        frame->pts_us > stills->at_us[stills->next] - 1000000) {
        return still_keep(stills, frame);
    }
    return STING_OK;
}

static enum sting_status serve_stills(struct player *player,
                                      struct bytes wanted, struct fault *fault)
{
    struct stills stills = {.channel = player->channel,
                            .count = wanted.size / sizeof(int64_t)};
    if (wanted.size % sizeof(int64_t) != 0 ||
        stills.count > PLAYER_MOST_STILLS || stills.count == 0) {
        return STING_E_ARG;
    }
    memcpy(stills.at_us, wanted.data, wanted.size);
    enum sting_status status = player_play(buffer_bytes(&player->recording),
                                           stills_take, &stills, fault);
    if (!status) {
        status = stills_give(&stills, INT64_MAX);
    }
    video_frame_release(&stills.kept);
    return status ? status
                  : wire_send(player->channel,
                              (struct wire_head){.kind = WIRE_DONE},
                              (struct bytes){0});
}

static bool mask_is_sane(const struct player_mask *mask)
{
    return mask->x >= 0 && mask->y >= 0 && mask->width > 0 &&
           mask->height > 0 && mask->x + mask->width <= 1.0001 &&
           mask->y + mask->height <= 1.0001;
}

/* Whoever waits hears of its end in any case. */
static void progress_send(void *context, int percent)
{
    const struct player *player = context;
    (void)!wire_send(
        player->channel,
        (struct wire_head){.kind = WIRE_PLAYER_AT, .number = {percent}},
        (struct bytes){0});
}

static enum sting_status serve_cut(struct player *player,
                                   const struct wire_head *request,
                                   struct bytes masks, struct fault *fault)
{
    struct player_cut cut = {.from_us = request->number[0],
                             .to_us = request->number[1],
                             .enhance = request->number[2] != 0,
                             .masks = masks.size / sizeof *cut.mask,
                             .progress = progress_send,
                             .context = player};
    struct player_cut_made made = {0};
    struct buffer mp4 STING_AUTO(buffer_release) = {0};
    if (masks.size % sizeof *cut.mask != 0 || cut.masks > PLAYER_MOST_MASKS) {
        return STING_E_ARG;
    }
    if (masks.size > 0) {
        memcpy(cut.mask, masks.data, masks.size);
    }
    for (size_t i = 0; i < cut.masks; i++) {
        if (!mask_is_sane(&cut.mask[i])) {
            return STING_E_ARG;
        }
    }
    enum sting_status status = player_cut_make(buffer_bytes(&player->recording),
                                               &cut, &mp4, &made, fault);
    struct wire_head head = {.kind = WIRE_PLAYER_VIDEO,
                             .number = {made.frames, made.from_us, made.to_us,
                                        made.width_px, made.height_px}};
    return status ? status
                  : wire_send(player->channel, head, buffer_bytes(&mp4));
}

static enum sting_status serve_load(struct player *player,
                                    const struct wire_head *request,
                                    struct bytes bytes)
{
    if (request->kind == WIRE_PLAYER_LOAD) {
        player->recording.size = 0;
    }
    if (bytes.size > 2 * FOOTAGE_MOST_BYTES - player->recording.size) {
        return STING_E_LIMIT;
    }
    enum sting_status status = buffer_append(&player->recording, bytes);
    return status ? status
                  : wire_send(player->channel,
                              (struct wire_head){.kind = WIRE_DONE},
                              (struct bytes){0});
}

static enum sting_status done(const struct player *player, struct bytes bytes)
{
    const struct wire_head head = {.kind = WIRE_DONE,
                                   .number = {(int64_t)player->recording.size}};
    return wire_send(player->channel, head, bytes);
}

/* A sealed file is to come; nothing is answered before its last byte. */
static enum sting_status serve_unseal(struct player *player,
                                      const struct wire_head *request,
                                      struct bytes bytes)
{
    struct player_unseal_order order;
    if (bytes.size != sizeof order || request->number[1] <= 0) {
        return STING_E_ARG;
    }
    memcpy(&order, bytes.data, sizeof order);
    if (!request->number[0]) {
        player->recording.size = 0;
    }
    enum sting_status status =
        player_unseal_begin(&player->unseal, &order, (size_t)request->number[1],
                            &player->recording);
    secret_wipe_bytes(&order, sizeof order);
    return status;
}

static enum sting_status serve_sealed(struct player *player,
                                      struct bytes sealed)
{
    enum sting_status status =
        player->recording.size > 2 * FOOTAGE_MOST_BYTES
            ? STING_E_LIMIT
            : player_unseal_put(&player->unseal, sealed, &player->recording);
    return status || player->unseal.left > 0 ? status
                                             : done(player, (struct bytes){0});
}

static enum sting_status serve_read(struct player *player,
                                    const struct wire_head *request)
{
    int64_t size = (int64_t)player->recording.size;
    int64_t at = request->number[0];
    int64_t most = request->number[1];
    if (at < 0 || at > size || most < 0 || most > MOST_READ) {
        return STING_E_ARG;
    }
    most = most < size - at ? most : size - at;
    return done(player, most > 0 ? (struct bytes){player->recording.data + at,
                                                  (size_t)most}
                                 : (struct bytes){0});
}

static enum sting_status serve_more(struct player *player,
                                    const struct wire_head *request,
                                    struct bytes fragments)
{
    enum sting_status status =
        player_convert_more(&player->convert, request->number[0], fragments);
    return status ? status : done(player, (struct bytes){0});
}

/* Who looks back is given H.264 instead of what is loaded. */
static enum sting_status serve_recode(struct player *player,
                                      const struct wire_head *request,
                                      struct fault *fault)
{
    enum sting_status status =
        player_convert_recording(&player->recording, request->number[0], fault);
    return status ? status : done(player, (struct bytes){0});
}

static enum sting_status serve_convert(struct player *player, struct bytes init,
                                       struct fault *fault)
{
    enum sting_status status =
        player_convert_begin(&player->convert, init, fault);
    return status ? status : done(player, (struct bytes){0});
}

static enum sting_status serve_one(void *context,
                                   const struct wire_head *request,
                                   struct bytes payload, struct fault *fault)
{
    struct player *player = context;
    switch (request->kind) {
    case WIRE_PLAYER_LOAD:
    case WIRE_PLAYER_ADD:
        return serve_load(player, request, payload);
    case WIRE_PLAYER_UNSEAL:
        return serve_unseal(player, request, payload);
    case WIRE_PLAYER_SEALED:
        return serve_sealed(player, payload);
    case WIRE_PLAYER_READ:
        return serve_read(player, request);
    case WIRE_PLAYER_STILLS:
        return serve_stills(player, payload, fault);
    case WIRE_PLAYER_CUT:
        return serve_cut(player, request, payload, fault);
    case WIRE_PLAYER_CONVERT:
        return serve_convert(player, payload, fault);
    case WIRE_PLAYER_MORE:
        return serve_more(player, request, payload);
    case WIRE_PLAYER_RECODE:
        return serve_recode(player, request, fault);
    default:
        return STING_E_UNSUPPORTED;
    }
}

int player_worker_serve(int channel)
{
    struct player player = {.channel = channel,
                            .convert = {.channel = channel}};
    crypt_start(); /* no file may be opened here */
    wire_serve(channel, serve_one, &player);
    player_unseal_release(&player.unseal);
    player_convert_release(&player.convert);
    buffer_release(&player.recording);
    return 0;
}
