#include <math.h>

#include "detect/detector_state.h"
#include "detect/grid.h"

#define CLEAR 1.0f    /* over certainty, logarithms */
#define LEAST 30      /* cells of a person who is counted */
#define PART 0.2f     /* of the largest, in cells: less is a part of him */
#define TALL 0.5f     /* of the tallest since it began: lower is a part too */
#define APART 0.3f    /* of the lower one's height: how far, to be two */
#define APART_LEAST 4 /* cells */
#define BESIDE 0.5f   /* of the lower one's height, at the same height */
#define LOOKS 3       /* in a row */
#define LASTS_US 400000

/* Columns that belong together, as somebody standing upright fills them. */
struct body {
    int left, right, top, bottom, cells;
    bool moves;
};

static void column_take(const struct detector *d, int x, float sure,
                        struct body *b)
{
    const struct scene *s = &d->scene;
    for (int y = 0; y < s->height; y++) {
        if (!s->busy[y * s->width + x]) {
            continue;
        }
        b->top = b->cells == 0 || y < b->top ? y : b->top;
        b->bottom = b->cells == 0 || y > b->bottom ? y : b->bottom;
        b->left = b->cells == 0 ? x : b->left;
        b->right = x;
        b->cells++;
        b->moves |= s->window.data[y * s->width + x] > sure;
    }
}

static int tall_of(const struct body *b)
{
    return b->bottom - b->top + 1;
}

static bool is_one(const struct body *a, const struct body *b)
{
    int low = tall_of(a) < tall_of(b) ? tall_of(a) : tall_of(b);
    int apart = (int)fmaxf(APART_LEAST, APART * (float)low);
    int top = a->top > b->top ? a->top : b->top;
    int bottom = a->bottom < b->bottom ? a->bottom : b->bottom;
    return b->left - a->right <= apart ||
           (float)(bottom - top + 1) < BESIDE * (float)low;
}

/* From left to right; what is not clearly another is a part of the last. */
static int bodies_find(const struct detector *d, float sure,
                       struct body body[GRID_WIDTH])
{
    int count = 0;
    for (int x = 0; x < d->scene.width; x++) {
        struct body b = {0};
        column_take(d, x, sure, &b);
        if (b.cells == 0) {
            continue;
        }
        struct body *last = count ? &body[count - 1] : NULL;
        if (last && b.left - last->right <= APART_LEAST) {
            last->right = b.right;
            last->top = b.top < last->top ? b.top : last->top;
            last->bottom = b.bottom > last->bottom ? b.bottom : last->bottom;
            last->cells += b.cells;
            last->moves |= b.moves;
        } else {
            body[count++] = b;
        }
    }
    return count;
}

static int bodies_count(const struct body *body, int bodies, int tallest)
{
    int most = 0, count = 0;
    const struct body *last = NULL;
    for (int i = 0; i < bodies; i++) {
        most = body[i].cells > most ? body[i].cells : most;
    }
    for (int i = 0; i < bodies; i++) {
        const struct body *b = &body[i];
        bool counts = b->moves && b->cells >= LEAST &&
                      (float)b->cells >= PART * (float)most &&
                      (float)tall_of(b) >= TALL * (float)tallest &&
                      (!last || !is_one(last, b));
        count += counts;
        last = counts ? b : last;
    }
    return count;
}

/* How tall somebody was here: of who stands, only edges show, two shoulders
 * apart from each other, and those are low. */
static void tallest_take(struct detector *d, const struct body *body,
                         int bodies)
{
    for (int i = 0; i < bodies; i++) {
        int tall = body[i].cells >= LEAST ? tall_of(&body[i]) : 0;
        d->crowd_tall = tall > d->crowd_tall ? tall : d->crowd_tall;
    }
}

int crowd_look(struct detector *d, int64_t at_us, enum scene_mode mode)
{
    struct body body[GRID_WIDTH];
    float bound = loud_threshold(d, mode, d->sure_looks);
    int count = 0;
    if (d->scene.height_log > bound + CLEAR &&
        scene_mark(&d->scene, bound + CLEAR) >= 2 * LEAST &&
        scene_motion(&d->scene, &d->scene.past, mode) > bound) {
        int bodies = bodies_find(d, expf(bound), body);
        tallest_take(d, body, bodies);
        count = bodies_count(body, bodies, d->crowd_tall);
    }
    scene_compare_again(&d->scene, mode);
    loud_mark(d, mode);
    d->crowd_run = count > d->persons ? d->crowd_run + 1 : 0;
    d->crowd_us = d->crowd_run == 1 ? at_us : d->crowd_us;
    d->crowd = d->crowd_run <= 1 || count < d->crowd ? count : d->crowd;
    return d->crowd_run >= LOOKS && at_us - d->crowd_us >= LASTS_US
               ? d->crowd
               : d->persons;
}
