#include "media/mp4.h"

#include <libavutil/dict.h>
#include <libavutil/opt.h>
#include <stdlib.h>
#include <string.h>

#include "media/av.h"
#include "media/memory_io.h"
#include "media/nal.h"

struct mp4_writer {
    int width_px;
    int height_px;
    int frames_per_s;
    AVFormatContext *format; /* NULL until the first packet */
    AVIOContext *io;
    struct memory_io memory;
    struct memory_io reader; /* moving moov to the front reads what is there */
    struct buffer file;
    AVPacket *packet;
    int64_t first_us;
};

enum sting_status mp4_writer_new(int width_px, int height_px, int frames_per_s,
                                 struct mp4_writer **out)
{
    av_silence();
    struct mp4_writer *writer = calloc(1, sizeof *writer);
    if (!writer) {
        return STING_E_NOMEM;
    }
    writer->width_px = width_px;
    writer->height_px = height_px;
    writer->frames_per_s = frames_per_s;
    writer->packet = av_packet_alloc();
    if (!writer->packet) {
        free(writer);
        return STING_E_NOMEM;
    }
    *out = writer;
    return STING_OK;
}

void mp4_writer_free(struct mp4_writer **writer)
{
    struct mp4_writer *w = *writer;
    if (w) {
        memory_io_free(&w->io);
        avformat_free_context(w->format);
        av_packet_free(&w->packet);
        buffer_release(&w->file);
    }
    free(w);
    *writer = NULL;
}

static int reader_open(AVFormatContext *format, AVIOContext **io,
                       const char *url, int flags, AVDictionary **options)
{
    (void)url;
    (void)options;
    struct mp4_writer *writer = format->opaque;
    if (flags & AVIO_FLAG_WRITE) {
        return AVERROR(EACCES);
    }
    avio_flush(writer->io);
    writer->reader = (struct memory_io){.target = &writer->file};
    *io = memory_io_new(&writer->reader, false);
    return *io ? 0 : AVERROR(ENOMEM);
}

static int reader_close(AVFormatContext *format, AVIOContext *io)
{
    (void)format;
    memory_io_free(&io);
    return 0;
}

static enum sting_status track_add(struct mp4_writer *w, struct bytes packet)
{
    AVStream *stream = avformat_new_stream(w->format, NULL);
    struct buffer header STING_AUTO(buffer_release) = {0};
    if (!stream || nal_h264_header_append(&header, packet)) {
        return STING_E_NOMEM;
    }
    AVCodecParameters *codec = stream->codecpar;
    codec->codec_type = AVMEDIA_TYPE_VIDEO;
    codec->codec_id = AV_CODEC_ID_H264;
    codec->width = w->width_px;
    codec->height = w->height_px;
    codec->extradata = av_mallocz(header.size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!codec->extradata || header.size == 0) {
        return header.size == 0 ? STING_E_ARG : STING_E_NOMEM;
    }
    memcpy(codec->extradata, header.data, header.size);
    codec->extradata_size = (int)header.size;
    stream->time_base = (AVRational){1, 90000};
    stream->avg_frame_rate = (AVRational){w->frames_per_s, 1};
    return STING_OK;
}

static enum sting_status file_begin(struct mp4_writer *w,
                                    const struct encode_packet *first)
{
    w->memory.target = &w->file;
    w->io = memory_io_new(&w->memory, true);
    if (!w->io || avformat_alloc_output_context2(&w->format, NULL, "mp4",
                                                 "memory.mp4") < 0) {
        return STING_E_NOMEM;
    }
    w->format->pb = w->io;
    w->format->opaque = w;
    w->format->io_open = reader_open;
    w->format->io_close2 = reader_close;
    w->format->flags |= AVFMT_FLAG_BITEXACT;
    w->first_us = first->pts_us;
    enum sting_status status = track_add(w, first->data);
    if (status) {
        return status;
    }
    AVDictionary *options STING_AUTO(av_dict_free) = NULL;
    av_dict_set(&options, "movflags", "+faststart", 0);
    av_dict_set(&options, "use_editlist", "0", 0);
    av_dict_set(&options, "empty_hdlr_name", "1", 0);
    av_dict_set(&options, "video_track_timescale", "90000", 0);
    return avformat_write_header(w->format, &options) < 0 ? STING_E_IO
                                                          : STING_OK;
}

enum sting_status mp4_writer_add(void *writer,
                                 const struct encode_packet *packet)
{
    struct mp4_writer *w = writer;
    if (!w->format) {
        enum sting_status status =
            packet->key ? file_begin(w, packet) : STING_E_ARG;
        if (status) {
            return status;
        }
    }
    if (packet->data.size > INT32_MAX / 2 ||
        av_new_packet(w->packet, (int)packet->data.size) < 0) {
        return STING_E_NOMEM;
    }
    memcpy(w->packet->data, packet->data.data, packet->data.size);
    w->packet->pts = (packet->pts_us - w->first_us) * 9 / 100;
    w->packet->dts = w->packet->pts;
    w->packet->duration = 90000 / w->frames_per_s;
    w->packet->flags = packet->key ? AV_PKT_FLAG_KEY : 0;
    return av_write_frame(w->format, w->packet) < 0
               ? (av_packet_unref(w->packet), STING_E_IO)
               : (av_packet_unref(w->packet), STING_OK);
}

/* FFmpeg always writes a box of user data, here an empty one. It becomes
 * free space, so that nobody need wonder what it held. */
static void user_data_erase(struct buffer *file)
{
    const uint8_t *media = memmem(file->data, file->size, "mdat", 4);
    size_t head = media ? (size_t)(media - file->data) : 0;
    uint8_t *box = head > 0 ? memmem(file->data, head, "udta", 4) : NULL;
    if (!box || box - file->data < 4) {
        return;
    }
    size_t size = (size_t)box[-4] << 24 | (size_t)box[-3] << 16 |
                  (size_t)box[-2] << 8 | (size_t)box[-1];
    size_t at = (size_t)(box - file->data) - 4;
    if (size >= 8 && size <= head - at) {
        static const uint8_t unused[] = {'f', 'r', 'e', 'e'};
        memcpy(box, unused, sizeof unused);
        memset(box + 4, 0, size - 8);
    }
}

enum sting_status mp4_writer_finish(struct mp4_writer *writer,
                                    struct buffer *out)
{
    if (!writer->format) {
        return STING_E_ARG;
    }
    if (av_write_trailer(writer->format) < 0) {
        return STING_E_IO;
    }
    avio_flush(writer->io);
    user_data_erase(&writer->file);
    return buffer_append(out, buffer_bytes(&writer->file));
}
