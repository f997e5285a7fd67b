#include "detect/detector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/grid.h"
#include "detect/quiet.h"
#include "detect/scene.h"
#include "detect/zone_cells.h"

#define SUSPECT_LOOKS 600.0 /* chance stirs us once in ten minutes */
#define SURE_LOOKS 100000.0 /* and never convinces us within a day */
#define STRONG 1.5f         /* over sure: no need to see it move */
#define SUSPECT_MOST_US 2000000
#define GONE_US 2000000  /* nothing seen for so long: it has left */
#define STILL_US 3000000 /* a thing that does not move is no person */
#define LIGHT_HOLD_US 1000000
#define COVER_US 3000000
#define FRINGE 0.4f /* over what is usual */
#define NEAR_CELLS 14
#define GAIN_STEP 0.06f
#define LEAST_LIGHTER 2.5f /* grey levels */
#define LEAST_HARDER 2.0f
#define FLAT 0.25f        /* of the contrast: a hand, or darkness */
#define UNEVEN 0.3f       /* of all cells, gain and lift removed */
#define MOST_CHANGED 0.5f /* of all cells: not a person, or a close one */
#define MEAN_US 1500000   /* of learning: only the scene itself */
#define NOISE_US 2500000  /* then its noise, then its loudest spots */

enum state { LEARNING, QUIET, SUSPECT, PRESENT };

struct detector {
    struct scene scene;
    struct zone_cells zones;
    struct quiet quiet[SCENE_MODES];
    struct plane_f onset; /* cells of the look that stirred us */
    enum state state;
    int64_t begin_us; /* of the first look */
    int64_t last_us;
    int64_t past_us, between_us;
    int64_t onset_us; /* of the look that stirred us */
    int64_t seen_us;  /* when something was last there and moving */
    int64_t moved_us; /* when motion was last seen, learning too */
    int run;          /* looks in a row that say person, in one place */
    int place_x, place_y;
    float onset_height;
    enum scene_mode onset_mode;
    uint32_t zones_entered; /* bit of each zone told of, in this presence */
    bool outside;           /* told of outside all zones */
    float best;             /* highest score of this presence */
    int64_t light_since_us; /* -1: no light event */
    int64_t light_last_us;
    int64_t uneven_us;      /* when it last changed more than light does */
    int64_t cover_since_us; /* -1 */
    bool covered;           /* told */
};

enum sting_status detector_new(int width_px, int height_px,
                               const struct detect_zone *zone, int zones,
                               struct detector **out)
{
    if (width_px < 16 || height_px < 16 || zones < 0 ||
        zones > DETECT_MOST_ZONES) {
        return STING_E_ARG;
    }
    struct detector *d STING_AUTO(detector_free) = calloc(1, sizeof *d);
    if (!d) {
        return STING_E_NOMEM;
    }
    enum sting_status status = scene_init(&d->scene, width_px, height_px);
    if (!status) {
        status = plane_f_init(&d->onset, d->scene.width, d->scene.height);
    }
    if (!status) {
        status = zone_cells_init(&d->zones, zone, zones, d->scene.width,
                                 d->scene.height);
    }
    if (status) {
        return status;
    }
    d->begin_us = d->light_since_us = d->cover_since_us = -1;
    *out = d;
    d = NULL;
    return STING_OK;
}

void detector_free(struct detector **detector)
{
    if (*detector) {
        scene_release(&(*detector)->scene);
        plane_f_release(&(*detector)->onset);
        zone_cells_release(&(*detector)->zones);
    }
    free(*detector);
    *detector = NULL;
}

static void tell(struct detect_look *look, struct detect_event event)
{
    if (look->events < DETECT_MOST_EVENTS) {
        look->event[look->events++] = event;
    }
}

/* A law fitted to few keyframes borrows the width, and if need be all, of
 * the law of the other frames, which are many from the start. */
static float threshold(const struct detector *d, enum scene_mode mode,
                       double looks)
{
    const struct quiet *own = &d->quiet[mode], *other = &d->quiet[!mode];
    return own->count < 4 ? quiet_threshold(other, looks, NULL)
                          : quiet_threshold(own, looks, other);
}

/* How far over the usual, in logarithms, and never below zero. */
static double score_of(const struct detector *d, enum scene_mode mode)
{
    float over = d->scene.height_log - d->quiet[mode].mode;
    return over > 0 ? (double)over : 0;
}

