#include "drill/flatbed.h"

#include <math.h>
#include <string.h>

#include "drill/blur.h"
#include "drill/feed.h"

static const double margin_mm = 3;
static const double fax_rows_dpi = 196;
static const float lid = 0.9F;

/* One pass of the lamp. */
struct pass {
    double dpi_x, dpi_y;
    double turn_cos, turn_sin; /* of the sheet */
    struct spot shift;         /* of the sheet, mm */
    struct feed feed;          /* along the way, y */
    struct spot middle;        /* of the sheet, mm */
    int width_px, height_px;
};

static struct pass pass_of(const struct paper *paper,
                           const struct setting *setting, double rows_dpi,
                           double wobble_mm, struct chance *chance)
{
    double turn = setting->tilt_deg * 3.14159265 / 180 * chance_normal(chance);
    struct pass pass = {
        .dpi_x = setting->dpi,
        .dpi_y = rows_dpi,
        .turn_cos = cos(turn),
        .turn_sin = sin(turn),
        .shift = {chance_between(chance, -1, 1), chance_between(chance, -1, 1)},
        .feed = feed_of(wobble_mm, chance),
        .middle = {paper->width_mm / 2, paper->height_mm / 2},
        .width_px =
            (int)((paper->width_mm + 2 * margin_mm) / 25.4 * setting->dpi),
        .height_px =
            (int)((paper->height_mm + 2 * margin_mm) / 25.4 * rows_dpi),
    };
    return pass;
}

/* A place of the sheet under a place of the bed; `feed` is the lamp's error
 * there, which is the same all along a row. */
static struct spot pass_back(const struct pass *pass, double x, double y,
                             double feed)
{
    double u =
        x * 25.4 / pass->dpi_x - margin_mm + pass->shift.x - pass->middle.x;
    double v = y * 25.4 / pass->dpi_y - margin_mm + feed + pass->shift.y -
               pass->middle.y;
    return (struct spot){
        pass->middle.x + pass->turn_cos * u - pass->turn_sin * v,
        pass->middle.y + pass->turn_sin * u + pass->turn_cos * v};
}

enum { MOST_SAMPLES = 16 };

/* One row of dots, read at `samples` places a side each. */
struct strip {
    int samples;
    double feed[MOST_SAMPLES];
};

static struct strip strip_of(const struct paper *paper, const struct pass *pass,
                             int y)
{
    int samples = (int)ceil(1.2 * paper->dpi / pass->dpi_y);
    struct strip strip = {samples < MOST_SAMPLES ? samples : MOST_SAMPLES, {0}};
    for (int i = 0; i < strip.samples; i++) {
        double down = (y + (i + 0.5) / strip.samples) * 25.4 / pass->dpi_y;
        strip.feed[i] = feed_at(&pass->feed, down - margin_mm);
    }
    return strip;
}

/* The mean over a dot, by places that leave no gap on the print. */
static void dot_read(const struct paper_dots *dots, const struct pass *pass,
                     const struct strip *strip, struct spot dot, float out[3])
{
    int samples = strip->samples;
    float sum[3] = {0};
    for (int k = 0; k < samples * samples; k++) {
        int row = k / samples;
        struct spot at =
            pass_back(pass, dot.x + (k % samples + 0.5) / samples,
                      dot.y + (row + 0.5) / samples, strip->feed[row]);
        float seen[3];
        if (!paper_at(dots, (float)at.x, (float)at.y, seen)) {
            seen[0] = seen[1] = seen[2] = lid;
        }
        for (int c = 0; c < 3; c++) {
            sum[c] += seen[c];
        }
    }
    for (int c = 0; c < 3; c++) {
        out[c] = sum[c] / ((float)(samples * samples) * lid);
    }
}

