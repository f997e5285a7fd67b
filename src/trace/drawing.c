/* The picture with its units drawn in, as SVG: text that any browser shows. */
#include "trace/drawing.h"

#include <string.h>

#include "base/text.h"

#define GREEN "#1a9641"
#define RED "#d7191c"
#define BLUE "#2c7bb6"
#define GREY "#999999"

static const char *colour_of(const struct trace_mark *mark)
{
    if (mark->sign == 0) {
        return GREY;
    }
    return mark->agrees > 0 ? GREEN : mark->agrees < 0 ? RED : BLUE;
}

static enum sting_status mark_draw(const struct trace_mark *mark,
                                   struct buffer *out)
{
    const char *colour = colour_of(mark);
    const float *x = mark->x;
    const float *y = mark->y;
    double middle_x = (double)(x[0] + x[1] + x[2] + x[3]) / 4;
    double middle_y = (double)(y[0] + y[1] + y[2] + y[3]) / 4;
    enum sting_status status = STING_OK;
    /* A box is drawn once, in the colour of its first unit. */
    if (trace_mark_is_first(mark)) {
        status = buffer_printf(
            out,
            "<path d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fz\" "
            "stroke=\"%s\" fill=\"%s\"/>\n",
            (double)x[0], (double)y[0], (double)x[1], (double)y[1],
            (double)x[2], (double)y[2], (double)x[3], (double)y[3], colour,
            colour);
    }
    if (!status && mark->sign != 0) {
        status = buffer_printf(out,
                               "<path d=\"M%.1f %.1fL%.1f %.1f\" "
                               "stroke=\"%s\" stroke-opacity=\"1\"/>\n",
                               middle_x, middle_y, (double)mark->tip_x,
                               (double)mark->tip_y, colour);
    }
    return status;
}

static enum sting_status picture_embed(const struct trace_picture *picture,
                                       struct bytes file, struct buffer *out)
{
    enum sting_status status = buffer_printf(
        out, "<image width=\"%d\" height=\"%d\" href=\"data:image/jpeg;base64,",
        picture->width_px, picture->height_px);
    if (!status) {
        status = base64_append(out, file, true);
    }
    return status ? status : buffer_text_append(out, "\"/>\n");
}

static enum sting_status finding_draw(const struct trace_finding *finding,
                                      double line_px, struct buffer *out)
{
    enum sting_status status =
        buffer_printf(out,
                      "<g fill-opacity=\"0.12\" stroke-opacity=\"0.6\" "
                      "stroke-width=\"%.1f\">\n",
                      line_px);
    for (uint32_t u = 0; !status && u < finding->marks; u++) {
        status = mark_draw(&finding->mark[u], out);
    }
    return status ? status : buffer_text_append(out, "</g>\n");
}

enum sting_status trace_picture_draw(const struct trace_picture *picture,
                                     struct bytes file, struct buffer *out)
{
    int longer = picture->width_px > picture->height_px ? picture->width_px
                                                        : picture->height_px;
    enum sting_status status = buffer_printf(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\">\n"
        "<title>units of the page found: green agrees with the copy named, "
        "red does not, blue without a copy, grey not measured; strokes show "
        "which way each was displaced</title>\n",
        picture->width_px, picture->height_px);
    if (!status) {
        status = picture_embed(picture, file, out);
    }
    for (size_t i = 0; !status && i < picture->findings; i++) {
        status = finding_draw(&picture->finding[i], longer / 1200.0, out);
    }
    return status ? status : buffer_text_append(out, "</svg>\n");
}
