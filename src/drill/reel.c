#include "drill/reel.h"

#include <stdio.h>
#include <unistd.h>

#include "media/source.h"

#define LEAST_PX 64
#define MOST_PX 4096
#define MOST_FPS 60
#define MOST_GOP 300 /* frames */
#define MOST_US (INT64_C(30) * 86400 * 1000000)

struct projector {
    char url[16];                /* of the source, which borrows it ... */
    struct source_settings from; /* ... and this */
    struct source *source;       /* owned */
    struct decoder *decoder;     /* owned; NULL: packets only */
    struct video_frame work;     /* owned */
    reel_sink sink;
    void *context; /* borrowed, for the sink */
    int64_t first_us, last_us;
    bool has_begun;
};

static void projector_release(struct projector *p)
{
    decoder_free(&p->decoder);
    source_free(&p->source);
    video_frame_release(&p->work);
}

/* ---- pictures ---- */

static enum sting_status work_begin(struct projector *p,
                                    const struct video_frame *frame)
{
    if (p->has_begun) {
        return p->work.y.width_px == (frame->y.width_px & ~1) &&
                       p->work.y.height_px == (frame->y.height_px & ~1)
                   ? STING_OK
                   : STING_E_UNSUPPORTED;
    }
    int wide = frame->y.width_px;
    int tall = frame->y.height_px;
    if (wide < LEAST_PX || tall < LEAST_PX || wide > MOST_PX ||
        tall > MOST_PX) {
        return STING_E_UNSUPPORTED;
    }
    p->has_begun = true;
    p->first_us = frame->pts_us;
    p->last_us = -1;
    return video_frame_init(&p->work, frame->y.width_px & ~1,
                            frame->y.height_px & ~1, true);
}

static enum sting_status frame_show(void *context,
                                    const struct video_frame *frame)
{
    struct projector *p = context;
    enum sting_status status = work_begin(p, frame);
    int64_t at_us = 0;
    if (status || __builtin_sub_overflow(frame->pts_us, p->first_us, &at_us) ||
        at_us <= p->last_us || at_us > MOST_US) { /* one that came twice */
        return status;
    }
    video_frame_copy(&p->work, frame);
    p->last_us = p->work.pts_us = at_us;
    return p->sink(p->context, &p->work);
}

/* ---- packets ---- */

static enum sting_status reel_open(int input, struct projector *out,
                                   struct fault *fault)
{
    snprintf(out->url, sizeof out->url, "fd:%d", input);
    out->from = (struct source_settings){.url = out->url};
    if (lseek(input, 0, SEEK_SET) != 0) {
        return fault_errno(fault, STING_E_IO, "", "it cannot be read twice");
    }
    enum sting_status status = source_open(&out->from, &out->source, fault);
    const struct stream *stream = status ? NULL : source_stream(out->source);
    if (stream &&
        (stream->width_px > MOST_PX || stream->height_px > MOST_PX ||
         stream->width_px < LEAST_PX || stream->height_px < LEAST_PX)) {
        return fault_set(fault, STING_E_UNSUPPORTED, "",
                         "its pictures are %d x %d: %d to %d can be used",
                         stream->width_px, stream->height_px, LEAST_PX,
                         MOST_PX);
    }
    return status;
}

/* The next packet; E_ABSENT at the end. */
static enum sting_status packet_next(struct projector *p, struct packet *out,
                                     struct fault *fault)
{
    bool is_new = false;
    enum sting_status status = source_read(p->source, out, &is_new, fault);
    return !status && is_new ? fault_set(fault, STING_E_UNSUPPORTED,
                                         "give one stretch without a gap",
                                         "it is not of one piece")
                             : status;
}

