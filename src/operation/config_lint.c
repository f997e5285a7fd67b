#include "operation/config_lint.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "operation/config_path.h"
#include "operation/config_schema.h"
#include "operation/nearest.h"

#define MOST_HOST_SIZE 253 /* of a name, RFC 1035 */
#define SAMPLES 64         /* across and down an area that is looked at */

struct lint {
    struct bytes text;
    const struct config *config;
    struct config_reading reading; /* for its mistakes alone */
};

static yaml_mark_t mark_of(const struct lint *lint,
                           const struct config_path *path)
{
    struct config_place place = config_place_find(lint->text, path);
    return (yaml_mark_t){.line = place.line ? (size_t)place.line - 1 : 0,
                         .column = place.column ? (size_t)place.column - 1 : 0};
}

/* ---- what nobody could watch ---- */

/* Why no station can reach that; NULL: it can try. */
static const char *unreachable(const char *url, const char **todo)
{
    struct config_stream stream = config_stream_of(url);
    *todo = "write rtsp://HOST:PORT/PATH";
    if (!strstr(url, "://")) {
        return NULL; /* a clip, or a device */
    }
    if (stream.size == 0 && stream.host[0] == '[') {
        *todo = "write rtsp://[ADDRESS]:PORT/PATH";
        return "the address between [ and ] is not whole";
    }
    if (stream.size == 0 || stream.size > MOST_HOST_SIZE) {
        return "it names no host that can be";
    }
    if (stream.port == 0 || stream.port > UINT16_MAX) {
        *todo = "write rtsp://HOST:PORT/PATH, or no port for 554";
        return "it is at no port: that has to be 1 to 65535";
    }
    return NULL;
}

void config_reach_check(struct bytes text, const struct config *config,
                        struct config_mistakes *mistakes)
{
    struct lint lint = {
        .text = text, .config = config, .reading = {.mistakes = mistakes}};
    for (size_t i = 0; i < config->cameras; i++) {
        const struct config_camera *camera = &config->camera[i];
        const struct config_path path = config_path_of("cameras", i, "url");
        const char *todo = NULL;
        const char *why = unreachable(camera->url, &todo);
        if (why) {
            config_mistake_add(&lint.reading, mark_of(&lint, &path), todo,
                               "the url of camera %s: %s", camera->name, why);
        }
    }
}

/* ---- one stream, listed as two ---- */

/* The same in another spelling: case of the host, its port left out. */
static bool is_same_stream(const char *url, const char *other)
{
    struct config_stream a = config_stream_of(url);
    struct config_stream b = config_stream_of(other);
    if (a.size == 0 || b.size == 0) {
        return !strcmp(url, other);
    }
    return a.size == b.size && !strncasecmp(a.host, b.host, a.size) &&
           a.port == b.port && !strcmp(a.path, b.path);
}

static void streams_lint(struct lint *lint, size_t index)
{
    const struct config_camera *all = lint->config->camera;
    const struct config_camera *camera = &all[index];
    struct config_path path = config_path_of("cameras", index, "look");
    if (camera->look_url[0] && is_same_stream(camera->url, camera->look_url)) {
        config_mistake_add(&lint->reading, mark_of(lint, &path),
                           "take look: out, or write the url of its second, "
                           "smaller stream",
                           "look: is the very stream of url:");
    }
    path = config_path_of("cameras", index, "url");
    for (size_t i = 0; i < index; i++) {
        if (is_same_stream(all[i].url, camera->url)) {
            config_mistake_add(&lint->reading, mark_of(lint, &path),
                               "list it once, with all of its zones",
                               "this is the url of camera %s too: one "
                               "camera would count as two",
                               all[i].name);
            return;
        }
    }
}

/* ---- masks over all that is to be seen ---- */

/* Even-odd rule: count edges that a ray to the left crosses. */
static bool is_inside(const struct config_point *point, size_t points, double x,
                      double y)
{
    bool inside = false;
    for (size_t i = 0, j = points - 1; i < points; j = i++) {
        const struct config_point *a = &point[i], *b = &point[j];
        if ((a->y > y) != (b->y > y) &&
            x < (b->x - a->x) * (y - a->y) / (b->y - a->y) + a->x) {
            inside = !inside;
        }
    }
    return inside;
}

