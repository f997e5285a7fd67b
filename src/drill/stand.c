/* Camera, lamp and sheet in their places. */
#include <math.h>

#include "drill/chance.h"
#include "drill/photograph.h"
#include "drill/region.h"

static const double pi = 3.14159265358979323846;
static const double most_px = 12000;
static const double least_px = 32; /* a small page from far away */

static double radians(double degrees)
{
    return degrees * pi / 180;
}

/* Real sheets show .05 to .1 % of strain in their plane; waves of 20 to 90
 * mm give that here. */
static void cockle_init(struct view *view, struct chance *chance)
{
    for (int i = 0; i < VIEW_WAVES; i++) {
        double length = chance_between(chance, 20, 90);
        double way = chance_between(chance, 0, 2 * pi);
        double strain = chance_between(chance, 0.0002, 0.0005);
        double number = 2 * pi / length;
        double angle = chance_between(chance, 0, 2 * pi);
        view->wave[i] = (struct view_wave){
            .kx = number * cos(way),
            .ky = number * sin(way),
            .phase = chance_between(chance, 0, 2 * pi),
            .x_mm = strain / number * cos(angle),
            .y_mm = strain / number * sin(angle),
        };
    }
}

static void view_init(struct view *view, const struct setting *setting,
                      const struct stand *stand, struct spot size,
                      struct chance *chance)
{
    double px_per_mm = setting->dpi / 25.4;
    double wide = stand->high.x - stand->low.x;
    double tall = stand->high.y - stand->low.y;
    view->middle = (struct spot){size.x / 2, size.y / 2};
    view->aim = (struct spot){(stand->low.x + stand->high.x) / 2,
                              (stand->low.y + stand->high.y) / 2};
    /* A telephone sees about as wide as it is far: f = 0.8 of the picture. */
    view->focal_px = 0.85 * 1.08 * fmax(wide, tall) * px_per_mm;
    view->distance_mm = view->focal_px / px_per_mm;
    view->distortion = chance_between(chance, -0.015, 0.01);
    double tilt = setting->tilt_deg * chance_between(chance, 0.85, 1.0);
    view_rotate(view, radians(tilt), chance_between(chance, 0, 2 * pi),
                radians(4 * chance_normal(chance)));
    double bend = chance_between(chance, 0, 2 * pi);
    view->bend = (struct spot){cos(bend), sin(bend)};
    view->reach_mm =
        (fabs(view->bend.x) * size.x + fabs(view->bend.y) * size.y) / 2;
    view->lift_mm = setting->lift_mm * chance_between(chance, 0.5, 1.0);
    cockle_init(view, chance);
}

static void light_init(struct light *light, const struct setting *setting,
                       const struct stand *stand, struct chance *chance)
{
    struct spot aim = stand->view.aim;
    double way = chance_between(chance, 0, 2 * pi);
    double off = setting->lamp_mm * chance_between(chance, 0.3, 0.7);
    double hand = chance_between(chance, 0, 2 * pi);
    double reach =
        hypot(stand->high.x - stand->low.x, stand->high.y - stand->low.y) / 2;
    double into = reach * chance_between(chance, 0.1, 0.6);
    *light = (struct light){
        .lamp = {aim.x + off * cos(way), aim.y + off * sin(way)},
        .height_mm = setting->lamp_mm,
        .ambient = setting->ambient,
        .hand = {aim.x + into * cos(hand), aim.y + into * sin(hand)},
        .away = {cos(hand), sin(hand)},
        .shadow = setting->shadow,
        .soft_mm = chance_between(chance, 20, 70),
    };
}

/* The hand trembles by as much while rows are read, in 1/60 to 1/30 s, as it
 * does while each is exposed. */
static void burst_init(struct stand *stand, const struct setting *setting,
                       struct chance *chance)
{
    double cycles =
        chance_between(chance, 8, 12) * chance_between(chance, 0.016, 0.033);
    stand->merge_px = setting->merge_px;
    stand->merge = (uint32_t)chance_bits(chance);
    stand->tremble = 2 * pi * cycles / stand->height_px;
    stand->tremble_phase = chance_between(chance, 0, 2 * pi);
    stand->tremble_px =
        (struct spot){setting->motion_px * chance_normal(chance),
                      setting->motion_px * chance_normal(chance)};
}

/* Place i of 32 along the four edges of the region. */
static struct spot edge_spot(const struct stand *stand, int i)
{
    double t = (i % 8) / 8.0;
    const double u[4] = {t, 1, 1 - t, 0};
    const double v[4] = {0, t, 1, 1 - t};
    int edge = i / 8;
    return (struct spot){
        stand->low.x + u[edge] * (stand->high.x - stand->low.x),
        stand->low.y + v[edge] * (stand->high.y - stand->low.y)};
}

/* Move the picture so that it holds the region and a margin around it. */
static enum sting_status frame_fit(struct stand *stand)
{
    struct spot low = {1e9, 1e9};
    struct spot high = {-1e9, -1e9};
    for (int i = 0; i < 32; i++) {
        struct spot at = view_place(&stand->view, edge_spot(stand, i));
        low = (struct spot){fmin(low.x, at.x), fmin(low.y, at.y)};
        high = (struct spot){fmax(high.x, at.x), fmax(high.y, at.y)};
    }
    double margin = 0.03 * fmax(high.x - low.x, high.y - low.y);
    double width = high.x - low.x + 2 * margin;
    double height = high.y - low.y + 2 * margin;
    if (!(width >= least_px) || !(height >= least_px) || !(width <= most_px) ||
        !(height <= most_px)) {
        return STING_E_LIMIT;
    }
    stand->view.axis.x += margin - low.x;
    stand->view.axis.y += margin - low.y;
    stand->width_px = 2 * (int)(width / 2);
    stand->height_px = 2 * (int)(height / 2);
    return STING_OK;
}

enum sting_status stand_init(struct stand *out, const struct setting *setting,
                             double width_mm, double height_mm, uint64_t seed)
{
    struct chance chance = chance_of(seed, 2);
    struct stand stand = {.desk = (uint32_t)chance_bits(&chance)};
    struct spot size = {width_mm, height_mm};
    region_choose(setting, size, &chance, &stand.low, &stand.high);
    view_init(&stand.view, setting, &stand, size, &chance);
    light_init(&stand.light, setting, &stand, &chance);
    double way = chance_between(&chance, 0, 2 * pi);
    stand.shake_px[0] = setting->motion_px * cos(way);
    stand.shake_px[1] = setting->motion_px * sin(way);
    enum sting_status status = frame_fit(&stand);
    burst_init(&stand, setting, &chance);
    if (!status) {
        *out = stand;
    }
    return status;
}
