/*
 * sign_pairs OUT SEED PHOTOGRAPHS FILE.pdf...: pages are photographed by the
 * drill's camera, and what is one place on the page and in the photograph,
 * by the camera's own knowledge of where the sheet lay, is written to OUT:
 * the page's description and the photograph's, 128 int16 each.
 *
 * tools/train_sign.py makes the table of signatures of it.
 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "drill/chance.h"
#include "drill/photograph.h"
#include "image/layout.h"
#include "media/picture.h"
#include "pdf/file.h"

#define RENDER_DPI 100.0
#define NEAR_PT 3.0   /* farther is another place */
#define MOST_LN 0.35  /* of the ratio of sizes */
#define MOST_TURN 0.4 /* radians */
#define MOST_BYTES ((size_t)64 << 20)

static const char *const setting_table[] = {
    "garage",     "garage-quarter",     "garage",       "garage-half",
    "half-light", "half-light-quarter", "dim-room",     "room-quarter",
    "far",        "garage-quarter",     "dungeon-half", "garage"};

static const double pt_per_mm = 72 / 25.4;

/* A page as rendered, and a photograph of it. */
struct shot {
    struct layout page;
    struct layout photo;
    struct view view;
};

static void shot_release(struct shot *shot)
{
    layout_release(&shot->page);
    layout_release(&shot->photo);
}

static enum sting_status page_look(struct bytes pdf, int number,
                                   struct layout *out, struct fault *fault)
{
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct plane plane STING_AUTO(plane_release) = {0};
    enum sting_status status = pdf_file_open(pdf, &file, fault);
    status = status ? status
                    : pdf_file_render(file, number, RENDER_DPI, &plane, fault);
    return status ? status : layout_of_page(&plane, RENDER_DPI, out);
}

static enum sting_status photo_look(struct bytes jpeg, double factor,
                                    struct layout *out, struct fault *fault)
{
    struct plane grey STING_AUTO(plane_release) = {0};
    struct photo photo STING_AUTO(photo_release) = {0};
    enum sting_status status = picture_decode(jpeg, 0, &grey, fault);
    status = status ? status : photo_init(&photo, &grey);
    double side = fmax(grey.width_px, grey.height_px);
    return status ? status : layout_of_photo(&photo, side * factor, out);
}

static enum sting_status shot_take(struct bytes pdf, int number,
                                   const char *name, uint64_t seed,
                                   struct shot *out, struct fault *fault)
{
    struct buffer jpeg STING_AUTO(buffer_release) = {0};
    struct setting setting;
    struct stand stand;
    struct chance chance = chance_of(seed, 77);
    double dpi = LAYOUT_DPI * chance_between(&chance, 0.75, 1.2);
    enum sting_status status = setting_find(name, &setting, fault);
    status = status
                 ? status
                 : photograph_take(pdf, number, &setting, seed, &jpeg, fault);
    status = status ? status : page_look(pdf, number, &out->page, fault);
    status = status ? status
                    : stand_init(&stand, &setting, out->page.width / pt_per_mm,
                                 out->page.height / pt_per_mm, seed);
    out->view = stand.view;
    return status ? status
                  : photo_look(buffer_bytes(&jpeg), dpi / setting.dpi,
                               &out->photo, fault);
}

/* Where the photograph should show a feature, how large and which way. */
static struct feature expected(const struct shot *shot, const struct feature *f)
{
    double x = (double)f->x / pt_per_mm;
    double y = (double)f->y / pt_per_mm;
    struct spot at = view_place(&shot->view, (struct spot){x, y});
    struct spot right = view_place(&shot->view, (struct spot){x + 1, y});
    struct spot low = view_place(&shot->view, (struct spot){x, y + 1});
    struct spot u = {right.x - at.x, right.y - at.y};
    struct spot v = {low.x - at.x, low.y - at.y};
    double c = cos((double)f->angle);
    double s = sin((double)f->angle);
    double grown = sqrt(fabs(u.x * v.y - u.y * v.x)) / pt_per_mm;
    return (struct feature){
        .x = (float)at.x,
        .y = (float)at.y,
        .scale = (float)((double)f->scale * grown),
        .angle = (float)atan2(c * u.y + s * v.y, c * u.x + s * v.x)};
}

static const struct feature *partner(const struct shot *shot,
                                     const struct feature *page)
{
    struct feature e = expected(shot, page);
    const struct feature *best = NULL;
    double grown = (double)e.scale / (double)page->scale;
    double least = NEAR_PT * grown;
    for (size_t i = 0; i < shot->photo.list.count; i++) {
        const struct feature *f = &shot->photo.list.feature[i];
        double away = hypot((double)(f->x - e.x), (double)(f->y - e.y));
        double turn = remainder((double)(f->angle - e.angle), 2 * M_PI);
        if (away < least && fabs(log((double)(f->scale / e.scale))) < MOST_LN &&
            fabs(turn) < MOST_TURN) {
            least = away;
            best = f;
        }
    }
    return best;
}

static size_t shot_write(const struct shot *shot, FILE *out)
{
    size_t pairs = 0;
    for (size_t i = 0; i < shot->page.list.count; i++) {
        const struct feature *page = &shot->page.list.feature[i];
        const struct feature *photo = partner(shot, page);
        if (photo) {
            fwrite(page->part, sizeof page->part, 1, out);
            fwrite(photo->part, sizeof photo->part, 1, out);
            pairs++;
        }
    }
    return pairs;
}

static void one(const char *path, const char *name, uint64_t seed, FILE *out)
{
    struct buffer pdf STING_AUTO(buffer_release) = {0};
    struct shot shot STING_AUTO(shot_release) = {0};
    struct fault fault = {0};
    struct chance chance = chance_of(seed, 78);
    int pages = 0;
    enum sting_status status =
        file_read(AT_FDCWD, path, MOST_BYTES, &pdf, &fault);
    status = status ? status : paper_pages(buffer_bytes(&pdf), &pages, &fault);
    int number = pages > 0 ? chance_below(&chance, pages) : 0;
    status = status ? status
                    : shot_take(buffer_bytes(&pdf), number, name, seed, &shot,
                                &fault);
    if (status) {
        fprintf(stderr, "%s: %s\n", path, fault.why);
        return;
    }
    size_t pairs = shot_write(&shot, out);
    printf("%s %s page %d: %zu of %zu, photograph %zu\n", name, path,
           number + 1, pairs, shot.page.list.count, shot.photo.list.count);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    FILE *out = argc > 4 ? fopen(argv[1], "wb") : NULL;
    if (!out) {
        fprintf(stderr, "usage: sign_pairs OUT SEED PHOTOGRAPHS FILE.pdf...\n");
        return 1;
    }
    uint64_t seed = strtoull(argv[2], NULL, 10);
    int photographs = (int)strtol(argv[3], NULL, 10);
    size_t settings = sizeof setting_table / sizeof *setting_table;
    for (int i = 0; i < photographs; i++) {
        one(argv[4 + i % (argc - 4)], setting_table[(size_t)i % settings],
            seed + (uint64_t)i, out);
    }
    return fclose(out) ? 2 : 0;
}
