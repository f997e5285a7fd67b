#include "passerby.h"

#include <math.h>
#include <string.h>

static double chance(uint64_t seed, uint64_t n)
{
    uint64_t x = seed * 0x9e3779b97f4a7c15u + n * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return (double)((x ^ x >> 31) >> 11) * 0x1p-53;
}

void passerby_dress(struct passerby *who)
{
    static const double part[4] = {1.2, 0.7, 1, 1};
    for (int i = 0; i < 4; i++) {
        double strength = (0.7 + 0.6 * chance(who->seed, 20 + (uint64_t)i)) *
                          part[i] * who->contrast;
        /* Coat and trousers as often alike as not. */
        double side =
            chance(who->seed, 30 + (uint64_t)(i == 3)) < 0.62 ? -1 : 1;
        side = i == 0 ? -1 : i == 1 ? 1 : side;
        double level = who->behind * (1 + side * strength);
        who->level[i] = fmin(250, fmax(4, level));
    }
}

static double half_width(const struct passerby *who)
{
    return 0.26 * who->height_px;
}

/* Where the middle of the body is. */
static double place(const struct passerby *who, double into_s, int width_px,
                    bool *walks)
{
    double pace = who->speed * who->height_px;
    double begin =
        who->from_left ? -half_width(who) : width_px + half_width(who);
    double way_s = fabs(who->aim_px - begin) / pace;
    double side = who->from_left ? 1 : -1;
    *walks = into_s < way_s || into_s > way_s + who->stay_s;
    if (into_s < way_s) {
        return begin + side * pace * into_s;
    }
    if (into_s < way_s + who->stay_s) {
        double sway = 0.6 * sin(into_s * 2.1) + 0.4 * sin(into_s * 0.83);
        return who->aim_px + 0.012 * who->height_px * sway;
    }
    return who->aim_px - side * pace * (into_s - way_s - who->stay_s);
}

double passerby_lasts_s(const struct passerby *who, int width_px)
{
    double begin =
        who->from_left ? -half_width(who) : width_px + half_width(who);
    double way = fabs(who->aim_px - begin);
    return 2 * way / (who->speed * who->height_px) + who->stay_s;
}

struct limb {
    double x0, y0, x1, y1, radius; /* in heights; y up from the feet */
    int wears;
};

/* How deep a place lies in a limb, in heights; below 0 outside. */
static double depth(const struct limb *l, double x, double y)
{
    double dx = l->x1 - l->x0, dy = l->y1 - l->y0;
    double t = ((x - l->x0) * dx + (y - l->y0) * dy) / (dx * dx + dy * dy);
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return l->radius - hypot(x - l->x0 - t * dx, y - l->y0 - t * dy);
}

static int limbs_pose(bool walks, double into_s, double speed,
                      struct limb limb[8])
{
    double swing = walks ? 0.16 * sin(into_s * 7 * speed) : 0.03;
    struct limb pose[] = {
        {0, 0.93, 0, 0.95, 0.062, 0},
        {0, 0.90, 0, 0.92, 0.052, 1},
        {0, 0.80, 0, 0.55, 0.115, 2},
        {-0.10, 0.78, -0.12 - swing, 0.48, 0.035, 2},
        {0.10, 0.78, 0.12 + swing, 0.48, 0.035, 2},
        {-0.04, 0.50, -0.05 + swing, 0.03, 0.055, 3},
        {0.04, 0.50, 0.05 - swing, 0.03, 0.055, 3},
    };
    memcpy(limb, pose, sizeof pose);
    return (int)(sizeof pose / sizeof *pose);
}

static int within(double value, int most)
{
    return value < 0 ? 0 : value > most ? most : (int)value;
}

/* A limb over those before it, in the pixels that it may touch. */
static void limb_draw(const struct passerby *who, const struct limb *limb,
                      double middle, struct cutout *out)
{
    double high = who->height_px, more = limb->radius + 2 / high;
    double left = middle + (fmin(limb->x0, limb->x1) - more) * high;
    double right = middle + (fmax(limb->x0, limb->x1) + more) * high;
    double top = who->foot_px - (fmax(limb->y0, limb->y1) + more) * high;
    double low = who->foot_px - (fmin(limb->y0, limb->y1) - more) * high;
    int i0 = within(left - out->left, out->width);
    int i1 = within(right - out->left + 1, out->width);
    int j1 = within(low - out->top + 1, out->height);
    for (int j = within(top - out->top, out->height); j < j1; j++) {
        double y = (who->foot_px - out->top - j - 0.5) / high;
        for (int i = i0; i < i1; i++) {
            double x = (out->left + i + 0.5 - middle) / high;
            double in = depth(limb, x, y) * high + 0.5;
            if (in > 0) {
                int at = j * out->width + i;
                double fold = sin(x * 60 + 4 * y) * sin(y * 37 + 9 * x);
                out->cover[at] = fmaxf(out->cover[at], in > 1 ? 1 : (float)in);
                out->level[at] =
                    (float)(who->level[limb->wears] * (1 + 0.06 * fold));
            }
        }
    }
}

enum sting_status passerby_draw(const struct passerby *who, double into_s,
                                int width_px, int height_px, struct cutout *out)
{
    bool walks;
    double middle = place(who, into_s, width_px, &walks);
    double high = who->height_px, reach = half_width(who) + 0.06 * high;
    int box[4] = {(int)(middle - reach), (int)(who->foot_px - 1.03 * high),
                  (int)(middle + reach) + 1, (int)(who->foot_px + 2)};
    enum sting_status status = cutout_begin(out, box, width_px, height_px);
    if (status) {
        return status;
    }
    struct limb limb[8];
    int limbs = limbs_pose(walks, into_s, who->speed, limb);
    for (int k = 0; k < limbs; k++) {
        limb_draw(who, &limb[k], middle, out);
    }
    return STING_OK;
}
