#include "detect/detector_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STRONG 1.5f      /* over sure: no need to see it move */
#define HIDES_US 1000000 /* so long, after a light, it is no flash */
#define STRONG_CELLS 100 /* if it is as large as this */
#define FASTEST 1.3f     /* own heights a second */
#define BRIGHT_US 400000 /* so long, in so many looks, no insect stays near */
#define BRIGHT_LOOKS 5
#define BRIGHT_MOST_US 800000 /* and where looks are far apart */
#define STRIDES 2.0f          /* the same of all that is loud, limbs too */
#define SHAKE 2.0f /* cells by which the middle of a patch trembles */
#define SUSPECT_MOST_US 2000000
#define LIGHT_AFTER_US 3000000
#define MENDED_LEFT 0.25f
#define MENDS_US 25000000 /* so long a coder mends what a light left */
#define NEAR_CELLS 14
#define STOOD_CELLS 3
#define LEAST_WAY 3 /* cells */
#define AFTERMATH_US 10000000
#define GLANCE_US 200000      /* while what stirred us is faint, and is gone, */
#define GLANCE_MOST_US 500000 /* or does not get louder */
#define CHAIN_LOOKS 6         /* the first and the last share no picture */
#define CLOCK_TALL 10         /* cells; smaller, near an edge, is a clock, */
#define CLOCK_LOUD 5.0f       /* or over sure, where else there is not more */
#define CLOCK_SHARE 0.98f     /* than the rest of this; */
#define CLOCK_PACED 4         /* unless it is heard to walk so often, */
#define CLOCK_WAY 8           /* so far */

void suspicion_place(const struct detector *d, enum scene_mode mode, int *x,
                     int *y)
{
    bool figure = loud_figure(d, mode, SUSPECT_LOOKS);
    *x = figure ? d->evidence.best.x : d->scene.peak_x;
    *y = figure ? d->evidence.best.y : d->scene.peak_y;
}

/* What is loud now; the cells that stir us are marked after it as before. */
static struct patch patch_of(struct detector *d, enum scene_mode mode)
{
    const struct scene *s = &d->scene;
    struct patch p = {.left = s->width, .top = s->height};
    p.cells = scene_mark(&d->scene, loud_threshold(d, mode, d->sure_looks));
    double x_sum = 0, y_sum = 0;
    for (int i = 0; p.cells && i < s->width * s->height; i++) {
        int x = i % s->width, y = i / s->width;
        if (s->busy[i]) {
            p.left = x < p.left ? x : p.left;
            p.right = x > p.right ? x : p.right;
            p.top = y < p.top ? y : p.top;
            p.bottom = y;
            x_sum += x;
            y_sum += y;
        }
    }
    p.x = (float)(x_sum / (p.cells + 1e-9));
    p.y = (float)(y_sum / (p.cells + 1e-9));
    loud_mark(d, mode);
    return p;
}

static void place_take(struct detector *d, enum scene_mode mode, int64_t at_us)
{
    suspicion_place(d, mode, &d->place_x, &d->place_y);
    d->patch = patch_of(d, mode);
    d->place_us = at_us;
}

/* Is what stands out brighter than the scene, all of it? Loud patches are
 * judged whole, since a part of somebody is bright soon. */
static bool is_bright(const struct detector *d, const struct patch *p)
{
    const struct evidence_spot *spot = &d->evidence.best;
    if (p->cells) {
        return scene_is_bright(&d->scene, (p->left + p->right) / 2,
                               (p->top + p->bottom) / 2, p->right - p->left,
                               p->bottom - p->top);
    }
    return scene_is_bright(&d->scene, spot->x, spot->y, spot->width + 2,
                           spot->tall);
}

static void onset_take(struct detector *d)
{
    memcpy(d->onset.data, d->scene.now.data,
           (size_t)d->scene.width * (size_t)d->scene.height * sizeof(float));
}

void suspicion_begin(struct detector *d, int64_t at_us, enum scene_mode mode)
{
    d->state = SUSPECT;
    d->glances = !loud_over(d, mode, SUSPECT_LOOKS);
    d->onset_us = d->seen_us = d->moved_us = at_us;
    d->run = loud_over(d, mode, d->sure_looks);
    d->run_us = at_us;
    d->paced = 0;
    d->chain = (struct chain){0};
    place_take(d, mode, at_us);
    d->bright = is_bright(d, &d->patch);
    d->run_x = d->place_x;
    d->onset_height = d->scene.height_log;
    d->onset_proof = d->evidence.best.height;
    d->onset_mode = mode;
    d->onset_bright = d->bright;
    onset_take(d);
}

