#include "detect/detector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/calm.h"
#include "detect/detector_state.h"
#include "detect/sight.h"

#define CLOCK_LOOKS 10
#define LAW_LEAST 0.9f /* of evidence: its scale is one by itself */
#define LAW_MOST 4.0f
#define BURST_EVERY_US 5000000
#define BURST_AGAIN_US 400000
#define CLOSE_US INT64_C(3000000)
#define FAINT 1.0f /* over certainty, logarithms */
#define SIGHT_EVERY_US 30000000
#define GLANCES_A_LOOK (1.0f / 6)
#define GLANCES_SAVED 4
#define MEAN_US 1500000   /* of learning: only the scene itself */
#define SPREAD_US 2500000 /* then its noise, then its loudest spots */

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
        status = plane_f_init(&d->stood, d->scene.width, d->scene.height);
    }
    if (!status) {
        status = evidence_init(&d->evidence, d->scene.width, d->scene.height,
                               d->scene.sum);
    }
    if (!status) {
        status = zone_cells_init(&d->zones, zone, zones, d->scene.width,
                                 d->scene.height);
    }
    if (status) {
        return status;
    }
    for (int mode = 0; mode < SCENE_MODES; mode++) {
        d->proof[mode].least = LAW_LEAST;
        d->proof[mode].most = LAW_MOST;
    }
    for (int i = 0; i < zones; i++) {
        d->tall[i] = sight_tall(&zone[i], width_px, height_px);
    }
    d->sure_looks = SURE_LOOKS;
    d->begin_us = d->light_since_us = d->cover_since_us = -1;
    d->light_last_us = d->thing_us = INT64_MIN / 2;
    *out = d;
    d = NULL;
    return STING_OK;
}

void detector_black(struct detector *detector, float level)
{
    detector->black = level;
}

void detector_budget(struct detector *detector, double presence_a_day)
{
    double looks = SURE_LOOKS / presence_a_day;
    detector->sure_looks =
        looks > 4 * SUSPECT_LOOKS ? looks : 4 * SUSPECT_LOOKS;
}

void detector_free(struct detector **detector)
{
    if (*detector) {
        scene_release(&(*detector)->scene);
        plane_f_release(&(*detector)->onset);
        plane_f_release(&(*detector)->stood);
        evidence_release(&(*detector)->evidence);
        zone_cells_release(&(*detector)->zones);
    }
    free(*detector);
    *detector = NULL;
}

void detector_tell(struct detect_look *look, struct detect_event event)
{
    if (look->events < DETECT_MOST_EVENTS) {
        look->event[look->events++] = event;
    }
}

/* A clock that was not known yet has spoilt the laws of the quiet. */
static void clock_find(struct detector *d, enum scene_mode mode)
{
    bool looks = d->state == LEARNING || d->state == QUIET;
    if (!looks || d->scene.looks < CLOCK_LOOKS ||
        !scene_clock(&d->scene, &d->scene.past, mode)) {
        return;
    }
    for (int i = 0; d->state == LEARNING && i < SCENE_MODES; i++) {
        quiet_forget(&d->quiet[i]);
        quiet_forget(&d->proof[i]);
        d->moved_us = d->last_us;
    }
}

/* Keep pictures from half a second to a second ago, to see motion by. */
static void past_keep(struct detector *d, int64_t at_us, enum scene_mode mode)
{
    if (at_us - d->between_us < 500000) {
        return;
    }
    clock_find(d, mode);
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
    for (int mode = 0; mode < SCENE_MODES; mode++) {
        quiet_fit(&d->quiet[mode]);
        quiet_fit(&d->proof[mode]);
    }
    scene_settle(&d->scene);
    calm_doubt(d);
    d->state = QUIET;
    detector_tell(look,
                  (struct detect_event){DETECT_LEARNING, false, at_us, -1, 0});
}

static void learning_look(struct detector *d, struct detect_look *look,
                          int64_t at_us, enum scene_mode mode)
{
    struct scene *s = &d->scene;
    int64_t age = at_us - d->begin_us;
    memset(s->busy, 0, (size_t)s->width * (size_t)s->height);
    if (age >= SPREAD_US) {
        loud_learn(d, mode);
    } else if (age >= MEAN_US) {
        evidence_learn(&d->evidence, mode);
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
        d->moved_looks += q->count >= 4;
    }
    look->wants_all = true;
    if ((age >= DETECT_LEARN_US && at_us - d->moved_us >= STILL_US / 2) ||
        age >= DETECT_LEARN_MOST_US) {
        learn_end(d, look, at_us);
        look->wants_all = false;
    }
}

