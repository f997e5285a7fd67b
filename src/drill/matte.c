#include "drill/matte.h"

#include <stdlib.h>
#include <string.h>

void matte_release(struct matte *matte)
{
    free(matte->pixel);
    *matte = (struct matte){0};
}

enum sting_status matte_begin(struct matte *matte, int left, int top, int width,
                              int height)
{
    size_t need = (size_t)width * (size_t)height;
    if (need > matte->room) {
        struct matte_pixel *more = realloc(matte->pixel, need * sizeof *more);
        if (!more) {
            return STING_E_NOMEM;
        }
        matte->pixel = more;
        matte->room = need;
    }
    matte->left = left;
    matte->top = top;
    matte->width = width;
    matte->height = height;
    if (need > 0) {
        memset(matte->pixel, 0, need * sizeof *matte->pixel);
    }
    return STING_OK;
}

const struct matte_pixel *matte_at(const struct matte *matte, int x, int y)
{
    int i = x - matte->left;
    int j = y - matte->top;
    if (i < 0 || j < 0 || i >= matte->width || j >= matte->height) {
        return NULL;
    }
    const struct matte_pixel *pixel =
        &matte->pixel[(size_t)j * (size_t)matte->width + (size_t)i];
    return pixel->cover > 0 ? pixel : NULL;
}

double matte_area(const struct matte *matte, int width_px, int height_px)
{
    double sum = 0;
    for (int j = 0; j < matte->height; j++) {
        for (int i = 0; i < matte->width; i++) {
            int x = matte->left + i;
            int y = matte->top + j;
            if (x >= 0 && y >= 0 && x < width_px && y < height_px) {
                sum += (double)matte
                           ->pixel[(size_t)j * (size_t)matte->width + (size_t)i]
                           .cover;
            }
        }
    }
    return sum;
}
