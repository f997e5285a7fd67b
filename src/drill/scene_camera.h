/*
 * scene_camera: a network camera in the garage: RTSP with RTP over the same
 * connection, in real time, without B-frames, a keyframe a second.
 *
 * The play begins with the first client that plays. Frames are drawn only
 * while somebody watches or the play goes on.
 */
#ifndef STING_DRILL_SCENE_CAMERA_H
#define STING_DRILL_SCENE_CAMERA_H

#include <signal.h>

#include "drill/scene.h"

/* What happened, seconds after the first frame. */
typedef void (*scene_camera_tell)(void *context, const char *event,
                                  double at_s);

/* Where the pages lie on the table: a polygon in parts of width and height. */
typedef void (*scene_camera_zone)(void *context, float (*corner)[2],
                                  int corners);

struct scene_camera_settings {
    const char *listen; /* "127.0.0.1:8554"; port 0 takes a free one */
    struct scene_settings scene;
    int frames_per_s;
    double for_s; /* ends so long after the first frame; 0: never */
    scene_camera_tell tell;
    scene_camera_zone zone; /* told once, before "listening" */
    void *context;
    const volatile sig_atomic_t *stop; /* borrowed; ends when not 0 */
};

/* Serve until told to stop. The first event is "listening" with the port in
 * place of the time. Fails: E_ARG for an address that is none, E_IO, E_BUSY
 * when the port is taken, and as scene_new. */
STING_MUST_USE enum sting_status scene_camera_serve(
    const struct scene_camera_settings *settings, struct fault *fault);

#endif
