/*
 * wire: the messages between sting's processes, all from one table.
 *
 * A message is a fixed head of 56 bytes and a payload. The head carries six
 * numbers whose meaning the table in wire.c states for each kind; payloads
 * are bounded per kind, so that no peer can make us allocate at will.
 * Both ends run on one machine: numbers are in its byte order.
 *
 * Format: docs/formats/wire.md. Threads: one writer and one reader a socket.
 */
#ifndef STING_WIRE_WIRE_H
#define STING_WIRE_WIRE_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "wire/camera_state.h"

enum wire_kind {
    WIRE_FAILED = 1, /* any answer: status | why NUL todo */
    WIRE_DONE,       /* any answer: up to six numbers | bytes */
    WIRE_STOP,       /* any worker: end in order */

    /* camera worker, to it: */
    WIRE_CAMERA_START, /* | settings, lines of key=value */
    /* camera worker, from it: */
    WIRE_CAMERA_STATE,       /* enum camera_state | words why */
    WIRE_CAMERA_INIT,        /* width, height, codec tag, masks | ftyp + moov */
    WIRE_CAMERA_FRAGMENT,    /* pts_us, duration_us, starts with key (0/1),
                                frames, utc_us, boot_us | moof + mdat */
    WIRE_CAMERA_LOOK,        /* pts_us, utc_us, activity 0-255, looks so far */
    WIRE_CAMERA_OBSERVATION, /* enum observation_kind, begins (1) or ends (0),
                                utc_us, score in thousandths, zone or -1 */

    /* picture worker, to it: */
    WIRE_PICTURE_OPEN, /* | photograph, scan, video -> WIRE_DONE sheets |
                          kind NUL taken NUL camera NUL */
    WIRE_PICTURE_LOAD, /* sheet -> WIRE_PICTURE_PLANE */
    WIRE_PDF_OPEN,     /* | PDF -> WIRE_DONE pages */
    WIRE_PDF_PAGE,     /* page | record to follow, or none to plan anew ->
                          WIRE_DONE units | page record */
    WIRE_PDF_RENDER,   /* page, dpi in millionths -> WIRE_PICTURE_PLANE */
    WIRE_PDF_WRITE,    /* | signs of all units -> WIRE_DONE | PDF */
    WIRE_PDF_RULES,    /* the copy written last -> WIRE_DONE */
    WIRE_PDF_FIND,     /* | before NUL value NUL after -> WIRE_DONE found, page,
                          content, glyph, glyphs | text there */
    WIRE_PDF_SWAP,     /* | page, content, glyph, glyphs, bytes (u32 each) and
                          text of each -> WIRE_DONE */
    /* picture worker, from it: */
    WIRE_PICTURE_PLANE, /* width_px, height_px, at_us in a video or -1 | grey
                           rows without padding */

    /* core.sock, to the core; each answered by DONE or FAILED: */
    WIRE_CORE_LINE, /* | kind and fields -> DONE seq */
    WIRE_CORE_BLOB, /* | plain bytes to be sealed -> DONE | ct, pt digests */
    WIRE_CORE_SEAL, /* 1: cut what is recorded, too -> DONE, all is signed */

    /* relay, to it: */
    WIRE_RELAY_START, /* | the camera's address, a struct sockaddr */
    /* relay, from it: */
    WIRE_RELAY_STATE, /* errno of the last attempt, 0 when connected */

    /* player worker, to it: */
    WIRE_PLAYER_LOAD,   /* | ftyp + moov; forgets what was loaded -> DONE */
    WIRE_PLAYER_ADD,    /* | more of the recording -> DONE */
    WIRE_PLAYER_STILLS, /* | moments, int64 each -> STILL each, then DONE */
    WIRE_PLAYER_CUT,    /* from_us, to_us, enhance | masks, four doubles each
                           -> WIRE_PLAYER_VIDEO */
    /* player worker, from it: */
    WIRE_PLAYER_STILL, /* index, pts_us | JPEG */
    WIRE_PLAYER_VIDEO, /* frames, from_us, to_us, width, height | MP4 */

    /* net worker, to it: */
    WIRE_NET_POST,  /* id, timeout_ms | address NUL headers, a line each, NUL
                       authorities NUL body */
    WIRE_NET_FETCH, /* id, timeout_ms | address NUL content type NUL authorities
                       NUL body; without a body it is only asked for */
    WIRE_NET_NAME,  /* id | host NUL port NUL -> DONE id | struct sockaddr,
                       or FAILED status, id */
    /* net worker, from it: */
    WIRE_NET_RESULT, /* id, HTTP status or 0, ms | words why, or "" */
    WIRE_NET_ANSWER, /* id, HTTP status or 0, ms | body, or words why */

    /* check worker, to it: */
    WIRE_CHECK_PACK, /* | pack (docs/formats/recheck.md) -> DONE |
                        a JSON line, then words */

