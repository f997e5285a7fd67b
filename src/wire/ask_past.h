/*
 * ask_past: looking back, and what is taken out.
 * Rows of the console; what stands in one: ask.h.
 */
#ifndef STING_WIRE_ASK_PAST_H
#define STING_WIRE_ASK_PAST_H

/* clang-format off */
#define ASK_ROWS_PAST(ROW)                                                   \
    ROW(TIMELINE, timeline, "GET", "/api/timeline", WATCHES,                 \
        {"from", 32, false}, {"to", 32, false}, {"parts", 5, false})         \
    ROW(INCIDENTS, incidents, "GET", "/api/incidents", WATCHES,              \
        {"incident", 10, false}, {"before", 10, false})                      \
    ROW(NOTE, note, "POST", "/api/note", ACTS,                               \
        {"incident", 9, true}, {"type", 8, true}, {"who", 100, false},       \
        {"text", WORDS, true})                                               \
    ROW(CUSTODY, custody, "GET", "/api/custody", ASK_AUDITOR | ASK_ADMIN,    \
        {"before", 20, false})                                               \
    ROW(PLAY, play, "GET", "/api/play", ASK_CUSTODIAN, {"files", 1, false})  \
    ROW(PLAY_ASK, play_ask, "POST", "/api/play/ask", ASK_CUSTODIAN,          \
        {"cameras", CAMERAS, true}, {"from", 32, true}, {"to", 32, true},    \
        {"why", 300, true}, {"browser", 80, false}, {"mark", 32, false})     \
    ROW(PLAY_PIECE, play_piece, "GET", "/api/play/piece", ASK_CUSTODIAN,     \
        {"play", 10, true}, {"file", 5, true}, {"at", 10, false},            \
        {"h264", 1, false})                                                  \
    ROW(PLAY_STILL, play_still, "POST", "/api/play/still", ASK_CUSTODIAN,    \
        {"play", 10, true}, {"camera", NAME, true}, {"at", 32, true})        \
    ROW(PLAY_END, play_end, "POST", "/api/play/end", ASK_CUSTODIAN,          \
        {"exhibit", 1, false}, {"release", 1, false})                        \
    ROW(RELEASE, release_ask, "POST", "/api/release", ASK_CUSTODIAN,         \
        {"incident", 9, true}, {"camera", NAME, true}, {"from", 32, true},   \
        {"to", 32, true}, {"why", 300, true}, {"browser", 80, false},        \
        {"areas", 800, false}, {"plain", 1, false})
/* clang-format on */

#endif
