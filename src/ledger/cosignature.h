/*
 * cosignature: a witness's word that a checkpoint is the newest it has seen
 * of a ledger that only grew, with the time; and keys as text.
 *
 *   key      NAME+ID in hex+base64(kind || public key)
 *   line     — NAME base64(ID || time in 8 bytes, most first || signature) LF
 *   signed   cosignature/v1 LF time SECONDS LF and the checkpoint's text
 *
 * Source: C2SP signed-note.md (verifier keys), tlog-cosignature.md.
 */
#ifndef STING_LEDGER_COSIGNATURE_H
#define STING_LEDGER_COSIGNATURE_H

#include "base/base.h"
#include "base/buffer.h"
#include "crypt/signature.h"
#include "ledger/note.h"

#define VKEY_TEXT_SIZE 256

enum vkey_kind { VKEY_LOG = 0x01, VKEY_WITNESS = 0x04 };

struct vkey {
    char name[NOTE_MOST_NAME + 1];
    enum vkey_kind kind;
    struct public_key key;
};

/* Fails: E_FORMAT, E_UNSUPPORTED for another kind of key. */
STING_MUST_USE enum sting_status vkey_parse(const char *text, struct vkey *out);
/* Gives text back. */
char *vkey_text(const struct vkey *vkey, char text[VKEY_TEXT_SIZE]);
/* First four bytes of SHA-256(name || LF || kind || key). */
void vkey_id(const struct vkey *vkey, uint8_t id[NOTE_KEY_ID_SIZE]);

/* Append the line of a witness over the text of a checkpoint.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status cosignature_write(const struct vkey *witness,
                                                   const struct secret *key,
                                                   struct bytes checkpoint,
                                                   uint64_t time_s,
                                                   struct buffer *out);

/* Did this witness cosign the note? Its newest time goes to *time_s, and the
 * base64 of that signature to text (may be NULL), VKEY_TEXT_SIZE bytes.
 * Fails: E_ABSENT when it did not, E_FORGED when one in its name is false. */
STING_MUST_USE enum sting_status cosignature_verify(const struct note *note,
                                                    const struct vkey *witness,
                                                    uint64_t *time_s,
                                                    char *text);

#endif
