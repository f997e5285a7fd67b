#include "detect/detector_state.h"

#include <math.h>

#define LIGHT_HOLD_US 1000000
#define COVER_US 3000000
#define GAIN_STEP 0.06f
#define LEAST_LIGHTER 2.5f /* grey levels */
#define LEAST_HARDER 2.0f
#define FLAT 0.25f         /* of the contrast: a hand, or darkness */
#define UNEVEN 0.3f        /* of all cells, gain and lift removed */
#define MOST_CHANGED 0.5f  /* of all cells: not a person, or a close one */
#define AROUND_PART 0.75f  /* of the cells beside baits, as they were */
#define AROUND_CELLS 200   /* fewer say nothing */
#define NOISE_LIGHTER 0.3f /* times the noise, which black cuts off */
#define NOISE_HARDER 1.2f
#define NOISE_FLAT 1.5f /* and what a contrast must be for its loss to show */
#define SAME_EDGES 0.7f /* a correlation */
#define CLEARLY 3.0f    /* times the noise */
#define HIDDEN 0.25f    /* of the texture that light would leave there, */
#define TEXTURE 1.0f    /* grey levels: less than this a coder wipes away */
#define ALIKE 4.0f      /* cells that tremble as one */
#define BLACK 6.0f      /* grey levels above it */
#define HIDES_CELLS 60  /* the head and shoulders of somebody near */
#define HIDES_MOST_US INT64_C(10000000)
#define FEWEST 8 /* cells that a correlation is taken of */

/* Do the cells that clearly differ rise and fall as they did? What hides them
 * does not, however many edges are left around somebody small. */
static bool shines_through(const struct detector *d)
{
    const struct scene *s = &d->scene;
    double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
    for (int i = 0; i < s->width * s->height; i++) {
        if (s->busy[i] && fabsf(s->units.data[i]) > CLEARLY) {
            double was = (double)s->mean.data[i], is = (double)s->now.data[i];
            n++;
            a += was;
            b += is;
            aa += was * was;
            bb += is * is;
            ab += was * is;
        }
    }
    if (n < FEWEST) {
        return true; /* nobody can tell */
    }
    double spread = (aa - a * a / n) * (bb - b * b / n);
    return spread <= 0 || ab - a * b / n > (double)SAME_EDGES * sqrt(spread);
}

/* Is something before a part of the scene? Of texture that shows through the
 * noise next to nothing is left there, and no light does that: what is burnt,
 * or sank into the dark, says nothing. */
static bool hides(struct detector *d, enum scene_mode mode)
{
    struct scene *s = &d->scene;
    int cells = 0, blind = 0;
    for (int i = 0; i < s->width * s->height; i++) {
        float now = s->now.data[i];
        cells += s->busy[i];
        blind += s->busy[i] && (now > LIGHT_BURNT || now < d->black + BLACK);
    }
    if (cells < HIDES_CELLS || 5 * cells > 4 * s->width * s->height ||
        4 * blind > cells) {
        return false;
    }
    struct light_edges edges = scene_edges(s, false);
    float noise = noise_at(&s->noise[mode], s->level);
    float shows = s->light.gain * edges.strength;
    float error = noise / (shows * sqrtf((float)cells / ALIKE));
    return edges.gain < HIDDEN * s->light.gain && shows > TEXTURE &&
           error < HIDDEN / 2;
}

/* A shadow or a lamp changes brightness and leaves the edges. */
static bool edges_stay(struct detector *d, enum scene_mode mode)
{
    struct light_edges edges = scene_edges(&d->scene, false);
    float noise = noise_at(&d->scene.noise[mode], 128);
    return edges.strength > 3 * noise && edges.correlation > SAME_EDGES;
}

bool lighting_on_edges(struct detector *d, enum scene_mode mode)
{
    return edges_stay(d, mode) && shines_through(d);
}

bool lighting_left(struct detector *d, enum scene_mode mode)
{
    return d->light_last_us > d->onset_us && edges_stay(d, mode);
}

/* Are cells that hold no bait as bright as they were? Then a page that was
 * most of what there is to see is another, or gone: no light changed, and
 * nothing hides the lens. */
static bool around_stays(const struct detector *d, enum scene_mode mode)
{
    const struct scene *s = &d->scene;
    int around = 0, same = 0;
    for (int i = 0; d->zones.baits && i < s->width * s->height; i++) {
        if (!(d->zones.member[i] & d->zones.baits)) {
            float least = 3 * scene_sigma(s, mode, (size_t)i);
            float bound = fmaxf(LEAST_LIGHTER, least);
            same += fabsf(s->now.data[i] - s->mean.data[i]) < bound;
            around++;
        }
    }
    return around >= AROUND_CELLS && (float)same > AROUND_PART * (float)around;
}

