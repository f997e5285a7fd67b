/*
 * register: which copy was issued to whom, sealed batch by batch.
 *
 * Copies are numbered from 1 through the whole operation. A batch is written
 * once, as bait/NAME/register/FIRST-LAST.age, and committed by one ledger
 * line before the first of its files exists. The file's name carries the
 * range, so that numbers are given out without any key.
 *
 * Format: docs/formats/folder.md.
 */
#ifndef STING_OPERATION_REGISTER_H
#define STING_OPERATION_REGISTER_H

#include "base/base.h"
#include "base/fault.h"
#include "crypt/digest.h"
#include "operation/holder_list.h"
#include "operation/operation.h"
#include "operation/writer.h"
#include "pdf/packers.h"

#define REGISTER_MOST_COPIES 1000000 /* a batch */
#define REGISTER_FOLDER_SIZE 1024

/* One copy of a batch, put together when it is asked for. */
struct register_copy {
    uint32_t number; /* also the nonce of its key */
    struct secret salt;
    const char *holder; /* borrowed from the batch */
};

/* Stands for a holder whose name is sealed to somebody else. */
#define REGISTER_SEALED_NAME "(name under seal)"
/* The name, or NULL when it is under seal: for programs, which read null. */
const char *register_name(const char *holder);

struct register_batch {
    char bait[CONFIG_NAME_SIZE];
    struct digest original; /* SHA-256 of the original */
    struct digest root;     /* Merkle root over the copies' leaves */
    struct digest facts;    /* of the planted facts; zero: none */
    int64_t issued_utc_us;
    char folder[REGISTER_FOLDER_SIZE]; /* where the files went; "" nowhere;
                                          of a blind batch a hash of it */
    char packers[PDF_PACKERS_SIZE];    /* with what they were packed; "": of a
                                          register from before this was noted */
    uint32_t first;                    /* number of the first copy */
    uint32_t copies;
    struct holder_list holder; /* owned; by number - first */
    struct secret seed;        /* of the salts */
    struct secret *salt; /* owned: one each in registers of version 1, else
                            NULL */
    uint32_t pages;
    struct digest *bias;  /* owned; SHA-256(B_p) of every page */
    struct digest sealed; /* of its file, when it was loaded */
    bool is_told;         /* a ledger line says that it was issued */
    struct buffer names;  /* owned; the sealed names of a blind batch that were
                             not opened: then every holder is
                             REGISTER_SEALED_NAME and no salt is known */
};

void register_batch_release(struct register_batch *batch);

/* The copy at `index`, which is below copies. */
struct register_copy register_copy_at(const struct register_batch *batch,
                                      uint32_t index);

/* Everything issued so far, of one bait or of all, in order of numbers. */
struct register_list {
    size_t batches;
    struct register_batch *batch; /* owned */
};
void register_list_release(struct register_list *list);
/* Move what was issued of one bait out of *from, in its order. Fails:
 * E_NOMEM, with both as they were. */
STING_MUST_USE enum sting_status register_list_take(struct register_list *from,
                                                    const char *bait,
                                                    struct register_list *out);

/* Hold the right to give out numbers; *first is the next free one. */
struct register_turn;
STING_MUST_USE enum sting_status register_turn_begin(
    const struct operation *operation, struct register_turn **out,
    uint32_t *first, struct fault *fault);
void register_turn_end(struct register_turn **turn);

/* Seal the batch, then write its `issue` line: bait= first= count= original=
 * root= pages= bias= register=, where bias is SHA-256 over the concatenated
 * SHA-256(B_p) and register that of the sealed file. Number of the first copy
 * must be the turn's. Fails: E_ARG, E_BUSY, E_IO. */
STING_MUST_USE enum sting_status register_append(
    const struct operation *operation, struct register_turn *turn,
    struct writer *writer, const struct register_batch *batch,
    struct fault *fault);

/* A batch that was loaded: write its `issue` line if a crash came between
 * its file and the line. */
STING_MUST_USE enum sting_status register_commit(
    struct writer *writer, const struct register_batch *batch,
    struct fault *fault);

/* Read all batches of `bait` (NULL: of all baits) that a signed `issue` line
 * tells of: a register is sealed to public keys, so that anybody can put one
 * there, and its line comes before the first copy. The caller releases *out.
 * Names of a blind operation are opened when `keys` has OPERATION_NAMES.
 * A million copies take a tenth of a second and the size of their names.
 * Fails: E_FORMAT, E_IO, E_NOMEM; E_FORGED when the ledger says that others
 * were issued under a batch's numbers (register_told.h). */
STING_MUST_USE enum sting_status register_load(
    const struct operation *operation, const struct operation_keys *keys,
    const char *bait, struct register_list *out, struct fault *fault);

/* The same with those of which no line tells yet: is_told says which. For who
 * goes on with an issue that was broken off. */
STING_MUST_USE enum sting_status register_load_all(
    const struct operation *operation, const struct operation_keys *keys,
    const char *bait, struct register_list *out, struct fault *fault);

/* The copy of this number into *out; false when it was never issued. *batch
 * (may be NULL) receives where it stands, borrowed. */
bool register_find(const struct register_list *list, uint32_t number,
                   struct register_copy *out,
                   const struct register_batch **batch);

/* The part of a blind batch that is sealed apart: its seed and names; and the
 * head that goes before that sealed part of `size` bytes. Opened again, the
 * names take the place of what stands for them. Names are filled up with zeros
 * to a length that tells nothing of one of them; reading drops those. */
STING_MUST_USE enum sting_status register_names_write(
    const struct register_batch *batch, struct buffer *out);
STING_MUST_USE enum sting_status register_blind_head_write(
    const struct register_batch *batch, size_t size, struct buffer *out);
STING_MUST_USE enum sting_status register_names_read(
    struct buffer *text, struct register_batch *batch);

/* A batch as the plain text of its file, and back; register_load() and
 * register_append() go through these. The first appends to *out all but the
 * names, which follow it. Reading takes hostile bytes and, when it succeeds,
 * *text. Fails: E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status register_head_write(
    const struct register_batch *batch, struct buffer *out);
STING_MUST_USE enum sting_status register_read(struct buffer *text,
                                               uint32_t first,
                                               struct register_batch *out);

#endif
