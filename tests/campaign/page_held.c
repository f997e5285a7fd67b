#include "tests/campaign/page_held.h"

#include "tests/campaign/page_camera.h"

#define DPI 25

static enum sting_status hear(void *context, int64_t at_us,
                              const struct detect_look *look)
{
    struct page_held_told *told = context;
    for (int i = 0; i < look->events; i++) {
        if (look->event[i].kind == DETECT_TAMPER && look->event[i].begins &&
            told->tampers++ == 0) {
            told->first_s = page_camera_s(at_us);
            told->cause = look->cause;
        }
    }
    return STING_OK;
}

static void film(const struct page_held *held, struct page_scene *scene,
                 struct page_camera *camera)
{
    const struct plane *picture = NULL;
    for (int i = 0; i * CAMERA_FRAME_S < held->end_s; i++) {
        double at_s = i * CAMERA_FRAME_S;
        bool is_held = picture && at_s >= held->hold_s;
        picture = is_held ? picture : page_scene_draw(scene, at_s);
        page_camera_add(camera, picture, at_s);
    }
}

struct page_held_told page_held_run(const struct page_held *held)
{
    struct page_held_told told = {.tampers = 0};
    struct plane page = {0};
    page_camera_must(!plane_init(&page, 2 * DPI * 83 / 10, 2 * DPI * 117 / 10),
                     "memory");
    page_scene_print(&page, held->seed);
    const struct page_scene_settings settings = {.seed = held->seed,
                                                 .dpi = DPI,
                                                 .light = held->light,
                                                 .grain = held->grain,
                                                 .act = ACT_NONE,
                                                 .front = &page,
                                                 .other = &page};
    struct page_scene *scene = page_scene_new(&settings);
    struct page_camera camera = {
        .zone = page_camera_zone(scene), .hear = hear, .context = &told};
    page_camera_begin(&camera, scene);
    film(held, scene, &camera);
    page_camera_end(&camera);
    page_scene_free(&scene);
    plane_release(&page);
    return told;
}