static bool is_masked(const struct config_camera *camera, double x, double y)
{
    for (size_t i = 0; i < camera->masks; i++) {
        if (is_inside(camera->mask[i].point, camera->mask[i].points, x, y)) {
            return true;
        }
    }
    return false;
}

struct box {
    double left, top, right, bottom;
};

static struct box box_of(const struct config_point *point, size_t points)
{
    struct box box = {1, 1, 0, 0};
    for (size_t i = 0; i < points; i++) {
        box.left = point[i].x < box.left ? point[i].x : box.left;
        box.right = point[i].x > box.right ? point[i].x : box.right;
        box.top = point[i].y < box.top ? point[i].y : box.top;
        box.bottom = point[i].y > box.bottom ? point[i].y : box.bottom;
    }
    return box;
}

/* Every place of the area that is tried lies under a mask. */
static bool is_covered(const struct config_camera *camera,
                       const struct config_point *point, size_t points)
{
    const struct box box = box_of(point, points);
    size_t within = 0;
    for (int i = 0; i < SAMPLES * SAMPLES; i++) {
        double across = (i % SAMPLES + 0.5) / SAMPLES;
        int row = i / SAMPLES;
        double down = (row + 0.5) / SAMPLES;
        double x = box.left + across * (box.right - box.left);
        double y = box.top + down * (box.bottom - box.top);
        if (!is_inside(point, points, x, y)) {
            continue;
        }
        if (!is_masked(camera, x, y)) {
            return false;
        }
        within++;
    }
    return within > 0;
}

static void masks_lint(struct lint *lint, size_t index)
{
    static const struct config_point picture[] = {
        {0, 0}, {1, 0}, {1, 1}, {0, 1}};
    const struct config_camera *camera = &lint->config->camera[index];
    const struct config_path path = config_path_of("cameras", index, "masks");
    if (camera->masks == 0) {
        return;
    }
    if (is_covered(camera, picture, 4)) {
        config_mistake_add(&lint->reading, mark_of(lint, &path),
                           "leave open what is to be watched",
                           "the masks of camera %s cover the whole picture: "
                           "nothing is ever seen",
                           camera->name);
        return;
    }
    for (size_t i = 0; i < camera->zones; i++) {
        if (is_covered(camera, camera->zone[i].point, camera->zone[i].points)) {
            config_mistake_add(&lint->reading, mark_of(lint, &path),
                               "move the mask, or the zone",
                               "the masks of camera %s cover its zone %s: "
                               "nothing is ever seen there",
                               camera->name, camera->zone[i].name);
        }
    }
}

/* ---- staff of no camera ---- */

static void staff_lint(struct lint *lint, size_t index)
{
    const struct config *config = lint->config;
    const char *name = config->staff[index].camera;
    const struct config_path path = config_path_of("staff", index, "camera");
    const char *candidate[CONFIG_MOST_CAMERAS];
    char todo[80] = "name one of cameras:, or take camera: out for all";
    if (!name[0] || config_camera_find(config, name) >= 0) {
        return;
    }
    for (size_t i = 0; i < config->cameras; i++) {
        candidate[i] = config->camera[i].name;
    }
    const char *near = nearest_word(name, candidate, config->cameras);
    if (near) {
        snprintf(todo, sizeof todo, "did you mean \"%s\"?", near);
    }
    config_mistake_add(&lint->reading, mark_of(lint, &path), todo,
                       "there is no camera \"%s\": these staff are nowhere",
                       name);
}

void config_lint(struct bytes text, const struct config *config,
                 int64_t now_utc_us, struct config_mistakes *mistakes)
{
    struct lint lint = {
        .text = text, .config = config, .reading = {.mistakes = mistakes}};
    const struct config_path until = {1, {{"until", 0}}};
    if (config->until_utc_us <= now_utc_us) {
        config_mistake_add(&lint.reading, mark_of(&lint, &until),
                           "decide on a later end by sting extend, or end it "
                           "by sting close",
                           "the operation has ended: nothing is recorded");
    }
    for (size_t i = 0; i < config->cameras; i++) {
        streams_lint(&lint, i);
        masks_lint(&lint, i);
    }
    for (size_t i = 0; i < config->staff_count; i++) {
        staff_lint(&lint, i);
    }
}
