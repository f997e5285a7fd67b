#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "media/decode.h"
#include "media/encode.h"
#include "media/fragment.h"
#include "media/fragment_read.h"
#include "media/mp4.h"
#include "media/source.h"
#include "tests/check.h"

#define ORIGIN_US INT64_C(90061000000) /* a box that is up for a day */
#define MOST 4096

static const char *footage; /* a clip with B-frames */

struct recording {
    struct buffer file;
    int fragments;
    int frames;
    int64_t longest_us;
    int64_t last_end_us;
};

static enum sting_status record(void *context, const struct fragment *fragment)
{
    struct recording *recording = context;
    recording->fragments++;
    recording->frames += fragment->frames;
    if (fragment->duration_us > recording->longest_us) {
        recording->longest_us = fragment->duration_us;
    }
    return buffer_append(&recording->file, fragment->data);
}

static enum sting_status to_mp4(void *context, const struct encode_packet *p)
{
    return mp4_writer_add(context, p);
}

/* A clip of `frames` grey pictures that change, 10 a second, GOP `gop`. */
static void clip_make(int frames, int gop, struct buffer *out)
{
    struct encode_settings settings = {160, 96, 10, gop, 26, false};
    struct mp4_writer *mp4 STING_AUTO(mp4_writer_free) = NULL;
    struct encoder *encoder STING_AUTO(encoder_free) = NULL;
    struct video_frame frame STING_AUTO(video_frame_release) = {0};
    assert_int_equal(video_frame_init(&frame, 160, 96, false), 0);
    assert_int_equal(mp4_writer_new(160, 96, 10, &mp4), 0);
    assert_int_equal(encoder_new(&settings, to_mp4, mp4, &encoder, NULL), 0);
    for (int i = 0; i < frames; i++) {
        memset(plane_row(&frame.y, i % 96), 200, 160);
        frame.pts_us = INT64_C(100000) * i;
        assert_int_equal(encoder_frame(encoder, &frame), 0);
    }
    assert_int_equal(encoder_finish(encoder), 0);
    assert_int_equal(mp4_writer_finish(mp4, out), 0);
}

/* Every presentation time of a source, in order of arrival. */
static int times_read(const struct source_settings *settings, int64_t *pts,
                      int *scale)
{
    struct source *source STING_AUTO(source_free) = NULL;
    struct fault fault = {0};
    if (source_open(settings, &source, &fault)) {
        fail_msg("%s", fault.why);
    }
    *scale = source_stream(source)->ticks_per_s;
    int count = 0;
    for (;;) {
        struct packet packet STING_AUTO(packet_release) = {0};
        bool is_new = false;
        enum sting_status status = source_read(source, &packet, &is_new, NULL);
        if (status) {
            assert_int_equal(status, STING_E_ABSENT);
            return count;
        }
        assert_true(count < MOST);
        pts[count++] = packet.pts;
    }
}

static void recording_make(const struct source_settings *settings,
                           struct recording *recording)
{
    struct source *source STING_AUTO(source_free) = NULL;
    struct fragment_writer *writer STING_AUTO(fragment_writer_free) = NULL;
    assert_int_equal(source_open(settings, &source, NULL), 0);
    assert_int_equal(fragment_head(source_stream(source), &recording->file), 0);
    assert_int_equal(fragment_writer_new(source_stream(source), ORIGIN_US,
                                         record, recording, &writer),
                     0);
    for (;;) {
        struct packet packet STING_AUTO(packet_release) = {0};
        bool is_new = false;
        if (source_read(source, &packet, &is_new, NULL)) {
            break;
        }
        assert_int_equal(fragment_writer_add(writer, &packet), 0);
    }
    assert_int_equal(fragment_writer_flush(writer), 0);
}

