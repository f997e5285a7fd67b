/* A camera: what it sends by RTSP, or gives as a device, as whole pictures. */
#include <errno.h>
#include <libavutil/mem.h>
#include <string.h>

#include "media/av.h"
#include "media/source_parts.h"

#define WAIT_FOR_KEY_US INT64_C(3000000)
#define MOST_WAIT_US INT64_C(8000000)
#define PACKET_BYTES 65536

static void heard(const struct source *source)
{
    const struct source_settings *s = source->settings;
    if (s->heard) {
        s->heard(s->context);
    }
}

/* ---- our dialogue, FFmpeg's reading of the packets ---- */

static int packet_read(void *opaque, uint8_t *to, int size)
{
    struct source *source = opaque;
    size_t got = 0;
    switch (rtsp_packet(source->rtsp, to, (size_t)size, &got)) {
    case STING_OK:
        return (int)got;
    case STING_E_BUSY:
        return AVERROR_EXIT;
    case STING_E_ABSENT:
        return AVERROR_EOF;
    case STING_E_IO:
        return AVERROR(errno);
    default:
        return AVERROR_INVALIDDATA;
    }
}

static int report_write(void *opaque, uint8_t *from, int size)
{
    struct source *source = opaque;
    const struct bytes report = {from, (size_t)size};
    return rtsp_report(source->rtsp, report) ? AVERROR(EIO) : size;
}

/* FFmpeg takes one packet a call only from what can also be written to. */
static AVIOContext *packet_io_new(struct source *source)
{
    uint8_t *block = av_malloc(PACKET_BYTES);
    AVIOContext *io = block
                          ? avio_alloc_context(block, PACKET_BYTES, 1, source,
                                               packet_read, report_write, NULL)
                          : NULL;
    if (!io) {
        av_free(block);
    }
    return io;
}

static enum sting_status sdp_open(struct source *source, struct bytes sdp,
                                  struct fault *fault)
{
    AVDictionary *options STING_AUTO(av_dict_free) = NULL;
    source->format = avformat_alloc_context();
    source->memory = (struct memory_io){.source = sdp};
    source->io = memory_io_new(&source->memory, false);
    if (!source->format || !source->io) {
        return STING_E_NOMEM;
    }
    source->format->pb = source->io;
    source_options(&options, "none", "sdp");
    av_dict_set(&options, "sdp_flags", "custom_io", 0);
    av_dict_set(&options, "reorder_queue_size", "0", 0);
    av_dict_set(&options, "fflags", "nobuffer+noparse+nofillin", 0);
    int error = avformat_open_input(&source->format, NULL,
                                    av_find_input_format("sdp"), &options);
    if (error < 0) {
        return source_open_fault(source, error, fault);
    }
    memory_io_free(&source->io);
    source->io = packet_io_new(source);
    source->format->pb = source->io;
    return source->io ? STING_OK : STING_E_NOMEM;
}

enum sting_status source_live_open(struct source *source, struct fault *fault)
{
    struct buffer sdp STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        rtsp_open(source->settings, &sdp, &source->rtsp, fault);
    return status ? status : sdp_open(source, buffer_bytes(&sdp), fault);
}

/* ---- pictures ---- */

/* The next piece of the video; other tracks are read over. */
static int track_read(struct source *source, AVPacket *out)
{
    int error;
    while ((error = av_read_frame(source->format, out)) >= 0 &&
           out->stream_index != source->track) {
        av_packet_unref(out);
    }
    if (error >= 0 && out->pts != AV_NOPTS_VALUE) {
        /* FFmpeg counts from a packet of its choice. What it gives is always
         * of the packet that it read last. */
        source->rtp_shift =
            rtsp_clock(source->rtsp)->packet - (uint32_t)out->pts;
    }
    return error;
}

static int piece_read(void *context, AVPacket *out, int64_t *came_us)
{
    struct source *source = context;
    const struct source_settings *s = source->settings;
    int error = source->feed ? device_feed_read(source->feed, out)
                             : track_read(source, out);
    *came_us = s->now_us ? s->now_us(s->context) : 0;
    return error;
}

static void clock_learn(struct source *source, int64_t pts)
{
    const struct stream *stream = &source->stream;
    int64_t utc_us = source->rtsp
                         ? rtp_clock_utc_us(rtsp_clock(source->rtsp),
                                            source->rtp_shift + (uint32_t)pts,
                                            stream->ticks_per_s)
                         : 0;
    source->has_clock = utc_us > 0;
    source->clock_us = utc_us - stream_us(stream, pts);
}

int64_t source_clock_us(const struct source *source, int64_t at_us)
{
    int64_t utc_us = at_us + source->clock_us;
    bool can_be = utc_us > 0 && utc_us < RTP_CLOCK_END_US;
    return source->has_clock && can_be ? utc_us : 0;
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
    return source_stream_learn(source);
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

enum sting_status source_live_begin(struct source *source, struct fault *fault)
{
    int64_t begin_pts = AV_NOPTS_VALUE;
    enum sting_status status =
        access_units_new(source->format->streams[source->track]->codecpar,
                         piece_read, source, &source->units);
    while (!status) {
        struct access_unit unit STING_AUTO(access_unit_release) = {0};
        int error = access_units_next(source->units, &unit);
        if (error < 0) {
            return source_open_fault(source, error, fault);
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
        if (!source_size_is_sane(unit.width_px, unit.height_px)) {
            return source_size_fault(unit.width_px, unit.height_px, fault);
        }
        status = live_learn(source, &unit);
        source->first = unit;
        unit = (struct access_unit){0};
        return status;
    }
    return status;
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

enum sting_status source_live_read(struct source *source, struct packet *out,
                                   bool *is_new, struct fault *fault)
{
    struct access_unit unit STING_AUTO(access_unit_release) = source->first;
    source->first = (struct access_unit){0};
    int error = unit.packet ? 0 : access_units_next(source->units, &unit);
    if (error < 0) {
        return source_read_fault(source, error, fault);
    }
    heard(source);
    bool ignored = false;
    int64_t pts = source_pts(source, unit.packet->pts, &ignored);
    bool changed = is_changed(source, &unit);
    if (changed && !source_size_is_sane(unit.width_px, unit.height_px)) {
        return source_size_fault(unit.width_px, unit.height_px, fault);
    }
    if (changed) {
        enum sting_status status = live_learn(source, &unit);
        if (status) {
            return status;
        }
    }
    clock_learn(source, pts);
    source->came_us = unit.came_us;
    *is_new = changed;
    *out = (struct packet){{unit.packet->data, (size_t)unit.packet->size},
                           pts,
                           unit.key,
                           unit.packet};
    unit.packet = NULL;
    return STING_OK;
}
