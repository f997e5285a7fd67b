/*
 * listen: a TCP socket at an address that somebody wrote.
 */
#ifndef STING_STATION_LISTEN_H
#define STING_STATION_LISTEN_H

#include "base/fault.h"

#define LISTEN_TEXT_SIZE 64

/* Listen at "8443" (127.0.0.1), "ADDRESS:8443" or "[ADDRESS]:8443"; what it
 * came to be, "127.0.0.1:8443", to `at`. Fails: E_ARG, E_IO. */
STING_MUST_USE enum sting_status listen_open(const char *text, int *out,
                                             char at[LISTEN_TEXT_SIZE],
                                             struct fault *fault);

#endif
