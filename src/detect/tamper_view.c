#include "detect/tamper_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/grid.h"
#include "detect/tamper_blur.h"

#define CELLS_ACROSS 320
#define LEARN_LOOKS 5
#define LEVEL_RATE 0.1F
#define FOLLOW_LOOKS 200.0F
#define TELLS 2.0F /* times the noise: structure of a tile */
#define FEWEST_TILES 6
#define LOST 0.3F      /* mean correlation, of a view that is not its own */
#define OWN_LEFT 0.35F /* of the tiles: a person hides fewer */
#define HAS_PART 0.4F  /* of them with structure of their own: a view */
#define AROUND_PART                                                            \
    0.75F /* of the cells beside pages, as bright as they were */
#define AROUND_CELLS 1000  /* fewer say nothing */
#define LEAST_LIGHTER 2.5F /* grey levels */

static const int near_cells[VIEW_SCALES] = {1, 3, 9};
static const int far_cells[VIEW_SCALES] = {3, 13, 39};

enum sting_status view_init(struct view *out, int width_px, int height_px,
                            const struct detect_zone *zone, int zones)
{
    struct view v = {.by = (width_px + CELLS_ACROSS - 1) / CELLS_ACROSS};
    int width = width_px / v.by, height = height_px / v.by;
    if (width < TILE || height < TILE) {
        return STING_E_ARG;
    }
    struct plane_f *const plane[] = {
        &v.cells,          &v.work,           &v.level,
        &v.scale[0].known, &v.scale[0].now,   &v.scale[1].known,
        &v.scale[1].now,   &v.scale[2].known, &v.scale[2].now};
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < sizeof plane / sizeof *plane; i++) {
        status = plane_f_init(plane[i], width, height);
    }
    status =
        status ? status : zone_cells_init(&v.zones, zone, zones, width, height);
    v.sum = calloc((size_t)(width + 1) * (size_t)(height + 1), sizeof *v.sum);
    if (status || !v.sum) {
        view_release(&v);
        return STING_E_NOMEM;
    }
    *out = v;
    return STING_OK;
}

void view_release(struct view *view)
{
    plane_f_release(&view->cells);
    plane_f_release(&view->work);
    plane_f_release(&view->level);
    zone_cells_release(&view->zones);
    for (int i = 0; i < VIEW_SCALES; i++) {
        plane_f_release(&view->scale[i].known);
        plane_f_release(&view->scale[i].now);
    }
    free(view->sum);
    *view = (struct view){0};
}

void view_forget(struct view *view)
{
    view->looks = 0;
}

/* Some cells of a row. */
static void cells_take(const struct view *v, const struct plane *picture, int y,
                       int first, int last)
{
    uint16_t column[GRID_MOST_COLUMNS];
    const struct grid_lines lines = {y * v->by, (y + 1) * v->by, 1};
    const uint16_t *from = column;
    float *row = plane_f_row(&v->cells, y);
    grid_columns(picture, first * v->by, last * v->by, &lines, column);
    for (int x = first; x < last; x++, from += v->by) {
        uint32_t sum = 0;
        for (int i = 0; i < v->by; i++) {
            sum += from[i];
        }
        row[x] = (float)sum / (float)(v->by * v->by);
    }
}

static void cells_fill(struct view *v, const struct plane *picture)
{
    int width = v->cells.width_px;
    for (int y = 0; y < v->cells.height_px; y++) {
        for (int x = 0; x < width; x += TILE) {
            cells_take(v, picture, y, x, x + TILE < width ? x + TILE : width);
        }
    }
}

/* Of cells whose sums are known. */
static void structure_fill(struct view *v, int scale)
{
    struct plane_f *now = &v->scale[scale].now;
    grid_mean_of(v->sum, near_cells[scale], near_cells[scale], now);
    grid_mean_of(v->sum, far_cells[scale], far_cells[scale], &v->work);
    for (int y = 0; y < now->height_px; y++) {
        float *row = plane_f_row(now, y);
        const float *far = plane_f_row(&v->work, y);
        for (int x = 0; x < now->width_px; x++) {
            row[x] -= far[x];
        }
    }
}

/* A page may be turned or taken, which blurs nothing. */
static bool has_page(const struct view *v, int x0, int y0)
{
    const struct zone_cells *z = &v->zones;
    for (int i = 0; z->baits && i < TILE * TILE; i++) {
        ptrdiff_t row = y0 + i / TILE;
        if (z->member[row * z->width + x0 + i % TILE] & z->baits) {
            return true;
        }
    }
    return false;
}