static void person_tell(struct detector *d, struct detect_look *look,
                        bool begins, int zone, int64_t at_us)
{
    tell(look, (struct detect_event){DETECT_PERSON, begins, at_us, zone,
                                     (double)d->best});
}

/* Tell of each zone once in a presence; of none, if it is outside them. */
static void zones_tell(struct detector *d, struct detect_look *look,
                       int64_t at_us)
{
    uint32_t touched = zone_cells_touched(&d->zones, d->scene.busy);
    uint32_t fresh = touched & ~d->zones_entered;
    for (int i = 0; fresh >> i; i++) {
        if (fresh >> i & 1) {
            person_tell(d, look, true, i, at_us);
        }
    }
    d->zones_entered |= touched;
    if (!d->zones_entered && !d->outside) {
        d->outside = true;
        person_tell(d, look, true, -1, at_us);
    }
}

static void present_end(struct detector *d, struct detect_look *look)
{
    for (int i = 0; d->zones_entered >> i; i++) {
        if (d->zones_entered >> i & 1) {
            person_tell(d, look, false, i, d->seen_us);
        }
    }
    if (d->outside) {
        person_tell(d, look, false, -1, d->seen_us);
    }
    d->zones_entered = 0;
    d->outside = false;
    d->state = QUIET;
}

/* What stays and does not move is a thing. Where a bait lies, the thing is
 * the page: moved, turned, or gone. */
static void thing_absorb(struct detector *d, struct detect_look *look,
                         int64_t at_us, enum scene_mode mode)
{
    uint32_t touched = zone_cells_touched(&d->zones, d->scene.busy);
    uint32_t baits = touched & d->zones.baits;
    struct light_edges edges = scene_edges(&d->scene, false);
    for (int i = 0; edges.correlation < 0.8f && baits >> i; i++) {
        if (baits >> i & 1) {
            struct detect_event page = {DETECT_PAGE, true, at_us, i,
                                        (double)(1 - edges.correlation)};
            tell(look, page);
            page.begins = false;
            tell(look, page);
        }
    }
    /* Its fringes too, which else would stir us next. */
    scene_compare_again(&d->scene, mode);
    scene_mark(&d->scene, d->quiet[mode].mode + FRINGE);
    scene_absorb(&d->scene);
}

/* A shadow or a lamp changes brightness and leaves the edges. */
static bool is_light_on_edges(struct detector *d, enum scene_mode mode)
{
    struct light_edges edges = scene_edges(&d->scene, false);
    float noise = noise_at(&d->scene.noise[mode], 128);
    return edges.strength > 3 * noise && edges.correlation > 0.7f;
}

/* Is the whole picture lighter, darker, flatter or harder than the scene?
 * In grey levels, since a gain alone cannot be measured on a flat scene. */
static bool is_global(const struct scene *s)
{
    float steps = s->light.gain - 1;
    float lighter = fabsf(steps * s->level + s->light.lift);
    float harder = fabsf(steps * s->contrast);
    return lighter > fmaxf(LEAST_LIGHTER, GAIN_STEP * s->level) ||
           harder > fmaxf(LEAST_HARDER, GAIN_STEP * s->contrast) ||
           s->changed > MOST_CHANGED;
}