static void compare_times(const struct source_settings *clip)
{
    static int64_t before[MOST], after[MOST];
    int scale = 0, scale_after = 0;
    int frames = times_read(clip, before, &scale);
    struct recording recording = {0};
    recording_make(clip, &recording);
    struct source_settings again = {.memory = buffer_bytes(&recording.file)};
    assert_int_equal(times_read(&again, after, &scale_after), frames);
    assert_int_equal(recording.frames, frames);
    assert_int_equal(scale, scale_after);
    assert_true(frames > 20);
    for (int i = 0; i < frames; i++) {
        assert_int_equal(after[i] - after[0], before[i] - before[0]);
    }
    assert_int_equal(after[0] * 1000000 / scale, ORIGIN_US);
    assert_true(recording.longest_us <= 1000000);
    buffer_release(&recording.file);
}

static void a_recording_keeps_every_time(void **state)
{
    (void)state;
    struct buffer file STING_AUTO(buffer_release) = {0};
    clip_make(35, 10, &file);
    compare_times(&(struct source_settings){.memory = buffer_bytes(&file)});
}

static void a_long_gop_is_cut_into_seconds(void **state)
{
    (void)state;
    struct buffer file STING_AUTO(buffer_release) = {0};
    clip_make(60, 60, &file);
    compare_times(&(struct source_settings){.memory = buffer_bytes(&file)});
}

static void a_clip_with_b_frames_keeps_every_time(void **state)
{
    (void)state;
    if (!footage) {
        skip();
    }
    compare_times(&(struct source_settings){.url = footage});
}

static enum sting_status packet_count(void *context,
                                      const struct packet *packet)
{
    *(int *)context += packet->data.size > 0;
    return STING_OK;
}

/* A fragment of one keyframe that was taken then. */
static void keyframe_record(struct fragment_times at,
                            struct recording *recording)
{
    struct buffer file STING_AUTO(buffer_release) = {0};
    clip_make(20, 10, &file);
    struct source_settings clip = {.memory = buffer_bytes(&file)};
    struct source *source STING_AUTO(source_free) = NULL;
    struct fragment_writer *writer STING_AUTO(fragment_writer_free) = NULL;
    struct packet packet STING_AUTO(packet_release) = {0};
    bool is_new = false;
    assert_int_equal(source_open(&clip, &source, NULL), 0);
    assert_int_equal(fragment_writer_new(source_stream(source), ORIGIN_US,
                                         record, recording, &writer),
                     0);
    assert_int_equal(source_read(source, &packet, &is_new, NULL), 0);
    assert_int_equal(fragment_writer_add(writer, &packet), 0);
    fragment_writer_taken(writer, packet.pts, at);
    assert_int_equal(fragment_writer_flush(writer), 0);
}

/* prft, version 1, track 1, NTP seconds of 1700000000 and half of one */
static const uint8_t hosts[] = {0,   0, 0,    32,   'p',  'r',  'f',
                                't', 1, 0,    0,    0,    0,    0,
                                0,   1, 0xe8, 0xfe, 0x6f, 0x80, 0x80};
#define HOSTS_US INT64_C(1700000000500000)

static void a_keyframe_is_told_with_the_hosts_time(void **state)
{
    (void)state;
    struct recording recording = {0};
    keyframe_record((struct fragment_times){HOSTS_US, 0}, &recording);
    assert_memory_equal(recording.file.data, hosts, sizeof hosts);
    assert_memory_equal(recording.file.data + 36, "moof", 4);
    buffer_release(&recording.file);
}

static void and_with_the_cameras_own_where_it_said_so(void **state)
{
    (void)state;
    struct recording recording = {0};
    /* flags 24: captured; NTP seconds of 31 December 1999, RFC 5905 */
    static const uint8_t cameras[] = {0,   0, 0,    32,   'p',  'r',  'f',
                                      't', 1, 0,    0,    24,   0,    0,
                                      0,   1, 0xbc, 0x16, 0x70, 0x80, 0x40};
    keyframe_record((struct fragment_times){HOSTS_US, 946598400250000},
                    &recording);
    assert_memory_equal(recording.file.data, hosts, sizeof hosts);
    assert_memory_equal(recording.file.data + 32, cameras, sizeof cameras);
    assert_memory_equal(recording.file.data + 24, recording.file.data + 56, 8);
    assert_memory_equal(recording.file.data + 68, "moof", 4);
    int pictures = 0;
    assert_int_equal(
        fragment_read(buffer_bytes(&recording.file), packet_count, &pictures),
        0);
    assert_int_equal(pictures, 1);
    buffer_release(&recording.file);
}

