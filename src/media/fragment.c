#include "media/fragment.h"

#include <stdlib.h>
#include <string.h>

#include "media/av.h"
#include "media/box.h"
#include "media/memory_io.h"
#include "media/nal.h"

#define MOST_SAMPLES 512
#define MOST_REORDER 16
#define FIRST_PART 4                     /* of a second, one */
#define NTP_EPOCH_S UINT64_C(2208988800) /* 1900 to 1970 */

struct sample {
    int64_t pts; /* in ticks, on the recording's time line */
    int64_t dts;
    uint32_t bytes;
    bool key;
};

/* ISO 14496-12 8.16.5: what a time before a fragment is of. */
#define OF_THE_HOST 0    /* the picture came in */
#define OF_THE_CAMERA 24 /* it was captured */

/* When a picture was taken. */
struct fragment_taken {
    int64_t pts; /* in ticks, on the recording's time line */
    struct fragment_times at;
};

struct fragment_writer {
    const struct stream *stream; /* borrowed */
    fragment_sink sink;
    void *context;     /* borrowed, for the sink */
    int64_t origin_us; /* when the first packet is shown */
    int64_t shift;     /* ticks added to the camera's times */
    bool started;
    int64_t lead; /* of presentation before decoding, at the first picture */
    int64_t last_dts;
    int64_t step;    /* distance of the last two decoding times */
    uint32_t number; /* of the next fragment, from 1 */
    int64_t waiting[MOST_REORDER + 1]; /* pts not yet used as dts, rising */
    int waitings;
    struct fragment_taken taken; /* of the last keyframe told */
    bool has_taken;
    struct sample sample[MOST_SAMPLES];
    int samples;
    struct buffer media; /* payload of the open fragment */
    struct buffer out;
};

enum sting_status fragment_writer_new(const struct stream *stream,
                                      int64_t origin_us, fragment_sink sink,
                                      void *context,
                                      struct fragment_writer **out)
{
    if (stream->ticks_per_s < 1 || stream->reorder > MOST_REORDER ||
        stream->reorder < 0 || origin_us < 1000000) {
        return STING_E_ARG;
    }
    struct fragment_writer *writer = calloc(1, sizeof *writer);
    if (!writer) {
        return STING_E_NOMEM;
    }
    writer->stream = stream;
    writer->origin_us = origin_us;
    writer->sink = sink;
    writer->context = context;
    writer->number = 1;
    writer->step = stream->frame_ticks > 0 ? stream->frame_ticks
                                           : stream->ticks_per_s / 25 + 1;
    *out = writer;
    return STING_OK;
}

void fragment_writer_free(struct fragment_writer **writer)
{
    if (*writer) {
        buffer_release(&(*writer)->media);
        buffer_release(&(*writer)->out);
    }
    free(*writer);
    *writer = NULL;
}

/* With a reorder depth of d, the picture that arrives n-th is decoded when
 * the n-d-th in order of presentation is shown. The first d pictures have
 * none before them: their times are made up, one usual step apart. */
static void time_line_begin(struct fragment_writer *w, int64_t pts)
{
    w->shift = stream_ticks(w->stream, w->origin_us) - pts;
    w->waitings = w->stream->reorder;
    for (int i = 0; i < w->waitings; i++) {
        w->waiting[i] = pts + w->shift - (w->waitings - i) * w->step;
    }
    w->lead = w->waitings > 0 ? pts + w->shift - w->waiting[0] : 0;
    w->last_dts = INT64_MIN;
    w->started = true;
}

static int64_t dts_next(struct fragment_writer *w, int64_t pts)
{
    int i = w->waitings++;
    for (; i > 0 && w->waiting[i - 1] > pts; i--) {
        w->waiting[i] = w->waiting[i - 1];
    }
    w->waiting[i] = pts;
    int64_t dts = w->waiting[0];
    bool is_late = w->last_dts != INT64_MIN && dts <= w->last_dts;
    /* A stream that reorders deeper than it says: from here on one picture
     * more is waited for. Until times have caught up decoding goes on in
     * order; presentation stays exact, as version 1 of trun allows. */
    bool grows = is_late && dts == pts && w->waitings <= MOST_REORDER;
    if (!grows) {
        w->waitings--;
        memmove(w->waiting, w->waiting + 1,
                (size_t)w->waitings * sizeof *w->waiting);
    }
    if (is_late) {
        dts = w->last_dts + 1;
    }
    if (w->last_dts != INT64_MIN) {
        w->step = dts - w->last_dts;
    }
    w->last_dts = dts;
    return dts;
}

