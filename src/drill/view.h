/*
 * view: where a point of a sheet of paper lands in a photograph, and back.
 *
 * The sheet lies on a desk and is bent along one direction (a developable
 * surface: paper does not stretch), with a little cockle in its own plane.
 * A pinhole camera with radial distortion looks at it from a tilt. Flat and
 * without distortion the map is a homography.
 *
 * Places on the sheet are mm from its top left corner, x right, y down;
 * places in the photograph are px, centres at +0.5.
 */
#ifndef STING_DRILL_VIEW_H
#define STING_DRILL_VIEW_H

#include "base/base.h"
#include "drill/spot.h"

struct view_wave {
    double kx, ky, phase; /* radians a mm */
    double x_mm, y_mm;    /* displacement in the plane */
};

#define VIEW_WAVES 4

struct view {
    struct spot middle; /* of the sheet, mm */
    struct spot aim;    /* the point looked at, mm */
    double rotation[9]; /* sheet to camera, rows */
    double focal_px;
    double distance_mm; /* from the lens to `aim` */
    struct spot axis;   /* where the optical axis meets the picture, px */
    double distortion;  /* radius grows by 1 + distortion * (r / focal)^2 */
    struct spot bend;   /* unit direction across the bend */
    double lift_mm;     /* height of the bent edge */
    double reach_mm;    /* half the sheet along `bend` */
    struct view_wave wave[VIEW_WAVES];
};

/* Height of the sheet above the desk and its slope along `bend`. */
double view_height(const struct view *view, struct spot sheet, double *slope);

/* A point of the sheet in the photograph. */
struct spot view_place(const struct view *view, struct spot sheet);

/* The point of the (endless) sheet that a place of the photograph shows. */
struct spot view_trace(const struct view *view, struct spot picture);

/* rotation = roll about the optical axis, after a tilt about the axis in
 * the sheet's plane that stands at `azimuth`; all in radians. */
void view_rotate(struct view *view, double tilt, double azimuth, double roll);

#endif
