#include "detect/tamper_paint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SIDE 8 /* cells of a block */
#define CELLS (SIDE * SIDE)
#define HAD 16.0      /* times the noise, in energy: structure */
#define HAD_LEAST 0.5 /* grey levels squared a cell, as the next */
#define FLAT 3.5      /* times the noise, in energy: none is left */
#define FLAT_LEAST 0.1
#define MOST_MISSED 2
#define FEWEST_BLOCKS 40
#define ALL_PART 0.12F /* of all blocks: a shelf alone is no view */
#define LEFT 0.015     /* of the structure: some light is left */
#define ALONE_CELLS                                                            \
    9              /* of which one is free: the view's means are of 3 x 3      \
                    */
#define SURELY 4.0 /* deviations */
#define DARK_LEVEL 45.0
#define DARKER 0.5
#define REST 0.5 /* of the structure elsewhere: no lamp went out there */

enum sting_status paint_init(struct paint *out, const struct view *view)
{
    struct paint p = {.across = view->cells.width_px / SIDE,
                      .down = view->cells.height_px / SIDE};
    size_t blocks = (size_t)p.across * (size_t)p.down;
    p.block = calloc(blocks, sizeof *p.block);
    p.mark = calloc(blocks, sizeof *p.mark);
    p.stack = calloc(blocks, sizeof *p.stack);
    if (!p.block || !p.mark || !p.stack) {
        paint_release(&p);
        return STING_E_NOMEM;
    }
    for (size_t i = 0; i < blocks; i++) {
        p.block[i].since_us = INT64_MAX;
    }
    *out = p;
    return STING_OK;
}

void paint_release(struct paint *paint)
{
    free(paint->block);
    free(paint->mark);
    free(paint->stack);
    *paint = (struct paint){0};
}

/* Gives the energy that it shows now. */
static double block_sum(struct paint_block *b, const struct view *v, int x0,
                        int y0)
{
    const struct view_scale *s = &v->scale[1];
    double now = 0;
    b->known = b->both = b->level = b->was = 0;
    for (int y = y0; y < y0 + SIDE; y++) {
        const float *was = plane_f_row(&s->known, y);
        const float *is = plane_f_row(&s->now, y);
        const float *level = plane_f_row(&v->cells, y);
        const float *level_was = plane_f_row(&v->level, y);
        for (int x = x0; x < x0 + SIDE; x++) {
            now += (double)(is[x] * is[x]);
            b->known += (double)(was[x] * was[x]);
            b->both += (double)(was[x] * is[x]);
            b->level += (double)level[x];
            b->was += (double)level_was[x];
        }
    }
    b->floor = CELLS * (double)(s->noise * s->noise);
    return now;
}

static bool is_page(const struct view *v, int x, int y)
{
    const struct zone_cells *z = &v->zones;
    return z->baits &&
           (z->member[(ptrdiff_t)(y + SIDE / 2) * z->width + x + SIDE / 2] &
            z->baits);
}

static void block_look(struct paint_block *b, const struct view *v, int x,
                       int y, int64_t at_us)
{
    double now = block_sum(b, v, x, y);
    b->had = b->known > HAD * b->floor + HAD_LEAST * CELLS && !is_page(v, x, y);
    if (now < FLAT * b->floor + FLAT_LEAST * CELLS) {
        b->missed = 0;
        b->since_us = b->since_us < at_us ? b->since_us : at_us;
    } else if (++b->missed > MOST_MISSED) {
        b->since_us = INT64_MAX;
    }
    b->is_old = b->since_us != INT64_MAX && at_us - b->since_us >= PAINT_US;
}

static bool is_flat(const struct paint_block *b, bool old)
{
    return old ? b->is_old : b->since_us != INT64_MAX && b->missed == 0;
}

/* Mark what is flat and hangs together with block `from`; gives how much of it
 * had structure. */
static int part_fill(struct paint *p, int from, bool old, uint8_t name)
{
    int count = 0, waiting = 0;
    p->stack[waiting++] = from;
    p->mark[from] = name;
    while (waiting > 0) {
        int at = p->stack[--waiting], x = at % p->across, y = at / p->across;
        const int next[] = {
            x > 0 ? at - 1 : -1, x + 1 < p->across ? at + 1 : -1,
            y > 0 ? at - p->across : -1, y + 1 < p->down ? at + p->across : -1};
        count += p->block[at].had;
        for (int i = 0; i < 4; i++) {
            if (next[i] >= 0 && !p->mark[next[i]] &&
                is_flat(&p->block[next[i]], old)) {
                p->mark[next[i]] = name;
                p->stack[waiting++] = next[i];
            }
        }
    }
    return count;
}

/* Light leaves some of the structure, or takes it elsewhere too. `mark` 2: the
 * part. */
static bool is_light(const struct paint *p)
{
    double known = 0, both = 0, floor = 0, level = 0, was = 0;
    double rest = 0, rest_both = 0;
    int count = 0;
    for (int i = 0; i < p->across * p->down; i++) {
        const struct paint_block *b = &p->block[i];
        if (b->had && p->mark[i] == 2) {
            known += b->known;
            both += b->both;
            floor += b->floor;
            level += b->level;
            was += b->was;
            count += CELLS;
        } else if (b->had && b->since_us == INT64_MAX) {
            rest += b->known;
            rest_both += b->both;
        }
    }
    double sigma = sqrt(ALONE_CELLS * floor / count / known);
    if (fabs(both) / known > fmax(LEFT, SURELY * sigma)) {
        return true;
    }
    bool dark = level < DARK_LEVEL * count && level < DARKER * was;
    return dark && !(rest > 0 && rest_both > REST * rest);
}

/* Is the largest part that is flat, or has been for long, large enough? */
static bool part_judge(struct paint *p, bool old)
{
    int blocks = p->across * p->down, had = 0, most = 0, best = 0;
    memset(p->mark, 0, (size_t)blocks);
    for (int i = 0; i < blocks; i++) {
        had += p->block[i].had;
        if (!p->mark[i] && p->block[i].had && is_flat(&p->block[i], old)) {
            int count = part_fill(p, i, old, 1);
            best = count > most ? i : best;
            most = count > most ? count : most;
        }
    }
    if (had < FEWEST_BLOCKS || (float)most < PAINT_PART * (float)had ||
        (float)most < ALL_PART * (float)blocks) {
        return false;
    }
    memset(p->mark, 0, (size_t)blocks);
    part_fill(p, best, old, 2);
    return !is_light(p);
}

void paint_look(struct paint *paint, const struct view *view, int64_t at_us)
{
    struct paint *p = paint;
    for (int y = 0; y < p->down; y++) {
        for (int x = 0; x < p->across; x++) {
            block_look(&p->block[y * p->across + x], view, x * SIDE, y * SIDE,
                       at_us);
        }
    }
    p->is_now = part_judge(p, false);
    p->lasts = part_judge(p, true);
}
