/*
 * fault: why something failed and what a person can do about it, in words.
 *
 * Functions that meet the outside take an optional `struct fault *`; the
 * status says what the program does next, the fault what it tells people.
 * Rooms below floor 5 never print; they fill one of these.
 */
#ifndef STING_BASE_FAULT_H
#define STING_BASE_FAULT_H

#include "base/base.h"

struct fault {
    char why[320];  /* "the file is encrypted" */
    char todo[200]; /* "save it without a password first"; may be "" */
};

/* Fill *fault (may be NULL) and give status back, so that one line does it:
 *     return fault_set(fault, STING_E_FORMAT, "do this", "page %d is ...", n);
 * The format is ours, never text from outside; what such text hides or what a
 * terminal obeys becomes '?' (text_clean). */
__attribute__((format(printf, 4, 5))) enum sting_status fault_set(
    struct fault *fault, enum sting_status status, const char *todo,
    const char *why_format, ...);

/* As fault_set, with ": " and the text of errno added to why. */
__attribute__((format(printf, 4, 5))) enum sting_status fault_errno(
    struct fault *fault, enum sting_status status, const char *todo,
    const char *why_format, ...);

#endif
