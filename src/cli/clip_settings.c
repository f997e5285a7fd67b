#include "cli/clip_settings.h"

#include "jail/worker.h"

static enum sting_status area_write(struct buffer *out, const char *key,
                                    const char *name,
                                    const struct config_point *point,
                                    size_t points)
{
    enum sting_status status = buffer_printf(out, "%s=%s|", key, name);
    for (size_t i = 0; !status && i < points; i++) {
        status = buffer_printf(out, "%s%.6f,%.6f", i ? " " : "", point[i].x,
                               point[i].y);
    }
    return status ? status : buffer_text_append(out, "\n");
}

enum sting_status clip_settings_write(const struct config *config,
                                      const struct config_camera *camera,
                                      struct buffer *out)
{
    enum sting_status status =
        buffer_printf(out, "url=fd:%d\npace=fast\npresence_a_day=%g\n",
                      WORKER_INPUT_FD, config->presence_a_day);
    if (!camera) {
        return status;
    }
    if (!status && camera->look == CONFIG_ALL_FRAMES) {
        status = buffer_text_append(out, "look=all\n");
    }
    for (size_t i = 0; !status && i < camera->zones; i++) {
        const struct config_zone *zone = &camera->zone[i];
        status = area_write(out, zone->bait[0] ? "bait" : "zone", zone->name,
                            zone->point, zone->points);
    }
    for (size_t i = 0; !status && i < camera->masks; i++) {
        status = area_write(out, "mask", "", camera->mask[i].point,
                            camera->mask[i].points);
    }
    return status;
}
