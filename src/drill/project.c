/* Light on the chip: each pixel is the mean over its footprint. */
#include <math.h>

#include "drill/photograph.h"
#include "drill/texture.h"

static const int cell = 8; /* px between places that are traced exactly */

/* What the picture shows at a crossing of the grid. */
struct node {
    float u, v;  /* mm on the sheet */
    float light; /* on the desk there, times vignetting */
};

struct field {
    struct plane_f u, v, light;
};

static void field_release(struct field *field)
{
    plane_f_release(&field->u);
    plane_f_release(&field->v);
    plane_f_release(&field->light);
}

static struct node node_of(const struct stand *stand, struct spot picture)
{
    const struct view *view = &stand->view;
    struct spot sheet = view_trace(view, picture);
    double slope;
    view_height(view, sheet, &slope);
    double side = (sheet.x - view->middle.x) * view->bend.x +
                  (sheet.y - view->middle.y) * view->bend.y;
    if (fabs(side) > view->reach_mm) {
        slope = 0; /* the desk is flat */
    }
    double x = (picture.x - view->axis.x) / view->focal_px;
    double y = (picture.y - view->axis.y) / view->focal_px;
    /* Natural vignetting, half corrected as telephones do. */
    double dim = 1 / (1 + x * x + y * y);
    double light = light_at(&stand->light, sheet, slope, view->bend) * dim;
    return (struct node){(float)sheet.x, (float)sheet.y, (float)light};
}

static enum sting_status field_init(struct field *out,
                                    const struct stand *stand)
{
    int columns = stand->width_px / cell + 2;
    int rows = stand->height_px / cell + 2;
    enum sting_status status = plane_f_init(&out->u, columns, rows);
    status = status ? status : plane_f_init(&out->v, columns, rows);
    status = status ? status : plane_f_init(&out->light, columns, rows);
    for (int j = 0; !status && j < rows; j++) {
        for (int i = 0; i < columns; i++) {
            struct spot at = {i * cell, j * cell};
            struct node node = node_of(stand, at);
            plane_f_row(&out->u, j)[i] = node.u;
            plane_f_row(&out->v, j)[i] = node.v;
            plane_f_row(&out->light, j)[i] = node.light;
        }
    }
    return status;
}

static float field_at(const struct plane_f *plane, float x, float y)
{
    float gx = x / (float)cell;
    float gy = y / (float)cell;
    int i = (int)gx;
    int j = (int)gy;
    float s = gx - (float)i;
    float t = gy - (float)j;
    const float *upper = plane_f_row(plane, j) + i;
    const float *lower = plane_f_row(plane, j + 1) + i;
    return (1 - t) * ((1 - s) * upper[0] + s * upper[1]) +
           t * ((1 - s) * lower[0] + s * lower[1]);
}

/* Boards with a grain, and the soft shadow under the edge of the sheet. */
static void desk_at(const struct stand *stand, const struct paper *paper,
                    float u, float v, float out[3])
{
    float grain = texture_cloud(u / 40, v / 2.5F, 3, stand->desk);
    float knot = texture_cloud(u / 60, v / 30, 2, stand->desk + 9);
    float value = 0.2F + 0.07F * grain + 0.05F * knot;
    float dx = fmaxf(-u, u - (float)paper->width_mm);
    float dy = fmaxf(-v, v - (float)paper->height_mm);
    float away = fmaxf(0, fmaxf(dx, dy));
    value *= 1 - 0.5F * expf(-away / 2.0F);
    out[0] = value * 1.15F;
    out[1] = value * 0.85F;
    out[2] = value * 0.6F;
}

/* A dot of a screen: three upright stripes with black between, each a little
 * seen by the neighbouring colour's filter too; the glass mirrors the room. */
