/*
 * page_film: a page on a table in half-light and what is done to it, as an
 * H.264 film for the cameras of the stories. Prints the zone that a user would
 * draw, as JSON.
 *
 * Usage: page_film OUT.mp4 ACT SEED BEGIN_S END_S [HOLD_S [PDF PAGE OTHER]]
 * From HOLD_S on the last picture is sent again and again. The page that lies
 * there, and the other one that `swap` lays over it, are those of the PDF,
 * from 1, else printed lines.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "media/mp4.h"
#include "tests/campaign/page_scene.h"
#include "tests/campaign/page_sheet.h"

#define FPS 10
#define DPI 25.0
#define HALF_LIGHT 0.16
#define GRAIN 12.0
#define CRF 28
#define NEVER 1e9

static void must(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "page_film: %s\n", what);
        exit(2);
    }
}

static enum scene_act act_of(const char *name)
{
    int act = 0;
    while (act < SCENE_ACTS &&
           strcmp(scene_act_name((enum scene_act)act), name) != 0) {
        act++;
    }
    must(act < SCENE_ACTS, "no such act");
    return (enum scene_act)act;
}

static void zone_print(const struct page_scene *scene)
{
    float corner[4][2];
    page_scene_zone(scene, corner);
    for (int i = 0; i < 4; i++) {
        printf("%s[%.4f, %.4f]", i ? ", " : "[", (double)corner[i][0],
               (double)corner[i][1]);
    }
    printf("]\n");
}

static void frame_fill(struct video_frame *frame, const struct plane *picture)
{
    for (int y = 0; y < picture->height_px; y++) {
        memcpy(plane_row(&frame->y, y), plane_row(picture, y),
               (size_t)picture->width_px);
    }
}

static void film(struct page_scene *scene, double end_s, double hold_s,
                 struct buffer *out)
{
    const struct plane *picture = page_scene_draw(scene, 0);
    int width = picture->width_px, height = picture->height_px;
    struct encode_settings set = {width, height, FPS, FPS, CRF, false};
    struct mp4_writer *writer = NULL;
    struct encoder *encoder = NULL;
    struct video_frame frame = {0};
    must(!mp4_writer_new(width, height, FPS, &writer) &&
             !encoder_new(&set, mp4_writer_add, writer, &encoder, NULL) &&
             !video_frame_init(&frame, width, height, true),
         "memory");
    memset(frame.u.data, 128,
           (size_t)frame.u.stride * (size_t)frame.u.height_px);
    memset(frame.v.data, 128,
           (size_t)frame.v.stride * (size_t)frame.v.height_px);
    for (int i = 0; i < (int)(end_s * FPS); i++) {
        double at_s = (double)i / FPS;
        if (at_s < hold_s) {
            frame_fill(&frame, page_scene_draw(scene, at_s));
        }
        frame.pts_us = (int64_t)i * 1000000 / FPS;
        must(!encoder_frame(encoder, &frame), "encoding");
    }
    must(!encoder_finish(encoder) && !mp4_writer_finish(writer, out), "film");
    encoder_free(&encoder);
    mp4_writer_free(&writer);
    video_frame_release(&frame);
}

/* A page of the PDF, from 1, at twice the film's dots an inch. */
static void page_draw(struct bytes pdf, int page, struct plane *out)
{
    struct fault fault = {"", ""};
    must(!page_sheet_draw(pdf, page - 1, 2 * DPI, out, &fault), fault.why);
}

static int page_of(const char *text)
{
    char *end;
    long page = strtol(text, &end, 10);
    must(end != text && !*end && page >= 1 && page <= 9999,
         "PAGE and OTHER are numbers from 1 to 9999");
    return (int)page;
}

static void pages_draw(char **pdf, struct plane *front, struct plane *other)
{
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    if (pdf) {
        must(!file_read(AT_FDCWD, pdf[0], (size_t)64 << 20, &file, &fault),
             pdf[0]);
        page_draw(buffer_bytes(&file), page_of(pdf[1]), front);
        page_draw(buffer_bytes(&file), page_of(pdf[2]), other);
        return;
    }
    must(!plane_init(front, (int)(DPI * 16.6), (int)(DPI * 23.4)) &&
             !plane_init(other, (int)(DPI * 16.6), (int)(DPI * 23.4)),
         "memory");
    page_scene_print(front, 1);
    page_scene_print(other, 2);
}

int main(int argc, char **argv)
{
    must(argc == 6 || argc == 7 || argc == 10,
         "OUT.mp4 ACT SEED BEGIN_S END_S [HOLD_S [PDF PAGE OTHER]]");
    struct plane front = {0}, other = {0};
    struct buffer out = {0};
    pages_draw(argc == 10 ? argv + 7 : NULL, &front, &other);
    const struct page_scene_settings settings = {
        .seed = strtoull(argv[3], NULL, 10),
        .dpi = DPI,
        .light = HALF_LIGHT,
        .grain = GRAIN,
        .act = act_of(argv[2]),
        .begin_s = strtod(argv[4], NULL),
        .front = &front,
        .other = &other};
    struct page_scene *scene = page_scene_new(&settings);
    film(scene, strtod(argv[5], NULL), argc > 6 ? strtod(argv[6], NULL) : NEVER,
         &out);
    FILE *file = fopen(argv[1], "wb");
    must(file && fwrite(out.data, 1, out.size, file) == out.size &&
             fclose(file) == 0,
         argv[1]);
    zone_print(scene);
    page_scene_free(&scene);
    plane_release(&front);
    plane_release(&other);
    buffer_release(&out);
    return 0;
}
