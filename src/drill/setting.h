/*
 * setting: the circumstances of a photograph, by name.
 *
 * Source: the settings are numbers that real telephones and harsh rooms were
 * measured to have; "garage" and "dungeon" are stress, "room" and "dim-room"
 * are near what a good telephone gives.
 */
#ifndef STING_DRILL_SETTING_H
#define STING_DRILL_SETTING_H

#include "base/fault.h"

enum setting_region { SETTING_WHOLE, SETTING_HALF, SETTING_QUARTER };

struct setting {
    const char *name;
    double dpi;       /* on the page, where the camera aims */
    double tilt_deg;  /* of the optical axis from the page's normal */
    double lift_mm;   /* of the sheet's bent edges */
    double snr;       /* of a raw pixel on white paper in full light */
    double blur_px;   /* sd of the lens's blur, grows by half to the edge */
    double motion_px; /* length of the shake */
    double ambient;   /* share of light that is even */
    double lamp_mm;   /* height of the lamp: low ones fall off fast */
    double shadow;    /* share of the lamp that a hand takes */
    double warmth;    /* 0 daylight, 1 a bare bulb */
    double denoise;   /* 0 to 1 */
    double sharpen;   /* share of high frequencies added */
    int quality;      /* of the JPEG */
    enum setting_region region;
};

/* Look up "garage", "garage-half", "garage-quarter" and so on.
 * Fails: E_ABSENT, with the names there are. */
STING_MUST_USE enum sting_status setting_find(const char *name,
                                              struct setting *out,
                                              struct fault *fault);

/* All names, one space between; a static text. */
const char *setting_names(void);

#endif
