#include "footage_room.h"

#include <math.h>

uint64_t mix(uint64_t seed, uint64_t n)
{
    uint64_t x = seed * 0x9e3779b97f4a7c15u + (n + 1) * 0xd1342543de82ef95u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

double part_of(uint64_t seed, uint64_t n)
{
    return (double)(mix(seed, n) >> 11) * 0x1p-53;
}

static double between(uint64_t seed, uint64_t n, double low, double high)
{
    return low + (high - low) * part_of(seed, n);
}

/* Smooth noise with a grain of `step` pixels, -1 to 1. */
static double clouds(uint64_t seed, double x, double y, double step)
{
    double fx = x / step, fy = y / step;
    int64_t ix = (int64_t)floor(fx), iy = (int64_t)floor(fy);
    double u = fx - (double)ix, v = fy - (double)iy;
    double corner[4];
    for (int i = 0; i < 4; i++) {
        corner[i] = part_of(seed, (uint64_t)((iy + i / 2) * 7919 + ix + i % 2));
    }
    u = u * u * (3 - 2 * u);
    v = v * v * (3 - 2 * v);
    double top = corner[0] + u * (corner[1] - corner[0]);
    double low = corner[2] + u * (corner[3] - corner[2]);
    return 2 * (top + v * (low - top)) - 1;
}

static void box_paint(struct plane_f *out, const double box[4], double level,
                      uint64_t seed)
{
    int w = out->width_px, h = out->height_px;
    int x0 = (int)(box[0] * w), x1 = (int)((box[0] + box[2]) * w);
    int y0 = (int)(box[1] * h), y1 = (int)((box[1] + box[3]) * h);
    for (int y = y0 < 0 ? 0 : y0; y < y1 && y < h; y++) {
        for (int x = x0 < 0 ? 0 : x0; x < x1 && x < w; x++) {
            bool edge = x < x0 + 2 || y < y0 + 2 || x > x1 - 3 || y > y1 - 3;
            double grain = 1 + 0.05 * clouds(seed, x, y * 3, w / 90.0);
            plane_f_row(out, y)[x] = (float)(level * grain * (edge ? 0.7 : 1));
        }
    }
}

static void shell_paint(uint64_t seed, bool bare, struct plane_f *out)
{
    int w = out->width_px, h = out->height_px;
    double wall = between(seed, 1, 70, 190), floor_ = between(seed, 2, 40, 130);
    double line = between(seed, 3, 0.55, 0.75), lit = between(seed, 4, 0, 1);
    for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
            double dx = (double)x / w - lit, dy = (double)y / h - 0.2;
            double fall = 1.1 / (1 + 1.3 * (dx * dx + dy * dy));
            double level = bare || y < line * h ? wall : floor_;
            double dirt = 0.07 * clouds(seed + 5, x, y, w / 14.0) +
                          0.04 * clouds(seed + 6, x, y, w / 150.0);
            plane_f_row(out, y)[x] =
                (float)(level * fall * (bare ? 1 : 1 + dirt));
        }
    }
}

void room_bare(uint64_t seed, struct plane_f *out)
{
    shell_paint(seed, true, out);
}

void room_render(uint64_t seed, struct plane_f *out)
{
    shell_paint(seed, false, out);
    int boxes = 6 + (int)(mix(seed, 7) % 14);
    for (int i = 0; i < boxes; i++) {
        uint64_t s = mix(seed, 100 + (uint64_t)i);
        double box[4] = {between(s, 1, -0.05, 0.95), between(s, 2, 0.05, 0.85),
                         between(s, 3, 0.03, 0.25), between(s, 4, 0.03, 0.3)};
        box_paint(out, box, between(s, 5, 20, 210), s);
        for (int k = 0; i % 3 == 0 && k < 5; k++) { /* shelves, with things */
            double thing[4] = {box[0] + box[2] * k / 5, box[1] + box[3] * 0.3,
                               box[2] / 7, box[3] * 0.6};
            box_paint(out, thing, between(s, 20 + (uint64_t)k, 20, 230), s + 9);
        }
    }
    double table[4] = {between(seed, 8, 0.2, 0.6), 0.68, 0.25, 0.06};
    double paper[4] = {table[0] + 0.08, 0.69, 0.06, 0.025};
    box_paint(out, table, between(seed, 9, 50, 150), seed);
    box_paint(out, paper, 215, seed);
}

void room_vary(const struct plane *still, uint64_t seed, struct plane_f *out)
{
    bool mirrored = mix(seed, 1) & 1;
    double zoom = between(seed, 2, 0.6, 1), bend = between(seed, 3, 0.75, 1.3);
    double x0 = between(seed, 4, 0, 1 - zoom),
           y0 = between(seed, 5, 0, 1 - zoom);
    double white = between(seed, 6, 0.7, 1.05);
    for (int y = 0; y < out->height_px; y++) {
        int fy = (int)((y0 + zoom * y / out->height_px) * still->height_px);
        for (int x = 0; x < out->width_px; x++) {
            double fx = x0 + zoom * x / out->width_px;
            int column = (int)(fx * still->width_px);
            column = mirrored ? still->width_px - 1 - column : column;
            double v = plane_row(still, fy)[column] / 255.0;
            plane_f_row(out, y)[x] = (float)(255 * white * pow(v, bend));
        }
    }
}
