#include "image/align.h"

#include <math.h>
#include <string.h>

#include "image/filter.h"
#include "image/linear.h"

#define UNKNOWNS 6
#define FIRST_SLOPE 2 /* of light, among the unknowns */
#define LAST_SLOPE 3
#define MOST_WIDTH 1024 /* of a box; wider ones are cut */
#define LEAST_SIDE 6
#define MOST_STEP 0.7 /* pixels a round */
#define CLOSE_ENOUGH 0.005
#define LEAST_GAIN 1e-3
/* Photographs are flattened: light changes little within a box. Without that a
 * slope of light explains as much of a narrow stroke as its displacement does.
 * Added to the squares of both slopes: about one grey level over 50 pixels. */
#define EVEN_LIGHT 100.0
#define PAPER 200.0F /* what gain leaves as it is */

void align_reference_release(struct align_reference *reference)
{
    plane_f_release(&reference->value);
}

enum sting_status align_reference_init(struct align_reference *out,
                                       const struct plane_f *plane,
                                       double blur_px)
{
    struct align_reference made STING_AUTO(align_reference_release) = {0};
    enum sting_status status = plane_f_copy(plane, &made.value);
    if (!status) {
        status = plane_blur(&made.value, blur_px);
    }
    if (!status) {
        *out = made;
        made = (struct align_reference){0};
    }
    return status;
}

/* A displacement as whole pixels and the cubic weights of the rest. */
struct offset {
    int whole;
    float weight[4];
};

static struct offset offset_of(double displacement)
{
    struct offset offset;
    double down = floor(-displacement);
    offset.whole = (int)down;
    cubic_weights(-displacement - down, offset.weight);
    return offset;
}

/* Four pixels at once, as every machine of today has it. */
#define AT_ONCE 4
typedef float pixels __attribute__((vector_size(4 * AT_ONCE)));

static inline pixels take(const float *from)
{
    pixels p;
    memcpy(&p, from, sizeof p);
    return p;
}

static inline void put(float *to, pixels p)
{
    memcpy(to, &p, sizeof p);
}

/* to[x] = sum of weight[i] * from[i][x]. */
static void blend(const float *const from[4], const float weight[4], int count,
                  float *to)
{
    int x = 0;
    for (; x + AT_ONCE <= count; x += AT_ONCE) {
        put(to + x,
            weight[0] * take(from[0] + x) + weight[1] * take(from[1] + x) +
                weight[2] * take(from[2] + x) + weight[3] * take(from[3] + x));
    }
    for (; x < count; x++) {
        to[x] = weight[0] * from[0][x] + weight[1] * from[1][x] +
                weight[2] * from[2][x] + weight[3] * from[3][x];
    }
}

#define ROOM (MOST_WIDTH + 2 + AT_ONCE)

/* The reference moved under a box, row by row, one pixel more on each side:
 * value(x - dx, y - dy) by cubics, along rows first. */
struct moved {
    const struct plane_f *value;
    struct box box;
    struct offset across, down;
    float row[4][ROOM];  /* rows of the plane moved across, by number */
    float done[3][ROOM]; /* rows moved both ways, by number */
    int ready;           /* the next row of the plane to move across */
};

static void moved_init(struct moved *moved, const struct plane_f *value,
                       struct box box, double dx, double dy)
{
    moved->value = value;
    moved->box = box;
    moved->across = offset_of(dx);
    moved->down = offset_of(dy);
    moved->ready = box.y0 - 1 + moved->down.whole - 1;
}

/* Row y of the box, -1 and its height included; rows come one after another.
 * Element 0 is one pixel left of the box. */
static const float *moved_row(struct moved *moved, int y)
{
    int width = moved->box.x1 - moved->box.x0 + 2;
    int left = moved->box.x0 - 1 + moved->across.whole - 1;
    int top = y + moved->down.whole - 1;
    for (; moved->ready < top + 4; moved->ready++) {
        const float *from = plane_f_row(moved->value, moved->ready) + left;
        const float *const tap[4] = {from, from + 1, from + 2, from + 3};
        blend(tap, moved->across.weight, width, moved->row[moved->ready & 3]);
    }
    const float *const tap[4] = {moved->row[top & 3], moved->row[(top + 1) & 3],
                                 moved->row[(top + 2) & 3],
                                 moved->row[(top + 3) & 3]};
    float *out = moved->done[(y + 3) % 3];
    blend(tap, moved->down.weight, width, out);
    return out;
}

