#include "drill/photograph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drill/blur.h"
#include "drill/develop.h"
#include "drill/flatbed.h"
#include "drill/jpeg.h"
#include "drill/lay.h"
#include "drill/photocopy.h"
#include "drill/region.h"
#include "drill/sensor.h"

/* Blend a softer copy in towards the corners: no lens is as sharp there. */
static void corners_soften(struct plane_f *sharp, const struct plane_f *soft)
{
    float cx = (float)sharp->width_px / 2;
    float cy = (float)sharp->height_px / 2;
    float most = cx * cx + cy * cy;
    for (int y = 0; y < sharp->height_px; y++) {
        float *row = plane_f_row(sharp, y);
        const float *other = plane_f_row(soft, y);
        float dy = (float)y - cy;
        for (int x = 0; x < sharp->width_px; x++) {
            float dx = (float)x - cx;
            float share = (dx * dx + dy * dy) / most;
            row[x] += share * (other[x] - row[x]);
        }
    }
}

#define FOCI 5 /* blurs of the stack that a gradient of them is made of */

/* Focus on one end of the sheet: blur grows from the picture's top to its
 * foot, or the other way. */
static enum sting_status end_defocus(struct plane_f *channel, double most_px)
{
    struct plane_f stack[FOCI] = {0};
    enum sting_status status = STING_OK;
    int height = channel->height_px;
    size_t size = sizeof(float) * (size_t)channel->stride * (size_t)height;
    for (int i = 0; !status && i < FOCI; i++) {
        status = plane_f_init(&stack[i], channel->width_px, height);
        if (!status) {
            memcpy(stack[i].data, channel->data, size);
            status = i ? blur_gauss(&stack[i],
                                    (float)most_px * (float)i / (FOCI - 1))
                       : STING_OK;
        }
    }
    for (int y = 0; !status && y < height; y++) {
        float at = (FOCI - 1) * (float)y / (float)height;
        int low = (int)at;
        const float *sharp = plane_f_row(&stack[low], y);
        const float *soft = plane_f_row(&stack[low + 1], y);
        for (int x = 0; x < channel->width_px; x++) {
            plane_f_row(channel, y)[x] =
                sharp[x] + (at - (float)low) * (soft[x] - sharp[x]);
        }
    }
    for (int i = 0; i < FOCI; i++) {
        plane_f_release(&stack[i]);
    }
    return status;
}

static enum sting_status channel_blur(struct plane_f *channel,
                                      const struct setting *setting,
                                      const struct stand *stand)
{
    struct plane_f soft STING_AUTO(plane_f_release) = {0};
    enum sting_status status =
        plane_f_init(&soft, channel->width_px, channel->height_px);
    if (status) {
        return status;
    }
    memcpy(soft.data, channel->data,
           sizeof(float) * (size_t)channel->stride *
               (size_t)channel->height_px);
    status = blur_gauss(channel, (float)setting->blur_px);
    status =
        status ? status : blur_gauss(&soft, 1.5F * (float)setting->blur_px);
    if (!status) {
        corners_soften(channel, &soft);
        status = setting->part.defocus_px > 0
                     ? end_defocus(channel, setting->part.defocus_px)
                     : STING_OK;
    }
    if (!status) {
        status = blur_motion(channel, (float)stand->shake_px[0],
                             (float)stand->shake_px[1]);
    }
    return status;
}

/* A bulb has little blue; the telephone corrects most of that, not all. */
static void tint_choose(const struct setting *setting, float tint[3],
                        float gain[3])
{
    float warm = (float)setting->warmth;
    tint[0] = 1.0F;
    tint[1] = 1.0F - 0.12F * warm;
    tint[2] = 1.0F - 0.55F * warm;
    for (int c = 0; c < 3; c++) {
        gain[c] = 0.82F / powf(tint[c], 0.85F);
    }
}

