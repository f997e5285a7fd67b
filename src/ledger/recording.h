/*
 * recording: what one camera gave, sealed as it comes.
 *
 *   evidence/segments/CAMERA/DATE/init-SSSS.mp4.age      ftyp + moov
 *   evidence/segments/CAMERA/DATE/NNNNNNNN.K.part        one fragment
 *   evidence/segments/CAMERA/DATE/NNNNNNNN.m4s.age       a segment
 *
 * Each fragment is durable as an age file of its own before the call
 * returns, or soon after in the background. When the segment has ended, one
 * file holds all its fragments, a `seg` line says so, and the parts go; a
 * fragment that ends the one before does not wait for that. Parts found
 * without their line after a crash are adopted by ledger_open().
 *
 * A segment runs from a keyframe to the first keyframe at or after 8 s; at
 * 12 s, or past 64 MiB, it is cut wherever it is. After an alert it is cut
 * at the next keyframe. In the background it goes on while the one before is
 * not sealed. All files are sealed to all recipients.
 * Threads: the ledger's; one of its own in the background.
 */
#ifndef STING_LEDGER_RECORDING_H
#define STING_LEDGER_RECORDING_H

#include "base/base.h"
#include "base/clock.h"
#include "base/fault.h"
#include "ledger/age.h"
#include "ledger/store.h"

#define RECORDING_MOST_NAME 64
#define RECORDING_PATH_SIZE 192
#define RECORDING_MOST_BYTES ((size_t)64 * 1024 * 1024) /* of a segment */

struct recording_init {
    struct bytes file; /* ftyp + moov */
    int width_px;
    int height_px;
    const char *codec; /* "h264", "hevc", ... */
    int masks;         /* areas blacked out, and all of it encoded anew */
    bool raw;          /* the camera gave raw pictures: encoded here */
};

struct recording_fragment {
    struct bytes data; /* moof + mdat */
    int64_t pts_us;    /* first presentation time, the camera's clock */
    int64_t duration_us;
    int64_t utc_us;    /* when its first picture was taken, our clock */
    int64_t camera_us; /* by the camera's own clock; 0: it did not say */
    int64_t frames;
    bool starts_with_key;
};

struct recording; /* of one camera */

/* `camera`: letters, digits, '-', '_' and '.', not first; at most
 * RECORDING_MOST_NAME. The ledger is borrowed. Fails: E_ARG, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status recording_new(struct ledger *ledger,
                                               const char *camera,
                                               struct recording **out,
                                               struct fault *fault);
/* From here on a thread makes fragments and segments durable, in the same
 * order: fragments come faster than a slow disk syncs, and the caller waits
 * for neither. Lines are written by recording_settle() all the same, when what
 * they name is durable. Fails: E_IO. */
STING_MUST_USE enum sting_status recording_background(
    struct recording *recording, struct fault *fault);

/* Free without sealing what is open: its parts stay, as after a crash. */
void recording_free(struct recording **recording);

/* A stream begins or its parameters change: seals what is open, stores the
 * init file, writes its `init` line. */
STING_MUST_USE enum sting_status recording_init(
    struct recording *recording, struct moment now,
    const struct recording_init *init, struct fault *fault);

/* Take one fragment; needs an init before. Fragments are at most some
 * seconds long; one that begins without a keyframe continues the segment.
 * Fails: E_ARG, E_LIMIT over 64 MiB; E_BUSY when too much waits for the disk:
 * it is not taken, and lost; E_IO: recording must then stop. */
STING_MUST_USE enum sting_status recording_fragment(
    struct recording *recording, struct moment now,
    const struct recording_fragment *fragment, struct fault *fault);

/* Seal the segment that the last fragment ended, if it ended one, or write its
 * line once it is durable: to be called behind each fragment, and now and
 * then. The next fragment and recording_close() do it too. */
STING_MUST_USE enum sting_status recording_settle(struct recording *recording,
                                                  struct moment now,
                                                  struct fault *fault);

/* Pictures examined in the open segment, and the liveliest (0-255). */
void recording_look(struct recording *recording, unsigned looks,
                    unsigned activity);

/* Cut at the next keyframe and seal at once. */
void recording_alert(struct recording *recording);

/* Wait until all that was taken is durable. Fails: E_IO. */
STING_MUST_USE enum sting_status recording_wait(struct recording *recording,
                                                struct moment now,
                                                struct fault *fault);

/* Is so little waiting for the disk that some more may come at once? */
bool recording_has_room(struct recording *recording);

/* After E_BUSY: end what is open without waiting for it. True once all of it
 * has its line, and recording can go on behind a `gap` line. */
bool recording_ended(struct recording *recording);

/* Seal what is open, and wait for it: the camera stops or is lost. The
 * caller's `camera` or `gap` line says why. */
STING_MUST_USE enum sting_status recording_close(struct recording *recording,
                                                 struct moment now,
                                                 struct fault *fault);

/* When the newest durable picture was taken, utc; 0 when there is none. */
int64_t recording_until_us(const struct recording *recording);

/* The file that an `init` or `seg` line speaks of, relative to the operation.
 * Fails: E_ARG for another kind of line, E_FORMAT. */
STING_MUST_USE enum sting_status recording_path(const struct line *line,
                                                char path[RECORDING_PATH_SIZE]);

/* Open the file of an `init` or `seg` line with an unlocked identity; the
 * plain bytes are appended to *out: init and its segments one after the
 * other play. Hashes are compared with the line's.
 * Fails: as ledger_blob_open. */
STING_MUST_USE enum sting_status recording_open(int operation,
                                                const struct secret *identity,
                                                const struct line *line,
                                                struct buffer *out,
                                                struct fault *fault);

/* The key of that file alone, from its first bytes, for who is to open it
 * without the identity (age.h). Fails: E_ABSENT when it is not there, E_FORGED
 * when the identity is none of its recipients, E_FORMAT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status recording_file_key(
    int operation, const struct secret *identity, const struct line *line,
    uint8_t file_key[AGE_FILE_KEY_BYTES], struct fault *fault);

#endif
