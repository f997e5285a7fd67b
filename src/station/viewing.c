#include "station/viewing.h"

#include <stdlib.h>

struct viewing *viewing_new(void)
{
    return calloc(1, sizeof(struct viewing));
}

void viewing_free(struct viewing **viewing)
{
    for (size_t i = 0; *viewing && i < CONFIG_MOST_CAMERAS; i++) {
        buffer_release(&(*viewing)->camera[i].init);
        buffer_release(&(*viewing)->camera[i].data);
    }
    free(*viewing);
    *viewing = NULL;
}

enum sting_status viewing_open(struct viewing *viewing,
                               const struct viewing_stream *stream)
{
    for (size_t i = 0; i < VIEWING_MOST; i++) {
        if (viewing->stream[i].id == 0) {
            viewing->stream[i] = *stream;
            return STING_OK;
        }
    }
    return STING_E_LIMIT;
}

void viewing_close(struct viewing *viewing, int64_t id)
{
    for (size_t i = 0; i < VIEWING_MOST; i++) {
        if (viewing->stream[i].id == id) {
            viewing->stream[i] = (struct viewing_stream){0};
        }
    }
}

uint64_t viewing_plain(const struct viewing *viewing)
{
    uint64_t cameras = 0;
    for (size_t i = 0; i < VIEWING_MOST; i++) {
        const struct viewing_stream *stream = &viewing->stream[i];
        cameras |= stream->cameras & ~stream->h264;
    }
    return cameras;
}

uint64_t viewing_cameras(const struct viewing *viewing)
{
    uint64_t cameras = 0;
    for (size_t i = 0; i < VIEWING_MOST; i++) {
        cameras |= viewing->stream[i].cameras;
    }
    return cameras;
}

void viewing_forget(struct viewing_camera *camera)
{
    buffer_release(&camera->data);
    camera->pieces = 0;
}

void viewing_init(struct viewing_camera *camera, struct bytes init)
{
    viewing_forget(camera);
    camera->init.size = 0;
    if (buffer_append(&camera->init, init)) {
        camera->init.size = 0; /* then there is nothing to show */
    }
}

bool viewing_whole(const struct viewing_camera *camera,
                   struct viewing_piece *out)
{
    if (camera->pieces == 0) {
        return false;
    }
    *out = camera->piece[camera->pieces - 1];
    out->bytes = camera->data.size;
    out->starts_with_key = true;
    out->duration_us = 0;
    for (size_t i = 0; i < camera->pieces; i++) {
        out->duration_us += camera->piece[i].duration_us;
    }
    return true;
}

void viewing_add(struct viewing_camera *camera,
                 const struct viewing_piece *piece, struct bytes data)
{
    if (piece->starts_with_key) {
        camera->pieces = 0;
        camera->data.size = 0;
    }
    bool fits = camera->pieces < VIEWING_MOST_PIECES &&
                camera->data.size + data.size <= VIEWING_MOST_BYTES;
    if (!piece->starts_with_key && camera->pieces == 0) {
        return; /* nothing can be shown before a keyframe */
    }
    if (!fits || buffer_append(&camera->data, data)) {
        viewing_forget(camera);
        return;
    }
    camera->piece[camera->pieces] = *piece;
    camera->piece[camera->pieces++].bytes = data.size;
}
