#include "pdf/raster_rows.h"

#include <stdlib.h>
#include <string.h>

#define WAYS 5

void raster_release(struct raster *raster)
{
    free(raster->sample);
    *raster = (struct raster){0};
}

enum sting_status raster_init(struct raster *out,
                              const struct source_image *image)
{
    struct raster raster = {
        .width = image->width,
        .height = image->height,
        .components = image->components,
        .stride = (size_t)image->width * (size_t)image->components,
    };
    raster.sample = calloc((size_t)raster.height, raster.stride);
    if (!raster.sample) {
        return STING_E_NOMEM;
    }
    *out = raster;
    return STING_OK;
}

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

void raster_unpack(struct raster *raster, const struct source_image *image,
                   struct bytes bytes)
{
    size_t row = raster_row_bytes(image);
    unsigned bits = (unsigned)image->bits, step = step_of(image);
    unsigned mask = (1U << bits) - 1;
    for (int y = 0; y < raster->height; y++) {
        const uint8_t *from = bytes.data + (size_t)y * row;
        uint8_t *to = raster->sample + (size_t)y * raster->stride;
        if (((size_t)y + 1) * row > bytes.size) {
            return;
        }
        for (size_t i = 0; i < raster->stride; i++) {
            size_t bit = i * bits;
            unsigned value = from[bit / 8] >> (8 - bits - bit % 8) & mask;
            to[i] = (uint8_t)(value * step);
        }
    }
}

enum sting_status raster_pack(const struct raster *raster,
                              const struct source_image *image,
                              struct buffer *out)
{
    size_t row = raster_row_bytes(image);
    unsigned bits = (unsigned)image->bits, step = step_of(image);
    size_t size = row * (size_t)raster->height;
    enum sting_status status = buffer_reserve(out, size);
    if (status) {
        return status;
    }
    memset(out->data + out->size, 0, size);
    for (int y = 0; y < raster->height; y++) {
        const uint8_t *from = raster->sample + (size_t)y * raster->stride;
        uint8_t *to = out->data + out->size + (size_t)y * row;
        for (size_t i = 0; i < raster->stride; i++) {
            size_t bit = i * bits;
            unsigned value = (from[i] + step / 2) / step;
            to[bit / 8] |= (uint8_t)(value << (8 - bits - bit % 8));
        }
    }
    out->size += size;
    out->data[out->size] = 0;
    return STING_OK;
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

enum sting_status raster_predict(struct bytes rows,
                                 const struct source_image *image,
                                 struct buffer *out)
{
    size_t size = raster_row_bytes(image);
    size_t pixel = (size_t)(image->components * image->bits + 7) / 8;
    uint8_t *tried = calloc(3, size);
    uint8_t *best = tried + size, *none = best + size;
    enum sting_status status = tried ? STING_OK : STING_E_NOMEM;
    for (size_t at = 0; !status && at + size <= rows.size; at += size) {
        const uint8_t *above = at > 0 ? rows.data + at - size : none;
        size_t least = SIZE_MAX;
        uint8_t chosen = 0;
        for (int way = 0; way < WAYS; way++) {
            size_t sum =
                predict_row(rows.data + at, above, size, pixel, way, tried);
            if (sum < least) {
                least = sum;
                chosen = (uint8_t)way;
                memcpy(best, tried, size);
            }
        }
        status = buffer_append(out, (struct bytes){&chosen, 1});
        if (!status) {
            status = buffer_append(out, (struct bytes){best, size});
        }
    }
    free(tried);
    return status;
}
