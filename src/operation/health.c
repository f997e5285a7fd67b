#include "operation/health.h"

#include <stdio.h>
#include <string.h>

#include "ledger/line.h"

static struct health_worker *worker_of(struct health *health, const char *name,
                                       const char *camera, const char *of)
{
    for (size_t i = 0; i < health->workers; i++) {
        if (!strcmp(health->worker[i].name, name) &&
            !strcmp(health->worker[i].camera, camera) &&
            !strcmp(health->worker[i].of, of)) {
            return &health->worker[i];
        }
    }
    if (health->workers == HEALTH_MOST) {
        return NULL;
    }
    struct health_worker *worker = &health->worker[health->workers++];
    *worker = (struct health_worker){.deaths = 0};
    (void)snprintf(worker->name, sizeof worker->name, "%s", name);
    (void)snprintf(worker->camera, sizeof worker->camera, "%s", camera);
    (void)snprintf(worker->of, sizeof worker->of, "%s", of);
    return worker;
}

static void worker_take(struct health *health, const struct line *line)
{
    char name[CONFIG_NAME_SIZE];
    char camera[CONFIG_NAME_SIZE];
    char of[CONFIG_NAME_SIZE];
    struct health_worker *worker =
        worker_of(health, line_text(line, "name", name, sizeof name),
                  line_text(line, "camera", camera, sizeof camera),
                  line_text(line, "of", of, sizeof of));
    if (worker) {
        worker->deaths++;
        worker->last_us = line->at.utc_us;
        line_text(line, "why", worker->why, sizeof worker->why);
    }
}

const struct health_camera *health_camera(const struct health *health,
                                          const char *name)
{
    for (size_t i = 0; i < health->cameras; i++) {
        if (!strcmp(health->camera[i].name, name)) {
            return &health->camera[i];
        }
    }
    return NULL;
}

static struct health_camera *camera_of(struct health *health,
                                       const struct line *line)
{
    char name[CONFIG_NAME_SIZE] = "";
    line_text(line, "camera", name, sizeof name);
    const struct health_camera *found = health_camera(health, name);
    if (found) {
        return &health->camera[found - health->camera];
    }
    if (!name[0] || health->cameras == CONFIG_MOST_CAMERAS) {
        return NULL;
    }
    struct health_camera *camera = &health->camera[health->cameras++];
    *camera = (struct health_camera){.losses = 0};
    memcpy(camera->name, name, sizeof camera->name);
    return camera;
}

static void camera_take(struct health *health, const struct line *line)
{
    char state[16];
    line_text(line, "state", state, sizeof state);
    struct health_camera *camera =
        strcmp(state, "lost") != 0 ? NULL : camera_of(health, line);
    if (camera) {
        camera->losses++;
    }
}

static void gap_take(struct health *health, const struct line *line)
{
    int64_t from_us = 0;
    int64_t to_us = 0;
    struct health_camera *camera = camera_of(health, line);
    if (!camera) {
        return; /* of no camera */
    }
    camera->gaps++;
    if (!line_time(line, "from", &from_us) && !line_time(line, "to", &to_us) &&
        to_us > from_us) {
        camera->gap_us += to_us - from_us;
    }
}

/* The checkpoint that signs it stands right behind it. */
static void epoch_take(struct health *health, const struct line *line)
{
    health->signed_us = line->at.utc_us;
    health->signed_lines = line->seq + 1;
}

static void word_take(struct health *health, const struct line *line)
{
    int64_t lines = 0;
    if (!line_integer(line, "size", &lines) && lines > 0) {
        health->vouched_us = line->at.utc_us;
        health->vouched_lines = (uint64_t)lines;
        health->refused_us = 0;
    }
}

static void anchor_take(struct health *health, const struct line *line)
{
    char state[16];
    line_text(line, "state", state, sizeof state);
    if (strcmp(state, "failed") != 0 && strcmp(state, "refused") != 0) {
        return;
    }
    health->refused_us = line->at.utc_us;
    line_text(line, "by", health->refused_by, sizeof health->refused_by);
    line_text(line, "why", health->refused_why, sizeof health->refused_why);
}

/* Who begins anew begins well. */
static void session_take(struct health *health, const struct line *line)
{
    (void)line;
    health->workers = 0;
    health->cameras = 0;
}

void health_take(struct health *health, const struct line *line)
{
    static const struct {
        const char *kind;
        void (*take)(struct health *health, const struct line *line);
    } row[] = {{"session", session_take}, {"worker", worker_take},
               {"camera", camera_take},   {"gap", gap_take},
               {"epoch", epoch_take},     {"anchor", anchor_take},
               {"tsr", word_take},        {"cosig", word_take}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (!strcmp(line->kind->name, row[i].kind)) {
            row[i].take(health, line);
        }
    }
}
