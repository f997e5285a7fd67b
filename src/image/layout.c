#include "image/layout.h"

#include <math.h>

#include "image/filter.h"

#define PAGE_FEATURES 640
#define PHOTO_FEATURES 2500
#define PAGE_BLUR 0.8        /* at LAYOUT_DPI: half of 1.6 px at 100 dpi */
#define DOUBLED_SIDE_PX 1000 /* larger ones have detail enough */
#define LONG_PT 1008.0       /* 14 inches: longer pages are made as small */

void layout_release(struct layout *layout)
{
    feature_list_release(&layout->list);
    *layout = (struct layout){0};
}

/* Places and scales from pixels of the reduced plane to the layout's unit. */
static void unit_set(struct layout *layout, double unit_per_px)
{
    for (size_t i = 0; i < layout->list.count; i++) {
        struct feature *f = &layout->list.feature[i];
        f->x = (float)((double)f->x * unit_per_px);
        f->y = (float)((double)f->y * unit_per_px);
        f->scale = (float)((double)f->scale * unit_per_px);
    }
}

enum sting_status layout_of_page(const struct plane *page, double dpi,
                                 struct layout *out)
{
    const struct feature_options options = {PAGE_FEATURES, 0.8, 15, true};
    struct plane_f small STING_AUTO(plane_f_release) = {0};
    struct layout made = {
        page->width_px * 72 / dpi, page->height_px * 72 / dpi, {0}};
    double wanted =
        LAYOUT_DPI * fmin(1, LONG_PT / fmax(made.width, made.height));
    enum sting_status status =
        plane_shrink(page, fmin(1, wanted / dpi), &small);
    if (!status) {
        status = plane_blur(&small, PAGE_BLUR);
    }
    if (!status) {
        status = feature_find(&small, &options, &made.list);
    }
    if (!status) {
        unit_set(&made, made.height / small.height_px);
        *out = made;
    }
    return status;
}

static double side_of(const struct plane *plane)
{
    return plane->width_px > plane->height_px ? plane->width_px
                                              : plane->height_px;
}

enum sting_status layout_reduce(const struct photo *photo, double side_px,
                                struct plane_f *out, double *unit_per_px)
{
    const struct plane *from = &photo->level[0];
    double unit = 1;
    for (int i = 1; i < photo->levels && side_of(&photo->level[i]) >= side_px;
         i++) {
        from = &photo->level[i];
        unit *= 2;
    }
    double factor = fmin(1, side_px / side_of(from));
    *unit_per_px = unit / factor;
    return plane_shrink(from, factor, out);
}

enum sting_status layout_of_reduced(struct plane_f *small, double side_px,
                                    double unit_per_px, struct layout *out)
{
    const struct feature_options options = {PHOTO_FEATURES, 0.65, 15,
                                            side_px <= DOUBLED_SIDE_PX};
    struct layout made = {
        small->width_px * unit_per_px, small->height_px * unit_per_px, {0}};
    enum sting_status status = plane_blur(small, PAGE_BLUR);
    if (!status) {
        status = feature_find(small, &options, &made.list);
    }
    if (!status) {
        unit_set(&made, unit_per_px);
        *out = made;
    }
    return status;
}

enum sting_status layout_of_photo(const struct photo *photo, double side_px,
                                  struct layout *out)
{
    struct plane_f small STING_AUTO(plane_f_release) = {0};
    double unit_per_px;
    enum sting_status status =
        layout_reduce(photo, side_px, &small, &unit_per_px);
    if (!status) {
        status = layout_of_reduced(&small, side_px, unit_per_px, out);
    }
    if (!status) {
        out->width = photo->level[0].width_px;
        out->height = photo->level[0].height_px;
    }
    return status;
}