static enum sting_status sheet_read(const struct paper *paper,
                                    const struct pass *pass, struct colour *out)
{
    enum sting_status status =
        colour_init(out, pass->width_px, pass->height_px);
    struct paper_dots dots = paper_dots_of(paper);
    for (int y = 0; !status && y < pass->height_px; y++) {
        struct strip strip = strip_of(paper, pass, y);
        for (int x = 0; x < pass->width_px; x++) {
            float dot[3];
            dot_read(&dots, pass, &strip, (struct spot){x, y}, dot);
            for (int c = 0; c < 3; c++) {
                plane_f_row(&out->channel[c], y)[x] = dot[c];
            }
        }
    }
    return status;
}

/* Optics, noise, and the edges that every driver makes crisper. */
static enum sting_status channel_read(struct plane_f *channel,
                                      const struct setting *setting,
                                      struct chance *chance)
{
    struct plane_f soft STING_AUTO(plane_f_release) = {0};
    enum sting_status status = blur_gauss(channel, (float)setting->blur_px);
    status = status
                 ? status
                 : plane_f_init(&soft, channel->width_px, channel->height_px);
    if (status) {
        return status;
    }
    size_t dots = (size_t)channel->stride * (size_t)channel->height_px;
    for (size_t i = 0; i < dots; i++) {
        channel->data[i] += (float)(chance_normal(chance) / setting->snr);
    }
    memcpy(soft.data, channel->data, sizeof(float) * dots);
    status = blur_gauss(&soft, 1.2F);
    for (size_t i = 0; !status && i < dots; i++) {
        channel->data[i] +=
            (float)setting->sharpen * (channel->data[i] - soft.data[i]);
    }
    return status;
}

static void channel_tone(struct plane_f *channel)
{
    for (int i = 0; i < channel->stride * channel->height_px; i++) {
        channel->data[i] = colour_srgb(channel->data[i]);
    }
}

enum sting_status flatbed_scan(const struct paper *paper,
                               const struct setting *setting,
                               struct chance *chance, struct colour *out)
{
    struct colour made = {0};
    struct pass pass = pass_of(paper, setting, setting->dpi, 0.008, chance);
    enum sting_status status = sheet_read(paper, &pass, &made);
    for (int c = 0; !status && c < 3; c++) {
        status = channel_read(&made.channel[c], setting, chance);
        channel_tone(&made.channel[c]);
    }
    if (status) {
        colour_release(&made);
        return status;
    }
    *out = made;
    return STING_OK;
}

enum sting_status flatbed_fax(const struct paper *paper,
                              const struct setting *setting,
                              struct chance *chance, struct colour *out)
{
    struct colour made = {0};
    struct pass pass = pass_of(paper, setting, fax_rows_dpi, 0.05, chance);
    enum sting_status status = sheet_read(paper, &pass, &made);
    status = status ? status : channel_read(&made.channel[1], setting, chance);
    if (status) {
        colour_release(&made);
        return status;
    }
    float level = (float)chance_between(chance, 0.45, 0.6);
    float *grey = made.channel[1].data;
    for (int i = 0; i < pass.width_px * pass.height_px; i++) {
        float dot = grey[i] > level ? 1 : 0;
        for (int c = 0; c < 3; c++) {
            made.channel[c].data[i] = dot;
        }
    }
    *out = made;
    return STING_OK;
}

enum sting_status flatbed_screenshot(const struct paper *paper,
                                     const struct setting *setting,
                                     struct chance *chance, struct colour *out)
{
    int border = chance_below(chance, 40) + 4;
    int width = colour_width(&paper->ink);
    int height = colour_height(&paper->ink);
    struct colour made = {0};
    (void)setting;
    enum sting_status status =
        colour_init(&made, width + 2 * border, height + 2 * border);
    if (status) {
        return status;
    }
    for (int y = 0; y < height + 2 * border; y++) {
        for (int x = 0; x < width + 2 * border; x++) {
            bool inside = x >= border && y >= border && x < width + border &&
                          y < height + border;
            for (int c = 0; c < 3; c++) {
                const struct plane_f *ink = &paper->ink.channel[c];
                plane_f_row(&made.channel[c], y)[x] =
                    inside
                        ? colour_srgb(plane_f_row(ink, y - border)[x - border])
                        : 0.45F;
            }
        }
    }
    *out = made;
    return STING_OK;
}
