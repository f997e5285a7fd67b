/*
 * scene: what the camera sees while nobody is there, and how a picture
 * differs from it. Only detect/ includes this.
 *
 * Keyframes and other frames tremble differently (a keyframe's quantisation
 * is new every time), so noise and variance are kept for each.
 */
#ifndef STING_DETECT_SCENE_H
#define STING_DETECT_SCENE_H

#include "detect/light.h"
#include "detect/noise.h"

#define SCENE_CLEARLY 4.0f /* times the noise: what stands out */

enum scene_mode { SCENE_KEY, SCENE_OTHER, SCENE_MODES };

struct scene {
    int width, height;   /* cells */
    struct plane_f mean; /* the scene */
    struct plane_f variance[SCENE_MODES];
    struct noise noise[SCENE_MODES];
    struct plane_f now;     /* the picture looked at */
    struct plane_f past;    /* one half to one second before it */
    struct plane_f between; /* will be `past` */
    struct plane_f rest;    /* now - gain * mean - lift */
    struct plane_f units;   /* rest in units of the noise */
    struct plane_f work;    /* squares of units */
    struct plane_f window;  /* their means over windows */
    struct plane_f fine[2]; /* edges of mean and now */
    double *sum;
    uint8_t *busy;     /* cell differs beyond chance */
    uint8_t *mask;     /* cell is not looked at: it changes by itself */
    bool is_parted;    /* much is hidden beside what is in view: */
    uint8_t *in_view;  /* 1: so is this cell, for certain */
    uint8_t *restless; /* how often it changed alone */
    uint8_t *known;    /* looks since it was taken over, to 255 */
    struct light light;
    float level, contrast; /* mean and deviation of the scene's cells */
    float tremble;         /* of this look, times the usual noise */
    float changed;         /* part of cells that differ clearly */
    float height_log;      /* log of the loudest window */
    int peak_x, peak_y;
    int motion_x, motion_y; /* the same, of the last scene_motion() */
    int looks;
};

STING_MUST_USE enum sting_status scene_init(struct scene *scene, int width_px,
                                            int height_px);
void scene_release(struct scene *scene);

/* Fill now, light, rest, window, changed, height_log and peak. */
void scene_compare(struct scene *scene, const struct plane *picture,
                   enum scene_mode mode);

/* How much a cell trembles, in grey levels. */
float scene_sigma(const struct scene *scene, enum scene_mode mode, size_t i);

/* Log of the loudest window, beside what a coder leaves for a while at steps of
 * brightness after a light: a part of each step. *left: how much of the squares
 * of busy cells there is beside it, 0 to 1. Overwrites window. */
float scene_height_off_steps(struct scene *scene, enum scene_mode mode,
                             float *left);

/* Fill window again, after one of the others used it. */
void scene_compare_again(struct scene *scene, enum scene_mode mode);

/* Mark the cells of windows louder than `threshold` (a logarithm); gives how
 * many. */
int scene_mark(struct scene *scene, float threshold);

/* Log of the loudest window in which now differs from `then` in time, over
 * busy cells only; -INFINITY when none is busy. Overwrites window. */
float scene_motion(struct scene *scene, const struct plane_f *then,
                   enum scene_mode mode);

/* Log of the loudest window beside a rectangle of this size around the loudest
 * of all. */
float scene_height_beside(struct scene *scene, enum scene_mode mode, int width,
                          int height);

/* Mark the cells of a rectangle around a place. */
void scene_mark_at(struct scene *scene, int x, int y, int width, int height);

/* Is nearly all that stands out around a place brighter than the scene? */
bool scene_is_bright(const struct scene *scene, int x, int y, int width,
                     int height);

/* Busy cells are few and belong to nobody: when that happened to a cell
 * often, it is a lamp that blinks, and no longer looked at. */
void scene_restless(struct scene *scene);

/* Near the upper or lower edge, where clocks are burned in: cells that jump
 * alone, again and again, are no longer looked at. Called with pictures about
 * a second apart; gives how many cells are new. */
int scene_clock(struct scene *scene, const struct plane_f *then,
                enum scene_mode mode);

/* Is this row of cells where clocks are burned in? */
bool scene_is_edge(const struct scene *scene, int y);

/* How much of what stands out lies in such rows of one edge, 0 to 1. */
float scene_edge_share(const struct scene *scene);

/* Let the scene follow the picture where it is not busy. */
void scene_follow(struct scene *scene, enum scene_mode mode, float rate,
                  float variance_rate);

/* Learning is over: no cell may claim more than twice the usual noise, which
 * is what somebody who walked by would leave there. */
void scene_settle(struct scene *scene);

/* Take the picture over where it is busy. */
void scene_absorb(struct scene *scene);

/* Take over the light of the picture; beyond this rectangle all of it. */
void scene_relight(struct scene *scene, int left, int top, int right,
                   int bottom);

/* Take over the whole picture. */
void scene_replace(struct scene *scene);

/* Do edges stand where they stood? Over busy cells, or everywhere. */
struct light_edges scene_edges(struct scene *scene, bool everywhere);

#endif
