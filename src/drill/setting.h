/*
 * setting: the circumstances of a picture, by name.
 *
 * Source: the settings are numbers that real telephones and harsh rooms were
 * measured to have; "garage" and "dungeon" are stress, "room" and "dim-room"
 * are near what a good telephone gives. docs/results/camera.md puts the model
 * beside photographs.
 */
#ifndef STING_DRILL_SETTING_H
#define STING_DRILL_SETTING_H

#include "base/fault.h"
#include "drill/spot.h"

/* Which part of the page is meant. */
enum setting_region {
    SETTING_WHOLE,
    SETTING_HALF,
    SETTING_QUARTER,
    SETTING_QUARTER_WORDS, /* any quarter with at least `words` words */
    SETTING_SOME_WORDS,    /* a piece with about `words` words in view */
    SETTING_PART,          /* from `low` to `high` */
};

/* What the picture is taken of, and with what. */
enum setting_source { SETTING_PRINT, SETTING_LCD };
enum setting_way {
    SETTING_CAMERA,
    SETTING_FLATBED,
    SETTING_FAX,
    SETTING_SCREENSHOT,
};

/* Where another page lies. */
enum setting_lay {
    SETTING_ALONE,
    SETTING_BESIDE, /* two pages in one picture */
    SETTING_OVER,   /* it covers a corner of the one that is meant */
};

/* What a name's suffix says, and what a caller may set besides. */
struct setting_part {
    enum setting_region region;
    int words;
    struct spot low, high; /* mm, of SETTING_PART */
    int quarter_turns;     /* of the picture, clockwise, 0 to 3 */
    bool is_mirrored;
    enum setting_lay lay;
    struct bytes other;        /* PDF of the other page, borrowed */
    int other_page;            /* from 0 */
    const struct bytes *blend; /* more PDFs, laid over the page like glass;
                                  borrowed */
    int blends;
    double defocus_px; /* sd of blur at one end of the picture, where the
                          other is sharp */
};

struct setting {
    const char *name;
    enum setting_source source;
    enum setting_way way;
    int photocopies;  /* generations before the picture */
    double dpi;       /* on the page, where the camera aims */
    double tilt_deg;  /* of the optical axis from the page's normal; on a
                         flatbed: how crooked the sheet lies, sd */
    double lift_mm;   /* of the sheet's bent edges */
    double snr;       /* of a raw pixel on white paper in full light */
    double blur_px;   /* sd of the lens's blur, grows by half to the edge */
    double motion_px; /* length of the shake */
    double merge_px;  /* rms by which tiles of merged frames are off */
    double ambient;   /* share of light that is even */
    double lamp_mm;   /* height of the lamp: low ones fall off fast */
    double shadow;    /* share of the lamp that a hand takes */
    double warmth;    /* 0 daylight, 1 a bare bulb */
    double denoise;   /* 0 to 1 */
    double sharpen;   /* share of high frequencies added */
    int quality;      /* of the JPEG */
    struct setting_part part;
};

/* Look up "garage", "garage-half", "garage-quarter250" and so on.
 * Fails: E_ABSENT, with the names there are. */
STING_MUST_USE enum sting_status setting_find(const char *name,
                                              struct setting *out,
                                              struct fault *fault);

/* All names, one space between; a static text. */
const char *setting_names(void);

/* The n-th setting without a suffix, NULL behind the last. */
const char *setting_name(size_t n);

#endif
