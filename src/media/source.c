#include "media/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/av.h"
#include "media/codec.h"
#include "media/file_io.h"
#include "media/source_parts.h"

#define MOST_URL 2048

/* All of clips that is ever opened. */
static const char clip_formats[] = "mov,mp4,matroska,webm,avi,mpegts,h264,hevc";

static int interrupted(void *context)
{
    struct source *source = context;
    const struct source_settings *s = source->settings;
    return s->give_up && s->give_up(s->context);
}

static bool told_to_stop(struct source *source)
{
    return interrupted(source) != 0;
}

void source_options(AVDictionary **options, const char *protocols,
                    const char *formats)
{
    av_dict_set(options, "protocol_whitelist", protocols, 0);
    av_dict_set(options, "format_whitelist", formats, 0);
}

/* A device's own word on why, which is better than FFmpeg's. */
static bool feed_fault(const struct source *source, struct fault *fault)
{
    const struct fault *why =
        source->feed ? device_feed_fault(source->feed) : NULL;
    if (why && fault) {
        *fault = *why;
    }
    return why != NULL;
}

enum sting_status source_open_fault(struct source *source, int error,
                                    struct fault *fault)
{
    if (feed_fault(source, fault)) {
        return STING_E_IO;
    }
    if (error == AVERROR_EXIT || told_to_stop(source)) {
        return fault_set(fault, STING_E_BUSY, "", "it did not answer in time");
    }
    return av_fault(fault, error, source->is_live ? "check the url" : "",
                    source->is_live ? "the camera cannot be reached"
                                    : "the clip cannot be opened");
}

/* What stands in for a url: bytes, or a clip that somebody opened for us. */
static void io_attach(struct source *source)
{
    const struct source_settings *s = source->settings;
    if (s->memory.size > 0) {
        source->memory = (struct memory_io){.source = s->memory};
        source->io = memory_io_new(&source->memory, false);
    } else {
        source->fd = (int)strtol(s->url + 3, NULL, 10);
        source->io = file_io_new(&source->fd);
    }
    source->format->pb = source->io;
}

static enum sting_status clip_open(struct source *source, struct fault *fault)
{
    const struct source_settings *s = source->settings;
    bool no_url = s->memory.size > 0 || !strncmp(s->url, "fd:", 3);
    if (!no_url && strlen(s->url) > MOST_URL) {
        return STING_E_LIMIT;
    }
    source->format = avformat_alloc_context();
    if (!source->format) {
        return STING_E_NOMEM;
    }
    source->format->interrupt_callback = (AVIOInterruptCB){interrupted, source};
    if (no_url) {
        io_attach(source);
    }
    AVDictionary *options STING_AUTO(av_dict_free) = NULL;
    source_options(&options, no_url ? "none" : "file", clip_formats);
    int error = avformat_open_input(&source->format, no_url ? NULL : s->url,
                                    NULL, &options);
    if (error >= 0) {
        error = avformat_find_stream_info(source->format, NULL);
    }
    return error < 0 ? source_open_fault(source, error, fault) : STING_OK;
}

static int length_bytes_of(const AVCodecParameters *p)
{
    int at = codec_find(p->codec_id)->length_bytes_at;
    if (at == 0) {
        return -1;
    }
    if (p->extradata_size < 7 || p->extradata[0] != 1) {
        return 0;
    }
    return at < p->extradata_size ? (p->extradata[at] & 3) + 1 : 0;
}

/* Codecs of no row of ours are told by the letters that MP4 has for them. */
static uint32_t tag_of(enum AVCodecID id)
{
    const AVOutputFormat *mp4 = av_guess_format("mp4", NULL, NULL);
    unsigned tag = mp4 && codec_find(id)->kind == STREAM_OTHER
                       ? av_codec_get_tag(mp4->codec_tag, id)
                       : 0;
    return tag ? tag : codec_find(id)->tag;
}

enum sting_status source_stream_learn(struct source *source)
{
    const AVStream *track = source->format->streams[source->track];
    const AVCodecParameters *p = track->codecpar;
    AVCodecParameters *copy = avcodec_parameters_alloc();
    if (!copy || avcodec_parameters_copy(copy, p) < 0) {
        avcodec_parameters_free(&copy);
        return STING_E_NOMEM;
    }
    bool plain = track->time_base.num == 1 && track->time_base.den > 0;
    struct stream *s = &source->stream;
    *s = (struct stream){
        .codec = codec_find(p->codec_id)->kind,
        .width_px = p->width,
        .height_px = p->height,
        .ticks_per_s = plain ? track->time_base.den : 90000,
        .reorder = p->video_delay,
        .length_bytes = length_bytes_of(p),
        .tag = tag_of(p->codec_id),
        .parameters = copy,
    };
    if (track->avg_frame_rate.num > 0) {
        s->frame_ticks =
            (int)av_rescale(s->ticks_per_s, track->avg_frame_rate.den,
                            track->avg_frame_rate.num);
    }
    return STING_OK;
}