/* Did the whole of it go on no faster than somebody of its height walks, arms
 * and legs shaking? Its loudest spot may be the head now and a foot then. */
static bool is_same(const struct detector *d, const struct patch *now,
                    int64_t at_us)
{
    const struct patch *then = &d->patch;
    int tall = now->bottom - now->top + 1, was = then->bottom - then->top + 1;
    float past_s = (float)(at_us - d->place_us) * 1e-6f;
    float way = SHAKE + STRIDES * past_s * (float)(tall > was ? tall : was);
    return hypotf(now->x - then->x, now->y - then->y) <= way;
}

/* As far as a figure of this size may have come since the last look. Insects
 * at the lens, which are bright, fly faster than anybody walks. */
static bool is_near(const struct detector *d, enum scene_mode mode,
                    const struct patch *now, int64_t at_us)
{
    int x, y, across = NEAR_CELLS, down = NEAR_CELLS;
    bool is_loud = now->cells && d->patch.cells;
    if (is_loud && (d->bright || is_same(d, now, at_us))) {
        return is_same(d, now, at_us);
    }
    suspicion_place(d, mode, &x, &y);
    float tall = (float)d->evidence.best.tall;
    if (loud_figure(d, mode, d->sure_looks) && d->bright) {
        float past_s = (float)(at_us - d->place_us) * 1e-6f;
        across = (int)(2 + 0.5f * (float)d->evidence.best.width +
                       FASTEST * tall * past_s);
        down = (int)(3 + tall * (0.4f + 0.3f * past_s));
    } else if (loud_figure(d, mode, d->sure_looks)) {
        across = down = (int)fmaxf(NEAR_CELLS, tall / 2);
    }
    return abs(x - d->place_x) <= across && abs(y - d->place_y) <= down;
}

/* A thing that stays is heard to walk now and then, by chance. */
static void steps_count(struct detector *d, bool near, bool walks)
{
    int before = near ? d->paced : 0;
    d->paced = walks ? before + 1 : before > 0 ? before - 1 : 0;
}

/* What walks is fainter in one look than in the next: what was certain, and
 * still speaks for somebody there, need not begin anew. One look may show
 * nothing at all; of two, he is gone. */
static bool lingers(const struct detector *d, enum scene_mode mode)
{
    const struct evidence_spot *spot = &d->evidence.best;
    int reach = spot->tall / 2 > NEAR_CELLS ? spot->tall / 2 : NEAR_CELLS;
    bool is_seen = d->evidence.stands || d->place_us == d->last_us;
    return d->run > 0 && is_seen &&
           spot->height > loud_figure_threshold(d, mode, SUSPECT_LOOKS) &&
           abs(spot->x - d->place_x) <= reach &&
           abs(spot->y - d->place_y) <= reach;
}

/* Did it go further than noise shakes what stays? What is left of a thing that
 * became part of the scene is many small things, here now and there then. */
static bool is_far(const struct detector *d, int64_t at_us, int looks, int gone)
{
    int way = d->evidence.best.tall / 5;
    int doubt = at_us - d->thing_us < AFTERMATH_US ? 2 : 1;
    return looks >= doubt &&
           abs(gone) >= doubt * (way > LEAST_WAY ? way : LEAST_WAY);
}

/* Heard to walk in two looks more than not, and far. */
static bool has_walked(const struct detector *d, int64_t at_us)
{
    return is_far(d, at_us, d->paced / 2, d->evidence.best.x - d->run_x);
}

/* Evidence stands on four looks: what is over suspicion six looks apart, and
 * went on in between, is there twice. */
static void chain_follow(struct detector *d, enum scene_mode mode,
                         int64_t at_us)
{
    const struct evidence_spot *spot = &d->evidence.best;
    struct chain *c = &d->chain;
    float past_s = (float)(at_us - d->last_us) * 1e-6f;
    float tall = (float)spot->tall;
    if (mode == SCENE_KEY) {
        return; /* they see nobody walk */
    }
    if (!loud_figure(d, mode, SUSPECT_LOOKS) ||
        is_bright(d, &(struct patch){0})) {
        *c = (struct chain){0};
        return;
    }
    bool goes_on = c->looks > 0 &&
                   abs(spot->x - c->x) <= (int)(3 + FASTEST * tall * past_s) &&
                   abs(spot->y - c->y) <= (int)(3 + 0.4f * tall);
    *c = goes_on ? *c : (struct chain){.from_x = spot->x};
    c->looks++;
    c->walks += loud_walks(d);
    c->x = spot->x;
    c->y = spot->y;
}