struct count {
    int telling, own; /* at the coarse scale, */
    int has;          /* structure now, of all */
    double same;      /* sum */
    struct blur blur;
};

static void tile_count(const struct view *v, int x0, int y0, struct count *c)
{
    struct tile tile[VIEW_SCALES];
    for (int i = 0; i < VIEW_SCALES; i++) {
        tile[i] = tile_of(&v->scale[i], x0, y0);
    }
    int right = 2 * x0 + TILE > v->cells.width_px;
    int low = 2 * y0 + TILE > v->cells.height_px;
    blur_add(&c->blur, tile, has_page(v, x0, y0) ? -1 : 2 * low + right);
    const struct tile *coarse = &tile[1];
    if (tile_tells(coarse, TELLS)) {
        double same = tile_same(coarse);
        c->telling++;
        c->own += same > (double)TILE_OWN;
        c->same += same;
    }
    c->has += coarse->now > 4 * coarse->floor + 0.05 * TILE * TILE;
}

static bool around_stays(const struct view *v)
{
    int around = 0, same = 0;
    float bound = fmaxf(LEAST_LIGHTER, 3 * v->scale[0].noise);
    for (int y = 0; v->zones.baits && y < v->cells.height_px; y++) {
        const float *now = plane_f_row(&v->cells, y);
        const float *level = plane_f_row(&v->level, y);
        const uint32_t *member =
            v->zones.member + (ptrdiff_t)y * v->zones.width;
        for (int x = 0; x < v->cells.width_px; x++) {
            bool is_around = !(member[x] & v->zones.baits);
            around += is_around;
            same += is_around && fabsf(now[x] - level[x]) < bound;
        }
    }
    return around >= AROUND_CELLS && (float)same > AROUND_PART * (float)around;
}

static enum view_state judge(struct view *v)
{
    struct count c = {0};
    for (int y = 0; y + TILE <= v->cells.height_px; y += TILE) {
        for (int x = 0; x + TILE <= v->cells.width_px; x += TILE) {
            tile_count(v, x, y, &c);
        }
    }
    if (c.telling < FEWEST_TILES) {
        return VIEW_UNKNOWN;
    }
    float all = (float)c.telling;
    v->own = (float)c.own / all;
    if (blur_judge(&c.blur, c.telling, v->looks)) {
        return VIEW_BLURRED;
    }
    if (around_stays(v)) {
        return VIEW_OWN;
    }
    bool is_lost = c.same < (double)LOST * c.telling && v->own < OWN_LEFT;
    return !is_lost                        ? VIEW_OWN
           : (float)c.has > HAS_PART * all ? VIEW_OTHER
                                           : VIEW_NOTHING;
}

static void level_follow(struct view *v, float rate)
{
    int cells = v->cells.width_px * v->cells.height_px;
    for (int i = 0; i < cells; i++) {
        v->level.data[i] += rate * (v->cells.data[i] - v->level.data[i]);
    }
}

static void noise_follow(struct view_scale *s, float noise, int looks)
{
    if (looks == 1) {
        s->noise = noise;
    } else if (looks > 1) {
        s->noise += 0.1F * (noise - s->noise);
    }
}

/* All at once, so that no sum waits for itself. */
static void scales_follow(struct view *v, float rate)
{
    double sum[VIEW_SCALES] = {0};
    int cells = v->cells.width_px * v->cells.height_px;
    for (int i = 0; i < cells; i++) {
        for (int k = 0; k < VIEW_SCALES; k++) {
            float *known = &v->scale[k].known.data[i];
            float d = v->scale[k].now.data[i] - *known;
            sum[k] += (double)(d * d);
            *known += rate * d;
        }
    }
    for (int k = 0; k < VIEW_SCALES; k++) {
        noise_follow(&v->scale[k], (float)sqrt(sum[k] / cells), v->looks);
    }
}

enum view_state view_look(struct view *view, const struct plane *picture,
                          bool learns)
{
    struct view *v = view;
    cells_fill(v, picture);
    grid_sums(&v->cells, v->sum);
    for (int i = 0; i < VIEW_SCALES; i++) {
        structure_fill(v, i);
    }
    bool known = v->looks >= LEARN_LOOKS;
    enum view_state state = known ? judge(v) : VIEW_UNKNOWN;
    bool is_own = state == VIEW_OWN && v->own > 0.8F;
    if (learns && (!known || is_own || state == VIEW_UNKNOWN)) {
        float rate = 1 / fminf((float)v->looks + 1, FOLLOW_LOOKS);
        scales_follow(v, rate);
        level_follow(v, fmaxf(rate, LEVEL_RATE));
        v->looks++;
    }
    return state;
}
