/*
 * plate: the user's own room without anybody, learned from his footage: its
 * mean, and how the camera's noise goes with the brightness. What is put in
 * gets that noise: at each pixel what the camera itself had there and then,
 * scaled to what it has at the brightness of what covers it.
 *
 * "Clean plate" is what film makers call such a picture.
 */
#ifndef STING_DRILL_PLATE_H
#define STING_DRILL_PLATE_H

#include "drill/matte.h"
#include "media/video_frame.h"

#define PLATE_LEVELS 32 /* of brightness, eight grey levels each */

struct plate {
    struct plane_f mean[3];      /* luma and the colour differences, if any */
    double square[PLATE_LEVELS]; /* of what differs from it, summed, ... */
    double count[PLATE_LEVELS];  /* ... of so many pixels */
    float noise[PLATE_LEVELS];   /* standard deviation, in grey levels */
    int64_t since_us, last_us;   /* of what was taken */
    bool has_begun;
};

/* For pictures as this one. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status plate_begin(struct plate *plate,
                                             const struct video_frame *like);
void plate_release(struct plate *plate);

/* Learn from a picture of the empty room, before anything is laid over it. */
void plate_take(struct plate *plate, const struct video_frame *frame);

/* Lay `who` (NULL: nobody) over it, in a light that is so much weaker that a
 * camera which keeps its pictures as bright has `grain` times the noise. */
void plate_put(const struct plate *plate, const struct matte *who, float grain,
               struct video_frame *frame);

/* Mean level of the room in that part of the picture. */
float plate_level(const struct plate *plate, int left, int top, int width,
                  int height);

#endif
