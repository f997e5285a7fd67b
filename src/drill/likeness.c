#include "drill/likeness.h"

#include <math.h>
#include <stdlib.h>

#include "media/decode.h"

#define FINEST 10 /* crf */
#define COARSEST 46
#define CELL 8 /* px */

void likeness_release(struct likeness_sample *sample)
{
    for (int i = 0; i < sample->frames; i++) {
        video_frame_release(&sample->frame[i]);
    }
    sample->frames = 0;
}

/* ---- as many bytes ---- */

static enum sting_status sample_encode(const struct likeness_sample *sample,
                                       struct encode_settings settings, int crf,
                                       encode_sink sink, void *context,
                                       struct fault *fault)
{
    struct encoder *encoder STING_AUTO(encoder_free) = NULL;
    settings.crf = crf;
    enum sting_status status =
        encoder_new(&settings, sink, context, &encoder, fault);
    for (int i = 0; !status && i < sample->frames; i++) {
        status = encoder_frame(encoder, &sample->frame[i]);
    }
    return status ? status : encoder_finish(encoder);
}

static enum sting_status bytes_count(void *context,
                                     const struct encode_packet *packet)
{
    *(size_t *)context += packet->data.size;
    return STING_OK;
}

/* The finest of those that need no more than it did. */
static enum sting_status crf_find(const struct likeness_sample *sample,
                                  const struct encode_settings *like, int *crf,
                                  struct fault *fault)
{
    int fine = FINEST;
    int coarse = COARSEST;
    while (fine < coarse) {
        int middle = (fine + coarse) / 2;
        size_t bytes = 0;
        enum sting_status status =
            sample_encode(sample, *like, middle, bytes_count, &bytes, fault);
        if (status) {
            return status;
        }
        if (bytes > sample->bytes) {
            fine = middle + 1;
        } else {
            coarse = middle;
        }
    }
    *crf = fine;
    return STING_OK;
}

/* ---- what is left of the noise ---- */

/* Sums over time of each cell's mean. */
struct cells {
    int width, height;
    double *sum, *square; /* owned */
    int frames;
    struct decoder *decoder; /* owned */
};

static void cells_release(struct cells *cells)
{
    free(cells->sum);
    free(cells->square);
    decoder_free(&cells->decoder);
}

static enum sting_status cells_begin(struct cells *out,
                                     const struct encode_settings *size)
{
    *out = (struct cells){.width = size->width_px / CELL,
                          .height = size->height_px / CELL};
    size_t count = (size_t)out->width * (size_t)out->height;
    out->sum = calloc(count, sizeof(double));
    out->square = calloc(count, sizeof(double));
    return out->sum && out->square ? STING_OK : STING_E_NOMEM;
}

double likeness_cell(const struct plane *plane, int left, int top, int side)
{
    int sum = 0;
    for (int y = top; y < top + side; y++) {
        for (int x = left; x < left + side; x++) {
            sum += plane_row(plane, y)[x];
        }
    }
    return (double)sum / (side * side);
}

static enum sting_status cells_take(void *context,
                                    const struct video_frame *frame)
{
    struct cells *cells = context;
    for (int y = 0; y < cells->height; y++) {
        for (int x = 0; x < cells->width; x++) {
            double mean = likeness_cell(&frame->y, x * CELL, y * CELL, CELL);
            size_t at = (size_t)y * (size_t)cells->width + (size_t)x;
            cells->sum[at] += mean;
            cells->square[at] += mean * mean;
        }
    }
    cells->frames++;
    return STING_OK;
}

static double cells_noise(const struct cells *cells)
{
    double all = 0;
    size_t count = (size_t)cells->width * (size_t)cells->height;
    for (size_t i = 0; i < count && cells->frames > 0; i++) {
        double mean = cells->sum[i] / cells->frames;
        all += fmax(0, cells->square[i] / cells->frames - mean * mean);
    }
    return count > 0 ? sqrt(all / (double)count) : 0;
}

struct decoding {
    struct cells *cells;
    const struct encode_settings *size;
};

static enum sting_status packet_decode(void *context,
                                       const struct encode_packet *given)
{
    const struct decoding *d = context;
    struct stream stream STING_AUTO(stream_release) = {0};
    struct packet packet STING_AUTO(packet_release) = {0};
    enum sting_status status = STING_OK;
    if (!d->cells->decoder) {
        status = stream_of_h264(d->size->width_px, d->size->height_px,
                                given->data, &stream);
        status = status ? status
                        : decoder_new(&stream, cells_take, d->cells,
                                      &d->cells->decoder, NULL);
    }
    status = status
                 ? status
                 : packet_new(given->data, given->pts_us, given->key, &packet);
    return status ? status : decoder_add(d->cells->decoder, &packet);
}

static enum sting_status noise_compare(const struct likeness_sample *sample,
                                       const struct encode_settings *like,
                                       struct likeness *out,
                                       struct fault *fault)
{
    struct cells before STING_AUTO(cells_release) = {0};
    struct cells after STING_AUTO(cells_release) = {0};
    struct decoding decoding = {&after, like};
    enum sting_status status = cells_begin(&before, like);
    status = status ? status : cells_begin(&after, like);
    for (int i = 0; !status && i < sample->frames; i++) {
        status = cells_take(&before, &sample->frame[i]);
    }
    status = status ? status
                    : sample_encode(sample, *like, out->crf, packet_decode,
                                    &decoding, fault);
    if (!status && after.decoder) {
        status = decoder_finish(after.decoder);
    }
    double was = cells_noise(&before);
    out->noise_kept = was > 0 ? cells_noise(&after) / was : 1;
    return status;
}

enum sting_status likeness_find(const struct likeness_sample *sample,
                                const struct encode_settings *like,
                                struct likeness *out, struct fault *fault)
{
    if (sample->frames == 0) {
        return STING_E_ARG;
    }
    enum sting_status status = crf_find(sample, like, &out->crf, fault);
    return status ? status : noise_compare(sample, like, out, fault);
}
