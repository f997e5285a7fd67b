#include "trace/presence.h"

#include <math.h>
#include <stdlib.h>

#include "image/filter.h"
#include "image/photo.h"
#include "image/seeded.h"

#define TURN 0.12       /* radians, either way */
#define INK 0.1         /* of the paper's light that ink gives back */
#define LEAST_DPI 12.0  /* smaller is no page any more */
#define MOST_DPI 300.0  /* finer is spread */
#define BLOCK 17        /* px: edges are looked for in these */
#define PAPER_PART 0.8  /* of the pixels are darker than paper */
#define SHARP_PART 0.95 /* of the blocks are no sharper */
#define MOST_BLOCKS 4096
#define CLEAR 10       /* times the noise: that is an edge */
#define NOISE_STEP 3.5 /* times the noise: the most that it adds to a step */

/* ---- how the picture is ---- */

static int ascending(const void *a, const void *b)
{
    float left = *(const float *)a;
    float right = *(const float *)b;
    return (left > right) - (left < right);
}

/* The value that so much of them lie below; sorts them. */
static float share_of(float *value, size_t count, double part)
{
    if (count == 0) {
        return 0;
    }
    qsort(value, count, sizeof *value, ascending);
    size_t at = (size_t)(part * (double)count);
    return value[at < count ? at : count - 1];
}

/* Places all over the picture, MOST_BLOCKS at most: calls of `of` that give
 * less than 0 do not count. */
static float share_over(const struct plane *picture,
                        float (*of)(const struct plane *picture, int x, int y,
                                    double noise),
                        double noise, double part)
{
    static const int side = 64; /* its square is MOST_BLOCKS */
    float value[MOST_BLOCKS];
    size_t count = 0;
    int wide = picture->width_px - BLOCK;
    int tall = picture->height_px - BLOCK;
    for (int i = 0; i < side * side && wide > 0 && tall > 0; i++) {
        int x = (int)((int64_t)(i % side) * wide / side);
        int y = (int)((int64_t)(i / side) * tall / side);
        float got = of(picture, x, y, noise);
        value[count] = got;
        count += got >= 0;
    }
    return share_of(value, count, part);
}

/* Source: Immerkaer, Computer Vision and Image Understanding 64 (1996). */
static float rough_at(const struct plane *p, int x, int y, double noise)
{
    static const int weight[9] = {1, -2, 1, -2, 4, -2, 1, -2, 1};
    int sum = 0;
    (void)noise;
    for (int k = 0; k < 9; k++) {
        sum += weight[k] * plane_row(p, y + k / 3)[x + k % 3];
    }
    return (float)abs(sum);
}

/* The steepest step of a block, in parts of what it goes through. */
static float steep_at(const struct plane *p, int x, int y, double noise)
{
    int low = 255;
    int high = 0;
    int step = 0;
    for (int j = y; j < y + BLOCK; j++) {
        const uint8_t *row = plane_row(p, j);
        for (int i = x; i < x + BLOCK; i++) {
            int right = i + 1 < x + BLOCK ? abs(row[i + 1] - row[i]) : 0;
            low = row[i] < low ? row[i] : low;
            high = row[i] > high ? row[i] : high;
            step = right > step ? right : step;
        }
    }
    return high - low > CLEAR * (noise + 0.5)
               ? fmaxf(0, (float)step - (float)(NOISE_STEP * noise)) /
                     (float)(high - low)
               : -1;
}

static void picture_measure(const struct plane *picture, struct presence *out)
{
    /* The median of a normal's absolute value is 0.6745, the mask's norm 6. */
    out->noise = (double)share_over(picture, rough_at, 0, 0.5) / (0.6745 * 6);
    double steep =
        (double)share_over(picture, steep_at, out->noise, SHARP_PART);
    out->blur_px = steep > 0 ? fmin(8, fmax(0.3, 0.3989 / steep)) : 1;
}

/* ---- a page put in ---- */

struct placing {
    struct plane_f page; /* owned: blurred as the picture is */
    double x, y;         /* of its middle, in the picture */
    double cosine, sine; /* of its turn, divided by its enlargement */
    double paper;        /* grey levels */
};

static double paper_under(const struct plane *picture, const struct placing *at,
                          int reach)
{
    float value[1024];
    size_t count = 0;
    for (int k = 0; k < 1024; k++) {
        int x = (int)at->x + (k % 32 - 16) * reach / 16;
        int y = (int)at->y + (k / 32 - 16) * reach / 16;
        if (x >= 0 && y >= 0 && x < picture->width_px &&
            y < picture->height_px) {
            value[count++] = plane_row(picture, y)[x];
        }
    }
    return (double)share_of(value, count, PAPER_PART);
}

