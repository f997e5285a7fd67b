#include "media/source.h"

#include <libavutil/mem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/access_unit.h"
#include "media/av.h"
#include "media/codec.h"
#include "media/file_io.h"
#include "media/memory_io.h"

#define MOST_URL 2048
#define WAIT_FOR_KEY_US INT64_C(3000000)
#define MOST_WAIT_US INT64_C(8000000)

/* All that is ever opened. RTSP runs interleaved over one TCP connection. */
struct opening {
    const char *protocols;
    const char *formats;
};
static const struct opening opening_live = {"tcp", "rtsp"};
static const struct opening opening_clip = {
    "file", "mov,mp4,matroska,webm,avi,mpegts,h264,hevc"};
static const struct opening opening_memory = {
    "none", "mov,mp4,matroska,webm,avi,mpegts,h264,hevc"};

struct source {
    AVFormatContext *format;
    AVIOContext *io; /* for memory and descriptors */
    int fd;
    struct memory_io memory;
    const struct source_settings *settings; /* borrowed */
    struct stream stream;
    struct access_units *units; /* of a live stream */
    struct access_unit first;   /* read at opening, given first */
    struct buffer header; /* parameter sets in force, behind start codes */
    int track;
    bool is_live;
    bool has_pts;
    int64_t last_pts;     /* unwrapped */
    int64_t last_raw_pts; /* as FFmpeg gave it */
};

static int interrupted(void *context)
{
    struct source *source = context;
    const struct source_settings *s = source->settings;
    return s->give_up && s->give_up(s->context);
}

static void heard(const struct source *source)
{
    const struct source_settings *s = source->settings;
    if (s->heard) {
        s->heard(s->context);
    }
}

static bool told_to_stop(struct source *source)
{
    return interrupted(source) != 0;
}

/* Append text with every byte outside A-Z a-z 0-9 as %XX. */
static enum sting_status percent_append(struct buffer *out, const char *text)
{
    enum sting_status status = STING_OK;
    for (const char *c = text; !status && *c; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                     (*c >= '0' && *c <= '9');
        status = plain
                     ? buffer_append(out, (struct bytes){(const uint8_t *)c, 1})
                     : buffer_printf(out, "%%%02x", (unsigned)(uint8_t)*c);
    }
    return status;
}

/* The url with user and password inside, the one way that FFmpeg takes. */
static enum sting_status url_write(const struct source_settings *s,
                                   struct buffer *out)
{
    static const char scheme[] = "rtsp://";
    size_t head = sizeof scheme - 1;
    if (!s->user || strncmp(s->url, scheme, head) != 0) {
        return buffer_text_append(out, s->url);
    }
    enum sting_status status = buffer_text_append(out, scheme);
    if (!status) {
        status = percent_append(out, s->user);
    }
    if (!status && s->password) {
        status = buffer_text_append(out, ":");
    }
    if (!status && s->password) {
        status = percent_append(out, s->password);
    }
    if (!status) {
        status = buffer_text_append(out, "@");
    }
    return status ? status : buffer_text_append(out, s->url + head);
}

static void options_set(AVDictionary **options, const struct opening *opening,
                        bool is_live)
{
    av_dict_set(options, "protocol_whitelist", opening->protocols, 0);
    av_dict_set(options, "format_whitelist", opening->formats, 0);
    if (is_live) {
        av_dict_set(options, "rtsp_transport", "tcp", 0);
        av_dict_set(options, "allowed_media_types", "video", 0);
        av_dict_set(options, "fflags", "nobuffer+noparse+nofillin", 0);
    }
}

