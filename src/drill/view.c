#include "drill/view.h"

#include <math.h>

void view_rotate(struct view *view, double tilt, double azimuth, double roll)
{
    double a = cos(azimuth);
    double b = sin(azimuth);
    double c = cos(tilt);
    double s = sin(tilt);
    /* Rodrigues' formula about (a, b, 0). */
    double lean[9] = {c + a * a * (1 - c),
                      a * b * (1 - c),
                      b * s,
                      a * b * (1 - c),
                      c + b * b * (1 - c),
                      -a * s,
                      -b * s,
                      a * s,
                      c};
    double cr = cos(roll);
    double sr = sin(roll);
    for (int j = 0; j < 3; j++) {
        view->rotation[j] = cr * lean[j] - sr * lean[3 + j];
        view->rotation[3 + j] = sr * lean[j] + cr * lean[3 + j];
        view->rotation[6 + j] = lean[6 + j];
    }
}

/* Place along the bend, -1 to 1 on the sheet; held a little past its edge,
 * since the desk around it is not bent. */
static double across(const struct view *view, struct spot sheet)
{
    double s = (sheet.x - view->middle.x) * view->bend.x +
               (sheet.y - view->middle.y) * view->bend.y;
    return fmax(-1.1, fmin(1.1, s / view->reach_mm));
}

/* The bend is z = lift * |s / reach|^3: flat in the middle, as a sheet is
 * that was carried in a bag. */
double view_height(const struct view *view, struct spot sheet, double *slope)
{
    double t = across(view, sheet);
    if (slope) {
        *slope = 3 * view->lift_mm * t * fabs(t) / view->reach_mm;
    }
    return view->lift_mm * fabs(t * t * t);
}

/* How far the bend draws a point in, towards the middle: the integral of
 * slope^2 / 2, which keeps the length of the paper to second order. */
static double shortening(const struct view *view, struct spot sheet)
{
    double t = across(view, sheet);
    double scale = view->lift_mm * view->lift_mm / view->reach_mm;
    return 0.9 * scale * t * t * t * t * t;
}

/* Where the point of the sheet lies over the desk, seen from above. */
static struct spot plan(const struct view *view, struct spot sheet)
{
    double in = shortening(view, sheet);
    struct spot out = {sheet.x - in * view->bend.x,
                       sheet.y - in * view->bend.y};
    for (int i = 0; i < VIEW_WAVES; i++) {
        const struct view_wave *wave = &view->wave[i];
        double swing =
            sin(wave->kx * sheet.x + wave->ky * sheet.y + wave->phase);
        out.x += wave->x_mm * swing;
        out.y += wave->y_mm * swing;
    }
    return out;
}

struct spot view_place(const struct view *view, struct spot sheet)
{
    const double *r = view->rotation;
    struct spot over = plan(view, sheet);
    double x = over.x - view->aim.x;
    double y = over.y - view->aim.y;
    double z = -view_height(view, sheet, NULL); /* the camera looks along +z */
    double depth = r[6] * x + r[7] * y + r[8] * z + view->distance_mm;
    double u = (r[0] * x + r[1] * y + r[2] * z) / depth;
    double v = (r[3] * x + r[4] * y + r[5] * z) / depth;
    double stretch = view->focal_px * (1 + view->distortion * (u * u + v * v));
    return (struct spot){view->axis.x + stretch * u,
                         view->axis.y + stretch * v};
}

static struct spot undistorted(const struct view *view, struct spot picture)
{
    struct spot seen = {(picture.x - view->axis.x) / view->focal_px,
                        (picture.y - view->axis.y) / view->focal_px};
    struct spot out = seen;
    for (int i = 0; i < 8; i++) {
        double stretch = 1 + view->distortion * (out.x * out.x + out.y * out.y);
        out = (struct spot){seen.x / stretch, seen.y / stretch};
    }
    return out;
}

/* Where the ray through (u, v, 1) of the camera is `height` above the desk. */
static struct spot ray_at(const struct view *view, struct spot ray,
                          double height)
{
    const double *r = view->rotation;
    double way[3];
    double lens[3];
    for (int i = 0; i < 3; i++) { /* camera to sheet: the transpose */
        way[i] = r[i] * ray.x + r[3 + i] * ray.y + r[6 + i];
        lens[i] = -r[6 + i] * view->distance_mm;
    }
    double length = (-height - lens[2]) / way[2];
    return (struct spot){view->aim.x + lens[0] + length * way[0],
                         view->aim.y + lens[1] + length * way[1]};
}

/* By fixed point: bend and cockle are small against the distance, so each
 * round leaves a third of the error or less. */
struct spot view_trace(const struct view *view, struct spot picture)
{
    struct spot ray = undistorted(view, picture);
    struct spot sheet = ray_at(view, ray, 0);
    for (int i = 0; i < 40; i++) {
        struct spot want = ray_at(view, ray, view_height(view, sheet, NULL));
        struct spot got = plan(view, sheet);
        double dx = want.x - got.x;
        double dy = want.y - got.y;
        sheet.x += dx;
        sheet.y += dy;
        if (fabs(dx) + fabs(dy) < 1e-6) {
            break;
        }
    }
    return sheet;
}
