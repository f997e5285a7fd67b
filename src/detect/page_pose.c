#include "detect/page_pose.h"

#include <math.h>

#define STILL_PART 0.006 /* of the sheet's size, ... */
#define STILL_PX 1.2     /* ... but no less */
#define SAME_PART 0.2    /* a corner that went further is of another sheet */

static double apart(struct point a, struct point b)
{
    return hypot(a.x - b.x, a.y - b.y);
}

/* Sides and diagonals of four corners beside those of a rectangle whose first
 * side is `wide`, the next 1. */
static double unlike_rectangle(const struct point *corner, double wide)
{
    double most = 0;
    for (int i = 0; i < 4; i++) {
        double side = apart(corner[i], corner[(i + 1) % 4]);
        most = fmax(most, fabs(side / (i % 2 ? 1 : wide) - 1));
    }
    for (int i = 0; i < 2; i++) {
        double across = apart(corner[i], corner[i + 2]);
        most = fmax(most, fabs(across / hypot(wide, 1) - 1));
    }
    return most;
}

static double unlike_with(const struct page_sheet *known,
                          const struct page_sheet *now, double wide)
{
    const struct point flat[4] = {{0, 0}, {wide, 0}, {wide, 1}, {0, 1}};
    struct pair pair[4];
    struct homography to;
    struct point laid[5]; /* the first again, for the other way round */
    for (int i = 0; i < 4; i++) {
        pair[i] = (struct pair){known->corner[i], flat[i]};
    }
    if (homography_fit(pair, NULL, 4, &to)) {
        return INFINITY;
    }
    for (int i = 0; i < 5; i++) {
        laid[i] = homography_apply(&to, now->corner[i % 4]);
    }
    return fmin(unlike_rectangle(laid, wide), unlike_rectangle(laid + 1, wide));
}

double page_pose_unlike(const struct page_sheet *known,
                        const struct page_sheet *now)
{
    static const double wide[] = {1.4142, 1 / 1.4142, 11 / 8.5, 8.5 / 11};
    double least = INFINITY;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        least = fmin(least, unlike_with(known, now, wide[i]));
    }
    return least;
}

double page_pose_moved(const struct page_sheet *a, const struct page_sheet *b)
{
    double most = 0;
    for (int i = 0; i < 4; i++) {
        most = fmax(most, apart(a->corner[i], b->corner[i]));
    }
    return most;
}

static bool is_clearer(const struct page_sheet *a, const struct page_sheet *b)
{
    return a->is_whole != b->is_whole ? a->is_whole : a->solid > b->solid;
}

void page_rest_follow(struct page_rest *rest, bool is_calm,
                      struct page_sheet *sheet)
{
    double bound = SAME_PART * sqrt(sheet->area_px);
    if (!is_calm || !rest->is_known || is_clearer(sheet, &rest->sheet) ||
        page_pose_moved(&rest->sheet, sheet) > bound) {
        *rest = (struct page_rest){is_calm, *sheet};
    }
    *sheet = rest->sheet;
}

int64_t page_still_follow(struct page_still *still,
                          const struct page_sheet *now, int64_t at_us)
{
    double bound = fmax(STILL_PX, STILL_PART * sqrt(now->area_px));
    if (!still->is_known || page_pose_moved(&still->sheet, now) > bound) {
        *still = (struct page_still){true, *now, at_us};
    }
    return at_us - still->since_us;
}