/* Seconds from 1900, and the part of one in units of 2^-32 s. */
static uint64_t ntp_of(int64_t utc_us)
{
    uint64_t second = (uint64_t)(utc_us / 1000000) + NTP_EPOCH_S;
    uint64_t part = ((uint64_t)(utc_us % 1000000) << 32) / 1000000;
    return second << 32 | part;
}

/* A wall clock beside the recording's time. */
static void prft_write(struct box_writer *box, uint32_t flags, int64_t utc_us,
                       int64_t pts)
{
    size_t prft = box_begin(box, "prft");
    box_number(box, 1u << 24 | flags, 4);
    box_number(box, 1, 4);
    box_number(box, ntp_of(utc_us), 8);
    box_number(box, (uint64_t)pts, 8);
    box_end(box, prft);
}

static void taken_write(struct box_writer *box,
                        const struct fragment_taken *taken)
{
    prft_write(box, OF_THE_HOST, taken->at.utc_us, taken->pts);
    if (taken->at.camera_us > 0) {
        prft_write(box, OF_THE_CAMERA, taken->at.camera_us, taken->pts);
    }
}

static void moof_write(struct fragment_writer *w, int64_t end_dts)
{
    struct box_writer box = {&w->out, STING_OK};
    if (w->has_taken && w->taken.pts == w->sample[0].pts) {
        taken_write(&box, &w->taken);
    }
    size_t moof_at = w->out.size;
    size_t moof = box_begin(&box, "moof");
    size_t mfhd = box_begin(&box, "mfhd");
    box_number(&box, 0, 4);
    box_number(&box, w->number, 4);
    box_end(&box, mfhd);
    size_t traf = box_begin(&box, "traf");
    size_t tfhd = box_begin(&box, "tfhd");
    box_number(&box, 0x020000, 4); /* offsets count from this moof */
    box_number(&box, 1, 4);
    box_end(&box, tfhd);
    size_t tfdt = box_begin(&box, "tfdt");
    box_number(&box, 1u << 24, 4);
    box_number(&box, (uint64_t)w->sample[0].dts, 8);
    box_end(&box, tfdt);
    size_t trun = box_begin(&box, "trun");
    /* version 1; offset of data, and of each sample its duration, size,
     * flags and presentation offset */
    box_number(&box, 1u << 24 | 0xf01, 4);
    box_number(&box, (uint64_t)w->samples, 4);
    size_t offset = w->out.size;
    box_number(&box, 0, 4);
    for (int i = 0; i < w->samples; i++) {
        const struct sample *s = &w->sample[i];
        int64_t next = i + 1 < w->samples ? s[1].dts : end_dts;
        box_number(&box, (uint64_t)(next - s->dts), 4);
        box_number(&box, s->bytes, 4);
        box_number(&box, s->key ? 0x02000000 : 0x01010000, 4);
        box_number(&box, (uint64_t)(s->pts - s->dts), 4);
    }
    box_end(&box, trun);
    box_end(&box, traf);
    box_end(&box, moof);
    box_patch(&box, offset, (uint32_t)(w->out.size - moof_at + 8));
    size_t mdat = box_begin(&box, "mdat");
    box_bytes(&box, buffer_bytes(&w->media));
    box_end(&box, mdat);
    w->out.size = box.status ? 0 : w->out.size;
}

/* A fragment's place is told by decoding times and one lead: pictures that
 * are shown before the keyframe they follow (an open GOP) would make places
 * overlap. */
static enum sting_status fragment_give(struct fragment_writer *w,
                                       int64_t end_dts)
{
    int64_t first = w->sample[0].dts + w->lead;
    w->out.size = 0;
    moof_write(w, end_dts);
    if (w->out.size == 0) {
        return STING_E_NOMEM;
    }
    struct fragment fragment = {
        buffer_bytes(&w->out), stream_us(w->stream, first),
        stream_us(w->stream, end_dts - w->sample[0].dts), w->sample[0].key,
        w->samples};
    w->number++;
    w->samples = 0;
    w->media.size = 0;
    return w->sink(w->context, &fragment);
}

