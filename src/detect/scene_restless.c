/* Cells that change by themselves: clocks burned in, lamps that blink. */
#include <math.h>

#include "detect/scene.h"

#define RESTLESS 3       /* times */
#define JUMP 6.0f        /* times the noise */
#define RESTLESS_PART 50 /* busy cells are fewer than one in so many */

/* A cell that was restless once too often takes its neighbours with it. */
static int restless_count(struct scene *s, size_t i)
{
    if (s->restless[i] >= RESTLESS || ++s->restless[i] < RESTLESS) {
        return 0;
    }
    int x = (int)i % s->width, y = (int)i / s->width, fresh = 0;
    for (int k = 0; k < 9; k++) {
        int column = x + k % 3 - 1, row = y + k / 3 - 1;
        if (column >= 0 && row >= 0 && column < s->width && row < s->height) {
            uint8_t *mask = &s->mask[row * s->width + column];
            fresh += !*mask;
            *mask = 1;
        }
    }
    return fresh;
}

void scene_restless(struct scene *scene)
{
    size_t cells = (size_t)scene->width * (size_t)scene->height, busy = 0;
    for (size_t i = 0; i < cells; i++) {
        busy += scene->busy[i];
    }
    for (size_t i = 0; busy * RESTLESS_PART < cells && i < cells; i++) {
        if (scene->busy[i]) {
            restless_count(scene, i);
        }
    }
}

bool scene_is_edge(const struct scene *scene, int y)
{
    return y < scene->height / 8 || y >= scene->height - scene->height / 8;
}

float scene_edge_share(const struct scene *scene)
{
    const struct scene *s = scene;
    float upper = 0, lower = 0, all = 1e-6f;
    for (int i = 0; i < s->width * s->height; i++) {
        float z = s->units.data[i], square = z * z;
        bool is_edge = scene_is_edge(s, i / s->width);
        if (square > SCENE_CLEARLY * SCENE_CLEARLY) {
            all += square;
            upper += is_edge && i / s->width < s->height / 2 ? square : 0;
            lower += is_edge && i / s->width >= s->height / 2 ? square : 0;
        }
    }
    return (upper > lower ? upper : lower) / all;
}

int scene_clock(struct scene *scene, const struct plane_f *then,
                enum scene_mode mode)
{
    struct scene *s = scene;
    int jumped = 0, fresh = 0;
    for (int turn = 0;
         turn < 2 && jumped * RESTLESS_PART < s->width * s->height; turn++) {
        for (int i = 0; i < s->width * s->height; i++) {
            float sigma = 1.4142f * scene_sigma(s, mode, (size_t)i);
            float z = fabsf(s->now.data[i] - then->data[i]) / sigma;
            jumped += turn == 0 && z > JUMP;
            if (turn == 1 && z > JUMP && scene_is_edge(s, i / s->width)) {
                fresh += restless_count(s, (size_t)i);
            }
        }
    }
    return fresh;
}