static bool chain_walks(const struct detector *d, int64_t at_us)
{
    const struct chain *c = &d->chain;
    return at_us - d->light_last_us >= LIGHT_AFTER_US &&
           2 * c->walks >= c->looks &&
           is_far(d, at_us, c->looks / CHAIN_LOOKS, c->x - c->from_x);
}

/* What became part of the scene there a moment ago was coded anew by the next
 * keyframe, and trembles: did motion come from there? */
static bool is_of_thing(const struct detector *d, int64_t at_us)
{
    return at_us - d->thing_us < AFTERMATH_US &&
           abs(d->scene.motion_x - d->thing_x) <= STOOD_CELLS &&
           abs(d->scene.motion_y - d->thing_y) <= 2 * STOOD_CELLS;
}

/* Figures burned in change where they are, or all of them come up at once, by
 * far louder than people; who is small and walks goes on. */
static bool is_clock(const struct detector *d, float sure)
{
    const struct evidence_spot *spot = &d->evidence.best;
    bool is_small =
        scene_is_edge(&d->scene, d->place_y) && spot->tall < CLOCK_TALL;
    bool is_alone = d->scene.height_log > sure + CLOCK_LOUD &&
                    scene_edge_share(&d->scene) > CLOCK_SHARE;
    bool goes = d->paced >= CLOCK_PACED && abs(spot->x - d->run_x) >= CLOCK_WAY;
    return (is_small || is_alone) && !goes;
}

/* A person moves, or is so large and loud that it need not be seen. After a
 * change of light, what light leaves behind is large and loud too: then only
 * what also moved since the picture before counts. */
static bool is_mover(struct detector *d, enum scene_mode mode, int64_t at_us)
{
    float sure = loud_threshold(d, mode, d->sure_looks);
    bool was_light = at_us - d->light_last_us < LIGHT_AFTER_US;
    bool strong = d->scene.height_log > sure + STRONG &&
                  !scene_is_edge(&d->scene, d->scene.peak_y) &&
                  scene_mark(&d->scene, sure) >= STRONG_CELLS;
    if (is_clock(d, sure)) {
        return false;
    }
    if (d->hides && d->scene.height_log > sure &&
        at_us - d->run_us >= HIDES_US) {
        return true;
    }
    if (!was_light && (strong || (has_walked(d, at_us) &&
                                  loud_figure(d, mode, SUSPECT_LOOKS)))) {
        return true;
    }
    float motion = scene_motion(&d->scene, &d->onset, mode);
    if (was_light) {
        motion = fminf(motion, scene_motion(&d->scene, &d->scene.past, mode));
    }
    bool again = is_of_thing(d, at_us);
    scene_compare_again(&d->scene, mode);
    return motion > sure + (again ? STRONG : 0);
}

/* Large, loud, and moving still after so long: where looks are far apart, who
 * walks is never in one place for three of them. */
static bool goes_on(struct detector *d, enum scene_mode mode, int64_t at_us)
{
    float sure = loud_threshold(d, mode, d->sure_looks);
    bool is_large = d->scene.height_log > sure + STRONG &&
                    !scene_is_edge(&d->scene, d->scene.peak_y) &&
                    scene_mark(&d->scene, sure) >= STRONG_CELLS;
    bool moves = is_large && at_us - d->light_last_us >= LIGHT_AFTER_US &&
                 scene_motion(&d->scene, &d->onset, mode) > sure + STRONG &&
                 scene_motion(&d->scene, &d->scene.past, mode) > sure + STRONG;
    scene_compare_again(&d->scene, mode);
    loud_mark(d, mode);
    return moves;
}

/* What is too faint to be certain and stands where it stood would stir us at
 * every keyframe from now on. */
static void faint_absorb(struct detector *d, enum scene_mode mode)
{
    int x, y;
    suspicion_place(d, mode, &x, &y);
    if (loud_over(d, mode, SUSPECT_LOOKS) &&
        abs(x - d->place_x) <= STOOD_CELLS &&
        abs(y - d->place_y) <= STOOD_CELLS) {
        scene_absorb(&d->scene);
        evidence_forget(&d->evidence);
    }
}

