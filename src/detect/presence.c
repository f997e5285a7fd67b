#include "detect/detector_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GONE_US 2000000    /* nothing seen for so long: it has left */
#define STAND_US 120000000 /* unless it is where a person stopped */
#define WANDER_US 10000000 /* things that are loudest in turn end it then */
#define STAND_PART 0.25f   /* and no smaller than so much of him */
#define STAND_CELLS 4      /* around the place where motion was seen last */
#define FRINGE 0.4f        /* over what is usual */
#define LOUD 1.0f          /* over certainty: more than a shadow left behind */
#define LOUD_FADES 0.05f   /* a look */
#define LEFT 0.25f         /* of that, logarithms, of who stands */
#define LEFT_LIT 0.5f      /* where the light changed: it leaves more, */
#define STAND_LIT_US 20000000 /* and who stands has so long to move */
#define LIT_US 1500000        /* after a light, pictures compared hold it */

static void person_tell(struct detector *d, struct detect_look *look,
                        bool begins, int zone, int64_t at_us)
{
    detector_tell(look, (struct detect_event){DETECT_PERSON, begins, at_us,
                                              zone, (double)d->best});
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
    d->close_us = fresh & d->zones.baits ? at_us : d->close_us;
    if (!d->zones_entered && !d->outside) {
        d->outside = true;
        person_tell(d, look, true, -1, at_us);
    }
}

void presence_end(struct detector *d, struct detect_look *look)
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
void thing_absorb(struct detector *d, struct detect_look *look, int64_t at_us,
                  enum scene_mode mode)
{
    uint32_t touched = zone_cells_touched(&d->zones, d->scene.busy);
    uint32_t baits = touched & d->zones.baits;
    struct light_edges edges = scene_edges(&d->scene, false);
    for (int i = 0; edges.correlation < 0.8f && baits >> i; i++) {
        if (baits >> i & 1) {
            struct detect_event page = {DETECT_PAGE, true, at_us, i,
                                        (double)(1 - edges.correlation)};
            detector_tell(look, page);
            page.begins = false;
            detector_tell(look, page);
        }
    }
    /* Its fringes too, which else would stir us next. */
    scene_compare_again(&d->scene, mode);
    scene_mark(&d->scene, d->quiet[mode].mode + FRINGE);
    const struct evidence_spot *spot = &d->evidence.best;
    if (loud_figure(d, mode, SUSPECT_LOOKS)) {
        scene_mark_at(&d->scene, spot->x, spot->y, spot->width + 4,
                      spot->tall + 4);
    }
    suspicion_place(d, mode, &d->thing_x, &d->thing_y);
    scene_absorb(&d->scene);
    evidence_forget(&d->evidence);
    d->thing_us = at_us;
}

static int busy_count(const struct scene *s)
{
    int count = 0;
    for (int i = 0; i < s->width * s->height; i++) {
        count += s->busy[i];
    }
    return count;
}

static bool is_busy_near(const struct scene *s, int x, int y)
{
    for (int j = y - STAND_CELLS; j <= y + STAND_CELLS; j++) {
        for (int i = x - STAND_CELLS; i <= x + STAND_CELLS; i++) {
            if (i >= 0 && j >= 0 && i < s->width && j < s->height &&
                s->busy[j * s->width + i]) {
                return true;
            }
        }
    }
    return false;
}

/* What is loud is seen to move; what is faint is only heard to. Somebody who
 * stands moves too, in the end: by what adds up since he was last seen to. */
static bool present_moves(struct detector *d, enum scene_mode mode, bool figure)
{
    float bound = loud_threshold(d, mode, d->sure_looks);
    if (figure && d->scene.height_log <= bound && loud_walks(d)) {
        d->mover_x = d->evidence.best.x;
        d->mover_y = d->evidence.best.y;
        return true;
    }
    if (scene_motion(&d->scene, &d->scene.past, mode) <= bound &&
        scene_motion(&d->scene, &d->stood, mode) <= bound) {
        return false;
    }
    d->mover_x = d->scene.motion_x;
    d->mover_y = d->scene.motion_y;
    return true;
}

/* What does not move and stands where motion was last seen is somebody who
 * stopped; what stands elsewhere, is small, or fainter by far than he was, is
 * a thing that was moved, or what a changed exposure left. */
