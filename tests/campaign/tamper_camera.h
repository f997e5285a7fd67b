/*
 * tamper_camera: a made camera that somebody does something to: footage of a
 * room through H.264 to a looker, or pictures and packets of his own. All that
 * fails ends the program: it serves counts, which need no other way.
 */
#ifndef STING_TESTS_CAMPAIGN_TAMPER_CAMERA_H
#define STING_TESTS_CAMPAIGN_TAMPER_CAMERA_H

#include "detect/tamper.h"
#include "footage.h"
#include "media/decode.h"
#include "media/encode.h"
#include "watch/looker.h"

#define TAMPER_WIDE_PX 640
#define TAMPER_HIGH_PX 360
#define TAMPER_FPS 10
#define TAMPER_TAPE_FRAMES (40 * TAMPER_FPS)

/* What was sent, to be played again: packets, and as who received them saw
 * them. */
struct tamper_tape {
    struct buffer packet[TAMPER_TAPE_FRAMES]; /* the first is a keyframe */
    bool is_key[TAMPER_TAPE_FRAMES];
    int packets;
    struct plane picture[TAMPER_TAPE_FRAMES];
    int pictures;
};

struct tamper_camera {
    uint64_t room;
    int gop; /* frames */
    struct footage *footage;
    struct encoder *encoder;
    struct stream stream;
    struct looker *looker;   /* from the first packet on */
    struct decoder *decoder; /* of the tape, from its first packet on */
    struct video_frame out;
    struct plane shown;
    struct tamper_tape *tape;  /* while it runs; borrowed */
    struct detector *detector; /* without H.264, as the next */
    struct tamper *watch;
    bool wants_all;
    int64_t frame;
    int tampers;   /* told, since they were last set to zero; */
    double told_s; /* the first of them, ... */
    int cause;     /* ... an enum tamper_cause */
};

struct tamper_camera_settings {
    uint64_t room;
    double light, noise; /* as of footage_settings, .. */
    double gop_s;
    double agc, flicker, smooth; /* .. as are these */
    bool insects, rain, clock;
};

void tamper_camera_begin(struct tamper_camera *camera,
                         const struct tamper_camera_settings *settings);
void tamper_camera_end(struct tamper_camera *camera);

double tamper_camera_now_s(const struct tamper_camera *camera);

/* The next picture to the detector itself, and nothing but keyframes unless it
 * wants all: quick hours. */
void tamper_camera_straight(struct tamper_camera *camera);

/* The next picture: the room with something before the lens (NULL: nothing) */
void tamper_camera_live(struct tamper_camera *camera,
                        const struct cutout *before);

/* or this one, or packet `number` of a tape. */
void tamper_camera_show(struct tamper_camera *camera,
                        const struct plane *picture);
void tamper_camera_send(struct tamper_camera *camera,
                        const struct tamper_tape *tape, int number);

/* Pictures are encoded by another from here on: the next is a keyframe. */
void tamper_camera_recode(struct tamper_camera *camera);

void tamper_tape_release(struct tamper_tape *tape);

/* Ends the program unless it is good. */
void tamper_must(bool good, const char *what);

#endif
