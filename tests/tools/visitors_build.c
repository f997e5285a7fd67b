/*
 * visitors_build: from a clip of visits, a stream as a camera gives it:
 * 30 s of the clip's own empty frames under fresh noise, then each visit and
 * after it 15 s of emptiness again. H.264, no B-frames, a keyframe a second.
 * Prints the truth, one line a visit: begin and end in seconds.
 *
 * Usage: visitors_build CLIP OUT.mp4 [seed=N] [noise=SIGMA] [light=GAIN]
 *        [mirror=1] [crf=N] [visits=MASK] [width=PX] [quiet=S]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "media/decode.h"
#include "media/encode.h"
#include "media/mp4.h"
#include "media/source.h"

#define FRAMES 1400
#define FPS 10

struct stretch {
    int begin, end;             /* frames of the clip, end excluded */
    int empty_begin, empty_end; /* emptiness shown after it */
};

/* Visits and emptiness as told beside the clip. */
static const struct stretch visit[] = {
    {56, 206, 5, 50},     {226, 455, 465, 495},    {502, 712, 710, 735},
    {746, 878, 885, 905}, {918, 1210, 1212, 1230}, {1236, 1366, 1212, 1230},
};
#define VISITS ((int)(sizeof visit / sizeof *visit))

struct build {
    struct video_frame frame[FRAMES];
    int frames;
    double noise, light;
    uint64_t chance;
    bool mirror;
    struct encoder *encoder;
    struct mp4_writer *mp4;
    struct video_frame out;
    int given;
};

static double uniform(struct build *b)
{
    b->chance ^= b->chance << 13;
    b->chance ^= b->chance >> 7;
    b->chance ^= b->chance << 17;
    return (double)(b->chance >> 11) * 0x1p-53;
}

/* A million Gaussian numbers, made once; each row of each picture begins
 * somewhere else in them. */
#define GAUSSIANS (1 << 20)
static float gaussian[GAUSSIANS];

static void gaussians_make(struct build *b)
{
    for (int i = 0; i < GAUSSIANS; i++) {
        double radius = sqrt(-2 * log(1 - uniform(b)));
        gaussian[i] = (float)(radius * cos(6.283185307 * uniform(b)));
    }
}

static void must(int status, const char *what)
{
    if (status) {
        fprintf(stderr, "visitors_build: %s: %d\n", what, status);
        exit(2);
    }
}

static void plane_keep(const struct plane *from, struct plane *to)
{
    must(plane_init(to, from->width_px, from->height_px), "memory");
    for (int y = 0; y < from->height_px; y++) {
        memcpy(plane_row(to, y), plane_row(from, y), (size_t)from->width_px);
    }
}

static enum sting_status keep(void *context, const struct video_frame *frame)
{
    struct build *b = context;
    if (b->frames < FRAMES) {
        struct video_frame *to = &b->frame[b->frames++];
        plane_keep(&frame->y, &to->y);
        plane_keep(&frame->u, &to->u);
        plane_keep(&frame->v, &to->v);
    }
    return STING_OK;
}

static void clip_read(struct build *b, const char *path)
{
    struct source_settings settings = {.url = path};
    struct source *source = NULL;
    struct decoder *decoder = NULL;
    must(source_open(&settings, &source, NULL), path);
    must(decoder_new(source_stream(source), keep, b, &decoder, NULL), path);
    for (;;) {
        struct packet packet = {0};
        bool is_new = false;
        if (source_read(source, &packet, &is_new, NULL)) {
            break;
        }
        must(decoder_add(decoder, &packet), "decoding");
        packet_release(&packet);
    }
    must(decoder_finish(decoder), "decoding");
    decoder_free(&decoder);
    source_free(&source);
}

/* Colours lose strength with the light, and may be mirrored. */
static void show_colour(const struct build *b, const struct plane *from,
                        struct plane *to)
{
    int width = from->width_px;
    uint8_t dimmed[256];
    for (int i = 0; i < 256; i++) {
        dimmed[i] = (uint8_t)lround(128 + (i - 128) * b->light);
    }
    for (int y = 0; y < from->height_px; y++) {
        const uint8_t *row = plane_row(from, y);
        uint8_t *out = plane_row(to, y);
        for (int x = 0; x < width; x++) {
            out[x] = dimmed[row[b->mirror ? width - 1 - x : x]];
        }
    }
}

/* What the sensor makes of each value: what it gives, and how noisy that is,
 * which grows with the root of the light that falls in. */
struct sensor {
    double value[256], sigma[256];
};

static void sensor_set(const struct build *b, bool noisy, struct sensor *out)
{
    for (int i = 0; i < 256; i++) {
        double v = 16 + (i - 16) * b->light;
        out->value[i] = v + 0.5;
        out->sigma[i] = noisy ? b->noise * sqrt(0.3 + 0.7 * v / 128) : 0;
    }
}

