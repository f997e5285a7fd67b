/*
 * flatbed: a sheet scanned, faxed or shown on a screen and saved.
 *
 * A scanner pulls its lamp under the sheet (a little unevenly), a fax machine
 * pulls the sheet (more so) and knows black and white only: 204 dots an inch
 * across and 196 down (ITU-T T.4, fine). A screenshot is what the viewer
 * drew, with some of its grey surroundings.
 */
#ifndef STING_DRILL_FLATBED_H
#define STING_DRILL_FLATBED_H

#include "drill/chance.h"
#include "drill/paper.h"
#include "drill/setting.h"

/* The picture in sRGB, 0 to 1; the caller releases it. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status flatbed_scan(const struct paper *paper,
                                              const struct setting *setting,
                                              struct chance *chance,
                                              struct colour *out);
STING_MUST_USE enum sting_status flatbed_fax(const struct paper *paper,
                                             const struct setting *setting,
                                             struct chance *chance,
                                             struct colour *out);
STING_MUST_USE enum sting_status flatbed_screenshot(
    const struct paper *paper, const struct setting *setting,
    struct chance *chance, struct colour *out);

#endif
