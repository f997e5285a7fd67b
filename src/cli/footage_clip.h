/*
 * footage_clip: the footage of a drill: a file of the user's, or what a camera
 * of the operation recorded, opened in memory.
 */
#ifndef STING_CLI_FOOTAGE_CLIP_H
#define STING_CLI_FOOTAGE_CLIP_H

#include "cli/cmd_drill.h"
#include "crypt/digest.h"
#include "operation/operation.h"

struct footage_clip {
    int fd; /* owned; -1: none */
    struct digest sha256;
    char name[80]; /* for people */
};
#define FOOTAGE_CLIP_NONE ((struct footage_clip){.fd = -1})

/* options->footage, or the stretch from options->from_us to options->to_us of
 * that camera, which asks for a passphrase and leaves a custody line. Fails:
 * E_ARG when somebody was told of then, E_IO, E_ABSENT, as access_open. */
STING_MUST_USE enum sting_status footage_clip_open(
    const struct drill_options *options, struct operation *operation,
    const struct config_camera *camera, struct footage_clip *out,
    struct fault *fault);
/* A file alone. Fails: E_IO. */
STING_MUST_USE enum sting_status footage_clip_file(const char *path,
                                                   struct footage_clip *out,
                                                   struct fault *fault);
void footage_clip_release(struct footage_clip *clip);

/* Is it what it was? Fails: E_FORGED, E_IO. */
STING_MUST_USE enum sting_status footage_clip_same(
    const struct footage_clip *clip, struct fault *fault);

/* Another descriptor of it, with a place of its own; the caller closes it.
 * Fails: E_IO. */
STING_MUST_USE enum sting_status footage_clip_again(
    const struct footage_clip *clip, int *out, struct fault *fault);

#endif
