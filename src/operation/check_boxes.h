/*
 * check_boxes: are the records that an operation imported still the ones that
 * its `import` lines tell of? Their lines are hashed, and none is parsed; all
 * of it in the process that verifies folders (check_worker.h), since boxes/
 * lies in its folder. What is inside them, `sting verify --boxes` asks.
 */
#ifndef STING_OPERATION_CHECK_BOXES_H
#define STING_OPERATION_CHECK_BOXES_H

#include "base/base.h"
#include "base/fault.h"
#include "ledger/verify.h"
#include "wire/wire.h"

/* Ask a worker of its own; what is wrong becomes the verdict of *report when
 * it is worse. Fails: E_IO, also when the worker died, E_NOMEM, E_FORMAT when
 * it talked nonsense. `fault` starts empty. */
STING_MUST_USE enum sting_status check_boxes(int folder,
                                             struct verify_report *report,
                                             struct fault *fault);

/* The worker's side: WIRE_CHECK_BOXES. */
STING_MUST_USE enum sting_status check_boxes_serve(int channel,
                                                   struct fault *fault);

#endif
