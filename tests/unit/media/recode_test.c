/* Fragments read back, and pictures of any stream as H.264 at their times. */
#include "media/recode.h"

#include <stdlib.h>
#include <string.h>

#include "media/decode.h"
#include "media/encode.h"
#include "media/fragment_read.h"
#include "media/source.h"
#include "tests/check.h"

#define WIDTH 160
#define HEIGHT 96
#define FRAME_US INT64_C(40000)
#define ORIGIN_US INT64_C(7000000)
#define FRAMES 60

/* A recording of pictures each as bright as its number. */
struct film {
    struct stream stream;
    struct fragment_writer *writer;
    struct buffer head;
    struct buffer fragments;
    int packets;
};

static enum sting_status fragment_keep(void *context,
                                       const struct fragment *fragment)
{
    struct film *film = context;
    return buffer_append(&film->fragments, fragment->data);
}

static enum sting_status packet_keep(void *context,
                                     const struct encode_packet *encoded)
{
    struct film *film = context;
    struct packet packet STING_AUTO(packet_release) = {0};
    if (!film->writer) {
        assert_int_equal(
            stream_of_h264(WIDTH, HEIGHT, encoded->data, &film->stream), 0);
        assert_int_equal(fragment_writer_new(&film->stream, ORIGIN_US,
                                             fragment_keep, film,
                                             &film->writer),
                         0);
        assert_int_equal(fragment_head(&film->stream, &film->head), 0);
    }
    film->packets++;
    assert_int_equal(
        packet_new(encoded->data, encoded->pts_us, encoded->key, &packet), 0);
    return fragment_writer_add(film->writer, &packet);
}

static void film_make(struct film *film)
{
    const struct encode_settings settings = {WIDTH, HEIGHT, 25, 25, 20, false};
    struct encoder *encoder STING_AUTO(encoder_free) = NULL;
    struct video_frame frame STING_AUTO(video_frame_release) = {0};
    assert_int_equal(video_frame_init(&frame, WIDTH, HEIGHT, true), 0);
    assert_int_equal(encoder_new(&settings, packet_keep, film, &encoder, NULL),
                     0);
    frame.full_range = true;
    for (int i = 0; i < FRAMES; i++) {
        memset(frame.y.data, 40 + 2 * i, (size_t)frame.y.stride * HEIGHT);
        frame.pts_us = (int64_t)i * FRAME_US;
        assert_int_equal(encoder_frame(encoder, &frame), 0);
    }
    assert_int_equal(encoder_finish(encoder), 0);
    assert_int_equal(fragment_writer_flush(film->writer), 0);
}

static void film_release(struct film *film)
{
    fragment_writer_free(&film->writer);
    stream_release(&film->stream);
    buffer_release(&film->head);
    buffer_release(&film->fragments);
}

struct counted {
    int packets;
    int keys;
    int64_t first;
    int64_t last;
};

static enum sting_status packet_count(void *context,
                                      const struct packet *packet)
{
    struct counted *counted = context;
    counted->first = counted->packets++ ? counted->first : packet->pts;
    counted->last = packet->pts;
    counted->keys += packet->key;
    return STING_OK;
}

static void what_was_written_is_read_back(void **state)
{
    struct film film STING_AUTO(film_release) = {0};
    struct counted counted = {0};
    (void)state;
    film_make(&film);
    assert_int_equal(
        fragment_read(buffer_bytes(&film.fragments), packet_count, &counted),
        STING_OK);
    assert_int_equal(counted.packets, FRAMES);
    assert_int_equal(counted.keys, 3);
    assert_int_equal(counted.first, ORIGIN_US);
    assert_int_equal(counted.last, ORIGIN_US + (FRAMES - 1) * FRAME_US);
}

static void what_is_cut_short_or_changed_is_malformed(void **state)
{
    struct film film STING_AUTO(film_release) = {0};
    struct counted counted = {0};
    (void)state;
    film_make(&film);
    for (size_t size = 1; size < 180; size++) {
        enum sting_status status = fragment_read(
            (struct bytes){film.fragments.data, size}, packet_count, &counted);
        assert_int_equal(status, STING_E_FORMAT);
    }
    /* Any byte of the first moof's heads: refused, or no more than moved. */
    for (size_t i = 0; i < 100; i++) {
        film.fragments.data[i] ^= 0x40;
        enum sting_status status = fragment_read(buffer_bytes(&film.fragments),
                                                 packet_count, &counted);
        assert_true(status == STING_OK || status == STING_E_FORMAT);
        film.fragments.data[i] ^= 0x40;
    }
}

