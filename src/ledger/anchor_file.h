/*
 * anchor_file: what outsiders said, as files of the evidence folder.
 *
 *   evidence/anchors/NNNNNNNN.note  the checkpoint, with cosignatures
 *   evidence/anchors/NNNNNNNN.tsr   the whole reply of an authority over its
 *                                   text
 *   evidence/anchors/HASH.pem       certificates, lists of revoked ones; HASH
 *                                   is SHA-256 of the file
 *
 * Format: docs/formats/anchors.md.
 */
#ifndef STING_LEDGER_ANCHOR_FILE_H
#define STING_LEDGER_ANCHOR_FILE_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "crypt/digest.h"
#include "ledger/note.h"

#define ANCHOR_FOLDER "evidence/anchors"
#define ANCHOR_PATH_SIZE 96
#define ANCHOR_MOST_PEM ((size_t)256 * 1024)
#define ANCHOR_MOST_GIVEN 20000 /* checkpoints that somebody kept */

/* The first number that no file here has yet, from 1. Fails: E_IO. */
STING_MUST_USE enum sting_status anchor_file_next(int operation, uint32_t *out,
                                                  struct fault *fault);

/* "evidence/anchors/00000012.note"; `kind` is "note" or "tsr". */
void anchor_file_path(uint32_t number, const char *kind,
                      char path[ANCHOR_PATH_SIZE]);
/* "evidence/anchors/HASH.pem". */
void anchor_pem_path(struct digest ct, char path[ANCHOR_PATH_SIZE]);

/* Write one durably; *ct gets its hash. Fails: E_IO. */
STING_MUST_USE enum sting_status anchor_file_put(int operation,
                                                 const char *path,
                                                 struct bytes content,
                                                 struct digest *ct,
                                                 struct fault *fault);
/* The same under its own hash, unless it is there already. */
STING_MUST_USE enum sting_status anchor_pem_put(int operation,
                                                struct bytes content,
                                                struct digest *ct,
                                                struct fault *fault);

/* The newest checkpoint of an operation, whole, with the empty line after
 * it; views of *note are into *text, which the caller releases.
 * Fails: E_ABSENT, E_FORMAT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status anchor_newest_note(int operation,
                                                    struct buffer *text,
                                                    struct note *note,
                                                    struct fault *fault);

#endif