/* Sums over the box of what the normal equations and the residual need. */
struct sums {
    double a[UNKNOWNS][UNKNOWNS];
    double b[UNKNOWNS];
    double square; /* of the photograph */
    double plain;
    double count;
};

/* The model: photo = gain (value - paper) + light + slopes of light - gain dx
 * across - gain dy down. Its columns that differ from pixel to pixel, and the
 * photograph, and what is summed of each two of them in one row. */
enum column { VALUE, ACROSS, DOWN, RIGHT, ONE, PHOTO, COLUMNS };

struct row_sums {
    double of[COLUMNS][COLUMNS]; /* upper triangle */
};

static double total(pixels p)
{
    return (double)((p[0] + p[1]) + (p[2] + p[3]));
}

/* Columns of four pixels; `left` of them are in the box, others are zero. */
static void columns_fill(const float *const row[3], const float *photo, int x,
                         int left, pixels out[COLUMNS])
{
    static const pixels step = {0, 1, 2, 3};
    pixels photo_here = {0};
    pixels one = {0};
    if (left >= AT_ONCE) {
        photo_here = take(photo + x);
        one += 1.0F;
    } else {
        for (int i = 0; i < left; i++) {
            photo_here[i] = photo[x + i];
            one[i] = 1;
        }
    }
    out[VALUE] = (take(row[1] + x + 1) - PAPER) * one;
    out[ACROSS] = 0.5F * (take(row[1] + x) - take(row[1] + x + 2)) * one;
    out[DOWN] = 0.5F * (take(row[0] + x + 1) - take(row[2] + x + 1)) * one;
    out[RIGHT] = (step + (float)x) * one / 50.0F;
    out[ONE] = one;
    out[PHOTO] = photo_here;
}

static void row_sum(const float *const row[3], const float *photo, int width,
                    struct row_sums *out)
{
    pixels sum[COLUMNS][COLUMNS] = {0};
    for (int x = 0; x < width; x += AT_ONCE) {
        pixels column[COLUMNS];
        columns_fill(row, photo, x, width - x, column);
        for (int i = 0; i < COLUMNS; i++) {
            for (int j = i; j < COLUMNS; j++) {
                sum[i][j] += column[i] * column[j];
            }
        }
    }
    for (int i = 0; i < COLUMNS; i++) {
        for (int j = i; j < COLUMNS; j++) {
            out->of[i][j] = total(sum[i][j]);
        }
    }
}

/* Unknowns are gain, light, its slopes right and down, and the displacement
 * times gain; `low` is the pixels' value in the column of the slope down. */
static void sums_add(struct sums *sums, const struct row_sums *row, double low)
{
    static const enum column column[UNKNOWNS] = {VALUE, ONE,    RIGHT,
                                                 ONE,   ACROSS, DOWN};
    for (int i = 0; i < UNKNOWNS; i++) {
        double scale = i == 3 ? low : 1;
        for (int j = i; j < UNKNOWNS; j++) {
            bool ordered = column[i] < column[j];
            enum column a = ordered ? column[i] : column[j];
            enum column b = ordered ? column[j] : column[i];
            sums->a[i][j] += scale * (j == 3 ? low : 1) * row->of[a][b];
        }
        sums->b[i] += scale * row->of[column[i]][PHOTO];
    }
    sums->square += row->of[PHOTO][PHOTO];
    sums->plain += row->of[ONE][PHOTO];
    sums->count += row->of[ONE][ONE];
}

static void box_sum(const struct align_reference *reference,
                    const struct plane_f *photo, struct box box,
                    const struct alignment *at, struct sums *sums)
{
    struct moved moved;
    memset(sums, 0, sizeof *sums);
    memset(moved.done, 0, sizeof moved.done);
    moved_init(&moved, &reference->value, box, at->x, at->y);
    const float *row[3] = {moved_row(&moved, box.y0 - 1),
                           moved_row(&moved, box.y0), NULL};
    for (int y = box.y0; y < box.y1; y++) {
        struct row_sums here;
        row[2] = moved_row(&moved, y + 1);
        row_sum(row, plane_f_row(photo, y) + box.x0, box.x1 - box.x0, &here);
        sums_add(sums, &here, (y - box.y0) / 50.0);
        row[0] = row[1];
        row[1] = row[2];
    }
}

