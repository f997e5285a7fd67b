/*
 * note: a checkpoint, the signed statement "so many lines, this root".
 *
 *   origin LF size LF root in base64 LF LF
 *   — name base64(key id || signature) LF ...
 *
 * In a file of notes each one is followed by an empty line.
 *
 * Source: C2SP tlog-checkpoint.md, signed-note.md, tlog-cosignature.md.
 * Limits: NOTE_MOST_BYTES, NOTE_MOST_SIGNATURES. Parsing takes hostile
 * bytes; signatures of kinds that we do not know are kept, not judged.
 */
#ifndef STING_LEDGER_NOTE_H
#define STING_LEDGER_NOTE_H

#include "base/base.h"
#include "base/buffer.h"
#include "crypt/digest.h"
#include "crypt/signature.h"

#define NOTE_MOST_BYTES 8192
#define NOTE_MOST_SIGNATURES 16
#define NOTE_MOST_NAME 128
#define NOTE_KEY_ID_SIZE 4

struct note_signature {
    struct bytes name; /* of the key; view */
    uint8_t id[NOTE_KEY_ID_SIZE];
    uint8_t body[128];
    size_t body_size;
};

struct note {
    struct bytes text; /* what is signed; view */
    struct bytes origin;
    uint64_t size;
    struct digest root;
    struct note_signature signature[NOTE_MOST_SIGNATURES];
    size_t signatures;
    size_t bytes; /* of the whole note with the empty line after it */
};

/* Append the text of a checkpoint; sign it; close it with an empty line.
 * `start` is where in *out the text began. Names: no blank, no '+'.
 * Fails: E_ARG, E_NOMEM. */
STING_MUST_USE enum sting_status note_write(struct buffer *out,
                                            const char *origin, uint64_t size,
                                            struct digest root);
STING_MUST_USE enum sting_status note_sign(struct buffer *out, size_t start,
                                           const char *name,
                                           const struct secret *key);
STING_MUST_USE enum sting_status note_close(struct buffer *out);

/* Parse the note at the front of `from`. Fails: E_ABSENT when it may be the
 * beginning of a note and more is needed, E_FORMAT, E_LIMIT. */
STING_MUST_USE enum sting_status note_parse(struct bytes from,
                                            struct note *out);

/* The three lines alone, as somebody kept them on paper; no signatures.
 * Fails: E_FORMAT. */
STING_MUST_USE enum sting_status note_parse_text(struct bytes from,
                                                 struct note *out);

/* Did the owner of this name and key sign? Fails: E_ABSENT when no signature
 * claims so, E_FORGED when one does and is false. */
STING_MUST_USE enum sting_status note_verify(const struct note *note,
                                             const char *name,
                                             const struct public_key *key);

/* First four bytes of SHA-256(name || LF || 0x01 || key). */
void note_key_id(const char *name, const struct public_key *key,
                 uint8_t id[NOTE_KEY_ID_SIZE]);

#endif
