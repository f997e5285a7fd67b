/*
 * watch_eye: a made camera and who looks at it: footage straight to the
 * detector, or (codec=1) through H.264, a real decoder and the looker, or
 * (out=FILE) into a film for others.
 */
#ifndef STING_TESTS_WATCH_EYE_H
#define STING_TESTS_WATCH_EYE_H

#include "detect/detector.h"
#include "footage.h"
#include "media/mp4.h"
#include "watch/looker.h"

struct heard {
    int begins[DETECT_KINDS];
    double first_s[DETECT_KINDS]; /* the look that told */
    double last_end_s;            /* of a person */
    int groups;                   /* of persons, 10 s apart */
    int persons;                  /* told apart, at most */
};

struct watch {
    struct footage *footage;
    struct detector *detector; /* NULL: the looker has one */
    struct encoder *encoder;   /* NULL: straight to planes */
    struct looker *looker;
    struct mp4_writer *mp4; /* out=FILE: packets go there, nobody looks */
    struct video_frame frame_out;
    struct plane shown;
    struct cutout who;
    struct heard heard;
    const struct detect_zone *zone; /* borrowed; kept by eye_begin() */
    int zones;
    uint64_t seed;
    int64_t frame;
    int fps, gop;
    bool all, present;
    long looks, looks_at_all;
    double cpu_s, bytes;
};

/* What was said on the command line, name=value. */
void eye_options(int count, char **words);
const char *eye_word(const char *name, const char *usual);
double eye_number(const char *name, double usual);

void eye_must(int status, const char *what);
void eye_begin(struct watch *watch, uint64_t room, const struct extras *extras);
void eye_end(struct watch *watch);

/* Begin to count anew. */
void eye_forget(struct watch *watch);
double eye_now_s(const struct watch *watch);

/* The next frame, somebody in it or nobody (NULL). */
void eye_frame(struct watch *watch, const struct cutout *who);
void eye_pass(struct watch *watch, double seconds);

#endif
