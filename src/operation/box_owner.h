/*
 * box_owner: whose record an import is: the fingerprint that somebody wrote
 * down when the box was made, or the office's own `box` line.
 */
#ifndef STING_OPERATION_BOX_OWNER_H
#define STING_OPERATION_BOX_OWNER_H

#include "operation/boxes.h"

/* Fails: E_ARG for a name that is none. */
STING_MUST_USE enum sting_status box_name_check(const char *name,
                                                struct fault *fault);

/* Of a record that was verified, out->report: out->name is what it is called
 * here. Fails: E_FORGED and out->is_refused for one that is nobody's, E_ARG
 * where it has no name, and as ledger_reader_open_signed. */
STING_MUST_USE enum sting_status box_owner_check(const struct operation *office,
                                                 const struct box_order *order,
                                                 struct box_import *out,
                                                 struct fault *fault);

#endif