static enum sting_status open_fault(struct source *source, int error,
                                    struct fault *fault)
{
    if (error == AVERROR_EXIT || told_to_stop(source)) {
        return fault_set(fault, STING_E_BUSY, "", "it did not answer in time");
    }
    if (source->is_live && error == AVERROR(EPROTONOSUPPORT)) {
        return fault_set(fault, STING_E_UNSUPPORTED,
                         "switch on RTP over RTSP (TCP) in the camera",
                         "the camera offers no RTP over TCP, only UDP");
    }
    if (error == AVERROR_HTTP_UNAUTHORIZED || error == AVERROR_HTTP_FORBIDDEN) {
        return fault_set(fault, STING_E_FORGED,
                         "check user and password_file of this camera",
                         "the camera refuses us");
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

static enum sting_status format_open(struct source *source, struct fault *fault)
{
    const struct source_settings *s = source->settings;
    struct buffer url STING_AUTO(buffer_wipe) = {0};
    bool no_url = s->memory.size > 0 || !strncmp(s->url, "fd:", 3);
    source->is_live = !no_url && !strncmp(s->url, "rtsp://", 7);
    if (!no_url && (strlen(s->url) > MOST_URL || url_write(s, &url))) {
        return STING_E_NOMEM;
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
    const struct opening *opening = source->is_live ? &opening_live
                                    : no_url        ? &opening_memory
                                                    : &opening_clip;
    options_set(&options, opening, source->is_live);
    int error = avformat_open_input(
        &source->format, no_url ? NULL : buffer_text(&url), NULL, &options);
    if (error >= 0 && !source->is_live) {
        error = avformat_find_stream_info(source->format, NULL);
    }
    return error < 0 ? open_fault(source, error, fault) : STING_OK;
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

static enum sting_status stream_learn(struct source *source)
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

static bool size_is_sane(int width_px, int height_px)
{
    return width_px >= 16 && height_px >= 16 &&
           (int64_t)width_px * height_px <= AV_MOST_PIXELS;
}

static enum sting_status size_fault(int width_px, int height_px,
                                    struct fault *fault)
{
    return fault_set(fault, STING_E_FORMAT, "", "its video is %dx%d pixels",
                     width_px, height_px);
}

/* A live stream is known from its first keyframe: size and reorder depth as
 * parsed from it, headers from inside it or, where it has none, as the
 * camera announced them. */
static enum sting_status live_learn(struct source *source,
                                    struct access_unit *unit)
{
    AVCodecParameters *p = source->format->streams[source->track]->codecpar;
    if (unit->header.size > 0) {
        uint8_t *extradata =
            av_mallocz(unit->header.size + AV_INPUT_BUFFER_PADDING_SIZE);
        if (!extradata) {
            return STING_E_NOMEM;
        }
        memcpy(extradata, unit->header.data, unit->header.size);
        av_freep(&p->extradata);
        p->extradata = extradata;
        p->extradata_size = (int)unit->header.size;
        buffer_release(&source->header);
        source->header = unit->header;
        unit->header = (struct buffer){0};
    }
    p->width = unit->width_px;
    p->height = unit->height_px;
    p->video_delay = access_unit_reorder(unit, p);
    stream_release(&source->stream);
    return stream_learn(source);
}

/* At a keyframe; or, where none comes, anywhere, if the camera announced the
 * headers: what it sends is kept, and is seen as far as it heals. */
static bool live_can_begin(const struct source *source,
                           const struct access_unit *unit, int64_t waited_us)
{
    const AVStream *track = source->format->streams[source->track];
    bool is_late = waited_us > WAIT_FOR_KEY_US;
    return unit->width_px > 0 &&
           (unit->key || (is_late && track->codecpar->extradata_size > 0));
}

static enum sting_status live_begin(struct source *source, struct fault *fault)
{
    int64_t begin_pts = AV_NOPTS_VALUE;
    enum sting_status status =
        access_units_new(source->format, source->track, &source->units);
    while (!status) {
        struct access_unit unit STING_AUTO(access_unit_release) = {0};
        int error = access_units_next(source->units, &unit);
        if (error < 0) {
            return open_fault(source, error, fault);
        }
        heard(source);
        begin_pts = begin_pts == AV_NOPTS_VALUE ? unit.packet->pts : begin_pts;
        int64_t waited_us = av_rescale_q(
            unit.packet->pts - begin_pts,
            source->format->streams[source->track]->time_base, AV_TIME_BASE_Q);
        if (waited_us > MOST_WAIT_US) {
            return fault_set(fault, STING_E_FORMAT, "set it to H.264 or H.265",
                             "what it sends cannot be decoded");
        }
        if (!live_can_begin(source, &unit, waited_us)) {
            continue;
        }
        if (!size_is_sane(unit.width_px, unit.height_px)) {
            return size_fault(unit.width_px, unit.height_px, fault);
        }
        status = live_learn(source, &unit);
        source->first = unit;
        unit = (struct access_unit){0};
        return status;
    }
    return status;
}

static enum sting_status clip_begin(struct source *source, struct fault *fault)
{
    const AVCodecParameters *p =
        source->format->streams[source->track]->codecpar;
    if (!size_is_sane(p->width, p->height)) {
        return size_fault(p->width, p->height, fault);
    }
    return stream_learn(source);
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
    enum sting_status status = format_open(source, fault);
    if (!status) {
        status = track_find(source, fault);
    }
    if (!status) {
        status = source->is_live ? live_begin(source, fault)
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

/* RTP counts in 32 bits: only differences are trusted. A clip is taken as
 * it is; in it a jump of more than ten seconds either way begins a new time
 * line. */
static int64_t pts_unwrap(struct source *source, int64_t raw, bool *jumped)
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

static enum sting_status read_fault(struct source *source, int error,
                                    struct fault *fault)
{
    if (error == AVERROR_EXIT || told_to_stop(source)) {
        return fault_set(fault, STING_E_BUSY, "", "no picture came");
    }
    return av_fault(fault, error, "", "the video ends");
}

/* Headers that differ, as cameras change them at dusk, or another size. */
static bool is_changed(const struct source *source,
                       const struct access_unit *unit)
{
    bool differs =
        unit->header.size > 0 && !bytes_equal(buffer_bytes(&unit->header),
                                              buffer_bytes(&source->header));
    bool resized =
        unit->width_px > 0 && (unit->width_px != source->stream.width_px ||
                               unit->height_px != source->stream.height_px);
    return unit->key && (differs || resized);
}

static enum sting_status live_read(struct source *source, struct packet *out,
                                   bool *is_new, struct fault *fault)
{
    struct access_unit unit STING_AUTO(access_unit_release) = source->first;
    source->first = (struct access_unit){0};
    int error = unit.packet ? 0 : access_units_next(source->units, &unit);
    if (error < 0) {
        return read_fault(source, error, fault);
    }
    heard(source);
    bool ignored = false;
    int64_t pts = pts_unwrap(source, unit.packet->pts, &ignored);
    bool changed = is_changed(source, &unit);
    if (changed && !size_is_sane(unit.width_px, unit.height_px)) {
        return size_fault(unit.width_px, unit.height_px, fault);
    }
    if (changed) {
        enum sting_status status = live_learn(source, &unit);
        if (status) {
            return status;
        }
    }
    *is_new = changed;
    *out = (struct packet){{unit.packet->data, (size_t)unit.packet->size},
                           pts,
                           unit.key,
                           unit.packet};
    unit.packet = NULL;
    return STING_OK;
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
            return read_fault(source, error, fault);
        }
        int64_t raw = av->pts != AV_NOPTS_VALUE ? av->pts : av->dts;
        if (av->stream_index != source->track || av->size <= 0 ||
            raw == AV_NOPTS_VALUE) {
            continue;
        }
        if (av_packet_make_refcounted(av) < 0) {
            return STING_E_NOMEM;
        }
        int64_t pts = pts_unwrap(source, raw, is_new);
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
    return source->is_live ? live_read(source, out, is_new_stream, fault)
                           : clip_read(source, out, is_new_stream, fault);
}
