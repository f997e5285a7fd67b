#include "drill/scene.h"

#include <stdlib.h>

#include "drill/backdrop.h"
#include "drill/blur.h"
#include "drill/grain.h"
#include "drill/paper.h"
#include "drill/people.h"
#include "drill/texture.h"
#include "drill/tone.h"

enum {
    HALF_WIDTH = GARAGE_WIDTH / 2,
    HALF_HEIGHT = GARAGE_HEIGHT / 2,
    PLACE_WIDTH = GARAGE_WIDTH / 4,
    PLACE_HEIGHT = GARAGE_HEIGHT / 4
};

struct scene {
    struct garage garage;
    struct backdrop backdrop;
    struct play play;
    struct tone tone;
    struct grain_tile grain;
    struct people people;
    struct chance chance;
    struct moment_seen seen;
};

/* A page of the PDF, at the little that the camera resolves of it. */
static enum sting_status print_draw(struct bytes pdf, int page,
                                    struct plane_f *out, struct fault *fault)
{
    struct paper paper STING_AUTO(paper_release) = {0};
    enum sting_status status = paper_render(pdf, page, 72, &paper, fault);
    status = status ? status : blur_gauss(&paper.ink.channel[1], 1.5F);
    if (!status) {
        *out = paper.ink.channel[1];
        paper.ink.channel[1] = (struct plane_f){0};
    }
    return status;
}

static enum sting_status prints_draw(struct bytes pdf,
                                     struct plane_f print[GARAGE_MOST_PAGES],
                                     struct fault *fault)
{
    int pages = 0;
    enum sting_status status =
        pdf.size ? paper_pages(pdf, &pages, fault) : STING_OK;
    for (int i = 0; !status && i < pages && i < GARAGE_MOST_PAGES; i++) {
        status = print_draw(pdf, i, &print[i], fault);
    }
    return status;
}

enum sting_status scene_restage(struct scene *scene,
                                const struct scene_settings *settings)
{
    play_init(&scene->play, &scene->garage, settings->quiet_s, settings->alone,
              settings->seed);
    tone_init(&scene->tone, settings->light);
    scene->chance = chance_of(settings->seed, 13);
    grain_tile_release(&scene->grain);
    return grain_tile_init(&scene->grain, settings->grain, settings->seed);
}

enum sting_status scene_new(const struct scene_settings *settings,
                            struct scene **out, struct fault *fault)
{
    struct plane_f print[GARAGE_MOST_PAGES] = {0};
    struct scene *scene STING_AUTO(scene_free) = calloc(1, sizeof *scene);
    if (!scene) {
        return fault_set(fault, STING_E_NOMEM, "", "no memory for the scene");
    }
    enum sting_status status = prints_draw(settings->pdf, print, fault);
    garage_init(&scene->garage, settings->seed, print);
    if (status) {
        return status;
    }
    status = scene_restage(scene, settings);
    status = status ? status : people_init(&scene->people);
    status = status ? status : backdrop_init(&scene->backdrop, &scene->garage);
    if (status) {
        return fault_set(fault, status, "", "no memory for the scene");
    }
    *out = scene;
    scene = NULL;
    return STING_OK;
}

void scene_free(struct scene **scene)
{
    if (*scene) {
        garage_release(&(*scene)->garage);
        backdrop_release(&(*scene)->backdrop);
        grain_tile_release(&(*scene)->grain);
        people_release(&(*scene)->people);
    }
    free(*scene);
    *scene = NULL;
}

/* A value of a quarter-size plane at a place of the whole picture. */
struct quarter_row {
    const float *upper, *lower;
    float share;
};

static struct quarter_row quarter_row(const struct plane_f *plane, int y)
{
    float at = ((float)y + 0.5F) / 4 - 0.5F;
    int top = at < 0 ? 0 : (int)at;
    int below = top + 1 < PLACE_HEIGHT ? top + 1 : top;
    float share = at < 0 ? 0 : at - (float)top;
    return (struct quarter_row){plane_f_row(plane, top),
                                plane_f_row(plane, below), share};
}

