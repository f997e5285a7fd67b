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

/* Where in the steady, single exposure the picture shows what it shows here.
 *
 * Telephones merge a burst of frames, lined up tile by tile to about a pixel
 * and no better (Hasinoff et al., ACM Transactions on Graphics 35(6), 2016,
 * sections 4 and 5: whole pixels of tiles of 16, blended by half overlaps),
 * so tiles lie beside their place by a part of a pixel.
 * Rows are read one after another while the hand trembles, at 8 to 12 Hz
 * (Forssen and Ringaby, CVPR 2010, for the shutter). */
static struct spot unmerged(const struct stand *stand, struct spot at)
{
    float x = (float)at.x / STAND_TILE_PX;
    float y = (float)at.y / STAND_TILE_PX;
    /* Value noise has an rms of 0.43. */
    double size = stand->merge_px / 0.43;
    double swing = sin(stand->tremble * at.y + stand->tremble_phase);
    return (struct spot){
        at.x + size * (double)texture_noise(x, y, stand->merge) +
            stand->tremble_px.x * swing,
        at.y + size * (double)texture_noise(x, y, stand->merge + 1) +
            stand->tremble_px.y * swing};
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
            struct node node = node_of(stand, unmerged(stand, at));
            plane_f_row(&out->u, j)[i] = node.u;
            plane_f_row(&out->v, j)[i] = node.v;
            plane_f_row(&out->light, j)[i] = node.light;
        }
    }
    return status;
}

/* One cell of the grid: corners in reading order. */
struct patch {
    float u[4], v[4], light[4];
    int samples; /* a side of a pixel */
};

static void corners_take(const struct plane_f *plane, int i, int j,
                         float out[4])
{
    const float *upper = plane_f_row(plane, j) + i;
    const float *lower = plane_f_row(plane, j + 1) + i;
    out[0] = upper[0];
    out[1] = upper[1];
    out[2] = lower[0];
    out[3] = lower[1];
}

/* Between the corners, s to the right and t down, 0 to 1. */
static float patch_at(const float corner[4], float s, float t)
{
    float left = corner[0] + t * (corner[2] - corner[0]);
    float right = corner[1] + t * (corner[3] - corner[1]);
    return left + s * (right - left);
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

/* The same sum as paper_sum of a screen; nothing lies off its frame. */
static void lcd_sum(const struct paper *paper, const struct paper_line *line,
                    float sum[3])
{
    for (int i = 0; i < line->places; i++) {
        float s = line->first + ((float)i + 0.5F) * line->step;
        float u = line->u + s * line->way_u;
        float v = line->v + s * line->way_v;
        float seen[3] = {0.02F, 0.02F, 0.02F}; /* the frame around */
        if (u >= 0 && v >= 0 && (double)u < paper->width_mm &&
            (double)v < paper->height_mm) {
            lcd_at(paper, u, v, seen);
        }
        for (int c = 0; c < 3; c++) {
            sum[c] += seen[c];
        }
    }
}

/* Samples a side that leave no gap between them on the print. */
static int samples_of(const struct patch *patch, const struct paper *paper)
{
    const float *u = patch->u;
    const float *v = patch->v;
    float reach = fmaxf(fabsf(u[1] - u[0]) + fabsf(u[2] - u[0]),
                        fabsf(v[1] - v[0]) + fabsf(v[2] - v[0])) /
                  (float)cell;
    double dpi = paper->is_lcd ? 6 * paper->dpi : paper->dpi; /* stripes */
    int samples = (int)ceilf(reach * (float)(dpi / 25.4));
    return samples < 1 ? 1 : samples > 8 ? 8 : samples;
}

static struct patch patch_of(const struct field *field,
                             const struct paper *paper, int i, int j)
{
    struct patch patch;
    corners_take(&field->u, i, j, patch.u);
    corners_take(&field->v, i, j, patch.v);
    corners_take(&field->light, i, j, patch.light);
    patch.samples = samples_of(&patch, paper);
    return patch;
}

/* Pixel (x, y) of the cell. The desk is even over a pixel. */
static void pixel_gather(const struct stand *stand,
                         const struct paper_dots *dots,
                         const struct patch *patch, const int at[2],
                         float out[3])
{
    const float *u = patch->u;
    const float *v = patch->v;
    float fine = 1.0F / (float)(cell * patch->samples);
    float sum[3] = {0};
    int off = 0; /* samples that miss the sheet */
    for (int row = 0; row < patch->samples; row++) {
        float t = (float)at[1] / (float)cell + ((float)row + 0.5F) * fine;
        float left[2] = {u[0] + t * (u[2] - u[0]), v[0] + t * (v[2] - v[0])};
        const struct paper_line line = {
            .u = left[0],
            .v = left[1],
            .way_u = u[1] + t * (u[3] - u[1]) - left[0],
            .way_v = v[1] + t * (v[3] - v[1]) - left[1],
            .first = (float)at[0] / (float)cell,
            .step = fine,
            .places = patch->samples};
        if (dots->paper->is_lcd) {
            lcd_sum(dots->paper, &line, sum);
        } else {
            off += paper_sum(dots, &line, sum);
        }
    }
    float s = ((float)at[0] + 0.5F) / (float)cell;
    float t = ((float)at[1] + 0.5F) / (float)cell;
    if (off > 0) {
        float desk[3];
        desk_at(stand, dots->paper, patch_at(u, s, t), patch_at(v, s, t), desk);
        for (int c = 0; c < 3; c++) {
            sum[c] += (float)off * desk[c];
        }
    }
    float light = patch_at(patch->light, s, t) /
                  (PAPER_WHITE * (float)(patch->samples * patch->samples));
    for (int c = 0; c < 3; c++) {
        out[c] = sum[c] * light;
    }
}

/* All pixels of one cell that the picture has. */
static void cell_gather(const struct stand *stand,
                        const struct paper_dots *dots,
                        const struct patch *patch, const int corner[2],
                        struct colour *out)
{
    int wide = colour_width(out) - corner[0];
    int high = colour_height(out) - corner[1];
    for (int y = 0; y < cell && y < high; y++) {
        for (int x = 0; x < cell && x < wide; x++) {
            float pixel[3];
            const int at[2] = {x, y};
            pixel_gather(stand, dots, patch, at, pixel);
            for (int c = 0; c < 3; c++) {
                plane_f_row(&out->channel[c], corner[1] + y)[corner[0] + x] =
                    pixel[c];
            }
        }
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
    struct paper_dots dots = paper_dots_of(paper);
    float scale = 1 / brightest(&field);
    for (int i = 0; i < field.light.stride * field.light.height_px; i++) {
        field.light.data[i] *= scale;
    }
    for (int j = 0; j * cell < stand->height_px; j++) {
        for (int i = 0; i * cell < stand->width_px; i++) {
            struct patch patch = patch_of(&field, paper, i, j);
            const int corner[2] = {i * cell, j * cell};
            cell_gather(stand, &dots, &patch, corner, &made);
        }
    }
    *out = made;
    return STING_OK;
}