/* ---- and made anew ---- */

struct again {
    struct recoder *recoder;
    struct buffer file;
    int64_t shown_us[FRAMES];
    int bright[FRAMES];
    int frames;
};

static enum sting_status again_keep(void *context,
                                    const struct fragment *fragment)
{
    struct again *again = context;
    if (again->file.size == 0) {
        assert_int_equal(recoder_head(again->recoder, &again->file), 0);
    }
    return buffer_append(&again->file, fragment->data);
}

static enum sting_status recode(void *context, const struct packet *packet)
{
    struct again *again = context;
    return recoder_add(again->recoder, packet);
}

static enum sting_status look(void *context, const struct video_frame *frame)
{
    struct again *again = context;
    assert_true(again->frames < FRAMES);
    again->bright[again->frames] = plane_row(&frame->y, 40)[80];
    again->shown_us[again->frames++] = frame->pts_us;
    return STING_OK;
}

static void decode_all(struct again *again)
{
    struct source *source STING_AUTO(source_free) = NULL;
    struct decoder *decoder STING_AUTO(decoder_free) = NULL;
    const struct source_settings settings = {.memory =
                                                 buffer_bytes(&again->file)};
    assert_int_equal(source_open(&settings, &source, NULL), 0);
    assert_int_equal(source_stream(source)->codec, STREAM_H264);
    assert_int_equal(
        decoder_new(source_stream(source), look, again, &decoder, NULL), 0);
    for (;;) {
        struct packet packet STING_AUTO(packet_release) = {0};
        bool is_new = false;
        if (source_read(source, &packet, &is_new, NULL)) {
            break;
        }
        assert_int_equal(decoder_add(decoder, &packet), 0);
    }
    assert_int_equal(decoder_finish(decoder), 0);
}

static void recode_from(int64_t from_us, struct again *again)
{
    struct film film STING_AUTO(film_release) = {0};
    struct source *source STING_AUTO(source_free) = NULL;
    film_make(&film);
    const struct source_settings settings = {.memory =
                                                 buffer_bytes(&film.head)};
    assert_int_equal(source_open(&settings, &source, NULL), 0);
    assert_int_equal(recoder_new(source_stream(source), 20, again_keep, again,
                                 &again->recoder, NULL),
                     0);
    assert_int_equal(recoder_head(again->recoder, &again->file),
                     STING_E_ABSENT);
    recoder_from(again->recoder, from_us);
    assert_int_equal(
        fragment_read(buffer_bytes(&film.fragments), recode, again), 0);
    assert_int_equal(recoder_finish(again->recoder), 0);
    decode_all(again);
    recoder_free(&again->recoder);
    buffer_release(&again->file);
}

static void every_picture_comes_out_at_its_time(void **state)
{
    static struct again again;
    (void)state;
    recode_from(INT64_MIN, &again);
    assert_int_equal(again.frames, FRAMES);
    for (int i = 0; i < FRAMES; i++) {
        assert_int_equal(again.shown_us[i], ORIGIN_US + (int64_t)i * FRAME_US);
        assert_true(abs(again.bright[i] - (40 + 2 * i)) <= 3);
    }
}

static void pictures_before_the_moment_are_not_given(void **state)
{
    static struct again again;
    (void)state;
    recode_from(ORIGIN_US + 30 * FRAME_US, &again);
    assert_int_equal(again.frames, FRAMES - 30);
    assert_int_equal(again.shown_us[0], ORIGIN_US + 30 * FRAME_US);
    assert_true(abs(again.bright[0] - 100) <= 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_back),
        cmocka_unit_test(what_is_cut_short_or_changed_is_malformed),
        cmocka_unit_test(every_picture_comes_out_at_its_time),
        cmocka_unit_test(pictures_before_the_moment_are_not_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
