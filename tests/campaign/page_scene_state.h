/*
 * page_scene_state: what a scene consists of; page_scene*.c share it.
 */
#ifndef STING_TESTS_CAMPAIGN_PAGE_SCENE_STATE_H
#define STING_TESTS_CAMPAIGN_PAGE_SCENE_STATE_H

#include "tests/campaign/page_scene.h"
#include "tests/campaign/scene_space.h"

#define SCENE_GAUSSIANS (1 << 20)
#define SCENE_PAPER 0.86F

struct page_scene {
    struct page_scene_settings s;
    struct page_truth truth;
    uint64_t chance;
    int width, height;
    struct v3 eye, right, down, ahead;
    double focal;
    double yaw; /* of the sheet as it lies */
    struct pose lying;
    struct pose rest;     /* where it lies in the end */
    double lift_in, tilt; /* how it is held */
    double side;          /* the hand comes from here: angle */
    double reach;         /* how far the hand goes over the sheet */
    float skin, sleeve;
    struct plane_f table; /* reflectance */
    struct plane_f light; /* linear light */
    struct plane_f idle;  /* the same, of nobody there */
    bool has_idle;
    struct plane_f grain;
    struct plane shown;
    float *gaussian; /* SCENE_GAUSSIANS of them */
    double lean_w;
};

/* What is done at some moment. */
struct scene_now {
    bool has_sheet;
    struct pose sheet;
    bool has_other;
    struct pose other;
    double hand; /* 0 away, 1 at the page */
    struct v3 hand_at;
    double lean; /* 0 to 1 */
    double gain; /* of the light */
    double flash;
    double shadow; /* place of it, below 0: none */
    double beside; /* the same of somebody at the edge; 0: nobody */
    bool screen;
};

/* What the hands do when, and how it ends, for the act that is set. */
void scene_hands_choose(struct page_scene *scene);
void scene_story_choose(struct page_scene *scene);
struct scene_now scene_at(const struct page_scene *scene, double at_s);

/* What a page lies on: as large as A4, of the page's own shape; inches. */
struct paper_size {
    double w, h;
};

static inline struct paper_size paper_size_of(const struct plane *page)
{
    double shape = (double)page->width_px / page->height_px;
    return (struct paper_size){sqrt(SHEET_AREA * shape),
                               sqrt(SHEET_AREA / shape)};
}

/* The next of the seed's numbers, 0 to 1. */
static inline double uniform(struct page_scene *s)
{
    s->chance += 0x9e3779b97f4a7c15U;
    uint64_t z = s->chance;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static inline double between(struct page_scene *s, double low, double high)
{
    return low + (high - low) * uniform(s);
}

/* The direction in which the camera sees a place of the picture. */
static inline struct v3 ray_of(const struct page_scene *s, double px, double py)
{
    struct v3 r = add(s->ahead, s->right, (px - s->width / 2.0) / s->focal);
    return add(r, s->down, (py - s->height / 2.0) / s->focal);
}

/* Where the camera sees a place. */
static inline void project(const struct page_scene *s, struct v3 p,
                           double out[2])
{
    struct v3 d = add(p, s->eye, -1);
    double z = dot(d, s->ahead);
    out[0] = s->width / 2.0 + s->focal * dot(d, s->right) / z;
    out[1] = s->height / 2.0 + s->focal * dot(d, s->down) / z;
}

#endif
