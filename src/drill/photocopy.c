#include "drill/photocopy.h"

#include <math.h>
#include <string.h>

#include "drill/blur.h"
#include "drill/feed.h"

/* Where a place of the copy comes from. */
struct passage {
    struct spot middle;
    double matrix[4]; /* about the middle */
    struct spot shift;
    struct feed along, across;
};

static struct passage passage_of(const struct paper *paper,
                                 struct chance *chance)
{
    double skew = 0.006 * chance_normal(chance); /* a third of a degree */
    double wide = 1 + 0.003 * chance_normal(chance);
    double tall = 1 + 0.003 * chance_normal(chance);
    struct passage passage = {
        .middle = {paper->width_mm / 2, paper->height_mm / 2},
        .matrix = {wide * cos(skew), -tall * sin(skew), wide * sin(skew),
                   tall * cos(skew)},
        .shift = {chance_normal(chance), chance_normal(chance)},
        .along = feed_of(0.03, chance),
        .across = feed_of(0.012, chance),
    };
    return passage;
}

/* Where row y of the copy begins and which way it goes: all that is the same
 * for its dots is worked out once. */
struct row {
    struct spot start, step; /* at x = 0, and for each mm of x */
};

static struct row passage_row(const struct passage *passage, double y)
{
    double u = feed_at(&passage->across, y) - passage->middle.x;
    double v = feed_at(&passage->along, y) + y - passage->middle.y;
    const double *m = passage->matrix;
    return (struct row){
        .start = {passage->middle.x + m[0] * u + m[1] * v + passage->shift.x,
                  passage->middle.y + m[2] * u + m[3] * v + passage->shift.y},
        .step = {m[0], m[2]}};
}

/* Copiers part black from white, so that thin grey does not show. */
struct tones {
    float middle, width, haze;
    float noise; /* of a dot */
};

static float toned(const struct tones *tones, float seen, struct chance *chance)
{
    uint64_t bits = chance_bits(chance); /* two uniform numbers: a triangle */
    float even = (float)((uint32_t)bits >> 8) - (float)(bits >> 40);
    float noise = tones->noise * even * (2.449F / 16777216.0F);
    float steep = (seen / PAPER_WHITE + noise - tones->middle) / tones->width;
    return (1 - tones->haze) / (1 + expf(-steep));
}

static void copy_scan(const struct paper *from, struct paper *to,
                      struct chance *chance)
{
    struct passage passage = passage_of(from, chance);
    struct tones tones = {(float)chance_between(chance, 0.42, 0.58), 0.09F,
                          (float)chance_between(chance, 0, 0.03), 0.03F};
    struct paper_dots dots = paper_dots_of(from);
    double mm = 25.4 / from->dpi;
    for (int y = 0; y < colour_height(&to->ink); y++) {
        struct row row = passage_row(&passage, y * mm);
        for (int x = 0; x < colour_width(&to->ink); x++) {
            struct spot at = {row.start.x + row.step.x * x * mm,
                              row.start.y + row.step.y * x * mm};
            float seen[3] = {PAPER_WHITE, PAPER_WHITE, PAPER_WHITE};
            if (!paper_at(&dots, (float)at.x, (float)at.y, seen)) {
                seen[1] = PAPER_WHITE; /* the lid */
            }
            float grey = toned(&tones, seen[1], chance);
            for (int c = 0; c < 3; c++) {
                plane_f_row(&to->ink.channel[c], y)[x] = grey;
            }
        }
    }
}

static void speck_put(struct paper *paper, struct spot at, double radius)
{
    double scale = paper->dpi / 25.4;
    int reach = (int)ceil(radius * scale);
    int cx = (int)(at.x * scale);
    int cy = (int)(at.y * scale);
    for (int y = cy - reach; y <= cy + reach; y++) {
        for (int x = cx - reach; x <= cx + reach; x++) {
            if (x < 0 || y < 0 || x >= colour_width(&paper->ink) ||
                y >= colour_height(&paper->ink) ||
                hypot(x - cx, y - cy) > radius * scale) {
                continue;
            }
            for (int c = 0; c < 3; c++) {
                plane_f_row(&paper->ink.channel[c], y)[x] *= 0.2F;
            }
        }
    }
}

static void specks_put(struct paper *paper, struct chance *chance)
{
    int specks = (int)chance_poisson(chance, 30);
    for (int i = 0; i < specks; i++) {
        struct spot at = {chance_between(chance, 0, paper->width_mm),
                          chance_between(chance, 0, paper->height_mm)};
        speck_put(paper, at, chance_between(chance, 0.04, 0.2));
    }
}

enum sting_status photocopy_make(struct paper *paper, struct chance *chance)
{
    struct paper made = *paper;
    made.ink = (struct colour){0};
    made.slip = NULL;
    made.is_grey = true;
    float soft_px = (float)(0.045 / 25.4 * paper->dpi);
    enum sting_status status = colour_init(&made.ink, colour_width(&paper->ink),
                                           colour_height(&paper->ink));
    int channels = paper->is_grey ? 1 : 3;
    for (int c = 0; !status && c < channels; c++) {
        status = blur_gauss(&paper->ink.channel[c], soft_px);
    }
    if (status) {
        paper_release(&made);
        return status;
    }
    copy_scan(paper, &made, chance);
    specks_put(&made, chance);
    paper_release(paper);
    *paper = made;
    return paper_print(paper, chance_bits(chance));
}
