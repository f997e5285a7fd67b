#include "drill/lay.h"

#include <math.h>
#include <string.h>

/* A sheet's own corner in the plane, and its turn. */
struct place {
    struct spot corner;
    double turn;
};

static struct place turned_by(struct spot corner, double turn)
{
    return (struct place){corner, turn};
}

static void pixel_set(struct paper *plane, int x, int y, const float ink[3])
{
    for (int i = 0; i < 3; i++) {
        plane_f_row(&plane->ink.channel[i], y)[x] = ink[i];
    }
}

static void sheet_put(struct paper *plane, const struct paper *sheet,
                      struct place place)
{
    double mm = 25.4 / plane->dpi;
    double c = cos(place.turn);
    double s = sin(place.turn);
    struct paper_dots dots = paper_dots_of(sheet);
    plane->is_grey = plane->is_grey && sheet->is_grey;
    for (int y = 0; y < colour_height(&plane->ink); y++) {
        for (int x = 0; x < colour_width(&plane->ink); x++) {
            double u = (x + 0.5) * mm - place.corner.x;
            double v = (y + 0.5) * mm - place.corner.y;
            float seen[3];
            if (paper_at(&dots, (float)(c * u + s * v), (float)(c * v - s * u),
                         seen)) {
                pixel_set(plane, x, y, seen);
            }
        }
    }
}

static void sheet_clear(struct paper *plane)
{
    for (int c = 0; c < 3; c++) {
        struct plane_f *channel = &plane->ink.channel[c];
        for (int i = 0; i < channel->stride * channel->height_px; i++) {
            channel->data[i] = -1;
        }
    }
}

enum sting_status lay_beside(struct paper *paper, const struct paper *other,
                             struct chance *chance)
{
    struct paper plane = *paper;
    double gap = chance_between(chance, 4, 20);
    double turn = 0.03 * chance_normal(chance);
    double room = fabs(turn) * other->height_mm + gap;
    plane.ink = (struct colour){0};
    plane.slip = NULL;
    plane.width_mm = paper->width_mm + room + other->width_mm + gap;
    plane.height_mm = fmax(paper->height_mm, other->height_mm) + gap;
    enum sting_status status =
        colour_init(&plane.ink, (int)ceil(plane.width_mm / 25.4 * plane.dpi),
                    (int)ceil(plane.height_mm / 25.4 * plane.dpi));
    if (status) {
        return status;
    }
    sheet_clear(&plane);
    sheet_put(&plane, paper, turned_by((struct spot){0, 0}, 0));
    sheet_put(&plane, other,
              turned_by((struct spot){paper->width_mm + room, 0}, turn));
    paper_release(paper);
    *paper = plane;
    return STING_OK;
}

/* Its top left corner reaches into the right or the lower part. */
void lay_over(struct paper *paper, const struct paper *other,
              struct chance *chance)
{
    struct spot corner = {paper->width_mm * chance_between(chance, 0.5, 0.75),
                          paper->height_mm * chance_between(chance, 0.5, 0.75)};
    sheet_put(paper, other,
              turned_by(corner, chance_between(chance, -0.3, 0.3)));
}
