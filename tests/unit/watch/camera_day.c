#include "camera_day.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/encode.h"
#include "media/rtp_clock.h"
#include "watch/recorder.h"

#define SECOND_US INT64_C(1000000)
#define TICKS 90000
#define SIDE 32
#define UTC_US INT64_C(1700000000000000)  /* of the host's boot */
#define WALL_US INT64_C(1699999000000000) /* of the camera's zero */
#define NTP_1970 INT64_C(2208988800)
#define READ_EVERY_US INT64_C(77000)
#define OF_THE_CAMERA 24
#define AS_MUCH_US INT64_C(50000)

/* A keyframe of which the recorder was told, and what is true of it. */
struct truth {
    int64_t host_us, camera_us;
    bool settled,
        is_told; /* the camera has told of its clock since it set it */
};

struct play {
    const struct camera_day *day;
    uint64_t chance;
    struct stream stream;
    struct packet picture[2]; /* a keyframe, and another */
    struct rtp_clock clock;
    struct recorder *recorder;
    struct truth *truth; /* of each second */
    long told, read;     /* of them, so many */
    int64_t *host_off, *camera_off;
    long hosts, cameras;
    int64_t counter_us;           /* put on so far */
    int64_t clock_us;             /* and the clock */
    bool is_told;                 /* of all that, in a report */
    int64_t least_us, arrived_us; /* of the network; of the last */
    int64_t stall_us;             /* nothing comes before */
    int64_t jumped_us;            /* when the counter was put on, or it began */
    struct camera_day_found found;
};

static void must(enum sting_status status)
{
    if (status) {
        fprintf(stderr, "camera_day: ended with %d\n", status);
        abort();
    }
}

/* ---- chance: splitmix64 ---- */

static double part(struct play *p)
{
    uint64_t z = p->chance += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0;
}

static int64_t between_us(struct play *p, double low_ms, double high_ms)
{
    return (int64_t)(1000 * (low_ms + part(p) * (high_ms - low_ms)));
}

/* ---- the camera ---- */

static enum sting_status packet_keep(void *context,
                                     const struct encode_packet *encoded)
{
    struct play *p = context;
    if (encoded->key) {
        must(stream_of_h264(SIDE, SIDE, encoded->data, &p->stream));
    }
    return packet_new(encoded->data, 0, encoded->key,
                      &p->picture[encoded->key ? 0 : 1]);
}

/* Two pictures that any stream is made of. */
static void pictures_make(struct play *p)
{
    const struct encode_settings settings = {SIDE, SIDE, 25, 25, 30, false};
    struct encoder *encoder STING_AUTO(encoder_free) = NULL;
    struct video_frame frame STING_AUTO(video_frame_release) = {0};
    struct fault fault = {"", ""};
    must(video_frame_init(&frame, SIDE, SIDE, true));
    must(encoder_new(&settings, packet_keep, p, &encoder, &fault));
    for (int i = 0; i < 2; i++) {
        frame.pts_us = INT64_C(40000) * i;
        memset(frame.y.data, 90 + i, (size_t)frame.y.stride * SIDE);
        must(encoder_frame(encoder, &frame));
    }
    must(encoder_finish(encoder));
    p->stream.ticks_per_s = TICKS;
}

/* What its crystal makes of a time since its start. */
static int64_t by_crystal_us(const struct play *p, int64_t us)
{
    return us + us / SECOND_US * p->day->ppm;
}

/* Its own clock: kept right all the time, or by the crystal and set anew. */
static int64_t wall_us(const struct play *p, int64_t us)
{
    bool sets = p->day->sets_clock;
    return WALL_US + (sets ? by_crystal_us(p, us) : us) + p->clock_us;
}

/* Ticks since its start, from a number of its choice on. */
static int64_t ticks(const struct play *p, int64_t us)
{
    return (int64_t)(p->day->seed & 0xffffffff) +
           (by_crystal_us(p, us) + p->counter_us) * 9 / 100;
}

