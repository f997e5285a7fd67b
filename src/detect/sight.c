#include "detect/sight.h"

#include <math.h>

#include "detect/detector_state.h"

#define SHARE 0.58f
/* Large figures need more, by this for a whole picture's height. */
#define LARGE 2.0f
#define SMALL 14.0f      /* cells: figures tried are larger than who is less, */
#define SMALL_POWER 1.3f /* and of their blocks little speaks for him */
#define SMALL_LEAST 0.5f /* cells: two pixels of a picture 640 wide */
#define EDGE_SMALL 10    /* where clocks are, who is smaller must walk first */
#define AREA 0.25f       /* cells of a figure, of the square of its height */

/* Cells of a zone that are looked at: their light in units of their noise. */
struct ground {
    double level, noise, ratio;
    int cells, edge; /* of them, where clocks are */
};

static struct ground ground_of(const struct detector *d, int zone)
{
    const struct scene *s = &d->scene;
    struct ground g = {0};
    for (int i = 0; i < s->width * s->height; i++) {
        bool inside = zone < 0 || (d->zones.member[i] >> zone & 1);
        if (!inside || s->mask[i]) {
            continue;
        }
        double noise = (double)scene_sigma(s, SCENE_OTHER, (size_t)i);
        double level = fmax(0.1, (double)(s->mean.data[i] - d->black));
        g.level += level;
        g.noise += noise;
        g.ratio += level / noise;
        g.cells++;
        g.edge += scene_is_edge(s, i / s->width);
    }
    return g;
}

/* The contrast at which a figure of so many cells is found. */
static float contrast_at(const struct detector *d, float ratio, float tall)
{
    float need = loud_figure_threshold(d, SCENE_OTHER, d->sure_looks);
    float spread = evidence_spread(&d->evidence, SCENE_OTHER, tall);
    float cells = AREA * tall * tall * EVIDENCE_LOOKS;
    cells *= fminf(1, powf(tall / SMALL, SMALL_POWER));
    float part = tall / (float)d->scene.height;
    float more = 1 + LARGE * part * part;
    return more * sqrtf(2 * need / cells) * spread / (SHARE * ratio);
}

bool sight_of(const struct detector *detector, int zone, float tall,
              struct detect_sight *out)
{
    const struct detector *d = detector;
    if (d->state == LEARNING || d->is_unquiet ||
        !d->scene.noise[SCENE_OTHER].known) {
        return false;
    }
    struct ground g = ground_of(d, zone);
    if (g.cells == 0) {
        return false;
    }
    float rows = (float)d->scene.height, ratio = (float)(g.ratio / g.cells);
    *out = (struct detect_sight){.zone = zone,
                                 .tall = tall,
                                 .contrast = contrast_at(d, ratio, tall * rows),
                                 .level = (float)(g.level / g.cells),
                                 .noise = (float)(g.noise / g.cells)};
    float least = 2 * g.edge > g.cells ? EDGE_SMALL : SMALL_LEAST;
    while (least < rows && contrast_at(d, ratio, least) > SIGHT_PLAIN) {
        least *= 1.05f;
    }
    out->size = least < rows ? least / rows : 1;
    return true;
}

float sight_tall(const struct detect_zone *zone, int width_px, int height_px)
{
    double across = (double)(zone->mark[1].x - zone->mark[0].x) * width_px;
    double down = (double)(zone->mark[1].y - zone->mark[0].y) * height_px;
    double px = hypot(across, down);
    if (zone->metres <= 0 || px < 1) {
        return SIGHT_TALL;
    }
    double tall = px / (double)zone->metres * SIGHT_METRES / height_px;
    return (float)fmin(1, tall);
}

const char *sight_class(double pixels_a_metre)
{
    static const struct {
        double least;
        const char *name;
    } row[] = {{1000, "inspect"}, {250, "identify"}, {125, "recognise"},
               {62.5, "observe"}, {25, "detect"},    {12.5, "monitor"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (pixels_a_metre >= row[i].least) {
            return row[i].name;
        }
    }
    return "none";
}
