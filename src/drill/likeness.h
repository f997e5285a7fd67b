/*
 * likeness: encode as the user's camera does, so that what is put into its
 * pictures is coded as it would code it.
 *
 * As many bytes as the camera itself needed for the same pictures; what coding
 * them a second time then takes of their noise is measured and told, since
 * with less noise it is easier to see somebody.
 */
#ifndef STING_DRILL_LIKENESS_H
#define STING_DRILL_LIKENESS_H

#include "media/encode.h"

#define LIKENESS_MOST 60 /* pictures */

struct likeness_sample {
    struct video_frame frame[LIKENESS_MOST]; /* owned */
    int frames;
    size_t bytes; /* that the camera needed for them */
};

void likeness_release(struct likeness_sample *sample);

/* The mean of a cell: a square that lies in the picture. */
double likeness_cell(const struct plane *plane, int left, int top, int side);

struct likeness {
    int crf;
    double noise_kept; /* of cells of 8 x 8 px, over time: 1 is all of it */
};

/* `like`: all but its crf. Fails: E_ARG without pictures, E_NOMEM,
 * E_UNSUPPORTED, E_IO. */
STING_MUST_USE enum sting_status likeness_find(
    const struct likeness_sample *sample, const struct encode_settings *like,
    struct likeness *out, struct fault *fault);

#endif
