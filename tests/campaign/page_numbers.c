/*
 * page_numbers: a page of one PDF on a table, and the pages of another known to
 * the camera above it: which of them does it take it for? A JSON line each, for
 * page_numbers.py.
 *
 * Usage: campaign_page_numbers SHOWN.pdf KNOWN.pdf FIRST_SEED TRIALS DPI LIGHT
 * GRAIN none|swap Nobody touches the page; or after SWAP_S a hand lays another
 * one over it, and that is to be read. Through H.264 and the looker, as from a
 * camera. What lies there is drawn by poppler, what is known by MuPDF.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "drill/paper.h"
#include "media/encode.h"
#include "pdf/file.h"
#include "tests/campaign/page_scene.h"
#include "tests/campaign/page_sheet.h"
#include "watch/looker.h"
#include "wire/print.h"

#define LOOK_S 25.0
#define SWAP_S 12.0
#define SWAP_LOOK_S 60.0
#define KEY_S 1.0
#define FRAME_S 0.2
#define CRF 28
#define AHEAD_S 10.0

struct session {
    struct encoder *encoder;
    struct looker *looker;
    struct video_frame frame;
    struct detect_zone zone;
    struct page_print print[PAGE_PRINTS_MOST];
    int prints;
    int read; /* the page, the last that was told; 0: none */
    double read_s;
    double at_s; /* how far the film is */
    double dpi;
};

static void must(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "page_numbers: %s\n", what);
        exit(2);
    }
}

static void page_draw(struct bytes pdf, int page, double dpi, struct plane *out)
{
    struct fault fault = {"", ""};
    must(!page_sheet_draw(pdf, page, dpi < 50 ? 50 : dpi, out, &fault),
         fault.why);
}

static void prints_draw(struct session *s, struct bytes pdf)
{
    struct pdf_file *file = NULL;
    struct fault fault = {"", ""};
    must(!pdf_file_open(pdf, &file, &fault), fault.why);
    int pages = pdf_file_pages(file);
    for (int i = 0; i < pages && i < PAGE_PRINTS_MOST; i++) {
        struct page_print *print = &s->print[s->prints];
        *print = (struct page_print){.zones = 1, .page = i + 1};
        must(!pdf_file_render(file, i, PRINT_DPI, &print->grey, &fault),
             fault.why);
        s->prints++;
    }
    pdf_file_close(&file);
}

static enum sting_status hear(void *context, int64_t at_us,
                              const struct detect_look *look)
{
    struct session *s = context;
    for (int i = 0; i < look->pages; i++) {
        s->dpi = (double)look->page[i].dpi;
        if (look->page[i].kind == PAGE_READ) {
            s->read = look->page[i].value;
            s->read_s = (double)at_us / 1e6 - AHEAD_S;
        }
    }
    return STING_OK;
}

static void looker_begin(struct session *s, struct bytes first)
{
    struct stream stream;
    struct looker_settings settings = {.zones = 1, .zone = {s->zone}};
    must(!stream_of_h264(s->frame.y.width_px, s->frame.y.height_px, first,
                         &stream),
         "stream");
    must(!looker_new(&stream, &settings, hear, s, &s->looker, NULL), "looker");
    stream_release(&stream);
    for (int i = 0; i < s->prints; i++) {
        must(!looker_print(s->looker, &s->print[i]), "memory");
    }
}

static enum sting_status packet_take(void *context,
                                     const struct encode_packet *encoded)
{
    struct session *s = context;
    struct packet packet;
    if (!s->looker) {
        looker_begin(s, encoded->data);
    }
    must(!packet_new(encoded->data, encoded->pts_us, encoded->key, &packet),
         "packet");
    enum sting_status status = looker_add(s->looker, &packet);
    packet_release(&packet);
    return status;
}

static void session_begin(struct session *s, struct page_scene *scene)
{
    const struct plane *first = page_scene_draw(scene, 0);
    int width = first->width_px, height = first->height_px;
    float corner[4][2];
    page_scene_zone(scene, corner);
    s->zone = (struct detect_zone){.has_bait = true, .points = 4};
    for (int i = 0; i < 4; i++) {
        s->zone.point[i] = (struct detect_point){corner[i][0], corner[i][1]};
    }
    struct encode_settings set = {
        width, height, (int)(1 / FRAME_S), (int)(KEY_S / FRAME_S), CRF, false};
    must(!video_frame_init(&s->frame, width, height, true), "memory");
    memset(s->frame.u.data, 128,
           (size_t)s->frame.u.stride * (size_t)s->frame.u.height_px);
    memset(s->frame.v.data, 128,
           (size_t)s->frame.v.stride * (size_t)s->frame.v.height_px);
    must(!encoder_new(&set, packet_take, s, &s->encoder, NULL), "encoder");
}