/* Spread one row of quarter size over `scale` px each, smoothly. */
static void row_spread(struct quarter_row row, int scale, float *out)
{
    float before = row.upper[0] + row.share * (row.lower[0] - row.upper[0]);
    int half = scale / 2;
    for (int x = 0; x < half; x++) {
        out[x] = before;
    }
    for (int i = 1; i <= PLACE_WIDTH; i++) {
        int at = i < PLACE_WIDTH ? i : PLACE_WIDTH - 1;
        float here =
            row.upper[at] + row.share * (row.lower[at] - row.upper[at]);
        float step = (here - before) / (float)scale;
        float *to = out + (ptrdiff_t)(i - 1) * scale + half;
        int count = i < PLACE_WIDTH ? scale : scale - half;
        for (int k = 0; k < count; k++) {
            to[k] = before + step * ((float)k + 0.5F);
        }
        before = here;
    }
}

struct light_rows {
    float lamp[GARAGE_WIDTH];
    float even[GARAGE_WIDTH];
    float glow[GARAGE_WIDTH];
};

static void light_rows(const struct people *people, int y, int scale,
                       struct light_rows *out)
{
    int full_y = scale == 4 ? y : 2 * y;
    row_spread(quarter_row(&people->lamp, full_y), scale, out->lamp);
    row_spread(quarter_row(&people->even, full_y), scale, out->even);
    row_spread(quarter_row(&people->glow, full_y), scale, out->glow);
}

static void luma_row(struct scene *scene, int y, uint8_t *out)
{
    const struct backdrop_layers *luma = &scene->backdrop.luma;
    const float *even = plane_f_row(&luma->even, y);
    const float *lamp = plane_f_row(&luma->lamp, y);
    const float *door = plane_f_row(&luma->door, y);
    const float *albedo = plane_f_row(&luma->albedo, y);
    float open = scene->seen.door;
    struct light_rows light;
    light_rows(&scene->people, y, 4, &light);
    for (int x = 0; x < GARAGE_WIDTH; x++) {
        float sum = even[x] * light.even[x] + lamp[x] * light.lamp[x] +
                    door[x] * open * light.even[x] + albedo[x] * light.glow[x];
        out[x] = tone_map(&scene->tone, sum);
    }
}

static bool is_outside(const struct scene *scene, int x, int y)
{
    if (x < 0 || y < 0 || x >= HALF_WIDTH || y >= HALF_HEIGHT) {
        return false;
    }
    float leaf = plane_f_row(&scene->backdrop.leaf, y)[x];
    return leaf >= 0 && leaf < 0.5F + 1.1F * scene->seen.door;
}

static bool near_outside(const struct scene *scene, int x, int y)
{
    return scene->seen.door > 0 &&
           (is_outside(scene, x, y) || is_outside(scene, x - 1, y) ||
            is_outside(scene, x + 1, y) || is_outside(scene, x, y - 1) ||
            is_outside(scene, x, y + 1));
}

/* Share of a place of the whole picture that shows the outside. */
static float outside_share(const struct scene *scene, int x, int y)
{
    float u = ((float)x + 0.5F) / 2 - 0.5F;
    float v = ((float)y + 0.5F) / 2 - 0.5F;
    int i = (int)floorf(u);
    int j = (int)floorf(v);
    float share = 0;
    for (int k = 0; k < 4; k++) {
        int px = i + k % 2;
        int py = j + k / 2;
        float weight = (1 - fabsf(u - (float)px)) * (1 - fabsf(v - (float)py));
        share += is_outside(scene, px, py) ? weight : 0;
    }
    return share;
}

/* Beyond the door it is evening: a hedge at the far side of a yard, whose
 * foot the camera sees at row 300; sky it does not see. */
static void outside_at(int y, float out[3])
{
    static const float hedge[3] = {0.016F, 0.022F, 0.026F};
    static const float yard[3] = {0.040F, 0.050F, 0.072F};
    float near = texture_step(292, 312, (float)y); /* whole picture, px */
    float dim = 1 - 0.35F * texture_step(300, 500, (float)y);
    for (int c = 0; c < 3; c++) {
        out[c] = hedge[c] + near * (yard[c] * dim - hedge[c]);
    }
}

