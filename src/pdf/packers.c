#include "pdf/packers.h"

#include <stdio.h>
#include <string.h>

#include "pdf/flow.h"
#include "pdf/pack.h"
#include "pdf/raster_jpeg.h"
#include "pdf/raster_jpx.h"
#include "pdf/source_image.h"

#define SAMPLE_LINES 800
#define PACKING "packing 2, "

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
                 PACKING
                 "libdeflate %s (%08x), zlib %s, libjpeg %s, OpenJPEG %s, "
                 "MuPDF %s",
                 pack_version(), sum, flow_version(), raster_jpeg_version(),
                 raster_jpx_version(), source_version());
    }
    return status;
}

static bool tells_packing(const char *packers)
{
    return !strncmp(packers, PACKING, sizeof PACKING - 1);
}

int pdf_packers_packing(const char *packers)
{
    return tells_packing(packers) ? 2 : 1;
}

const char *pdf_packers_names(const char *packers)
{
    return packers + (tells_packing(packers) ? sizeof PACKING - 1 : 0);
}
