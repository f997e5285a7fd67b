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
#include "pdf/file.h"
#include "tests/campaign/page_camera.h"
#include "tests/campaign/page_sheet.h"

#define LOOK_S 25.0
#define SWAP_S 12.0
#define SWAP_LOOK_S 60.0

struct session {
    struct page_print print[PAGE_PRINTS_MOST];
    int prints;
    double since_s; /* what is read before is of what lay there first */
    int read;       /* the page, the last that was told; 0: none */
    double read_s;
    double dpi;
};

static void page_draw(struct bytes pdf, int page, double dpi, struct plane *out)
{
    struct fault fault = {"", ""};
    page_camera_must(
        !page_sheet_draw(pdf, page, dpi < 50 ? 50 : dpi, out, &fault),
        fault.why);
}

static void prints_draw(struct session *s, struct bytes pdf)
{
    struct pdf_file *file = NULL;
    struct fault fault = {"", ""};
    page_camera_must(!pdf_file_open(pdf, &file, &fault), fault.why);
    int pages = pdf_file_pages(file);
    for (int i = 0; i < pages && i < PAGE_PRINTS_MOST; i++) {
        struct page_print *print = &s->print[s->prints];
        *print = (struct page_print){.zones = 1, .page = i + 1};
        page_camera_must(
            !pdf_file_render(file, i, PRINT_DPI, &print->grey, &fault),
            fault.why);
        s->prints++;
    }
    pdf_file_close(&file);
}

static enum sting_status hear(void *context, int64_t at_us,
                              const struct detect_look *look)
{
    struct session *s = context;
    double at_s = page_camera_s(at_us);
    for (int i = 0; i < look->pages; i++) {
        s->dpi = (double)look->page[i].dpi;
        if (look->page[i].kind == PAGE_READ && at_s >= s->since_s) {
            s->read = look->page[i].value;
            s->read_s = at_s;
        }
    }
    return STING_OK;
}

static void trial(struct session *s, const struct page_scene_settings *settings,
                  int page)
{
    struct page_scene *scene = page_scene_new(settings);
    struct page_camera camera = {.zone = page_camera_zone(scene),
                                 .print = s->print,
                                 .prints = s->prints,
                                 .hear = hear,
                                 .context = s};
    bool swaps = settings->act == ACT_SWAP;
    double end_s = swaps ? SWAP_LOOK_S : LOOK_S;
    s->since_s = swaps ? page_scene_truth(scene).settled_s : 0;
    page_camera_begin(&camera, scene);
    double at_s = 0;
    while (at_s < end_s && !s->read) {
        page_camera_add(&camera, page_scene_draw(scene, at_s), at_s);
        at_s += CAMERA_FRAME_S;
    }
    printf("{\"seed\":%llu,\"page\":%d,\"read\":%d,\"read_s\":%.1f,"
           "\"settled_s\":%.1f,\"dpi\":%.1f,\"known\":%d}\n",
           (unsigned long long)settings->seed, page + 1, s->read, s->read_s,
           page_scene_truth(scene).settled_s, s->dpi, s->prints);
    fflush(stdout);
    page_camera_end(&camera);
    page_scene_free(&scene);
    s->read = 0;
    s->read_s = s->dpi = 0;
}

static void file_take(const char *path, struct buffer *out)
{
    struct fault fault = {"", ""};
    page_camera_must(!file_read(AT_FDCWD, path, (size_t)64 << 20, out, &fault),
                     path);
}

int main(int argc, char **argv)
{
    page_camera_must(argc == 9,
                     "SHOWN.pdf KNOWN.pdf FIRST_SEED TRIALS DPI LIGHT GRAIN "
                     "none|swap");
    static struct session s;
    struct buffer shown = {0}, known = {0};
    struct fault fault = {"", ""};
    int pages = 0;
    file_take(argv[1], &shown);
    file_take(argv[2], &known);
    page_camera_must(!paper_pages(buffer_bytes(&shown), &pages, &fault),
                     fault.why);
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
