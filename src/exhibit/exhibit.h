/*
 * exhibit: what a court gets of one camera and one stretch of time: the
 * recording bit for bit, and what shows a stranger that it stands unchanged
 * in the sealed whole, without showing the rest.
 *
 * Everything in it but bag-info.txt is a function of the ledger up to the
 * checkpoint that it rests on, and of the order: made twice, on two machines,
 * the files are the same byte for byte.
 *
 * Format: docs/formats/exhibit.md. Limits: EXHIBIT_MOST_PIECES.
 */
#ifndef STING_EXHIBIT_EXHIBIT_H
#define STING_EXHIBIT_EXHIBIT_H

#include "base/base.h"
#include "base/fault.h"
#include "crypt/digest.h"
#include "crypt/secret.h"
#include "operation/operation.h"

#define EXHIBIT_MARK_SIZE 36
#define EXHIBIT_MOST_PIECES 100000

struct exhibit_order {
    const char *mark; /* "ABC/1", "ABC/1/W1" */
    const char *camera;
    uint32_t incident; /* 0: none */
    int64_t from_us;   /* UTC */
    int64_t to_us;
    const char *case_mark;  /* the court's; "" when not given */
    const char *question;   /* what the exhibit is to help answer; "" */
    uint64_t lines;         /* rest on a checkpoint of at most so many, when it
                               holds the stretch; 0: on the newest */
    const char *transcript; /* of `sting verify` over the whole operation */
    const char *date;       /* "2026-11-26", for bag-info.txt alone */
    const struct secret *log_key;   /* that signs: the operation's, or */
    const struct operation *office; /* its office's, who imported it; NULL */
};

struct exhibit_made {
    struct digest sha256; /* of tagmanifest-sha256.txt: stands for all */
    uint64_t bytes;       /* of all files in the manifests */
    size_t files, films, pieces, gaps;
    uint64_t erased;                 /* recordings of the stretch, gone */
    uint64_t lines;                  /* that its checkpoint signs */
    int64_t since_us, until_us;      /* that the films show, UTC */
    char case_key[DIGEST_TEXT_SIZE]; /* fingerprint of the case key */
};

/* Capitals, "/", a number; and for a copy of it "/", capitals, a number. */
bool exhibit_mark_is_right(const char *mark);

/* Has this mark been given? *seq and *sha256 of the `export` line that says
 * so. Fails: E_ABSENT when it has not, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status exhibit_mark_find(
    const struct operation *operation, const char *mark, uint64_t *seq,
    char sha256[DIGEST_TEXT_SIZE], struct fault *fault);

/* Up to when is what the camera records sealed (0: nothing is), and does it
 * record now? Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status exhibit_sealed_until(
    const struct operation *operation, const char *camera, int64_t *until_us,
    bool *is_recording, struct fault *fault);

/* Write the exhibit into `folder`, empty and open. Fails: E_ABSENT when
 * nothing sealed lies in the stretch, or more of it is gone than signed lines
 * say was erased, E_FORGED when a file is not the one in
 * the ledger, E_FORMAT when checkpoints are missing, E_LIMIT, E_IO. */
STING_MUST_USE enum sting_status exhibit_make(const struct operation *operation,
                                              const struct operation_keys *keys,
                                              const struct exhibit_order *order,
                                              int folder,
                                              struct exhibit_made *made,
                                              struct fault *fault);

#endif
