/*
 * filter: blurring, shrinking and sampling of planes.
 *
 * Coordinates are continuous: pixel (0, 0) has its centre at (0.5, 0.5).
 * Beyond the edge a plane goes on as its nearest pixel.
 */
#ifndef STING_IMAGE_FILTER_H
#define STING_IMAGE_FILTER_H

#include "base/plane.h"

/* Gaussian blur in place; sigma_px 0 changes nothing.
 * Fails: E_NOMEM; the plane is then partly blurred. */
STING_MUST_USE enum sting_status plane_blur(struct plane_f *plane,
                                            double sigma_px);

/* The same as a lens does it: what is mixed is light, of which grey is about
 * the root. Dark areas then end further inside, by up to a whole sigma, than
 * where grey is mixed. `white` is paper; black is thought to send a hundredth
 * of its light. Fails as plane_blur. */
STING_MUST_USE enum sting_status plane_blur_light(struct plane_f *plane,
                                                  double white,
                                                  double sigma_px);

/* The same pixels as float. The caller releases *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status plane_to_float(const struct plane *plane,
                                                struct plane_f *out);

/* Another float plane with the same pixels. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status plane_f_copy(const struct plane_f *plane,
                                              struct plane_f *out);

/* Half the size, each pixel the mean of four; an odd last row or column is
 * left out. Fails: E_ARG below 2 x 2, E_NOMEM. */
STING_MUST_USE enum sting_status plane_halve(const struct plane *plane,
                                             struct plane *out);

/* factor <= 1 times the size, blurred first so that nothing aliases.
 * Fails: E_ARG, E_NOMEM. */
STING_MUST_USE enum sting_status plane_shrink(const struct plane *plane,
                                              double factor,
                                              struct plane_f *out);

/* Each pixel becomes the largest within `reach` pixels of it, in a square.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status plane_dilate(struct plane_f *plane, int reach);

/* The plane between its pixels: straight lines, and Catmull-Rom cubics. */
double sample_linear(const struct plane_f *plane, double x, double y);
double sample_cubic(const struct plane *plane, double x, double y);

/* Weights of the four pixels around a place `t` (0 to 1) after the second.
 * Source: Keys, IEEE ASSP 29 (1981), a = -1/2. */
void cubic_weights(double t, float weight[4]);

#endif
