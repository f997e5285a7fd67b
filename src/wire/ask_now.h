/*
 * ask_now: what is seen now, and what is done about it.
 * Rows of the console; what stands in one: ask.h.
 */
#ifndef STING_WIRE_ASK_NOW_H
#define STING_WIRE_ASK_NOW_H

/* clang-format off */
#define ASK_ROWS_NOW(ROW)                                                    \
    ROW(STATE, state, "GET", "/api/state", WATCHES, {0})                     \
    ROW(EVENTS, events, "GET", "/api/events", WATCHES,                       \
        {"after", 20, false})                                                \
    ROW(LIVE, live, "GET", "/api/live", WATCHES,                             \
        {"cameras", CAMERAS, true}, {"h264", CAMERAS, false})                \
    ROW(SNAPSHOT, snapshot, "GET", "/api/snapshot", WATCHES,                 \
        {"camera", NAME, true})                                              \
    ROW(ACK, ack, "POST", "/api/ack", ACTS,                                  \
        {"incident", 9, true}, {"false", 8, false}, {"why", WORDS, false})   \
    ROW(ACK_LINK, ack_link, "POST", "/api/ack/link", 0, {"link", 64, true})  \
    ROW(ARM, arm, "POST", "/api/arm", ACTS,                                  \
        {"state", 8, true}, {"until", 40, false}, {"why", 200, false})       \
    ROW(GO, go, "POST", "/api/go", ACTS,                                     \
        {"who", 40, true}, {"incident", 9, false}, {"state", 3, false})
/* clang-format on */

#endif
