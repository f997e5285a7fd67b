/*
 * verify_boxes: the records that an operation imported, each verified as it
 * lies in boxes/NAME, and held to what the importing ledger says of it.
 */
#ifndef STING_CLI_VERIFY_BOXES_H
#define STING_CLI_VERIFY_BOXES_H

#include "base/base.h"
#include "base/fault.h"
#include "ledger/verify.h"

/* Judge and print each, as of `now_us`; *worst is raised to the worst verdict.
 * Fails: E_IO, E_NOMEM, E_FORMAT when the ledger cannot be read. */
STING_MUST_USE enum sting_status verify_boxes(int folder, int64_t now_us,
                                              bool as_json,
                                              enum verify_verdict *worst,
                                              struct fault *fault);

/* How many there are, to be told where they are not looked at. */
size_t verify_boxes_count(int folder);

#endif