static void session_look(struct session *s, struct page_scene *scene,
                         double begin_s, double end_s)
{
    double at_s = begin_s;
    while (at_s < end_s && !s->read) {
        const struct plane *picture = page_scene_draw(scene, at_s);
        for (int y = 0; y < picture->height_px; y++) {
            memcpy(plane_row(&s->frame.y, y), plane_row(picture, y),
                   (size_t)picture->width_px);
        }
        s->frame.pts_us = (int64_t)((at_s + AHEAD_S) * 1e6);
        must(!encoder_frame(s->encoder, &s->frame), "encoding");
        at_s += FRAME_S;
        s->at_s = at_s;
    }
}

static void trial(struct session *s, const struct page_scene_settings *settings,
                  int page)
{
    struct page_scene *scene = page_scene_new(settings);
    session_begin(s, scene);
    bool swaps = settings->act == ACT_SWAP;
    if (swaps) { /* what lies there first is not what is asked */
        session_look(s, scene, 0, SWAP_S);
        s->read = 0;
    }
    session_look(s, scene, swaps ? s->at_s : 0, swaps ? SWAP_LOOK_S : LOOK_S);
    printf("{\"seed\":%llu,\"page\":%d,\"read\":%d,\"read_s\":%.1f,"
           "\"settled_s\":%.1f,\"dpi\":%.1f,\"known\":%d}\n",
           (unsigned long long)settings->seed, page + 1, s->read, s->read_s,
           page_scene_truth(scene).settled_s, s->dpi, s->prints);
    fflush(stdout);
    encoder_free(&s->encoder);
    video_frame_release(&s->frame);
    looker_free(&s->looker);
    page_scene_free(&scene);
    s->read = 0;
    s->read_s = s->dpi = s->at_s = 0;
}

static void file_take(const char *path, struct buffer *out)
{
    struct fault fault = {"", ""};
    must(!file_read(AT_FDCWD, path, (size_t)64 << 20, out, &fault), path);
}

int main(int argc, char **argv)
{
    must(argc == 9, "SHOWN.pdf KNOWN.pdf FIRST_SEED TRIALS DPI LIGHT GRAIN "
                    "none|swap");
    static struct session s;
    struct buffer shown = {0}, known = {0};
    struct fault fault = {"", ""};
    int pages = 0;
    file_take(argv[1], &shown);
    file_take(argv[2], &known);
    must(!paper_pages(buffer_bytes(&shown), &pages, &fault), fault.why);
    prints_draw(&s, buffer_bytes(&known));
    uint64_t seed = strtoull(argv[3], NULL, 10);
    double dpi = strtod(argv[5], NULL);
    bool swaps = strcmp(argv[8], "swap") == 0;
    for (long i = strtol(argv[4], NULL, 10); i > 0; i--, seed++) {
        struct plane front = {0}, other = {0};
        int page = (int)(seed % (uint64_t)pages);
        int over = (int)((seed + 1 + seed % 3) % (uint64_t)pages);
        page_draw(buffer_bytes(&shown), page, 2 * dpi, &front);
        page_draw(buffer_bytes(&shown), over, 2 * dpi, &other);
        trial(&s,
              &(struct page_scene_settings){.seed = seed,
                                            .dpi = dpi,
                                            .light = strtod(argv[6], NULL),
                                            .grain = strtod(argv[7], NULL),
                                            .act = swaps ? ACT_SWAP : ACT_NONE,
                                            .begin_s = SWAP_S,
                                            .front = &front,
                                            .other = &other},
              swaps ? over : page);
        plane_release(&front);
        plane_release(&other);
    }
    for (int i = 0; i < s.prints; i++) {
        plane_release(&s.print[i].grey);
    }
    buffer_release(&shown);
    buffer_release(&known);
    return 0;
}