static enum sting_status expose(struct colour *light,
                                const struct setting *setting,
                                const struct stand *stand,
                                struct chance *chance, struct plane_f *raw)
{
    float tint[3];
    float gain[3];
    tint_choose(setting, tint, gain);
    size_t pixels = (size_t)colour_width(light) * (size_t)colour_height(light);
    for (int c = 0; c < 3; c++) {
        enum sting_status status =
            channel_blur(&light->channel[c], setting, stand);
        if (status) {
            return status;
        }
        for (size_t i = 0; i < pixels; i++) {
            light->channel[c].data[i] *= tint[c];
        }
    }
    struct sensor sensor = {setting->snr, 0.15, 12};
    return sensor_expose(&sensor, light, chance, raw);
}

static enum sting_status chip_develop(const struct plane_f *raw,
                                      const struct setting *setting,
                                      struct colour *out)
{
    struct colour colour = {0};
    float tint[3];
    struct develop develop = {.denoise = (float)setting->denoise,
                              .noise = (float)(1 / setting->snr),
                              .sharpen = (float)setting->sharpen,
                              .sharpen_px = 1.2F};
    tint_choose(setting, tint, develop.gain);
    enum sting_status status = develop_mosaic(raw, &colour);
    status = status ? status : develop_picture(&develop, &colour);
    if (status) {
        colour_release(&colour);
        return status;
    }
    *out = colour;
    return STING_OK;
}

static enum sting_status camera_take(const struct paper *paper,
                                     const struct setting *setting,
                                     uint64_t seed, struct colour *out)
{
    struct colour light STING_AUTO(colour_release) = {0};
    struct plane_f raw STING_AUTO(plane_f_release) = {0};
    struct stand stand;
    enum sting_status status =
        stand_init(&stand, setting, paper->width_mm, paper->height_mm, seed);
    status = status ? status : stand_project(&stand, paper, &light);
    struct chance chance = chance_of(seed, 3);
    status = status ? status : expose(&light, setting, &stand, &chance, &raw);
    return status ? status : chip_develop(&raw, setting, out);
}

static enum sting_status picture_take(const struct paper *paper,
                                      const struct setting *setting,
                                      uint64_t seed, struct colour *out)
{
    struct chance chance = chance_of(seed, 6);
    switch (setting->way) {
    case SETTING_FLATBED:
        return flatbed_scan(paper, setting, &chance, out);
    case SETTING_FAX:
        return flatbed_fax(paper, setting, &chance, out);
    case SETTING_SCREENSHOT:
        return flatbed_screenshot(paper, setting, &chance, out);
    case SETTING_CAMERA:
        break;
    }
    return camera_take(paper, setting, seed, out);
}

/* Pixels an inch of a viewer at its own size on a common screen. */
static const double screen_dpi = 110;

static enum sting_status screen_show(struct bytes pdf, int page,
                                     const struct setting *setting,
                                     struct paper *out, struct fault *fault)
{
    bool is_saved = setting->way == SETTING_SCREENSHOT;
    enum sting_status status =
        paper_view(pdf, page, is_saved ? setting->dpi : screen_dpi, out, fault);
    out->is_lcd = !status;
    return status;
}

/* The mean of the page and those that are to be blended with it. */
static enum sting_status sheet_render(struct bytes pdf, int page, double dpi,
                                      const struct setting_part *part,
                                      struct paper *out, struct fault *fault)
{
    enum sting_status status = paper_raster(pdf, page, dpi, out, fault);
    for (int i = 0; !status && i < part->blends; i++) {
        struct paper more STING_AUTO(paper_release) = {0};
        float share = 1.0F / (float)(i + 2);
        status = paper_raster(part->blend[i], page, dpi, &more, fault);
        out->is_grey = out->is_grey && more.is_grey;
        for (int c = 0; !status && c < 3; c++) {
            struct plane_f *ink = &out->ink.channel[c];
            for (int k = 0; k < ink->stride * ink->height_px; k++) {
                ink->data[k] +=
                    share * (more.ink.channel[c].data[k] - ink->data[k]);
            }
        }
    }
    return status;
}

