/*
 * check_worker: is this folder's evidence what was recorded? Asked of a
 * process that can read this one folder and do nothing else.
 *
 * Whoever hands over evidence may have made it to do harm. No byte of it is
 * parsed here: the worker (WORKER_FOLDER) runs verify_operation() and gives a
 * report of fixed form, whose texts are made harmless. It never has the
 * identity: for each file it asks for that file's key.
 *
 * Limits: as verify.h; the worker has 1 GiB of memory.
 */
#ifndef STING_OPERATION_CHECK_WORKER_H
#define STING_OPERATION_CHECK_WORKER_H

#include "ledger/verify.h"
#include "wire/wire.h"

struct check_options {
    const struct secret *identity; /* NULL: check what is sealed only */
    struct verify_known known;     /* of outsiders */
    /* Called now and then; may be NULL. */
    void (*progress)(void *context, const struct verify_report *so_far);
    void *context;
};

/* What came of it; `missing` names locks that this kernel lacks, or "". The
 * caller releases the report. Fails: E_IO, also when the worker died, E_NOMEM,
 * E_FORMAT when it talked nonsense. `fault` is needed and starts empty. */
STING_MUST_USE enum sting_status check_folder(
    int folder, const struct check_options *options,
    struct verify_report *report, char missing[200], struct fault *fault);

/* The same of a copy that is to be gone by. Fails also: E_FORGED, with `todo`,
 * where it is neither INTACT nor that WITH GAPS. */
STING_MUST_USE enum sting_status check_copy(
    int folder, const struct check_options *options, const char *todo,
    struct verify_report *report, char missing[200], struct fault *fault);

/* The worker's side: serve until the channel closes. Questions of other kinds
 * go to `also`, whose context is a pointer to the channel. */
int check_worker_serve(int channel, wire_service *also);

/* What any worker's struct verify_report must hold before it is used: bytes
 * that are bools; texts of outsiders that a terminal may be given. */
bool check_bools_hold(const uint8_t *report);
void check_anchors_harmless(struct verify_report *report);

#endif
