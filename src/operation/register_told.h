/*
 * register_told: is each batch the one that the ledger tells of?
 *
 * A register is sealed to public recipients, so that anybody can make one. It
 * names people: what stands in no `issue` line under its numbers names nobody.
 */
#ifndef STING_OPERATION_REGISTER_TOLD_H
#define STING_OPERATION_REGISTER_TOLD_H

#include "operation/register.h"

/* Hold the batches of one bait, or of all, against the ledger's `issue` lines,
 * and set is_told. The first line about a number decides; of a batch without
 * any, a crash came before its line: its numbers are nobody else's. Fails:
 * E_FORGED when another batch was issued under its numbers, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status register_told(int operation,
                                               struct register_list *list,
                                               struct fault *fault);

#endif
