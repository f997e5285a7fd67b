#include "detect/detector_state.h"

#include <math.h>

/* A law fitted to few keyframes borrows the width, and if need be all, of
 * the law of the other frames, which are many from the start. */
static float law_threshold(const struct quiet law[SCENE_MODES],
                           enum scene_mode mode, double looks)
{
    const struct quiet *own = &law[mode], *other = &law[!mode];
    return own->count < 4 ? quiet_threshold(other, looks, NULL)
                          : quiet_threshold(own, looks, other);
}

float loud_threshold(const struct detector *d, enum scene_mode mode,
                     double looks)
{
    return law_threshold(d->quiet, mode, looks);
}

float loud_figure_threshold(const struct detector *d, enum scene_mode mode,
                            double looks)
{
    return law_threshold(d->proof, mode, looks);
}

bool loud_figure(const struct detector *d, enum scene_mode mode, double looks)
{
    return d->evidence.stands &&
           d->evidence.best.height > law_threshold(d->proof, mode, looks);
}

bool loud_walks(const struct detector *d)
{
    const struct evidence_spot *spot = &d->evidence.best;
    return spot->walks > fmaxf(WALKS, WALKS_ROOT * sqrtf(spot->height));
}

bool loud_over(const struct detector *d, enum scene_mode mode, double looks)
{
    return d->scene.height_log > loud_threshold(d, mode, looks) ||
           loud_figure(d, mode, looks);
}

void loud_mark(struct detector *d, enum scene_mode mode)
{
    scene_mark(&d->scene, loud_threshold(d, mode, SUSPECT_LOOKS));
    if (loud_figure(d, mode, SUSPECT_LOOKS)) {
        const struct evidence_spot *spot = &d->evidence.best;
        scene_mark_at(&d->scene, spot->x, spot->y, spot->width, spot->tall);
    }
}

void loud_learn(struct detector *d, enum scene_mode mode)
{
    quiet_learn(&d->quiet[mode], d->scene.height_log);
    quiet_learn(&d->proof[mode], d->evidence.best.height);
    evidence_learn(&d->evidence, mode);
}

double loud_score(const struct detector *d, enum scene_mode mode)
{
    float over = d->scene.height_log - d->quiet[mode].mode;
    return over > 0 ? (double)over : 0;
}

uint8_t loud_activity(const struct detector *d, enum scene_mode mode)
{
    float mid = d->quiet[mode].mode;
    float bound = loud_threshold(d, mode, SUSPECT_LOOKS);
    float part = (d->scene.height_log - mid) / (bound - mid + 1e-3f);
    float level =
        part < 1 ? 128 * part : 128 + 20 * (d->scene.height_log - bound);
    return (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
}
