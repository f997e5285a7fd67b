/*
 * unlock_play: what somebody asks in a browser to see, confirmed here: who,
 * what and why is shown, the code that his browser shows is typed, and the keys
 * of these files alone go to the station.
 */
#ifndef STING_CLI_UNLOCK_PLAY_H
#define STING_CLI_UNLOCK_PLAY_H

#include "cli/access_options.h"

struct unlock_play {
    const char *code; /* NULL: the terminal is asked */
    int64_t minutes;  /* for how long */
    int64_t deny;     /* this request is refused; 0 */
    const char *out;  /* the folder of an exhibit; NULL: its mark, here */
    const struct access_options *access;
};

/* Tell who asks, an object a line or in words. */
STING_MUST_USE enum sting_status unlock_play_list(
    const struct operation *operation, bool as_json, struct fault *fault);

/* Does anybody ask now? */
bool unlock_play_is_asked(const struct operation *operation);

/* Confirm or refuse what is asked. Fails: E_ABSENT when nobody asks, or no
 * station with a console runs; E_ARG for another code, or none; else as
 * access_open() and play_parts_find(). */
STING_MUST_USE enum sting_status unlock_play(const struct operation *operation,
                                             const struct unlock_play *order,
                                             struct fault *fault);

#endif
