#include "detect/page_number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/page_face.h"
#include "detect/page_patch.h"
#include "detect/page_register.h"

#define A_STEP 8 /* pages that one look compares, by the corners alone, ... */
#define A_STEP_REGISTERED 4 /* ... and where each is registered first */
#define ROUNDS 2
#define PAPER 255.0F /* what is around a page */
#define SURE 0.5F    /* of the correlation */
#define APART 0.15F
#define SHORTER 0.65 /* of a shape, in logarithms: as seen from 31 degrees */
#define SKEW 0.1     /* the same, of corners that are not found well */

struct page_number {
    int prints;
    const struct page_print *print[PAGE_PRINTS_MOST]; /* borrowed */
    struct plane_f fine;                              /* of what is read */
    struct plane_f laid, flat, one; /* a page as it would lie there */
    double *sum;
    struct page_sheet sheet;
    int next;       /* to be compared */
    bool registers; /* the corners alone did not do */
    struct page_reading best;
};

enum sting_status page_number_new(int width, int height,
                                  struct page_number **out)
{
    struct page_number *n STING_AUTO(page_number_free) = calloc(1, sizeof *n);
    if (!n) {
        return STING_E_NOMEM;
    }
    struct plane_f *const plane[] = {&n->fine, &n->laid, &n->flat, &n->one};
    for (size_t i = 0; i < sizeof plane / sizeof *plane; i++) {
        enum sting_status status = plane_f_init(plane[i], width, height);
        if (status) {
            return status;
        }
    }
    n->sum = calloc((size_t)(width + 1) * (size_t)(height + 1), sizeof *n->sum);
    if (!n->sum) {
        return STING_E_NOMEM;
    }
    *out = n;
    n = NULL;
    return STING_OK;
}

void page_number_free(struct page_number **number)
{
    struct page_number *n = *number;
    if (n) {
        plane_f_release(&n->fine);
        plane_f_release(&n->laid);
        plane_f_release(&n->flat);
        plane_f_release(&n->one);
        free(n->sum);
    }
    free(n);
    *number = NULL;
}

void page_number_add(struct page_number *number, const struct page_print *print)
{
    struct page_number *n = number;
    if (n->prints < PAGE_PRINTS_MOST && print->grey.width_px > 1 &&
        print->grey.height_px > 1) {
        n->print[n->prints++] = print;
    }
}

void page_number_begin(struct page_number *number, const struct plane_f *mean,
                       const struct page_sheet *sheet)
{
    patch_fine(mean, number->sum, &number->flat, &number->fine);
    number->sheet = *sheet;
    number->next = 0;
    number->registers = false;
    number->best = (struct page_reading){.page = 0};
}

static float sample(const struct plane *print, struct point p)
{
    double x = p.x - 0.5, y = p.y - 0.5;
    if (!(x >= 0 && y >= 0 && x < print->width_px - 1 &&
          y < print->height_px - 1)) {
        return PAPER;
    }
    int i = (int)x, j = (int)y;
    float a = (float)(x - i), b = (float)(y - j);
    const uint8_t *p0 = plane_row(print, j) + i;
    const uint8_t *p1 = plane_row(print, j + 1) + i;
    return (1 - b) * ((1 - a) * (float)p0[0] + a * (float)p0[1]) +
           b * ((1 - a) * (float)p1[0] + a * (float)p1[1]);
}

/* The page as it would look, its top left at that corner of the sheet. */
static bool lay(struct page_number *n, const struct plane *print,
                const struct page_sheet *sheet, int turns)
{
    struct homography to;
    const double w = print->width_px, h = print->height_px;
    const struct point at[4] = {{0, 0}, {w, 0}, {w, h}, {0, h}};
    struct pair pair[4];
    for (int i = 0; i < 4; i++) {
        pair[i] = (struct pair){sheet->corner[(i + turns) % 4], at[i]};
    }
    if (homography_fit(pair, NULL, 4, &to)) {
        return false;
    }
    for (int y = 0; y < n->laid.height_px; y++) {
        float *row = plane_f_row(&n->laid, y);
        for (int x = 0; x < n->laid.width_px; x++) {
            row[x] = sample(
                print, homography_apply(&to, (struct point){x + 0.5, y + 0.5}));
        }
    }
    patch_fine(&n->laid, n->sum, &n->flat, &n->one);
    return true;
}

static double side(const struct page_sheet *sheet, int from)
{
    const struct point *a = &sheet->corner[from % 4];
    const struct point *b = &sheet->corner[(from + 1) % 4];
    const struct point *c = &sheet->corner[(from + 2) % 4];
    const struct point *d = &sheet->corner[(from + 3) % 4];
    return hypot(a->x - b->x, a->y - b->y) + hypot(c->x - d->x, c->y - d->y);
}

/* Can a sheet that is as long for its width as this one be the page, this way
 * round? Seen from the side it is shorter one way, a page even as wide as long;
 * then both ways are tried. */
static bool has_shape(const struct page_number *n, const struct plane *print,
                      int turns)
{
    double sheet = side(&n->sheet, turns) / side(&n->sheet, turns + 1);
    double page = (double)print->width_px / print->height_px;
    double off = fabs(log(sheet / page));
    return off < SHORTER || off < SKEW + fabs(log(1 / sheet / page));
}

/* How alike the sheet and the page are, laid there that way round. */
static float alike(struct page_number *n, const struct plane *print, int turns)
{
    struct page_sheet sheet = n->sheet;
    double same = -1;
    if (!has_shape(n, print, turns) || !lay(n, print, &sheet, turns)) {
        return -1;
    }
    same = page_face_alike(&n->fine, &sheet, &n->one);
    for (int i = 0; n->registers && i < ROUNDS; i++) {
        if (!page_register(&n->fine, &n->one, &sheet) ||
            !lay(n, print, &sheet, turns)) {
            break;
        }
        same = fmax(same, page_face_alike(&n->fine, &sheet, &n->one));
    }
    return (float)same;
}

static void compare(struct page_number *n, const struct page_print *print)
{
    struct page_reading *best = &n->best;
    for (int turns = 0; turns < 4; turns++) {
        float same = alike(n, &print->grey, turns);
        if (best->page == 0 || same > best->same) {
            best->rival = best->page == 0 ? -1 : best->same;
            best->page = print->page;
            best->same = same;
        } else {
            best->rival = fmaxf(best->rival, same);
        }
    }
}

static bool is_sure(const struct page_reading *best)
{
    return best->page > 0 && best->same >= SURE &&
           best->same - best->rival >= APART;
}

bool page_number_step(struct page_number *number, struct page_reading *out)
{
    struct page_number *n = number;
    int most = n->registers ? A_STEP_REGISTERED : A_STEP;
    for (int i = 0; i < most && n->next < n->prints; i++) {
        compare(n, n->print[n->next++]);
    }
    bool is_over = n->next == n->prints;
    *out = n->best;
    out->is_sure = is_sure(&n->best);
    if (is_over && !out->is_sure && !n->registers) {
        n->registers = true;
        n->next = 0;
        n->best = (struct page_reading){.page = 0};
        return false;
    }
    return is_over;
}
