/* Pages that look alike: which of them does the picture show? */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mark/read.h"
#include "trace/search_state.h"

#define APART_DPI (MARK_READ_DPI / 2)
#define DIFFERS 48     /* grey levels between two pages */
#define FEWEST_PX 40   /* of a digit of 8 points */
#define CLEARER 0.02   /* of a correlation */
#define BESIDE_PX 2    /* around what differs */
#define SPREAD_LEAST 1 /* grey levels, of what is compared */

/* A page, and the photograph laid flat as if it showed that. */
struct sheet {
    struct plane page;   /* owned */
    struct plane_f flat; /* owned */
    struct plane seen;   /* owned: 1 where the page is in the picture */
};

static void sheet_release(struct sheet *sheet)
{
    plane_release(&sheet->page);
    plane_f_release(&sheet->flat);
    plane_release(&sheet->seen);
}

static enum sting_status shrink(const struct plane *page, struct plane *out)
{
    struct plane half = {0};
    enum sting_status status =
        plane_init(&half, page->width_px / 2, page->height_px / 2);
    for (int y = 0; !status && y < half.height_px; y++) {
        const uint8_t *a = plane_row(page, 2 * y);
        const uint8_t *b = plane_row(page, 2 * y + 1);
        uint8_t *to = plane_row(&half, y);
        for (int x = 0; x < half.width_px; x++, a += 2, b += 2) {
            to[x] = (uint8_t)((a[0] + a[1] + b[0] + b[1] + 2) / 4);
        }
    }
    *out = half;
    return status;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

static enum sting_status sheet_init(struct sheet *out,
                                    const struct photo *photo,
                                    const struct search_hit *hit)
{
    enum sting_status status = shrink(&hit->original, &out->page);
    return status ? status
                  : page_map_warp(&hit->map, photo, APART_DPI, &out->flat,
                                  &out->seen);
}

/* Mark what differs in print, and its surroundings, where both pages and both
 * flat pictures reach: pages as large may be a part of a pixel apart. */
static enum sting_status differences_mark(const struct sheet *a,
                                          const struct sheet *b,
                                          struct plane *mark)
{
    enum sting_status status = plane_init(
        mark,
        least(a->page.width_px, least(a->flat.width_px, b->flat.width_px)),
        least(a->page.height_px, least(a->flat.height_px, b->flat.height_px)));
    for (int y = BESIDE_PX; !status && y < mark->height_px - BESIDE_PX; y++) {
        const uint8_t *one = plane_row(&a->page, y);
        const uint8_t *other = plane_row(&b->page, y);
        for (int x = BESIDE_PX; x < mark->width_px - BESIDE_PX; x++) {
            for (int i = -BESIDE_PX;
                 abs(one[x] - other[x]) >= DIFFERS && i <= BESIDE_PX; i++) {
                memset(&plane_row(mark, y + i)[x - BESIDE_PX], 1,
                       2 * BESIDE_PX + 1);
            }
        }
    }
    return status;
}

/* How the picture goes with a page where it differs from another; 0 where too
 * little of that is in the picture. */
static double correlation(const struct sheet *sheet, const struct plane *mark)
{
    double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
    for (int y = 0; y < mark->height_px; y++) {
        for (int x = 0; x < mark->width_px; x++) {
            if (plane_row(mark, y)[x] && plane_row(&sheet->seen, y)[x]) {
                double is = (double)plane_f_row(&sheet->flat, y)[x];
                double would = plane_row(&sheet->page, y)[x];
                n++;
                a += is;
                b += would;
                aa += is * is;
                bb += would * would;
                ab += is * would;
            }
        }
    }
    double spread = (aa - a * a / n) * (bb - b * b / n);
    return n < FEWEST_PX || !(spread > n * n * SPREAD_LEAST)
               ? 0
               : (ab - a * b / n) / sqrt(spread);
}

/* Does the picture show the other page rather than this one? */
static enum sting_status is_other(const struct sheet *sheet,
                                  const struct sheet *other, bool *is_it)
{
    struct plane mark STING_AUTO(plane_release) = {0};
    *is_it = false;
    if (sheet->page.width_px != other->page.width_px ||
        sheet->page.height_px != other->page.height_px) {
        return STING_OK;
    }
    enum sting_status status = differences_mark(sheet, other, &mark);
    *is_it = !status &&
             correlation(other, &mark) > correlation(sheet, &mark) + CLEARER;
    return status;
}

static enum sting_status hit_try(const struct photo *photo, struct sheet *best,
                                 struct search_hit *first,
                                 struct search_hit *hit)
{
    struct sheet sheet STING_AUTO(sheet_release) = {0};
    bool is_it = false;
    enum sting_status status = sheet_init(&sheet, photo, hit);
    status = status ? status : is_other(best, &sheet, &is_it);
    if (is_it) {
        struct sheet was = *best;
        struct search_hit kept = *first;
        *best = sheet;
        sheet = was;
        *first = *hit;
        *hit = kept;
    }
    return status;
}

enum sting_status search_tell_apart(const struct photo *photo,
                                    struct search_hit *hit, size_t hits)
{
    struct sheet best STING_AUTO(sheet_release) = {0};
    enum sting_status status =
        hits > 1 ? sheet_init(&best, photo, &hit[0]) : STING_OK;
    for (size_t i = 1; !status && i < hits; i++) {
        status = hit_try(photo, &best, &hit[0], &hit[i]);
    }
    return status;
}
