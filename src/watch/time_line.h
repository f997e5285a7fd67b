/*
 * time_line: when was a picture taken? A camera counts in a clock of its own
 * that is fast or slow, starts where it likes, and sometimes jumps; pictures
 * arrive late by what the network makes of it. Here each picture gets its
 * place on the recording's time line, which goes at the camera's own pace,
 * and its time by the host's clocks.
 *
 * The host's time of a picture is that of packets which were on their way
 * for the shortest time: a stall makes nothing late. What was shortest is
 * forgotten by a thousandth of the time since, so that a slow clock is
 * followed as a fast one is.
 *
 * A jump of the camera's clock is told, and the time line goes on where the
 * picture came. Only what cannot be delay is a jump: a picture from the
 * future, one before others that were shown long since, a hole of 10 s; and
 * one before the last, of a camera that sends them in the order it takes them.
 * A clock put back by less than two pictures are apart looks like delay, and
 * is forgotten like that.
 *
 * Times are arguments. Threads: one at a time.
 */
#ifndef STING_WATCH_TIME_LINE_H
#define STING_WATCH_TIME_LINE_H

#include "base/clock.h"

struct time_line {
    int64_t shift_us; /* the recording's time less the camera's */
    int64_t last_us;  /* latest on the recording */
    int64_t heard_us; /* boot time of the last arrival */
    int64_t delay_us; /* boot time less the recording's, at the least */
    int64_t back_us;  /* boot time when one came before the last, or it began */
    bool reorders; /* it sends pictures in another order than it takes them */
};

/* Begin anew: the camera's `camera_us` is the recording's `origin_us`. */
void time_line_begin(struct time_line *line, int64_t camera_us,
                     int64_t origin_us, struct moment now);

/* A picture has come: where it lies on the recording. *jumped when the
 * camera's clock did and the shift is another from here on. */
int64_t time_line_add(struct time_line *line, int64_t camera_us,
                      struct moment now, bool *jumped);

/* The host's clocks when what lies at `at_us` was taken. */
struct moment time_line_host(const struct time_line *line, int64_t at_us,
                             struct moment now);

#endif