static void cover_follow(struct detector *d, struct detect_look *look,
                         int64_t at_us, bool covers)
{
    if (covers && d->cover_since_us < 0) {
        d->cover_since_us = at_us;
    }
    if (covers && !d->covered && at_us - d->cover_since_us >= COVER_US) {
        d->covered = true;
        tell(look, (struct detect_event){DETECT_TAMPER, true, d->cover_since_us,
                                         -1, 1});
    }
    if (!covers) {
        if (d->covered) {
            tell(look,
                 (struct detect_event){DETECT_TAMPER, false, at_us, -1, 1});
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
    tell(look, (struct detect_event){DETECT_LIGHT, true, at_us, -1,
                                     fabs((double)d->scene.light.gain - 1)});
}

/* Follow changes of the whole picture. Gives true while nothing else may be
 * concluded from it: more differs than gain and lift explain. A flash leaves
 * the scene as it was; what lasts longer is the new scene. */
static bool light_follow(struct detector *d, struct detect_look *look,
                         int64_t at_us)
{
    struct scene *s = &d->scene;
    bool global = is_global(s), uneven = s->changed > UNEVEN, covers = false;
    if (s->changed > MOST_CHANGED || s->light.gain < FLAT) {
        struct light_edges edges = scene_edges(s, true);
        covers = edges.correlation < 0.15f && edges.strength > 0.5f;
    }
    cover_follow(d, look, at_us, covers);
    if (covers) {
        return d->covered;
    }
    if (global) {
        light_begin(d, look, at_us);
    }
    if (d->light_since_us < 0) {
        return false;
    }
    d->uneven_us = uneven ? at_us : d->uneven_us;
    if (global && at_us - d->light_since_us >= LIGHT_HOLD_US) {
        if (uneven) {
            scene_replace(s);
        } else {
            scene_relight(s);
        }
    }
    if (!global && at_us - d->light_last_us >= LIGHT_HOLD_US) {
        tell(look, (struct detect_event){DETECT_LIGHT, false, d->light_last_us,
                                         -1, 0});
        d->light_since_us = -1;
    }
    return at_us - d->uneven_us < LIGHT_HOLD_US;
}

/* Keep pictures from half a second to a second ago, to see motion by. */
static void past_keep(struct detector *d, int64_t at_us)
{
    if (at_us - d->between_us < 500000) {
        return;
    }
    struct plane_f free_plane = d->scene.past;
    d->scene.past = d->scene.between;
    d->past_us = d->between_us;
    d->scene.between = free_plane;
    memcpy(d->scene.between.data, d->scene.now.data,
           (size_t)d->scene.width * (size_t)d->scene.height * sizeof(float));
    d->between_us = at_us;
}

static void learn_end(struct detector *d, struct detect_look *look,
                      int64_t at_us)
{
    quiet_fit(&d->quiet[SCENE_KEY]);
    quiet_fit(&d->quiet[SCENE_OTHER]);
    scene_settle(&d->scene);
    d->state = QUIET;
    tell(look, (struct detect_event){DETECT_LEARNING, false, at_us, -1, 0});
}

static void learning_look(struct detector *d, struct detect_look *look,
                          int64_t at_us, enum scene_mode mode)
{
    struct scene *s = &d->scene;
    int64_t age = at_us - d->begin_us;
    memset(s->busy, 0, (size_t)s->width * (size_t)s->height);
    if (age >= NOISE_US) {
        quiet_learn(&d->quiet[mode], s->height_log);
    }
    float rate = 1.0f / (float)s->looks;
    scene_follow(s, mode, rate < 0.02f ? 0.02f : rate,
                 age < MEAN_US ? 1.0f : 0.1f);
    /* Somebody walking about makes the loudest spots uneven: take longer. */
    const struct quiet *q =
        d->quiet[SCENE_OTHER].count ? &d->quiet[SCENE_OTHER] : &d->quiet[mode];
    bool still = q->count >= 4 && s->height_log < q->mode + 12 * q->scale;
    if (!still) {
        d->moved_us = at_us;
    }
    look->wants_all = true;
    if ((age >= DETECT_LEARN_US && at_us - d->moved_us >= STILL_US / 2) ||
        age >= DETECT_LEARN_MOST_US) {
        learn_end(d, look, at_us);
        look->wants_all = false;
    }
}

static void suspect_begin(struct detector *d, int64_t at_us,
                          enum scene_mode mode)
{
    d->state = SUSPECT;
    d->onset_us = d->seen_us = d->moved_us = at_us;
    d->run = 0;
    d->place_x = d->scene.peak_x;
    d->place_y = d->scene.peak_y;
    d->onset_height = d->scene.height_log;
    d->onset_mode = mode;
    memcpy(d->onset.data, d->scene.now.data,
           (size_t)d->scene.width * (size_t)d->scene.height * sizeof(float));
}

static bool is_near(const struct detector *d)
{
    return abs(d->scene.peak_x - d->place_x) < NEAR_CELLS &&
           abs(d->scene.peak_y - d->place_y) < NEAR_CELLS;
}

static void suspect_look(struct detector *d, struct detect_look *look,
                         int64_t at_us, enum scene_mode mode)
{
    float sure = threshold(d, mode, SURE_LOOKS);
    bool over = d->scene.height_log > sure;
    d->run = over && is_near(d) ? d->run + 1 : over ? 1 : 0;
    if (over) {
        d->place_x = d->scene.peak_x;
        d->place_y = d->scene.peak_y;
        d->seen_us = at_us;
    }
    bool strong = d->scene.height_log > sure + STRONG;
    if (d->run >= 3 && !is_light_on_edges(d, mode) &&
        (strong || scene_motion(&d->scene, &d->onset, mode) > sure)) {
        d->state = PRESENT;
        d->seen_us = d->moved_us = at_us;
        d->best = (float)score_of(d, mode);
        zones_tell(d, look, d->onset_us);
        return;
    }
    if (over && at_us - d->onset_us >= STILL_US) {
        thing_absorb(d, look, at_us, mode);
        d->state = QUIET;
    } else if (!over && at_us - d->onset_us >= SUSPECT_MOST_US) {
        quiet_learn(&d->quiet[d->onset_mode], d->onset_height);
        d->state = QUIET;
    }
}

static void present_look(struct detector *d, struct detect_look *look,
                         int64_t at_us, enum scene_mode mode)
{
    float bound = threshold(d, mode, SURE_LOOKS);
    bool there = d->scene.height_log > bound;
    if (there) {
        float score = (float)score_of(d, mode);
        d->best = score > d->best ? score : d->best;
        zones_tell(d, look, at_us);
    }
    if (there && scene_motion(&d->scene, &d->scene.past, mode) > bound) {
        d->moved_us = d->seen_us = at_us;
        return;
    }
    if (there && at_us - d->moved_us >= STILL_US) {
        thing_absorb(d, look, at_us, mode);
        present_end(d, look);
    } else if (!there && at_us - d->seen_us >= GONE_US) {
        present_end(d, look);
    }
}

static void quiet_look(struct detector *d, int64_t at_us, enum scene_mode mode)
{
    if (d->scene.height_log > threshold(d, mode, SUSPECT_LOOKS)) {
        suspect_begin(d, at_us, mode);
        return;
    }
    quiet_learn(&d->quiet[mode], d->scene.height_log);
}

static void scene_go_on(struct detector *d, int64_t at_us, enum scene_mode mode)
{
    float seconds = (float)(at_us - d->last_us) * 1e-6f;
    float rate = 1 - expf(-seconds / 10.0f);
    scene_follow(&d->scene, mode, rate, mode == SCENE_KEY ? 0.05f : 0.01f);
}

static uint8_t activity_of(const struct detector *d, enum scene_mode mode)
{
    float mid = d->quiet[mode].mode;
    float bound = threshold(d, mode, SUSPECT_LOOKS);
    float part = (d->scene.height_log - mid) / (bound - mid + 1e-3f);
    float level =
        part < 1 ? 128 * part : 128 + 20 * (d->scene.height_log - bound);
    return (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
}

static void known_look(struct detector *d, struct detect_look *look,
                       int64_t at_us, enum scene_mode mode)
{
    look->activity = activity_of(d, mode);
    scene_mark(&d->scene, threshold(d, mode, SUSPECT_LOOKS));
    bool held = light_follow(d, look, at_us);
    if (held) {
        d->seen_us = d->moved_us = at_us;
        d->state = d->state == SUSPECT ? QUIET : d->state;
    } else if (d->state == QUIET) {
        quiet_look(d, at_us, mode);
    } else if (d->state == SUSPECT) {
        suspect_look(d, look, at_us, mode);
    } else {
        present_look(d, look, at_us, mode);
    }
    if (!held) {
        scene_go_on(d, at_us, mode);
    }
    look->wants_all =
        d->state != QUIET && at_us - d->onset_us < DETECT_BURST_US;
}

void detector_look(struct detector *detector, const struct plane *picture,
                   int64_t at_us, bool key, struct detect_look *out)
{
    struct detector *d = detector;
    enum scene_mode mode = key ? SCENE_KEY : SCENE_OTHER;
    *out = (struct detect_look){0};
    if (d->begin_us < 0) {
        d->begin_us = d->last_us = d->moved_us = at_us;
        d->past_us = d->between_us = at_us - 1000000;
        tell(out, (struct detect_event){DETECT_LEARNING, true, at_us, -1, 0});
    }
    scene_compare(&d->scene, picture, mode);
    if (d->state == LEARNING) {
        learning_look(d, out, at_us, mode);
    } else {
        known_look(d, out, at_us, mode);
    }
    past_keep(d, at_us);
    d->last_us = at_us;
}

void detector_finish(struct detector *detector, int64_t at_us,
                     struct detect_look *out)
{
    *out = (struct detect_look){0};
    if (detector->begin_us >= 0 && detector->state == LEARNING) {
        learn_end(detector, out, at_us);
    }
    if (detector->state == PRESENT) {
        present_end(detector, out);
    }
    if (detector->light_since_us >= 0) {
        tell(out, (struct detect_event){DETECT_LIGHT, false, at_us, -1, 0});
    }
    cover_follow(detector, out, at_us, false);
}
