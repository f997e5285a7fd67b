/*
 * check_worker: an exhibit, checked by a process that can read this one
 * folder and do nothing else: whoever hands it over may have made it to do
 * harm.
 */
#ifndef STING_EXHIBIT_CHECK_WORKER_H
#define STING_EXHIBIT_CHECK_WORKER_H

#include "base/fault.h"
#include "exhibit/check.h"
#include "wire/wire.h"

/* `expected` as exhibit_check() takes it, `known` what the caller knows of
 * outsiders; `missing` names locks that this
 * kernel lacks, or "". Texts of the report are made harmless.
 * Fails: E_IO, also when the worker died, E_LIMIT, E_NOMEM, E_FORMAT when it
 * talked nonsense. `fault` is needed and starts empty. */
STING_MUST_USE enum sting_status exhibit_check_ask(
    int folder, const char *expected, const struct verify_known *known,
    struct check_report *report, char missing[200], struct fault *fault);

/* The folder worker's side of one question; *context is its channel. */
enum sting_status exhibit_check_serve(void *context,
                                      const struct wire_head *request,
                                      struct bytes payload,
                                      struct fault *fault);

#endif