static void page_paste(const struct placing *at, double noise,
                       struct seeded *seeded, struct plane *picture)
{
    double size = hypot(at->cosine, at->sine); /* 1 / enlargement */
    double reach = hypot(at->page.width_px, at->page.height_px) / 2 / size;
    for (int y = (int)fmax(0, at->y - reach);
         y < picture->height_px && y < at->y + reach; y++) {
        for (int x = (int)fmax(0, at->x - reach);
             x < picture->width_px && x < at->x + reach; x++) {
            double dx = x + 0.5 - at->x;
            double dy = y + 0.5 - at->y;
            double u =
                at->cosine * dx + at->sine * dy + at->page.width_px / 2.0;
            double v =
                -at->sine * dx + at->cosine * dy + at->page.height_px / 2.0;
            if (u < 0 || v < 0 || u >= at->page.width_px ||
                v >= at->page.height_px) {
                continue;
            }
            double white = sample_linear(&at->page, u, v) / 255;
            double value = at->paper * (INK + (1 - INK) * white) +
                           noise * seeded_normal(seeded);
            plane_row(picture, y)[x] = (uint8_t)fmin(255, fmax(0, value + 0.5));
        }
    }
}

/* What is asked of one picture. */
struct asking {
    const struct plane *picture;
    const struct page_index *index;
    const struct search_source *source;
    struct seeded seeded;
    struct fault *fault;
};

/* The number of the k-th page that is put in. */
static size_t page_of(const struct asking *asking, size_t put, size_t k)
{
    return (2 * k + 1) * asking->index->pages / (2 * put);
}

/* As large as a `part` of the picture, in the middle of quarter k of it. */
static enum sting_status page_put(struct asking *asking,
                                  const struct presence *presence,
                                  size_t number, size_t k, double part,
                                  struct plane *to)
{
    const struct page_size *size = &asking->index->page[number];
    double scale = fmin(part * to->width_px / (double)size->width_pt,
                        part * to->height_px / (double)size->height_pt);
    double dpi = 72 * scale;
    double render = fmin(dpi, MOST_DPI);
    double turn = TURN * (2 * seeded_unit(&asking->seeded) - 1);
    struct plane page STING_AUTO(plane_release) = {0};
    struct placing at = {.x = to->width_px * (k % 2 ? 0.75 : 0.25),
                         .y = to->height_px * (k / 2 ? 0.75 : 0.25),
                         .cosine = cos(turn) * render / dpi,
                         .sine = sin(turn) * render / dpi};
    if (dpi < LEAST_DPI) {
        return STING_OK;
    }
    enum sting_status status = asking->source->render(
        asking->source->context, number, render, &page, asking->fault);
    status = status ? status : plane_to_float(&page, &at.page);
    status = status ? status
                    : plane_blur(&at.page, presence->blur_px * render / dpi);
    if (!status) {
        at.paper =
            paper_under(asking->picture, &at, (int)(part * to->width_px / 2));
        page_paste(&at, presence->noise, &asking->seeded, to);
    }
    plane_f_release(&at.page);
    return status;
}

static enum sting_status pages_search(struct asking *asking,
                                      const struct plane *picture, size_t put,
                                      size_t *found)
{
    struct photo photo STING_AUTO(photo_release) = {0};
    struct search_hit hit[SEARCH_MOST_HITS] = {0};
    size_t hits = 0;
    enum sting_status status = photo_init(&photo, picture);
    status = status ? status
                    : search_run(&photo, asking->index, asking->source, hit,
                                 &hits, asking->fault);
    for (size_t k = 0; k < put; k++) {
        bool is_found = false;
        for (size_t i = 0; i < hits; i++) {
            is_found |= hit[i].number == page_of(asking, put, k);
        }
        *found += is_found;
    }
    for (size_t i = 0; i < hits; i++) {
        search_hit_release(&hit[i]);
    }
    return status;
}

static enum sting_status size_try(struct asking *asking,
                                  struct presence *presence, double part)
{
    struct plane to STING_AUTO(plane_release) = {0};
    size_t found = 0;
    enum sting_status status =
        plane_init(&to, asking->picture->width_px, asking->picture->height_px);
    for (int y = 0; !status && y < to.height_px; y++) {
        for (int x = 0; x < to.width_px; x++) {
            plane_row(&to, y)[x] = plane_row(asking->picture, y)[x];
        }
    }
    for (size_t k = 0; !status && k < presence->put; k++) {
        status = page_put(asking, presence, page_of(asking, presence->put, k),
                          k, part, &to);
    }
    status = status ? status : pages_search(asking, &to, presence->put, &found);
    presence->size[presence->sizes].part = part;
    presence->size[presence->sizes++].found = found;
    return status;
}

enum sting_status presence_find(const struct plane *picture,
                                const struct page_index *index,
                                const struct search_source *source,
                                struct presence *out, struct fault *fault)
{
    static const double part[PRESENCE_SIZES] = {0.5, 0.25, 0.125};
    struct asking asking = {picture, index, source, {1}, fault};
    enum sting_status status = STING_OK;
    *out = (struct presence){
        .put = index->pages < PRESENCE_PAGES ? index->pages : PRESENCE_PAGES};
    picture_measure(picture, out);
    bool goes_on = out->put > 0;
    for (int i = 0; !status && goes_on && i < PRESENCE_SIZES; i++) {
        status = size_try(&asking, out, part[i]);
        goes_on = 2 * out->size[i].found >= out->put;
    }
    return status;
}