/* Where keyframes stir more often than by chance, glances stay few. */
static void quiet_look(struct detector *d, int64_t at_us, enum scene_mode mode)
{
    bool is_key = mode == SCENE_KEY;
    d->may_glance +=
        is_key && d->may_glance < GLANCES_SAVED ? GLANCES_A_LOOK : 0;
    bool may = is_key && d->may_glance >= 1;
    if (loud_over(d, mode, may ? GLANCE_LOOKS : SUSPECT_LOOKS)) {
        suspicion_begin(d, at_us, mode);
        d->may_glance -= (float)d->glances;
        return;
    }
    loud_learn(d, mode);
    calm_look(d, at_us, mode);
}

static void scene_go_on(struct detector *d, int64_t at_us, enum scene_mode mode)
{
    float seconds = (float)(at_us - d->last_us) * 1e-6f;
    float rate = 1 - expf(-seconds / 10.0f);
    bool is_fast = mode == SCENE_KEY || calm_learns(d);
    scene_follow(&d->scene, mode, rate, is_fast ? 0.05f : 0.01f);
}

/* At most 10 s of each onset, while it is not certain, faint, or one more seems
 * to be there; else a while from certainty on, and from each bait he comes to.
 */
static bool is_close(const struct detector *d, int64_t at_us,
                     enum scene_mode mode)
{
    bool is_faint =
        d->mover_log < loud_threshold(d, mode, d->sure_looks) + FAINT;
    bool is_told = d->state == PRESENT && d->crowd_run == 0 && !is_faint;
    return (d->state == PRESENT && at_us - d->close_us < CLOSE_US) ||
           (!is_told && at_us - d->onset_us < DETECT_BURST_US);
}

/* And later in a presence a little every 5 s, to see it move. */
static bool wants_all(struct detector *d, int64_t at_us, enum scene_mode mode)
{
    bool begins = is_close(d, at_us, mode) ||
                  (mode == SCENE_KEY && at_us - d->burst_us >= BURST_EVERY_US);
    d->burst_us = begins ? at_us : d->burst_us;
    return d->state != QUIET && at_us - d->burst_us < BURST_AGAIN_US;
}

static void known_look(struct detector *d, struct detect_look *look,
                       int64_t at_us, enum scene_mode mode)
{
    look->activity = loud_activity(d, mode);
    loud_mark(d, mode);
    bool held = lighting_follow(d, look, at_us, mode);
    if (held) {
        evidence_forget(&d->evidence);
        d->seen_us = d->moved_us = at_us;
        d->state = d->state == SUSPECT ? QUIET : d->state;
        d->renewed_us = at_us;
    } else if (d->is_renewed) {
        renewal_look(d, look, at_us, mode);
    } else if (d->state == QUIET) {
        quiet_look(d, at_us, mode);
    } else if (d->state == SUSPECT) {
        suspicion_look(d, look, at_us, mode);
    } else {
        presence_look(d, look, at_us, mode);
        calm_break(d);
    }
    bool is_spoilt = d->hides && d->state != PRESENT; /* by what hides it */
    if (!held && !is_spoilt) {
        scene_go_on(d, at_us, mode);
    }
    look->wants_all =
        wants_all(d, at_us, mode) || d->is_renewed || calm_learns(d);
    look->persons = d->state == PRESENT ? d->persons : 0;
}

/* Tell what can be seen, or that it is not known, when learning is over and
 * every half minute. */
static void sights_tell(struct detector *d, struct detect_look *look,
                        int64_t at_us)
{
    if (d->state == LEARNING ||
        (d->sight_us && at_us - d->sight_us < SIGHT_EVERY_US)) {
        return;
    }
    d->sight_us = at_us;
    for (int i = -1; i < d->zones.zones; i++) {
        float tall = i < 0 ? SIGHT_TALL : d->tall[i];
        struct detect_sight *sight = &look->sight[look->sights];
        *sight = (struct detect_sight){.zone = i, .is_unquiet = d->is_unquiet};
        look->sights += d->is_unquiet || sight_of(d, i, tall, sight);
    }
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
        calm_begin(d);
        detector_tell(
            out, (struct detect_event){DETECT_LEARNING, true, at_us, -1, 0});
    }
    scene_compare(&d->scene, picture, mode);
    evidence_look(&d->evidence, &d->scene.units, at_us, mode);
    if (d->state == LEARNING) {
        learning_look(d, out, at_us, mode);
    } else {
        known_look(d, out, at_us, mode);
    }
    sights_tell(d, out, at_us);
    past_keep(d, at_us, mode);
    d->last_us = at_us;
}

void detector_finish(struct detector *detector, int64_t at_us,
                     struct detect_look *out)
{
    *out = (struct detect_look){.is_cut = true};
    if (detector->begin_us >= 0 && detector->state == LEARNING) {
        learn_end(detector, out, at_us);
    }
    if (detector->state == PRESENT) {
        presence_end(detector, out);
    }
    if (detector->light_since_us >= 0) {
        detector_tell(out,
                      (struct detect_event){DETECT_LIGHT, false, at_us, -1, 0});
    }
    lighting_cover(detector, out, at_us, false);
}