/* Suspicion comes of what walks; what merely stays may be grain of the
 * keyframe, which the frames after it were coded from. */
static void glance_follow(struct detector *d, enum scene_mode mode)
{
    bool stirs = loud_over(d, mode, SUSPECT_LOOKS);
    d->glances = d->glances && !(stirs && loud_walks(d));
    if (d->glances && !stirs) {
        loud_learn(d, mode);
    }
}

/* How long somebody who is not certain is looked for. */
static int64_t patience_us(const struct detector *d, enum scene_mode mode)
{
    return !d->glances                        ? SUSPECT_MOST_US
           : loud_over(d, mode, GLANCE_LOOKS) ? GLANCE_MOST_US
                                              : GLANCE_US;
}

/* In how many looks in a row it was near where it had been. */
static void run_follow(struct detector *d, int64_t at_us, enum scene_mode mode,
                       bool over)
{
    int y;
    struct patch patch = patch_of(d, mode);
    bool was_bright = d->bright;
    d->bright = over && is_bright(d, &patch);
    bool near = over && is_near(d, mode, &patch, at_us);
    bool on = !over && lingers(d, mode);
    d->bright |= on && was_bright;
    d->run = near ? d->run + 1 : over ? 1 : on ? d->run : 0;
    if (d->run <= 1) {
        d->run_us = at_us;
        suspicion_place(d, mode, &d->run_x, &y);
        /* An insect has flown, and left what a coder smeared, which is faint:
         * that it is no longer where it was moves nobody. */
        if (d->onset_bright && !patch.cells) {
            onset_take(d);
        }
    }
    steps_count(d, near || on, (over || on) && loud_walks(d));
}

/* After a light a coder goes on mending the picture where dark meets bright, a
 * step at each keyframe: is that all that is loud, or nearly all of what is
 * faint? */
static bool is_mended(struct detector *d, enum scene_mode mode, int64_t at_us)
{
    float sure = loud_threshold(d, mode, d->sure_looks), left = 1;
    if (at_us - d->light_last_us >= MENDS_US) {
        return false;
    }
    float height = scene_height_off_steps(&d->scene, mode, &left);
    bool is_loud = d->scene.height_log > sure;
    scene_compare_again(&d->scene, mode);
    return is_loud ? height <= sure : left < MENDED_LEFT;
}

/* Somebody stays where he is, or walks, and no light does so. */
static bool is_somebody(struct detector *d, int64_t at_us, enum scene_mode mode)
{
    int64_t past_us = at_us - d->run_us;
    bool stays = !d->bright || past_us >= BRIGHT_MOST_US ||
                 (past_us >= BRIGHT_US && d->run >= BRIGHT_LOOKS);
    bool walks = chain_walks(d, at_us);
    return ((d->run >= 3 && stays) || walks) && !lighting_on_edges(d, mode) &&
           (walks || is_mover(d, mode, at_us)) && !is_mended(d, mode, at_us);
}

/* For a while it was nobody: what there is belongs to what is quiet. */
static void quiet_again(struct detector *d, enum scene_mode mode, bool over)
{
    quiet_learn(&d->quiet[d->onset_mode], d->onset_height);
    quiet_learn(&d->proof[d->onset_mode], d->onset_proof);
    if (!over) {
        faint_absorb(d, mode);
    }
    d->state = QUIET;
}

void suspicion_look(struct detector *d, struct detect_look *look, int64_t at_us,
                    enum scene_mode mode)
{
    bool over = loud_over(d, mode, d->sure_looks);
    glance_follow(d, mode);
    run_follow(d, at_us, mode, over);
    if (over) {
        place_take(d, mode, at_us);
        d->seen_us = at_us;
    }
    chain_follow(d, mode, at_us);
    if (is_somebody(d, at_us, mode)) {
        presence_begin(d, look, at_us, mode);
        return;
    }
    bool waits = at_us - d->onset_us < patience_us(d, mode);
    if (over && at_us - d->onset_us >= STILL_US) {
        if (goes_on(d, mode, at_us)) {
            presence_begin(d, look, at_us, mode);
            return;
        }
        scene_restless(&d->scene);
        thing_absorb(d, look, at_us, mode);
        d->state = QUIET;
    } else if (!waits && (!over || d->glances)) {
        quiet_again(d, mode, over);
    }
}
