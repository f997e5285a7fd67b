#include "station/camera_settings.h"

#include <string.h>

#define MOST_PASSWORD_BYTES 256

/* The first line of the password file. */
static enum sting_status password_write(const struct operation *operation,
                                        const char *path, struct buffer *out,
                                        struct fault *fault)
{
    struct buffer file STING_AUTO(buffer_wipe) = {0};
    enum sting_status status =
        buffer_reserve(&file, (size_t)2 * MOST_PASSWORD_BYTES);
    if (!status) {
        status = operation_file_read(operation, path, MOST_PASSWORD_BYTES,
                                     &file, fault);
    }
    if (status) {
        return status;
    }
    const char *text = buffer_text(&file);
    int size = (int)strcspn(text, "\r\n");
    return buffer_printf(out, "password=%.*s\n", size, text);
}

static enum sting_status area_write(const char *key, const char *name,
                                    const struct config_point *point,
                                    size_t points, struct buffer *out)
{
    enum sting_status status = buffer_printf(out, "%s=%s|", key, name);
    for (size_t i = 0; i < points && !status; i++) {
        status = buffer_printf(out, "%s%.6f,%.6f", i ? " " : "", point[i].x,
                               point[i].y);
    }
    return status ? status : buffer_text_append(out, "\n");
}

static enum sting_status zone_write(const struct config_zone *zone,
                                    struct buffer *out)
{
    bool has_bait = zone->bait[0];
    enum sting_status status = area_write(has_bait ? "bait" : "zone",
                                          has_bait ? zone->bait : zone->name,
                                          zone->point, zone->points, out);
    const struct config_length *length = &zone->length;
    if (!status && length->metres > 0) {
        status = buffer_printf(out, "length=%.3f|%.6f,%.6f %.6f,%.6f\n",
                               length->metres, length->from.x, length->from.y,
                               length->to.x, length->to.y);
    }
    return status;
}

enum sting_status camera_settings_write(const struct operation *operation,
                                        const struct config_camera *camera,
                                        const char *url, const char *second,
                                        struct buffer *out, struct fault *fault)
{
    const struct config *config = operation_config(operation);
    enum sting_status status = buffer_printf(
        out, "name=%s\nurl=%s\nlook=%s\naudio=%s\npresence_a_day=%.6f\n",
        camera->name, url,
        camera->look == CONFIG_ALL_FRAMES ? "all" : "keyframes",
        config->audio ? "yes" : "no", config->presence_a_day);
    if (!status && second[0]) {
        status = buffer_printf(out, "second=%s\n", second);
    }
    if (!status && camera->user[0]) {
        status = buffer_printf(out, "user=%s\n", camera->user);
    }
    if (!status && camera->password_file[0]) {
        status = password_write(operation, camera->password_file, out, fault);
    }
    for (size_t i = 0; i < camera->zones && !status; i++) {
        status = zone_write(&camera->zone[i], out);
    }
    for (size_t i = 0; i < camera->masks && !status; i++) {
        status = area_write("mask", "", camera->mask[i].point,
                            camera->mask[i].points, out);
    }
    return status;
}