    WIRE_CHECK_FOLDER, /* has who asks the identity (0/1); the folder is its
                          input -> WIRE_CHECK_REPORT */
    /* check worker, from it: */
    WIRE_CHECK_STATE,  /* lines, recordings, bytes so far */
    WIRE_CHECK_UNWRAP, /* | struct age_wrapped -> DONE | file key */
    WIRE_CHECK_REPORT, /* gaps | struct verify_report, struct verify_gap each */
    WIRE_CHECK_STAMP,  /* see anchor/judge.h */
    WIRE_CHECK_WITNESS, /* the same */

    /* witness worker, to the process that keeps its record: */
    WIRE_WITNESS_ADD, /* see web/witness.h -> DONE or FAILED */

    /* folder worker, to it: */
    WIRE_CHECK_EXHIBIT, /* as check_known.h | fingerprint that is expected, hex,
                           or nothing; NUL; as check_known.h ->
                           DONE | struct check_report of exhibit/ */

    /* core.sock, to the core; before all else: */
    WIRE_CORE_LOOK, /* | SHA-256 of operation.yaml as it was read, hex -> DONE,
                       or FAILED: nothing may be written */
    WIRE_CORE_ACK,  /* | link's word NUL by NUL -> DONE incident */

    /* web worker, to it and from it: docs/formats/wire.md */
    WIRE_WEB_START,
    WIRE_WEB_ANSWER,
    WIRE_WEB_LIVE,
    WIRE_WEB_CUT,
    WIRE_WEB_ASK,
    WIRE_WEB_GONE,
    /* camera worker: to it, somebody looks (0, 1); from it, a small piece */
    WIRE_CAMERA_LIVE,
    WIRE_CAMERA_PIECE,

    /* net worker, to it, answered by WIRE_NET_RESULT: docs/formats/wire.md */
    WIRE_NET_MAIL,
    WIRE_NET_MQTT,
    WIRE_NET_SYSLOG,
    /* later processes add theirs here */
    WIRE_KINDS
};

struct wire_head {
    uint32_t kind;          /* enum wire_kind */
    uint32_t payload_bytes; /* at most what the table allows */
    int64_t number[6];
};

/* The name of a kind for people, and its largest payload; "unknown" and 0
 * for a number outside the table. */
const char *wire_name(uint32_t kind);
size_t wire_most_bytes(uint32_t kind);

/* Send one message whole; blocks as the descriptor does. payload_bytes of
 * the head is filled in here. Fails: E_ARG over the table's bound, E_IO. */
STING_MUST_USE enum sting_status wire_send(int fd, struct wire_head head,
                                           struct bytes payload);

/* Receive one message; *payload is replaced. Fails: E_ABSENT when the peer
 * closed between messages, E_FORMAT for an unknown kind or a cut message,
 * E_LIMIT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status wire_receive(int fd, struct wire_head *head,
                                              struct buffer *payload);

/*
 * One message as it comes in, for loops that must never wait on one peer.
 * Zero-initialise; release the payload with buffer_release.
 */
struct wire_reader {
    struct wire_head head;
    size_t head_bytes;     /* of the head, received so far */
    struct buffer payload; /* owned; good until the next call */
    bool is_given;         /* the message in it was handed out */
};

/* Take what the socket holds now, without waiting. OK gives one whole
 * message in reader->head and ->payload; call again until E_BUSY, which
 * means that the rest has not come yet. Fails else as wire_receive. */
STING_MUST_USE enum sting_status wire_reader_next(struct wire_reader *reader,
                                                  int fd);

/* Answer with a fault: WIRE_FAILED with status, why and todo. */
STING_MUST_USE enum sting_status wire_send_fault(int fd,
                                                 enum sting_status status,
                                                 const struct fault *fault);

/* A WIRE_FAILED message as its status and *fault, control characters as '?'.
 * Gives the status, never OK. */
STING_MUST_USE enum sting_status wire_failed(const struct wire_head *head,
                                             const struct buffer *payload,
                                             struct fault *fault);

/* Serve requests until the peer closes or sends WIRE_STOP. `serve` sends the
 * answer itself, or fails, which becomes a WIRE_FAILED. */
typedef enum sting_status wire_service(void *context,
                                       const struct wire_head *request,
                                       struct bytes payload,
                                       struct fault *fault);
void wire_serve(int fd, wire_service *serve, void *context);

/* Zero-initialise; for STING_AUTO. */
struct wire_answer {
    struct wire_head head;
    struct buffer payload; /* owned */
};
void wire_answer_release(struct wire_answer *answer);

/* Send a request and wait for its answer; a WIRE_FAILED answer becomes its
 * status and *fault (control characters as '?'), any kind but `expected`
 * E_FORMAT. */
STING_MUST_USE enum sting_status wire_call(int fd, struct wire_head request,
                                           struct bytes payload,
                                           uint32_t expected,
                                           struct wire_answer *answer,
                                           struct fault *fault);

#endif
