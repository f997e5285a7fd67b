/*
 * ask_machine: how the machinery is, and its settings.
 * Rows of the console; what stands in one: ask.h.
 */
#ifndef STING_WIRE_ASK_MACHINE_H
#define STING_WIRE_ASK_MACHINE_H

/* clang-format off */
#define ASK_ROWS_MACHINE(ROW)                                                \
    ROW(HEALTH, health, "GET", "/healthz", 0, {0})                           \
    ROW(MACHINERY, machinery, "GET", "/api/health", WATCHES, {0})            \
    ROW(METRICS, metrics, "GET", "/metrics", 0, {0})                         \
    ROW(METRICS_TOKEN, metrics_token, "POST", "/api/metrics/token",          \
        ASK_ADMIN, {0})                                                      \
    ROW(ZONES, zones, "POST", "/api/zones", ASK_OPERATOR | ASK_ADMIN,        \
        {"camera", NAME, true}, {"zones", ZONES, false})                     \
    ROW(SETTINGS, settings, "GET", "/api/settings", ASK_ADMIN, {0})          \
    ROW(SETTINGS_SET, settings_set, "POST", "/api/settings", ASK_ADMIN,      \
        {"sha256", 64, true}, {"settings", SETTINGS, true})
/* clang-format on */

#endif
