/* What is written of a JPEG or JPEG 2000 can be read and displaced again. */
#include <stdlib.h>

#include "pdf/raster_jpeg.h"
#include "pdf/raster_jpx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(enum sting_status (*displace)(
                      struct bytes bytes, const struct raster_place *place,
                      struct buffer *out),
                  struct bytes bytes)
{
    static struct pdf_node node[4] = {
        {0.25F, -0.25F}, {-0.25F, 0.25F}, {0.25F, 0.25F}, {-0.25F, -0.25F}};
    const struct pdf_field field = {50, 2, 2, node};
    const struct raster_place place = {.map = {100, 0, 0, -100, 0, 100},
                                       .field = &field};
    struct buffer once STING_AUTO(buffer_release) = {0};
    struct buffer twice STING_AUTO(buffer_release) = {0};
    if (!displace(bytes, &place, &once) &&
        displace(buffer_bytes(&once), &place, &twice)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check(raster_jpeg, (struct bytes){data, size});
    check(raster_jpx, (struct bytes){data, size});
    return 0;
}