/* Print, and copy as often as the setting says. */
static enum sting_status sheet_print(struct bytes pdf, int page,
                                     const struct setting *setting,
                                     uint64_t seed, struct paper *out,
                                     struct fault *fault)
{
    double dpi = setting->dpi > 250 ? 600 : 300; /* parts of the printer's */
    enum sting_status status =
        sheet_render(pdf, page, dpi, &setting->part, out, fault);
    if (status) {
        return status;
    }
    struct chance chance = chance_of(seed, 5);
    status = paper_print(out, seed);
    status = status ? status : paper_feed(out, seed);
    for (int i = 0; !status && i < setting->photocopies; i++) {
        status = photocopy_make(out, &chance);
    }
    return status ? fault_set(fault, status, "", "no memory for the page")
                  : STING_OK;
}

static enum sting_status other_lay(const struct setting *setting, uint64_t seed,
                                   struct paper *paper, struct fault *fault)
{
    struct paper other STING_AUTO(paper_release) = {0};
    struct chance chance = chance_of(seed, 8);
    enum sting_status status =
        sheet_print(setting->part.other, setting->part.other_page, setting,
                    seed ^ 1, &other, fault);
    if (status) {
        return status;
    }
    if (setting->part.lay == SETTING_OVER) {
        lay_over(paper, &other, &chance);
        return STING_OK;
    }
    return lay_beside(paper, &other, &chance);
}

static enum sting_status sheet_make(struct bytes pdf, int page,
                                    const struct setting *setting,
                                    uint64_t seed, struct paper *out,
                                    struct fault *fault)
{
    if (setting->source == SETTING_LCD) {
        return screen_show(pdf, page, setting, out, fault);
    }
    enum sting_status status =
        sheet_print(pdf, page, setting, seed, out, fault);
    return status || setting->part.lay == SETTING_ALONE
               ? status
               : other_lay(setting, seed, out, fault);
}

/* Settings that speak of words want to know where the page has them. */
static enum sting_status region_settle(struct bytes pdf, int page,
                                       uint64_t seed, struct setting *setting,
                                       struct fault *fault)
{
    struct paper_words sheet = {0};
    struct chance chance = chance_of(seed, 4);
    if (!setting->part.words) {
        return STING_OK;
    }
    enum sting_status status = paper_words(pdf, page, &sheet, fault);
    status = status ? status : region_by_words(setting, &sheet, &chance, fault);
    free(sheet.word);
    return status;
}

static enum sting_status take(struct bytes pdf, int page,
                              struct setting *setting, uint64_t seed,
                              struct colour *out, struct fault *fault)
{
    struct paper paper STING_AUTO(paper_release) = {0};
    enum sting_status status = region_settle(pdf, page, seed, setting, fault);
    status =
        status ? status : sheet_make(pdf, page, setting, seed, &paper, fault);
    if (status) {
        return status;
    }
    status = picture_take(&paper, setting, seed, out);
    return status == STING_E_LIMIT
               ? fault_set(fault, status, "choose a setting with fewer dpi",
                           "the photograph would be too large")
           : status ? fault_set(fault, status, "", "no memory for the picture")
                    : STING_OK;
}

enum sting_status photograph_take(struct bytes pdf, int page,
                                  const struct setting *setting, uint64_t seed,
                                  struct buffer *out, struct fault *fault)
{
    struct colour picture STING_AUTO(colour_release) = {0};
    struct setting settled = *setting;
    enum sting_status status = take(pdf, page, &settled, seed, &picture, fault);
    if (status) {
        return status;
    }
    status = colour_turn(&picture, setting->part.quarter_turns);
    if (!status && setting->part.is_mirrored) {
        colour_mirror(&picture);
    }
    status = status ? status : jpeg_write(&picture, setting->quality, out);
    return status ? fault_set(fault, status, "", "no memory for the picture")
                  : STING_OK;
}
