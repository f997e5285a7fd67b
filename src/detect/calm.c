/* Who moves while it is learned would pass for noise: what can be seen is not
 * known then, until the quiet was heard. */
#include "detect/calm.h"

#define MOVED_LOOKS 5           /* of learning: fewer, chance does */
#define REST_US DETECT_LEARN_US /* so long nobody was seen, by keyframes, */
#define ENOUGH_US (2 * DETECT_LEARN_US) /* then so long by all frames */
#define LOUDER 12.0f /* scales over the usual: no quiet, as in learning */
#define MOST_US INT64_C(60000000) /* what goes on then is the usual there */

static void calm_forget(struct detector *d)
{
    for (int mode = 0; mode < SCENE_MODES; mode++) {
        d->calm[mode] = d->quiet[mode];
        d->calm_proof[mode] = d->proof[mode];
        quiet_forget(&d->calm[mode]);
        quiet_forget(&d->calm_proof[mode]);
    }
    d->calm_us = 0;
}

void calm_begin(struct detector *d)
{
    d->is_unquiet = false;
    d->moved_looks = 0;
    d->quiet_us = 0;
    calm_forget(d);
}

void calm_doubt(struct detector *d)
{
    d->is_unquiet = d->moved_looks >= MOVED_LOOKS;
}

void calm_break(struct detector *d)
{
    if (d->is_unquiet) {
        calm_forget(d);
    }
}

/* What can be seen is told at once. */
static void calm_end(struct detector *d)
{
    d->is_unquiet = false;
    d->sight_us = 0;
}

static void laws_take(struct detector *d)
{
    for (int mode = 0; mode < SCENE_MODES; mode++) {
        quiet_fit(&d->calm[mode]);
        quiet_fit(&d->calm_proof[mode]);
        d->quiet[mode] = d->calm[mode];
        d->proof[mode] = d->calm_proof[mode];
    }
    calm_end(d);
}

bool calm_learns(const struct detector *d)
{
    return d->is_unquiet && d->state == QUIET && d->calm_us >= REST_US;
}

void calm_look(struct detector *d, int64_t at_us, enum scene_mode mode)
{
    const struct quiet *law = &d->calm[mode];
    int64_t past_us = at_us - d->last_us;
    if (!d->is_unquiet) {
        return;
    }
    if (law->count >= 4 &&
        d->scene.height_log > law->mode + LOUDER * law->scale) {
        calm_forget(d);
    }
    if (calm_learns(d)) {
        quiet_learn(&d->calm[mode], d->scene.height_log);
        quiet_learn(&d->calm_proof[mode], d->evidence.best.height);
    }
    d->calm_us += past_us;
    d->quiet_us += past_us;
    int looks = d->calm[SCENE_KEY].count + d->calm[SCENE_OTHER].count;
    if (d->calm_us >= ENOUGH_US && looks >= QUIET_FEWEST) {
        laws_take(d);
    } else if (d->quiet_us >= MOST_US) {
        calm_end(d);
    }
}
