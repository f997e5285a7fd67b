/*
 * page_camera: a camera above a scene: its pictures through H.264 to a looker.
 * All that fails ends the program: it serves counts, which need no other way.
 */
#ifndef STING_TESTS_CAMPAIGN_PAGE_CAMERA_H
#define STING_TESTS_CAMPAIGN_PAGE_CAMERA_H

#include "media/encode.h"
#include "tests/campaign/page_scene.h"
#include "watch/looker.h"
#include "wire/print.h"

#define CAMERA_FRAME_S 0.2  /* between pictures */
#define CAMERA_KEY_S 1.0    /* between keyframes */
#define CAMERA_AHEAD_S 10.0 /* times begin so much later: none is below 0 */

struct page_camera {
    struct detect_zone zone;
    const struct page_print *print; /* pages that it knows; borrowed */
    int prints;
    looker_sink hear;
    void *context; /* of `hear` */
    struct encoder *encoder;
    struct looker *looker; /* from the first packet on */
    struct video_frame frame;
};

/* The zone around the page that a user would draw. */
struct detect_zone page_camera_zone(const struct page_scene *scene);

/* What the first four members say, of pictures of the scene's size. */
void page_camera_begin(struct page_camera *camera, struct page_scene *scene);
void page_camera_end(struct page_camera *camera);

/* The next picture, at_s by the scene. */
void page_camera_add(struct page_camera *camera, const struct plane *picture,
                     double at_s);

/* When that was, of a time that `hear` is told. */
double page_camera_s(int64_t at_us);

/* Ends the program unless it is good. */
void page_camera_must(bool good, const char *what);

#endif
