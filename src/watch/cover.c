#include "watch/cover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_OFF 40 /* an off of one in so many is bridged */

/* Pixels of a row from `from` to `to` (in pixels, any order), and `more` on
 * either side. */
static void span_cover(struct plane *cover, int y, double from, double to,
                       int more)
{
    int left = (int)floor(from < to ? from : to) - more;
    int right = (int)ceil(from < to ? to : from) + more;
    left = left < 0 ? 0 : left;
    right = right > cover->width_px ? cover->width_px : right;
    if (y >= 0 && y < cover->height_px && left < right) {
        memset(plane_row(cover, y) + left, 255, (size_t)(right - left));
    }
}

static int rising(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The inside of a polygon along one line, by crossings. */
static void line_cover(struct plane *cover, const struct mask *mask, int y,
                       double at_px)
{
    double crossing[DETECT_MOST_POINTS];
    int crossings = 0;
    for (int i = 0; i < mask->points; i++) {
        const struct detect_point *p = &mask->point[i];
        const struct detect_point *q = &mask->point[(i + 1) % mask->points];
        double py = (double)p->y * cover->height_px;
        double qy = (double)q->y * cover->height_px;
        if ((py <= at_px) != (qy <= at_px)) {
            double part = (at_px - py) / (qy - py);
            crossing[crossings++] =
                ((double)p->x + part * ((double)q->x - (double)p->x)) *
                cover->width_px;
        }
    }
    qsort(crossing, (size_t)crossings, sizeof *crossing, rising);
    for (int i = 0; i + 1 < crossings; i += 2) {
        span_cover(cover, y, crossing[i], crossing[i + 1], 1);
    }
}

/* An edge, so that no pixel which it only grazes is left out, and `more` beside
 * it. */
static void edge_cover(struct plane *cover, const struct detect_point *p,
                       const struct detect_point *q, int more)
{
    double px = (double)p->x * cover->width_px;
    double py = (double)p->y * cover->height_px;
    double dx = (double)q->x * cover->width_px - px;
    double dy = (double)q->y * cover->height_px - py;
    int steps = (int)(2 * (fabs(dx) + fabs(dy))) + 1;
    for (int i = 0; i <= steps; i++) {
        double x = px + dx * i / steps;
        int y = (int)floor(py + dy * i / steps);
        for (int near = y - more; near <= y + more; near++) {
            span_cover(cover, near, x, x, more);
        }
    }
}

static void mask_cover(struct plane *cover, const struct mask *mask, int more)
{
    for (int y = 0; y < cover->height_px; y++) {
        line_cover(cover, mask, y, y + 0.5);
    }
    for (int i = 0; i < mask->points; i++) {
        edge_cover(cover, &mask->point[i], &mask->point[(i + 1) % mask->points],
                   more);
    }
}

/* What a side of the picture would be longer or shorter, were it of the
 * other's shape. */
static double side_off_px(double side, double other, double own_side,
                          double own_other)
{
    return fabs(side - other * own_side / own_other);
}

int cover_off_px(int width_px, int height_px, const struct masks *masks)
{
    double width = masks->width_px, height = masks->height_px;
    if (width <= 0 || height <= 0) {
        return 0;
    }
    double x = side_off_px(width_px, height_px, width, height);
    double y = side_off_px(height_px, width_px, height, width);
    double off = ceil(x > y ? x : y);
    return off * MOST_OFF > width_px ? COVER_UNKNOWN : (int)off;
}

enum sting_status cover_of(const struct masks *masks, int width_px,
                           int height_px, int off_px, struct plane *out)
{
    enum sting_status status = plane_init(out, width_px, height_px);
    if (status) {
        return status;
    }
    if (off_px == COVER_UNKNOWN) {
        for (int y = 0; y < height_px; y++) {
            memset(plane_row(out, y), 255, (size_t)width_px);
        }
    }
    for (int i = 0; i < masks->count; i++) {
        mask_cover(out, &masks->mask[i], 1 + (off_px > 0 ? off_px : 0));
    }
    return STING_OK;
}

void cover_black(struct plane *plane, const struct plane *cover, int scale,
                 uint8_t value)
{
    for (int y = 0; y < cover->height_px; y++) {
        const uint8_t *covered = plane_row(cover, y);
        uint8_t *row = plane_row(plane, y / scale);
        for (int x = 0; x < cover->width_px; x++) {
            if (covered[x]) {
                row[x / scale] = value;
            }
        }
    }
}