static void lcd_at(const struct paper *paper, float u, float v, float out[3])
{
    float x = u * (float)(paper->dpi / 25.4);
    float y = v * (float)(paper->dpi / 25.4);
    int column = (int)x < colour_width(&paper->ink) ? (int)x : (int)x - 1;
    int row = (int)y < colour_height(&paper->ink) ? (int)y : (int)y - 1;
    float within = 3 * (x - floorf(x));
    int stripe = (int)within < 3 ? (int)within : 2;
    bool shines = fabsf(within - floorf(within) - 0.5F) < 0.42F &&
                  fabsf(y - floorf(y) - 0.5F) < 0.45F;
    float light =
        shines ? plane_f_row(&paper->ink.channel[stripe], row)[column] : 0;
    for (int c = 0; c < 3; c++) {
        float seen = c == stripe ? 0.8F : 0.1F;
        /* 3 stripes, lit on 0.84 x 0.9 of their area. */
        out[c] = PAPER_WHITE * (0.02F + 0.98F * light * seen * 3 / 0.756F);
    }
}

static bool sheet_at(const struct paper *paper, float u, float v, float out[3])
{
    if (!paper->is_lcd) {
        return paper_at(paper, u, v, out);
    }
    if (u < 0 || v < 0 || (double)u >= paper->width_mm ||
        (double)v >= paper->height_mm) {
        out[0] = out[1] = out[2] = 0.02F; /* the frame around */
        return true;
    }
    lcd_at(paper, u, v, out);
    return true;
}

/* Samples a side that leave no gap between them on the print. */
static int samples_of(const struct field *field, const struct paper *paper,
                      float x, float y)
{
    float du = field_at(&field->u, x + 1, y) - field_at(&field->u, x, y);
    float dv = field_at(&field->v, x + 1, y) - field_at(&field->v, x, y);
    float eu = field_at(&field->u, x, y + 1) - field_at(&field->u, x, y);
    float ev = field_at(&field->v, x, y + 1) - field_at(&field->v, x, y);
    float reach = fmaxf(fabsf(du) + fabsf(eu), fabsf(dv) + fabsf(ev));
    double dpi = paper->is_lcd ? 6 * paper->dpi : paper->dpi; /* stripes */
    int samples = (int)ceilf(reach * (float)(dpi / 25.4));
    return samples < 1 ? 1 : samples > 8 ? 8 : samples;
}

static void pixel_gather(const struct stand *stand, const struct paper *paper,
                         const struct field *field, struct spot corner,
                         float out[3])
{
    float x = (float)corner.x;
    float y = (float)corner.y;
    int samples = samples_of(field, paper, x, y);
    float sum[3] = {0};
    for (int k = 0; k < samples * samples; k++) {
        float px = x + ((float)(k % samples) + 0.5F) / (float)samples;
        int row = k / samples;
        float py = y + ((float)row + 0.5F) / (float)samples;
        float u = field_at(&field->u, px, py);
        float v = field_at(&field->v, px, py);
        float seen[3];
        if (!sheet_at(paper, u, v, seen)) {
            desk_at(stand, paper, u, v, seen);
        }
        for (int c = 0; c < 3; c++) {
            sum[c] += seen[c];
        }
    }
    float light = field_at(&field->light, x + 0.5F, y + 0.5F);
    for (int c = 0; c < 3; c++) {
        out[c] = sum[c] * light / (PAPER_WHITE * (float)(samples * samples));
    }
}

/* The exposure: the best lit point is white. */
static float brightest(const struct field *field)
{
    float most = 1e-6F;
    for (int y = 0; y < field->light.height_px; y++) {
        for (int x = 0; x < field->light.width_px; x++) {
            most = fmaxf(most, plane_f_row(&field->light, y)[x]);
        }
    }
    return most;
}

enum sting_status stand_project(const struct stand *stand,
                                const struct paper *paper, struct colour *out)
{
    struct field field STING_AUTO(field_release) = {0};
    enum sting_status status = field_init(&field, stand);
    if (status) {
        return status;
    }
    struct colour made = {0};
    status = colour_init(&made, stand->width_px, stand->height_px);
    if (status) {
        return status;
    }
    float scale = 1 / brightest(&field);
    for (int y = 0; y < stand->height_px; y++) {
        for (int x = 0; x < stand->width_px; x++) {
            float pixel[3];
            pixel_gather(stand, paper, &field, (struct spot){x, y}, pixel);
            for (int c = 0; c < 3; c++) {
                plane_f_row(&made.channel[c], y)[x] = pixel[c] * scale;
            }
        }
    }
    *out = made;
    return STING_OK;
}
