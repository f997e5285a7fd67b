/* Pieces as they come, joined to pictures. */
#include "media/access_unit.h"

#include <string.h>

#include "tests/check.h"

/* Pictures of two, one and three pieces, by their times. */
static const struct piece {
    int64_t pts;
    int64_t came_us;
} piece[] = {{90, 1000},  {90, 1400},  {180, 5000},
             {270, 9000}, {270, 9100}, {270, 9700}};
#define PIECES ((int)(sizeof piece / sizeof *piece))

static int piece_read(void *context, AVPacket *out, int64_t *came_us)
{
    int *next = context;
    if (*next == PIECES) {
        return AVERROR_EOF;
    }
    int error = av_new_packet(out, 100);
    if (error < 0) {
        return error;
    }
    memset(out->data, 0x55, 100);
    out->pts = piece[*next].pts;
    *came_us = piece[(*next)++].came_us;
    return 0;
}

/* Not when the next one shows that it is whole. */
static void a_picture_came_when_its_last_piece_did(void **state)
{
    (void)state;
    int next = 0;
    struct access_units *units STING_AUTO(access_units_free) = NULL;
    AVCodecParameters *p = avcodec_parameters_alloc();
    static const int64_t came_us[] = {1400, 5000, 9700};
    static const int size[] = {200, 100, 300};
    assert_non_null(p);
    p->codec_type = AVMEDIA_TYPE_VIDEO;
    p->codec_id = AV_CODEC_ID_MJPEG;
    assert_int_equal(access_units_new(p, piece_read, &next, &units), 0);
    avcodec_parameters_free(&p);
    for (int i = 0; i < 3; i++) {
        struct access_unit unit STING_AUTO(access_unit_release) = {0};
        assert_int_equal(access_units_next(units, &unit), 0);
        assert_int_equal(unit.packet->size, size[i]);
        assert_int_equal(unit.came_us, came_us[i]);
    }
    struct access_unit unit STING_AUTO(access_unit_release) = {0};
    assert_int_equal(access_units_next(units, &unit), AVERROR_EOF);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_picture_came_when_its_last_piece_did),
    };
    return cmocka_run_group_tests_name("access_unit", test, NULL, NULL);
}
