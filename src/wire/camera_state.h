/*
 * camera_state: the first number in WIRE_CAMERA_STATE.
 */
#ifndef STING_WIRE_CAMERA_STATE_H
#define STING_WIRE_CAMERA_STATE_H

/* What a camera worker says of its camera. */
enum camera_state {
    CAMERA_STATE_CONNECTING,
    CAMERA_STATE_ON,     /* the first picture has come */
    CAMERA_STATE_LOST,   /* no connection, or it broke: the payload says why;
                            the next number, whether it may be had soon; the
                            next, whether for what this worker does */
    CAMERA_STATE_ENDED,  /* the clip is over */
    CAMERA_STATE_REMARK, /* it goes on, and something is odd: the payload */
    CAMERA_STATES
};

/* What it says of what is seen there. */
enum observation_edge {
    OBSERVATION_ENDS,
    OBSERVATION_BEGINS,
    OBSERVATION_CUT, /* ends unseen: what followed was not seen, or another */
    OBSERVATION_EDGES
};

#endif
