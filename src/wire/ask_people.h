/*
 * ask_people: who may use the console.
 * Rows of the console; what stands in one: ask.h.
 */
#ifndef STING_WIRE_ASK_PEOPLE_H
#define STING_WIRE_ASK_PEOPLE_H

/* clang-format off */
#define ASK_ROWS_PEOPLE(ROW)                                                 \
    ROW(USERS, users, "GET", "/api/users", ASK_ADMIN, {0})                   \
    ROW(USER_ADD, user_add, "POST", "/api/users/add", ASK_ADMIN,             \
        {"user", NAME, true}, {"role", NAME, true},                          \
        {"cameras", CAMERAS, false}, {"password", SECRET, true})             \
    ROW(USER_CHANGE, user_change, "POST", "/api/users/change", ASK_ADMIN,    \
        {"user", NAME, true}, {"role", NAME, false},                         \
        {"cameras", CAMERAS, false}, {"password", SECRET, false})            \
    ROW(USER_REMOVE, user_remove, "POST", "/api/users/remove", ASK_ADMIN,    \
        {"user", NAME, true})                                                \
    ROW(SESSIONS, sessions, "GET", "/api/sessions", ASK_ADMIN, {0})          \
    ROW(SESSIONS_END, sessions_end, "POST", "/api/sessions/end",             \
        ASK_ADMIN, {"user", NAME, true})
/* clang-format on */

#endif
