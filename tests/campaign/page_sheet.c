#include "tests/campaign/page_sheet.h"

#include "drill/paper.h"

static void row_shade(const float *ink, int width_px, uint8_t *out)
{
    for (int x = 0; x < width_px; x++) {
        float v = ink[x] / PAPER_WHITE * 255;
        out[x] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
    }
}

enum sting_status page_sheet_draw(struct bytes pdf, int page, double dpi,
                                  struct plane *out, struct fault *fault)
{
    struct paper paper = {0};
    enum sting_status status = paper_render(pdf, page, dpi, &paper, fault);
    if (status) {
        return status;
    }
    const struct plane_f *ink = &paper.ink.channel[1];
    status = plane_init(out, ink->width_px, ink->height_px);
    for (int y = 0; y < ink->height_px && !status; y++) {
        row_shade(plane_f_row(ink, y), ink->width_px,
                  plane_row(out, ink->height_px - 1 - y));
    }
    paper_release(&paper);
    return status ? fault_set(fault, status, "", "the memory is used up")
                  : STING_OK;
}
