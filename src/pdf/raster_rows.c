#include "pdf/raster_rows.h"

#include <stdlib.h>
#include <string.h>

#define WAYS 5

size_t raster_row_bytes(const struct source_image *image)
{
    return ((size_t)image->width * (size_t)image->components *
                (size_t)image->bits +
            7) /
           8;
}

/* How many grey levels a step of the packed sample is. */
static unsigned step_of(const struct source_image *image)
{
    return image->is_named && image->bits > 1
               ? 1
               : 255U / ((1U << image->bits) - 1);
}

void raster_unpack_row(const struct source_image *image, const uint8_t *from,
                       uint8_t *to)
{
    unsigned bits = (unsigned)image->bits, step = step_of(image);
    unsigned mask = (1U << bits) - 1;
    size_t samples = (size_t)image->width * (size_t)image->components;
    if (bits == 8 && step == 1) {
        memcpy(to, from, samples);
        return;
    }
    for (size_t i = 0; i < samples; i++) {
        size_t bit = i * bits;
        unsigned value = from[bit / 8] >> (8 - bits - bit % 8) & mask;
        to[i] = (uint8_t)(value * step);
    }
}

void raster_pack_row(const struct source_image *image, const uint8_t *from,
                     uint8_t *to)
{
    unsigned bits = (unsigned)image->bits, step = step_of(image);
    size_t samples = (size_t)image->width * (size_t)image->components;
    memset(to, 0, raster_row_bytes(image));
    for (size_t i = 0; i < samples; i++) {
        size_t bit = i * bits;
        unsigned value = (from[i] + step / 2) / step;
        to[bit / 8] |= (uint8_t)(value << (8 - bits - bit % 8));
    }
}

static uint8_t paeth(uint8_t left, uint8_t up, uint8_t corner)
{
    int p = left + up - corner;
    int a = abs(p - left), b = abs(p - up), c = abs(p - corner);
    return a <= b && a <= c ? left : b <= c ? up : corner;
}

static uint8_t guess(int way, uint8_t left, uint8_t up, uint8_t corner)
{
    switch (way) {
    case 1:
        return left;
    case 2:
        return up;
    case 3:
        return (uint8_t)((left + up) / 2);
    case 4:
        return paeth(left, up, corner);
    default:
        return 0;
    }
}

/* One row predicted in one way; gives the sum of what is left, as signed. */
static size_t predict_row(const uint8_t *row, const uint8_t *above, size_t size,
                          size_t pixel, int way, uint8_t *out)
{
    size_t sum = 0;
    for (size_t i = 0; i < size; i++) {
        uint8_t left = i >= pixel ? row[i - pixel] : 0;
        uint8_t corner = i >= pixel ? above[i - pixel] : 0;
        out[i] = (uint8_t)(row[i] - guess(way, left, above[i], corner));
        sum += out[i] < 128 ? out[i] : 256U - out[i];
    }
    return sum;
}

void raster_predict_row(const struct source_image *image, const uint8_t *row,
                        const uint8_t *above, uint8_t *tried, uint8_t *out)
{
    size_t size = raster_row_bytes(image), least = SIZE_MAX;
    size_t pixel = (size_t)(image->components * image->bits + 7) / 8;
    for (int way = 0; way < WAYS; way++) {
        size_t sum = predict_row(row, above, size, pixel, way, tried);
        if (sum < least) {
            least = sum;
            out[0] = (uint8_t)way;
            memcpy(out + 1, tried, size);
        }
    }
}
