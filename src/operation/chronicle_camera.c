#include "operation/chronicle_camera.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define MOST_SPANS ((size_t)1 << 16)   /* of a camera */
#define JOIN_US (INT64_C(1000000) / 5) /* between recordings of one stretch */
#define MOST_STEPS_OF_ONE 16           /* that one recording may cover */

void chronicle_camera_release(struct chronicle_camera *camera)
{
    free(camera->span);
    free(camera->act);
    clocks_seen_release(&camera->clocks);
}

static enum sting_status span_add(struct chronicle_camera *camera,
                                  struct chronicle_span span)
{
    struct chronicle_span *last =
        camera->spans ? &camera->span[camera->spans - 1] : NULL;
    if (last && span.from_us >= last->from_us &&
        span.from_us <= last->to_us + JOIN_US) {
        last->to_us = span.to_us > last->to_us ? span.to_us : last->to_us;
        return STING_OK;
    }
    struct chronicle_span *one = array_add_newest(&camera->span, &camera->spans,
                                                  MOST_SPANS, sizeof span);
    if (!one) {
        return STING_E_NOMEM;
    }
    *one = span;
    return STING_OK;
}

/* The steps up to `step` are there; what is too old goes. */
static enum sting_status steps_reach(struct chronicle_camera *camera,
                                     int64_t step)
{
    if (camera->acts == 0 ||
        step - camera->first_step >= 2 * (int64_t)CHRONICLE_MOST_STEPS) {
        camera->acts = 0;
        camera->first_step = step;
    }
    while (step - camera->first_step >= (int64_t)camera->acts) {
        if (camera->acts == CHRONICLE_MOST_STEPS) {
            size_t half = CHRONICLE_MOST_STEPS / 2;
            memmove(camera->act, camera->act + half, camera->acts - half);
            camera->acts -= half;
            camera->first_step += (int64_t)half;
            continue;
        }
        if (!camera->act) {
            camera->act = malloc(CHRONICLE_MOST_STEPS);
        }
        if (!camera->act) {
            return STING_E_NOMEM;
        }
        camera->act[camera->acts++] = 0;
    }
    return STING_OK;
}

static enum sting_status act_add(struct chronicle_camera *camera,
                                 struct chronicle_span span, int64_t act)
{
    int64_t first = span.from_us / CHRONICLE_STEP_US;
    int64_t last = (span.to_us - 1) / CHRONICLE_STEP_US;
    uint8_t level = (uint8_t)(act < 0 ? 1 : act > 254 ? 255 : act + 1);
    if (last - first > MOST_STEPS_OF_ONE) {
        last = first + MOST_STEPS_OF_ONE;
    }
    enum sting_status status = STING_OK;
    for (int64_t step = first; step <= last && !status; step++) {
        status = steps_reach(camera, step);
        int64_t at = step - camera->first_step;
        if (!status && at >= 0 && at < (int64_t)camera->acts &&
            camera->act[at] < level) {
            camera->act[at] = level;
        }
    }
    return status;
}

enum sting_status chronicle_camera_add(struct chronicle_camera *camera,
                                       struct chronicle_span span, int64_t act)
{
    enum sting_status status = span_add(camera, span);
    return status ? status : act_add(camera, span, act);
}

void chronicle_activity(const struct chronicle_camera *camera,
                        struct chronicle_span stretch, uint8_t part[],
                        size_t parts)
{
    int64_t long_us = stretch.to_us - stretch.from_us;
    memset(part, 0, parts);
    for (size_t i = 0; i < parts && long_us > 0; i++) {
        /* In double: a stretch may be long. */
        double begin = (double)long_us * (double)i / (double)parts;
        double end = (double)long_us * (double)(i + 1) / (double)parts;
        int64_t from = (stretch.from_us + (int64_t)begin) / CHRONICLE_STEP_US;
        int64_t to = (stretch.from_us + (int64_t)end - 1) / CHRONICLE_STEP_US;
        from = from < camera->first_step ? 0 : from - camera->first_step;
        to -= camera->first_step;
        for (int64_t at = from; at <= to && at < (int64_t)camera->acts; at++) {
            part[i] = camera->act[at] > part[i] ? camera->act[at] : part[i];
        }
    }
}