/* Is the whole picture lighter, darker, flatter or harder than the scene?
 * In grey levels, since a gain alone cannot be measured on a flat scene. A
 * scene that is half noise itself, as after one look, fits a gain too small:
 * contrast * (1 - gain) comes to the noise at most. Noise that black cuts off
 * at one side makes the fit, which leaves out the worst cells, a little
 * darker. */
static bool is_global(const struct scene *s, float noise)
{
    float steps = s->light.gain - 1;
    float lighter = fabsf(steps * s->level + s->light.lift);
    float harder = fabsf(steps * s->contrast);
    float least = fmaxf(LEAST_LIGHTER, NOISE_LIGHTER * noise);
    float hardest = fmaxf(LEAST_HARDER, NOISE_HARDER * noise);
    return lighter > fmaxf(least, GAIN_STEP * s->level) ||
           harder > fmaxf(hardest, GAIN_STEP * s->contrast) ||
           s->changed > MOST_CHANGED;
}

void lighting_cover(struct detector *d, struct detect_look *look, int64_t at_us,
                    bool covers)
{
    if (covers && d->cover_since_us < 0) {
        d->cover_since_us = at_us;
    }
    if (covers && !d->covered && at_us - d->cover_since_us >= COVER_US) {
        d->covered = true;
        detector_tell(look, (struct detect_event){DETECT_TAMPER, true,
                                                  d->cover_since_us, -1, 1});
    }
    if (!covers) {
        if (d->covered) {
            detector_tell(look, (struct detect_event){DETECT_TAMPER, false,
                                                      at_us, -1, 1});
        }
        d->covered = false;
        d->cover_since_us = -1;
    }
}

static void light_begin(struct detector *d, struct detect_look *look,
                        int64_t at_us)
{
    d->light_last_us = at_us;
    if (d->light_since_us >= 0) {
        return;
    }
    d->light_since_us = at_us;
    d->uneven_us = at_us - LIGHT_HOLD_US;
    detector_tell(look,
                  (struct detect_event){DETECT_LIGHT, true, at_us, -1,
                                        fabs((double)d->scene.light.gain - 1)});
}

/* Nothing is seen where there was something: flat, without its edges. */
static bool is_covered(struct scene *s, float noise)
{
    bool is_flat = s->light.gain < FLAT && s->contrast > NOISE_FLAT * noise;
    if (!(s->changed > MOST_CHANGED || is_flat)) {
        return false;
    }
    struct light_edges edges = scene_edges(s, true);
    return edges.correlation < 0.15f && edges.strength > 0.5f;
}

/* What lasts is the new scene; beside somebody who is there, as far as light
 * explains it. */
static void light_settle(struct detector *d, bool is_uneven)
{
    bool is_all = is_uneven && !d->hides;
    if (is_all || d->state != PRESENT) {
        scene_replace(&d->scene);
    } else {
        scene_relight(&d->scene, d->mover_left, d->mover_top, d->mover_right,
                      d->mover_bottom);
    }
}

/* Follow changes of the whole picture. Gives true while nothing else may be
 * concluded from it: more differs than gain and lift explain. A flash leaves
 * the scene as it was; what lasts longer is the new scene. */
bool lighting_follow(struct detector *d, struct detect_look *look,
                     int64_t at_us, enum scene_mode mode)
{
    struct scene *s = &d->scene;
    float noise = noise_at(&s->noise[mode], s->level);
    bool stays = around_stays(d, mode);
    bool global = is_global(s, noise) && !stays, uneven = s->changed > UNEVEN;
    bool covers = !stays && is_covered(s, noise);
    lighting_cover(d, look, at_us, covers);
    if (covers) {
        d->hides = false;
        return d->covered;
    }
    if (global) {
        light_begin(d, look, at_us);
    }
    if (d->light_since_us < 0) {
        d->hides = false;
        return false;
    }
    d->hides = hides(d, mode) && at_us - d->light_since_us < HIDES_MOST_US;
    d->uneven_us = uneven ? at_us : d->uneven_us;
    if (global && at_us - d->light_since_us >= LIGHT_HOLD_US &&
        (!d->hides || d->state == PRESENT)) {
        light_settle(d, uneven);
    }
    if (!global && at_us - d->light_last_us >= LIGHT_HOLD_US) {
        detector_tell(look, (struct detect_event){DETECT_LIGHT, false,
                                                  d->light_last_us, -1, 0});
        d->light_since_us = -1;
    }
    if (d->hides) {
        return false;
    }
    return at_us - d->uneven_us < LIGHT_HOLD_US ||
           (global && d->state != PRESENT);
}
