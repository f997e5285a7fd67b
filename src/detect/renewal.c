/* The camera goes on with another coder: the scene is known, its noise is
 * not. */
#include "detect/detector_state.h"
#include "detect/grid.h"

#define MOST_CHANGED 0.5f /* of the cells, after the light */
#define MOST_UNEVEN 0.3f  /* more may not be noise alone */
#define SAME_EDGES 0.7f   /* a correlation: whatever the light does, or, */
#define LIKE_EDGES 0.4f   /* where most cells are as they were, this */
#define SHOWS 3.0f        /* times the noise: texture that can be compared */
#define LOOKS 60          /* that its law is learned from, */
#define LOOKS_PRESENT 24  /* while somebody is there, */
#define MOST_US 5000000   /* or as many as come in this time */
#define LOUDER 1.0f       /* than it was, a logarithm: no law holds any more */
#define BESIDE 4          /* cells between him and what is quiet */

static bool is_same_scene(struct scene *s)
{
    struct light_edges edges = scene_edges(s, true);
    bool shows =
        edges.strength > SHOWS * noise_at(&s->noise[SCENE_KEY], s->level);
    if (shows && edges.correlation > SAME_EDGES) {
        return true;
    }
    return s->changed < MOST_CHANGED &&
           (!shows || edges.correlation > LIKE_EDGES);
}

static void noise_anew(struct scene *s)
{
    struct noise before = s->noise[SCENE_KEY];
    noise_learn(&s->noise[SCENE_KEY], &s->mean, &s->rest, 1);
    noise_scale(&s->noise[SCENE_OTHER], &before, &s->noise[SCENE_KEY]);
    scene_settle(s);
}

bool detector_renew(struct detector *detector, const struct plane *picture)
{
    struct detector *d = detector;
    int height = grid_height(picture->width_px, picture->height_px);
    if (d->state == LEARNING || d->scene.height != height) {
        return false;
    }
    scene_compare(&d->scene, picture, SCENE_KEY);
    if (!is_same_scene(&d->scene)) {
        return false;
    }
    if (d->scene.changed < MOST_UNEVEN) {
        noise_anew(&d->scene);
    }
    evidence_forget(&d->evidence);
    quiet_forget(&d->anew[SCENE_KEY]);
    quiet_forget(&d->anew[SCENE_OTHER]);
    d->state = d->state == SUSPECT ? QUIET : d->state;
    d->is_renewed = true;
    d->renewed_us = -1;
    return true;
}

/* Nothing is known: who is there becomes part of the scene. */
static void scene_forget(struct detector *d, struct detect_look *look)
{
    presence_end(d, look);
    look->is_cut = true;
    for (int mode = 0; mode < SCENE_MODES; mode++) {
        quiet_forget(&d->quiet[mode]);
        quiet_forget(&d->proof[mode]);
        d->scene.noise[mode].known = false;
        d->evidence.learned[mode] = 0;
    }
    d->scene.looks = 0;
    d->begin_us = -1;
    d->state = LEARNING;
}

static void laws_take(struct detector *d, struct detect_look *look)
{
    enum scene_mode mode =
        d->anew[SCENE_OTHER].count < 4 ? SCENE_KEY : SCENE_OTHER;
    d->is_renewed = false;
    quiet_fit(&d->anew[SCENE_KEY]);
    quiet_fit(&d->anew[SCENE_OTHER]);
    if (d->anew[mode].count < 4) {
        return;
    }
    if (d->state == PRESENT &&
        d->anew[mode].mode > loud_threshold(d, mode, 1) + LOUDER) {
        scene_forget(d, look);
        return;
    }
    /* A law of too few looks is borrowed. */
    d->quiet[SCENE_KEY] = d->anew[SCENE_KEY];
    d->quiet[SCENE_OTHER] = d->anew[SCENE_OTHER];
}

void renewal_look(struct detector *d, struct detect_look *look, int64_t at_us,
                  enum scene_mode mode)
{
    bool is_there = d->state == PRESENT;
    int wide = is_there ? d->mover_right - d->mover_left + 1 + BESIDE : 0;
    int tall = is_there ? d->mover_bottom - d->mover_top + 1 + BESIDE : 0;
    d->renewed_us = d->renewed_us < 0 ? at_us : d->renewed_us;
    quiet_learn(&d->anew[mode],
                scene_height_beside(&d->scene, mode, wide, tall));
    if (is_there) {
        presence_look(d, look, at_us, mode);
    } else {
        evidence_learn(&d->evidence, mode);
    }
    int looks = d->anew[SCENE_KEY].count + d->anew[SCENE_OTHER].count;
    if (looks >= (is_there ? LOOKS_PRESENT : LOOKS) ||
        at_us - d->renewed_us >= MOST_US) {
        laws_take(d, look);
    }
}
