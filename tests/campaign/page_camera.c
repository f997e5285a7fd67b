#include "tests/campaign/page_camera.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CRF 28
#define GREY 128 /* no colour */

void page_camera_must(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "page camera: %s\n", what);
        exit(2);
    }
}

double page_camera_s(int64_t at_us)
{
    return (double)at_us / 1e6 - CAMERA_AHEAD_S;
}

struct detect_zone page_camera_zone(const struct page_scene *scene)
{
    struct detect_zone zone = {.has_bait = true, .points = 4};
    float corner[4][2];
    page_scene_zone(scene, corner);
    for (int i = 0; i < 4; i++) {
        zone.point[i] = (struct detect_point){corner[i][0], corner[i][1]};
    }
    return zone;
}

static void looker_begin(struct page_camera *camera, struct bytes first)
{
    struct stream stream;
    struct looker_settings settings = {.zones = 1, .zone = {camera->zone}};
    page_camera_must(!stream_of_h264(camera->frame.y.width_px,
                                     camera->frame.y.height_px, first, &stream),
                     "stream");
    page_camera_must(!looker_new(&stream, &settings, camera->hear,
                                 camera->context, &camera->looker, NULL),
                     "looker");
    stream_release(&stream);
    for (int i = 0; i < camera->prints; i++) {
        page_camera_must(!looker_print(camera->looker, &camera->print[i]),
                         "memory");
    }
}

static enum sting_status packet_take(void *context,
                                     const struct encode_packet *encoded)
{
    struct page_camera *camera = context;
    struct packet packet;
    if (!camera->looker) {
        looker_begin(camera, encoded->data);
    }
    page_camera_must(
        !packet_new(encoded->data, encoded->pts_us, encoded->key, &packet),
        "packet");
    enum sting_status status = looker_add(camera->looker, &packet);
    packet_release(&packet);
    return status;
}

static void plane_fill(struct plane *plane, int value)
{
    memset(plane->data, value,
           (size_t)plane->stride * (size_t)plane->height_px);
}

void page_camera_begin(struct page_camera *camera, struct page_scene *scene)
{
    const struct plane *first = page_scene_draw(scene, 0);
    const struct encode_settings set = {first->width_px,
                                        first->height_px,
                                        (int)(1 / CAMERA_FRAME_S),
                                        (int)(CAMERA_KEY_S / CAMERA_FRAME_S),
                                        CRF,
                                        false};
    page_camera_must(
        !video_frame_init(&camera->frame, set.width_px, set.height_px, true),
        "memory");
    plane_fill(&camera->frame.u, GREY);
    plane_fill(&camera->frame.v, GREY);
    page_camera_must(
        !encoder_new(&set, packet_take, camera, &camera->encoder, NULL),
        "encoder");
}

void page_camera_end(struct page_camera *camera)
{
    encoder_free(&camera->encoder);
    video_frame_release(&camera->frame);
    looker_free(&camera->looker);
}

void page_camera_add(struct page_camera *camera, const struct plane *picture,
                     double at_s)
{
    for (int y = 0; y < picture->height_px; y++) {
        memcpy(plane_row(&camera->frame.y, y), plane_row(picture, y),
               (size_t)picture->width_px);
    }
    camera->frame.pts_us = (int64_t)((at_s + CAMERA_AHEAD_S) * 1e6);
    page_camera_must(!encoder_frame(camera->encoder, &camera->frame),
                     "encoding");
}
