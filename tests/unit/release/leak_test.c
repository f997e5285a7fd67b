#include "release/leak.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "tests/check.h"

/* A cut of two pictures, made box by box; one thing may be added to it. */
static size_t box_open(struct buffer *out, const char *kind)
{
    size_t at = out->size;
    assert_int_equal(
        buffer_append(out, (struct bytes){(const uint8_t *)"\0\0\0\0", 4}), 0);
    assert_int_equal(buffer_text_append(out, kind), 0);
    return at;
}

static void u32_at(struct buffer *out, size_t at, size_t value)
{
    for (int i = 0; i < 4; i++) {
        out->data[at + (size_t)i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

static void box_close(struct buffer *out, size_t at)
{
    u32_at(out, at, out->size - at);
}

static void put(struct buffer *out, const void *data, size_t size)
{
    assert_int_equal(buffer_append(out, (struct bytes){data, size}), 0);
}

static void zeros(struct buffer *out, size_t count)
{
    static const uint8_t zero[128];
    put(out, zero, count);
}

static void box_zero(struct buffer *out, const char *kind, size_t body)
{
    size_t at = box_open(out, kind);
    zeros(out, body);
    box_close(out, at);
}

enum added {
    NOTHING,
    A_DATE,
    AN_EDIT_LIST,
    TAGS,
    A_HANDLER_NAME,
    A_COMPRESSOR_NAME,
    SOUND,
    FREE_SPACE,
    A_MESSAGE,
    UNUSED_DATA,
    BYTES_AFTER_SETS,
    A_SECOND_TRACK,
    A_FILE_NAME,
    ANOTHER_SET,
    A_PLACE,
    CHAPTERS,
    A_THUMBNAIL,
    EXIF,
    A_LABEL,
    SUBTITLES,
    A_TIMECODE,
    A_CHAPTER_TRACK,
    A_TEXT_BETWEEN,
    A_TEXT_AFTER,
};

static void make_stsd(struct buffer *out, enum added added)
{
    static const uint8_t avcc[] = {1,  66, 0,  30, 0xff, 0xe1, 0,    4, 0x67,
                                   66, 0,  30, 1,  0,    2,    0x68, 9};
    size_t stsd = box_open(out, "stsd");
    put(out, "\0\0\0\0\0\0\0\1", 8);
    size_t avc1 = box_open(out, "avc1");
    size_t head = out->size;
    zeros(out, 78);
    out->data[head + 25] = 192;
    out->data[head + 27] = 108;
    if (added == A_COMPRESSOR_NAME) {
        memcpy(out->data + head + 42, "\4tool", 5);
    }
    size_t at = box_open(out, "avcC");
    put(out, avcc, sizeof avcc);
    if (added == BYTES_AFTER_SETS) {
        put(out, "who did it", 10);
    }
    box_close(out, at);
    box_close(out, avc1);
    box_close(out, stsd);
}

static void make_stbl(struct buffer *out, enum added added)
{
    size_t stbl = box_open(out, "stbl");
    make_stsd(out, added);
    box_zero(out, "stts", 16);
    box_zero(out, "stsc", 20);
    size_t stsz = box_open(out, "stsz");
    zeros(out, 8);
    put(out,
        added == A_MESSAGE ? "\0\0\0\2\0\0\0\17\0\0\0\14"
                           : "\0\0\0\2\0\0\0\17\0\0\0\6",
        12);
    box_close(out, stsz);
    box_zero(out, "stco", 12);
    box_close(out, stbl);
}

static void make_minf(struct buffer *out, enum added added)
{
    size_t minf = box_open(out, "minf");
    box_zero(out, "vmhd", 12);
    size_t dinf = box_open(out, "dinf");
    size_t dref = box_open(out, "dref");
    put(out, "\0\0\0\0\0\0\0\1\0\0\0\014url \0\0\0\1", 20);
    if (added == A_FILE_NAME) {
        put(out, "/home/ann/x.mp4", 16);
    }
    box_close(out, dref);
    box_close(out, dinf);
    make_stbl(out, added);
    box_close(out, minf);
}

static void make_trak(struct buffer *out, enum added added)
{
    size_t trak = box_open(out, "trak");
    box_zero(out, "tkhd", 84);
    if (added == AN_EDIT_LIST) {
        box_zero(out, "edts", 28);
    }
    if (added == A_CHAPTER_TRACK) {
        box_zero(out, "tref", 12);
    }
    size_t mdia = box_open(out, "mdia");
    box_zero(out, "mdhd", 24);
    size_t hdlr = box_open(out, "hdlr");
    zeros(out, 8);
    put(out,
        added == SOUND        ? "soun"
        : added == SUBTITLES  ? "sbtl"
        : added == A_TIMECODE ? "tmcd"
                              : "vide",
        4);
    zeros(out, 12);
    if (added == A_HANDLER_NAME) {
        put(out, "Camera of Ann", 14);
    } else {
        put(out, "VideoHandler", 13);
    }
    box_close(out, hdlr);
    make_minf(out, added);
    box_close(out, mdia);
    box_close(out, trak);
}

static void make_mdat(struct buffer *out, enum added added)
{
    size_t mdat = box_open(out, "mdat");
    put(out, "\0\0\0\4\x67\x42\0\x1e", 8); /* as the head has it */
    put(out, "\0\0\0\3\x65\1\2", 7);
    if (added == A_MESSAGE) {
        put(out, "\0\0\0\2\x06\5", 6);
    }
    put(out, "\0\0\0\2\x41\1", 6);
    if (added == UNUSED_DATA) {
        put(out, "\0\0\0\2\x41\1", 6);
    }
    if (added == ANOTHER_SET) {
        put(out, "\0\0\0\2\x68\7", 6);
    }
    box_close(out, mdat);
}

static void box_text(struct buffer *out, const char *kind, const char *text)
{
    size_t at = box_open(out, kind);
    put(out, text, strlen(text));
    box_close(out, at);
}

/* Boxes that programs put names, places, chapters and pictures into. */
struct told {
    enum added added;
    const char *outer;
    const char *text;
};
static const struct told in_moov[] = {
    {TAGS, "udta", "a title and a comment"},
    {A_PLACE, "udta", "\251xyz+50.4501+030.5234/"},
    {CHAPTERS, "udta", "chpl the garage, the street"},
    {A_THUMBNAIL, "meta", "hdlr pict, JFIF"},
};
static const struct told in_file[] = {
    {EXIF, "meta", "Exif MM GPSLatitude"},
    {A_LABEL, "uuid", "jumb c2pa manifest"},
    {A_TEXT_BETWEEN, "skip", "made by Ann"},
};

static void make_cut(struct buffer *out, enum added added)
{
    size_t at = box_open(out, "ftyp");
    put(out, "isom\0\0\2\0isom", 12);
    box_close(out, at);
    size_t moov = box_open(out, "moov");
    at = box_open(out, "mvhd");
    zeros(out, 100);
    out->data[at + 15] = added == A_DATE ? 7 : 0;
    box_close(out, at);
    make_trak(out, added);
    if (added == A_SECOND_TRACK) {
        make_trak(out, NOTHING);
    }
    for (size_t i = 0; i < sizeof in_moov / sizeof *in_moov; i++) {
        if (added == in_moov[i].added) {
            box_text(out, in_moov[i].outer, in_moov[i].text);
        }
    }
    box_close(out, moov);
    at = box_open(out, "free");
    put(out, added == FREE_SPACE ? "\0Ann" : "\0\0\0\0", 4);
    box_close(out, at);
    make_mdat(out, added);
    for (size_t i = 0; i < sizeof in_file / sizeof *in_file; i++) {
        if (added == in_file[i].added) {
            box_text(out, in_file[i].outer, in_file[i].text);
        }
    }
    if (added == A_TEXT_AFTER) {
        put(out, "by Ann", 6);
    }
}

static void a_cut_of_pictures_alone_passes(void **state)
{
    (void)state;
    struct buffer cut = {0};
    struct leak_summary summary;
    make_cut(&cut, NOTHING);
    struct fault fault = {0};
    enum sting_status status = leak_check(buffer_bytes(&cut), &summary, &fault);
    assert_string_equal(fault.why, "");
    assert_int_equal(status, STING_OK);
    assert_int_equal(summary.frames, 2);
    assert_int_equal(summary.slices, 2);
    assert_int_equal(summary.width_px, 192);
    assert_int_equal(summary.height_px, 108);
    buffer_release(&cut);
}

static void a31_whatever_a_cut_carries_besides_is_named(void **state)
{
    (void)state;
    static const struct {
        enum added added;
        const char *named;
    } row[] = {
        {A_DATE, "a date"},
        {AN_EDIT_LIST, "a box edts"},
        {TAGS, "a box udta"},
        {A_HANDLER_NAME, "a handler's name"},
        {A_COMPRESSOR_NAME, "a compressor's name"},
        {SOUND, "a track that is not video"},
        {FREE_SPACE, "free space"},
        {A_MESSAGE, "a message inside the video"},
        {UNUSED_DATA, "data that no picture uses"},
        {BYTES_AFTER_SETS, "bytes after the parameter sets"},
        {A_SECOND_TRACK, "the same box twice"},
        {A_FILE_NAME, "a reference to another file"},
        {ANOTHER_SET, "a unit that is not a slice"},
        {A_PLACE, "a box udta"},
        {CHAPTERS, "a box udta"},
        {A_THUMBNAIL, "a box meta"},
        {EXIF, "a box meta"},
        {A_LABEL, "a box uuid"},
        {SUBTITLES, "a track that is not video"},
        {A_TIMECODE, "a track that is not video"},
        {A_CHAPTER_TRACK, "a box tref"},
        {A_TEXT_BETWEEN, "a box skip"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct buffer cut = {0};
        struct leak_summary summary;
        struct fault fault = {0};
        make_cut(&cut, row[i].added);
        assert_int_equal(leak_check(buffer_bytes(&cut), &summary, &fault),
                         STING_E_UNSUPPORTED);
        assert_non_null(strstr(fault.why, row[i].named));
        buffer_release(&cut);
    }
}

static void a31_bytes_after_the_last_box_are_refused(void **state)
{
    (void)state;
    struct buffer cut = {0};
    struct leak_summary summary;
    make_cut(&cut, A_TEXT_AFTER);
    assert_int_equal(leak_check(buffer_bytes(&cut), &summary, NULL),
                     STING_E_FORMAT);
    buffer_release(&cut);
}

static void a_cut_that_ends_early_is_refused_at_every_length(void **state)
{
    (void)state;
    struct buffer cut = {0};
    struct leak_summary summary;
    make_cut(&cut, NOTHING);
    for (size_t size = 0; size < cut.size; size++) {
        struct bytes part = {cut.data, size};
        assert_int_not_equal(leak_check(part, &summary, NULL), STING_OK);
    }
    buffer_release(&cut);
}

/* Whatever byte is set to whatever value, nothing is read out of bounds
 * (the sanitizers look), and text cannot be slipped in between boxes. */
static void no_changed_byte_does_harm(void **state)
{
    (void)state;
    struct buffer cut = {0};
    make_cut(&cut, NOTHING);
    for (size_t at = 0; at < cut.size; at++) {
        uint8_t was = cut.data[at];
        for (unsigned value = 0; value < 256; value += 5) {
            struct leak_summary summary;
            cut.data[at] = (uint8_t)value;
            enum sting_status status =
                leak_check(buffer_bytes(&cut), &summary, NULL);
            assert_true(status == STING_OK || status == STING_E_FORMAT ||
                        status == STING_E_UNSUPPORTED);
        }
        cut.data[at] = was;
    }
    buffer_release(&cut);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_cut_of_pictures_alone_passes),
        cmocka_unit_test(a31_whatever_a_cut_carries_besides_is_named),
        cmocka_unit_test(a31_bytes_after_the_last_box_are_refused),
        cmocka_unit_test(a_cut_that_ends_early_is_refused_at_every_length),
        cmocka_unit_test(no_changed_byte_does_harm),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