static enum sting_status track_find(struct source *source, struct fault *fault)
{
    int track = av_find_best_stream(source->format, AVMEDIA_TYPE_VIDEO, -1, -1,
                                    NULL, 0);
    if (track < 0) {
        return fault_set(fault, STING_E_ABSENT, "", "there is no video in it");
    }
    for (unsigned i = 0; i < source->format->nb_streams; i++) {
        source->format->streams[i]->discard =
            (int)i == track ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
    source->track = track;
    /* Of what we open, libavformat 5.1 leaves only AV1 over RTP unnamed; if
     * it is something else, no header of AV1 will be found in it. */
    AVCodecParameters *p = source->format->streams[track]->codecpar;
    if (source->is_live && p->codec_id == AV_CODEC_ID_NONE) {
        p->codec_id = AV_CODEC_ID_AV1;
    }
    return STING_OK;
}

bool source_size_is_sane(int width_px, int height_px)
{
    return width_px >= 16 && height_px >= 16 &&
           (int64_t)width_px * height_px <= AV_MOST_PIXELS;
}

enum sting_status source_size_fault(int width_px, int height_px,
                                    struct fault *fault)
{
    return fault_set(fault, STING_E_FORMAT, "", "its video is %dx%d pixels",
                     width_px, height_px);
}

static enum sting_status clip_begin(struct source *source, struct fault *fault)
{
    const AVCodecParameters *p =
        source->format->streams[source->track]->codecpar;
    if (!source_size_is_sane(p->width, p->height)) {
        return source_size_fault(p->width, p->height, fault);
    }
    return source_stream_learn(source);
}

typedef enum sting_status (*opener)(struct source *source, struct fault *fault);

/* How this source is opened, and whether it is live. */
static opener way_in(struct source *source)
{
    static const struct {
        const char *scheme;
        opener open;
    } way[] = {{"rtsp://", source_live_open}, {"dev:", source_device_open}};
    const struct source_settings *s = source->settings;
    for (size_t i = 0; s->memory.size == 0 && i < sizeof way / sizeof *way;
         i++) {
        if (strncmp(s->url, way[i].scheme, strlen(way[i].scheme)) == 0) {
            source->is_live = true;
            return way[i].open;
        }
    }
    return clip_open;
}

enum sting_status source_open(const struct source_settings *settings,
                              struct source **out, struct fault *fault)
{
    av_silence();
    struct source *source STING_AUTO(source_free) = calloc(1, sizeof *source);
    if (!source) {
        return STING_E_NOMEM;
    }
    source->settings = settings;
    source->fd = -1;
    enum sting_status status = way_in(source)(source, fault);
    if (!status) {
        status = track_find(source, fault);
    }
    if (!status) {
        status = source->is_live ? source_live_begin(source, fault)
                                 : clip_begin(source, fault);
    }
    if (status) {
        return status;
    }
    *out = source;
    source = NULL;
    return STING_OK;
}

void source_free(struct source **source)
{
    if (*source) {
        access_units_free(&(*source)->units);
        access_unit_release(&(*source)->first);
        avformat_close_input(&(*source)->format);
        memory_io_free(&(*source)->io);
        rtsp_free(&(*source)->rtsp);
        device_feed_free(&(*source)->feed);
        stream_release(&(*source)->stream);
        buffer_release(&(*source)->header);
    }
    free(*source);
    *source = NULL;
}

const struct stream *source_stream(const struct source *source)
{
    return &source->stream;
}

bool source_is_live(const struct source *source)
{
    return source->is_live;
}

int64_t source_came_us(const struct source *source)
{
    return source->came_us;
}

const char *source_encodes(const struct source *source)
{
    return source->feed ? device_feed_encodes(source->feed) : NULL;
}

/* RTP counts in 32 bits: only differences are trusted. A clip is taken as
 * it is; in it a jump of more than ten seconds either way begins a new time
 * line. */
int64_t source_pts(struct source *source, int64_t raw, bool *jumped)
{
    int64_t pts = raw;
    if (source->has_pts && source->is_live) {
        uint32_t step = (uint32_t)raw - (uint32_t)source->last_raw_pts;
        pts = source->last_pts + (int32_t)step;
    }
    int64_t most = (int64_t)source->stream.ticks_per_s * 10;
    *jumped = source->has_pts &&
              (pts - source->last_pts > most || pts - source->last_pts < -most);
    source->has_pts = true;
    source->last_raw_pts = raw;
    source->last_pts = pts;
    return pts;
}

enum sting_status source_read_fault(struct source *source, int error,
                                    struct fault *fault)
{
    if (feed_fault(source, fault)) {
        return STING_E_IO;
    }
    if (error == AVERROR_EXIT || told_to_stop(source)) {
        return fault_set(fault, STING_E_BUSY, "", "no picture came");
    }
    return av_fault(fault, error, "", "the video ends");
}

static enum sting_status clip_read(struct source *source, struct packet *out,
                                   bool *is_new, struct fault *fault)
{
    for (;;) {
        AVPacket *av STING_AUTO(av_packet_free) = av_packet_alloc();
        if (!av) {
            return STING_E_NOMEM;
        }
        int error = av_read_frame(source->format, av);
        if (error < 0) {
            return source_read_fault(source, error, fault);
        }
        int64_t raw = av->pts != AV_NOPTS_VALUE ? av->pts : av->dts;
        if (av->stream_index != source->track || av->size <= 0 ||
            raw == AV_NOPTS_VALUE) {
            continue;
        }
        if (av_packet_make_refcounted(av) < 0) {
            return STING_E_NOMEM;
        }
        int64_t pts = source_pts(source, raw, is_new);
        *out = (struct packet){{av->data, (size_t)av->size},
                               pts,
                               (av->flags & AV_PKT_FLAG_KEY) != 0,
                               av};
        av = NULL;
        return STING_OK;
    }
}

enum sting_status source_read(struct source *source, struct packet *out,
                              bool *is_new_stream, struct fault *fault)
{
    *is_new_stream = false;
    return source->is_live ? source_live_read(source, out, is_new_stream, fault)
                           : clip_read(source, out, is_new_stream, fault);
}