static void colour_at(const struct scene *scene, const struct light_rows *light,
                      int x, int y, float out[3])
{
    for (int c = 0; c < 3; c++) {
        const struct backdrop_layers *layer = &scene->backdrop.colour[c];
        out[c] = plane_f_row(&layer->even, y)[x] * light->even[x] +
                 plane_f_row(&layer->lamp, y)[x] * light->lamp[x] +
                 plane_f_row(&layer->door, y)[x] * scene->seen.door *
                     light->even[x] +
                 plane_f_row(&layer->albedo, y)[x] * light->glow[x];
    }
}

/* Colour differences as JPEG has them (BT.601, full range). */
static void chroma_put(const struct scene *scene, const float rgb[3],
                       struct video_frame *frame, int x, int y)
{
    int r = tone_map(&scene->tone, rgb[0]);
    int g = tone_map(&scene->tone, rgb[1]);
    int b = tone_map(&scene->tone, rgb[2]);
    plane_row(&frame->u, y)[x] =
        (uint8_t)(128 + (-43 * r - 85 * g + 128 * b) / 320);
    plane_row(&frame->v, y)[x] =
        (uint8_t)(128 + (128 * r - 107 * g - 21 * b) / 320);
}

static uint8_t grey_of(const struct scene *scene, const float rgb[3])
{
    return tone_map(&scene->tone,
                    0.299F * rgb[0] + 0.587F * rgb[1] + 0.114F * rgb[2]);
}

/* Mix the half-size layer of people into 2 x 2 px of luma. */
static void luma_cover(struct scene *scene, struct video_frame *frame, int x,
                       int y, bool open)
{
    for (int k = 0; k < 4; k++) {
        int i = 2 * x + k % 2;
        int j = 2 * y + k / 2;
        struct cover cover = people_cover(&scene->people, i, j);
        uint8_t *pixel = plane_row(&frame->y, j) + i;
        float share = cover.share;
        float beyond = open ? outside_share(scene, i, j) : 0;
        if (beyond > 0) {
            float sky[3];
            outside_at(j, sky);
            float grey = (float)grey_of(scene, sky);
            *pixel = (uint8_t)((float)*pixel + beyond * (grey - (float)*pixel) +
                               0.5F);
        }
        if (share > 0.004F) {
            float rgb[3] = {cover.rgb[0] / share, cover.rgb[1] / share,
                            cover.rgb[2] / share};
            float grey = (float)grey_of(scene, rgb);
            *pixel = (uint8_t)((float)*pixel + share * (grey - (float)*pixel) +
                               0.5F);
        }
    }
}

static void half_row(struct scene *scene, int y, struct video_frame *frame)
{
    struct light_rows light;
    light_rows(&scene->people, y, 2, &light);
    for (int x = 0; x < HALF_WIDTH; x++) {
        float rgb[3];
        colour_at(scene, &light, x, y, rgb);
        bool open = near_outside(scene, x, y);
        if (open && is_outside(scene, x, y)) {
            outside_at(2 * y, rgb);
        }
        bool covered = people_near(&scene->people, x, y);
        if (covered) {
            struct cover cover = people_cover(&scene->people, 2 * x, 2 * y);
            for (int c = 0; c < 3; c++) {
                rgb[c] = rgb[c] * (1 - cover.share) + cover.rgb[c];
            }
        }
        if (open || covered) {
            luma_cover(scene, frame, x, y, open);
        }
        chroma_put(scene, rgb, frame, x, y);
    }
}

void scene_draw(struct scene *scene, double at_s, struct video_frame *frame)
{
    play_look(&scene->play, at_s, &scene->seen);
    people_draw(&scene->people, &scene->garage, &scene->backdrop, &scene->seen);
    for (int y = 0; y < GARAGE_HEIGHT; y++) {
        luma_row(scene, y, plane_row(&frame->y, y));
    }
    for (int y = 0; y < HALF_HEIGHT; y++) {
        half_row(scene, y, frame);
    }
    grain_add(&scene->grain, &frame->y, 256, &scene->chance);
    grain_add(&scene->grain, &frame->u, 90, &scene->chance);
    grain_add(&scene->grain, &frame->v, 90, &scene->chance);
    frame->full_range = true;
}

const struct play *scene_play(const struct scene *scene)
{
    return &scene->play;
}

const struct garage *scene_garage(const struct scene *scene)
{
    return &scene->garage;
}