/* With noise, and an end of the scale. */
static uint8_t sensed(const struct sensor *sensor, uint8_t value, int at)
{
    double v = sensor->value[value] +
               sensor->sigma[value] * (double)gaussian[at % GAUSSIANS];
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

/* One picture through light and sensor: `noise` is at mid grey. */
static void show(struct build *b, const struct video_frame *from, bool noisy)
{
    int w = from->y.width_px;
    struct sensor sensor;
    sensor_set(b, noisy, &sensor);
    for (int y = 0; y < from->y.height_px; y++) {
        const uint8_t *row = plane_row(&from->y, y);
        uint8_t *to = plane_row(&b->out.y, y);
        int at = (int)(uniform(b) * GAUSSIANS);
        for (int x = 0; x < w; x++) {
            to[x] = sensed(&sensor, row[b->mirror ? w - 1 - x : x], at + x);
        }
    }
    show_colour(b, &from->u, &b->out.u);
    show_colour(b, &from->v, &b->out.v);
    b->out.full_range = false;
    b->out.pts_us = (int64_t)b->given++ * (1000000 / FPS);
    must(encoder_frame(b->encoder, &b->out), "encoding");
}

/* The mean of an empty stretch, shown again and again under fresh noise. */
static void show_empty(struct build *b, const struct stretch *s, double seconds)
{
    struct video_frame mean = {0};
    plane_keep(&b->frame[s->empty_begin].y, &mean.y);
    plane_keep(&b->frame[s->empty_begin].u, &mean.u);
    plane_keep(&b->frame[s->empty_begin].v, &mean.v);
    for (int y = 0; y < mean.y.height_px; y++) {
        for (int x = 0; x < mean.y.width_px; x++) {
            int sum = 0, n = s->empty_end - s->empty_begin;
            for (int i = s->empty_begin; i < s->empty_end; i++) {
                sum += plane_row(&b->frame[i].y, y)[x];
            }
            plane_row(&mean.y, y)[x] = (uint8_t)((sum + n / 2) / n);
        }
    }
    for (int i = 0; i < (int)(seconds * FPS); i++) {
        show(b, &mean, true);
    }
    video_frame_release(&mean);
}

static double option(int argc, char **argv, const char *name, double usual)
{
    for (int i = 3; i < argc; i++) {
        size_t length = strlen(name);
        if (!strncmp(argv[i], name, length) && argv[i][length] == '=') {
            return strtod(argv[i] + length + 1, NULL);
        }
    }
    return usual;
}

static enum sting_status to_mp4(void *context, const struct encode_packet *p)
{
    return mp4_writer_add(context, p);
}

static void begin(struct build *b, int argc, char **argv)
{
    int w = b->frame[0].y.width_px, h = b->frame[0].y.height_px;
    struct encode_settings settings = {
        w, h, FPS, FPS, (int)option(argc, argv, "crf", 26), false};
    must(video_frame_init(&b->out, w, h, true), "memory");
    must(mp4_writer_new(w, h, FPS, &b->mp4), "memory");
    must(encoder_new(&settings, to_mp4, b->mp4, &b->encoder, NULL), "encoder");
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: visitors_build CLIP OUT.mp4 [name=value ...]\n", stderr);
        return 1;
    }
    static struct build b;
    b.noise = option(argc, argv, "noise", 3);
    b.light = option(argc, argv, "light", 1);
    b.mirror = option(argc, argv, "mirror", 0) > 0;
    b.chance = 88172645463325252ull * (uint64_t)option(argc, argv, "seed", 1);
    int mask = (int)option(argc, argv, "visits", (1 << VISITS) - 1);
    bool all_noisy = option(argc, argv, "all-noisy", 0) > 0;
    gaussians_make(&b);
    clip_read(&b, argv[1]);
    begin(&b, argc, argv);
    show_empty(&b, &visit[0], option(argc, argv, "quiet", 30));
    for (int i = 0; i < VISITS; i++) {
        if (!(mask >> i & 1)) {
            continue;
        }
        double from = (double)b.given / FPS;
        for (int f = visit[i].begin; f < visit[i].end; f++) {
            show(&b, &b.frame[f], all_noisy);
        }
        printf("%.1f %.1f\n", from, (double)b.given / FPS);
        show_empty(&b, &visit[i], 15);
    }
    must(encoder_finish(b.encoder), "encoding");
    struct buffer file STING_AUTO(buffer_release) = {0};
    must(mp4_writer_finish(b.mp4, &file), "writing");
    must(file_write(-100, argv[2], buffer_bytes(&file), 0644, NULL), argv[2]);
    return 0;
}
