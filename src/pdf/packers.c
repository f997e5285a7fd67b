#include "pdf/packers.h"

#include <stdio.h>
#include <string.h>

#include "pdf/flow.h"
#include "pdf/pack.h"
#include "pdf/raster_jpeg.h"
#include "pdf/raster_jpx.h"
#include "pdf/source_image.h"

#define SAMPLE_LINES 800

/* The packings that batches tell; those of long ago tell none, and have 1. */
static const struct {
    const char *text;
    int packing;
} told[] = {{"packing 3, ", 3}, {"packing 2, ", 2}};

/* Text as pages have it, the same each time. The generator is that of
 * Numerical Recipes. */
static enum sting_status write_sample(struct buffer *out)
{
    uint32_t state = 1;
    enum sting_status status = STING_OK;
    for (int i = 0; !status && i < SAMPLE_LINES; i++) {
        state = state * 1664525 + 1013904223;
        unsigned dice = state >> 8;
        status =
            buffer_printf(out, "%u.%02u 0 Td [(%c%c)-%u(tank)]TJ\n", dice % 90,
                          dice / 90 % 100, (int)('a' + dice / 9000 % 26),
                          (int)('a' + dice / 234000 % 26), dice % 700);
    }
    return status;
}

enum sting_status pdf_packers(char out[PDF_PACKERS_SIZE])
{
    struct buffer sample STING_AUTO(buffer_release) = {0};
    uint32_t sum = 0;
    enum sting_status status = write_sample(&sample);
    if (!status) {
        status = pack_sum(buffer_bytes(&sample), &sum);
    }
    if (!status) {
        snprintf(out, PDF_PACKERS_SIZE,
                 "%slibdeflate %s (%08x), zlib %s, libjpeg %s, OpenJPEG %s, "
                 "MuPDF %s",
                 told[0].text, pack_version(), sum, flow_version(),
                 raster_jpeg_version(), raster_jpx_version(), source_version());
    }
    return status;
}

int pdf_packers_packing(const char *packers)
{
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        if (!strncmp(packers, told[i].text, strlen(told[i].text))) {
            return told[i].packing;
        }
    }
    return 1;
}

const char *pdf_packers_names(const char *packers)
{
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        size_t size = strlen(told[i].text);
        if (!strncmp(packers, told[i].text, size)) {
            return packers + size;
        }
    }
    return packers;
}
