#include "detect/page_blocks.h"

#include <math.h>
#include <stdlib.h>

#include "detect/page_patch.h"

#define SMEAR 3.5F  /* neighbours share noise: sum over a block as if so few */
#define TELLS 0.17F /* an amplitude surer than this tells 1 from 0 */
#define HERE 0.5F
#define GLOW 1.35F /* times as bright as paper */
#define CLEAR_PX 14.0
#define RING_PART 0.16 /* of the sheet's size: how far the ring goes */
#define MOST_GAIN 6.0F
#define MOST_SLOPE 0.35F
#define RING_SAME 0.06F /* of the light: the table as it is known */
#define MOST_BLOCKS ((PATCH_MOST / BLOCK_PX) * (PATCH_MOST / BLOCK_PX))

enum sting_status page_blocks_init(struct page_blocks *out, int width,
                                   int height)
{
    struct page_blocks b = {width / BLOCK_PX, height / BLOCK_PX, NULL};
    if (b.across < 1 || b.down < 1) {
        return STING_E_ARG;
    }
    b.block = calloc((size_t)b.across * (size_t)b.down, sizeof *b.block);
    if (!b.block) {
        return STING_E_NOMEM;
    }
    *out = b;
    return STING_OK;
}

void page_blocks_release(struct page_blocks *blocks)
{
    free(blocks->block);
    *blocks = (struct page_blocks){0};
}

/* Distance to the sheet's border, below 0 inside. */
static double border_distance(const struct page_sheet *sheet, double x,
                              double y)
{
    double outside = -INFINITY;
    for (int i = 0; i < 4; i++) {
        struct point a = sheet->corner[i], b = sheet->corner[(i + 1) % 4];
        double dx = b.x - a.x, dy = b.y - a.y, length = hypot(dx, dy) + 1e-9;
        double side = (dy * (x - a.x) - dx * (y - a.y)) / length;
        outside = fmax(outside, side);
    }
    return outside;
}

static enum block_kind kind_of(const struct page_sheet *sheet, double x,
                               double y)
{
    double half = BLOCK_PX / 2.0, d = border_distance(sheet, x, y);
    double far = RING_PART * sqrt(sheet->area_px);
    far = far < 2 * BLOCK_PX ? 2 * BLOCK_PX : far;
    return d < -half  ? BLOCK_INSIDE
           : d < half ? BLOCK_EDGE
           : d < far  ? BLOCK_RING
                      : BLOCK_NONE;
}

static float block_mean(const struct plane_f *flat, int x0, int y0)
{
    float sum = 0;
    for (int y = y0; y < y0 + BLOCK_PX; y++) {
        const float *row = plane_f_row(flat, y);
        for (int x = x0; x < x0 + BLOCK_PX; x++) {
            sum += row[x];
        }
    }
    return sum / (BLOCK_PX * BLOCK_PX);
}

static float block_product(const struct plane_f *a, const struct plane_f *b,
                           int x0, int y0)
{
    float sum = 0;
    for (int y = y0; y < y0 + BLOCK_PX; y++) {
        const float *p = plane_f_row(a, y), *q = plane_f_row(b, y);
        for (int x = x0; x < x0 + BLOCK_PX; x++) {
            sum += p[x] * q[x];
        }
    }
    return sum;
}

static bool is_bright(const struct sheet_light *light,
                      const struct plane_f *flat, int x, int y, float mean,
                      float gain)
{
    float middle = 0.45F * light->paper + 0.55F * light->table;
    float here =
        sheet_light_at(light, flat, x + BLOCK_PX / 2, y + BLOCK_PX / 2);
    return mean - SHEET_BLACK > gain * here * middle;
}

