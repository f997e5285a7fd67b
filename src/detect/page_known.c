#include "detect/page_known.h"

#include <string.h>

#include "detect/page_judge.h"
#include "detect/page_patch.h"

#define CLEAR 0.97F /* of a sheet that nothing touches: so solid */
#define BORDERED 0.75F
#define FEWEST_TELLING 6
#define FOLLOW_US 30e6F

enum sting_status page_known_init(struct page_known *known, int width,
                                  int height)
{
    struct plane_f *const plane[] = {&known->mean, &known->flat, &known->fine};
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < sizeof plane / sizeof *plane; i++) {
        status = plane_f_init(plane[i], width, height);
    }
    if (!status) {
        status = sheet_work_init(&known->sheets, width, height);
    }
    if (!status) {
        status = page_blocks_init(&known->blocks, width, height);
    }
    return status;
}

void page_known_release(struct page_known *known)
{
    plane_f_release(&known->mean);
    plane_f_release(&known->flat);
    plane_f_release(&known->fine);
    sheet_work_release(&known->sheets);
    page_blocks_release(&known->blocks);
}

static int pixels_of(const struct page_known *known)
{
    return known->mean.width_px * known->mean.height_px;
}

void page_known_begin(struct page_known *known, const struct plane_f *now)
{
    memcpy(known->mean.data, now->data,
           (size_t)pixels_of(known) * sizeof(float));
    known->looks = 1;
}

void page_known_add(struct page_known *known, const struct plane_f *now)
{
    int pixels = pixels_of(known);
    known->looks++;
    float rate = 1 / (float)known->looks;
    for (int i = 0; i < pixels; i++) {
        known->mean.data[i] += rate * (now->data[i] - known->mean.data[i]);
    }
}

void page_known_follow(struct page_known *known, const struct plane_f *now,
                       float gain, int64_t passed_us)
{
    int pixels = pixels_of(known);
    float rate = (float)passed_us / FOLLOW_US;
    rate = rate > 0.1F ? 0.1F : rate;
    for (int i = 0; i < pixels; i++) {
        float light = (now->data[i] - SHEET_BLACK) / gain + SHEET_BLACK;
        known->mean.data[i] += rate * (light - known->mean.data[i]);
    }
}

static bool is_clear(const struct page_sheet *sheet)
{
    return sheet->is_whole && sheet->solid > CLEAR;
}

/* What is no clear sheet is looked at once more without what touches it by a
 * little, then by more. What is left must have borders on all sides: of a
 * sheet that the picture cuts off some is lost so, and none is seen there. */
bool page_known_sheet(struct page_known *known, const struct plane_f *flat,
                      float gain, bool may_touch, struct page_sheet *out)
{
    static const int neck_px[] = {10, 25, 40};
    bool found =
        page_sheet_find(&known->sheets, flat, &known->light, gain, 0, out);
    for (int i = 0; may_touch && i < 3 && !(found && is_clear(out)); i++) {
        struct page_sheet apart;
        bool is_other = page_sheet_find(&known->sheets, flat, &known->light,
                                        gain, neck_px[i], &apart) &&
                        apart.is_whole && apart.solid > SOLID &&
                        apart.bordered > BORDERED;
        if (is_other &&
            (!found || !out->is_whole || apart.solid > out->solid)) {
            *out = apart;
            found = true;
        }
    }
    return found;
}

/* The middle of the patch, where the zone is. */
static struct page_sheet sheet_of_zone(int width, int height)
{
    double x = 0.16 * width, y = 0.16 * height;
    return (struct page_sheet){.corner = {{x, y},
                                          {width - x, y},
                                          {width - x, height - y},
                                          {x, height - y}},
                               .area_px = (width - 2 * x) * (height - 2 * y),
                               .solid = 1,
                               .is_whole = true};
}

static struct blocks_known blocks_known_of(const struct page_known *known)
{
    return (struct blocks_known){&known->flat,  &known->fine,
                                 &known->light, known->noise,
                                 known->looks,  known->gain_in_view};
}

bool page_known_learn(struct page_known *known, double *sum)
{
    int width = known->mean.width_px, height = known->mean.height_px;
    patch_fine(&known->mean, sum, &known->flat, &known->fine);
    sheet_light_learn(&known->flat, &known->light);
    const struct page_sheet *sheet = &known->sheet;
    bool found = page_known_sheet(known, &known->flat, 1, true, &known->sheet);
    known->has_sheet =
        found && sheet->solid > SOLID && sheet->is_whole &&
        sheet->area_px > 0.04 * ((double)width * height) &&
        known->light.paper - known->light.table > 4 * known->noise + 4;
    if (!known->has_sheet) {
        known->sheet = sheet_of_zone(width, height);
    }
    known->gain_in_view = 1;
    const struct blocks_known learned = blocks_known_of(known);
    return page_blocks_learn(&known->blocks, &learned, &known->sheet) >=
           FEWEST_TELLING;
}

void page_known_look(struct page_known *known, const struct plane_f *flat,
                     const struct plane_f *fine, float gain,
                     struct page_evidence *out)
{
    const struct blocks_known learned = blocks_known_of(known);
    page_blocks_look(&known->blocks, &learned, flat, fine, gain, out);
}