static void number_put(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        to[i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

static void report_send(struct play *p, int64_t us)
{
    uint8_t report[28] = {0x80, 200, 0, 6};
    int64_t at_us = wall_us(p, us);
    number_put(report + 8, (uint32_t)(at_us / SECOND_US + NTP_1970));
    number_put(report + 12,
               (uint32_t)(((uint64_t)(at_us % SECOND_US) << 32) / SECOND_US));
    number_put(report + 16, (uint32_t)ticks(p, us));
    p->is_told = true;
    rtp_clock_report(&p->clock, (struct bytes){report, sizeof report});
}

/* ---- the network ---- */

/* When the worker reads what was sent at `us`. */
static int64_t arrival_us(struct play *p, int64_t us, bool key)
{
    int64_t late_us = p->least_us - (int64_t)(5000 * log(1 - part(p)));
    int64_t at_us = us + late_us + (key ? 8000 : 0);
    at_us = at_us < p->stall_us ? p->stall_us : at_us;
    at_us = at_us < p->arrived_us ? p->arrived_us : at_us;
    p->arrived_us = at_us;
    return (at_us / READ_EVERY_US + 1) * READ_EVERY_US;
}

static bool is_each(int64_t second, int every_s)
{
    return every_s > 0 && second > 0 && second % every_s == 0;
}

/* What happens in a second beside pictures. */
static void second_begin(struct play *p, int64_t second)
{
    const struct camera_day *day = p->day;
    int64_t us = second * SECOND_US;
    if (second == 0 || is_each(second, 3600)) {
        p->least_us = between_us(p, 1, 15);
    }
    if (part(p) < 1.0 / 600) {
        p->stall_us = us + between_us(p, 200, 3000);
    }
    if (day->sets_clock && is_each(second, 7200)) {
        p->clock_us = us - by_crystal_us(p, us);
        p->is_told = false;
    }
    if (is_each(second, day->counter_every_s)) {
        p->counter_us += part(p) < 0.5 ? day->counter_us : -day->counter_us;
        p->jumped_us = us;
        p->is_told = false;
    }
}

/* ---- what was written ---- */

static int64_t number_get(const uint8_t *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++) {
        value = value << 8 | at[i];
    }
    return (int64_t)value;
}

static void host_judge(struct play *p, const struct truth *truth,
                       int64_t off_us)
{
    if (truth->settled) {
        p->host_off[p->hosts++] = llabs(off_us);
        return;
    }
    struct camera_day_found *f = &p->found;
    f->unsettled += llabs(off_us) > AS_MUCH_US;
    f->unsettled_us =
        llabs(off_us) > f->unsettled_us ? llabs(off_us) : f->unsettled_us;
}

/* One prft: UTC as NTP counts it. */
static void prft_read(struct play *p, const uint8_t *box)
{
    bool is_camera = (number_get(box + 8, 4) & 0xffffff) == OF_THE_CAMERA;
    int64_t utc_us =
        (number_get(box + 16, 4) - NTP_1970) * SECOND_US +
        (int64_t)((uint64_t)number_get(box + 20, 4) * SECOND_US >> 32);
    const struct truth *truth = &p->truth[is_camera ? p->read - 1 : p->read];
    if (is_camera) {
        p->camera_off[p->cameras] = llabs(utc_us - truth->camera_us);
        p->cameras += truth->is_told;
        return;
    }
    host_judge(p, truth, utc_us - UTC_US - truth->host_us);
    p->read++;
}

static enum sting_status fragment_read(void *context,
                                       const struct fragment *fragment,
                                       struct fragment_times taken)
{
    struct play *p = context;
    (void)taken;
    for (size_t at = 0; at + 32 <= fragment->data.size;) {
        const uint8_t *box = fragment->data.data + at;
        if (memcmp(box + 4, "prft", 4) == 0) {
            prft_read(p, box);
        }
        at += (size_t)number_get(box, 4);
    }
    return STING_OK;
}

/* ---- all of it ---- */

static void picture_send(struct play *p, int64_t us, bool key)
{
    struct packet packet STING_AUTO(packet_release) = {0};
    uint8_t rtp[20] = {0x80, 96};
    int64_t came_us = arrival_us(p, us, key);
    struct moment now = {UTC_US + came_us, came_us};
    int64_t pts = ticks(p, us);
    number_put(rtp + 4, (uint32_t)pts);
    rtp_clock_packet(&p->clock, (struct bytes){rtp, sizeof rtp});
    must(packet_share(&p->picture[key ? 0 : 1], &packet));
    packet.pts = pts;
    if (!p->recorder) {
        must(recorder_new(&p->stream, &packet, now, fragment_read, p,
                          &p->recorder));
    }
    if (key) {
        p->truth[p->told++] = (struct truth){
            us, wall_us(p, us),
            us - p->jumped_us >= CAMERA_DAY_SETTLES_S * SECOND_US, p->is_told};
    }
    must(recorder_add(p->recorder, &packet, now,
                      rtp_clock_utc_us(&p->clock, (uint32_t)pts, TICKS)));
}

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static struct camera_day_off off_of(int64_t *off, long count)
{
    if (count == 0) {
        return (struct camera_day_off){0, 0};
    }
    qsort(off, (size_t)count, sizeof *off, by_size);
    return (struct camera_day_off){off[count * 99 / 100], off[count - 1]};
}

static void *room(int seconds, size_t bytes)
{
    void *got = calloc((size_t)seconds, bytes);
    must(got ? STING_OK : STING_E_NOMEM);
    return got;
}

static void play_end(struct play *p)
{
    must(recorder_flush(p->recorder));
    p->found.jumps = recorder_mend(p->recorder)->jumps;
    p->found.keyframes = p->read;
    p->found.host = off_of(p->host_off, p->hosts);
    p->found.camera = off_of(p->camera_off, p->cameras);
    recorder_free(&p->recorder);
    packet_release(&p->picture[0]);
    packet_release(&p->picture[1]);
    stream_release(&p->stream);
    free(p->truth);
    free(p->host_off);
    free(p->camera_off);
}

void camera_day_run(const struct camera_day *day,
                    struct camera_day_found *found)
{
    struct play p = {.day = day,
                     .chance = day->seed,
                     .truth = room(day->seconds, sizeof(struct truth)),
                     .host_off = room(day->seconds, sizeof(int64_t)),
                     .camera_off = room(day->seconds, sizeof(int64_t))};
    pictures_make(&p);
    for (int64_t second = 0; second < day->seconds; second++) {
        second_begin(&p, second);
        if (second % day->report_s == day->report_s / 2) {
            report_send(&p, second * SECOND_US);
        }
        for (int i = 0; i < day->frames_per_s; i++) {
            picture_send(&p,
                         second * SECOND_US + i * SECOND_US / day->frames_per_s,
                         i == 0);
        }
    }
    play_end(&p);
    *found = p.found;
}
