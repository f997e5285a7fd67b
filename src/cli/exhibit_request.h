/*
 * exhibit_request: an exhibit as somebody orders it: by `sting exhibit`, or in
 * a browser and confirmed by `sting unlock`.
 */
#ifndef STING_CLI_EXHIBIT_REQUEST_H
#define STING_CLI_EXHIBIT_REQUEST_H

#include "cli/access_options.h"
#include "crypt/digest.h"

struct exhibit_request {
    const char *path;
    const char *out;
    const char *mark;
    const char *camera;
    const char *case_mark;
    const char *question;
    struct access_options access;
    int64_t incident;
    int64_t from_us;
    int64_t to_us;
    bool json;
};

/* Make it, with its lines, and tell on stdout; *sha256 is that of its tag
 * manifest. Fails: E_BUSY where mark or folder are taken, else as
 * access_open() and exhibit_make(). */
STING_MUST_USE enum sting_status exhibit_request_do(
    const struct operation *operation, const struct exhibit_request *request,
    struct digest *sha256, struct fault *fault);

#endif
