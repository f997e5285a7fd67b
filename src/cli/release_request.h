/*
 * release_request: a cut as somebody orders it: by `sting release`, or in a
 * browser and confirmed by `sting unlock`.
 */
#ifndef STING_CLI_RELEASE_REQUEST_H
#define STING_CLI_RELEASE_REQUEST_H

#include "cli/access_options.h"
#include "crypt/digest.h"

struct release_request {
    const char *path;
    const char *out;
    const char *camera; /* NULL: the incident's */
    struct access_options access;
    struct option_texts *areas; /* X,Y,W,H each */
    int64_t incident;
    int64_t from_us;
    int64_t to_us;
    bool plain;
    bool json;
    /* Told how far it is, in per cent. May be NULL. */
    void (*progress)(void *context, int percent);
    void *context;
};

/* Make it, with its line, and tell on stdout; *sha256 is that of the cut.
 * Where the camera's stream began anew there are several *films, each a cut
 * with a line of its own, named by out_film(); *sha256 is that of the first.
 * Fails: E_ARG for an area that is none, else as access_open() and
 * release_make(). */
STING_MUST_USE enum sting_status release_request_do(
    const struct operation *operation, const struct release_request *request,
    struct digest *sha256, size_t *films, struct fault *fault);

#endif
