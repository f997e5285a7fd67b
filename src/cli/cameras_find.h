/*
 * cameras_find: which cameras answer here, and where each has its pictures.
 *
 * The net worker asks and carries, the check worker reads what came back;
 * this process believes of it only texts of bounded length. Name and password
 * of the user go only to the address that answered, never in clear.
 */
#ifndef STING_CLI_CAMERAS_FIND_H
#define STING_CLI_CAMERAS_FIND_H

#include "base/fault.h"
#include "watch/onvif.h"

#define CAMERAS_MOST 64

struct camera_stream {
    char name[ONVIF_TEXT];
    char codec[ONVIF_TEXT];
    char size[ONVIF_TEXT]; /* "1920x1080", or "" */
    char url[ONVIF_TEXT];  /* "" when it does not say */
};

struct camera_found {
    char address[ONVIF_TEXT]; /* of its device service */
    char name[ONVIF_TEXT];
    char hardware[ONVIF_TEXT];
    char why[400];     /* its streams are not known; or "" */
    bool has_answered; /* a question about itself, and as a camera does */
    int streams;
    struct camera_stream stream[ONVIF_MOST_PROFILES];
};

struct cameras_query {
    const char *at;       /* ask this device service alone, or NULL: all */
    const char *from;     /* our own address to ask all from, or "" */
    const char *user;     /* NULL: without */
    const char *password; /* borrowed */
    int64_t wait_ms;
};

/* Fill `out` with what is found. When nothing at query->at answers as a camera
 * does, *count is 0 and out[0].why says how that was seen. Fails: E_IO,
 * E_NOMEM. */
STING_MUST_USE enum sting_status cameras_find(const struct cameras_query *query,
                                              struct camera_found *out,
                                              size_t *count,
                                              struct fault *fault);

#endif
