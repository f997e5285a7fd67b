/*
 * boxes: records that were made elsewhere, and are read here.
 *
 * A box records with keys that sign and none that open. What it brings home is
 * copied into OP/boxes/NAME, verified there in a jailed worker, and opened
 * with the keys of the operation around it, whose ledger tells what is done
 * with it: the imported record itself is never written.
 *
 * Format: docs/formats/folder.md.
 */
#ifndef STING_OPERATION_BOXES_H
#define STING_OPERATION_BOXES_H

#include "base/base.h"
#include "base/fault.h"
#include "crypt/digest.h"
#include "ledger/verify.h"
#include "operation/box_carry.h"
#include "operation/change.h"
#include "operation/folder_copy.h"
#include "operation/operation.h"

#define BOXES_FOLDER "boxes"

/* Say that the box whose case key has this SHA-256 is this operation's: a
 * `box` line. From then on it can be imported without its fingerprint.
 * Fails: E_ARG for a name that is none, as the writer does. */
STING_MUST_USE enum sting_status box_tell(const struct operation *office,
                                          const char *name,
                                          struct digest case_key,
                                          const struct change *change,
                                          struct fault *fault);

struct box_order {
    const char *folder;      /* what was brought */
    const char *name;        /* NULL: as the `box` line says */
    const char *fingerprint; /* as it was written down; NULL: a `box` line
                                vouches */
    struct change change;
    void (*progress)(void *context, const struct verify_report *so_far);
    void *context;
};

#define BOX_ASIDE_SIZE (CONFIG_NAME_SIZE + 8)

struct box_import {
    char name[CONFIG_NAME_SIZE];
    bool is_refused; /* by what it is: the report says why */
    uint64_t files;
    uint64_t bytes;
    uint64_t left; /* files that no record of ours has: not taken along */
    char left_name[COPY_NAME_SIZE]; /* the first of them */
    /* In boxes/: what was here, with what neither came nor went over; "": all
     * did. */
    char aside[BOX_ASIDE_SIZE];
    /* What an unfinished import left stays beside: some of its files are not
     * as their lines say. */
    bool waits;
    bool has_tail;               /* that was lines that nobody signed */
    struct box_carried carried;  /* what came no more, and is kept */
    struct verify_report report; /* of the copy; released by the caller */
    char missing[200];           /* locks that this kernel lacks */
};

/* Copy, verify the copy, compare with what was imported before, keep what of
 * that came no more, write the `import` line, put it in place. Refused are
 * records that are not intact, nobody's, or no continuation, and any where
 * evidence would give way. Fails: E_FORGED then, with *out filled; E_ARG,
 * E_BUSY, E_IO and as the parts do. */
STING_MUST_USE enum sting_status box_import(const struct operation *office,
                                            const struct box_order *order,
                                            struct box_import *out,
                                            struct fault *fault);

#endif
