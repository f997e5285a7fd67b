#include "image/oblique.h"

#include <math.h>

#include "image/filter.h"

#define MOST_SQUEEZE 4.0
#define SIDE_PX 600 /* one size does */
#define TURNS 6
#define SQUEEZE 1.7
#define FEWEST_INLIERS 5

/* From the squeezed picture back: turned, and stretched along `turn`. */
struct stretch {
    double c, s;
    double squeeze;
    struct point low; /* the squeezed picture's corner, pixels */
};

static struct point stretched(const struct stretch *stretch, double x, double y)
{
    double u = (x + stretch->low.x) * stretch->squeeze;
    double v = y + stretch->low.y;
    return (struct point){stretch->c * u - stretch->s * v,
                          stretch->s * u + stretch->c * v};
}

/* Room for the whole picture, squeezed. */
static enum sting_status room_make(const struct plane_f *from,
                                   struct stretch *stretch, struct plane_f *out)
{
    double w = from->width_px;
    double h = from->height_px;
    double far_x = 0;
    double far_y = 0;
    for (int i = 0; i < 4; i++) {
        double x = i & 1 ? w : 0;
        double y = i & 2 ? h : 0;
        double u = (stretch->c * x + stretch->s * y) / stretch->squeeze;
        double v = stretch->c * y - stretch->s * x;
        stretch->low.x = fmin(stretch->low.x, u);
        stretch->low.y = fmin(stretch->low.y, v);
        far_x = fmax(far_x, u);
        far_y = fmax(far_y, v);
    }
    return plane_f_init(out, (int)ceil(far_x - stretch->low.x),
                        (int)ceil(far_y - stretch->low.y));
}

/* Two samples along the way that is squeezed, so that lines do not alias. */
static float sample(const struct plane_f *from, const struct stretch *stretch,
                    double x, double y)
{
    double sum = 0;
    for (int i = -1; i <= 1; i += 2) {
        struct point p = stretched(stretch, x + 0.25 * i, y);
        bool is_in =
            p.x > 0 && p.y > 0 && p.x < from->width_px && p.y < from->height_px;
        sum += is_in ? sample_linear(from, p.x, p.y) : PHOTO_PAPER;
    }
    return (float)(0.5 * sum);
}

static enum sting_status squeeze(const struct plane_f *from,
                                 struct stretch *stretch, struct plane_f *out)
{
    enum sting_status status = room_make(from, stretch, out);
    for (int y = 0; !status && y < out->height_px; y++) {
        float *row = plane_f_row(out, y);
        for (int x = 0; x < out->width_px; x++) {
            row[x] = sample(from, stretch, x + 0.5, y + 0.5);
        }
    }
    return status;
}

static struct homography affine_of(const struct stretch *stretch,
                                   double unit_per_px)
{
    struct point at = stretched(stretch, 0, 0);
    return (struct homography){{stretch->c * stretch->squeeze, -stretch->s,
                                at.x * unit_per_px,
                                stretch->s * stretch->squeeze, stretch->c,
                                at.y * unit_per_px, 0, 0, 1}};
}

enum sting_status layout_of_oblique(const struct photo *photo, double side_px,
                                    const struct oblique *oblique,
                                    struct layout *out, struct homography *back)
{
    struct plane_f small STING_AUTO(plane_f_release) = {0};
    struct plane_f squeezed STING_AUTO(plane_f_release) = {0};
    struct stretch stretch = {
        cos(oblique->turn), sin(oblique->turn), oblique->squeeze, {0, 0}};
    double unit_per_px;
    if (!(oblique->squeeze >= 1 && oblique->squeeze <= MOST_SQUEEZE)) {
        return STING_E_ARG;
    }
    enum sting_status status =
        layout_reduce(photo, side_px, &small, &unit_per_px);
    if (!status) {
        status = squeeze(&small, &stretch, &squeezed);
    }
    if (!status) {
        *back = affine_of(&stretch, unit_per_px);
        status = layout_of_reduced(&squeezed, side_px, unit_per_px, out);
    }
    return status;
}

/* What the squeezed picture shows, as the picture itself does. */
static void candidate_stretch(struct page_candidate *candidate,
                              const struct homography *back)
{
    struct homography h = {{0}};
    const double *m = candidate->sighting.h.m;
    for (int row = 0; row < 3; row++) {
        for (int column = 0; column < 3; column++) {
            for (int k = 0; k < 3; k++) {
                h.m[3 * row + column] +=
                    back->m[3 * row + k] * m[3 * k + column];
            }
        }
    }
    candidate->sighting.h = h;
}

static size_t inliers_of(const struct page_candidate *candidate)
{
    size_t whole = candidate->sighting.inliers;
    return whole ? whole : candidate->sighting.partly;
}

static enum sting_status turn_find(const struct photo *photo,
                                   const struct page_index *index,
                                   const struct oblique *oblique,
                                   struct page_candidate out[PAGE_FIND_MOST],
                                   size_t *count)
{
    struct layout layout STING_AUTO(layout_release) = {0};
    struct page_votes votes STING_AUTO(page_votes_release) = {0};
    struct homography back;
    size_t found = 0;
    enum sting_status status =
        layout_of_oblique(photo, SIDE_PX, oblique, &layout, &back);
    if (!status) {
        status = page_votes_init(&votes, index, &layout.list);
    }
    if (!status) {
        status = page_find(index, &layout.list, &votes, out, &found);
    }
    *count = 0;
    for (size_t i = 0; !status && i < found; i++) {
        if (inliers_of(&out[i]) >= FEWEST_INLIERS) {
            candidate_stretch(&out[i], &back);
            out[(*count)++] = out[i];
        }
    }
    return status;
}

enum sting_status oblique_find(const struct photo *photo,
                               const struct page_index *index,
                               struct page_candidate *candidate, size_t most,
                               size_t *found)
{
    enum sting_status status = STING_OK;
    *found = 0;
    for (int i = 0; !status && i < TURNS; i++) {
        const struct oblique oblique = {i * M_PI / TURNS, SQUEEZE};
        struct page_candidate seen[PAGE_FIND_MOST];
        size_t count = 0;
        status = turn_find(photo, index, &oblique, seen, &count);
        for (size_t k = 0; !status && k < count && *found < most; k++) {
            candidate[(*found)++] = seen[k];
        }
    }
    return status;
}