int page_blocks_learn(struct page_blocks *blocks,
                      const struct blocks_known *known,
                      const struct page_sheet *sheet)
{
    float noise = known->noise;
    float own = BLOCK_PX * BLOCK_PX * noise * noise / (float)known->looks;
    int telling = 0;
    for (int i = 0; i < blocks->across * blocks->down; i++) {
        int x0 = i % blocks->across * BLOCK_PX;
        int y0 = i / blocks->across * BLOCK_PX;
        struct page_block *b = &blocks->block[i];
        b->kind = kind_of(sheet, x0 + BLOCK_PX / 2.0, y0 + BLOCK_PX / 2.0);
        b->is_clear = b->kind == BLOCK_RING &&
                      border_distance(sheet, x0 + BLOCK_PX / 2.0,
                                      y0 + BLOCK_PX / 2.0) > CLEAR_PX;
        b->mean = block_mean(known->flat, x0, y0);
        b->energy = block_product(known->fine, known->fine, x0, y0);
        b->print = fmaxf(0, b->energy - own);
        b->unsure = SMEAR * noise / sqrtf(b->energy + 1e-6F);
        b->was_bright =
            is_bright(known->light, known->flat, x0, y0, b->mean, 1);
        b->before = b->mean;
        telling += b->unsure < TELLS &&
                   (b->kind == BLOCK_INSIDE || b->kind == BLOCK_EDGE);
    }
    return telling;
}

/* The light of a look over that of what is known, from the table around the
 * sheet: `gain` in the middle, and a slope, as a lamp elsewhere gives. */
struct relight {
    float gain, across, down;
};

struct ring_block {
    float u, v; /* -1 to 1 over the patch */
    float ratio;
    float unsure; /* what noise and grey levels make of the ratio */
};

/* Three normal equations; slopes beyond a third of the gain are none. */
static bool solve(double m[3][4], struct relight *out)
{
    for (int k = 0; k < 3; k++) {
        if (fabs(m[k][k]) < 1e-6) {
            return false;
        }
        for (int i = 0; i < 3; i++) {
            double by = i == k ? 0 : m[i][k] / m[k][k];
            for (int j = k; j < 4; j++) {
                m[i][j] -= by * m[k][j];
            }
        }
    }
    float gain = (float)(m[0][3] / m[0][0]), most = gain * MOST_SLOPE;
    *out = (struct relight){
        gain, fminf(fmaxf((float)(m[1][3] / m[1][1]), -most), most),
        fminf(fmaxf((float)(m[2][3] / m[2][2]), -most), most)};
    return gain > 0;
}

static float relight_at(const struct relight *r, float u, float v)
{
    return fmaxf(r->gain + r->across * u + r->down * v, 0.3F * r->gain);
}

static int ring_list(const struct page_blocks *blocks,
                     const struct plane_f *flat, float noise,
                     struct ring_block out[MOST_BLOCKS])
{
    int count = 0;
    for (int i = 0; i < blocks->across * blocks->down && count < MOST_BLOCKS;
         i++) {
        const struct page_block *b = &blocks->block[i];
        float level = b->mean - SHEET_BLACK;
        if (b->kind == BLOCK_RING && level > 2) {
            int x = i % blocks->across, y = i / blocks->across;
            float now = block_mean(flat, x * BLOCK_PX, y * BLOCK_PX);
            out[count++] = (struct ring_block){
                2 * ((float)x + 0.5F) / (float)blocks->across - 1,
                2 * ((float)y + 0.5F) / (float)blocks->down - 1,
                (now - SHEET_BLACK) / level, (1 + noise / 2) / level};
        }
    }
    return count;
}

/* Where to begin: the light as it was, if much of the ring agrees with it,
 * else the middle one. */
static float gain_begin(const struct ring_block *ring, int count, float before)
{
    float ratio[MOST_BLOCKS];
    int near = 0;
    for (int i = 0; i < count; i++) {
        ratio[i] = ring[i].ratio;
        near += fabsf(ratio[i] - before) < 0.12F * before;
    }
    float gain = near * 10 >= count * 4 ? before : median_of(ratio, count);
    return fminf(fmaxf(gain, 1 / MOST_GAIN), MOST_GAIN);
}