static bool present_stands(struct detector *d, int64_t at_us,
                           enum scene_mode mode)
{
    float bound = loud_threshold(d, mode, d->sure_looks);
    float was_over = d->mover_log - bound;
    bool was_lit = d->light_last_us > d->onset_us;
    int64_t most_us = was_lit ? STAND_LIT_US : STAND_US;
    float left = was_lit ? LEFT_LIT : LEFT;
    bool is_fainter =
        was_over > LOUD && d->scene.height_log < bound + left * was_over;
    return !is_fainter && at_us - d->moved_us < most_us &&
           (float)busy_count(&d->scene) >= STAND_PART * d->mover_cells &&
           is_busy_near(&d->scene, d->mover_x, d->mover_y) &&
           !lighting_left(d, mode);
}

/* Since when is what stands out in one place? Somebody who walks into the dark
 * is seen to be elsewhere, though too faint to be seen to move; things are
 * loudest in turn, further apart than anybody walks. */
static int64_t still_since(struct detector *d, int64_t at_us,
                           enum scene_mode mode)
{
    int x, y;
    suspicion_place(d, mode, &x, &y);
    float tall = (float)d->evidence.best.tall;
    float past_s = (float)(at_us - d->near_us) * 1e-6f;
    float way = hypotf((float)(x - d->still_x), (float)(y - d->still_y));
    /* Of a strip that he left, the loudest piece may be any. */
    bool near = abs(x - d->still_x) <= STAND_CELLS &&
                (float)abs(y - d->still_y) <= STAND_CELLS + tall / 2;
    bool walked = !near && way <= STAND_CELLS + FASTEST * tall * past_s;
    if (walked) {
        d->still_x = x;
        d->still_y = y;
        d->still_us = at_us;
    }
    d->near_us = near || walked ? at_us : d->near_us;
    int64_t elsewhere_us = at_us - d->moved_us < WANDER_US ? d->still_us : 0;
    return elsewhere_us > d->seen_us ? elsewhere_us : d->seen_us;
}

static void stood_keep(struct detector *d)
{
    size_t cells = (size_t)d->scene.width * (size_t)d->scene.height;
    memcpy(d->stood.data, d->scene.now.data, cells * sizeof(float));
}

static void mover_box(struct detector *d)
{
    const struct scene *s = &d->scene;
    d->mover_left = s->width;
    d->mover_top = s->height;
    d->mover_right = d->mover_bottom = -1;
    for (int i = 0; i < s->width * s->height; i++) {
        if (s->busy[i]) {
            int x = i % s->width, y = i / s->width;
            d->mover_left = x < d->mover_left ? x : d->mover_left;
            d->mover_right = x > d->mover_right ? x : d->mover_right;
            d->mover_top = y < d->mover_top ? y : d->mover_top;
            d->mover_bottom = y;
        }
    }
}

static void mover_keep(struct detector *d, int64_t at_us)
{
    d->moved_us = d->seen_us = at_us;
    stood_keep(d);
    mover_box(d);
    d->mover_cells =
        fmaxf((float)busy_count(&d->scene), 0.98f * d->mover_cells);
    d->mover_log = fmaxf(d->scene.height_log, d->mover_log - LOUD_FADES);
}

void presence_begin(struct detector *d, struct detect_look *look, int64_t at_us,
                    enum scene_mode mode)
{
    d->state = PRESENT;
    d->close_us = at_us;
    d->persons = 1;
    d->crowd_run = 0;
    d->crowd_tall = 0;
    d->best = (float)loud_score(d, mode);
    d->mover_cells = 0;
    d->mover_log = d->scene.height_log;
    suspicion_place(d, mode, &d->mover_x, &d->mover_y);
    mover_keep(d, at_us);
    zones_tell(d, look, d->onset_us);
}

void presence_look(struct detector *d, struct detect_look *look, int64_t at_us,
                   enum scene_mode mode)
{
    bool figure = loud_figure(d, mode, d->sure_looks);
    bool is_lit = at_us - d->light_last_us < LIT_US || d->is_renewed;
    bool there =
        figure || d->scene.height_log > loud_threshold(d, mode, d->sure_looks);
    if (there) {
        int64_t still_us = still_since(d, at_us, mode);
        d->best = fmaxf(d->best, (float)loud_score(d, mode));
        if (is_lit) { /* all moves, nothing is seen to */
            stood_keep(d);
            d->seen_us = at_us;
            return;
        }
        zones_tell(d, look, at_us);
        if (present_moves(d, mode, figure)) {
            mover_keep(d, at_us);
            d->persons = crowd_look(d, at_us, mode);
        } else if (present_stands(d, at_us, mode)) {
            d->seen_us = at_us;
        } else if (at_us - still_us >= STILL_US) {
            thing_absorb(d, look, at_us, mode);
            presence_end(d, look);
        }
    } else if (at_us - d->seen_us >= GONE_US) {
        presence_end(d, look);
    }
}