struct shown {
    int frames;
    int64_t last_us;
};

static enum sting_status show(void *context, const struct video_frame *frame)
{
    struct shown *shown = context;
    assert_true(frame->pts_us > shown->last_us);
    shown->last_us = frame->pts_us;
    shown->frames++;
    return STING_OK;
}

static int decode_all(const struct source_settings *settings,
                      enum decode_what what)
{
    struct source *source STING_AUTO(source_free) = NULL;
    struct decoder *decoder STING_AUTO(decoder_free) = NULL;
    struct shown shown = {.last_us = -1};
    assert_int_equal(source_open(settings, &source, NULL), 0);
    assert_int_equal(
        decoder_new(source_stream(source), show, &shown, &decoder, NULL), 0);
    decoder_set(decoder, what);
    for (;;) {
        struct packet packet STING_AUTO(packet_release) = {0};
        bool is_new = false;
        if (source_read(source, &packet, &is_new, NULL)) {
            break;
        }
        assert_int_equal(decoder_add(decoder, &packet), 0);
    }
    assert_int_equal(decoder_finish(decoder), 0);
    return shown.frames;
}

static void a_recording_decodes_whole_or_by_keyframes(void **state)
{
    (void)state;
    struct buffer file STING_AUTO(buffer_release) = {0};
    clip_make(35, 10, &file);
    struct source_settings clip = {.memory = buffer_bytes(&file)};
    struct recording recording = {0};
    recording_make(&clip, &recording);
    struct source_settings again = {.memory = buffer_bytes(&recording.file)};
    assert_int_equal(decode_all(&again, DECODE_ALL), 35);
    assert_int_equal(decode_all(&again, DECODE_KEYFRAMES), 4);
    buffer_release(&recording.file);
}

static void hostile_bytes_never_break_a_source(void **state)
{
    (void)state;
    struct buffer file STING_AUTO(buffer_release) = {0};
    clip_make(6, 3, &file);
    for (size_t i = 0; i < file.size; i += 3) {
        struct source *source STING_AUTO(source_free) = NULL;
        file.data[i] ^= 0x55;
        struct source_settings bent = {.memory = buffer_bytes(&file)};
        if (source_open(&bent, &source, NULL) == STING_OK) {
            struct packet packet STING_AUTO(packet_release) = {0};
            bool is_new = false;
            enum sting_status ignored =
                source_read(source, &packet, &is_new, NULL);
            (void)ignored;
        }
        file.data[i] ^= 0x55;
    }
}

static void only_listed_protocols_are_opened(void **state)
{
    (void)state;
    static const char *const url[] = {"http://127.0.0.1:1/a.mp4",
                                      "concat:/dev/null", "/dev/null",
                                      "rtp://127.0.0.1:5004"};
    for (size_t i = 0; i < sizeof url / sizeof *url; i++) {
        struct source *source = NULL;
        struct fault fault = {0};
        struct source_settings settings = {.url = url[i]};
        assert_true(source_open(&settings, &source, &fault) < 0);
        assert_null(source);
        assert_true(fault.why[0] != '\0');
    }
}

int main(int argc, char **argv)
{
    footage = argc > 1 && access(argv[1], R_OK) == 0 ? argv[1] : NULL;
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_recording_keeps_every_time),
        cmocka_unit_test(a_long_gop_is_cut_into_seconds),
        cmocka_unit_test(a_keyframe_is_told_with_the_hosts_time),
        cmocka_unit_test(and_with_the_cameras_own_where_it_said_so),
        cmocka_unit_test(a_clip_with_b_frames_keeps_every_time),
        cmocka_unit_test(a_recording_decodes_whole_or_by_keyframes),
        cmocka_unit_test(hostile_bytes_never_break_a_source),
        cmocka_unit_test(only_listed_protocols_are_opened),
    };
    return cmocka_run_group_tests_name("fragment", test, NULL, NULL);
}