static bool agrees(const struct relight *r, const struct ring_block *b,
                   float part)
{
    float is = relight_at(r, b->u, b->v);
    return fabsf(b->ratio - is) < part * is + b->unsure;
}

/* Sums of the normal equations over what agrees; gives of how many. */
static int agreeing_sum(const struct ring_block *ring, int count,
                        const struct relight *r, float part, double m[3][4])
{
    int used = 0;
    for (int i = 0; i < count; i++) {
        if (!agrees(r, &ring[i], part)) {
            continue;
        }
        const double at[4] = {1, (double)ring[i].u, (double)ring[i].v,
                              (double)ring[i].ratio};
        for (int k = 0; k < 12; k++) {
            m[k / 4][k % 4] += at[k / 4] * at[k % 4];
        }
        used++;
    }
    return used;
}

/* Gain and slope of what agrees with them, from coarse to fine. */
static struct relight relight_fit(const struct ring_block *ring, int count,
                                  float before)
{
    static const float part[] = {0.15F, 0.12F, 0.08F, 0.08F};
    struct relight r = {count ? gain_begin(ring, count, before) : before, 0, 0};
    for (size_t pass = 0; pass < sizeof part / sizeof *part; pass++) {
        double m[3][4] = {{0}};
        int used = agreeing_sum(ring, count, &r, part[pass], m);
        if (used < 8 || used * 10 < count * 4 || !solve(m, &r)) {
            break;
        }
    }
    r.gain = fminf(fmaxf(r.gain, 1 / MOST_GAIN), MOST_GAIN);
    return r;
}

/* Counts of one look. */
struct tally {
    int inside, ring, all;
    int edge_tells, edge_here, print_tells, print_here;
    int bright_in, bright_out, exposed, ring_ok, moving, glow;
    float ring_energy, ring_print, ring_product; /* of what is no paper now */
};

struct view {
    const struct plane_f *fine; /* as known */
    const struct plane_f *now_flat, *now_fine;
    const struct sheet_light *light;
    float noise, gain;
    float gain_glow; /* who leans over it darkens it: a screen is brighter
                        than the paper was, too */
    struct relight relight;
    int across, down;
};

static bool is_here(const struct view *v, const struct page_block *b,
                    float product, float local)
{
    float amplitude = product / (b->energy + 1e-6F);
    local = fminf(fmaxf(local, 0.4F * v->gain), 2.0F * v->gain);
    return amplitude > HERE * local;
}

/* Dark as the table that the sheet lies on. */
static bool is_table(const struct view *v, int x0, int y0, float mean)
{
    float is = sheet_light_at(v->light, v->now_flat, x0 + BLOCK_PX / 2,
                              y0 + BLOCK_PX / 2) *
               v->gain * v->light->table;
    return mean - SHEET_BLACK > 0.65F * is && mean - SHEET_BLACK < 1.4F * is;
}

/* A block of the ring, as it is known in this light. */
static bool is_known(const struct view *v, const struct page_block *b, int x0,
                     int y0, float mean)
{
    float level = fmaxf(b->mean - SHEET_BLACK, 2);
    const struct ring_block r = {
        2 * ((float)x0 / BLOCK_PX + 0.5F) / (float)v->across - 1,
        2 * ((float)y0 / BLOCK_PX + 0.5F) / (float)v->down - 1,
        (mean - SHEET_BLACK) / level, (1 + v->noise / 2) / level};
    return agrees(&v->relight, &r, RING_SAME);
}

struct block_now {
    int x0, y0;
    float mean, product;
    bool bright;
};