enum sting_status reel_play(int input, reel_sink sink, void *context,
                            struct fault *fault)
{
    struct projector p STING_AUTO(projector_release) = {.sink = sink,
                                                        .context = context};
    enum sting_status status = reel_open(input, &p, fault);
    status = status ? status
                    : decoder_new(source_stream(p.source), frame_show, &p,
                                  &p.decoder, fault);
    while (!status) {
        struct packet packet STING_AUTO(packet_release) = {0};
        status = packet_next(&p, &packet, fault);
        if (status == STING_E_ABSENT) {
            status = decoder_finish(p.decoder);
            return status == STING_E_BUSY ? STING_OK : status;
        }
        status = status ? status : decoder_add(p.decoder, &packet);
    }
    return status == STING_E_BUSY ? STING_OK : status;
}

/* ---- the survey ---- */

static enum sting_status sample_take(void *context, struct video_frame *frame)
{
    struct likeness_sample *sample = context;
    if (sample->frames == LIKENESS_MOST) {
        return STING_E_BUSY;
    }
    struct video_frame *to = &sample->frame[sample->frames];
    enum sting_status status =
        video_frame_init(to, frame->y.width_px, frame->y.height_px, true);
    if (!status) {
        video_frame_copy(to, frame);
        sample->frames++;
    }
    return status;
}

/* What is known of the packets so far. */
struct survey {
    struct reel *reel;
    int64_t first_us, key; /* the frame that was the last keyframe; -1: none */
    int sampled;           /* packets from the first keyframe on */
    size_t *bytes;         /* of these */
};

static void packet_survey(struct survey *s, const struct packet *packet,
                          int64_t at_us)
{
    struct reel *reel = s->reel;
    if (packet->key && s->key >= 0) {
        int64_t apart = reel->frames - s->key;
        int gop = apart < MOST_GOP ? (int)apart : MOST_GOP;
        reel->gop_frames = gop > reel->gop_frames ? gop : reel->gop_frames;
    }
    s->key = packet->key ? reel->frames : s->key;
    if (s->key >= 0 && s->sampled < LIKENESS_MOST) {
        *s->bytes += packet->data.size;
        s->sampled++;
    }
    reel->us = at_us > reel->us ? at_us : reel->us;
    reel->frames++;
}

static enum sting_status packets_survey(struct projector *p, struct reel *reel,
                                        size_t *sample_bytes,
                                        struct fault *fault)
{
    struct survey survey = {.reel = reel, .key = -1, .bytes = sample_bytes};
    for (;;) {
        struct packet packet STING_AUTO(packet_release) = {0};
        enum sting_status status = packet_next(p, &packet, fault);
        if (status == STING_E_ABSENT) {
            return STING_OK;
        }
        if (status) {
            return status;
        }
        int64_t at_us = stream_us(source_stream(p->source), packet.pts);
        survey.first_us = reel->frames ? survey.first_us : at_us;
        if (__builtin_sub_overflow(at_us, survey.first_us, &at_us) ||
            at_us > MOST_US) {
            return fault_set(fault, STING_E_FORMAT, "",
                             "its times cannot be true");
        }
        packet_survey(&survey, &packet, at_us);
    }
}

enum sting_status reel_survey(int input, struct reel *out,
                              struct likeness_sample *sample,
                              struct fault *fault)
{
    struct projector p STING_AUTO(projector_release) = {.source = NULL};
    struct reel reel = {.us = 0};
    enum sting_status status = reel_open(input, &p, fault);
    status = status ? status : packets_survey(&p, &reel, &sample->bytes, fault);
    status = status ? status : reel_play(input, sample_take, sample, fault);
    if (status) {
        return status;
    }
    if (sample->frames == 0 || reel.us <= 0) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "there is no picture in it");
    }
    double fps = (double)(reel.frames - 1) * 1e6 / (double)reel.us;
    reel.frames_per_s = fps < 1          ? 1
                        : fps > MOST_FPS ? MOST_FPS
                                         : (int)(fps + 0.5);
    reel.gop_frames = reel.gop_frames ? reel.gop_frames : MOST_GOP;
    reel.width_px = sample->frame[0].y.width_px;
    reel.height_px = sample->frame[0].y.height_px;
    *out = reel;
    return STING_OK;
}
