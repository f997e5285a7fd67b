#include "cutout.h"

#include <stdlib.h>
#include <string.h>

void cutout_release(struct cutout *cutout)
{
    free(cutout->cover);
    free(cutout->level);
    *cutout = (struct cutout){0};
}

static int within(int value, int most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

static size_t cells(const struct cutout *c)
{
    return (size_t)c->width * (size_t)c->height;
}

enum sting_status cutout_begin(struct cutout *out, const int box[4],
                               int width_px, int height_px)
{
    int left = within(box[0], width_px), right = within(box[2], width_px);
    int top = within(box[1], height_px), low = within(box[3], height_px);
    int width = right > left ? right - left : 0;
    int height = low > top ? low - top : 0;
    size_t need = (size_t)width * (size_t)height;
    if (need > out->room) {
        cutout_release(out);
        out->cover = malloc(need * sizeof *out->cover);
        out->level = malloc(need * sizeof *out->level);
        if (!out->cover || !out->level) {
            cutout_release(out);
            return STING_E_NOMEM;
        }
        out->room = need;
    }
    out->left = left;
    out->top = top;
    out->width = width;
    out->height = height;
    if (need > 0) {
        memset(out->cover, 0, need * sizeof *out->cover);
        memset(out->level, 0, need * sizeof *out->level);
    }
    return STING_OK;
}

/* Widen `box` so that it holds all cells of `c` too; at first it is empty. */
static void box_widen(int box[4], const struct cutout *c)
{
    const int mine[4] = {c->left, c->top, c->left + c->width,
                         c->top + c->height};
    bool is_first = box[2] == 0;
    for (int i = 0; i < 4 && cells(c) > 0; i++) {
        bool is_wider = i < 2 ? mine[i] < box[i] : mine[i] > box[i];
        box[i] = is_first || is_wider ? mine[i] : box[i];
    }
}

static void more_cover(const struct cutout *from, struct cutout *to)
{
    for (int y = 0; y < from->height; y++) {
        size_t at = (size_t)y * (size_t)from->width;
        size_t into = (size_t)(from->top - to->top + y) * (size_t)to->width +
                      (size_t)(from->left - to->left);
        for (int x = 0; x < from->width; x++, at++, into++) {
            if (from->cover[at] > to->cover[into]) {
                to->cover[into] = from->cover[at];
                to->level[into] = from->level[at];
            }
        }
    }
}

enum sting_status cutout_join(const struct cutout *under,
                              const struct cutout *over, struct cutout *out)
{
    int box[4] = {0, 0, 0, 0};
    box_widen(box, under);
    box_widen(box, over);
    enum sting_status status = cutout_begin(out, box, box[2], box[3]);
    if (status) {
        return status;
    }
    more_cover(under, out);
    more_cover(over, out);
    return STING_OK;
}

void cutout_put(const struct cutout *cutout, int y, float *row, int width_px)
{
    if (y < cutout->top || y >= cutout->top + cutout->height) {
        return;
    }
    size_t at = (size_t)(y - cutout->top) * (size_t)cutout->width;
    const float *cover = cutout->cover + at, *level = cutout->level + at;
    int first = cutout->left < 0 ? -cutout->left : 0;
    int end = width_px - cutout->left;
    end = end < cutout->width ? end : cutout->width;
    for (int x = first; x < end; x++) {
        float *to = &row[cutout->left + x];
        *to += cover[x] * (level[x] - *to);
    }
}
