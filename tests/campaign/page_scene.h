/*
 * page_scene: a table with a page on it, and what hands do to it, as the
 * camera above sees it. It knows nothing of what watches.
 *
 * A pinhole camera, a flat sheet in space, a lamp, a hand with its arm and
 * shadow, somebody who leans over; grain fresh in every picture, which a 3 x 3
 * binomial filter then smears as a camera's own processing does. Everything
 * that is not told comes from the seed: table, view, hands, light.
 */
#ifndef STING_TESTS_CAMPAIGN_PAGE_SCENE_H
#define STING_TESTS_CAMPAIGN_PAGE_SCENE_H

#include "base/plane.h"

enum scene_act {
    ACT_NONE,   /* nothing, as long as one looks */
    ACT_PASS,   /* a hand over the page, and away again */
    ACT_REST,   /* a hand lies on it for 4 s */
    ACT_LEAN,   /* somebody leans over the whole table and goes */
    ACT_LIFT,   /* held up for 3 s and put back */
    ACT_TURN,   /* turned over, left so */
    ACT_TAKE,   /* taken away */
    ACT_MOVE,   /* pushed aside */
    ACT_SWAP,   /* another page laid on top */
    ACT_LAMP,   /* a lamp goes on or off */
    ACT_SHADOW, /* a shadow wanders over the table */
    ACT_FLASH,  /* three flashes of a camera */
    ACT_BESIDE, /* somebody walks by at the table's edge */
    ACT_SCREEN, /* a telephone with a bright screen over the page */
    SCENE_ACTS
};

const char *scene_act_name(enum scene_act act);

struct page_scene_settings {
    uint64_t seed;
    double dpi;   /* on the page, in the picture */
    double light; /* of paper: 0 to 1 of full scale; 0.16 is half-light */
    double grain; /* deviation of a pixel, grey levels, before smearing */
    enum scene_act act;
    double begin_s;             /* of the act */
    const struct plane *front;  /* pages at about twice dpi; borrowed */
    const struct plane *other;  /* lies on top after ACT_SWAP */
    const struct plane *behind; /* the back; NULL: blank */
};

/* When it truly happened, in seconds; -1: never. */
struct page_truth {
    double away_s;    /* the sheet left its place */
    double settled_s; /* at rest and in full view again */
    double end_s;     /* all is over */
};

struct page_scene;

struct page_scene *page_scene_new(const struct page_scene_settings *settings);
void page_scene_free(struct page_scene **scene);

/* Another act, later, by other hands; nothing may have touched the page. */
void page_scene_next(struct page_scene *scene, enum scene_act act,
                     double begin_s);

/* The zone that a user would draw: x, y of four corners, 0 to 1. */
void page_scene_zone(const struct page_scene *scene, float corner[4][2]);
struct page_truth page_scene_truth(const struct page_scene *scene);

/* The picture at a time; borrowed until the next. */
const struct plane *page_scene_draw(struct page_scene *scene, double at_s);

/* A page of printed lines, for tests without a PDF. */
void page_scene_print(struct plane *page, uint64_t seed);

#endif
