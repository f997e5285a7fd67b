#include "dossier/clocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

void all_clocks_release(struct all_clocks *clocks)
{
    for (size_t i = 0; i < clocks->cameras; i++) {
        clocks_seen_release(&clocks->camera[i].seen);
    }
    free(clocks->camera);
    *clocks = (struct all_clocks){0};
}

static struct camera_clocks *find(const struct all_clocks *clocks,
                                  const char *camera)
{
    for (size_t i = 0; i < clocks->cameras; i++) {
        if (!strcmp(clocks->camera[i].camera, camera)) {
            return &clocks->camera[i];
        }
    }
    return NULL;
}

enum sting_status all_clocks_take(struct all_clocks *clocks,
                                  const struct line *line)
{
    char name[DOSSIER_NAME_SIZE];
    line_text(line, "camera", name, sizeof name);
    struct camera_clocks *camera = find(clocks, name);
    if (!camera) {
        camera = array_add(&clocks->camera, &clocks->cameras, sizeof *camera);
        if (!camera) {
            return STING_E_NOMEM;
        }
        memcpy(camera->camera, name, sizeof camera->camera);
    }
    return clocks_seen_take(&camera->seen, line);
}

void all_clocks_tell(const struct all_clocks *clocks,
                     struct dossier_incident *incident)
{
    const struct camera_clocks *camera = find(clocks, incident->camera);
    incident->has_clock =
        camera &&
        clocks_seen_at(&camera->seen, incident->start_us, &incident->clock_ms);
}