enum sting_status fragment_writer_flush(struct fragment_writer *writer)
{
    if (writer->samples == 0) {
        return STING_OK;
    }
    return fragment_give(writer, writer->last_dts + writer->step);
}

/* Units behind start codes become units behind lengths of four bytes. */
static enum sting_status units_append(struct buffer *out, struct bytes packet)
{
    struct bytes unit;
    size_t begin = out->size;
    while (nal_next(&packet, &unit)) {
        struct box_writer box = {out, STING_OK};
        box_number(&box, unit.size, 4);
        box_bytes(&box, unit);
        if (box.status) {
            return box.status;
        }
    }
    return out->size > begin ? STING_OK : STING_E_FORMAT;
}

static enum sting_status sample_add(struct fragment_writer *w,
                                    const struct packet *packet, int64_t pts,
                                    int64_t dts)
{
    size_t begin = w->media.size;
    enum sting_status status = w->stream->length_bytes == 0
                                   ? units_append(&w->media, packet->data)
                                   : buffer_append(&w->media, packet->data);
    if (status) {
        w->media.size = begin;
        return status;
    }
    w->sample[w->samples++] = (struct sample){
        pts, dts, (uint32_t)(w->media.size - begin), packet->key};
    return STING_OK;
}

void fragment_writer_taken(struct fragment_writer *writer, int64_t pts,
                           struct fragment_times at)
{
    if (writer->started && at.utc_us > 0) {
        writer->taken = (struct fragment_taken){pts + writer->shift, at};
        writer->has_taken = true;
    }
}

/* The first is short: that the camera is there is known at once. */
static int64_t most_ticks(const struct fragment_writer *w)
{
    return w->number == 1 ? w->stream->ticks_per_s / FIRST_PART
                          : w->stream->ticks_per_s;
}

enum sting_status fragment_writer_add(struct fragment_writer *writer,
                                      const struct packet *packet)
{
    struct fragment_writer *w = writer;
    if (packet->data.size > FRAGMENT_MOST_BYTES / 2) {
        return STING_E_LIMIT;
    }
    if (!w->started) {
        time_line_begin(w, packet->pts);
    }
    int64_t pts = packet->pts + w->shift;
    int64_t dts = dts_next(w, pts);
    bool is_full =
        w->samples > 0 &&
        (packet->key || w->samples == MOST_SAMPLES ||
         dts + w->step - w->sample[0].dts > most_ticks(w) ||
         w->media.size + packet->data.size > FRAGMENT_MOST_BYTES / 2);
    if (is_full) {
        enum sting_status status = fragment_give(w, dts);
        if (status) {
            return status;
        }
    }
    return sample_add(w, packet, pts, dts);
}

enum sting_status fragment_head(const struct stream *stream, struct buffer *out)
{
    struct memory_io memory = {.target = out, .at = (int64_t)out->size};
    AVIOContext *io STING_AUTO(memory_io_free) = memory_io_new(&memory, true);
    AVFormatContext *format = NULL;
    if (!io || avformat_alloc_output_context2(&format, NULL, "mp4", NULL) < 0) {
        return STING_E_NOMEM;
    }
    AVDictionary *options STING_AUTO(av_dict_free) = NULL;
    char scale[16];
    snprintf(scale, sizeof scale, "%d", stream->ticks_per_s);
    av_dict_set(&options, "movflags", "+empty_moov+default_base_moof", 0);
    av_dict_set(&options, "video_track_timescale", scale, 0);
    AVStream *track = avformat_new_stream(format, NULL);
    int error =
        track ? avcodec_parameters_copy(track->codecpar, stream->parameters)
              : AVERROR(ENOMEM);
    if (error >= 0) {
        track->codecpar->codec_tag = 0;
        track->time_base = (AVRational){1, stream->ticks_per_s};
        format->pb = io;
        format->flags |= AVFMT_FLAG_BITEXACT;
        error = avformat_write_header(format, &options);
        avio_flush(io);
    }
    avformat_free_context(format);
    return error < 0 ? STING_E_IO : STING_OK;
}
