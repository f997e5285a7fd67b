#include "operation/player_cut.h"

#include <math.h>
#include <string.h>

#include "media/encode.h"
#include "media/enhance.h"
#include "media/mp4.h"
#include "media/source.h"

#define BLOCK_PX 16
#define WIDEN_PX 8
#define CRF 23       /* of what is given out */
#define GUESS_FPS 25 /* where the stream does not say */
#define BLACK 16     /* in television's range; 0 in full range */

static enum sting_status play_packets(struct source *source,
                                      struct decoder *decoder,
                                      struct fault *fault)
{
    enum sting_status status = STING_OK;
    while (!status) {
        struct packet packet = {0};
        bool is_new_stream = false;
        status = source_read(source, &packet, &is_new_stream, fault);
        if (!status) {
            status = decoder_add(decoder, &packet);
        }
        packet_release(&packet);
    }
    return status == STING_E_ABSENT ? decoder_finish(decoder) : status;
}

enum sting_status player_play(struct bytes recording, decode_sink sink,
                              void *context, struct fault *fault)
{
    struct source *source STING_AUTO(source_free) = NULL;
    struct decoder *decoder STING_AUTO(decoder_free) = NULL;
    struct source_settings settings = {.memory = recording};
    enum sting_status status = source_open(&settings, &source, fault);
    if (!status) {
        status =
            decoder_new(source_stream(source), sink, context, &decoder, fault);
    }
    if (status) {
        return status;
    }
    decoder_set(decoder, DECODE_ALL);
    status = play_packets(source, decoder, fault);
    return status == STING_E_BUSY ? STING_OK : status;
}

/* What is under way while the pictures of a cut come in. */
struct cutting {
    const struct player_cut *cut;
    struct encoder *encoder;
    struct mp4_writer *writer;
    struct enhancer *enhancer;
    struct video_frame frame; /* ours, to be changed */
    struct player_cut_made made;
    struct fault *fault;
};

static void cutting_release(struct cutting *cutting)
{
    encoder_free(&cutting->encoder);
    mp4_writer_free(&cutting->writer);
    enhancer_free(&cutting->enhancer);
    video_frame_release(&cutting->frame);
}

/* Whole blocks, so that no block of the codec mixes what is masked with what
 * is not, on even pixels for the chroma. */
static int widened(double at, int size_px, bool is_end)
{
    double px = at * size_px;
    double to = is_end ? ceil((px + WIDEN_PX) / BLOCK_PX) * BLOCK_PX
                       : floor((px - WIDEN_PX) / BLOCK_PX) * BLOCK_PX;
    return to < 0 ? 0 : to > size_px ? size_px : (int)to;
}

static void fill(const struct plane *plane, const struct player_mask *mask,
                 int divide, int value)
{
    if (!plane->data) {
        return;
    }
    int width_px = plane->width_px * divide;
    int height_px = plane->height_px * divide;
    int x0 = widened(mask->x, width_px, false) / divide;
    int x1 = widened(mask->x + mask->width, width_px, true) / divide;
    int y0 = widened(mask->y, height_px, false) / divide;
    int y1 = widened(mask->y + mask->height, height_px, true) / divide;
    for (int y = y0; y < y1; y++) {
        memset(plane_row(plane, y) + x0, value, (size_t)(x1 - x0));
    }
}

static void copy_plane(const struct plane *to, const struct plane *from,
                       int grey)
{
    for (int y = 0; to->data && y < to->height_px; y++) {
        if (from->data) {
            memcpy(plane_row(to, y), plane_row(from, y), (size_t)to->width_px);
        } else {
            memset(plane_row(to, y), grey, (size_t)to->width_px);
        }
    }
}

