/*
 * ask_bait: documents, copies and photographs.
 * Rows of the console; what stands in one: ask.h.
 */
#ifndef STING_WIRE_ASK_BAIT_H
#define STING_WIRE_ASK_BAIT_H

/* clang-format off */
#define ASK_ROWS_BAIT(ROW)                                                   \
    ROW(BAITS, baits, "GET", "/api/baits", ACTS, {0})                        \
    ROW(PHOTO, photo, "POST", "/api/photo", TRACES,                          \
        {"name", 100, true}, {"size", 9, true}, {"at", 9, true},             \
        {"part", PIECE, true})                                               \
    ROW(TRACES, traces, "GET", "/api/traces", TRACES, {0})                   \
    ROW(TRACE_FILE, trace_file, "GET", "/api/trace/file", TRACES,            \
        {"photo", 9, true}, {"n", 1, true})                                  \
    ROW(NAMES, names, "GET", "/api/names", TRACES, {0})                      \
    ROW(NOTES, notes, "GET", "/api/notes", TRACES, {0})                      \
    ROW(READ, read, "POST", "/api/read", TRACES,                             \
        {"what", 8, true}, {"why", 300, true})
/* clang-format on */

#endif
