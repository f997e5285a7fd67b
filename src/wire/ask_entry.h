/*
 * ask_entry: who comes in, and his own account.
 * Rows of the console; what stands in one: ask.h.
 */
#ifndef STING_WIRE_ASK_ENTRY_H
#define STING_WIRE_ASK_ENTRY_H

/* clang-format off */
#define ASK_ROWS_ENTRY(ROW)                                                  \
    ROW(HELLO, hello, "GET", "/api/hello", 0, {0})                           \
    ROW(FIRST, first, "POST", "/api/first", 0,                               \
        {"link", 64, true}, {"user", NAME, true},                            \
        {"password", SECRET, true})                                          \
    ROW(LOGIN, login, "POST", "/api/login", 0,                               \
        {"user", NAME, true}, {"password", SECRET, true},                    \
        {"code", 8, false})                                                  \
    ROW(LOGOUT, logout, "POST", "/api/logout", ASK_EVERYBODY, {0})           \
    ROW(PASSWORD, password, "POST", "/api/password", ASK_EVERYBODY,          \
        {"old", SECRET, true}, {"new", SECRET, true})                        \
    ROW(TOTP_NEW, totp_new, "POST", "/api/totp/new", ASK_EVERYBODY,          \
        {"password", SECRET, true})                                          \
    ROW(TOTP_SET, totp_set, "POST", "/api/totp/set", ASK_EVERYBODY,          \
        {"code", 8, true})                                                   \
    ROW(TOTP_OFF, totp_off, "POST", "/api/totp/off", ASK_EVERYBODY,          \
        {"password", SECRET, true})
/* clang-format on */

#endif