/* The first picture tells size and speed; odd sizes lose a row or column. */
static enum sting_status cutting_start(struct cutting *cutting,
                                       const struct video_frame *first)
{
    int width_px = first->y.width_px & ~1;
    int height_px = first->y.height_px & ~1;
    struct encode_settings settings = {.width_px = width_px,
                                       .height_px = height_px,
                                       .frames_per_s = GUESS_FPS,
                                       .gop_frames = 2 * GUESS_FPS,
                                       .crf = CRF,
                                       .thorough = true};
    enum sting_status status =
        video_frame_init(&cutting->frame, width_px, height_px, true);
    if (!status) {
        status =
            mp4_writer_new(width_px, height_px, GUESS_FPS, &cutting->writer);
    }
    if (!status) {
        status = encoder_new(&settings, mp4_writer_add, cutting->writer,
                             &cutting->encoder, cutting->fault);
    }
    if (!status && cutting->cut->enhance) {
        status = enhancer_new(width_px, height_px, &cutting->enhancer);
    }
    cutting->made.from_us = first->pts_us;
    cutting->made.width_px = width_px;
    cutting->made.height_px = height_px;
    return status;
}

/* Once for each fifth of it. */
static void progress_tell(const struct player_cut *cut, int64_t at_us)
{
    int64_t long_us = cut->to_us - cut->from_us;
    int64_t gone_us = at_us - cut->from_us;
    int64_t last_us = gone_us - long_us / 200;
    if (cut->progress && long_us > 0 && last_us >= 0 &&
        gone_us * 5 / long_us != last_us * 5 / long_us) {
        cut->progress(cut->context, (int)(gone_us * 5 / long_us * 20));
    }
}

static enum sting_status cutting_add(struct cutting *cutting,
                                     const struct video_frame *picture)
{
    struct video_frame *frame = &cutting->frame;
    copy_plane(&frame->y, &picture->y, 0);
    copy_plane(&frame->u, &picture->u, 128);
    copy_plane(&frame->v, &picture->v, 128);
    frame->full_range = picture->full_range;
    frame->pts_us = picture->pts_us - cutting->made.from_us;
    if (cutting->enhancer) {
        enhancer_frame(cutting->enhancer, frame);
    }
    for (size_t i = 0; i < cutting->cut->masks; i++) {
        fill(&frame->y, &cutting->cut->mask[i], 1,
             frame->full_range ? 0 : BLACK);
        fill(&frame->u, &cutting->cut->mask[i], 2, 128);
        fill(&frame->v, &cutting->cut->mask[i], 2, 128);
    }
    cutting->made.frames++;
    cutting->made.to_us = picture->pts_us;
    progress_tell(cutting->cut, picture->pts_us);
    return encoder_frame(cutting->encoder, frame);
}

static enum sting_status cutting_take(void *context,
                                      const struct video_frame *picture)
{
    struct cutting *cutting = context;
    if (picture->pts_us < cutting->cut->from_us) {
        return STING_OK;
    }
    if (picture->pts_us > cutting->cut->to_us) {
        return STING_E_BUSY;
    }
    if (cutting->made.frames == 0) {
        enum sting_status status = cutting_start(cutting, picture);
        if (status) {
            return status;
        }
    }
    if (picture->y.width_px < cutting->made.width_px ||
        picture->y.height_px < cutting->made.height_px) {
        return STING_E_FORMAT; /* no stream of ours changes size on the way */
    }
    return cutting_add(cutting, picture);
}

enum sting_status player_cut_make(struct bytes recording,
                                  const struct player_cut *cut,
                                  struct buffer *mp4,
                                  struct player_cut_made *made,
                                  struct fault *fault)
{
    struct cutting cutting STING_AUTO(cutting_release) = {.cut = cut,
                                                          .fault = fault};
    enum sting_status status =
        player_play(recording, cutting_take, &cutting, fault);
    if (status) {
        return status;
    }
    if (cutting.made.frames == 0) {
        return fault_set(fault, STING_E_ABSENT, "",
                         "there is no picture in that time");
    }
    status = encoder_finish(cutting.encoder);
    if (!status) {
        status = mp4_writer_finish(cutting.writer, mp4);
    }
    if (!status) {
        *made = cutting.made;
    }
    return status;
}