static void ring_take(const struct view *v, const struct page_block *b,
                      const struct block_now *now, struct tally *t)
{
    bool new_bright = now->bright && !b->was_bright;
    bool counts = b->is_clear && !new_bright;
    t->ring++;
    t->ring_ok += new_bright || is_known(v, b, now->x0, now->y0, now->mean);
    t->bright_out += new_bright;
    if (counts) {
        t->ring_energy += b->energy;
        t->ring_print += b->print;
        t->ring_product += now->product;
    }
}

static void block_take(const struct view *v, struct page_block *b, int x0,
                       int y0, struct tally *t)
{
    float mean = block_mean(v->now_flat, x0, y0);
    float local =
        fmaxf(mean - SHEET_BLACK, 0.5F) / fmaxf(b->mean - SHEET_BLACK, 0.5F);
    bool bright = is_bright(v->light, v->now_flat, x0, y0, mean, v->gain);
    /* An edge's own mean says nothing of the light. */
    float product = block_product(v->fine, v->now_fine, x0, y0);
    bool here = is_here(v, b, product, b->kind == BLOCK_EDGE ? v->gain : local);
    bool tells = b->unsure < TELLS / v->gain;
    float level = fmaxf(b->mean - SHEET_BLACK, 4) * v->gain;
    t->all++;
    t->moving += fabsf(mean - b->before) > 3 * v->noise + 0.03F * level;
    b->before = mean;
    t->glow += mean - SHEET_BLACK > v->gain_glow * GLOW * v->light->paper;
    if (b->kind == BLOCK_EDGE) {
        t->edge_tells += tells;
        t->edge_here += tells && here;
    } else if (b->kind == BLOCK_INSIDE) {
        t->inside++;
        t->bright_in += bright;
        t->exposed += !bright && is_table(v, x0, y0, mean);
        t->print_tells += tells;
        t->print_here += tells && here;
    } else {
        ring_take(v, b, &(struct block_now){x0, y0, mean, product, bright}, t);
    }
}

static float part(int some, int all, float of_none)
{
    return all > 0 ? (float)some / (float)all : of_none;
}

void page_blocks_look(struct page_blocks *blocks,
                      const struct blocks_known *known,
                      const struct plane_f *now_flat,
                      const struct plane_f *now_fine, float gain_before,
                      struct page_evidence *out)
{
    float noise = known->noise;
    struct tally t = {0};
    struct ring_block ring[MOST_BLOCKS];
    int count = ring_list(blocks, now_flat, noise, ring);
    struct relight relight = relight_fit(ring, count, gain_before);
    struct view v = {known->fine,
                     now_flat,
                     now_fine,
                     known->light,
                     noise,
                     relight.gain,
                     fmaxf(relight.gain, known->gain_in_view),
                     relight,
                     blocks->across,
                     blocks->down};
    for (int i = 0; i < blocks->across * blocks->down; i++) {
        if (blocks->block[i].kind != BLOCK_NONE) {
            block_take(&v, &blocks->block[i], i % blocks->across * BLOCK_PX,
                       i / blocks->across * BLOCK_PX, &t);
        }
    }
    *out = (struct page_evidence){
        .telling = t.edge_tells + t.print_tells,
        .here =
            part(t.edge_here + t.print_here, t.edge_tells + t.print_tells, 1),
        .edge_here = part(t.edge_here, t.edge_tells, 1),
        .print_here = part(t.print_here, t.print_tells, 1),
        .telling_print = t.print_tells,
        .bright_in = part(t.bright_in, t.inside, 0),
        .bright_out = part(t.bright_out, t.inside, 0),
        .ring = part(t.ring_ok, t.ring, 1),
        .ring_print = t.ring_product / (t.ring_print + 1e-6F) / v.gain,
        .ring_unsure = SMEAR * noise * sqrtf(t.ring_energy) /
                       (t.ring_print + 1e-6F) / v.gain,
        .exposed = part(t.exposed, t.inside, 0),
        .moving = part(t.moving, t.all, 0),
        .glow = part(t.glow, t.all, 0),
        .gain = v.gain};
}