static bool sums_solve(const struct sums *sums, struct normal_equations *normal,
                       double x[UNKNOWNS])
{
    normal_init(normal, UNKNOWNS);
    for (int i = 0; i < UNKNOWNS; i++) {
        for (int j = i; j < UNKNOWNS; j++) {
            normal->a[i * UNKNOWNS + j] = sums->a[i][j];
        }
        /* Far below any real slope: keeps a blank box solvable. */
        normal->a[i * UNKNOWNS + i] += 1e-6;
        normal->b[i] = sums->b[i];
    }
    for (int i = FIRST_SLOPE; i <= LAST_SLOPE; i++) {
        normal->a[i * UNKNOWNS + i] += EVEN_LIGHT;
    }
    return normal_solve(normal, x) == STING_OK && fabs(x[0]) > LEAST_GAIN;
}

/* |photo - model|^2 = p'p - 2 x'b + x'Ax; at the solution x'Ax is x'b less what
 * was added for even light. */
static void judge(const struct sums *sums,
                  const struct normal_equations *normal,
                  const double x[UNKNOWNS], struct alignment *out)
{
    double explained = 0;
    for (int i = 0; i < UNKNOWNS; i++) {
        explained += x[i] * sums->b[i];
    }
    for (int i = FIRST_SLOPE; i <= LAST_SLOPE; i++) {
        explained += EVEN_LIGHT * x[i] * x[i];
    }
    double left = fmax(sums->square - explained, 0);
    double spread = sums->square - sums->plain * sums->plain / sums->count;
    out->residual = left / fmax(sums->count - UNKNOWNS, 1);
    out->gain = x[0];
    out->fit = spread > 0 ? 1 - left / spread : 0;
    double noise = out->residual / fmax(x[0] * x[0], 1e-4);
    out->var_x = noise * normal_variance(normal, 4);
    out->var_y = noise * normal_variance(normal, 5);
}

static double limited(double v, double most)
{
    return v > most ? most : v < -most ? -most : v;
}

/* The box cut so that every shifted read stays inside both planes. */
static bool box_cut(const struct align_reference *reference,
                    const struct plane_f *photo, double reach_px,
                    struct box *box)
{
    const struct plane_f *value = &reference->value;
    int margin = (int)ceil(reach_px) + 4;
    int width =
        value->width_px < photo->width_px ? value->width_px : photo->width_px;
    int height = value->height_px < photo->height_px ? value->height_px
                                                     : photo->height_px;
    box->x0 = box->x0 < margin ? margin : box->x0;
    box->y0 = box->y0 < margin ? margin : box->y0;
    box->x1 = box->x1 > width - margin ? width - margin : box->x1;
    box->y1 = box->y1 > height - margin ? height - margin : box->y1;
    if (box->x1 - box->x0 > MOST_WIDTH) {
        box->x1 = box->x0 + MOST_WIDTH;
    }
    return box->x1 - box->x0 >= LEAST_SIDE && box->y1 - box->y0 >= LEAST_SIDE;
}

bool align_box(const struct align_reference *reference,
               const struct plane_f *photo, struct box box, int rounds,
               double reach_px, struct alignment *out)
{
    struct alignment at = {.x = out->x, .y = out->y};
    double far = fmax(fabs(at.x), fabs(at.y)) + reach_px;
    if (!box_cut(reference, photo, far, &box)) {
        return false;
    }
    for (int round = 0; round < rounds; round++) {
        struct normal_equations normal;
        struct sums sums;
        double x[UNKNOWNS];
        box_sum(reference, photo, box, &at, &sums);
        if (!sums_solve(&sums, &normal, x)) {
            return false;
        }
        judge(&sums, &normal, x, &at);
        double step_x = limited(x[4] / x[0], MOST_STEP);
        double step_y = limited(x[5] / x[0], MOST_STEP);
        at.x += step_x;
        at.y += step_y;
        if (fabs(at.x - out->x) > reach_px || fabs(at.y - out->y) > reach_px) {
            return false;
        }
        if (fabs(step_x) < CLOSE_ENOUGH && fabs(step_y) < CLOSE_ENOUGH) {
            break;
        }
    }
    *out = at;
    return true;
}
