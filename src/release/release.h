/*
 * release: what the press gets: a cut encoded anew, and a text that says
 * what it derives from.
 *
 * No byte of the source is in the cut: pictures are decoded, enhanced and
 * masked by the player worker, and the file that comes back is accounted for
 * byte by byte (leak.h) before anybody sees it.
 *
 * Only replaced pixels are safe (blur and mosaic can be undone), and a
 * stream copy would keep pictures behind edit lists.
 */
#ifndef STING_RELEASE_RELEASE_H
#define STING_RELEASE_RELEASE_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "crypt/digest.h"
#include "crypt/secret.h"
#include "operation/footage.h"
#include "operation/player_worker.h"
#include "release/leak.h"

#define RELEASE_MOST_US (INT64_C(15) * 60 * 1000000) /* longest cut */

struct release_order {
    uint32_t incident;
    const char *camera;
    int64_t from_us; /* UTC */
    int64_t to_us;
    uint64_t since_line; /* goes_on_line of the film before; 0: the first */
    bool enhance;
    struct player_mask mask[PLAYER_MOST_MASKS];
    size_t masks;
    /* Told how far it is, in per cent. May be NULL. */
    void (*progress)(void *context, int percent);
    void *context;
};

struct release_made {
    struct buffer mp4;
    struct digest sha256; /* of it */
    struct leak_summary summary;
    int64_t from_us; /* of its first picture, UTC */
    int64_t to_us;
    struct footage_segment *segment; /* owned; where it comes from */
    size_t segments;
    /* A cut holds one film: where the camera's stream began anew inside the
     * stretch, the next film is a cut of its own. */
    uint64_t goes_on_line; /* for `since_line`; 0: that is all */
    size_t film, films;    /* which of how many; by who orders them */
};

void release_release(struct release_made *made);

/* Make the cut of an operation whose folder is open. Fails: E_ARG, E_ABSENT,
 * E_LIMIT, E_FORGED (a recording is not what the ledger says),
 * E_UNSUPPORTED when the cut would carry more than pictures, E_IO. */
STING_MUST_USE enum sting_status release_make(int operation,
                                              const struct secret *identity,
                                              const struct release_order *order,
                                              struct release_made *made,
                                              struct fault *fault);

/* Who gives it out: read from the ledger's first line. */
struct release_origin {
    char name[128];    /* of the operation's log */
    char case_key[72]; /* hex */
};
STING_MUST_USE enum sting_status release_origin_read(int operation,
                                                     struct release_origin *out,
                                                     struct fault *fault);

/* Append the text that goes beside the cut. `file` is the cut's name.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status release_text(
    const struct release_order *order, const struct release_made *made,
    const struct release_origin *origin, const char *file, struct buffer *out);

#endif
